"""Makes the training pairs: ``python -m training.prepare --benchmarks DIR --packages DIR --output DIR``."""

import argparse
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

from retrieval.encoding import Encoder, load_encoder
from retrieval.language.folding import to_simplified, to_traditional
from retrieval.segmenting.sentences import split_sentences
from training.dictionaries import Dictionary, read_cedict, read_edict, read_freedict
from training.glossing import Glosser, inverted
from training.manuals import Block, read_guide, read_reference
from training.pairs import Pair, write_pairs
from training.questions import Question, hard_sentences, read_questions
from training.translations import read_translations, translated_pairs

__all__ = ["GLOSSES", "QUESTION_FILES", "main", "prepare", "read_dictionaries"]

# Never XQuAD, never a test split.
QUESTION_FILES = ("cmrc2018_train.json", "drcd_dev_train.json")
# Each dictionary, how its first language and English stand in it, and how many of its words are used at most.
_FREEDICT = {
    "ar": ("ara-eng", False, 4000), "de": ("deu-eng", False, 6000), "es": ("spa-eng", False, 4500),
    "fr": ("fra-eng", False, 6000), "it": ("eng-ita", True, 4000), "nl": ("nld-eng", False, 4000),
    "pl": ("eng-pol", True, 4000), "pt": ("por-eng", False, 4000), "ru": ("eng-rus", True, 2000),
    "tr": ("eng-tur", True, 4000),
}  # fmt: skip
_CEDICT_WORDS = 24_000
_EDICT_WORDS = 6000
_HELD_OUT = 300
GLOSSES = ("en", "en", "en", "ru", "de", "fr", "es", "ja")
# Of the glossed pairs, so many have only the question glossed, and so many either that or only the sentences.
_GLOSSED_QUESTION = 0.6
_GLOSSED_SENTENCE = 0.8
_LONGEST_PARAGRAPH = 500
_LONGEST_PARALLEL = 320

_log = logging.getLogger(__name__)


def prepare(benchmarks: Path, packages: Path, output: Path, encoder: Encoder, seed: int, limit: int | None) -> None:
    """Write one file of pairs for each kind of data into ``output``, and held-out dictionary words beside them.

    :param packages: the folder that ``training/fetch`` unpacked Debian's packages into.
    :param limit: so many questions, paragraphs and words of a dictionary at most; for trying the chain.
    """
    output.mkdir(parents=True, exist_ok=True)
    random = Random(seed)
    dictionaries = read_dictionaries(packages)
    questions = read_questions([benchmarks / name for name in QUESTION_FILES])
    if limit is not None:
        questions = random.sample(questions, min(limit, len(questions)))
    hard = hard_sentences(questions, encoder)
    manuals = _manuals(packages, limit)
    kinds: dict[str, Iterable[Pair]] = {
        "questions": [_either_script(pair, random) for pair in hard],
        "paragraphs": _paragraphs(questions, random),
        "glosses": _glosses(hard, dictionaries, random),
        "parallel": _parallel(manuals, random),
        "neighbours": _neighbours(manuals, random),
        **translated_pairs(questions, hard, read_translations(), random),
    }
    words, held_out = _words(dictionaries, random, limit)
    kinds |= {"words": words, **{f"heldout.{language}": pairs for language, pairs in held_out.items()}}
    for name, pairs in kinds.items():
        shuffled = list(pairs)
        random.shuffle(shuffled)
        _log.info("%s: %d pairs", name, write_pairs(output / f"{name}.jsonl", shuffled))


def read_dictionaries(packages: Path) -> dict[str, Dictionary]:
    """Read the dictionaries that are there, by the language whose words they translate into English."""
    found: dict[str, Dictionary] = {"zh": read_cedict()}
    if (packages / "edict").is_dir():
        found["ja"] = read_edict(packages / "edict" / "edict")
    for language, (name, english_first, _) in _FREEDICT.items():
        if (packages / "dictd" / f"freedict-{name}.index").is_file():
            dictionary = read_freedict(packages / "dictd", name)
            found[language] = inverted(dictionary) if english_first else dictionary
    return found


def _manuals(packages: Path, limit: int | None) -> list[dict[str, Block]]:
    rows: list[dict[str, Block]] = []
    if (packages / "doc" / "installation-guide-amd64").is_dir():
        rows.extend(read_guide(packages / "doc" / "installation-guide-amd64"))
    if (packages / "debian-reference").is_dir():
        rows.extend(read_reference(packages / "debian-reference"))
    unique = {row["en"][1]: row for row in rows}
    return list(unique.values())[: limit if limit is not None else len(unique)]


def _either_script(pair: Pair, random: Random) -> Pair:
    # DRCD is traditional, CMRC simplified; a third of each is asked in the other script.
    if random.random() > 1 / 3:
        return pair
    convert = to_traditional if to_simplified(pair.anchor) == pair.anchor else to_simplified
    return Pair(convert(pair.anchor), pair.positive, pair.negative)


def _paragraphs(questions: Sequence[Question], random: Random) -> Iterator[Pair]:
    for question in questions:
        if random.random() < 0.35 and len(question.paragraph) <= _LONGEST_PARAGRAPH:
            yield Pair(question.text, question.paragraph)


def _glosses(pairs: Sequence[Pair], dictionaries: Mapping[str, Dictionary], random: Random) -> Iterator[Pair]:
    others = {language: inverted(dictionary) for language, dictionary in dictionaries.items() if language != "zh"}
    glosser = Glosser(dictionaries["zh"], others)
    languages = [language for language in GLOSSES if language == "en" or language in others]
    for pair in pairs:
        language, share = random.choice(languages), random.choice((0.5, 1.0, 1.0))
        question = glosser.gloss(to_simplified(pair.anchor), language, share, random)
        kind = random.random()
        if kind < _GLOSSED_QUESTION:
            yield Pair(question, pair.positive, pair.negative)
            continue
        sentence, other = (
            glosser.gloss(to_simplified(text), "en", 1.0, random) for text in (pair.positive, pair.negative)
        )
        asked = pair.anchor if kind < _GLOSSED_SENTENCE else question
        yield Pair(asked, sentence, other)


def _parallel(rows: Sequence[Mapping[str, Block]], random: Random) -> Iterator[Pair]:
    for row in rows:
        fitting = {code: text for code, (_, text) in row.items() if 12 <= len(text) <= _LONGEST_PARALLEL}
        others = [code for code in fitting if code != "en"]
        if "en" in fitting and others:
            yield Pair(fitting["en"], fitting[random.choice(others)])
            # Russian and Korean have fewer paragraphs than the others: their turn comes more often.
            rare = [code for code in others if code in ("ru", "ko")] or others
            first = random.choice(rare)
            second = random.choice([code for code in fitting if code != first])
            yield Pair(fitting[first], fitting[second])


def _neighbours(rows: Sequence[Mapping[str, Block]], random: Random) -> Iterator[Pair]:
    heading: dict[str, str] = {}
    for row in rows:
        for code, (tag, text) in row.items():
            if tag.startswith("h") or tag == "dt":
                heading[code] = text
            elif tag == "p" and 80 <= len(text) <= 600 and random.random() < (0.5 if code == "en" else 0.1):
                spans = split_sentences(text)
                if code in heading and random.random() < 0.4:
                    yield Pair(heading.pop(code), text)
                elif len(spans) > 1:
                    chosen = random.choice(spans)
                    yield Pair(text[chosen.start : chosen.end], (text[: chosen.start] + text[chosen.end :]).strip())


def _words(
    dictionaries: Mapping[str, Dictionary], random: Random, limit: int | None
) -> tuple[list[Pair], dict[str, list[Pair]]]:
    most = {"zh": _CEDICT_WORDS, "ja": _EDICT_WORDS, **{language: entry[2] for language, entry in _FREEDICT.items()}}
    kept: list[Pair] = []
    held_out: dict[str, list[Pair]] = {}
    for language, dictionary in dictionaries.items():
        entries = [(word, senses) for word, senses in dictionary.items() if word.lower() != senses[0].lower()]
        entries = random.sample(entries, min(len(entries), most[language] + _HELD_OUT, limit or len(entries)))
        pairs = [Pair(word, "; ".join(senses[: random.randint(1, len(senses))])) for word, senses in entries]
        last = min(_HELD_OUT, len(pairs) // 4)
        held_out[language] = pairs[:last]
        tested = {pair.anchor for pair in held_out[language]}
        kept.extend(pair for pair in pairs[last:] if pair.anchor not in tested)
    return kept, held_out


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m training.prepare", description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the question files")
    parser.add_argument("--packages", type=Path, required=True, help="folder that training/fetch made")
    parser.add_argument("--output", type=Path, required=True, help="folder for the pairs")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--limit", type=int, help="so many of each kind at most, to try the chain")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    encoder = load_encoder("universal")
    prepare(options.benchmarks, options.packages, options.output, encoder, options.seed, options.limit)


if __name__ == "__main__":
    main()
