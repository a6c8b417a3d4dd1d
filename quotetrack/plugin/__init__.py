"""The Datasette plugin: a newsroom's pages over the tables, plain Datasette underneath.

Reads the archive only; never loads a language model.
"""

# mypy: allow-untyped-calls
# (Datasette's functions carry no types)
from __future__ import annotations

import copy
import sqlite3
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from datasette.hookspecs import hookimpl
from datasette.utils.asgi import AsgiStream, Response
from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from quotetrack.plugin.archive import find_archive, found_archive
from quotetrack.plugin.changes import changes_page
from quotetrack.plugin.compress import compressed
from quotetrack.plugin.embed import embed_page, oembed
from quotetrack.plugin.headers import asset_file, guarded
from quotetrack.plugin.links import UID
from quotetrack.plugin.page import handler
from quotetrack.plugin.people import home_page, organisation_page, outlet_page, person_page
from quotetrack.plugin.reconcile import PATH as RECONCILE
from quotetrack.plugin.reconcile import preview, properties, reconcile, suggest, view
from quotetrack.plugin.search import feed, openapi, search_page
from quotetrack.plugin.statement import occurrence_page, statement_page

if TYPE_CHECKING:
    from datasette.app import Datasette  # while Datasette loads its plugins it is not whole yet


METADATA_NAME = "quotetrack"  # the database that metadata.yml describes, whatever the file is called
MAPPED = 1 << 35  # bytes of an immutable file, all of it: the system's file cache, not our memory
_described: WeakKeyDictionary[Datasette, dict[str, Any]] = WeakKeyDictionary()
_UID = f"(?P<uid>{UID})"
_LINKED = {
    ("statements", "uid"): "/s/",
    ("occurrences", "uid"): "/o/",
    ("people", "uid"): "/person/",
    ("organisations", "uid"): "/organisation/",
    ("outlets", "id"): "/outlet/",
}


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response | AsgiStream]]]]:
    return [
        (r"^/$", handler(home_page)),
        (r"^/-/search(?:\.(?P<format>json|csv|atom))?$", handler(search_page)),
        (r"^/-/feed\.atom$", handler(feed)),
        (rf"^/s/{_UID}(?:\.(?P<format>json|csl\.json|bib|wiki|txt|png))?$", handler(statement_page)),
        (rf"^/o/{_UID}(?:\.(?P<format>json|jsonld))?$", handler(occurrence_page)),
        (rf"^/person/{_UID}(?:\.(?P<format>json))?$", handler(person_page)),
        (rf"^/organisation/{_UID}$", handler(organisation_page)),
        (r"^/outlet/(?P<id>[0-9]{1,18})$", handler(outlet_page)),
        (rf"^/embed/{_UID}$", handler(embed_page)),
        (r"^/-/oembed$", handler(oembed)),
        (r"^/-/changes(?:\.(?P<format>atom))?$", handler(changes_page)),
        (r"^/-/reconcile/?$", handler(reconcile)),
        (r"^/-/reconcile/suggest/(?P<kind>entity|type|property)$", handler(suggest)),
        (r"^/-/reconcile/properties$", handler(properties)),
        (r"^/-/reconcile/preview$", handler(preview)),
        (r"^/-/reconcile/view$", handler(view)),
        (r"^/-/openapi\.json$", handler(openapi)),
        (r"^/-/quotetrack/(?P<name>[a-z]+\.(?:css|js|svg))$", asset_file),
    ]


@hookimpl
def skip_csrf(scope: dict[str, Any]) -> bool:
    """Queries for reconciliation come as forms from other programs; they change nothing."""
    return str(scope["path"]).rstrip("/").endswith(RECONCILE)


@hookimpl
def startup(datasette: Datasette) -> Callable[[], Awaitable[None]]:
    async def look() -> None:
        await find_archive(datasette)

    return look


@hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Datasette) -> None:
    """Read files that nobody writes as memory: a search reads thousands of rows, in half the time so."""
    served = datasette.databases.get(database)
    if served is not None and not served.is_mutable:
        conn.execute(f"pragma mmap_size = {MAPPED}")


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Our templates, also where the plugin comes from a --plugins-dir and Datasette cannot find them."""
    ours = PackageLoader("quotetrack.plugin", "templates")
    env.loader = ChoiceLoader([env.loader, ours]) if env.loader else ours


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Any], Any]:
    return lambda app: compressed(guarded(app, datasette.setting("base_url")))


@hookimpl
def get_metadata(datasette: Datasette) -> dict[str, Any]:
    """What metadata.yml says of the database `quotetrack`, under the name it is served by."""
    archive = found_archive(datasette)
    databases = (datasette._metadata_local or {}).get("databases") or {}
    if archive is None or archive.name in databases or METADATA_NAME not in databases:
        return {}
    if datasette not in _described:
        _described[datasette] = copy.deepcopy(databases[METADATA_NAME])  # asked for five times a page
    return {"databases": {archive.name: _described[datasette]}}


@hookimpl
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    return [
        {"href": datasette.urls.path("/"), "label": "Statements"},
        {"href": datasette.urls.path("/-/search"), "label": "Search"},
    ]


@hookimpl
def render_cell(
    value: object, column: str, table: str | None, database: str, datasette: Datasette
) -> Markup | None:
    """Public ids in plain tables lead to their pages."""
    archive = found_archive(datasette)
    start = _LINKED.get((table or "", column))
    if archive is None or archive.name != database or start is None or not isinstance(value, (str, int)):
        return None
    return Markup('<a href="{}">{}</a>').format(datasette.urls.path(f"{start}{value}"), value)
