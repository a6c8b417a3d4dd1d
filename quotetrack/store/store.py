"""The archive: the only place that writes it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

from quotetrack.identity import Catalogue, CatalogueError, catalogue_at
from quotetrack.store import (
    carried,
    clustering,
    correcting,
    enrolling,
    forms,
    organisations,
    rebuilding,
    record,
    redirects,
    reprints,
    visits,
)
from quotetrack.store import translations as linking
from quotetrack.store.clustering import Clusterer, ClusterReport
from quotetrack.store.connection import BusyError, StoreError, connect, connect_to_read, transaction, utc_now
from quotetrack.store.corrections import Book, Correction, entries, read_book
from quotetrack.store.enrolling import Enrolled
from quotetrack.store.record import Recorded, State
from quotetrack.store.redirects import Kind, Resolved
from quotetrack.store.reprints import IsReprint, Keys
from quotetrack.store.translations import Translations
from quotetrack.types import Article, Failure, Quote, RosterEntry, Visit

# What an export that somebody changed by hand may lead to: it costs its article only.
_MALFORMED = (
    *(KeyError, TypeError, ValueError, AttributeError, AssertionError),
    *(sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError),
)


class Store:
    """An open archive. Every method that writes is one transaction: all of it or nothing.

    conn: for reading beside it (counts, pages); nothing else writes through it.
    """

    def __init__(
        self,
        conn: sqlite3.Connection,
        clock: Callable[[], str] = utc_now,
        catalogue: Catalogue | None = None,
    ) -> None:
        self.conn = conn
        self._clock = clock
        self._read: tuple[int, Book] | None = None
        self._catalogue = catalogue

    # ----------------------------------------------------------------- articles

    def begin_run(self, version: str, models: Mapping[str, str], settings: Mapping[str, object]) -> int:
        """Note what is about to write. models: language -> what annotated it. Returns the run's id.

        Organisations are brought in line with the catalogue of now first.
        """
        with transaction(self.conn):
            now = self._clock()
            organisations.unite(self.conn, now, self._catalogue)
            row = self.conn.execute(
                "insert into runs(started, version, models, settings) values (?, ?, ?, ?)",
                [now, version, _json(models), _json(settings)],
            )
            return int(row.lastrowid or 0)

    def note_models(self, run: int, models: Mapping[str, str]) -> None:
        """Complete what `begin_run` could not know yet: the models a run has loaded."""
        with transaction(self.conn):
            self.conn.execute("update runs set models = ? where id = ?", [_json(models), run])

    def state_of(self, article: Article) -> State:
        """Whether the archive has this article: "new", "known", "changed" (to a text it never had) or
        "returned" (to one it had before)."""
        return record.state_of(self.conn, article)

    def record(self, article: Article, language: str, quotes: Sequence[Quote], *, run: int) -> Recorded:
        """Write an article with its quotes, people and affiliations; the same text again changes nothing.

        A changed text replaces the former one, which stays in `revisions`: a quote whose content
        still stands keeps its uid and statement; one that does not is marked as gone. Clears the
        failures of the same origin. Raises StoreError for what cannot be stored (a span outside the
        text, half a surrogate pair), and then has written nothing.
        """
        with transaction(self.conn):
            return self._record(article, language, quotes, run)

    def record_all(
        self, articles: Sequence[tuple[Article, str, Sequence[Quote]]], *, run: int
    ) -> list[Recorded | StoreError]:
        """`record` for several (article, language, quotes) in one transaction: a commit each costs a tenth.

        Where one of them cannot be stored, each is recorded by itself and the error stands in its place.
        Raises BusyError where another program holds the archive: no article is to blame for that.
        """
        try:
            with transaction(self.conn):
                return [self._record(*one, run) for one in articles]
        except BusyError:
            raise
        except StoreError as error:
            self._read = None  # corrections that one of them brought are gone again
            if len(articles) == 1:
                return [error]
        return [result for one in articles for result in self.record_all([one], run=run)]

    def _record(self, article: Article, language: str, quotes: Sequence[Quote], run: int) -> Recorded:
        with _blamed(article):
            return record.record(
                self.conn,
                article,
                language,
                quotes,
                run=run,
                now=self._clock(),
                book=self._book(),
                catalogue=self._catalogue,
            )

    def take(self, article: Article) -> int:
        """Take what an exported article carries of the archive it came from, the article being here already.

        Returns how many corrections are new; `cluster_new` derives what they touch. Raises StoreError for
        what `export` does not write, and then has written nothing.
        """
        with transaction(self.conn), _blamed(article):
            found = carried.unpack(article)[1]
            new = len(carried.untaken(self.conn, found))
            carried.take_log(self.conn, found, self._book())
            carried.claim(self.conn, found)
            return new

    def untaken(self, article: Article) -> int:
        """How many corrections an exported article carries that this archive does not have."""
        try:
            return len(carried.untaken(self.conn, carried.unpack(article)[1]))
        except (StoreError, *_MALFORMED):
            return 0  # `record` says what is wrong with it

    def fail(self, failure: Failure, run: int | None = None) -> None:
        """Keep what was refused and why: once for each origin and reason, with the time of the last."""
        with transaction(self.conn):
            self.conn.execute(
                'insert into failures(origin, reason, "when", run) values (?, ?, ?, ?)'
                ' on conflict(origin, reason) do update set "when" = excluded."when", run = excluded.run',
                [_storable(failure.origin), _storable(failure.reason), self._clock(), run],
            )

    def last_visit(self, url: str) -> Visit | None:
        """What a server said of this address when it was last read whole."""
        return visits.last(self.conn, url)

    def keep_visits(self, seen: Iterable[Visit]) -> None:
        """Remember documents all of whose articles the archive has: they need not be sent again."""
        with transaction(self.conn):
            visits.keep(self.conn, seen)

    # ----------------------------------------------------------------- statements

    def link_reprints(self, article_keys: Keys, is_reprint: IsReprint) -> int:
        """Find which articles reprint which; returns how many reprints are new.

        article_keys: text -> keys below 2**63; is_reprint: of the keys of two articles. Of articles that
        reprint one another the earliest published is the original; `independent_count` follows.
        """
        found = 0
        while reprints.is_pending(self.conn):
            with transaction(self.conn):
                found += reprints.link_batch(self.conn, article_keys, is_reprint)
        return found

    def cluster_new(self, clusterer: Clusterer) -> ClusterReport:
        """Give every occurrence without a statement its statement, one transaction a batch.

        An interrupted run goes on where it was. What corrections that came with an export touch is derived
        anew. clusterer: `quotetrack.cluster`.
        """
        total = ClusterReport()
        while clustering.is_pending(self.conn):
            with transaction(self.conn):
                total += clustering.cluster_batch(self.conn, clusterer, self._clock(), self._book())
        if correcting.is_behind(self.conn):
            with transaction(self.conn):
                correcting.catch_up(self.conn, clusterer, self._clock(), self._catalogue)
        return total

    def complete_index(self, clusterer: Clusterer) -> None:
        """Make all quotes of an earlier version findable for new ones; so does `cluster_new`."""
        while forms.is_pending(self.conn):
            with transaction(self.conn):
                forms.index_batch(self.conn, clusterer.postings, clusterer.packed_form)

    def link_translations(self, translations: Translations) -> int:
        """Find which statements translate each other, of those that changed; returns how many links are new.

        translations: of occurrences, edges of kind "translation": `cluster.translations`.
        """
        found = 0
        while linking.is_pending(self.conn):
            with transaction(self.conn):
                found += linking.link_batch(self.conn, translations)
        return found

    def rebuild_clusters(self, clusterer: Clusterer) -> ClusterReport:
        """Cluster everything from scratch; every public uid stays or redirects.

        Others read and write meanwhile: only putting the result in place is one transaction, short where
        little differs. Memory grows with the archive. Raises StoreError when corrections keep coming.
        """
        return rebuilding.run(self.conn, clusterer, self._clock(), self._book)

    def resolve_uid(self, kind: Kind, uid: str) -> Resolved | None:
        """What a uid stands for today, through redirects; None when there never was such a uid."""
        return redirects.resolve_uid(self.conn, kind, uid)

    # ----------------------------------------------------------------- corrections

    def correct(self, correction: Correction, clusterer: Clusterer, *, author: str, reason: str) -> int:
        """Apply what a person decided, for good: it outlives ingestion, clustering and rebuilding.

        reason: public. Returns the correction's number, for `undo`. Raises StoreError when it makes no
        sense (an unknown uid, a person merged into itself) or is not signed.
        """
        self.complete_index(clusterer)
        with transaction(self.conn):
            now = self._clock()
            return correcting.correct(
                self.conn,
                correction,
                clusterer,
                author=author,
                reason=reason,
                now=now,
                catalogue=self._catalogue,
            )

    def undo(self, number: int, clusterer: Clusterer, *, author: str, reason: str) -> int:
        """Take a correction back, or an undo; both stay on record. Raises StoreError."""
        self.complete_index(clusterer)
        with transaction(self.conn):
            now = self._clock()
            return correcting.undo(
                self.conn,
                number,
                clusterer,
                author=author,
                reason=reason,
                now=now,
                catalogue=self._catalogue,
            )

    # ----------------------------------------------------------------- people known by name

    def enrol(self, entry: RosterEntry) -> Enrolled:
        """Take a row of a roster in: bind somebody quoted to it, or keep it for who will be.

        Raises StoreError for a row that contradicts another one or what a person decided; then nothing
        is written.
        """
        with transaction(self.conn):
            return enrolling.enrol(self.conn, entry, self._book(), self._clock(), self._catalogue)

    def roster(self, *, bound: bool = False) -> Iterator[RosterEntry]:
        """Everybody as rows of a roster; bound: only those with a Wikidata id."""
        return enrolling.written(self.conn, bound=bound)

    def _book(self) -> Book:
        """The corrections in force, read anew only when there are more; inside a transaction."""
        (last,) = self.conn.execute("select coalesce(max(id), 0) from corrections").fetchone()
        if self._read is None or self._read[0] != last:
            self._read = (last, read_book(entries(self.conn)))
        return self._read[1]


@contextmanager
def open_store(
    path: str | PathLike[str],
    *,
    create: bool = True,
    writable: bool = True,
    clock: Callable[[], str] = utc_now,
    catalogue: Catalogue | None = None,
) -> Iterator[Store]:
    """The archive at `path`, created when absent and migrated to this version; closed at the end.

    writable: false opens it as it is, for reading alone; an absent one is empty then and stays absent.
    clock: the time as tables write it, "2025-03-04T10:00:00Z". Raises StoreError: see `connect`.
    catalogue: of organisations; unless given, the one that ships and, before it, the file beside the
    database (news.db: news.organisations.toml). Several processes may have it open at once; writers wait.
    """
    if catalogue is None and (beside := Path(path).with_suffix(".organisations.toml")).is_file():
        try:
            catalogue = catalogue_at(beside)
        except CatalogueError as error:
            raise StoreError(str(error)) from error
    conn = connect(Path(path), create=create) if writable else connect_to_read(Path(path))
    try:
        yield Store(conn, clock, catalogue)
    finally:
        conn.close()


@contextmanager
def _blamed(article: Article) -> Iterator[None]:
    """Whatever a broken export leads to is told of its article."""
    try:
        yield
    except UnicodeEncodeError as error:
        raise StoreError(f"{article.origin}: holds half a surrogate pair: {error.reason}") from error
    except _MALFORMED as error:
        if carried.KEY not in article.extra:
            raise
        raise carried.broken(article, error) from error


def _json(values: Mapping[str, object]) -> str:
    return json.dumps(dict(values), ensure_ascii=False, sort_keys=True, default=str)


def _storable(text: str) -> str:
    """Names of files may hold bytes that are no UTF-8: written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
