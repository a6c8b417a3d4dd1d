"""Sources whom a text names by their party alone: `the Norland Republican`, `Republicans`, `a GOP source`."""

from __future__ import annotations

from quotetrack.cast.cast import Cast
from quotetrack.cast.source import Source


def is_partisan(cast: Cast, index: int, stop: int) -> bool:
    """Whether a word describes one person by the party alone ("the Norland Republican")."""
    word, lexicon = cast.words.items[index], cast.lexicon
    if index + 1 < stop and cast.words.items[index + 1].upos in ("NOUN", "PROPN", "ADJ"):
        return False
    listed = word.low in lexicon.words("party_members") and lexicon.tail("vague", word.low)
    return bool(listed) and word.feats.get("Number") == "Sing"


def party_members(cast: Cast, first: int, end: int) -> Source | None:
    """A source that is nobody but of a party: "Republicans", "a GOP source"."""
    words, lexicon = cast.words.items, cast.lexicon
    if end <= first:
        return None
    anonymous = [i for i in range(first, end) if words[i].low in lexicon.words("anonymous")]
    if words[end - 1].low in lexicon.words("party_members") and not anonymous:
        named = next((i for i in range(first, end) if words[i].capital), end - 1)
        return Source("members", first, party=cast.words.string(named, end))
    parties = [i for i in range(first, end) if cast.reader.is_party(i)]
    if parties and anonymous and anonymous[0] > parties[0]:
        return Source("members", first, party=words[parties[0]].text)
    return None
