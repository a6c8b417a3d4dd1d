"""Values → the contract's JSON: one article a line, with its quotes. (`ingest.jsonl` reads it back.)"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from quotetrack.types import Article, Quote, Silence, Span


def article_record(
    article: Article, language: str, quotes: Iterable[Quote], silences: Sequence[Silence] = ()
) -> dict[str, object]:
    """An article as a line of JSONL: known fields that have a value, the document's own keys, its quotes, and
    who is told to have said nothing where there are such."""
    known = {
        "doc_id": article.doc_id,
        "lang": language,
        "text": article.text,
        "url": article.url,
        "canonical_url": article.canonical_url if article.canonical_url != article.url else None,
        "outlet": article.outlet,
        "title": article.title,
        "published": article.published,
        "author": article.author,
    }
    present = {key: value for key, value in known.items() if value is not None}
    record = {**article.extra, **present, "quotes": [quote_record(quote) for quote in quotes]}
    if silences:
        record["silences"] = [silence_record(silence) for silence in silences]
    return record


def quote_record(quote: Quote) -> dict[str, object]:
    """A quote as in JSONL; spans are [start, end) pairs, an unknown speaker is null.

    name_span: where the article gives the speaker's name; evidence_span: what shows the affiliation.
    """
    speaker, affiliation = quote.speaker, quote.affiliation
    record: dict[str, object] = {
        "type": quote.type,
        "content_spans": _pairs(quote.content),
        "cue_spans": _pairs(quote.cue),
        "speaker_spans": _pairs(quote.source),
        "speaker_name": speaker.name if speaker else None,
        "affiliation": affiliation.organisation if affiliation else None,
        "role": affiliation.role if affiliation else None,
        "confidence": round(quote.confidence, 3),
        "rule": quote.rule,
    }
    if speaker:
        record |= {"speaker_kind": speaker.kind, "speaker_rule": speaker.rule}
        if speaker.mention:
            record["name_span"] = _pairs([speaker.mention])[0]
    if quote.language:
        record["lang"] = quote.language
    if affiliation:
        record["affiliation_rule"] = affiliation.rule
        if affiliation.evidence:
            record["evidence_span"] = _pairs([affiliation.evidence])[0]
    return record


def silence_record(silence: Silence) -> dict[str, object]:
    """A silence as in JSONL: the words that tell it, whose it is, how it was told."""
    return {
        "cue_spans": _pairs(silence.cue),
        "speaker_spans": _pairs(silence.source),
        "rule": silence.rule,
    }


def _pairs(spans: Sequence[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]
