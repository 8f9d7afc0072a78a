"""A server as a user would write it instead, for :mod:`benchmarks.api` to measure beside this project's own.

FastAPI, LangChain's FAISS store over pieces of 300 characters, and this project's encoder; it searches only, without a
decision, a place or a checked quote.
"""

import argparse
import os
import tempfile
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from langchain_community.vectorstores import FAISS
from langchain_core.embeddings import Embeddings

from retrieval.encoding import load_encoder

__all__ = ["baseline", "main"]

ROOT = Path(__file__).resolve().parents[1]
_PATIENCE_SECONDS = 300


def main() -> None:
    """Serve in as many processes as the command line says, until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    uvicorn.run(
        "benchmarks.api_baseline:baseline",
        factory=True,
        port=options.port,
        workers=options.workers,
        log_level="warning",
        timeout_worker_healthcheck=_PATIENCE_SECONDS,
    )


def baseline() -> FastAPI:
    """Make the baseline's application, in the process that is to run it."""
    encoder = load_encoder("universal", Path(os.environ.get("WENJU_CACHE", tempfile.mkdtemp())))

    class Encoder(Embeddings):  # type: ignore[misc]
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [list(map(float, row)) for row in encoder.encode_passages(texts)]

        def embed_query(self, text: str) -> list[float]:
            return list(map(float, encoder.encode_queries([text])[0]))

    texts = [path.read_text("utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    pieces = [text[start : start + 300] for text in texts for start in range(0, len(text), 300)]
    store = FAISS.from_texts(pieces, Encoder())
    app = FastAPI()

    @app.post("/v1/ask")
    def ask(body: dict[str, Any]) -> list[str]:
        return [found.page_content for found in store.similarity_search(body["question"], k=3)]

    return app


if __name__ == "__main__":
    main()
