"""The command that learns from annotated articles which attributions count as quotes."""

from __future__ import annotations

from pathlib import Path

import click

from quotetrack.cli import options


@click.command()
@click.argument("gold", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the judge (JSON).",
)
@options.model_options
@options.as_json
def train(
    gold: tuple[Path, ...], output: Path, prefer: str, official: Path, threads: int, as_json: bool
) -> None:
    """Learn from the annotated articles in GOLD (JSONL, one a line) what counts as a quote.

    Writes a judge for `--judge` of extract, add and evaluate: it chooses among what the rules find, and
    would find with every word as a cue, and gives each quote its confidence. Takes as long as reading the
    articles, then seconds. All of GOLD must be in one language.

    \b
    Example:
      quotetrack train gold.jsonl -o judge.json
    """
    from quotetrack.evaluate.corpora import CorpusError
    from quotetrack.evaluate.training import train as learn
    from quotetrack.learn import write_judge
    from quotetrack.reading import Extractor

    try:
        made = learn(gold, Extractor(options.settings(None, prefer, official, threads)))
    except (CorpusError, LookupError, ValueError) as problem:
        options.stop(gold[0], options.cut(problem, gold[0]))
    write_judge(made.judge, output)
    if as_json:
        options.print_json(
            {
                "candidates": made.candidates,
                "right": made.right,
                "gold": made.gold,
                "threshold": made.judge.threshold,
                "joint_soft_f1": round(made.f1, 1),
            }
        )
    else:
        click.echo(
            f"{made.candidates} candidates, {made.right} right; kept from {made.judge.threshold:.2f} on: "
            f"joint soft F1 {made.f1:.1f} on articles left out in turn"
        )
