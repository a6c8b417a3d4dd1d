"""What a model knows of a word form by itself: its vectors and what its characters say.

All of it depends on the form alone, and most words of a text have been seen before: each form is computed
once and remembered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from quotetrack.annotate.lstm import Floats, Layout, Places, cell, portions, sigmoid, weights

MAX_FORMS = 20_000  # forms remembered a model: about 1 kB each
UNKNOWN, EMPTY, ROOT, FIRST = 1, 2, 3, 4  # Stanza's first units: 0 fills up, and words begin after the root
_QUESTION = re.compile("^[?？︖﹖⁇][?？︖﹖⁇!！︕﹗‼]+$")
_EXCLAMATION = re.compile("^[!！︕﹗‼][?？︖﹖⁇!！︕﹗‼]+$")


def simple_marks(form: str) -> str:
    """A form as Stanza's taggers and parsers see it: several question or exclamation marks are one."""
    if form[0] in "?？︖﹖⁇!！︕﹗‼" and len(form) > 1:
        return _EXCLAMATION.sub("!", _QUESTION.sub("?", form))
    return form


class Vocabulary:
    """A saved vocabulary: units and their numbers. lower: forms are looked up in lower case."""

    def __init__(self, saved: Mapping[str, Any]) -> None:
        self.numbers: dict[str, int] = saved["_unit2id"]
        self.units: Sequence[str] = saved["_id2unit"]
        self._lower = bool(saved.get("lower"))
        self._ignored = frozenset(saved.get("ignore") or ())

    def __len__(self) -> int:
        return len(self.units)

    def number(self, unit: str) -> int:
        """A unit's number; an unknown one's is UNKNOWN."""
        if unit in self._ignored:
            return EMPTY
        return self.numbers.get(unit.lower() if self._lower else unit, UNKNOWN)


class Vectors:
    """Word vectors of a whole language, shared by the models that need them.

    table [words, width] may lie in a file; rows are copied as they are asked for.
    """

    def __init__(self, vocabulary: Vocabulary, table: Floats) -> None:
        self.vocabulary = vocabulary
        self.table = table

    def number(self, form: str) -> int:
        """The row of a form, which is written with hard spaces there."""
        return self.vocabulary.number(form.replace(" ", "\u00a0"))

    def rows(self, numbers: Iterable[int]) -> Floats:
        return self.table[np.fromiter(numbers, dtype=np.int64)].astype(np.float32)


class Characters:
    """Stanza's character model: an LSTM over a word's characters.

    Its outputs are summed, each by its weight, where the model was trained so; else the last ones stand.
    """

    def __init__(self, model: Mapping[str, Any], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._cell = cell(model, "charmodel.charlstm.lstm.", first="charmodel.charlstm")
        self._table = self._cell.project(weights(model, "charmodel.char_emb.weight"))
        attention = "charmodel.char_attn.weight"
        self._attention = weights(model, attention)[0] if attention in model else None

    def read(self, forms: Sequence[str]) -> Floats:
        """What the characters of each form say: [forms, directions × hidden]. No form may be empty."""
        return self.of_units([self.units(form) for form in forms])

    def units(self, form: str) -> list[int]:
        """The numbers of a form's characters."""
        numbers = self._vocabulary.numbers
        return [numbers.get(char, UNKNOWN) for char in form]

    def of_units(self, words: Sequence[Sequence[int]]) -> Floats:
        """As `read`, of characters given by their numbers."""
        lengths = [len(word) for word in words]
        directions = len(self._cell.recurrent)
        found = np.empty((len(words), directions * self._cell.hidden), dtype=np.float32)
        for part in portions(lengths):
            layout = Layout([lengths[at] for at in part])
            rows = np.array([unit for at in part for unit in words[at]], dtype=np.int64)
            outputs = self._cell.run_known(self._table, rows, layout)
            if self._attention is None:
                hidden = self._cell.hidden
                found[part, :hidden] = outputs[layout.ends, :hidden]
                found[part, hidden:] = outputs[layout.beginnings, hidden:]
            else:
                outputs *= sigmoid(outputs @ self._attention)[:, None]
                found[part] = np.add.reduceat(outputs, layout.beginnings, axis=0)
        return found


class Forms:
    """Vectors of word forms, each made once; forgets all when it holds too many.

    make: forms → [forms, width].
    """

    def __init__(self, make: Callable[[Sequence[str]], Floats], width: int, most: int = MAX_FORMS) -> None:
        self._make = make
        self._places: dict[str, int] = {}
        self._most = most
        self._rows = np.empty((0, width), dtype=np.float32)

    def of(self, forms: Sequence[str]) -> Floats:
        """The vectors [forms, width] of distinct forms."""
        if len(self._places) + len(forms) > self._most:
            self._places.clear()
        fresh = [form for form in forms if form not in self._places]
        if fresh:
            start = len(self._places)
            if start + len(fresh) > len(self._rows):
                grown = np.empty(
                    (max(2 * len(self._rows), start + len(fresh), 2_000), self._rows.shape[1]), np.float32
                )
                grown[:start] = self._rows[:start]
                self._rows = grown
            self._rows[start : start + len(fresh)] = self._make(fresh)
            self._places.update(zip(fresh, range(start, start + len(fresh)), strict=True))
        return self._rows[[self._places[form] for form in forms]]


def distinct(items: Iterable[Any]) -> tuple[list[Any], Places]:
    """The different items in the order of their first use, and which of them each item is."""
    places: dict[Any, int] = {}
    rows = np.fromiter((places.setdefault(item, len(places)) for item in items), dtype=np.int64)
    return list(places), rows
