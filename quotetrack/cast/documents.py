"""Documents as sources: whose "Angaben", "Meinung", "report" or "column" it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quotetrack.cast.directory import stem_of
from quotetrack.cast.people import fold
from quotetrack.cast.source import Source

if TYPE_CHECKING:
    from quotetrack.cast.cast import Cast

MAX_WRAPPERS = 3  # documents inside documents ("nach Angaben eines Berichts der Zeitung …")


def step_into(cast: Cast, start: int, stop: int) -> tuple[int, Source | None]:
    """Step from a document to who speaks in it ("Angaben des Roten Kreuzes"); own words by pronoun.

    "The poll" alone speaks for whoever an earlier mention of it names ("a Harbour Times poll").
    """
    opens = start
    start, found = _step(cast, start, stop)
    if found and found.shape == "unknown":
        head = _document(cast, opens, stop)
        if head is not None and _known(cast, head):
            return start, _told_earlier(cast, head) or found
    return start, found


def _known(cast: Cast, head: int) -> bool:
    """Whether a document is one that was told of before: "the poll", and nothing that says which."""
    items, lexicon = cast.words.items, cast.lexicon
    before, after = cast.reader.word(head - 1), cast.reader.word(head + 1)
    if before and before.low in lexicon.words("same"):
        before = cast.reader.word(head - 2)
    return (
        before is not None
        and before.low in lexicon.words("definite")
        and items[head].feats.get("Number") != "Plur"
        and not (after and after.low in lexicon.words("complement"))
    )


def _told_earlier(cast: Cast, head: int) -> Source | None:
    """Whose a document is by another mention of the same noun, the nearest in front first."""
    items, noun = cast.words.items, stem_of(fold(cast.words.items[head].text))
    others = [
        i
        for i, word in enumerate(items)
        if i != head and stem_of(fold(word.text)) == noun and word.feats.get("Number") != "Plur"
    ]
    for index in sorted(others, key=lambda i: (i > head, abs(i - head))):
        start = index
        while start > 0 and (
            start - 1 in cast.at
            or cast.reader.nominal(start - 1)
            or items[start - 1].low in cast.lexicon.words("possessive_marks")
        ):
            start -= 1
        owner = _owner_of_document(cast, start, index) or _maker(cast, index + 1)
        if owner and owner.shape in ("person", "organisation"):
            return owner
    return None


def _maker(cast: Cast, after: int) -> Source | None:
    """The person or body behind a document's noun: "a report | by the Tide Council"."""
    items, lexicon = cast.words.items, cast.lexicon
    if after + 1 >= len(items) or items[after].low not in lexicon.words("by") | lexicon.words("genitive"):
        return None
    inner = after + 1
    while inner < len(items) - 1 and items[inner].low in lexicon.words("determiners"):
        inner += 1
    if inner in cast.at:
        return Source("person", inner, figure=cast.at[inner])
    body = cast.reader.body_at(inner)
    if body is None or not body.proper or any(cast.roles.at(i) for i in range(inner, body.end)):
        return None
    return Source("organisation", body.start, body=body)


def _step(cast: Cast, start: int, stop: int) -> tuple[int, Source | None]:
    words, lexicon = cast.words.items, cast.lexicon
    for _ in range(MAX_WRAPPERS):
        head = _document(cast, start, stop)
        if head is None:
            break
        if owner := _owner_of_document(cast, start, head):
            return start, owner
        after = head + 1
        while after < stop and any(
            words[after].low in lexicon.words(n) for n in ("genitive", "belonging", "by")
        ):
            after += 1
        if after < stop and (quoted := cast.reader.quoted(after, stop)):
            return start, Source("organisation", quoted.start, body=quoted)
        if after >= stop or words[after].mark or (after == head + 1 and not words[after].capital):
            if after < stop and after == head + 1 and cast.reader.nominal(after):
                start = after  # a genitive without article: "Meinung politischer Beobachter"
                continue
            return start, Source("unknown", start)
        start = after
    return start, None


def _owner_of_document(cast: Cast, start: int, head: int) -> Source | None:
    """Whose a document is by the words in front of it: "eigene Angaben", "seine Meinung", "Davis' column"."""
    words, lexicon = cast.words.items, cast.lexicon
    if any(word.low in lexicon.words("reflexive") for word in words[start : head + 1]):
        return Source("echo", start)
    for word in words[start : min(start + 2, head + 1)]:
        if word.low in lexicon.words("possessives_male") or word.low in lexicon.words("possessives_female"):
            return Source("pronoun", start, pronoun=word.low)
    person = next((i for i in range(start, head + 1) if i in cast.at), None)
    if person is not None:
        return Source("person", person, figure=cast.at[person])
    for index in range(start, head):
        body = cast.reader.body_at(index, head) if cast.reader.nominal(index) else None
        if body:
            owned = words[body.end].low in lexicon.words("possessive_marks")
            if body.proper or owned:
                return Source("organisation", body.start, body=body)
    return None


def _document(cast: Cast, start: int, stop: int) -> int | None:
    """The document noun that heads the noun phrase at `start`, or None."""
    words, lexicon = cast.words.items, cast.lexicon
    for index in range(start, min(stop, start + 9)):
        word = words[index]
        if lexicon.tail("documents", word.low) and index not in cast.at and not lexicon.role(word.low):
            more = index + 1 < stop and cast.reader.nominal(index + 1) and not lexicon.nouns_capital
            if more and (cast.reader.is_head(index) or lexicon.tail("documents", words[index + 1].low)):
                continue
            if more and any(cast.roles.at(i) for i in range(index + 1, cast.reader.run(index + 1, stop))):
                return None
            if cast.reader.is_head(index) and word.capital and not lexicon.nouns_capital:
                return None
            return index
        if not (
            cast.reader.nominal(index)
            or word.low in lexicon.words("determiners")
            or word.low in lexicon.words("possessive_marks")
            or word.feats.get("VerbForm") in ("Part", "Ger")
            or word.text in "“”\"’'/"
        ):
            return None
        if lexicon.nouns_capital and word.capital and (cast.reader.is_head(index) or lexicon.role(word.low)):
            return None
    return None
