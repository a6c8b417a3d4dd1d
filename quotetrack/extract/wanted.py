"""Which sentences are worth a dependency tree, told by their tagged words: trees take most of the time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from itertools import zip_longest

from quotetrack.extract.marks import quotations
from quotetrack.languages import Pack
from quotetrack.types import Mention, Span, Token

Tagged = tuple[Sequence[Token], Sequence[Mention]]  # a sentence's tokens without trees, and who it names

_BREAKS = frozenset({",", ":", ";", "–", "—", "-", "("})  # one of them stands between two clauses
_VERBS = frozenset({"VERB", "AUX"})
_OF_TAGS = frozenset({"VERB", "PROPN", "PRON"})
MIN_PLAIN = 4  # words of a quotation that is more than a term, a title or a fragment
MAX_TAG = 4  # words beside a quotation that need no tree: a verb and a name
MAX_FAR = 1  # sentences after one that names a person in which a pronoun may mean him or her
MIN_COMPOUND = 6  # letters of a noun from which it is known as the last part of a compound too


def want_trees(text: str, sentences: Sequence[Tagged], pack: Pack) -> list[bool]:
    """Which sentences of a text need a tree, in order.

    Those that hold a cue or a verb in the reported mood, and each before one that goes on with somebody's
    words, since it may say whose; those with a quotation mark that is not that of a plain quotation, and
    those that name a person beside a quotation or where a pronoun soon follows. What stands within a plain
    quotation is said and says nothing of who speaks. Measured on training sets: what this leaves out changes
    a quote in fewer than one of 200 articles.
    """
    moods = pack.mood.get("forms", frozenset()) | pack.mood.get("irrealis", frozenset())
    back = pack.words("hence") | pack.words("afterwards")
    reported = [_goes_on(tokens, moods, back) for tokens, _ in sentences]
    plain = _plain_quotations(text, pack)
    starts = [span.start for span in plain]

    def is_said(token: Token) -> bool:
        at = bisect_right(starts, token.span.start) - 1
        return at >= 0 and token.span.start < plain[at].end

    return [
        any(reported[at : at + 2])
        or _is_wanted(
            [token for token in tokens if not is_said(token)] if plain else tokens,
            tokens,
            mentions,
            sentences[at + 1 : at + 1 + MAX_FAR],
            pack,
        )
        for at, (tokens, mentions) in enumerate(sentences)
    ]


def _plain_quotations(text: str, pack: Pack) -> list[Span]:
    """The quotations of several words, with their marks, that hold no other one and are closed."""
    found = quotations(text, pack.marks)
    return [
        one.outer
        for one, after in zip_longest(found, found[1:])
        if one.depth == 0
        and one.closed
        and (after is None or after.depth == 0)
        and len(one.inner.of(text).split()) >= MIN_PLAIN
    ]


def _goes_on(tokens: Sequence[Token], moods: Collection[str], back: Collection[str]) -> bool:
    """Whether a sentence is reported speech without saying whose: by a verb's mood, or by `demnach`.

    moods, back: forms of such verbs and such words, in lower case.
    """
    if not moods and not back:
        return False
    return any(
        token.text.lower() in back or (token.upos in _VERBS and token.text.lower() in moods)
        for token in tokens
    )


def _is_wanted(
    told: Sequence[Token],
    tokens: Sequence[Token],
    mentions: Sequence[Mention],
    after: Sequence[Tagged],
    pack: Pack,
) -> bool:
    """told: the tokens of a sentence outside of plain quotations; after: the next sentences."""
    if any(_is_mark(token, pack) for token in told):
        return True
    quotes = len(told) < len(tokens)
    if quotes and any(token.text == ":" for token in told):
        return True
    if quotes and _is_tag([token for token in told if token.upos != "PUNCT"]):
        return False
    if any(mention.kind == "person" for mention in mentions) and (quotes or _is_taken_up(after, pack)):
        return True
    words = {token.text.lower() for token in tokens}
    pointing = tokens[0].text.lower() in pack.words("demonstrative")  # `Das teilte Weber mit.`
    clauses = pointing or not pack.conventions.clause_commas or not words.isdisjoint(_BREAKS)
    if not words.isdisjoint(pack.words("negation")) and any(_is_silent(token, pack) for token in told):
        return True
    return any(_is_cue(token, words, clauses, pack) for token in told)


def _is_tag(words: Sequence[Token]) -> bool:
    """Whether some words are no more than a verb and a name or a pronoun: `…, Anna Weber said`."""
    return len(words) <= MAX_TAG and all(word.upos in _OF_TAGS for word in words)


def _is_taken_up(after: Sequence[Tagged], pack: Pack) -> bool:
    """Whether the next sentences may speak of somebody who was named: by a pronoun, or by a quotation."""
    persons = pack.persons
    return any(_is_mark(tokens[0], pack) for tokens, _ in after[:1]) or any(
        token.text.lower() in persons for tokens, _ in after for token in tokens
    )


def _is_mark(token: Token, pack: Pack) -> bool:
    return token.text in pack.marks or token.text in ("''", "``")


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
    if clauses and token.upos == "ADJ" and pack.conventions.verb_second:  # `haben signalisiert, dass`
        participle = pack.forms.get(low, low)
        if participle != low and _is_told(participle, pack.hints["VERB"], words):
            return True
    return clauses and token.upos in ("ADJ", "ADV") and lemma in pack.hints["ADJ"]


def _is_cited(noun: str, pack: Pack) -> bool:
    """Whether a noun (lower case) is an account, alone or as the end of a compound: `medienberichten`."""
    cited = pack.words("cited")
    return noun in cited or any(len(last) >= MIN_COMPOUND and noun.endswith(last) for last in cited)


def _is_told(word: str, hints: Mapping[str, frozenset[str]], words: set[str]) -> bool:
    """Whether a word begins a cue of which all other words stand in the sentence."""
    found = hints.get(word)
    return found is not None and any(not beside or words.issuperset(beside.split(" ")) for beside in found)
