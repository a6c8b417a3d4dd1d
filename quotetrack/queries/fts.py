"""What a user types, as an FTS5 expression that SQLite always accepts.

Every word reaches FTS5 inside double quotes, so no operator, column filter or stray mark of the user's
is ever read as syntax. A phrase is written in quotation marks, a prefix as `tunnel*`, an exclusion as
`-tunnel` or `NOT tunnel`, an alternative as `a OR b`, closeness as `a NEAR b`, `a NEAR/4 b` or
`NEAR(a b, 4)`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MAX_TERMS = 24  # words and phrases; more are dropped: a snippet costs more with each, and FTS5 ends at 256
MAX_TYPED = 1000  # code points of a query that are read
MIN_INSIDE = 4  # characters of a word that is looked for inside longer ones
NEAR_DISTANCE = 10  # words between the terms of a NEAR without a number, as in FTS5
MAX_NEAR_DISTANCE = 100

_QUOTES = '"“”„‟«»″〝〞「」'
_TOKEN = re.compile(
    rf"(?P<near>NEAR\((?P<inside>[^()]*)\))"
    rf"|(?P<infix>NEAR(?:/(?P<distance>\d{{1,4}}))?(?=\s|$))"
    rf"|(?P<minus>-(?=[\w{_QUOTES}]))?(?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?:[{_QUOTES}]|$)"
    rf"|(?P<word>[^\s{_QUOTES}()]+))(?P<star>\*(?=\s|$))?"
    rf"|[()]"
)
_OPERATORS = ("AND", "OR", "NOT", "NEAR")
_TRIGRAM = 3  # characters of the shortest text a trigram index can find
_UMLAUTS = (("ae", "ä"), ("oe", "ö"), ("ue", "ü"), ("ss", "ß"))  # as written out
_DOTS = str.maketrans("aou", "äöü")  # and as written without their dots


@dataclass(slots=True)
class _Term:
    """One word or phrase; `near` joins it to the term before it within so many words."""

    text: str
    excluded: bool = False
    either: bool = False  # an alternative to the term before it
    near: int | None = None


def fts_query(typed: str) -> str:
    """The FTS5 MATCH expression of what a user typed; "" when it holds no word to search for.

    A query of exclusions alone is "" too, as FTS5 cannot list what is left. Never raises, and SQLite
    accepts every result: unbalanced marks, operators, control characters and surrogates are data.
    """
    groups = [group for group in _groups(_terms(searchable(typed))) if group]
    wanted = [_alternatives(group) for group in groups if not group[0].excluded]
    unwanted = [term.text for group in groups if group[0].excluded for term in group]
    if not wanted:
        return ""
    expression = " AND ".join(wanted)
    if unwanted:
        expression = f"({expression}) NOT ({' OR '.join(unwanted)})"
    return expression


def plain_words(typed: str) -> list[str]:
    """The words of a query that is words alone, folded as the index folds them; [] for one with operators.

    Words too short to be told from chance inside others are left out: under MIN_INSIDE characters, under 2
    in scripts that write words without spaces.
    """
    words = searchable(typed).split()
    if any(not word.isalnum() or word in _OPERATORS for word in words):
        return []
    folded = (
        "".join(c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))
        for word in words
    )
    return [word for word in dict.fromkeys(folded) if len(word) >= (2 if _wide(word) else MIN_INSIDE)]


def widened(typed: str, longer: Mapping[str, Sequence[str]]) -> str:
    """A query of plain words, in which each word may also be one of the longer ones that contain it."""
    words = searchable(typed).split()
    return " ".join(
        " OR ".join([word, *(other for key in plain_words(word) for other in longer.get(key, ()))])
        for word in words
    )


def _wide(word: str) -> bool:
    return all(unicodedata.east_asian_width(c) in "WF" for c in word)


def name_query(typed: str) -> str:
    """A MATCH expression of a trigram index: names that contain every typed word; "" when too short.

    Words under three characters ("of", "J.") are left out, since no trigram can find them.
    """
    words = [word for word in searchable(typed).split() if len(word) >= _TRIGRAM]
    return " AND ".join(_quoted(word) for word in list(dict.fromkeys(words))[:MAX_TERMS])


def similar_name_query(typed: str) -> str:
    """A MATCH expression of a trigram index: names that share any three letters with what was typed.

    The index keeps umlauts, which many keyboards lack: "Muller" and "Mueller" are looked for as "Müller" too.
    """
    lower = searchable(typed).lower()
    spelt = lower
    for plain, umlaut in _UMLAUTS:
        spelt = spelt.replace(plain, umlaut)
    words = re.findall(r"\w+", f"{lower} {spelt} {spelt.translate(_DOTS)}")
    grams = dict.fromkeys(word[i : i + _TRIGRAM] for word in words for i in range(len(word) - _TRIGRAM + 1))
    return " OR ".join(_quoted(gram) for gram in list(grams)[: 2 * MAX_TERMS])


def searchable(typed: str) -> str:
    """The first characters of a query, composed, without controls, surrogates and private characters.

    SQLite stops at NUL; private characters are our own marks, in snippets and in front of filters.
    """
    text = unicodedata.normalize("NFC", typed[:MAX_TYPED])
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Co") else c for c in text)


def _terms(typed: str) -> list[_Term]:
    terms: list[_Term] = []
    excluded = either = False
    near: int | None = None
    for token in _TOKEN.finditer(typed):
        if len(terms) >= MAX_TERMS:
            break
        if token["near"]:
            if closeness := _near(token["inside"]):
                terms.append(_Term(closeness, excluded, either))
        elif token["infix"]:
            near = _distance(token["distance"])
            continue
        elif token["word"] in ("OR", "AND", "NOT") and not token["minus"]:
            either = token["word"] == "OR" or (either and token["word"] == "NOT")
            excluded = token["word"] == "NOT"
            continue
        elif text := _term(token["phrase"], token["word"], bool(token["star"])):
            no = excluded or bool(token["minus"])
            terms.append(_Term(text, no, either and not no, near))
        excluded = either = False
        near = None
    return terms


def _groups(terms: list[_Term]) -> list[list[_Term]]:
    """Terms that are alternatives to each other; terms joined by NEAR are one already."""
    groups: list[list[_Term]] = []
    for term in terms:
        last = groups[-1] if groups else None
        if last and term.near is not None and not term.excluded and not last[-1].excluded:
            before = last[-1].text
            phrases = before[5:].rsplit(", ", 1)[0] if before.startswith("NEAR(") else before
            last[-1] = _Term(f"NEAR({phrases} {term.text}, {term.near})", either=last[-1].either)
        elif last and term.either and not last[0].excluded:
            if term.text not in (other.text for other in last):
                last.append(term)
        elif [term] not in groups:
            groups.append([term])
    return groups


def _alternatives(group: list[_Term]) -> str:
    return group[0].text if len(group) == 1 else f"({' OR '.join(term.text for term in group)})"


def _near(inside: str) -> str:
    """NEAR(a b, 4) with its words quoted; one word alone stays a word."""
    body, comma, number = inside.rpartition(",")
    if not comma or not number.strip().isascii() or not number.strip().isdigit():
        body, number = inside, ""
    phrases = [
        text
        for token in _TOKEN.finditer(body)
        if (text := _term(token["phrase"], token["word"], bool(token["star"])))
    ][:MAX_TERMS]
    if len(phrases) < 2:
        return "".join(phrases)
    return f"NEAR({' '.join(phrases)}, {_distance(number.strip())})"


def _distance(digits: str | None) -> int:
    return min(int(digits[:4]), MAX_NEAR_DISTANCE) if digits else NEAR_DISTANCE


def _term(phrase: str | None, word: str | None, star: bool) -> str:
    text = phrase if phrase is not None else (word or "")
    if word and not star and word.endswith("*"):
        text, star = word.rstrip("*"), True
    if not any(unicodedata.category(c)[0] in "LN" for c in text):
        return ""  # no token in it: FTS5 would match nothing
    return _quoted(text) + (" *" if star else "")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
