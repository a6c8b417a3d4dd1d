"""Stanza's contractions and lemmas where they are told by dictionaries alone: lists that a model learned."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any

from quotetrack.annotate.drafts import Draft

_ANY_TAG = "*"  # entries that hold whatever the tag
_PACKED = 3  # the version of Stanza's format that packs the lists as JSON


class Contractions:
    """Contracted tokens → their words: `zum` → `zu`, `dem`."""

    @staticmethod
    def knows(saved: Mapping[str, Any]) -> bool:
        return bool(saved["config"].get("dict_only"))

    def __init__(self, saved: Mapping[str, Any]) -> None:
        self._words: Mapping[str, str] = saved["dict"]

    def __call__(self, drafts: Sequence[Draft]) -> None:
        """Set words and spans. Words that are the token cut up have spans of their own, others share its."""
        for draft in drafts:
            if not any(piece.contracted for piece in draft.pieces):
                draft.words = draft.forms
                draft.spans = [(piece.start, piece.end) for piece in draft.pieces]
                continue
            for piece, form in zip(draft.pieces, draft.forms, strict=True):
                words = self._of(form).split() if piece.contracted else [form]
                if len(words) < 2:
                    words = [form]
                draft.words += words
                draft.spans += places(piece.start, piece.end, form, words)

    def _of(self, form: str) -> str:
        if (found := self._words.get(form)) is not None:
            return found
        low = self._words.get(form.lower())
        if low is not None and form.isupper():
            return low.upper()
        if low is not None and form[0].isupper() and form[1:].islower():
            return low[0].upper() + low[1:]
        return form


def places(start: int, end: int, form: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words of the token [start, end) stand: its parts, where they spell it, else all of it."""
    if len(words) == 1:
        return [(start, end)]
    found: list[tuple[int, int]] = []
    at = 0
    for word in words:
        at = len(form) - len(form[at:].lstrip()) if found else at
        if not form.startswith(word, at):
            return [(start, end)] * len(words)
        found.append((start + at, start + at + len(word)))
        at += len(word)
    return found if at == len(form) else [(start, end)] * len(words)


class Lemmas:
    """Words with their tags → lemmas; a word that no list has is its own."""

    @staticmethod
    def knows(saved: Mapping[str, Any]) -> bool:
        return (
            bool(saved["config"].get("dict_only"))
            and saved.get("dicts_version") == _PACKED
            and not saved.get("contextual")
        )

    def __init__(self, saved: Mapping[str, Any]) -> None:
        self._of_tag: dict[str, dict[str, str]] = json.loads(gzip.decompress(saved["dicts"]))
        self._lower = bool(saved["config"].get("caseless"))

    def __call__(self, drafts: Sequence[Draft]) -> None:
        """Set lemmas."""
        nothing: dict[str, str] = {}
        of_any = self._of_tag.get(_ANY_TAG, nothing)
        for draft in drafts:
            words = [word.lower() for word in draft.words] if self._lower else draft.words
            for word, tag in zip(words, draft.upos, strict=True):
                lemma = self._of_tag.get(tag, nothing).get(word)
                draft.lemmas.append((of_any.get(word, word) if lemma is None else lemma) or "_")
