"""Hybrid searches as users of other frameworks build them, over the same passages and with the same encoder."""

import importlib
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from retrieval.encoding import Encoder, Vectors

__all__ = ["PEERS", "Peer", "PeerMissingError", "embeddings_for", "need"]

_COUNT = 5


class PeerMissingError(Exception):
    """A framework is not installed; the message says what to install."""


class Peer(Protocol):
    """A search over numbered texts."""

    def search(self, question: str) -> list[int]:
        """Give the numbers of the texts found, best first."""


def need(module: str, install: str) -> Any:
    """Import a module of a framework.

    :raises PeerMissingError: if it is not there; the message names what to ``install``.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise PeerMissingError(f"not installed ({error}); pip install {install}") from error


class _Txtai:
    def __init__(self, texts: Sequence[str], encoder: Encoder) -> None:
        embeddings = need("txtai.embeddings", "txtai")

        # It takes a bound method for a class to call.
        def transform(texts: Sequence[str]) -> Vectors:
            return encoder.encode_passages(texts)

        self._index = embeddings.Embeddings(method="external", transform=transform, hybrid=True)
        self._index.index([(number, text, None) for number, text in enumerate(texts)])

    def search(self, question: str) -> list[int]:
        return [int(number) for number, _ in self._index.search(question, _COUNT)]


class _Haystack:
    def __init__(self, texts: Sequence[str], encoder: Encoder) -> None:
        haystack = need("haystack", "haystack-ai")
        stores = need("haystack.document_stores.in_memory", "haystack-ai")
        retrievers = need("haystack.components.retrievers.in_memory", "haystack-ai")
        joiners = need("haystack.components.joiners", "haystack-ai")
        store = stores.InMemoryDocumentStore(embedding_similarity_function="dot_product")
        vectors = encoder.encode_passages(texts)
        store.write_documents(
            [
                haystack.Document(id=str(number), content=text, embedding=vector.tolist())
                for number, (text, vector) in enumerate(zip(texts, vectors, strict=True))
            ]
        )
        self._encoder = encoder
        self._lexical = retrievers.InMemoryBM25Retriever(store, top_k=10)
        self._dense = retrievers.InMemoryEmbeddingRetriever(store, top_k=10)
        self._joiner = joiners.DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=_COUNT)

    def search(self, question: str) -> list[int]:
        vector = self._encoder.encode_queries([question])[0].tolist()
        found = [
            self._lexical.run(query=question)["documents"],
            self._dense.run(query_embedding=vector)["documents"],
        ]
        return [int(document.id) for document in self._joiner.run(documents=found)["documents"]]


class _LlamaIndex:
    def __init__(self, texts: Sequence[str], encoder: Encoder) -> None:
        core = need("llama_index.core", "llama-index-core llama-index-retrievers-bm25")
        schema = need("llama_index.core.schema", "llama-index-core")
        base = need("llama_index.core.base.embeddings.base", "llama-index-core")
        fusion = need("llama_index.core.retrievers", "llama-index-core")
        lexical = need("llama_index.retrievers.bm25", "llama-index-retrievers-bm25")
        mock = need("llama_index.core.llms", "llama-index-core")

        class Embedding(base.BaseEmbedding):  # type: ignore[misc,name-defined]
            def _get_query_embedding(self, query: str) -> list[float]:
                return [float(value) for value in encoder.encode_queries([query])[0]]

            def _get_text_embedding(self, text: str) -> list[float]:
                return [float(value) for value in encoder.encode_passages([text])[0]]

            async def _aget_query_embedding(self, query: str) -> list[float]:
                return self._get_query_embedding(query)

        nodes = [schema.TextNode(text=text, id_=str(number)) for number, text in enumerate(texts)]
        index = core.VectorStoreIndex(nodes, embed_model=Embedding())
        self._retriever = fusion.QueryFusionRetriever(
            [
                index.as_retriever(similarity_top_k=10),
                lexical.BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=10),
            ],
            llm=mock.MockLLM(),
            similarity_top_k=_COUNT,
            num_queries=1,
            mode="relative_score",
            use_async=False,
        )

    def search(self, question: str) -> list[int]:
        return [int(found.node.node_id) for found in self._retriever.retrieve(question)]


def embeddings_for(encoder: Encoder, packages: str) -> Any:
    """Give an encoder as LangChain takes one.

    :raises PeerMissingError: if LangChain is not there; the message names the ``packages`` to install.
    """
    embeddings = need("langchain_core.embeddings", packages)

    class Embeddings(embeddings.Embeddings):  # type: ignore[misc,name-defined]
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[float(value) for value in vector] for vector in encoder.encode_passages(texts)]

        def embed_query(self, text: str) -> list[float]:
            return [float(value) for value in encoder.encode_queries([text])[0]]

    return Embeddings()


class _LangChain:
    def __init__(self, texts: Sequence[str], encoder: Encoder) -> None:
        import rjieba

        packages = "langchain-community langchain-classic rank_bm25"
        retrievers = need("langchain_community.retrievers", packages)
        stores = need("langchain_community.vectorstores", packages)
        ensemble = need("langchain_classic.retrievers", packages)
        numbers = [{"number": number} for number in range(len(texts))]
        # Its own default splits at spaces, which finds nothing in Chinese.
        lexical = retrievers.BM25Retriever.from_texts(list(texts), numbers, preprocess_func=rjieba.cut, k=10)
        dense = stores.FAISS.from_texts(list(texts), embeddings_for(encoder, packages), numbers)
        both = [lexical, dense.as_retriever(search_kwargs={"k": 10})]
        self._retriever = ensemble.EnsembleRetriever(retrievers=both, weights=[0.5, 0.5])

    def search(self, question: str) -> list[int]:
        return [int(document.metadata["number"]) for document in self._retriever.invoke(question)][:_COUNT]


class _FaissBm25s:
    """FAISS and bm25s with the sum of both scores, each divided by its highest: no framework at all."""

    def __init__(self, texts: Sequence[str], encoder: Encoder) -> None:
        import faiss
        import rjieba

        bm25s = need("bm25s", "bm25s")
        self._cut: Callable[[str], list[str]] = rjieba.cut
        self._encoder = encoder
        self._dense = faiss.IndexFlatIP(encoder.dimension)
        self._dense.add(encoder.encode_passages(texts))
        self._lexical = bm25s.BM25()
        self._lexical.index([self._cut(text) for text in texts], show_progress=False)

    def search(self, question: str) -> list[int]:
        lexical = self._lexical.get_scores(self._cut(question))
        cosines, numbers = self._dense.search(self._encoder.encode_queries([question]), len(lexical))
        fused = lexical / max(float(lexical.max()), 1e-9)
        fused[numbers[0]] += cosines[0] / max(float(cosines.max()), 1e-9)
        return [int(number) for number in (-fused).argsort(kind="stable")[:_COUNT]]


PEERS: dict[str, Callable[[Sequence[str], Encoder], Peer]] = {
    "txtai": _Txtai,
    "Haystack": _Haystack,
    "LlamaIndex": _LlamaIndex,
    "LangChain": _LangChain,
    "FAISS + bm25s": _FaissBm25s,
}
"""Each framework's name and how its search is built; building raises ``PeerMissingError`` where it is missing."""
