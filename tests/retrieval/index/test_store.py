import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import (
    ArchiveError,
    EncoderError,
    OriginalMissingError,
    ProvenanceError,
    SourceError,
    StorageError,
    UnknownDocumentError,
)
from retrieval.index import Origin, SqliteStore, Store, VectorBlock
from retrieval.types import BlockKind, Context, Document, Passage, PassageDraft, Span
from tests.retrieval.index.samples import DIMENSION, encoded, make_document, make_drafts, make_vectors, put

HARD_TEXTS = [
    "炎陵县调解成功率达98%。\r\n攸县呢？\r\n",
    "👩‍👩‍👧‍👦 family, 🇨🇳 flag\n",
    "𠀀𪛖 CJK extension B 𤭢\n",
    "e\u0301 is not é; ที่ กี่\n",
    "\ufeffbyte order mark, \x00 nul, \u2028 line separator\n",
    "\r\r\n\n",
    "",
]


@pytest.mark.parametrize("text", HARD_TEXTS)
def test_document_and_passages_come_back_letter_for_letter(store: Store, text: str) -> None:
    document = put(store, "a.txt", text)
    assert store.document(document.id) == document
    passages = list(store.iter_passages())
    assert "".join(passage.text for passage in passages) == text
    drafts = make_drafts(document)
    assert [as_draft(passage) for passage in passages] == drafts
    assert [passage.id for passage in passages] == list(range(1, len(drafts) + 1))


def as_draft(passage: Passage) -> PassageDraft:
    return PassageDraft(
        passage.document_id, passage.kind, passage.spans, passage.text, passage.sentences, passage.context
    )


def test_passage_over_a_cut_comes_back_with_its_pieces(store: Store) -> None:
    document = make_document("a.txt", "前半句caption后半句。")
    spans = (Span(0, 3), Span(10, 14))
    draft = PassageDraft(document.id, BlockKind.CARD, spans, "前半句后半句。", (spans,), Context(place="攸县"))
    with store.writing() as writer:
        writer.put(document, encoded([draft]))
    assert as_draft(store.passage(1)) == draft


def test_documents_are_listed_by_source_with_what_their_first_passage_says(store: Store) -> None:
    put(store, "b.txt", "二\n三\n")
    put(store, "a.txt", "")
    first, second = store.documents()
    assert (first.source, first.title, first.publication, first.date) == ("a.txt", "a.txt", "", "")
    assert (first.characters, first.passages) == (0, 0)
    assert (second.source, second.title, second.publication) == ("b.txt", "标题b.txt", "株洲日报")
    assert (second.date, second.characters, second.passages) == ("2021-11-22", 4, 2)
    assert {source: file.revision for source, file in store.files().items()} == {
        info.source: info.revision for info in (first, second)
    }


def test_vectors_come_back_exactly_in_order_and_in_blocks(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.index._vectors._ROWS_AT_ONCE", 4)
    document = put(store, "a.txt", "甲乙\n丙丁\n戊己\n", seed=3)
    blocks = list(store.vectors())
    assert [len(block.units) for block in blocks] == [4, 4, 1]
    table = VectorBlock.join(blocks, DIMENSION)
    assert table.passage_ids.tolist() == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert table.units.tolist() == [0, 1, 2] * 3
    np.testing.assert_array_equal(table.vectors, np.concatenate(make_vectors(make_drafts(document), 3)))


def test_empty_store_gives_nothing(store: Store) -> None:
    assert (store.generation, store.encoder, store.dimension) == (0, "test", DIMENSION)
    assert store.documents() == []
    assert list(store.iter_passages()) == []
    assert VectorBlock.join(store.vectors(), DIMENSION).vectors.shape == (0, DIMENSION)
    assert store.passages([]) == []


def test_put_replaces_the_document_of_the_same_id_or_source(store: Store) -> None:
    put(store, "a.txt", "旧\n")
    put(store, "a.txt", "新\n")
    assert [passage.text for passage in store.iter_passages()] == ["新\n"]
    other = replace(make_document("a.txt", "另\n"), id="another-id")
    with store.writing() as writer:
        drafts = make_drafts(other)
        writer.put(other, encoded(drafts))
    assert [info.id for info in store.documents()] == ["another-id"]
    assert [(passage.id, passage.text) for passage in store.iter_passages()] == [(3, "另\n")]
    assert sum(len(block.units) for block in store.vectors()) == 3


def test_remove_takes_passages_and_vectors_along_and_ids_are_not_used_again(store: Store) -> None:
    document = put(store, "a.txt", "一\n二\n")
    with store.writing() as writer:
        assert writer.remove(document.id) is True
        assert writer.remove(document.id) is False
    assert (store.documents(), list(store.iter_passages()), list(store.vectors())) == ([], [], [])
    put(store, "a.txt", "一\n")
    assert [passage.id for passage in store.iter_passages()] == [3]


def test_same_files_in_the_same_order_give_the_same_ids(tmp_path: Path, store: Store) -> None:
    with SqliteStore.create(tmp_path / "other", encoder="test", dimension=DIMENSION) as other:
        for target in (store, other):
            put(target, "b.txt", "一\n二\n")
            put(target, "a.txt", "三\n")
        assert list(store.iter_passages()) == list(other.iter_passages())
        assert store.version.token != other.version.token


def test_clear_starts_again_as_a_new_store_would(store: Store) -> None:
    put(store, "a.txt", "一\n二\n")
    with store.writing() as writer:
        writer.clear(encoder="other", dimension=3)
        document = make_document("b.txt", "三")
        writer.put(document, zip(make_drafts(document), [np.ones((2, 3), np.float32)], strict=True))
    assert (store.encoder, store.dimension, store.generation) == ("other", 3, 2)
    assert [(passage.id, passage.text) for passage in store.iter_passages()] == [(1, "三")]


def test_generation_grows_only_with_changes(store: Store) -> None:
    put(store, "a.txt", "一\n")
    version = store.version
    assert version.generation == 1
    with store.writing() as writer:
        writer.remove("no such document")
    assert store.version == version
    put(store, "a.txt", "一\n")
    assert store.generation == 2
    assert store.version.token != version.token


def remove_and_stop(store: Store) -> None:
    with store.writing() as writer:
        writer.remove("id-a.txt")
        raise KeyboardInterrupt


def test_writing_that_raises_changes_nothing(store: Store) -> None:
    put(store, "a.txt", "一\n")
    with pytest.raises(KeyboardInterrupt):
        remove_and_stop(store)
    assert [info.source for info in store.documents()] == ["a.txt"]
    assert store.generation == 1


@pytest.mark.parametrize(
    ("source", "text", "vectors", "error", "message"),
    [
        ("a.txt", "\ud800", None, SourceError, "surrogate"),
        ("\udcff.txt", "一", None, SourceError, "surrogate"),
        (
            "a.txt",
            "一",
            np.ones((5, DIMENSION), np.float32),
            EncoderError,
            r"needs vectors of shape \(2, 8\), not \(5, 8\)",
        ),
        ("a.txt", "一", np.ones((2, 3), np.float32), EncoderError, "shape"),
        ("a.txt", "一", np.full((2, DIMENSION), np.nan, np.float32), EncoderError, "not finite"),
    ],
)
def test_put_that_raises_leaves_no_trace_and_the_rest_goes_on(
    store: Store, source: str, text: str, vectors: np.ndarray | None, error: type[Exception], message: str
) -> None:
    put(store, "a.txt", "旧\n")
    document = Document("id-a.txt", source, text, "utf-8", "0")
    drafts = make_drafts(document)
    with store.writing() as writer:
        with pytest.raises(error, match=message):
            writer.put(document, encoded(drafts) if vectors is None else zip(drafts, [vectors], strict=True))
        other = make_document("b.txt", "新\n")
        writer.put(other, encoded(make_drafts(other)))
    assert [passage.text for passage in store.iter_passages()] == ["旧\n", "新\n"]


def test_put_whose_passages_break_off_leaves_no_trace_and_ids_go_on_without_a_gap(store: Store) -> None:
    put(store, "a.txt", "旧\n")
    document = make_document("a.txt", "新一\n新二\n")

    def broken() -> Iterator[tuple[PassageDraft, np.ndarray]]:
        yield encoded(make_drafts(document))[0]
        raise MemoryError

    with store.writing() as writer:
        with pytest.raises(MemoryError):
            writer.put(document, broken())
        writer.put(make_document("b.txt", "好\n"), encoded(make_drafts(make_document("b.txt", "好\n"))))
    assert [(passage.id, passage.text) for passage in store.iter_passages()] == [(1, "旧\n"), (2, "好\n")]


def test_passage_that_differs_from_its_source_is_refused(store: Store) -> None:
    document = make_document("a.txt", "一二三")
    (draft,) = make_drafts(document)
    for wrong in (
        replace(draft, text="一二四"),
        replace(draft, spans=(Span(0, 9),), text="一二三四"),
        replace(draft, document_id="b"),
    ):
        with pytest.raises(ProvenanceError), store.writing() as writer:
            writer.put(document, encoded([wrong]))
    assert store.documents() == []


def test_unknown_ids_are_named(store: Store) -> None:
    with pytest.raises(UnknownDocumentError, match="'nix'"):
        store.document("nix")
    put(store, "a.txt", "一\n二\n")
    assert [passage.text for passage in store.passages([2, 1, 2])] == ["二\n", "一\n", "二\n"]
    with pytest.raises(UnknownDocumentError, match="id 7"):
        store.passages([1, 7])
    put(store, "b.txt", "三\n")
    with store.snapshot() as snapshot:
        assert snapshot.sources([]) == []
        assert snapshot.sources(["id-b.txt", "id-a.txt", "id-b.txt"]) == ["b.txt", "a.txt", "b.txt"]
        with pytest.raises(UnknownDocumentError, match="'nix'"):
            snapshot.sources(["id-a.txt", "nix"])


def test_snapshot_stays_as_it_was_while_another_thread_writes(store: Store) -> None:
    put(store, "a.txt", "旧\n")
    with store.snapshot() as snapshot:
        writer = threading.Thread(target=put, args=(store, "a.txt", "新\n"))
        writer.start()
        writer.join()
        assert store.generation == 2
        assert snapshot.generation == 1
        assert [passage.text for passage in snapshot.iter_passages()] == ["旧\n"]
        assert snapshot.document("id-a.txt").text == "旧\n"
    assert store.passage(2).text == "新\n"


def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    put(store, "a.txt", "旧\n")
    with store.writing() as writer:
        writer.remove("id-a.txt")
        assert [info.source for info in store.documents()] == ["a.txt"]


def test_many_threads_read_while_one_writes(store: Store) -> None:
    put(store, "a.txt", "0\n")
    failures: list[str] = []

    def read() -> None:
        for _ in range(30):
            with store.snapshot() as snapshot:
                texts = [passage.text for passage in snapshot.iter_passages()]
                if texts != [f"{snapshot.generation - 1}\n"]:
                    failures.append(f"{snapshot.generation}: {texts}")

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(1, 10):
        put(store, "a.txt", f"{number}\n")
    for thread in threads:
        thread.join()
    assert failures == []


def test_closed_store_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(ArchiveError, match="was closed"):
        store.documents()


def test_backup_is_an_archive_of_its_own(store: Store, tmp_path: Path) -> None:
    put(store, "b.txt", "零\n")
    put(store, "b.txt", "零\n")
    put(store, "a.txt", "一\x00\n")
    with store.writing() as writer:
        writer.locate("id-a.txt", Origin("/files/\udcff.txt", stamp="1:2"))
        writer.annotate("id-a.txt", None, ["half of it is missing"])
    store.backup(tmp_path / "backup")
    with SqliteStore.open(tmp_path / "backup") as copy:
        copy.check()
        assert list(copy.iter_passages()) == list(store.iter_passages())
        assert [passage.id for passage in copy.iter_passages()] == [2, 3]
        assert copy.documents() == store.documents()
        assert copy.files() == store.files()
        for own, other in zip(copy.vectors(), store.vectors(), strict=True):
            np.testing.assert_array_equal(own.vectors, other.vectors)
        with copy.snapshot() as ours, store.snapshot() as theirs:
            assert list(ours.facets()) == list(theirs.facets())
        put(store, "a.txt", "二\n")
        put(copy, "a.txt", "三\n")
        assert [passage.text for passage in copy.iter_passages()] == ["零\n", "三\n"]
        assert copy.generation == store.generation
        assert copy.version != store.version
    with pytest.raises(StorageError, match="already"):
        store.backup(tmp_path / "backup")


def test_document_renamed_keeps_its_passages_and_what_was_noted(store: Store) -> None:
    document = put(store, "a.txt", "一\n")
    with store.writing() as writer:
        writer.annotate(document.id, None, ["old"])
        writer.rename(document.id, "id-b.txt", "b.txt", Origin("/files/b.txt"))
        writer.rename("no such document", "x", "x", Origin())
    (info,) = store.documents()
    assert (info.id, info.source, info.title, info.warnings) == ("id-b.txt", "b.txt", "标题a.txt", ("old",))
    assert [passage.document_id for passage in store.iter_passages()] == ["id-b.txt"]
    assert store.files()["b.txt"].origin == Origin("/files/b.txt")


def test_uploads_come_back_and_go(store: Store) -> None:
    one, two = ("uploads/a.txt", "1" * 64), ("uploads/a.txt", "0" * 64)
    assert store.uploads.kept() == []
    store.uploads.keep(*one, b"\x00one")
    store.uploads.keep(*two, b"two")
    store.uploads.keep(*two, b"two")
    assert store.uploads.kept() == [one, two]
    assert store.uploads.read(*one) == b"\x00one"
    store.uploads.discard(*one, needed=[one])
    assert store.uploads.kept() == [one, two]
    store.uploads.discard(*one, needed=[])
    assert store.uploads.kept() == [two]
    with pytest.raises(OriginalMissingError):
        store.uploads.read(*one)


def test_uploads_without_a_document_are_loose(store: Store) -> None:
    document = make_document("uploads/a.txt", "一\n")
    drafts = make_drafts(document)
    with store.writing() as writer:
        writer.expect_upload(document.source, document.revision)
        writer.expect_upload(document.source, document.revision)
    with store.snapshot() as snapshot:
        assert snapshot.loose_uploads() == [(document.source, document.revision)]
    with store.writing() as writer:
        writer.put(document, encoded(drafts), origin=Origin(uploaded=True))
    with store.snapshot() as snapshot:
        assert snapshot.loose_uploads() == []
        assert snapshot.file(document.id).origin.uploaded
    with store.writing() as writer:
        writer.remove(document.id)
    with store.snapshot() as snapshot:
        assert snapshot.loose_uploads() == [(document.source, document.revision)]


def test_vectors_given_anew_are_of_another_encoder(store: Store) -> None:
    put(store, "a.txt", "一\n")
    with store.writing() as writer:
        writer.restart_vectors(encoder="other", dimension=3)
        writer.put_vectors(store.passage(1), np.eye(3, dtype=np.float32))
        with pytest.raises(EncoderError, match="needs vectors of shape"):
            writer.put_vectors(store.passage(1), np.eye(5, 3, dtype=np.float32))
    (block,) = store.vectors()
    assert (store.encoder, block.vectors.tolist()) == ("other", np.eye(3).tolist())
    assert [passage.id for passage in store.iter_passages()] == [1]
