"""Joins the rooms: articles, read, into the store, then into statements; and what people correct there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from quotetrack import __version__, cluster
from quotetrack.reading import Extractor, Read, Settings, batches, extract
from quotetrack.store import ClusterReport, Store, StoreError
from quotetrack.store.corrections import Correction
from quotetrack.store.identity import article_uid
from quotetrack.store.index import ClusterIndex
from quotetrack.types import Article, Edge, Failure, Occurrence, Quote

__all__ = [
    "Extractor",
    "Read",
    "Report",
    "Settings",
    "add",
    "batches",
    "cluster_new",
    "correct",
    "extract",
    "match",
    "outermost",
    "recluster",
    "statements",
    "undo",
]


@dataclass(slots=True)
class Report:
    """What `add` did: counts of articles and quotes, what was refused, and the clustering after it."""

    added: int = 0
    known: int = 0
    changed: int = 0
    quotes: int = 0
    failures: list[Failure] = field(default_factory=list)
    clustering: ClusterReport | None = None


def add(
    items: Iterable[Article | Failure],
    store: Store,
    settings: Settings,
    *,
    workers: int = 1,
    progress: Callable[[Report], None] = lambda _: None,
) -> Report:
    """Add articles to the archive: one transaction an article, known ones skipped before any model runs.

    What was refused is recorded in `failures` and returned. Afterwards reprints are linked and whatever
    has no statement yet is clustered, so that an interrupted run is finished by the next.
    """
    report = Report()
    run = store.begin_run(__version__, {}, _describe(settings))
    labels: dict[str, str] = {}
    standing: set[str] = set()  # articles whose present text these sources hold
    returned: dict[str, Article] = {}  # articles of which they hold an earlier text

    def refuse(failure: Failure) -> None:
        store.fail(failure, run)
        report.failures.append(failure)

    def keep(read: Read) -> None:
        try:
            quotes = outermost(read.quotes) if read.models else read.quotes  # given quotes are kept as given
            recorded = store.record(read.article, read.language, quotes, run=run)
        except StoreError as problem:
            refuse(Failure(read.article.origin, str(problem)))
            return
        report.added += recorded.state == "new"
        report.changed += recorded.state in ("changed", "returned")
        report.known += recorded.state == "known"
        report.quotes += recorded.quotes
        if read.models and labels.get(read.language) != read.models:
            labels[read.language] = read.models
            store.note_models(run, labels)

    def unknown() -> Iterator[Article | Failure]:
        for item in items:
            if isinstance(item, Failure):
                yield item
                continue
            state = store.state_of(item)
            if state == "returned":
                returned[article_uid(item)] = item
            else:
                standing.add(article_uid(item))
            if state in ("known", "returned"):
                report.known += 1
                progress(report)
            else:
                yield item
        # An outlet went back to an earlier text, unless the text of today stood in these sources as well.
        for uid, item in returned.items():
            if uid not in standing:
                report.known -= 1
                yield item

    for result in extract(unknown(), settings, workers=workers):
        if isinstance(result, Failure):
            refuse(result)
        else:
            keep(result)
        progress(report)
    report.clustering = cluster_new(store)
    return report


def outermost(quotes: Sequence[Quote]) -> list[Quote]:
    """The quotes without those that are part of another one of the same source: said once, counted once.

    A quotation within a quote that has a source of its own stays.
    """
    return [
        quote
        for quote in quotes
        if not any(
            other is not quote
            and other.source == quote.source
            and sum(map(len, other.content)) > sum(map(len, quote.content))
            and all(any(whole.covers(part) for whole in other.content) for part in quote.content)
            for other in quotes
        )
    ]


def cluster_new(store: Store) -> ClusterReport:
    """Link reprints and give every occurrence without a statement its own."""
    store.link_reprints(cluster.article_keys, cluster.is_reprint)
    return store.cluster_new(cluster)


def recluster(store: Store) -> ClusterReport:
    """Build every statement from scratch; public uids stay."""
    return store.rebuild_clusters(cluster)


def correct(store: Store, correction: Correction, *, author: str, reason: str) -> int:
    """Apply what a person decided; returns the correction's number. Raises StoreError."""
    return store.correct(correction, cluster, author=author, reason=reason)


def undo(store: Store, number: int, *, author: str, reason: str) -> int:
    """Take a correction back; returns the number of the undo. Raises StoreError."""
    return store.undo(number, cluster, author=author, reason=reason)


def statements(quotes: Sequence[Occurrence]) -> Iterator[dict[str, object]]:
    """Cluster loose quotes; one record a quote, in the order given.

    Keys: id, statement, similarity (0 to 1, to the statement's canonical quote), decision ("same" as that
    quote; "new": it is that quote; "unsure": alone, though much like another), why. Uids must be unique.
    """
    clustering = cluster.cluster(quotes)
    by_uid = {quote.uid: quote for quote in quotes}
    assigned = cluster.reconcile({}, clustering.groups, by_uid)
    home = {uid: statement for statement in assigned.statements for uid in statement.members}
    canonical = {
        statement.uid: cluster.canonical(by_uid[uid] for uid in statement.members)
        for statement in assigned.statements
    }
    doubts: dict[str, Edge] = {}
    for edge in clustering.edges:
        if edge.judgement == "unsure":
            doubts.setdefault(edge.a, edge)
            doubts.setdefault(edge.b, edge)
    for quote in quotes:
        statement = home[quote.uid]
        fullest = canonical[statement.uid]
        doubt = doubts.get(quote.uid) if len(statement.members) == 1 else None
        if quote.uid != fullest.uid:
            edge = cluster.judge(quote, fullest)
            yield _matched(quote.uid, statement.uid, edge.similarity, "same", edge.why)
        elif doubt:
            other = doubt.a if doubt.b == quote.uid else doubt.b
            yield _matched(quote.uid, statement.uid, 1.0, "unsure", f"like {other}: {doubt.why}")
        else:
            yield _matched(quote.uid, statement.uid, 1.0, "new", "the fullest of its statement")


def match(quotes: Iterable[Occurrence], store: Store) -> Iterator[dict[str, object]]:
    """The archive's statement of each loose quote, without adding any; decision "new" where there is none."""
    archive = ClusterIndex(store.conn)
    for quote in quotes:
        if found := cluster.match(quote, archive):
            statement, edge = found
            yield _matched(quote.uid, statement, edge.similarity, edge.judgement, edge.why)
        else:
            yield _matched(quote.uid, None, 0.0, "new", "nothing in the archive matches")


def _matched(
    uid: str, statement: str | None, similarity: float, decision: str, why: str
) -> dict[str, object]:
    return {"id": uid, "statement": statement, "similarity": similarity, "decision": decision, "why": why}


def _describe(settings: Settings) -> dict[str, object]:
    return {"prefer": settings.prefer, "language": settings.language, "given": settings.given}
