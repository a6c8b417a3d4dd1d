"""A sentence in the making: what each model adds to it, until it becomes a Sentence."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_FORM = 100  # characters of a token that the models see: cost grows with the longest word of a batch


@dataclass(frozen=True, slots=True)
class Piece:
    """One token of a line: [start, end) in it, and whether it is a contraction of several words."""

    start: int
    end: int
    contracted: bool


@dataclass(slots=True)
class Draft:
    """One sentence of a line. Models see its forms and words; pieces and spans say where they stand.

    forms: the tokens; words: the syntactic words, of which a contraction has several; spans: [start, end) of
    each word in its line; features, extra tag and the rest: "" or empty until a model has said. heads count
    from 1, the root is 0. names: first and last token, kind as the model has it.
    """

    pieces: list[Piece]
    forms: list[str]
    words: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    upos: list[str] = field(default_factory=list)
    xpos: list[str] = field(default_factory=list)
    feats: list[str] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    deprels: list[str] = field(default_factory=list)
    names: list[tuple[int, int, str]] = field(default_factory=list)


def begun(text: str, pieces: list[Piece]) -> Draft:
    """A sentence of tokens alone. text: its line."""
    return Draft(pieces, [text[piece.start : piece.end][:MAX_FORM] for piece in pieces])
