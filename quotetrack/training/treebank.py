"""Trees as they are trained on: reading CoNLL-U, leaving out what is not learnt, copies with other marks.

A `Tree` is one sentence in the ten columns of CoNLL-U, multiword tokens among its rows, without empty nodes,
enhanced graphs and comments.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

ID, FORM, LEMMA, UPOS, XPOS, FEATS, HEAD, DEPREL, DEPS, MISC = range(10)
Row = tuple[str, ...]  # of ten columns


@dataclass(frozen=True, slots=True)
class Tree:
    """rows: as in the file; begins: whether a paragraph or a document begins here."""

    rows: tuple[Row, ...]
    begins: bool = False

    @property
    def words(self) -> list[Row]:
        """The rows of syntactic words."""
        return [row for row in self.rows if "-" not in row[ID]]

    @property
    def tokens(self) -> list[tuple[str, bool, bool]]:
        """(form, whether a space follows, whether it is a multiword token) as they stand in the text."""
        found, inside = [], 0
        for row in self.rows:
            first, dash, last = row[ID].partition("-")
            if dash:
                inside = int(last)
            elif int(first) <= inside:
                continue
            found.append((row[FORM], "SpaceAfter=No" not in row[MISC], bool(dash)))
        return found

    @property
    def text(self) -> str:
        return "".join(form + " " * space for form, space, _ in self.tokens).rstrip()


def read(text: str) -> list[Tree]:
    """The trees of a CoNLL-U file. One without exactly one root, or not in ten columns, is left out."""
    found = []
    for block in text.split("\n\n"):
        lines = block.split("\n")
        begins = any(line.startswith(("# newpar", "# newdoc")) for line in lines)
        rows = [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
        rows = [row for row in rows if "." not in row[ID]]
        if not rows or any(len(row) != 10 for row in rows):
            continue
        heads = [row[HEAD] for row in rows if "-" not in row[ID]]
        if heads.count("0") != 1 or "_" in heads:
            continue
        found.append(Tree(tuple((*row[:DEPS], "_", _spacing(row[MISC])) for row in rows), begins))
    return found


def _spacing(misc: str) -> str:
    return "SpaceAfter=No" if "SpaceAfter=No" in misc.split("|") else "_"


def write(trees: Iterable[Tree]) -> str:
    """CoNLL-U again, each sentence with its text."""
    return "".join(
        ("# newpar\n" if tree.begins else "")
        + f"# text = {tree.text}\n"
        + "".join("\t".join(row) + "\n" for row in tree.rows)
        + "\n"
        for tree in trees
    )


def slim(trees: Iterable[Tree], features: frozenset[str]) -> list[Tree]:
    """Without XPOS and with these features alone: the rest costs four times the time and no rule reads it."""

    def kept(feats: str) -> str:
        return "|".join(one for one in feats.split("|") if one.partition("=")[0] in features) or "_"

    return [
        replace(tree, rows=tuple((*row[:XPOS], "_", kept(row[FEATS]), *row[HEAD:]) for row in tree.rows))
        for tree in trees
    ]


def short(trees: Iterable[Tree], most_words: int, most_characters: int) -> list[Tree]:
    """Those that are not so long that one of them would slow a whole batch."""
    return [
        tree
        for tree in trees
        if len(tree.words) <= most_words and all(len(row[FORM]) <= most_characters for row in tree.rows)
    ]


def marked(trees: Iterable[Tree], pairs: Sequence[tuple[str, str]]) -> Iterator[Tree]:
    """A copy of each sentence whose straight marks come in pairs, in turn with each of `pairs`."""
    turns = itertools.cycle(pairs)
    for tree in trees:
        places = [index for index, row in enumerate(tree.rows) if row[FORM] == '"']
        if not places or len(places) % 2:
            continue
        opening, closing = next(turns)
        rows = list(tree.rows)
        for turn, index in enumerate(places):
            mark = closing if turn % 2 else opening
            rows[index] = (rows[index][ID], mark, mark, *rows[index][UPOS:])
        yield replace(tree, rows=tuple(rows), begins=True)
