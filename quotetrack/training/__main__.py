"""Make the models that ship, or go on from them: `make models`.

python -m quotetrack.training [de en …] [--data ../shared/training] [--work build/models] [--out data/models]
    [--from data/models | --anew] [--parts tokens,tags,trees,names] [--steps N] [--quick] [--scores]

Without languages all that have a recipe. A run that was cut goes on where it stopped; a second run over a
whole work folder only packs and scores. --quick is the whole chain on a few sentences in a few steps.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import time
from pathlib import Path

import torch

from quotetrack.download import DownloadFailed
from quotetrack.paths import data_path
from quotetrack.training.build import Plan, build, figures, packed
from quotetrack.training.loop import NothingToLearnError
from quotetrack.training.recipe import PARTS, VECTORS, RecipeError, codes, load


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("codes", nargs="*", help="languages")
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/training"), help="folder with de/, en/ …"
    )
    parser.add_argument("--work", type=Path, default=Path("build/models"), help="parts, logs, saves")
    parser.add_argument("--out", type=Path, help="model folder to write (default: WORK/packed)")
    start = parser.add_mutually_exclusive_group()
    start.add_argument(
        "--from", dest="warm", type=Path, help="models to go on from (default: those that ship)"
    )
    start.add_argument("--anew", action="store_true", help="start from nothing")
    parser.add_argument(
        "--parts",
        default=",".join(PARTS),
        help="which parts to train, vectors to be made anew among them; the others are taken over",
    )
    parser.add_argument("--steps", type=int, help="steps of every part, in place of the recipe's")
    parser.add_argument("--quick", action="store_true", help="40 sentences and 2 steps: is the chain whole?")
    parser.add_argument("--scores", action="store_true", help="only score the models in OUT on the test sets")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads for PyTorch")
    given = parser.parse_args(arguments)
    torch.set_num_threads(given.threads)
    logging.getLogger("stanza").setLevel(logging.WARNING)
    warm = None if given.anew else given.warm or data_path("models")
    if unknown := set(filter(None, given.parts.split(","))) - {*PARTS, VECTORS}:
        parser.error(f"no part {', '.join(sorted(unknown))}: there are {', '.join((VECTORS, *PARTS))}")
    parts = tuple(part for part in (VECTORS, *PARTS) if part in given.parts.split(","))
    out = given.out or given.work / "packed"
    given.work.mkdir(parents=True, exist_ok=True)
    with (given.work / "log.txt").open("a", encoding="utf-8") as book:

        def log(said: str) -> None:
            line = f"{time.strftime('%Y-%m-%d %H:%M:%S')} {said}\n"
            for stream in (book, sys.stdout):
                stream.write(line)
                stream.flush()

        try:
            for code in given.codes or codes():
                plan = Plan(
                    load(code),
                    given.data,
                    given.work,
                    warm,
                    parts,
                    given.steps if given.steps is not None else 2 if given.quick else None,
                    40 if given.quick else None,
                )
                if not given.scores and (problems := packed(plan, build(plan, log), out, log)):
                    log("; ".join(f"{problem.path}: {problem.reason}" for problem in problems))
                    return 1
                (given.work / f"figures.{code}.json").write_text(
                    json.dumps(figures(plan, out, log), indent=1) + "\n", "utf-8"
                )
        except (RecipeError, NothingToLearnError, DownloadFailed) as problem:
            log(str(problem))
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
