"""Forty fictional sentences as a training folder: trees, names and vectors."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np

from quotetrack.training.recipe import Recipe

PEOPLE = ["Anna Weber", "Jonas Lind", "Mira Holt", "Tamme Grote", "Ove Sand"]
BODIES = ["Fährverband", "Deichbund", "Hafenrat", "Moorverein"]
PLACES = ["Nordmoor", "Ankerlund"]
Word = tuple[str, str, str, int, str, str, str]  # form, lemma, tag, head, relation, features, name


def words(person: str, body: str, place: str, quoted: bool) -> list[Word]:
    """„Anna Weber leitet den Fährverband im Hafen Nordmoor .“, some with straight marks around the body."""
    first, last = person.split()
    row: list[Word] = [
        (first, first, "PROPN", 3, "nsubj", "Case=Nom|Degree=Pos", "B-PER"),
        (last, last, "PROPN", 1, "flat", "Case=Nom", "I-PER"),
        ("leitet", "leiten", "VERB", 0, "root", "Number=Sing", "O"),
        ("den", "der", "DET", 5, "det", "Case=Acc", "O"),
        (body, body, "NOUN", 3, "obj", "Case=Acc", "B-ORG"),
        ("in", "in", "ADP", 8, "case", "_", "O"),
        ("dem", "der", "DET", 8, "det", "Case=Dat", "O"),
        ("Hafen", "Hafen", "NOUN", 3, "obl", "Case=Dat", "O"),
        (place, place, "PROPN", 8, "appos", "_", "B-LOC"),
        (".", ".", "PUNCT", 3, "punct", "_", "O"),
    ]
    if not quoted:
        return row
    mark: Word = ('"', '"', "PUNCT", 6, "punct", "_", "O")
    moved = [(*one[:3], one[3] + (one[3] > 4) + (one[3] > 5), *one[4:]) for one in row]
    return [*moved[:4], mark, moved[4], mark, *moved[5:]]


def everything() -> list[list[Word]]:
    choices = itertools.product(PEOPLE, BODIES, PLACES)
    return [words(*choice, quoted=turn % 4 == 0) for turn, choice in enumerate(choices)]


def conllu(sentences: list[list[Word]]) -> str:
    text = ""
    for turn, row in enumerate(sentences):
        text += "# newpar\n" * (turn % 5 == 0) + "# text = fictional\n"
        for place, (form, lemma, tag, head, relation, features, _) in enumerate(row, 1):
            if form == "in":
                text += f"{place}-{place + 1}\tim{8 * (chr(9) + '_')}\n"
            opens = form == '"' and row[place - 2][0] == "den"
            after = place < len(row) and row[place][0] in ('"', ".") and form != "den"
            space = "SpaceAfter=No" if opens or after else "_"
            text += f"{place}\t{form}\t{lemma}\t{tag}\tX\t{features}\t{head}\t{relation}\t_\t{space}\n"
        text += "\n"
    return text


def bio(sentences: list[list[Word]]) -> str:
    return "\n".join(
        "".join(f"{'im' if form == 'dem' else form}\t{name}\n" for form, *_, name in row if form != "in")
        for row in sentences
    )


def write(folder: Path, recipe: Recipe) -> None:
    """Lay the sentences out under the names that a recipe gives its files."""
    place = folder / recipe.code
    place.mkdir(parents=True)
    sentences = everything()
    for files in recipe.trees.values():
        for file in files:
            (place / file).write_text(conllu(sentences), "utf-8")
    for files in recipe.names.values():
        for file in files:
            (place / file).write_text(bio(sentences), "utf-8")
    known = sorted({word[0].lower() for row in sentences for word in row} | {"im"})
    vectors = np.random.default_rng(1).normal(size=(len(known), 16)).astype("float16")
    np.save(place / recipe.vectors.array, vectors)
    (place / recipe.vectors.words).write_text("\n".join(known) + "\n", "utf-8")
