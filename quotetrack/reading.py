"""Articles → quotes with speakers and affiliations, in batches, in one process or in several."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from quotetrack import languages, models
from quotetrack.affiliations import affiliate
from quotetrack.cast import read_cast
from quotetrack.extract import find_marked, find_quotes, wants_tree
from quotetrack.ingest import identify_language
from quotetrack.languages import Pack
from quotetrack.learn import Judge, candidates, generous, judged, read_judge
from quotetrack.resolve import resolve, resolve_marked
from quotetrack.types import Annotation, Article, Failure, Quote

if TYPE_CHECKING:
    from quotetrack.annotate import Annotator

Prefer = Literal["auto", "bundled", "official"]
Item = Article | Failure

MARKS_ALONE = "marks alone"  # what read an article of a language without models
FIRST_BATCH = 6_000  # characters read in the first call, so that something is soon there; doubled each time
BATCH = 60_000  # characters read in one call at the most: enough to fill the models' batches, little memory
BATCH_ITEMS = 500  # items of one batch at the most, however short


@dataclass(frozen=True, slots=True)
class Settings:
    """How texts are read. official: the folder of official Stanza models, None for none."""

    language: str | None = None
    prefer: Prefer = "auto"
    official: Path | None = None
    given: bool = False  # take an article's own quotes instead of extracting
    threads: int = 1
    judges: tuple[Path, ...] = ()  # trained judges, one a language at the most; rules alone where none is


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
    _judges: dict[str, Judge] | None = None

    def read(self, items: Sequence[Item]) -> list[Read | Failure]:
        """One Read or Failure an item, in order; failures pass through. A text that breaks a model never
        stops the rest."""
        results: dict[int, Read | Failure] = {}
        waiting: dict[str, list[tuple[int, Article]]] = {}
        for at, item in enumerate(items):
            if isinstance(item, Failure):
                results[at] = item
                continue
            code = self.settings.language or item.language or identify_language(item.text)
            if self.settings.given and item.quotes is not None:
                results[at] = Read(item, code, item.quotes)
            elif code in languages.codes() and not languages.load(code).grammar:
                results[at] = _by_marks(item, code)
            elif problem := self._missing(code):
                results[at] = Failure(item.origin, problem)
            else:
                waiting.setdefault(code, []).append((at, item))
        for code, placed in waiting.items():
            found = self._read([article for _, article in placed], code)
            results.update(zip((at for at, _ in placed), found, strict=True))
        return [results[at] for at in range(len(items))]

    def _read(self, articles: Sequence[Article], code: str) -> list[Read | Failure]:
        pack = languages.load(code)
        judge = self._judge(code)
        try:
            annotations = self.annotate([article.text for article in articles], code)
            found: list[Read | Failure] = []
            for article, annotation in zip(articles, annotations, strict=True):
                quotes = find_quotes(annotation, pack)
                if judge is not None:
                    quotes = judged(judge, annotation, proposals(annotation, pack, quotes))
                cast = read_cast(annotation, pack, [span for quote in quotes for span in quote.source])
                quotes = affiliate(annotation, resolve(annotation, quotes, pack, cast), pack, cast)
                found.append(Read(article, code, tuple(quotes), annotation.models))
        except Exception as problem:  # noqa: BLE001 - recorded as that article's failure; the rest goes on
            if len(articles) == 1:
                reason = f"could not be read: {type(problem).__name__}: {problem}"
                return [Failure(articles[0].origin, reason)]
            return [result for article in articles for result in self._read([article], code)]
        return found

    def annotate(self, texts: Sequence[str], code: str) -> list[Annotation]:
        """What the models say of some texts. Raises LookupError where there are none for the language."""
        if problem := self._missing(code):
            raise LookupError(problem)
        pack = languages.load(code)
        return self._annotators[code].annotate(
            texts, lambda tokens, mentions: wants_tree(tokens, mentions, pack)
        )

    def _judge(self, code: str) -> Judge | None:
        """The judge of a language; reads all of them when first asked. Raises JudgeError for what is none."""
        if self._judges is None:
            self._judges = {judge.language: judge for judge in map(read_judge, self.settings.judges)}
        return self._judges.get(code)

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


def _by_marks(article: Article, code: str) -> Read:
    """What is found without models, for a language whose pack knows its marks only."""
    pack = languages.load(code)
    quotes = resolve_marked(find_marked(article.text, pack), article.text, pack)
    return Read(article, code, tuple(quotes), MARKS_ALONE)


def proposals(annotation: Annotation, pack: Pack, quotes: Sequence[Quote]) -> list[Quote]:
    """What a judge chooses from: the quotes that the rules keep and those that they would keep with every
    word as a cue."""
    return candidates(quotes, find_quotes(annotation, generous(pack)))


def batches(items: Iterable[Item], characters: int = BATCH) -> Iterator[list[Item]]:
    """Cut a stream into lists of about so many characters; the first ones are shorter."""
    batch: list[Item] = []
    size, limit = 0, min(FIRST_BATCH, characters)
    for item in items:
        batch.append(item)
        size += len(item.text) if isinstance(item, Article) else 0
        if size >= limit or len(batch) >= BATCH_ITEMS:
            yield batch
            batch, size, limit = [], 0, min(2 * limit, characters)
    if batch:
        yield batch


def extract(items: Iterable[Item], settings: Settings, *, workers: int = 1) -> Iterator[Read | Failure]:
    """Read a stream of articles, in order; failures pass through.

    workers: processes, each with models of its own; at most two batches wait for each. An article whose
    worker dies is a Failure; what died with it is read again.
    """
    if workers <= 1:
        for batch in batches(items):
            yield from _read(batch, settings)
    else:
        yield from _extract_with_workers(items, settings, workers)


def _extract_with_workers(
    items: Iterable[Item], settings: Settings, workers: int
) -> Iterator[Read | Failure]:
    pool = _pool(workers)
    running: deque[tuple[list[Item], Future[list[Read | Failure]]]] = deque()
    try:
        for batch in batches(items):
            try:
                future = pool.submit(_read, batch, settings)
            except BrokenProcessPool:
                pool = _pool(workers)
                future = pool.submit(_read, batch, settings)
            running.append((batch, future))
            if len(running) >= 2 * workers:
                yield from _results(*running.popleft(), settings)
        while running:
            yield from _results(*running.popleft(), settings)
    finally:
        pool.shutdown(cancel_futures=True)


def _results(
    batch: list[Item], future: Future[list[Read | Failure]], settings: Settings
) -> Iterator[Read | Failure]:
    """A batch's results; when its worker died, each article is read by itself to find the one at fault."""
    try:
        yield from future.result()
    except BrokenProcessPool:
        pool = _pool(1)
        for item in batch:
            try:
                yield from pool.submit(_read, [item], settings).result()
            except BrokenProcessPool:
                pool = _pool(1)
                yield Failure(item.origin, "the process reading it died (out of memory?)")
        pool.shutdown()


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_ignore_interrupts)


def _ignore_interrupts() -> None:
    """Ctrl-C is for the process that writes; workers end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


_extractors: dict[Settings, Extractor] = {}  # this process's models, by settings; loading takes seconds


def _read(batch: list[Item], settings: Settings) -> list[Read | Failure]:
    if settings not in _extractors:
        _extractors[settings] = Extractor(settings)
    return _extractors[settings].read(batch)
