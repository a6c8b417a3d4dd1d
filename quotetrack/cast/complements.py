"""Where a phrase ends that brackets and further complements continue."""

from __future__ import annotations

from quotetrack.cast.organisations import Body, Reader
from quotetrack.cast.words import Word

MAX_COMPLEMENTS = 3


def trailing_end(reader: Reader, end: int, ceiling: int) -> int:
    """End of a phrase with brackets and further complements ("der Fraktion im Bundestag")."""
    if ceiling >= len(reader.words.items):
        return end
    for _ in range(MAX_COMPLEMENTS):
        end = bracket_end(reader, end, ceiling)
        word = reader.word(end)
        if word is None or end >= ceiling or word.low not in reader.lexicon.words("complement"):
            break
        inner = end + 1
        while inner < ceiling and (w := reader.word(inner)) and w.low in reader.lexicon.words("determiners"):
            inner += 1
        body = reader.body_at(inner, ceiling) if inner < ceiling else None
        after = max(reader.run(inner, ceiling), body.end if body else inner)
        if after == inner or any(i in reader.people for i in range(inner, after)):
            break
        end = after
    return end


def bracket_end(reader: Reader, end: int, ceiling: int) -> int:
    """End of a phrase with the brackets that follow it ("der IAEO (Wien)")."""
    items = reader.words.items
    if end < ceiling and end < len(items) and items[end].text == "(":
        close = next((i for i in range(end + 1, min(ceiling, end + 9)) if items[i].text == ")"), None)
        if close is not None and close + 1 <= ceiling < len(items):
            return close + 1
    return end


def precedes(reader: Reader, word: Word) -> bool:
    """Whether a word stands in front of a body and is no part of it: an article, "governing"."""
    present = word.feats.get("VerbForm") == "Ger" or word.feats.get("Tense") == "Pres"
    bound = present and word.feats.get("VerbForm") != "Fin" and "VerbForm" in word.feats
    return (bound and not word.capital) or word.low in reader.lexicon.words("determiners")


def placed(reader: Reader, index: int) -> bool:
    """Whether the article has a word as a place somewhere."""
    low = reader.words.items[index].low
    return any(word.low == low and reader.is_place(i) for i, word in enumerate(reader.words.items))


def surely(reader: Reader, body: Body) -> bool:
    """Whether a body is one by a noun, a label or an acronym, not by capitals alone."""
    return reader.is_head(body.head) or any(
        reader.labels.at(i) == "organisation" or reader.words.items[i].acronym
        for i in range(body.start, body.end)
    )


def joint_run(reader: Reader, start: int, ceiling: int) -> int:
    """End of a noun phrase, over one "and" between common nouns, and over a compound that shares its end with
    the next ("für Außen- und Sicherheitspolitik")."""
    after = reader.run(start, ceiling)
    mark = reader.word(after)
    if mark and mark.text == "-" and after > start and mark.start == reader.words.items[after - 1].end:
        joint = reader.word(after + 1)
        if joint and joint.low in reader.lexicon.words("conjunctions") and reader.nominal(after + 2):
            return reader.run(after + 2, ceiling)
    joint, following = reader.word(after), reader.word(after + 1)
    joined = joint and joint.low in reader.lexicon.words("conjunctions") and reader.nominal(after + 1)
    if joined and following and not following.capital:
        return reader.run(after + 1, ceiling)
    return after
