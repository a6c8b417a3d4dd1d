"""A folder that any host can run: the public database, the site's code and how to start it.

The site needs Datasette only: the plugin, its queries and the shared values are copied beside the
database, so that neither Stanza nor PyTorch is installed where readers come in.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from quotetrack.paths import data_path
from quotetrack.store import StoreError
from quotetrack.store.connection import PUBLIC, connect, is_current
from quotetrack.store.publish import publish_database

DATABASE = "quotetrack.db"
SITE = ("__init__.py", "types.py", "queries.py", "queries", "plugin")  # what the site imports
REQUIRED = ("datasette", "pillow")  # what runs the site; pinned as they are here, Pillow if it is
SETTINGS: dict[str, object] = {  # measured at a million statements: docs/decisions
    "suggest_facets": "off",
    "default_facet_size": 10,
    "facet_time_limit_ms": 500,
    "sql_time_limit_ms": 1500,
    "default_allow_sql": "off",
    "allow_download": "off",
}

_COMMAND = (
    "datasette serve -i quotetrack.db --inspect-file inspect-data.json --metadata metadata.yml"
    " --plugins-dir plugins --cors {settings} --host {host} --port {port}"
)
_DOCKERFILE = """\
FROM python:3.12-slim
RUN pip install --no-cache-dir {requirements}
WORKDIR /site
COPY . /site
ENV PYTHONPATH=/site
EXPOSE 8001
CMD {command}
"""
_UNIT = """\
# A process uses one core. For each: systemctl enable --now quotetrack@8001 quotetrack@8002 (its port).
[Unit]
Description=quotetrack: who said what (port %i)
After=network.target

[Service]
WorkingDirectory=/srv/quotetrack
Environment=PYTHONPATH=/srv/quotetrack
ExecStart=/usr/bin/env {command}
DynamicUser=yes
ProtectSystem=strict
ProtectHome=yes
PrivateDevices=yes
NoNewPrivileges=yes
Restart=on-failure

[Install]
WantedBy=multi-user.target
"""
_README = """\
# A quotetrack site

`quotetrack.db` holds quotes, their passages, statements and people; no article bodies, no review data.
All it needs is Python with `pip install {requirements}` (without Pillow, previews of statements are a picture
without their words). Start it in this folder with

    PYTHONPATH=. {command}

or `docker build -t quotes . && docker run -p 8001:8001 quotes`. Or put this folder at /srv/quotetrack, then

    cp quotetrack@.service /etc/systemd/system/
    systemctl enable --now quotetrack@8001

Behind HTTPS add `--setting force_https_urls 1`; under a path add `--setting base_url /path/`. A process uses
one core: for more readers start several, each with its port, and let the server in front of them take turns.
Pictures of statements in Arabic, Hebrew, Chinese and other scripts need a font for them on the system, and
fontconfig (on Debian: `apt install fontconfig fonts-noto-core fonts-noto-cjk`).
"""


def metadata_path() -> Path:
    """metadata.yml: inside an installed package's data, or at the top of a checkout."""
    inside = data_path("metadata.yml")
    return inside if inside.is_file() else data_path().parent / "metadata.yml"


def assert_servable(db: Path) -> None:
    """Raise StoreError when `db` is neither an archive nor a published copy of one.

    An archive that a former version made is brought up to date.
    """
    try:
        with closing(sqlite3.connect(f"file:{quote(str(db))}?mode=ro", uri=True)) as conn:
            conn.execute("select 1 from statements, occurrences limit 1")
            (kind,) = conn.execute("pragma application_id").fetchone()
            current = is_current(conn)
    except sqlite3.Error as problem:
        raise StoreError(f"{db}: no archive of quotetrack ({problem})") from problem
    if not current and kind == PUBLIC:
        raise StoreError(f"{db}: published by a former version; publish the archive again")
    if not current:
        connect(db, create=False).close()


def publish(db: Path, out: Path) -> dict[str, int]:
    """Write the folder `out`; returns each file's name and size in bytes.

    An existing site is brought up to date; its database is replaced in one step. Raises StoreError when
    `db` is no archive or `out` holds anything but a site, OSError when `out` cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    target = out / DATABASE
    if not target.exists() and any(out.iterdir()):
        raise StoreError(f"{out}: is neither empty nor a published site; it is left as it is")
    publish_database(db, target)
    shutil.copyfile(metadata_path(), out / "metadata.yml")
    package = Path(__file__).parent
    shutil.rmtree(out / "quotetrack", ignore_errors=True)
    (out / "quotetrack").mkdir()
    for name in SITE:
        source, target = package / name, out / "quotetrack" / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.is_file():
            shutil.copyfile(source, target)
    (out / "plugins").mkdir(exist_ok=True)
    (out / "plugins" / "quotetrack_site.py").write_text(
        '"""Hands the site\'s hooks to Datasette."""\n\nfrom quotetrack.plugin import *  # noqa: F403\n',
        "utf-8",
    )
    settings = " ".join(f"--setting {name} {value}" for name, value in SETTINGS.items())
    requirements = " ".join(_pinned())
    inward = _COMMAND.format(settings=settings, host="127.0.0.1", port=8001)
    unit = _COMMAND.format(settings=settings, host="127.0.0.1", port="%i")
    outward = _COMMAND.format(settings=settings, host="0.0.0.0", port=8001)  # noqa: S104 - in a container
    (out / "Dockerfile").write_text(
        _DOCKERFILE.format(command=json.dumps(outward.split()), requirements=requirements), "utf-8"
    )
    (out / "quotetrack@.service").write_text(_UNIT.format(command=unit), "utf-8")
    (out / "quotetrack.service").unlink(missing_ok=True)  # what former versions wrote
    (out / "README.md").write_text(_README.format(command=inward, requirements=requirements), "utf-8")
    _inspect(out)
    return {
        str(path.relative_to(out)): path.stat().st_size for path in sorted(out.rglob("*")) if path.is_file()
    }


def _pinned() -> Iterator[str]:
    """What of REQUIRED is installed here, with its version."""
    from importlib.metadata import PackageNotFoundError, version

    for name in REQUIRED:
        with suppress(PackageNotFoundError):
            yield f"{name}=={version(name)}"


def _inspect(out: Path) -> None:
    """Row counts and the file's hash, so that Datasette need not count at every start."""
    done = subprocess.run(  # noqa: S603 - our own interpreter, fixed arguments
        [sys.executable, "-m", "datasette", "inspect", DATABASE, "--inspect-file", "inspect-data.json"],
        cwd=out,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise OSError(f"datasette cannot inspect it: {done.stderr.strip()[-300:]}")
