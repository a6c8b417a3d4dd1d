"""Who one article says is speaking, and for whom, kept beside what the archive makes of it.

`occurrences.attribution` holds this as JSON, so that people can be resolved again (a better
resolver, an undone correction) without reading the article again:

  name, kind, rule, mention       the speaker; absent when unknown
  organisation, role, affiliation_rule, evidence
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from quotetrack.types import Affiliation, Person, PersonKind, Quote, QuoteType, Span

_KINDS: dict[str, PersonKind] = {"person": "person", "organisation": "organisation", "group": "group"}
_TYPES: dict[str, QuoteType] = {"direct": "direct", "indirect": "indirect", "mixed": "mixed"}


def attribution_json(speaker: Person | None, affiliation: Affiliation | None) -> str:
    found: dict[str, object] = {}
    if speaker is not None:
        found |= {"name": speaker.name, "kind": speaker.kind, "rule": speaker.rule}
        if speaker.mention is not None:
            found["mention"] = [speaker.mention.start, speaker.mention.end]
    if affiliation is not None:
        found |= {"organisation": affiliation.organisation, "role": affiliation.role}
        found["affiliation_rule"] = affiliation.rule
        if affiliation.evidence is not None:
            found["evidence"] = [affiliation.evidence.start, affiliation.evidence.end]
    return json.dumps({key: value for key, value in found.items() if value is not None}, ensure_ascii=False)


def speaker_of(attribution: str) -> Person | None:
    found = json.loads(attribution)
    if "name" not in found:
        return None
    return Person(found["name"], _KINDS[found["kind"]], _span(found.get("mention")), found["rule"])


def affiliation_of(attribution: str) -> Affiliation | None:
    found = json.loads(attribution)
    if "affiliation_rule" not in found:
        return None
    return Affiliation(
        found.get("organisation"), found.get("role"), _span(found.get("evidence")), found["affiliation_rule"]
    )


def spans_json(quote: Quote) -> str:
    """{"content": [[a, b], …], "cue": […], "source": […]}, code points into the article's text."""
    return json.dumps(
        {"content": pairs(quote.content), "cue": pairs(quote.cue), "source": pairs(quote.source)}
    )


def spans_of(spans: str) -> Mapping[str, tuple[Span, ...]]:
    return {key: tuple(Span(start, end) for start, end in value) for key, value in json.loads(spans).items()}


def pairs(spans: tuple[Span, ...]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def quote_of(type_: str, spans: str, confidence: float, rule: str, attribution: str) -> Quote:
    """The Quote that was recorded, from its columns in `occurrences`."""
    found = spans_of(spans)
    return Quote(
        _TYPES[type_],
        found["content"],
        found["cue"],
        found["source"],
        confidence,
        rule,
        speaker_of(attribution),
        affiliation_of(attribution),
    )


def _span(pair: list[int] | None) -> Span | None:
    return None if pair is None else Span(*pair)
