"""Pages from the templates of quotetrack/, which a site may override in its --template-dir.

Datasette renders with an asynchronous Jinja, in which every call and loop of a page is awaited: that
takes three times as long as plain rendering. Our templates await nothing.
"""

# mypy: allow-untyped-calls
# (Datasette's functions carry no types)
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from datasette.plugins import pm
from datasette.utils import await_me_maybe
from datasette.utils.asgi import Request
from jinja2 import Environment

from quotetrack.plugin import wording
from quotetrack.plugin.links import Links, host, web_url

if TYPE_CHECKING:
    from datasette.app import Datasette  # while Datasette loads its plugins it is not whole yet


def site_title(datasette: Datasette) -> str:
    """The name of the site, as metadata gives it."""
    return str(datasette.metadata("title") or "quotetrack")


async def rendered(
    datasette: Datasette, request: Request, links: Links, template: str, context: Mapping[str, object]
) -> str:
    """The text of quotetrack/`template` with `context` and what every page uses."""
    shared: dict[str, Any] = {
        "links": links,
        "site": site_title(datasette),
        "w": wording,
        "web_url": web_url,
        "host": host,
        "actor": request.actor,
        "request": request,
        "urls": datasette.urls,
        **context,
    }
    name = f"quotetrack/{template}"
    for more in pm.hook.extra_template_vars(
        template=name,
        database=None,
        table=None,
        columns=None,
        view_name=None,
        request=request,
        datasette=datasette,
    ):
        shared |= await await_me_maybe(more)
    return str(_environment(datasette.jinja_env).get_template(name).render(shared))


def _environment(asynchronous: Environment) -> Environment:
    """Datasette's environment, its loaders and filters, without the awaiting."""
    if not hasattr(asynchronous, "plain"):
        asynchronous.extend(plain=asynchronous.overlay(enable_async=False))
    return asynchronous.plain  # type: ignore[attr-defined, no-any-return]  # what extend() has put there
