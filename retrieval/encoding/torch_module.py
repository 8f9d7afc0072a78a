from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import torch
from sentence_transformers.base.modules.input_module import InputModule
from torch import Tensor, nn
from torch.nn import functional

from retrieval.encoding.delta import SAVED_NAME, TRAINED, Delta, read_delta, write_layers
from retrieval.encoding.pieces import PieceTokenizer
from retrieval.encoding.weights import encoder_files, load_weights

__all__ = ["UniversalModule"]

_CHUNKS = 17
_EMBEDDING = 512
_BRANCH = 256
# (n-gram order, characters of left context) of the three convolution branches.
_ORDERS = ((2, 0), (3, 1), (5, 2))
# Rows of zeros around each text, so that no window reaches into another one.
_GAP = 2
# A text is encoded up to here, as the numpy runtime does.
_TEXT_PIECES = 2048


class UniversalModule(InputModule):
    """The bundled multilingual encoder as a module of sentence-transformers: its layers train, its table does not.

    Texts are one flat row of pieces, not a padded rectangle, and the embedding table is a buffer without gradient. A
    saved folder holds the layers alone (float32); the table comes from the package, as it does for the numpy runtime,
    which reads the same folder. Load one with ``SentenceTransformer(folder, trust_remote_code=True)``: the library
    asks for that word for every class that is not its own.
    """

    save_in_root = True

    def __init__(self, delta: Delta | None = None, dropout: float = 0.0) -> None:
        """Make the module.

        :param delta: trained layers; the package's own by default.
        :param dropout: the share of features set to zero before pooling, in training only.
        :raises EncoderError: if the package's files are missing or damaged.
        """
        super().__init__()  # type: ignore[no-untyped-call]
        files = encoder_files()
        base = load_weights(files.weights).arrays
        arrays = base if delta is None else delta.over(base)
        self._pieces = PieceTokenizer(files.pieces)
        self.dropout = dropout
        self.register_buffer("table", torch.from_numpy(np.array(arrays["table"])), persistent=False)
        for name in ("scale", "lo"):
            self.register_buffer(name, torch.from_numpy(np.array(arrays[name])), persistent=False)
        self.layers = nn.ParameterDict(
            {name: nn.Parameter(torch.from_numpy(np.array(arrays[name], dtype=np.float32))) for name in TRAINED}
        )
        self._epsilon = float(arrays["eps"])

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Tensor]:
        """Cut texts into pieces: one flat row of piece ids, and the length of each text."""
        rows = [row[:_TEXT_PIECES] for row in self._pieces.encode([(prompt or "") + text for text in inputs])]
        flat = torch.tensor(list(chain.from_iterable(rows)), dtype=torch.long)
        return {"input_ids": flat, "lengths": torch.tensor([len(row) for row in rows], dtype=torch.long)}

    def forward(self, features: dict[str, Tensor], **_: Any) -> dict[str, Tensor]:
        """Add ``sentence_embedding``: float32 of shape ``(texts, 512)``, rows of length 1."""
        flat, lengths = features["input_ids"], features["lengths"]
        texts = torch.repeat_interleave(torch.arange(len(lengths), device=flat.device), lengths)
        # The row of each piece, with a gap before every text and one at the end.
        rows = torch.arange(len(flat), device=flat.device) + (texts + 1) * _GAP
        total = len(flat) + (len(lengths) + 1) * _GAP

        chunk = flat % _CHUNKS
        embedding = self.table.index_select(0, flat).float()
        embedding = embedding * self.scale[chunk, None] + self.lo[chunk, None]
        pieces = torch.cat([embedding, *self._branches(embedding, rows, total)], dim=1)
        pieces = functional.layer_norm(
            pieces, (pieces.shape[1],), self.layers["ln_g"], self.layers["ln_b"], self._epsilon
        )
        if self.training and self.dropout:
            pieces = functional.dropout(pieces, self.dropout)

        count = lengths.to(pieces.dtype)[:, None]
        pooled = pieces.new_zeros(len(lengths), pieces.shape[1]).index_add(0, texts, pieces)
        pooled = (pooled @ self.layers["cnn_W"] + count * self.layers["cnn_b"]) / count.sqrt()
        features["sentence_embedding"] = self._head(pooled)
        return features

    @property
    def max_seq_length(self) -> int:
        """Give the number of pieces that a text is encoded up to."""
        return _TEXT_PIECES

    def get_embedding_dimension(self) -> int:
        """Give the length of a vector: 512."""
        return _EMBEDDING

    def arrays(self) -> dict[str, npt.NDArray[np.float32]]:
        """Give copies of the trained arrays by name."""
        return {name: layer.detach().cpu().numpy().copy() for name, layer in self.layers.items()}

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Write the layers into the folder ``output_path``."""
        write_layers(Path(output_path) / SAVED_NAME, self.arrays(), Path(output_path).resolve().name)

    @classmethod
    def load(  # type: ignore[override]  # what the library adds is about models to download
        cls, model_name_or_path: str, subfolder: str = "", **_: Any
    ) -> Self:
        """Read the layers that :meth:`save` wrote.

        :raises EncoderError: if the folder has none, or they are damaged.
        """
        return cls(read_delta(Path(model_name_or_path) / subfolder / SAVED_NAME))

    def _branches(self, embedding: Tensor, rows: Tensor, total: int) -> Iterator[Tensor]:
        projected = torch.cat(
            [embedding @ self.layers[f"proj{order}"] + self.layers[f"proj_b{order}"] for order, _ in _ORDERS], dim=1
        )
        # One normalisation over the three branches together.
        gain = torch.cat([self.layers[f"ln_g{order}"] for order, _ in _ORDERS])
        shift = torch.cat([self.layers[f"ln_b{order}"] for order, _ in _ORDERS])
        projected = functional.layer_norm(projected, (projected.shape[1],), gain, shift, self._epsilon)
        for (order, left), entry in zip(_ORDERS, torch.split(projected, _BRANCH, dim=1), strict=True):
            hidden = self._convolve(entry, rows, total, order, left, "w1") + entry
            yield self._convolve(hidden, rows, total, order, left, "w2") + hidden

    def _convolve(self, pieces: Tensor, rows: Tensor, total: int, order: int, left: int, name: str) -> Tensor:
        spread = pieces.new_zeros(total, _BRANCH).index_copy(0, rows, pieces)
        windows = torch.cat([spread.index_select(0, rows + shift) for shift in range(-left, order - left)], dim=1)
        bias = self.layers[f"b{name[1]}_{order}"]
        return functional.relu(functional.linear(windows, self.layers[f"{name}_{order}"].T, bias))

    def _head(self, pooled: Tensor) -> Tensor:
        first = functional.relu(pooled @ self.layers["d0"])
        second = functional.relu(pooled @ self.layers["p1"] + first @ self.layers["d1"])
        third = functional.relu(second @ self.layers["d2"])
        vectors = torch.tanh(second @ self.layers["p3"] + third @ self.layers["d3"])
        return vectors / vectors.square().sum(dim=1, keepdim=True).clamp_min(self._epsilon).sqrt()
