import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from retrieval.errors import SourceError
from retrieval.reading.text import decode_text

SIMPLIFIED = (
    "法院昨日开庭审理了这起案件，双方当事人都到了现场。法官说，调解工作的成功率已经提高，"
    "希望大家通过法律途径解决问题，不要采取过激的行动。"
)
TRADITIONAL = (
    "法院昨日開庭審理了這起案件，雙方當事人都到了現場。法官說，調解工作的成功率已經提高，"
    "希望大家通過法律途徑解決問題，不要採取過激的行動。"
)
JAPANESE = "裁判所は昨日、この事件の審理を行った。調停の成功率が上がったと裁判官は話している。"
KOREAN = "법원은 어제 이 사건을 심리했다. 조정 성공률이 올라갔다고 판사가 말했다."
RUSSIAN = "Вчера суд рассмотрел это дело. Судья сказал, что примирение сторон стало удаваться чаще."
GERMAN = "Das Gericht verhandelte gestern über den Fall. Die Schlichtung gelingt häufiger, sagte die Richterin in Köln."
FRENCH = "Le tribunal a jugé hier l’affaire : « la médiation réussit plus souvent », a déclaré la présidente."

visible_text = st.text(min_size=1).filter(
    lambda text: any(not character.isspace() and character.isprintable() for character in text)
)


def refuse(data: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        decode_text(data, "a.txt")
    return str(caught.value)


@given(visible_text)
def test_any_utf8_text_is_given_back_exactly(text: str) -> None:
    # The name of the text is its content: controls in quantity and signatures of other formats are refused elsewhere.
    assume(not any((ord(character) < 32 and character not in "\t\n\r") or character == "\x7f" for character in text))
    assume(not text.startswith(("\ufeff", "%PDF-", "PK\x03\x04", "{\\rtf")))
    decoded = decode_text(text.encode(), "a.txt")
    assert decoded.text == text
    assert decoded.encoding == "utf-8"


@pytest.mark.parametrize(
    "text",
    [
        "一\r\n二\r三\n四\r\n",
        "\u2028行\u2029段\u0085尾\x0c页",
        "𠮷野家在𪚥",  # CJK Extension B
        "👩‍👩‍👧‍👦 家庭 🇨🇳",
        "e\u0301 한 が ﬁ",
        "a\ufeffb",
    ],
)
@pytest.mark.parametrize(
    ("prefix", "codec", "name"),
    [
        (b"", "utf-8", "utf-8"),
        (b"\xef\xbb\xbf", "utf-8", "utf-8-sig"),
        (b"\xff\xfe", "utf-16-le", "utf-16"),
        (b"\xfe\xff", "utf-16-be", "utf-16"),
        (b"\xff\xfe\0\0", "utf-32-le", "utf-32"),
        (b"\0\0\xfe\xff", "utf-32-be", "utf-32"),
        (b"\x84\x31\x95\x33", "gb18030", "gb18030"),
    ],
)
def test_nothing_is_normalised_and_the_mark_is_no_text(text: str, prefix: bytes, codec: str, name: str) -> None:
    decoded = decode_text(prefix + text.encode(codec), "a.txt")
    assert decoded.text == text
    assert decoded.encoding == name


def test_only_one_mark_is_taken_off() -> None:
    assert decode_text(b"\xef\xbb\xbf\xef\xbb\xbfA", "a.txt").text == "\ufeffA"


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (SIMPLIFIED, "gb18030"),
        (TRADITIONAL, "gb18030"),
        (TRADITIONAL, "cp950"),
        (SIMPLIFIED, "utf-16-le"),
        (SIMPLIFIED, "utf-16-be"),
        (GERMAN, "utf-16-le"),
        (GERMAN, "utf-16-be"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (KOREAN, "cp949"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "cp866"),
        (RUSSIAN, "iso8859_5"),
        (GERMAN, "cp1252"),
        (FRENCH, "cp1252"),
    ],
)
def test_other_encodings_are_recognised(text: str, codec: str) -> None:
    for whole in (text, "abc\r\n" * 40_000 + text, text + "\r\n2021\r\n" * 20_000):
        decoded = decode_text(whole.encode(codec), "a.txt")
        assert decoded.encoding == codec
        assert decoded.text == whole


@pytest.mark.parametrize("codec", ["gb2312", "gbk"])
def test_older_chinese_encodings_are_read_as_gb18030(codec: str) -> None:
    decoded = decode_text(SIMPLIFIED.encode(codec), "a.txt")
    assert (decoded.text, decoded.encoding) == (SIMPLIFIED, "gb18030")


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Árvíztűrő tükörfúrógép, őszi szél fúj", "cp1250"),
        ("Zażółć gęślą jaźń, dzień dobry", "cp1250"),
        ("İstanbul'da güneşli bir gün, çocuklar dışarıda", "cp1254"),
        ("Καλημέρα κόσμε, αυτό είναι ένα ελληνικό κείμενο", "cp1253"),
        ("שלום עולם זהו טקסט בעברית על בית המשפט", "cp1255"),
        ("Größe über schön", "cp437"),
        ("株", "gb18030"),  # too little to be certain of
    ],
)
def test_an_uncertain_encoding_is_refused_not_guessed(text: str, codec: str) -> None:
    assert "Convert the file to UTF-8" in refuse(text.encode(codec))


def test_damaged_utf8_names_the_first_bad_byte() -> None:
    data = "株洲日报".encode() + b"\xff" + "市中级人民法院".encode()
    assert refuse(data) == (
        "a.txt: byte 12 (0xff) is not UTF-8, and no other encoding is certain. Convert the file to UTF-8 and try again."
    )


def test_utf8_cut_inside_a_character_is_refused() -> None:
    assert "byte 12 (0xe4) is not UTF-8" in refuse("株洲日报中".encode()[:-1])


def test_damage_beyond_the_sample_is_refused_with_its_place() -> None:
    data = (SIMPLIFIED * 1000).encode("gb18030")
    assert f"the file is in gb18030, but byte {len(data)} (0xff)" in refuse(data + b"\xff\xff\xff")


def test_damage_after_a_mark_counts_bytes_from_the_files_beginning() -> None:
    assert "byte 4 (0x80)" in refuse(b"\xef\xbb\xbfA\x80")
    assert "the file is in utf-16-le, but byte 4" in refuse(b"\xff\xfeA\0\x00\xd8")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "a.txt: the file is empty."),
        (b" \r\n\t\n", "a.txt: the file holds only blanks."),
        ("\u3000\u200b\n\u00a0".encode(), "a.txt: the file holds only blanks."),
        (b"\xef\xbb\xbf", "a.txt: the file holds only blanks."),
        (b"text\0more", "a.txt: the file is not text: it has a null byte at byte 4."),
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0\x80\x99\xff", "null byte at byte 7"),
        (b"\xff\xfeA\0\0\0", "null character at position 1"),
        (b"\x01\x02\x03\x04abc", "4 of its first 7 characters are control characters"),
        (b"%PDF-1.7\n%\xe2\xe3", "this is a PDF document under a text file's name"),
        (b"PK\x03\x04rest", "a ZIP archive or an office document"),
    ],
)
def test_what_is_not_text_is_refused_with_the_reason(data: bytes, message: str) -> None:
    assert message in refuse(data)


@given(st.binary(max_size=400))
def test_any_bytes_are_either_decoded_exactly_or_refused(data: bytes) -> None:
    try:
        decoded = decode_text(data, "a.txt")
    except SourceError:
        return
    assert data.decode(decoded.encoding).removeprefix("\ufeff") == decoded.text.removeprefix("\ufeff")
