"""Where a phrase ends that brackets and further complements continue."""

from __future__ import annotations

from quotetrack.cast.organisations import Reader

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
