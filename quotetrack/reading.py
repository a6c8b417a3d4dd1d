"""Articles → quotes with speakers and affiliations, in batches, in one process or in several."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from quotetrack import languages, models
from quotetrack.affiliations import affiliate
from quotetrack.cast import read_cast
from quotetrack.extract import find_marked, find_quotes, find_silences, read, want_trees
from quotetrack.ingest import identify_language
from quotetrack.languages import Pack
from quotetrack.learn import Judge, candidates, generous, judged, read_judge
from quotetrack.resolve import resolve, resolve_marked
from quotetrack.searched import Part, parts_of
from quotetrack.types import Annotation, Article, Failure, Quote, Silence

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
    """An article with its language and quotes; models: what annotated it ("" for given quotes); silences:
    who is told to have said nothing."""

    article: Article
    language: str
    quotes: tuple[Quote, ...]
    models: str = ""
    silences: tuple[Silence, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """What one language's part of an article holds. problem: why it could not be read, or nothing."""

    language: str
    quotes: tuple[Quote, ...]
    models: str = ""
    problem: str = ""
    silences: tuple[Silence, ...] = ()


@dataclass(slots=True)
class Extractor:
    """Articles → quotes with speakers and affiliations. Loads a language's models when first needed."""

    settings: Settings
    annotators: dict[str, Annotator] = field(default_factory=dict)  # the languages' models that are loaded
    _judges: dict[str, Judge] | None = None

    def read(self, items: Sequence[Item]) -> list[Read | Failure]:
        """One Read or Failure an item, in order; failures pass through. A text that breaks a model never
        stops the rest."""
        results: dict[int, Read | Failure] = {}
        waiting: dict[str, list[tuple[int, Part]]] = {}
        order: dict[int, list[str]] = {}
        for at, item in enumerate(items):
            if isinstance(item, Failure):
                results[at] = item
                continue
            if self.settings.given and item.quotes is not None:
                code = self.settings.language or item.language or identify_language(item.text)
                results[at] = Read(item, code, item.quotes)
                continue
            parts = parts_of(
                item.text, asked=self.settings.language, said=item.language, readable=self._readable
            )
            if problem := self._missing(parts[0].language):
                results[at] = Failure(item.origin, problem)
                continue
            for part in parts:
                waiting.setdefault(part.language, []).append((at, part))
            order[at] = [part.language for part in parts]
        found: dict[tuple[int, str], _Found] = {}
        for code, placed in waiting.items():
            read = self._read([part for _, part in placed], code)
            found.update(((at, code), one) for (at, _), one in zip(placed, read, strict=True))
        for at, item in enumerate(items):
            if isinstance(item, Article) and at in order:
                results[at] = _together(item, [found[at, code] for code in order[at]])
        return [results[at] for at in range(len(items))]

    def _read(self, parts: Sequence[Part], code: str) -> list[_Found]:
        """The quotes of each part; a part that breaks something is read without the others."""
        pack = languages.load(code)
        if not pack.grammar:
            return [_by_marks(part, pack) for part in parts]
        judge = self._judge(code)
        try:
            annotations = self.annotate([part.text for part in parts], code)
            found = []
            for part, annotation in zip(parts, annotations, strict=True):
                laid_out = read(annotation, pack)
                quotes = find_quotes(annotation, pack, laid_out)
                if judge is not None:
                    quotes = judged(judge, annotation, proposals(annotation, pack, quotes))
                cast = read_cast(annotation, pack, [span for quote in quotes for span in quote.source])
                quotes = affiliate(annotation, resolve(annotation, quotes, pack, cast), pack, cast)
                silences = tuple(find_silences(annotation, pack, quotes, laid_out))
                found.append(_Found(part.language, tuple(quotes), annotation.models, silences=silences))
        except Exception as problem:  # noqa: BLE001 - recorded as that article's failure; the rest goes on
            if len(parts) == 1:
                reason = f"could not be read: {type(problem).__name__}: {problem}"
                return [_Found(code, (), problem=reason)]
            return [result for part in parts for result in self._read([part], code)]
        return found

    def _readable(self, code: str) -> bool:
        return self._missing(code) is None

    def annotate(self, texts: Sequence[str], code: str) -> list[Annotation]:
        """What the models say of some texts. Raises LookupError where there are none for the language."""
        if problem := self._missing(code):
            raise LookupError(problem)
        pack = languages.load(code)
        return self.annotators[code].annotate(texts, lambda text, ours: want_trees(text, ours, pack))

    def _judge(self, code: str) -> Judge | None:
        """The judge of a language; reads all of them when first asked. Raises JudgeError for what is none."""
        if self._judges is None:
            self._judges = {judge.language: judge for judge in map(read_judge, self.settings.judges)}
        return self._judges.get(code)

    def _missing(self, code: str) -> str | None:
        """Why a language cannot be read, or None; loads its models, if it needs any."""
        if code in self.annotators or (code in languages.codes() and not languages.load(code).grammar):
            return None
        if code == "und":
            return "its language could not be told: name it with --language"
        try:
            languages.load(code)
            chosen = models.find(code, self.settings.prefer, self.settings.official)
            self.annotators[code] = models.load(chosen, threads=self.settings.threads)
        except (LookupError, FileNotFoundError) as problem:
            return str(problem.args[0] if problem.args else problem)
        return None


def _by_marks(part: Part, pack: Pack) -> _Found:
    """What is found without models, for a language whose pack knows its marks only."""
    quotes = resolve_marked(find_marked(part.text, pack), part.text, pack)
    return _Found(part.language, tuple(quotes), MARKS_ALONE)


def _together(article: Article, found: Sequence[_Found]) -> Read | Failure:
    """An article from its parts, the first of which has the article's language."""
    if problem := next((part.problem for part in found if part.problem), ""):
        return Failure(article.origin, problem)
    own = found[0].language
    quotes = [
        quote if part.language == own else replace(quote, language=part.language)
        for part in found
        for quote in part.quotes
    ]
    quotes.sort(key=lambda quote: quote.content[0].start)
    silences = [silence for part in found for silence in part.silences]
    silences.sort(key=lambda silence: silence.cue[0].start)
    return Read(article, own, tuple(quotes), found[0].models, tuple(silences))


def proposals(annotation: Annotation, pack: Pack, quotes: Sequence[Quote]) -> list[Quote]:
    """What a judge chooses from: the quotes that the rules keep and those that they would keep with every
    word as a cue."""
    return candidates(quotes, find_quotes(annotation, generous(pack)))


def batches(items: Iterable[Item], characters: int = BATCH, first: int = FIRST_BATCH) -> Iterator[list[Item]]:
    """Cut a stream into lists of about so many characters; the first ones are shorter."""
    batch: list[Item] = []
    size, limit = 0, min(first, characters)
    for item in items:
        batch.append(item)
        size += len(item.text) if isinstance(item, Article) else 0
        if size >= limit or len(batch) >= BATCH_ITEMS:
            yield batch
            batch, size, limit = [], 0, min(2 * limit, characters)
    if batch:
        yield batch


def extract(items: Iterable[Item], settings: Settings, *, workers: int = 1) -> Iterator[Read | Failure]:
    """Read a stream of articles, in order; failures pass through. See `extract_together`."""
    return chain.from_iterable(extract_together(items, settings, workers=workers))


def extract_together(
    items: Iterable[Item], settings: Settings, *, workers: int = 1
) -> Iterator[list[Read | Failure]]:
    """`extract`, by what was read in one call.

    workers: processes, each with models of its own; at most two batches wait for each. An article whose
    worker dies is a Failure; what died with it is read again.
    """
    if workers <= 1:
        for batch in batches(items):
            yield _read(batch, settings)
    else:
        yield from _extract_with_workers(items, settings, workers)


def _extract_with_workers(
    items: Iterable[Item], settings: Settings, workers: int
) -> Iterator[list[Read | Failure]]:
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
                yield _results(*running.popleft(), settings)
        while running:
            yield _results(*running.popleft(), settings)
    finally:
        pool.shutdown(cancel_futures=True)


def _results(
    batch: list[Item], future: Future[list[Read | Failure]], settings: Settings
) -> list[Read | Failure]:
    """A batch's results; when its worker died, each article is read by itself to find the one at fault."""
    try:
        return future.result()
    except BrokenProcessPool:
        pool = _pool(1)
        found: list[Read | Failure] = []
        for item in batch:
            try:
                found += pool.submit(_read, [item], settings).result()
            except BrokenProcessPool:
                pool = _pool(1)
                found.append(Failure(item.origin, "the process reading it died (out of memory?)"))
        pool.shutdown()
        return found


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
