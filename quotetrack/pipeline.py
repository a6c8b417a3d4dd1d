"""Joins the rooms for a stream of articles: language → annotation → quotes → speakers → statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from quotetrack import __version__, cluster, languages, models
from quotetrack.affiliations import affiliate
from quotetrack.extract import find_quotes, wants_tree
from quotetrack.ingest import identify_language
from quotetrack.resolve import resolve
from quotetrack.store import ClusterReport, Store
from quotetrack.store.corrections import Correction
from quotetrack.store.index import ClusterIndex
from quotetrack.types import Article, Edge, Failure, Occurrence, Quote

if TYPE_CHECKING:
    from quotetrack.annotate import Annotator

Prefer = Literal["auto", "bundled", "official"]
BATCH = 60_000  # characters annotated in one call: enough to fill the models' batches, little memory


@dataclass(frozen=True, slots=True)
class Settings:
    """How texts are read. official: the folder of official Stanza models, None for none."""

    language: str | None = None
    prefer: Prefer = "auto"
    official: Path | None = None
    given: bool = False  # take an article's own quotes instead of extracting
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Read:
    """An article with its language and quotes; models: what annotated it ("" for given quotes)."""

    article: Article
    language: str
    quotes: tuple[Quote, ...]
    models: str = ""


@dataclass(slots=True)
class Extractor:
    """Articles → quotes with speakers and affiliations. Loads a language's models when first needed."""

    settings: Settings
    _annotators: dict[str, Annotator] = field(default_factory=dict)

    def read(self, articles: Sequence[Article]) -> list[Read | Failure]:
        """One Read or Failure an article, in order. A text that breaks a model never stops the rest."""
        results: dict[int, Read | Failure] = {}
        waiting: dict[str, list[int]] = {}
        for at, article in enumerate(articles):
            code = self.settings.language or article.language or identify_language(article.text)
            if self.settings.given and article.quotes is not None:
                results[at] = Read(article, code, article.quotes)
            elif problem := self._missing(code):
                results[at] = Failure(article.origin, problem)
            else:
                waiting.setdefault(code, []).append(at)
        for code, places in waiting.items():
            results.update(zip(places, self._read([articles[at] for at in places], code), strict=True))
        return [results[at] for at in range(len(articles))]

    def _read(self, articles: Sequence[Article], code: str) -> list[Read | Failure]:
        pack, annotator = languages.load(code), self._annotators[code]
        try:
            annotations = annotator.annotate(
                [article.text for article in articles],
                lambda tokens, mentions: wants_tree(tokens, mentions, pack),
            )
            found: list[Read | Failure] = []
            for article, annotation in zip(articles, annotations, strict=True):
                quotes = resolve(annotation, find_quotes(annotation, pack), pack)
                quotes = affiliate(annotation, quotes, pack)
                found.append(Read(article, code, tuple(quotes), annotation.models))
        except Exception as problem:  # noqa: BLE001 - recorded as that article's failure; the rest goes on
            if len(articles) == 1:
                return [
                    Failure(articles[0].origin, f"could not be read: {type(problem).__name__}: {problem}")
                ]
            return [result for article in articles for result in self._read([article], code)]
        return found

    def _missing(self, code: str) -> str | None:
        """Why a language cannot be read, or None; loads its models."""
        if code in self._annotators:
            return None
        if code == "und":
            return "its language could not be told: name it with --language"
        try:
            languages.load(code)
            chosen = models.find(code, self.settings.prefer, self.settings.official)
            self._annotators[code] = models.load(chosen, threads=self.settings.threads)
        except (LookupError, FileNotFoundError) as problem:
            return str(problem.args[0] if problem.args else problem)
        return None


def batches(articles: Iterable[Article], characters: int = BATCH) -> Iterator[list[Article]]:
    """Cut a stream of articles into lists of about so many characters."""
    batch: list[Article] = []
    size = 0
    for article in articles:
        batch.append(article)
        size += len(article.text)
        if size >= characters:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def extract(
    items: Iterable[Article | Failure], settings: Settings, *, workers: int = 1
) -> Iterator[Read | Failure]:
    """Read a stream of articles, failures passed on, in the order of the batches.

    workers: processes, each with models of its own; at most two batches wait for each.
    """
    refused: list[Failure] = []

    def articles() -> Iterator[Article]:
        for item in items:
            if isinstance(item, Failure):
                refused.append(item)
            else:
                yield item

    def drain() -> Iterator[Failure]:
        while refused:
            yield refused.pop(0)

    for results in _map(batches(articles()), settings, workers):
        yield from drain()
        yield from results
    yield from drain()


def _map(work: Iterator[list[Article]], settings: Settings, workers: int) -> Iterator[list[Read | Failure]]:
    if workers <= 1:
        extractor = Extractor(settings)
        yield from map(extractor.read, work)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running: list[Future[list[Read | Failure]]] = []
        for batch in work:
            running.append(pool.submit(_read_in_worker, batch, settings))
            if len(running) >= 2 * workers:
                yield running.pop(0).result()
        for future in running:
            yield future.result()


_extractors: dict[Settings, Extractor] = {}  # a worker process's own models, by settings


def _read_in_worker(batch: list[Article], settings: Settings) -> list[Read | Failure]:
    if settings not in _extractors:
        _extractors[settings] = Extractor(settings)
    return _extractors[settings].read(batch)


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

    def refuse(failure: Failure) -> None:
        store.fail(failure, run)
        report.failures.append(failure)

    def unknown() -> Iterator[Article | Failure]:
        for item in items:
            if isinstance(item, Article) and store.state_of(item) == "known":
                report.known += 1
                progress(report)
            else:
                yield item

    for result in extract(unknown(), settings, workers=workers):
        if isinstance(result, Failure):
            refuse(result)
        else:
            recorded = store.record(result.article, result.language, result.quotes, run=run)
            report.added += recorded.state == "new"
            report.changed += recorded.state == "changed"
            report.known += recorded.state == "known"
            report.quotes += recorded.quotes
            if result.models and labels.get(result.language) != result.models:
                labels[result.language] = result.models
                store.note_models(run, labels)
        progress(report)
    report.clustering = cluster_new(store)
    return report


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
