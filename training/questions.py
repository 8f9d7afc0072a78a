import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.encoding import Encoder
from retrieval.index import LexicalIndex, WeightedTerm
from retrieval.language.tokens import words
from retrieval.segmenting.sentences import split_sentences
from training.pairs import Pair

__all__ = ["Question", "hard_sentences", "read_questions"]

# A sentence that the base encoder finds nearer to a question than its own by this much may well answer it too.
_TOO_NEAR = 0.1
_CANDIDATES = 20
# Questions per matrix product.
_BLOCK = 256


@dataclass(frozen=True, slots=True)
class Question:
    """A question, its answers, the paragraph (by number and in full) and the sentence that they stand in.

    ``id`` is the question's name in its set.
    """

    text: str
    answers: tuple[str, ...]
    paragraph: str
    number: int
    sentence: str
    id: str = ""


def read_questions(files: Sequence[Path]) -> list[Question]:
    """Read question files in SQuAD's layout; a question without a readable answer is left out."""
    questions: list[Question] = []
    number = -1
    for file in files:
        for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                number += 1
                text = paragraph["context"]
                spans = split_sentences(text)
                for item in paragraph["qas"]:
                    answers = tuple(dict.fromkeys(answer["text"] for answer in item["answers"] if answer["text"]))
                    starts = [answer["answer_start"] for answer in item["answers"] if answer["text"]]
                    span = next((span for span in spans if starts and span.start <= starts[0] < span.end), None)
                    if span is not None:
                        sentence = text[span.start : span.end]
                        name = str(item.get("id", ""))
                        questions.append(Question(item["question"], answers, text, number, sentence, name))
    return questions


def hard_sentences(questions: Sequence[Question], encoder: Encoder) -> list[Pair]:
    """Pair each question with its sentence and the likest sentence of another paragraph that has no answer to it.

    Likeness is BM25 and the encoder's cosine in equal parts, the search pipeline's two channels.
    """
    paragraphs = {question.number: question.paragraph for question in questions}
    owners, sentences = [], []
    for number, text in paragraphs.items():
        for span in split_sentences(text):
            owners.append(number)
            sentences.append(text[span.start : span.end])
    owner = np.array(owners)
    index = LexicalIndex.build(words(sentence) for sentence in sentences)
    vectors = encoder.encode_passages(sentences)
    own = encoder.encode_passages([question.sentence for question in questions])
    asked = encoder.encode_queries([question.text for question in questions])
    pairs = []
    for row, question in enumerate(questions):
        if row % _BLOCK == 0:
            block = asked[row : row + _BLOCK] @ vectors.T
        cosine = block[row % _BLOCK]
        lexical = index.scores([WeightedTerm(word) for word in words(question.text)])
        likeness = 0.5 * lexical.scores / max(lexical.ideal, 1e-9) + 0.5 * cosine
        likeness[(owner == question.number) | (cosine > float(asked[row] @ own[row]) + _TOO_NEAR)] = -1
        likely = np.sort(np.argpartition(-likeness, min(_CANDIDATES, len(likeness) - 1))[:_CANDIDATES])
        best = [sentences[n] for n in likely[np.argsort(-likeness[likely], kind="stable")]]
        found = [sentence for sentence in best if not any(answer in sentence for answer in question.answers)]
        pairs.append(Pair(question.text, question.sentence, found[0] if found else best[-1]))
    return pairs
