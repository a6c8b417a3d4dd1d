"""An annotation laid out for reading: one row of words with their tree, paragraph and quotation."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from quotetrack.extract.marks import Quotation, quotations
from quotetrack.extract.notquotes import MAX_LEAD, is_judged, is_shouted, why_not
from quotetrack.languages import Pack
from quotetrack.types import Annotation, Mention, Sentence, Span, Token

# What a clause with a subject of its own may be.
_CLAUSES = ("root", "ccomp", "conj", "parataxis", "advcl", "acl")
# What belongs to a noun and not to the clause around it.
_NOMINAL = ("det", "amod", "nummod", "nmod", "compound", "case", "appos", "flat", "fixed", "conj", "cc")
MAX_TAG = 7  # words after a comma among which a verb of saying may stand
_DATELINE = re.compile(
    r"[^\n–—]{0,60}?(?:\([A-Z][^\n()]{1,30}\)|[A-Z]{4,}[^\n–—]{0,30})\s*(?:[–—]|--| - )\s*"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """All words of a text in one row; trees, sentences and quotations refer to places in it.

    heads: a word's head or -1; kids: its dependents in order. sentence, paragraph: number of the word's
    sentence and line; sentences: first word and end of each. quoted: number of the outermost quotation
    that holds the word, or -1; quotations: all that may be somebody's words, inner ones too; not_quotes:
    the others, by what is between their marks, and why (see `notquotes`); naming: the words of those;
    slogans: where a quotation begins that is shouted or written for all to see.
    """

    text: str
    pack: Pack
    words: tuple[Token, ...]
    heads: tuple[int, ...]
    kids: tuple[tuple[int, ...], ...]
    sentence: tuple[int, ...]
    sentences: tuple[range, ...]
    paragraph: tuple[int, ...]
    paragraphs: tuple[range, ...]
    quoted: tuple[int, ...]
    quotations: tuple[Quotation, ...]
    not_quotes: Mapping[Span, str]
    naming: frozenset[int]
    slogans: frozenset[int]
    mentions: tuple[Mention, ...]
    starts: tuple[int, ...]
    lower: tuple[str, ...]
    lemmas: tuple[str, ...]

    def span(self, places: Iterable[int]) -> Span:
        """The span from the first to the last of some words."""
        chosen = list(places)
        return Span(
            min(self.words[i].span.start for i in chosen), max(self.words[i].span.end for i in chosen)
        )

    def subtree(self, top: int) -> list[int]:
        """A word and all below it, in order. Cycles and sentence borders are not crossed."""
        seen = {top}
        waiting = [top]
        while waiting:
            for kid in self.kids[waiting.pop()]:
                if kid not in seen:
                    seen.add(kid)
                    waiting.append(kid)
        return sorted(seen)

    def up(self, place: int) -> Iterator[int]:
        """The heads above a word, nearest first."""
        seen = {place}
        while (place := self.heads[place]) >= 0 and place not in seen:
            seen.add(place)
            yield place

    def within(self, span: Span) -> range:
        """The words that lie in a span."""
        first = bisect_left(self.starts, span.start)
        return range(first, bisect_left(self.starts, span.end, lo=first))

    def mentions_in(self, span: Span) -> tuple[Mention, ...]:
        """The mentions that begin in a span."""
        first = bisect_left(self.mentions, span.start, key=lambda mention: mention.span.start)
        last = bisect_left(self.mentions, span.end, lo=first, key=lambda mention: mention.span.start)
        return self.mentions[first:last]

    def is_punct(self, place: int) -> bool:
        text = self.words[place].text
        return not (text.isalnum() or any(character.isalnum() for character in text))

    def kid(self, place: int, *relations: str) -> int | None:
        """The first dependent with one of these relations (subtypes included)."""
        for kid in self.kids[place]:
            relation = self.words[kid].deprel
            if relation in relations or relation.split(":")[0] in relations:
                return kid
        return None


def read(annotation: Annotation, pack: Pack) -> Reading:
    """Lay out an annotation. Tolerates unparsed sentences and heads outside of their sentence."""
    words: list[Token] = []
    heads: list[int] = []
    sentence: list[int] = []
    sentences: list[range] = []
    for one in annotation.sentences:
        first = len(words)
        broken = bool(words) and _is_cut(annotation.text, words[-2:], one, pack)
        for at, token in enumerate(one.tokens):
            words.append(_retagged(token, one.tokens[at - 1 : at], one.tokens[at + 1 : at + 2], pack))
            inside = 0 <= token.head < len(one.tokens)
            heads.append(first + token.head if inside else -1)
            sentence.append(len(sentences) - (1 if broken else 0))
        if broken:
            sentences[-1] = range(sentences[-1].start, len(words))
        else:
            sentences.append(range(first, len(words)))
    _split_datelines(annotation.text, words, sentence, sentences)
    _with_full_verbs(words, heads, pack)
    kids: list[list[int]] = [[] for _ in words]
    for place, head in enumerate(heads):
        if head >= 0 and head != place:
            kids[head].append(place)
    if not pack.conventions.verb_second:
        _with_past_tense(words, kids)
    starts = [word.span.start for word in words]
    paragraph, paragraphs = _paragraphs(annotation.text, starts)
    found = quotations(annotation.text, pack.marks)
    quoted, found, not_quotes, naming, slogans = _quoted(annotation, found, words, starts, pack)
    lower = tuple(word.text.lower() for word in words)
    return Reading(
        text=annotation.text,
        pack=pack,
        words=tuple(words),
        heads=tuple(heads),
        kids=tuple(map(tuple, kids)),
        sentence=tuple(sentence),
        sentences=tuple(sentences),
        paragraph=tuple(paragraph),
        paragraphs=tuple(paragraphs),
        quoted=tuple(quoted),
        quotations=tuple(found),
        not_quotes=not_quotes,
        naming=naming,
        slogans=slogans,
        mentions=annotation.mentions,
        starts=tuple(starts),
        lower=lower,
        lemmas=tuple(
            _lemma(place, words, lower, kids, sentences[sentence[place]], pack) for place in range(len(words))
        ),
    )


def _retagged(token: Token, before: Sequence[Token], after: Sequence[Token], pack: Pack) -> Token:
    """A verb of saying that the tagger took for a noun or an adjective, as the verb it is: in small letters
    between a comma and somebody (`…, charakterisierte das Opfer als`, `…, entgegnete Weber empört`)."""
    if token.upos not in ("NOUN", "ADJ") or not before or not after or not token.text[0].islower():
        return token
    lemma = pack.forms.get(token.text)
    if _says_that(token, before[0], after[0], pack):
        return replace(token, upos="VERB", feats={"VerbForm": "Fin", "Tense": "Pres", "Number": "Sing"})
    if _ends_bracket(token, before[0], after[0], pack):
        return replace(token, upos="VERB", feats={"VerbForm": "Part"})
    said = lemma in pack.words("say") and lemma != token.text
    if not pack.conventions.verb_second or not said or before[0].text != ",":
        return token
    if after[0].upos not in ("PROPN", "DET", "PRON") and token.upos == "ADJ":
        if after[0].upos != "NOUN" or token.deprel != "amod":
            return token
        if token.feats.get("Number", "Sing") != "Sing" or after[0].feats.get("Number", "Sing") != "Sing":
            return token
    return replace(token, upos="VERB", feats={"VerbForm": "Fin"})


def _says_that(token: Token, before: Token, after: Token, pack: Pack) -> bool:
    """Whether a noun is the verb of who is named before it, since a clause follows: `The Harbour Post reports
    that A`."""
    lemma = pack.forms.get(token.text)
    if pack.conventions.verb_second or lemma is None or lemma == token.text or before.upos != "PROPN":
        return False
    that = after.text.lower() in pack.words("complementizer") and after.upos == "SCONJ"
    return that and lemma in pack.words("clause")


def _ends_bracket(token: Token, before: Token, after: Token, pack: Pack) -> bool:
    """Whether an adjective is the participle of a cue that ends its clause before a comma: `Die Stadt hat
    signalisiert, dass …`, `Es wird befürchtet, dass …`."""
    if not pack.conventions.verb_second or token.upos != "ADJ" or after.text != ",":
        return False
    lemma = pack.forms.get(token.text)
    listed = lemma in pack.words("clause") | pack.words("infinitive")
    if any(particle == token.text for particle, _ in pack.separable.values()):
        return False  # `bekannt` of `bekannt geben`
    return listed and lemma != token.text and before.upos not in ("DET", "ADP", "ADJ")


def _with_full_verbs(words: list[Token], heads: list[int], pack: Pack) -> None:
    """Make a light verb that a tree takes for the auxiliary of a noun the verb whose object that noun is:
    `Weber has doubts about A`. A noun that is a predicate has a copula beside its auxiliary."""
    for verb, word in enumerate(words):
        noun = heads[verb]
        if word.deprel != "aux" or noun < verb or words[noun].upos != "NOUN" or heads[noun] == verb:
            continue
        kids = [place for place, head in enumerate(heads) if head == noun]
        lemma = pack.forms.get(word.text.lower(), word.lemma.lower())
        if lemma not in pack.words("light") or any(words[kid].deprel == "cop" for kid in kids):
            continue
        for kid in kids:
            own = words[kid].deprel.split(":")[0] in _NOMINAL and words[kid].upos not in ("VERB", "AUX")
            heads[kid] = noun if kid > verb and (own or words[kid].deprel.startswith("acl")) else verb
        words[verb] = replace(word, upos="VERB", deprel=words[noun].deprel)
        words[noun] = replace(words[noun], deprel="obj")
        heads[verb], heads[noun] = heads[noun], verb


def _with_past_tense(words: list[Token], kids: list[list[int]]) -> None:
    """Make a past participle that heads a clause without an auxiliary the past tense it looks like (`said the
    campaign violated the law`), and its subject no passive's. For languages where both look alike."""
    for place, word in enumerate(words):
        if word.upos != "VERB" or word.feats.get("VerbForm") != "Part" or word.feats.get("Tense") != "Past":
            continue
        relations = {words[kid].deprel: kid for kid in kids[place]}
        if any(relation.split(":")[0] in ("aux", "cop", "mark") for relation in relations):
            continue
        subject = relations.get("nsubj", relations.get("nsubj:pass", place))
        if subject >= place or word.deprel.split(":")[0] not in _CLAUSES:
            continue
        words[place] = replace(word, feats={**word.feats, "VerbForm": "Fin", "Mood": "Ind"})
        words[subject] = replace(words[subject], deprel="nsubj")


def _split_datelines(text: str, words: list[Token], sentence: list[int], sentences: list[range]) -> None:
    """Make a dateline (`BERLIN (dpa) – `) a sentence of its own, so that nobody is made to say it."""
    for at in range(len(sentences) - 1, -1, -1):
        inside = sentences[at]
        start = words[inside.start].span.start
        match = _DATELINE.match(text, start) if start == 0 or text[start - 1] in "\n\r" else None
        if match is None:
            continue
        first = next((p for p in inside if words[p].span.start >= match.end()), inside.stop)
        if not inside.start < first < inside.stop:
            continue
        sentences[at : at + 1] = [range(inside.start, first), range(first, inside.stop)]
        for place in range(first, len(words)):
            sentence[place] += 1


def _shortened(
    text: str,
    quotation: Quotation,
    found: list[Quotation],
    words: list[Token],
    starts: list[int],
    pack: Pack,
) -> Quotation:
    """A quotation whose closing mark is missing, cut before `, sagte Weber` where one stands in it; as it
    is where the next line reopens it."""
    if quotation.closed or any(
        quotation.outer.end < other.outer.start and not text[quotation.outer.end : other.outer.start].strip()
        for other in found
    ):
        return quotation
    first = bisect_left(starts, quotation.inner.start + 1)  # `Wir warten„, sagte Weber` opens with the comma
    for place in range(first, bisect_left(starts, quotation.inner.end, lo=first)):
        if words[place].text != ",":
            continue
        for after in range(place + 1, min(place + MAX_TAG, len(words))):
            word = words[after]
            if word.upos == "VERB" and pack.forms.get(word.text.lower(), word.lemma) in pack.words("say"):
                inner = Span(quotation.inner.start, words[place].span.start)
                return replace(
                    quotation, inner=inner, outer=Span(quotation.outer.start, words[place].span.start)
                )
            if word.upos not in ("PROPN", "NOUN", "DET", "ADJ", "PRON"):
                break
    return quotation


def _is_cut(text: str, last: Sequence[Token], following: Sentence, pack: Pack) -> bool:
    """Whether a sentence border stands after an abbreviation (`Texas Sen.` | `Ted Cruz`) in one line; its
    period may be a word of its own."""
    period = len(last) > 1 and last[1].text == "." and last[0].span.end == last[1].span.start
    ending = f"{last[0].text}." if period else last[-1].text
    if ending.lower() not in pack.words("abbreviation"):
        return False
    between = text[last[-1].span.end : following.span.start]
    return "\n" not in between and following.tokens[0].upos in ("PROPN", "NOUN", "NUM")


def _quoted(
    annotation: Annotation, found: list[Quotation], words: list[Token], starts: list[int], pack: Pack
) -> tuple[list[int], list[Quotation], dict[Span, str], frozenset[int], frozenset[int]]:
    """For each word the outermost quotation that holds it; quotations that quote nobody hold none."""
    quoted = [-1] * len(words)
    kept: list[Quotation] = []
    reasons: dict[Span, str] = {}
    naming: set[int] = set()
    slogans: set[int] = set()
    joined: set[int] = set()  # where a quotation would begin that a conjunction adds to a slogan
    mention_starts = [mention.span.start for mention in annotation.mentions]
    for found_one in found:
        quotation = _shortened(annotation.text, found_one, found, words, starts, pack)
        first = bisect_left(starts, quotation.outer.start)
        end = bisect_left(starts, quotation.outer.end, lo=first)
        low = bisect_left(mention_starts, quotation.outer.start)
        high = bisect_left(mention_starts, quotation.outer.end, lo=low)
        inner = [word for word in words[first:end] if quotation.inner.covers(word.span)]
        shouted = first in joined or is_shouted(words[max(0, first - MAX_LEAD) : first], pack)
        if shouted:
            slogans.add(first)
            joined = {end + 1} if end < len(words) and words[end].upos in ("CCONJ", "PUNCT") else set()
        reason = why_not(
            inner,
            words[first - 1] if first else None,
            words[end] if end < len(words) else None,
            pack,
            annotation.mentions[max(0, low - 1) : high],
            bool(naming) and 0 < first <= max(naming) + 2 and words[first - 1].upos in ("CCONJ", "PUNCT"),
            shouted,
            is_judged(words[max(0, first - 3) : first], words[end] if end < len(words) else None, pack),
        )
        if reason is not None:
            reasons[quotation.inner] = reason
            naming.update(range(first, end))
            continue
        kept.append(quotation)
        if quotation.depth == 0:
            for place in range(first, end):
                quoted[place] = len(kept) - 1
    return quoted, kept, reasons, frozenset(naming), frozenset(slogans)


def _paragraphs(text: str, starts: list[int]) -> tuple[list[int], list[range]]:
    """The line of each word, lines without words not counted."""
    breaks = [match.start() for match in re.finditer(r"[\n\r\u2028\u2029]", text)]
    lines = [bisect_right(breaks, start) for start in starts]
    firsts = [place for place, line in enumerate(lines) if not place or line != lines[place - 1]]
    paragraphs = [range(*ends) for ends in pairwise([*firsts, len(lines)])]
    return [number for number, inside in enumerate(paragraphs) for _ in inside], paragraphs


def _is_clause(word: Token) -> bool:
    """Whether a word shows that another clause has begun: its conjunction or its finite verb."""
    return word.upos == "SCONJ" or (word.upos in ("VERB", "AUX") and word.feats.get("VerbForm") == "Fin")


def _is_plural(noun: str, ending: str, pack: Pack) -> bool:
    return noun.endswith(ending) and noun.removesuffix(ending) in pack.hints["NOUN"]


def _lemma(
    place: int, words: list[Token], lower: tuple[str, ...], kids: list[list[int]], inside: range, pack: Pack
) -> str:
    """The lemma a cue list would hold: by the tagger, else by the form; with its separated particle."""
    word = words[place]
    lemma = word.lemma.lower()
    if word.upos not in ("VERB", "AUX", "ADJ", "NOUN"):
        return lemma
    if word.upos == "NOUN" and lemma == lower[place] and lemma not in pack.hints["NOUN"]:
        return next(
            (
                lemma.removesuffix(ending)
                for ending in pack.words("plural")
                if _is_plural(lemma, ending, pack)
            ),
            lemma,
        )  # a noun that no treebank has in the plural: `behauptungen`
    if word.upos != "NOUN" and pack.forms.get(lemma) != lemma:
        lemma = pack.forms.get(lower[place], lemma)
    if pack.separable and word.upos == "VERB":
        for kid in kids[place]:
            if words[kid].deprel == "compound:prt" and lower[kid] + lemma in pack.separable:
                return lower[kid] + lemma
        if place > inside.start and lower[place - 1] + lemma in pack.separable:
            return lower[place - 1] + lemma  # `wie Weber bekannt gab`
        for after in range(place + 1, inside.stop):
            end = after + 1 == inside.stop or not words[after + 1].text[0].isalnum()
            loose = end and words[after].upos in ("ADP", "ADV", "PART", "VERB", "ADJ", "SCONJ")
            if loose and lower[after] + lemma in pack.separable:
                return lower[after] + lemma
            if words[after].text in ";:.!?–" or _is_clause(words[after]):
                break
    return lemma
