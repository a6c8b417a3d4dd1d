"""What a model knows of a word form by itself: its vectors and what its characters say.

All of it depends on the form alone, and most words of a text have been seen before: each form is computed
once and remembered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from quotetrack.annotate.lstm import Floats, Places, cell, sigmoid, weights

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
    Words that begin alike are read together up to where they part: half of all characters are read.
    """

    def __init__(self, model: Mapping[str, Any], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._cell = cell(model, "charmodel.charlstm.lstm.", first="charmodel.charlstm")
        self._table = self._cell.project(weights(model, "charmodel.char_emb.weight"))
        attention = "charmodel.char_attn.weight"
        self._attention = weights(model, attention)[0] if attention in model else None
        if self._attention is not None and len(self._table) > 1:
            raise KeyError(attention)  # its weights would need a word's beginning and its end together

    def read(self, forms: Sequence[str]) -> Floats:
        """What the characters of each form say: [forms, directions × hidden]. No form may be empty."""
        return self.of_units([self.units(form) for form in forms])

    def units(self, form: str) -> list[int]:
        """The numbers of a form's characters."""
        numbers = self._vocabulary.numbers
        return [numbers.get(char, UNKNOWN) for char in form]

    def of_units(self, words: Sequence[Sequence[int]]) -> Floats:
        """As `read`, of characters given by their numbers."""
        lengths = np.fromiter(map(len, words), dtype=np.int64)
        order = np.argsort(-lengths, kind="stable")
        ordered = lengths[order]
        flat = np.fromiter((unit for at in order.tolist() for unit in words[at]), dtype=np.int64)
        row, ends = np.repeat(np.arange(len(words)), ordered), np.cumsum(ordered)
        place = np.arange(len(flat)) - (ends - ordered)[row]
        units = np.empty((len(words), int(lengths.max(initial=0))), dtype=np.int64)
        found = np.empty((len(words), len(self._table) * self._cell.hidden), dtype=np.float32)
        for way in range(len(self._table)):
            units[row, ordered[row] - 1 - place if way else place] = flat
            hidden = slice(way * self._cell.hidden, (way + 1) * self._cell.hidden)
            found[order, hidden] = self._one_way(way, units, ordered)
        return found

    def _one_way(self, way: int, units: Places, lengths: Places) -> Floats:
        """What one direction says of words, the longest first. units [words, characters], lengths [words]."""
        table = self._table[way]
        found = np.empty((len(units), self._cell.hidden), dtype=np.float32)
        shown, state = self._cell.begin(way)
        said = np.zeros_like(shown)
        beginnings = np.zeros(len(units), dtype=np.int64)  # which of the different beginnings each word has
        for place in range(units.shape[1]):
            alive = np.searchsorted(-lengths, -place)
            kinds, beginnings = np.unique(
                beginnings[:alive] * len(table) + units[:alive, place], return_inverse=True
            )
            before, unit = np.divmod(kinds, len(table))
            state = state[before]
            shown = self._cell.step(way, table[unit], shown[before], state)
            if self._attention is None:
                said = shown
            else:
                said = said[before] + shown * sigmoid(shown @ self._attention)[:, None]
            whole = lengths[:alive] == place + 1
            found[:alive][whole] = said[beginnings[whole]]
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
