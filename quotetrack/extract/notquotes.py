"""Quotations that quote nobody: titles, names, nicknames, terms. Each verdict says why."""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.languages import Pack
from quotetrack.types import Mention, Token

MAX_NICKNAME = 3  # words a nickname may have
MAX_CALLED = 4  # words that a thing may be called by
MAX_LEAD = 5  # words from a noun for slogans to the mark
MAX_NAME = 12  # words a title or name in marks may have
_SENTENCE_MARKS = frozenset({"!", "?", "…", "...", ".", "[...]", "[…]"})
_NAMING = frozenset({"NOUN", "PROPN", "NUM", "X", "SYM", "PUNCT"})


def why_not(
    inside: Sequence[Token],
    before: Token | None,
    after: Token | None,
    pack: Pack,
    mentions: Sequence[Mention],
    listed: bool = False,
    shouted: bool = False,
    judged: bool = False,
) -> str | None:
    """Why a quotation of the words `inside` is nobody's words, or None where it may be.

    listed: whether it follows a name in marks, with no more than a comma or conjunction between.
    shouted: whether a noun for slogans leads to it.
    judged: whether it says how somebody judges the noun before it (`nannte den Plan „Wahlkampf in Gelb“.`).
    "term": a word before it says that it is only called so (`so genannte „…“`, `known as “…”`).
    "nickname": between two parts of a name. "name": a title or name, as the name finder or its
    capitals and the noun before it tell.
    """
    words = [token for token in inside if any(character.isalnum() for character in token.text)]
    if not words or len(words) > MAX_NAME:
        return None
    if before is not None and before.lemma.lower() in pack.words("term"):
        return None if before.text.lower() in pack.words("utterance") else "term"
    if after is not None and after.text.lower() in pack.words("called") and len(words) <= MAX_CALLED:
        return "term"
    if shouted and len(words) > 1:
        return None
    if _is_mention(words, mentions) and before is not None:
        return "name"
    if (
        before is not None
        and after is not None
        and before.text.lower() in pack.words("as")
        and _says(after, pack)
    ):
        return "name"  # `wie „heise online“ berichtet`
    framed = before is not None and after is not None and before.upos == after.upos == "PROPN"
    if framed and after is not None and after.text[0].isupper() and len(words) <= MAX_NICKNAME:
        return "nickname"
    owned = before is not None and _is_owning(before, pack)
    titled = before is not None and (owned or _is_kind(before, pack))
    stop = -1 if titled and inside[-1].text == "." and not pack.conventions.clause_commas else None
    if any(token.text in _SENTENCE_MARKS for token in inside[:stop]):
        return None
    if any(word.upos in ("VERB", "AUX") and word.feats.get("VerbForm") == "Fin" for word in words[1:]):
        return None
    capitals = all(
        word.text[0].isupper() or not word.text[0].isalpha()
        for word in words
        if word.upos in _NAMING or word is words[0]
    )
    if titled and not owned and (capitals or stop is None):
        return "name"
    if not capitals or before is None:
        return None
    if listed:
        return "name"
    named = any(
        mention.span.start <= words[0].span.start and words[-1].span.end <= mention.span.end
        for mention in mentions
    )
    if named:
        return "name"
    if (
        before.upos in ("NOUN", "PROPN")
        and pack.conventions.clause_commas
        and before.lemma.lower() not in pack.words("noun")
        and not judged
    ):
        return "name"
    if (
        before.upos == "ADJ"
        and pack.conventions.clause_commas
        and all(w.upos in ("PROPN", "X") for w in words)
    ):
        return "name"
    if before.text.lower() in pack.words("article") and pack.conventions.clause_commas:
        return "name"
    told = before.upos == "VERB" and pack.forms.get(before.text.lower()) in pack.words("say")
    if (
        told
        and pack.conventions.verb_second
        and 1 < len(words) <= MAX_CALLED
        and after
        and after.upos == "ADP"
    ):
        return "name"  # `…, schrieb „Die Zeit“ in einem Nachruf`
    if owned and len(words) > 1:
        return "name"
    if before.lemma.lower() in pack.words("preposition"):
        return "name"
    return None


def is_shouted(before: Sequence[Token], pack: Pack) -> bool:
    """Whether the words before a quotation end in a noun that says it is shouted or written for all to see:
    `der Parole „…“`, `Sprüche wie zum Beispiel „…“`."""
    for token in reversed(before[-MAX_LEAD:]):
        lemma = token.lemma.lower()
        if token.upos == "NOUN" and any(lemma.endswith(slogan) for slogan in pack.words("slogan")):
            return True
        if token.upos in ("VERB", "AUX", "PROPN") or token.text in ('"', "“", "”", "“", "»", "«"):
            return False
    return False


def is_judged(before: Sequence[Token], after: Token | None, pack: Pack) -> bool:
    """Whether a verb of judging and its object stand right before a quotation that ends the clause."""
    if len(before) < 3 or (after is not None and after.upos != "PUNCT"):
        return False
    verb, article, noun = before[-3:]
    judging = pack.forms.get(verb.text.lower()) in pack.words("judging")
    return judging and article.upos == "DET" and noun.upos == "NOUN"


def _says(token: Token, pack: Pack) -> bool:
    """Whether a word is a form of a verb of saying."""
    return token.upos == "VERB" and pack.forms.get(token.text.lower()) in pack.words("say")


def _is_mention(words: Sequence[Token], mentions: Sequence[Mention]) -> bool:
    """Whether the name finder took exactly these words for a name."""
    return any(
        words[0].span.start - 1 <= mention.span.start <= words[0].span.start
        and words[-1].span.end <= mention.span.end <= words[-1].span.end + 1
        for mention in mentions
    )


def _is_owning(token: Token, pack: Pack) -> bool:
    """Whether a word is a mark of possession, or ends in one (`CNN’s “Coastal Hour.”`)."""
    if token.upos == "PART":
        return token.text.lower() in pack.speakers.get("possessive_marks", frozenset())
    return token.text.endswith(("’s", "'s"))


def _is_kind(token: Token, pack: Pack) -> bool:
    """Whether a noun says what kind of thing a name in marks names, alone or at a compound's end, with
    whatever ending the lemmatiser left on it."""
    lemma = token.lemma.lower()
    if token.upos not in ("NOUN", "PROPN"):
        return False
    return any(
        lemma.endswith((kind, f"{kind}s", f"{kind}es", f"{kind}n", f"{kind}en"))
        for kind in pack.words("named")
    )
