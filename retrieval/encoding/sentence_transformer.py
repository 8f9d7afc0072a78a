from collections.abc import Sequence
from hashlib import sha256

import numpy as np

from retrieval.encoding.protocol import Vectors
from retrieval.errors import EncoderError, MissingExtraError

__all__ = ["SentenceTransformerEncoder"]


class SentenceTransformerEncoder:
    """Any model of the library sentence-transformers, by its folder or its name in the local model cache.

    Prompts that the model defines for queries and passages are used; nothing is downloaded.
    """

    def __init__(self, model: str) -> None:
        """Load ``model``.

        :raises MissingExtraError: if sentence-transformers is not installed.
        :raises EncoderError: if there is no such model on this machine.
        """
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise MissingExtraError("an encoder of sentence-transformers", "sentence-transformers") from error
        try:
            # transformers raises errors of many kinds for a folder that is not a model; all mean the same here.
            self._model = SentenceTransformer(model, device="cpu", local_files_only=True)
        except (OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError, ImportError) as error:
            raise EncoderError(
                f"the model {model!r} cannot be loaded: {error}; give the folder of a saved SentenceTransformer, or "
                "download the model beforehand (nothing is downloaded here)"
            ) from error
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise EncoderError(f"the model {model!r} does not say its dimension; it cannot build an archive")
        self._dimension = int(dimension)
        self._name = f"sentence-transformers:{model}#{self._fingerprint()}"

    @property
    def name(self) -> str:
        """Name the model and a digest of its weights."""
        return self._name

    @property
    def dimension(self) -> int:
        """Give the length of a vector."""
        return self._dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions: float32 of shape ``(len(texts), dimension)``, rows of length 1."""
        return self._checked(
            self._model.encode_query(list(texts), normalize_embeddings=True, show_progress_bar=False), len(texts)
        )

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode passages or sentences: float32 of shape ``(len(texts), dimension)``, rows of length 1."""
        return self._checked(
            self._model.encode_document(list(texts), normalize_embeddings=True, show_progress_bar=False), len(texts)
        )

    def _checked(self, vectors: object, count: int) -> Vectors:
        matrix = np.asarray(vectors, dtype=np.float32).reshape(count, -1 if count else self._dimension)
        if matrix.shape != (count, self._dimension) or not np.isfinite(matrix).all():
            raise EncoderError(
                f"the model gave vectors of shape {matrix.shape} or with values that are no numbers, expected "
                f"{(count, self._dimension)}; choose another model"
            )
        return matrix

    def _fingerprint(self) -> str:
        digest = sha256()
        for name, tensor in sorted(self._model.state_dict().items()):
            digest.update(name.encode())
            digest.update(tensor.cpu().contiguous().float().numpy().tobytes())
        return digest.hexdigest()[:16]
