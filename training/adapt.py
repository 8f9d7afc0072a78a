"""Adapts the encoder to one archive without labels: ``wenju train --archive DIR``."""

import argparse
import logging
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from retrieval import Archive, Document
from retrieval.encoding import DEFAULT_ENCODER, Encoder, load_encoder, spec_of
from retrieval.encoding.delta import SAVED_NAME, SHIPPED
from retrieval.encoding.universal import UniversalEncoder
from retrieval.errors import EncoderError, WenjuError
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
# Fewer tell nothing: of 20 held-out pairs one more or less found is chance.
_FEWEST = 100
_OF_FOLDER = "universal:"

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

    :raises EncoderError: if ``output`` is there already, the archive is too small, or built with another encoder.
    """
    if output.exists():
        raise EncoderError(f"the folder {output} is there already; name another with --output, or remove it")
    random = Random(settings.seed)
    with Archive.open(archive) as opened:
        start = _layers(spec_of(opened.info().encoder))
        documents = [opened.document(info.id) for info in opened.documents()]
    pairs = sorted(set(archive_pairs(documents, random)), key=lambda pair: (pair.anchor, pair.positive))
    if len(pairs) < _FEWEST:
        raise EncoderError(
            f"the archive at {archive} gives {len(pairs)} pairs of headlines, sentences and passages, and training "
            f"needs {_FEWEST}; add more documents first"
        )
    random.shuffle(pairs)
    last = len(pairs) // _HELD_OUT
    held_out, kept = pairs[:last], pairs[last:]
    # A passage that is trained on must not be among those searched for.
    tested = {pair.positive for pair in held_out}
    kept = [pair for pair in kept if pair.positive not in tested]
    dictionary = read_cedict()
    chosen = random.sample(sorted(dictionary), 3 * _WORDS)
    words = [Pair(word, "; ".join(dictionary[word])) for word in chosen]
    # Until it is known to be better it does not lie where somebody would look for it.
    tried = output.with_name(f"{output.name}.tried")
    try:
        train({"neighbours": kept, "words": words[_WORDS:]}, tried, settings, start)
        before, after = UniversalEncoder(delta=start), load_encoder(f"{_OF_FOLDER}{tried}")
        result = Adaptation(
            len(kept), _first(held_out, before), _first(held_out, after),
            _first(words[:_WORDS], before), _first(words[:_WORDS], after),
        )  # fmt: skip
        if result.better:
            shutil.rmtree(tried / "checkpoints", ignore_errors=True)
            tried.rename(output)
        return result
    finally:
        shutil.rmtree(tried, ignore_errors=True)


def _layers(spec: str) -> Path:
    """Find the trained layers of the encoder that built the archive."""
    if spec == DEFAULT_ENCODER:
        return SHIPPED
    if spec.startswith(_OF_FOLDER):
        return Path(spec.removeprefix(_OF_FOLDER), SAVED_NAME)
    raise EncoderError(
        f"the archive was built with {spec!r}, and only the bundled encoder can be trained here; build it with "
        f"WENJU_ENCODER={DEFAULT_ENCODER}, or train that model with sentence-transformers"
    )


def _first(pairs: Sequence[Pair], encoder: Encoder) -> float:
    return pair_measure("", pairs, encoder).first


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 when the result was not better, and so not kept."""
    parser = argparse.ArgumentParser(prog="python -m training.adapt", description=__doc__)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True, help="folder for the adapted encoder")
    parser.add_argument("--epochs", type=float, default=_SETTINGS.epochs)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    try:
        result = adapt(options.archive, options.output, replace(_SETTINGS, epochs=options.epochs))
    except WenjuError as error:
        _log.error("error: %s", error)
        return 1
    _log.info(
        "trained on %d pairs; held-out pairs found first: %.3f before, %.3f after; words by translation: %.3f, %.3f",
        result.pairs, result.before, result.after, result.words_before, result.words_after,
    )  # fmt: skip
    if not result.better:
        _log.error("not better: nothing is kept, the archive stays as it is")
        return 1
    _log.info("kept in %s; use it with: WENJU_ENCODER=%s%s wenju sync --reencode", options.output, _OF_FOLDER,
              options.output)  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
