"""The command that measures: extracted quotes against annotated ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quotetrack.cli import options
from quotetrack.types import Failure

if TYPE_CHECKING:
    from quotetrack.evaluate import Document


@click.command()
@click.argument("gold", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--predictions",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Score these quotes (JSONL with doc_id and quotes) instead of extracting; takes one GOLD.",
)
@click.option("--strict", is_flag=True, help="Punctuation at the edges of a quote counts.")
@click.option(
    "--overlap", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Least overlap of a pair."
)
@click.option("--errors", is_flag=True, help="Also count what goes wrong, by class and rule.")
@click.option("--reliability", is_flag=True, help="Also print how often quotes of each confidence are right.")
@options.model_options
@options.judges
@options.as_json
def evaluate(
    gold: tuple[Path, ...],
    predictions: Path | None,
    strict: bool,
    overlap: float,
    errors: bool,
    reliability: bool,
    prefer: str,
    official: Path,
    threads: int,
    judges: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Score quotes against the annotated articles in GOLD (JSONL, one a line).

    Prints exact, partial and token F1 of the content, the speaker's accuracy, and both jointly, by type;
    beside the figures of other systems where the corpus is a known one.

    \b
    Example:
      quotetrack evaluate gold.jsonl --predictions predicted.jsonl
    """
    from quotetrack.evaluate import (
        CorpusError,
        Measure,
        as_dict,
        compared,
        measure_corpus,
        read_corpus,
        table,
    )
    from quotetrack.evaluate import evaluate as score
    from quotetrack.pipeline import Extractor

    failures: list[Failure] = []
    reports: dict[str, object] = {}
    try:
        if predictions is not None:
            if len(gold) > 1:
                raise click.UsageError("--predictions takes one GOLD file")
            ours, theirs = read_corpus(gold[0]), read_corpus(predictions)
            report = score(ours, theirs, Measure(strict=strict, least=overlap))
            reports[gold[0].name] = as_dict(report)
            if not as_json:
                click.echo(table(report))
            _more(gold[0].name, ours, theirs, errors, reliability, as_json, reports)
        else:
            extractor = Extractor(options.settings(None, prefer, official, threads, judges=judges))
            for path in gold:
                measured = measure_corpus(path, extractor)
                failures += measured.failures
                reports[path.name] = as_dict(measured.report)
                if measured.speakers:
                    reports[f"{path.name}: speakers"] = asdict(measured.speakers)
                if not as_json:
                    click.echo(compared(measured) + "\n")
                _more(path.name, measured.gold, measured.predicted, errors, reliability, as_json, reports)
    except CorpusError as problem:
        options.stop(gold[0], problem)
    if as_json:
        options.print_json(reports)
    options.fail(failures)


def _more(
    name: str,
    gold: Sequence[Document],
    predicted: Sequence[Document],
    errors: bool,
    reliability: bool,
    as_json: bool,
    reports: dict[str, object],
) -> None:
    """The counts of errors and the reliability of confidences that were asked for: printed, or put into the
    reports."""
    from quotetrack import evaluate as measuring

    if errors:
        counted = measuring.count_errors(gold, predicted)
        reports[f"{name}: errors"] = asdict(counted)
        if not as_json:
            click.echo(measuring.errors_table(counted) + "\n")
    if reliability:
        bins = measuring.reliability(gold, predicted)
        reports[f"{name}: reliability"] = [asdict(one) for one in bins]
        if not as_json:
            click.echo(measuring.reliability_table(bins) + "\n")
