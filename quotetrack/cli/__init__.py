"""The command line: parse, call, print. Heavy rooms are imported by the command that needs them."""

from __future__ import annotations

import click

from quotetrack import __version__
from quotetrack.cli.adding import add
from quotetrack.cli.asking import export, search, who
from quotetrack.cli.keeping import cluster, doctor
from quotetrack.cli.measuring import evaluate
from quotetrack.cli.modelling import models
from quotetrack.cli.reading import extract, statements
from quotetrack.cli.reviewing import review
from quotetrack.cli.rosters import people
from quotetrack.cli.serving import demo, publish, serve
from quotetrack.cli.training import train


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="quotetrack")
def cli() -> None:
    """Who said what, where, and since when.

    quotetrack reads news articles, isolates every quoted statement with its speaker and the speaker's
    affiliation, recognises a statement again across outlets, and serves all of it as a searchable site.

    \b
    Example:
      quotetrack add news.db articles/ && quotetrack serve news.db --open
    """


for command in (
    *(extract, add, statements, cluster, search, who, serve, publish),
    *(review, people, models, evaluate, train, doctor, export, demo),
):
    cli.add_command(command)
