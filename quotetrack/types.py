"""The values that walk through the house: frozen, comparable, without any I/O.

Every offset counts Unicode code points into an article's stored text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

QuoteType = Literal["direct", "indirect", "mixed"]
PersonKind = Literal["person", "organisation", "group"]
MentionKind = Literal["person", "organisation", "place", "other"]
Judgement = Literal["same", "different", "unsure"]
EdgeKind = Literal["comparison", "said before", "translation"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range [start, end) of Unicode code points in an article's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"empty or reversed span: {self.start}..{self.end}")

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def __len__(self) -> int:
        return self.end - self.start


# --------------------------------------------------------------------- what was read


@dataclass(frozen=True, slots=True)
class Article:
    """One document as it was read. `origin` names where, for errors: a path, a URL, `FILE:LINE`.

    published: ISO 8601, a date or a moment (UTC where the zone was given).
    quotes: what the document itself says it quotes (JSONL `quotes`); None when it says nothing.
    extra: keys of the document that quotetrack has no field for, kept for `export`.
    """

    origin: str
    text: str
    doc_id: str | None = None
    url: str | None = None
    canonical_url: str | None = None
    outlet: str | None = None
    title: str | None = None
    published: str | None = None
    author: str | None = None
    language: str | None = None
    quotes: tuple[Quote, ...] | None = None
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Hex digest of the text in UTF-8."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that was refused: where it came from and why, in words a user can act on."""

    origin: str
    reason: str


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """Somebody whom a newsroom knows: one row of a roster.

    origin: where it stands ("roster.csv:7"); wikidata: "Q42"; uid: the archive's own, as `people export`
    writes it. Empty texts are unknown.
    """

    origin: str
    name: str
    aliases: tuple[str, ...] = ()
    kind: PersonKind = "person"
    wikidata: str = ""
    affiliation: str = ""
    role: str = ""
    uid: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a server said of a document when it was last read whole, so that it need not send it again.

    url: as it was asked for; location: where it was found, redirects followed.
    etag, modified: its validators, as they were sent (RFC 9110). fresh_until: UTC,
    "2025-03-04T10:00:00Z"; a watch leaves it alone until then.
    """

    url: str
    location: str
    etag: str | None
    modified: str | None
    fresh_until: str


# --------------------------------------------------------------------- what the models saw


@dataclass(frozen=True, slots=True)
class Token:
    """One syntactic word. Words of one contraction ("zum", "don't") share their span.

    lemma, upos, feats, deprel: Universal Dependencies; "" or empty where not annotated.
    head: index in the sentence's tokens; -1 for the root and in unparsed sentences.
    """

    span: Span
    text: str
    lemma: str = ""
    upos: str = ""
    feats: Mapping[str, str] = field(default_factory=dict)
    head: int = -1
    deprel: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """parsed: whether the tokens carry tags and trees, or forms and spans alone."""

    span: Span
    tokens: tuple[Token, ...]
    parsed: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A span that names someone or something; `kind` as the name finder saw it."""

    span: Span
    kind: MentionKind


@dataclass(frozen=True, slots=True)
class Annotation:
    """What the models say of one text. Sentences and mentions stand in reading order.

    models: what made it, e.g. "bundled de 72bab21e"; goes into `runs`.
    """

    text: str
    language: str
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...] = ()
    models: str = ""


# --------------------------------------------------------------------- who said what


@dataclass(frozen=True, slots=True)
class Person:
    """A resolved speaker: a person, an organisation or a named group.

    name: the fullest proper name the article gives, without titles.
    mention: the span that gives that name; rule: how the source led there
    ("full name", "surname", "pronoun", …).
    """

    name: str
    kind: PersonKind = "person"
    mention: Span | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Affiliation:
    """For whom a speaker speaks, as the article writes it; `evidence` is the span that shows it."""

    organisation: str | None = None
    role: str | None = None
    evidence: Span | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """One quoted statement as found in a text: an attribution of content to a source by a cue.

    content: one span, or several where the cue interrupts; quotation marks are outside.
    cue, source: empty when the text shows none.
    confidence: 0 to 1; rule: which rule or model found it, e.g. "direct/inverted".
    speaker, affiliation: filled by `resolve` and `affiliations`; None is unknown.
    language: where it is in another one than its article.
    """

    type: QuoteType
    content: tuple[Span, ...]
    cue: tuple[Span, ...] = ()
    source: tuple[Span, ...] = ()
    confidence: float = 1.0
    rule: str = ""
    speaker: Person | None = None
    affiliation: Affiliation | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        if not self.content:
            raise ValueError("a quote without content")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence outside 0..1: {self.confidence}")


@dataclass(frozen=True, slots=True)
class Silence:
    """Somebody of whom a text says that nothing was said: `Weber declined to comment`. Not a quote.

    cue: the words that tell it; source: whose silence, as it stands in the text; rule: how it was told,
    e.g. "silence/declined".
    """

    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    rule: str


# --------------------------------------------------------------------- across articles


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One quote in one article, as clustering and the store see it.

    speaker: the resolved full name or None; person: the uid of the archive's person or None.
    published: ISO 8601 or None; article, outlet: uid of the article, name of the outlet.
    form: its text as clustering read it before, for clustering alone.
    """

    uid: str
    text: str
    type: QuoteType = "direct"
    speaker: str | None = None
    person: str | None = None
    published: str | None = None
    outlet: str | None = None
    language: str | None = None
    article: str | None = None
    form: bytes | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Edge:
    """A comparison of two occurrences (uids, a < b) and what came of it.

    similarity: 0 to 1; by: "quotetrack" or the name of the person who judged.
    why: what matched and what spoke against, for a reader. kind: "said before" and "translation" link two
    statements that stay two.
    """

    a: str
    b: str
    similarity: float
    judgement: Judgement
    by: str = "quotetrack"
    why: str = ""
    kind: EdgeKind = "comparison"


@dataclass(frozen=True, slots=True)
class Statement:
    """One utterance: its occurrences (uids) and the fullest one, whose text is canonical."""

    uid: str
    canonical: str
    members: tuple[str, ...]


# --------------------------------------------------------------------- shared derivations


def content_text(text: str, spans: Sequence[Span]) -> str:
    """The words of a content: its spans in order, with the mark at which the cue interrupted them.

    A mark that a new paragraph reopens is not among them.
    “We wait,” she said. “Nobody came.” → We wait. Nobody came; „Das eine“, sagte er, „das andere“ → Das
    eine, das andere; “We,” she said, “will wait” → We will wait.
    """
    pieces = [_REOPENED.sub("\n\n", span.of(text)) for span in spans[:1]]
    for before, after in pairwise(spans):
        between = text[before.end : after.start].strip(_AROUND)
        if not pieces[-1].endswith(_CLOSING) and between:
            paused = "," in (between[0], between[-1]) and len(pieces[-1].split()) > 2
            pieces[-1] += "." if between[-1] in ".!?" else "," if paused else ""
        pieces.append(_REOPENED.sub("\n\n", after.of(text)))
    return " ".join(pieces)


_REOPENED = re.compile(r"""[ \t]*\n\s*["'`‘‚“„«»‹›]+(?=\S)""")  # a quotation goes on in the next line
_CLOSING = (".", "!", "?", "…", ",", ";", ":", "–", "—")
_AROUND = " \n\t\u00a0\"'`‘’‚‛“”„‟«»‹›「『』」《》〈〉()[]"  # spaces and marks around a cue
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # no 0/o, 1/l/i, u: read aloud and retyped safely


def uid_of(*parts: str, length: int = 12) -> str:
    """A short, URL-safe id that only depends on `parts` (about 4.9 bits a character)."""
    number = int.from_bytes(hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest())
    letters = []
    for _ in range(length):
        number, digit = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[digit])
    return "".join(letters)
