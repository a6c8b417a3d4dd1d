"""JSON Lines, one article a line: quotetrack's own format of exchange."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import NoReturn

from quotetrack.ingest.canonical import canonical_url
from quotetrack.ingest.dates import iso_date
from quotetrack.ingest.decode import checked, lone_surrogate, moved, moves, tidy
from quotetrack.ingest.ids import Ids
from quotetrack.ingest.language import language_code
from quotetrack.ingest.limits import MAX_LINE, Refused
from quotetrack.ingest.source import Found, Source
from quotetrack.types import Affiliation, Article, Failure, Person, PersonKind, Quote, QuoteType, Span

_FIELDS = (
    "doc_id",
    "text",
    "url",
    "canonical_url",
    "outlet",
    "title",
    "published",
    "author",
    "lang",
    "quotes",
)
_TYPES: dict[str, QuoteType] = {"direct": "direct", "indirect": "indirect", "mixed": "mixed"}
"""Other schemes know finer kinds ("reported", "free_indirect"): each is indirect here, named in the rule."""

_KINDS: dict[str, PersonKind] = {"person": "person", "organisation": "organisation", "group": "group"}

_BLANK = b" \t\r\n"


def read_jsonl(source: Source) -> Found:
    """Read articles line by line; a bad line is a Failure `ORIGIN:LINE` and the rest goes on.

    A file that holds one JSON document over several lines (an article, or a list of them) is
    read as such. Memory: one line, at most MAX_LINE bytes.
    """
    ids = Ids(source.options.outlet)
    number = seen = 0
    while line := source.stream.readline(MAX_LINE + 1):
        number += 1
        origin = f"{source.origin}:{number}"
        if len(line) > MAX_LINE:
            yield Failure(origin, f"line longer than the limit of {MAX_LINE:,} bytes")
            while line and not line.endswith(b"\n"):
                line = source.stream.readline(MAX_LINE)
            continue
        if number == 1 and line.startswith((b"\xff\xfe", b"\xfe\xff")):
            yield Failure(source.origin, "wrong encoding: JSONL in UTF-16, save it as UTF-8")
            return
        line = line.removeprefix(b"\xef\xbb\xbf").strip(_BLANK)
        if not line:
            continue
        seen += 1
        try:
            if seen == 1 and (documents := _spread(line, source)) is not None:
                yield from _listed(documents, source.origin, ids)
                return
            yield ids.checked(article(parse(line), origin), number)
        except Refused as refusal:
            yield Failure(origin, str(refusal))
    if not seen:
        yield Failure(source.origin, "empty file")


def article(record: Mapping[str, object], origin: str) -> Article:
    """The Article of one JSON object (the contract's keys); raises Refused with what is wrong."""
    for key, value in record.items():
        _storable(key, value)
    given = _string(record, "text")
    if given is None:
        raise Refused('no "text"')
    text = checked(tidy(given))
    published = _string(record, "published")
    extra = {key: value for key, value in record.items() if key not in _FIELDS}
    moment = iso_date(published)
    if published and moment is None:
        extra["published_unreadable"] = published
    url = _string(record, "url")
    canonical = _string(record, "canonical_url") or url
    return Article(
        origin,
        text,
        doc_id=_string(record, "doc_id"),
        url=url,
        canonical_url=canonical_url(canonical) if canonical else None,
        outlet=_string(record, "outlet"),
        title=_string(record, "title"),
        published=moment,
        author=_string(record, "author"),
        language=language_code(_string(record, "lang")),
        quotes=_quotes(record.get("quotes"), given),
        extra=extra,
    )


def parse(line: bytes) -> dict[str, object]:
    """One JSON object; raises Refused when it is anything else."""
    value = _load(line)
    if not isinstance(value, dict):
        raise Refused(f"not a JSON object but {_named(value)}")
    return value


def _load(data: bytes) -> object:
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise Refused(f"wrong encoding: not UTF-8 at byte {error.start} of the line") from error
    except json.JSONDecodeError as error:
        raise Refused(f"not JSON: {error.msg} at column {error.colno}") from error
    except (ValueError, RecursionError) as error:
        raise Refused(f"not JSON that can be read: {error}") from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")


def _spread(line: bytes, source: Source) -> Iterable[object] | None:
    """The documents of a file that is one JSON value over one or many lines; None for JSONL.

    Looks beyond the first line only when that is no whole value, and then takes the rest in.
    """
    if line.startswith(b"{") and line.endswith(b"}"):
        return None
    if not line.startswith((b"{", b"[")):
        return None
    rest = source.stream.read(MAX_LINE + 1)
    if len(rest) > MAX_LINE:
        raise Refused(f"the first line is no whole JSON value, and the file exceeds {MAX_LINE:,} bytes")
    value = _load(line + b"\n" + rest)
    return value if isinstance(value, list) else [value]


def _listed(documents: Iterable[object], origin: str, ids: Ids) -> Found:
    for number, value in enumerate(documents, 1):
        where = f"{origin}:{number}"
        try:
            if not isinstance(value, dict):
                raise Refused(f"not a JSON object but {_named(value)}")
            yield ids.checked(article(value, where), number)
        except Refused as refusal:
            yield Failure(where, str(refusal))


def _string(record: Mapping[str, object], key: str) -> str | None:
    value = record.get(key)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and key == "doc_id":
        return str(value)
    if not isinstance(value, str):
        raise Refused(f'"{key}" is {_named(value)}, not a string')
    return value if key == "text" else tidy(value).strip() or None


def _storable(key: str, value: object) -> None:
    """Raise Refused when a string anywhere in `value` holds half a surrogate pair."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if (offset := lone_surrogate(text)) is not None:
        raise Refused(f"lone surrogate at offset {offset}" + ("" if key == "text" else f' of "{key}"'))
    if lone_surrogate(key) is not None:
        raise Refused(f"lone surrogate in the key {key!r}")


def _named(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, list) else "an object"


# --------------------------------------------------------------------- quotes


def _quotes(value: object, given: str) -> tuple[Quote, ...] | None:
    """The quotes of the record, their spans moved from the `given` text into the tidied one."""
    if value is None:
        return None
    if not isinstance(value, list):
        raise Refused(f'"quotes" is {_named(value)}, not a list')
    removed = moves(given)
    return tuple(_quote(item, f"quote {number}", given, removed) for number, item in enumerate(value, 1))


def _quote(value: object, name: str, given: str, removed: list[int]) -> Quote:
    if not isinstance(value, dict):
        raise Refused(f"{name} is {_named(value)}, not an object")
    kind = value.get("type", "direct")
    if not isinstance(kind, str):
        raise Refused(f"{name}: type is {_named(kind)}, not a string")
    confidence = value.get("confidence")
    if confidence is None:
        confidence = 1.0
    if isinstance(confidence, bool) or not isinstance(confidence, (int, float)) or not 0 <= confidence <= 1:
        raise Refused(f"{name}: confidence {confidence!r} is no number from 0 to 1")
    content, cue, source = (
        _spans(value.get(key), f"{name}: {key}", given, removed)
        for key in ("content_spans", "cue_spans", "speaker_spans")
    )
    if not content:
        raise Refused(f"{name}: no content_spans")
    try:
        speaker, organisation = _string(value, "speaker_name"), _string(value, "affiliation")
        role, rule = _string(value, "role"), _string(value, "rule")
        speaker_rule, affiliation_rule = _string(value, "speaker_rule"), _string(value, "affiliation_rule")
        speaker_kind = _string(value, "speaker_kind") or "person"
        language = language_code(_string(value, "lang"))
    except Refused as refusal:
        raise Refused(f"{name}: {refusal}") from refusal
    if speaker_kind not in _KINDS:
        raise Refused(f"{name}: speaker_kind {speaker_kind!r} is none of {', '.join(_KINDS)}")
    mention, evidence = (
        next(iter(_spans([value[key]] if value.get(key) else None, f"{name}: {key}", given, removed)), None)
        for key in ("name_span", "evidence_span")
    )
    return Quote(
        _TYPES.get(kind, "indirect"),
        content,
        cue,
        source,
        confidence=float(confidence),
        rule=rule or ("given" if kind in _TYPES else f"given/{kind}"),
        speaker=Person(speaker, _KINDS[speaker_kind], mention, speaker_rule or "given") if speaker else None,
        affiliation=Affiliation(organisation, role, evidence, affiliation_rule or "given")
        if organisation or role
        else None,
        language=language,
    )


def _spans(value: object, name: str, given: str, removed: list[int]) -> tuple[Span, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise Refused(f"{name} is {_named(value)}, not a list of [start, end]")
    spans = []
    for pair in value:
        match pair:
            case [int(start), int(end)] if not isinstance(start, bool) and not isinstance(end, bool):
                if not 0 <= start < end <= len(given):
                    raise Refused(
                        f"{name}: [{start}, {end}] lies outside the text of {len(given)} characters"
                    )
                start, end = moved(start, removed), moved(end, removed)
                if start == end:
                    raise Refused(f"{name}: [{pair[0]}, {pair[1]}] holds control characters only")
                spans.append(Span(start, end))
            case _:
                raise Refused(f"{name}: {str(pair)[:60]} is not [start, end]")
    return tuple(sorted(spans))
