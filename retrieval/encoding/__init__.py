"""Texts to vectors: the bundled multilingual encoder, or any model of sentence-transformers."""

from pathlib import Path

from retrieval.encoding.protocol import Encoder, Vectors
from retrieval.errors import EncoderError

__all__ = ["DEFAULT_ENCODER", "Encoder", "Vectors", "load_encoder", "spec_of"]

DEFAULT_ENCODER = "universal"
_BASE = "universal-base"
# Not before the ranking and the decision to refuse are fitted to the trained encoder's cosines.
_TRAINED_BY_DEFAULT = True
_TRAINED = "universal:"
_SENTENCE_TRANSFORMERS = "sentence-transformers:"


def load_encoder(spec: str = DEFAULT_ENCODER, cache: Path | None = None) -> Encoder:
    """Load the encoder that ``spec`` names.

    :param spec: ``universal``; ``universal-base`` for the same without this project's training; ``universal:`` followed
        by the folder of one trained further; or ``sentence-transformers:`` followed by a model's folder or name.
    :param cache: a folder for the bundled encoder's unpacked weights.
    :raises EncoderError: if there is no such encoder, or it cannot be loaded.
    """
    if spec in (DEFAULT_ENCODER, _BASE) or (spec.startswith(_TRAINED) and len(spec) > len(_TRAINED)):
        from retrieval.encoding.delta import SAVED_NAME, SHIPPED
        from retrieval.encoding.universal import UniversalEncoder

        delta = SHIPPED if spec == DEFAULT_ENCODER and _TRAINED_BY_DEFAULT else None
        if spec.startswith(_TRAINED):
            delta = Path(spec.removeprefix(_TRAINED), SAVED_NAME)
        return UniversalEncoder(cache, delta=delta, spec=spec)
    if spec.startswith(_SENTENCE_TRANSFORMERS) and len(spec) > len(_SENTENCE_TRANSFORMERS):
        from retrieval.encoding.sentence_transformer import SentenceTransformerEncoder

        return SentenceTransformerEncoder(spec.removeprefix(_SENTENCE_TRANSFORMERS))
    raise EncoderError(
        f"there is no encoder {spec!r}; use '{DEFAULT_ENCODER}', '{_TRAINED}FOLDER' with the folder of one trained "
        f"further, or '{_SENTENCE_TRANSFORMERS}MODEL' with a model's folder or name"
    )


def spec_of(name: str) -> str:
    """Give the ``spec`` under which the encoder called ``name`` can be loaded again."""
    return name.rpartition("#")[0] or name
