"""Documents as sources: whose "Angaben", "Meinung", "report" or "column" it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quotetrack.cast.source import Source

if TYPE_CHECKING:
    from quotetrack.cast.cast import Cast

MAX_WRAPPERS = 3  # documents inside documents ("nach Angaben eines Berichts der Zeitung …")


def step_into(cast: Cast, start: int, stop: int) -> tuple[int, Source | None]:
    """Step from a document to who speaks in it ("Angaben des Roten Kreuzes"); own words by pronoun."""
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
