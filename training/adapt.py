"""Adapts the encoder to one archive without labels: ``python -m training.adapt --archive DIR --output DIR``."""

import argparse
import logging
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from retrieval import Archive, Document
from retrieval.encoding import Encoder, load_encoder
from retrieval.encoding.delta import SHIPPED
from retrieval.encoding.universal import UniversalEncoder
from retrieval.segmenting import segment
from training.dictionaries import read_cedict
from training.evaluate import pair_measure
from training.pairs import Pair
from training.train import Settings, train

__all__ = ["Adaptation", "adapt", "archive_pairs", "main"]

_SHORTEST = 12
_LONGEST = 500
_HELD_OUT = 5
_WORDS = 400
# Words that a shade more or less of training swaps; more than this is forgetting.
_FORGIVEN = 0.01
_SETTINGS = Settings(epochs=3, batch=32, learning_rate=5e-5)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Adaptation:
    """What adapting did to the recall@1 of held-out pairs of the archive, and of Chinese words by their English."""

    pairs: int
    before: float
    after: float
    words_before: float
    words_after: float

    @property
    def better(self) -> bool:
        """Tell whether the adapted encoder is worth keeping."""
        return self.after > self.before and self.words_after >= self.words_before - _FORGIVEN


def archive_pairs(documents: Sequence[Document], random: Random) -> Iterator[Pair]:
    """Make pairs of an archive's texts: a headline and a passage below it, a sentence and the rest of its passage."""
    for document in documents:
        for passage in segment(document):
            if not _SHORTEST < len(passage.text) <= _LONGEST:
                continue
            for heading in {passage.context.article, *passage.context.headings} - {""}:
                yield Pair(heading, passage.text)
            sentences = ["".join(document.text[s.start : s.end] for s in pieces) for pieces in passage.sentences]
            long = [sentence for sentence in sentences if len(sentence) >= _SHORTEST]
            if len(long) > 1:
                chosen = random.choice(long)
                yield Pair(chosen, passage.text.replace(chosen, " ", 1).strip())


def adapt(archive: Path, output: Path, settings: Settings = _SETTINGS) -> Adaptation:
    """Train the encoder further on an archive's own texts and keep the result as the folder ``output`` if it is better.

    A fifth of the pairs is held out; the result is better if it finds more of them, and forgets no words over it.
    """
    random = Random(settings.seed)
    with Archive.open(archive) as opened:
        documents = [opened.document(info.id) for info in opened.documents()]
    pairs = sorted(set(archive_pairs(documents, random)), key=lambda pair: (pair.anchor, pair.positive))
    random.shuffle(pairs)
    last = max(1, len(pairs) // _HELD_OUT)
    held_out, kept = pairs[:last], pairs[last:]
    # A passage that is trained on must not be among those searched for.
    tested = {pair.positive for pair in held_out}
    kept = [pair for pair in kept if pair.positive not in tested]
    dictionary = read_cedict()
    chosen = random.sample(sorted(dictionary), 3 * _WORDS)
    words = [Pair(word, "; ".join(dictionary[word])) for word in chosen]
    train({"neighbours": kept, "words": words[_WORDS:]}, output, settings, SHIPPED)
    before, after = UniversalEncoder(delta=SHIPPED), load_encoder(f"universal:{output}")
    result = Adaptation(
        len(kept), _first(held_out, before), _first(held_out, after),
        _first(words[:_WORDS], before), _first(words[:_WORDS], after),
    )  # fmt: skip
    if not result.better:
        shutil.rmtree(output)
    return result


def _first(pairs: Sequence[Pair], encoder: Encoder) -> float:
    return pair_measure("", pairs, encoder).first


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m training.adapt", description=__doc__)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True, help="folder for the adapted encoder")
    parser.add_argument("--epochs", type=float, default=_SETTINGS.epochs)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    result = adapt(options.archive, options.output, replace(_SETTINGS, epochs=options.epochs))
    _log.info("%s", result)
    if result.better:
        _log.info("build the archive anew with it: wenju sync --rebuild, WENJU_ENCODER=universal:%s", options.output)
    else:
        _log.info("not better on held-out pairs: nothing is kept")


if __name__ == "__main__":
    main()
