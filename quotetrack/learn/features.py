"""What a judge knows of a candidate: names of features, each either there or not."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from quotetrack.types import Annotation, Quote, Sentence, Span, Token

LENGTHS = (1, 2, 3, 5, 8, 13, 21, 34)  # words of a content, upper edges of the classes


def describe(annotation: Annotation, quotes: Sequence[Quote]) -> list[tuple[str, ...]]:
    """The features of each quote, in order: its rule, its cue's lemma and form, whom the source names, how
    long the content is, how it begins and ends, and what stands around it."""
    tokens = [(token, sentence) for sentence in annotation.sentences for token in sentence.tokens]
    starts = [token.span.start for token, _ in tokens]
    return [_of(annotation, quote, tokens, starts) for quote in quotes]


def _of(
    annotation: Annotation, quote: Quote, tokens: list[tuple[Token, Sentence]], starts: list[int]
) -> tuple[str, ...]:
    def inside(spans: Sequence[Span]) -> list[Token]:
        return [
            token
            for span in spans
            for token, _ in tokens[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        ]

    content, cue, source = inside(quote.content), inside(quote.cue), inside(quote.source)
    rule = quote.rule
    named = ["rule=" + rule, "type=" + quote.type, "source=" + _kind(annotation, quote, source)]
    named.append(f"{rule}&{named[-1]}")
    main = next((t for t in reversed(cue) if t.upos in ("VERB", "NOUN", "ADJ")), cue[-1] if cue else None)
    if main is not None:
        lemma = main.lemma.lower() or main.text.lower()
        form = main.feats.get("VerbForm", main.upos) + main.feats.get("Tense", "")
        named += [f"cue={lemma}", f"{rule}&cue={lemma}", f"cue-form={form}", f"cue-relation={main.deprel}"]
        named.append(f"cue-words={min(len(cue), 4)}")
        if source:
            named.append("source-before" if source[0].span.start < main.span.start else "source-after")
    length = next((edge for edge in LENGTHS if len(content) <= edge), LENGTHS[-1] + 1)
    named += [f"length<={length}", f"{rule}&length<={length}", f"spans={min(len(quote.content), 3)}"]
    if content:
        first, last = content[0], content[-1]
        named += [f"first={first.text.lower()}", f"first-is={first.upos}", f"last-is={last.upos}"]
        named.append(f"{rule}&first-is={first.upos}")
        finite = any(token.feats.get("VerbForm") == "Fin" for token in content)
        named.append(f"{rule}&finite={finite}")
    end = quote.content[-1].end
    rest = annotation.text[end : end + 2]
    named.append("then=" + ("end" if not rest.strip() else rest[0] if not rest[0].isalnum() else "word"))
    at = bisect_left(starts, quote.content[0].start)
    if at < len(tokens):
        sentence = tokens[at][1]
        stop = annotation.text[sentence.span.end - 1]
        named.append("headline" if stop.isalnum() else "sentence")
    named.append("names" if _names(annotation, quote.content) else "no-names")
    return tuple(named)


def _kind(annotation: Annotation, quote: Quote, source: Sequence[Token]) -> str:
    if not source:
        return "none"
    if len(source) == 1 and source[0].upos == "PRON":
        return "pronoun:" + source[0].text.lower()
    return "named" if _names(annotation, quote.source) else "described"


def _names(annotation: Annotation, spans: Sequence[Span]) -> bool:
    """Whether a person or an organisation is named in some spans."""
    mentions = annotation.mentions
    for span in spans:
        at = bisect_left(mentions, span.start, key=lambda mention: mention.span.start)
        while at < len(mentions) and mentions[at].span.start < span.end:
            if mentions[at].kind in ("person", "organisation"):
                return True
            at += 1
    return False
