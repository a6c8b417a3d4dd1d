"""One address for one article: the rules under which two URLs mean the same page."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from quotetrack.ingest.addresses import ascii_host
from quotetrack.ingest.limits import MAX_URL

# Only names that no site uses to say which article is meant: dropping one of those would merge two.
_TRACKING = re.compile(
    r"(?:utm|mtm|pk|piwik|matomo|hsa|at|wt|stm|itm|oly|vero|guce)_\w+|_ga|_gl|gclid|gclsrc|gbraid|wbraid|dclid"
    r"|fbclid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_[ce]id|mkt_tok|_hs\w+|__twitter_impression|wt_?zmc|xtor"
    r"|ns_(?:mchannel|source|campaign|linkname)|cmpid|icid|ncid|smid|smtyp|ocid|sara_ref|reflink|referrer|ref_?src"
    r"|ref_url|ref|dicbo|soc_src|soc_trk|guccounter|s_cid",
    re.IGNORECASE,
)
_VARIANT = re.compile(
    r"(?:amp|print|printview|mobile|m)=(?:1|true|yes)?|(?:outputtype|output|view)=(?:amp|print)|amp_js_v=.*|usqp=.*",
    re.I,
)
_TAIL = re.compile(r"(?:/(?:amp|print|drucken|druckversion|amp\.html?)|\.amp|\.print)(?=\.html?$|/?$)", re.I)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.I)
_GOOGLE = re.compile(r"/amp/(s/)?([^/]+\.[^/]+)(/.*)?$")
_CACHE = re.compile(r"/[cvi]/(?:s/)?([^/]+\.[^/]+)(/.*)?$")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def canonical_url(url: str, link: str | None = None) -> str:
    """The one address of the article at `url`; what is no http(s) URL comes back stripped.

    link: the page's own canonical link. It wins, unless it points to the front page or to
    another site, which would let one site pass its pages off as another's.

    Dropped: fragment, tracking parameters, AMP, mobile and print variants, "www.", index files,
    the trailing slash, default ports. http becomes https. Idempotent; never raises.
    """
    address = (url or "").strip()
    parts = _split(address)
    if parts is None:
        return address
    if link and (target := _split(absolute(address, link))) and _trusted(parts, target):
        parts = target
    for _ in range(3):  # an AMP cache address holds an address
        normal = _normal(parts)
        if normal == parts:
            break
        parts = normal
    return urlunsplit(parts)


def absolute(base: str, link: str) -> str:
    """`link` as an absolute URL; "" where the two make none."""
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return ""


def web_url(value: object) -> str | None:
    """`value` when it is an http(s) URL with a host that can be fetched and shown, else None."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    return text if _split(text) is not None else None


def host_of(url: str | None) -> str | None:
    """The host of a web address, without "www." and the like; None for what is no web address."""
    parts = _split((url or "").strip())
    return _host(parts.hostname or "") or None if parts else None


def _split(url: str) -> SplitResult | None:
    if len(url) > MAX_URL or any(ch <= " " or ch == "\x7f" or "\ud800" <= ch <= "\udfff" for ch in url):
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (raises on a port that is none)
        ascii_host((parts.hostname or "").rstrip("."))  # dots alone are no host
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") else None


def _trusted(page: SplitResult, link: SplitResult) -> bool:
    front = link.path.strip("/") == "" and not link.query and page.path.strip("/") != ""
    return not front and _site(page.hostname or "") == _site(link.hostname or "")


def _site(host: str) -> str:
    """The part of a host name that one owner registered (by the Public Suffix List)."""
    from tld import get_fld

    known = get_fld(f"https://{host}", fail_silently=True)
    if known or ":" in host or host.replace(".", "").isdigit():
        return known or host
    return ".".join(host.split(".")[-2:])


def _normal(parts: SplitResult) -> SplitResult:
    host = _host(parts.hostname or "")
    path, query = parts.path, parts.query
    if host.endswith("cdn.ampproject.org") and (match := _CACHE.match(path)):
        host, path = match[1].lower(), match[2] or ""
    elif re.fullmatch(r"google\.\w+(\.\w+)?", host) and (match := _GOOGLE.match(path)):
        host, path = match[2].lower(), match[3] or ""
    port = parts.port
    default = port is None or port == {"http": 80, "https": 443}[parts.scheme]
    netloc = f"[{host}]" if ":" in host else host
    scheme = "https" if default else parts.scheme
    hashbang = parts.fragment if parts.fragment.startswith("!") else ""
    return SplitResult(
        scheme, netloc if default else f"{netloc}:{port}", _path(path), _query(query), hashbang
    )


def _host(host: str) -> str:
    labels = ascii_host(host).lower().rstrip(".").split(".")
    while len(labels) > 2 and labels[0] in ("www", "m", "mobile", "amp", "mobil"):
        labels = labels[1:]
    if len(labels) > 3 and labels[1] == "m":
        del labels[1]
    return ".".join(labels)


def _path(path: str) -> str:
    path = _INDEX.sub("/", _TAIL.sub("", _escapes(path)))
    return path.rstrip("/") or "/"


def _escapes(path: str) -> str:
    """Percent-escapes in upper case, undone where they hide an unreserved letter, added where missing."""

    def one(match: re.Match[str]) -> str:
        character = unquote(match[0])
        return character if character in _UNRESERVED else match[0].upper()

    return quote(_ESCAPE.sub(one, path), safe="/%:@!$&'()*+,;=-._~")


def _query(query: str) -> str:
    if not query:
        return ""
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=None, errors="surrogateescape")
    kept = sorted(
        (key, value)
        for key, value in pairs
        if not _TRACKING.fullmatch(key) and not _VARIANT.fullmatch(f"{key}={value}")
    )
    return urlencode(kept, errors="surrogateescape")
