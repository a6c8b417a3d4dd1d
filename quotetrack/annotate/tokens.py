"""Lines → tokens and sentence ends, by a Stanza tokeniser, without its slow way of preparing characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_WORDS = 160  # tokens a sentence may have; a longer one is cut, since parsing is quadratic in it
_CLOSED = re.compile(r"[.!?:;…。！？][^\w\s]*$")  # a closing mark, then perhaps quotation marks or brackets
_GOES_ON = re.compile(r"[^\w\s]*[,;:]|\W*[a-zà-öø-ÿ]")  # a comma or a small letter cannot begin a sentence
_SPACES = re.compile(r"[\s\u0080-\u009f]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """One token of a line: [start, end) in it, and whether it is a contraction of several words."""

    start: int
    end: int
    contracted: bool


def sentences(processor: Any, lines: Sequence[str]) -> list[list[list[Piece]]]:
    """The sentences of each line. A tokeniser's sentence end counts only after a closing mark."""
    import torch
    from stanza.models.tokenization.utils import predict

    if not lines:
        return []
    seen = [_seen(line) for line in lines]
    characters = _Characters(processor, [text for text, _ in seen])
    longest = max(1000, processor.config.get("max_seqlen", 1000))  # characters read at once, as Stanza does
    with torch.inference_mode():
        found, _ = predict(
            processor.trainer, characters, processor.trainer.args["batch_size"], longest, True, 0
        )
    return [
        list(_cut(_joined(list(_pieces(text, places, labels)), line)))
        for line, (text, places), labels in zip(lines, seen, found, strict=True)
    ]


def _seen(line: str) -> tuple[str, list[int] | None]:
    """A line with every run of white space as one space, and where its characters stood (None: as before)."""
    if not re.search(r"[\s\u0080-\u009f]{2}|[^\S ]|[\u0080-\u009f]", line):
        return line, None
    shown: list[str] = []
    places: list[int] = []
    for at, char in enumerate(line):
        blank = _SPACES.match(char)
        if not (blank and shown and shown[-1] == " "):
            shown.append(" " if blank else char)
            places.append(at)
    return "".join(shown), places


class _Characters:
    """What Stanza's prediction loop wants of its data set, for lines that are clean already."""

    def __init__(self, processor: Any, lines: list[str]) -> None:
        from stanza.models.tokenization import data

        settings = processor.config
        self.data = lines
        self.vocab = processor.vocab
        self._original = data.TokenizationDataset(
            settings,
            input_text="x",
            vocab=processor.vocab,
            evaluation=True,
            dictionary=processor.trainer.dictionary,
        )
        names = settings["feat_funcs"]
        self._of_character = [
            data.PER_CHAR_FEAT_FUNCS[name] for name in names if name in data.PER_CHAR_FEAT_FUNCS
        ]
        self._of_place = [name for name in ("end_of_para", "start_of_para") if name in names]
        self._simple = not settings["use_dictionary"] and len(names) == len(self._of_character) + len(
            self._of_place
        )
        self._known: dict[str, int] = {}
        self._rows: list[list[int]] = []

    def para_to_sentences(self, line: str) -> list[tuple[Any, Any, Any, list[str]]]:
        """Ids, empty labels, features and characters of one line."""
        if not self._simple:
            result: list[tuple[Any, Any, Any, list[str]]] = self._original.para_to_sentences(
                [(char, 0) for char in line]
            )
            return result
        for char in set(line) - self._known.keys():
            self._known[char] = len(self._rows)
            features = [function(char) for function in self._of_character]
            self._rows.append([self.vocab.unit2id(char), *features, *(0 for _ in self._of_place)])
        table = np.array(self._rows)[[self._known[char] for char in line]]
        for column, name in enumerate(self._of_place, 1 + len(self._of_character)):
            table[-1 if name == "end_of_para" else 0, column] = 1
        return [(table[:, 0], np.zeros(len(line)), table[:, 1:], list(line))]

    def advance_old_batch(self, offsets: list[int], batch: Any) -> Any:
        return self._original.advance_old_batch(offsets, batch)


def _pieces(text: str, places: list[int] | None, labels: Any) -> Iterator[list[Piece]]:
    """Guessed sentences. Labels a character: 0 inside, 1 token ends, 2 sentence ends, 3 and 4 contracted."""
    sentence: list[Piece] = []
    start = 0
    for at in np.flatnonzero(labels).tolist():
        token = text[start : at + 1]
        if stripped := token.strip():
            first = start + len(token) - len(token.lstrip())
            last = first + len(stripped) - 1
            if places is not None:
                first, last = places[first], places[last]
            sentence.append(Piece(first, last + 1, labels[at] >= 3))
            if labels[at] in (2, 4):
                yield sentence
                sentence = []
        start = at + 1
    if sentence:
        yield sentence


def _joined(guessed: Sequence[list[Piece]], line: str) -> Iterator[list[Piece]]:
    """Put together what the tokeniser cut without a closing mark, or before a comma or small letter."""
    held: list[Piece] = []
    for tokens in guessed:
        if held:
            before = line[held[0].start : held[-1].end]
            if _CLOSED.search(before[-12:]) and not _GOES_ON.match(line, tokens[0].start):
                yield held
                held = []
        held = held + tokens
    if held:
        yield held


def _cut(found: Iterable[list[Piece]]) -> Iterator[list[Piece]]:
    for tokens in found:
        for start in range(0, len(tokens), MAX_WORDS):
            yield tokens[start : start + MAX_WORDS]
