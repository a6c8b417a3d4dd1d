"""Which sentences are worth a dependency tree, told by their tagged words: trees take most of the time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from quotetrack.languages import Pack
from quotetrack.types import Mention, Token

Tagged = tuple[Sequence[Token], Sequence[Mention]]  # a sentence's tokens without trees, and who it names

_BREAKS = frozenset({",", ":", ";", "–", "—", "-", "("})  # one of them stands between two clauses
_VERBS = frozenset({"VERB", "AUX"})
MIN_COMPOUND = 6  # letters of a noun from which it is known as the last part of a compound too


def want_trees(sentences: Sequence[Tagged], pack: Pack) -> list[bool]:
    """Which sentences of a text need a tree, in order: those that name a person, hold a quotation mark, a cue
    or a verb in the reported mood; and each before one that goes on with somebody's words, since it may say
    whose. Measured on training sets, the others change no quote, speaker or affiliation.
    """
    reported = [_goes_on(tokens, pack) for tokens, _ in sentences]
    return [
        any(reported[at : at + 2]) or _is_wanted(tokens, mentions, pack)
        for at, (tokens, mentions) in enumerate(sentences)
    ]


def _goes_on(tokens: Sequence[Token], pack: Pack) -> bool:
    """Whether a sentence is reported speech without saying whose: by its mood, or by `demnach`."""
    forms = pack.mood.get("forms", frozenset()) | pack.mood.get("irrealis", frozenset())
    back = pack.words("hence") | pack.words("afterwards")
    return any(
        token.text.lower() in back or (token.upos in _VERBS and token.text.lower() in forms)
        for token in tokens
    )


def _is_wanted(tokens: Sequence[Token], mentions: Sequence[Mention], pack: Pack) -> bool:
    if any(mention.kind == "person" for mention in mentions):
        return True
    if any(token.text in pack.marks or token.text in ("''", "``") for token in tokens):
        return True
    words = {token.text.lower() for token in tokens}
    pointing = tokens[0].text.lower() in pack.words("demonstrative")  # `Das teilte Weber mit.`
    clauses = pointing or not pack.conventions.clause_commas or not words.isdisjoint(_BREAKS)
    if not words.isdisjoint(pack.words("negation")) and any(_is_silent(token, pack) for token in tokens):
        return True
    return any(_is_cue(token, words, clauses, pack) for token in tokens)


def _is_silent(token: Token, pack: Pack) -> bool:
    """Whether a word may tell, with a negation, that nothing was said."""
    lemma = token.lemma.lower()
    return any(lemma in pack.words(name) for name in ("silent", "unreached", "comment"))


def _is_cue(token: Token, words: set[str], clauses: bool, pack: Pack) -> bool:
    """Whether a word is a cue. words: those of its sentence in lower case, which may have to stand beside it;
    clauses: whether the sentence can have several, as most cues need."""
    low, lemma = token.text.lower(), token.lemma.lower()
    if _is_told(low, pack.hints["ADP"], words):
        return True
    if token.upos in _VERBS:
        lemma = pack.forms.get(low, lemma)
        if not clauses and lemma not in pack.words("sentence"):
            return False
        return any(_is_told(word, pack.hints["VERB"], words) for word in {low, lemma})
    if token.upos in ("NOUN", "PROPN"):
        if _is_cited(low, pack) and words & pack.words("cites"):
            return True
        return clauses and not pack.hints["NOUN"].keys().isdisjoint((low, lemma))
    return clauses and token.upos in ("ADJ", "ADV") and lemma in pack.hints["ADJ"]


def _is_cited(noun: str, pack: Pack) -> bool:
    """Whether a noun (lower case) is an account, alone or as the end of a compound: `medienberichten`."""
    cited = pack.words("cited")
    return noun in cited or any(len(last) >= MIN_COMPOUND and noun.endswith(last) for last in cited)


def _is_told(word: str, hints: Mapping[str, frozenset[str]], words: set[str]) -> bool:
    """Whether a word begins a cue of which all other words stand in the sentence."""
    return any(not beside or words.issuperset(beside.split(" ")) for beside in hints.get(word, ()))
