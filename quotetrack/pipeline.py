"""Joins the rooms: articles, read, into the store, then into statements; and what people correct there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from quotetrack import __version__, cluster
from quotetrack.ingest import Visits
from quotetrack.reading import Extractor, Read, Settings, batches, extract, extract_together
from quotetrack.store import ClusterReport, Store, StoreError, carried
from quotetrack.store.corrections import Correction
from quotetrack.store.identity import article_uid
from quotetrack.store.index import ClusterIndex
from quotetrack.store.record import Recorded, State
from quotetrack.types import Article, Edge, Failure, Occurrence, Quote

__all__ = [
    "Extractor",
    "Read",
    "Report",
    "Settings",
    "Wanted",
    "add",
    "batches",
    "cluster_new",
    "correct",
    "extract",
    "match",
    "outermost",
    "preview",
    "recluster",
    "statements",
    "undo",
]


@dataclass(slots=True)
class Report:
    """What `add` did: counts of articles and quotes, what was refused, and the clustering after it.

    older: published before the day asked for; unchanged: documents of the web that are what they were when
    they were last read; limited: whether it stopped at the number of articles asked for.
    """

    added: int = 0
    known: int = 0
    changed: int = 0
    older: int = 0
    unchanged: int = 0
    quotes: int = 0
    limited: bool = False
    failures: list[Failure] = field(default_factory=list)
    clustering: ClusterReport | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles are added. since: the first day, an ISO 8601 date or the start of one; articles without
    a date pass. limit: how many new or changed ones at the most.
    """

    since: str = ""
    limit: int | None = None

    def passes(self, article: Article) -> bool:
        return article.published is None or article.published[: len(self.since)] >= self.since


TOGETHER = 100  # articles written in one transaction at the most: a third of a second, others wait meanwhile
VISITS = 200  # articles after which it is noted which documents of the web need not be fetched again


def add(
    items: Iterable[Article | Failure],
    store: Store,
    settings: Settings,
    *,
    wanted: Wanted = Wanted(),
    visits: Visits | None = None,
    workers: int = 1,
    progress: Callable[[Report], None] = lambda _: None,
) -> Report:
    """Add articles to the archive, known ones skipped before any model runs: those that were read in one call
    are written in one transaction, up to `TOGETHER` of them.

    What was refused is recorded in `failures` and returned. Afterwards reprints are linked and whatever
    has no statement yet is clustered, so that an interrupted run is finished by the next.
    visits: what `items` were read with, so that documents of the web are remembered once they arrived.
    """
    visits = visits or Visits()
    run = store.begin_run(__version__, {}, _describe(settings))
    adding = _Adding(store, visits, run, given=settings.given, _unchanged=visits.unchanged)
    for results in extract_together(adding.unknown(items, wanted), settings, workers=workers):
        for start in range(0, len(results), TOGETHER):
            adding.keep(results[start : start + TOGETHER])
            progress(adding.report)
    return adding.finished()


def preview(
    items: Iterable[Article | Failure], store: Store, wanted: Wanted = Wanted()
) -> Iterator[tuple[State, Article] | Failure]:
    """What `add` would meet, with the state of each article that is wanted; nothing is written."""
    left = wanted.limit
    for item in items:
        if isinstance(item, Failure):
            yield item
        elif wanted.passes(item):
            state = store.state_of(item)
            if state in ("new", "changed"):
                if left == 0:
                    return
                left = None if left is None else left - 1
            yield state, item


@dataclass(slots=True)
class _Adding:
    """One run of `add`: what came in, what of it is new, what became of it."""

    store: Store
    visits: Visits
    run: int
    given: bool = False  # whether what an export carries is taken
    report: Report = field(default_factory=Report)
    _unchanged: int = 0  # what `visits` had counted before
    _models: dict[str, str] = field(default_factory=dict)
    _standing: set[str] = field(default_factory=set)  # articles whose present text these sources hold
    _returned: dict[str, Article] = field(default_factory=dict)  # those of which they hold an earlier text
    _since_noted: int = 0

    def unknown(self, items: Iterable[Article | Failure], wanted: Wanted) -> Iterator[Article | Failure]:
        """What the archive does not have, as far as it is wanted."""
        count = 0
        for item in items:
            if isinstance(item, Failure):
                yield item
            elif not wanted.passes(item):
                self.report.older += 1
                yield from self._left_behind(item)
            elif not self._is_new(item):
                yield from self._taken(item)
            else:
                if count == wanted.limit:
                    self.report.limited = True
                    return
                count += 1
                yield item
        # An outlet went back to an earlier text, unless the text of today stood in these sources as well.
        for uid, item in self._returned.items():
            if uid not in self._standing:
                self.report.known -= 1
                yield item

    def _taken(self, item: Article) -> Iterator[Failure]:
        """What an exported article carries holds here as well, though the article is here already."""
        try:
            if self.given:
                self.store.take(item)
        except StoreError as problem:
            yield Failure(item.origin, str(problem))

    def _left_behind(self, item: Article) -> Iterator[Failure]:
        """What an export carries comes with its articles; corrections must not be lost silently."""
        if self.given and (lost := self.store.untaken(item)):
            yield Failure(item.origin, f"no new article: {lost} of the corrections that it carries not taken")

    def _is_new(self, item: Article) -> bool:
        state = self.store.state_of(item)
        if state == "returned":
            self._returned[article_uid(item)] = item
        else:
            self._standing.add(article_uid(item))
        if state in ("known", "returned"):
            self.report.known += 1
            self.visits.arrived(item)
            return False
        return True

    def keep(self, results: Iterable[Read | Failure]) -> None:
        """What was read together, in order: an article takes the failures of its origin before it back."""
        for kind, group in groupby(results, type):
            if kind is Read:
                self._keep([one for one in group if isinstance(one, Read)])
            for failure in (one for one in group if isinstance(one, Failure)):
                self.refuse(failure)

    def _keep(self, read: Sequence[Read]) -> None:
        recorded = self.store.record_all([self._as_kept(one) for one in read], run=self.run)
        for one, result in zip(read, recorded, strict=True):
            if isinstance(result, StoreError):
                self.refuse(Failure(one.article.origin, str(result)))
            else:
                self._count(one, result)
        if self._since_noted >= VISITS:
            self._note_visits()

    def _as_kept(self, read: Read) -> tuple[Article, str, Sequence[Quote]]:
        if not read.models:
            return read.article, read.language, read.quotes  # given quotes are kept as given
        return carried.alone(read.article), read.language, outermost(read.quotes)

    def _count(self, read: Read, recorded: Recorded) -> None:
        self.report.added += recorded.state == "new"
        self.report.changed += recorded.state in ("changed", "returned")
        self.report.known += recorded.state == "known"
        self.report.quotes += recorded.quotes
        if read.models and self._models.get(read.language) != read.models:
            self._models[read.language] = read.models
            self.store.note_models(self.run, self._models)
        self.visits.arrived(read.article)
        self._since_noted += 1

    def refuse(self, failure: Failure) -> None:
        self.store.fail(failure, self.run)
        self.report.failures.append(failure)

    def finished(self) -> Report:
        self._note_visits()
        self.report.unchanged = self.visits.unchanged - self._unchanged
        self.report.clustering = cluster_new(self.store)
        return self.report

    def _note_visits(self) -> None:
        self._since_noted = 0
        if done := self.visits.completed():
            self.store.keep_visits(done)


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
    """Link reprints, give every occurrence without a statement its own, link translations."""
    store.link_reprints(cluster.article_keys, cluster.is_reprint)
    report = store.cluster_new(cluster)
    store.link_translations(cluster.translations)
    return report


def recluster(store: Store) -> ClusterReport:
    """Build every statement from scratch; public uids stay."""
    report = store.rebuild_clusters(cluster)
    store.link_translations(cluster.translations)
    return report


def correct(store: Store, correction: Correction, *, author: str, reason: str) -> int:
    """Apply what a person decided; returns the correction's number. Raises StoreError."""
    number = store.correct(correction, cluster, author=author, reason=reason)
    store.link_translations(cluster.translations)
    return number


def undo(store: Store, number: int, *, author: str, reason: str) -> int:
    """Take a correction back; returns the number of the undo. Raises StoreError."""
    undo_number = store.undo(number, cluster, author=author, reason=reason)
    store.link_translations(cluster.translations)
    return undo_number


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
    store.complete_index(cluster)
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
    said = {"prefer": settings.prefer, "language": settings.language, "given": settings.given}
    return said | ({"judges": [str(path) for path in settings.judges]} if settings.judges else {})
