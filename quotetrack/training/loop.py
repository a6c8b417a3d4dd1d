"""One training loop for every part: decaying rate, averaged weights, a save at every evaluation, restarts.

Stanza's own trainers do the arithmetic of a step; what they lack is here. The learning rate rises over
`warmup` steps and then falls in a straight line to nothing; an exponential moving average of the weights is
what is scored and saved (Polyak and Juditsky 1992; Tarvainen and Valpola 2017). A run that was cut goes on
from its last evaluation with the same weights, moments, order of sentences and random numbers as if it had
never stopped.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch

Log = Callable[[str], None]


class NothingToLearnError(ValueError):
    """There is no sentence to train on."""


class Learner(Protocol):
    """A model that can be trained: what the loop needs to know of it."""

    model: Any  # torch.nn.Module
    optimizers: list[Any]  # of torch.optim.Optimizer

    def epoch(self, dice: random.Random) -> Sequence[Any]:
        """All batches of one pass, in the order in which they come."""
        ...

    def update(self, batch: Any) -> float:
        """One step on a batch; its loss."""
        ...

    def score(self) -> float:
        """The figure on the dev set that selects weights, 0 to 1."""
        ...

    def save(self, path: Path) -> None:
        """Write the weights as Stanza reads them."""
        ...


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast. steps: all of them; rate: the highest learning rate; warmup: steps until then.

    average: how much of the running mean a step keeps, 0 to 1; evaluate_every: steps between two saves.
    """

    steps: int
    rate: float
    warmup: int = 50
    average: float = 0.998
    evaluate_every: int = 500
    seed: int = 13

    def rate_at(self, step: int) -> float:
        """The learning rate of a step (from 1): up in a line, then down in a line to a fiftieth."""
        if step <= self.warmup:
            return self.rate * step / max(1, self.warmup)
        left = (self.steps - step) / max(1, self.steps - self.warmup)
        return self.rate * max(0.02, left)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run: the steps made, the best dev figure and where its weights lie."""

    steps: int
    score: float
    path: Path


class Average:
    """A moving mean of a model's weights. Its early means weigh recent steps more, to forget the start."""

    def __init__(self, model: Any, keep: float) -> None:
        self._weights = [weight for weight in model.parameters() if weight.requires_grad]
        self._keep = keep
        self.means = [weight.detach().clone() for weight in self._weights]

    def add(self, step: int) -> None:
        keep = min(self._keep, (1 + step) / (10 + step))
        with torch.no_grad():
            torch._foreach_lerp_(self.means, [weight.detach() for weight in self._weights], 1 - keep)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Within the block the model holds its mean weights."""
        own = [weight.detach().clone() for weight in self._weights]
        self._fill(self.means)
        try:
            yield
        finally:
            self._fill(own)

    def _fill(self, values: Sequence[Any]) -> None:
        with torch.no_grad():
            for weight, value in zip(self._weights, values, strict=True):
                weight.copy_(value)


def train(learner: Learner, schedule: Schedule, folder: Path, log: Log) -> Outcome:
    """Train until `schedule.steps`, going on where `folder` says an earlier run stopped.

    The best averaged weights lie in `folder/best.pt`, as Stanza reads them; `folder/state.pt` is what a
    restart needs. A warm start's own figure is step 0: weights that never beat it are never written over it.
    Raises NothingToLearnError when the learner has no batches.
    """
    folder.mkdir(parents=True, exist_ok=True)
    best, state_path = folder / "best.pt", folder / "state.pt"
    average = Average(learner.model, schedule.average)
    dice = random.Random(schedule.seed)  # noqa: S311
    step, top, epoch, at = 0, -1.0, 0, 0
    seed_everything(schedule.seed)
    if state_path.is_file():
        step, top, epoch, at = _restore(state_path, learner, average)
        log(f"going on at step {step} of {schedule.steps}, best {100 * top:.2f}")
    else:
        top = learner.score()
        learner.save(best)
        log(f"step 0 of {schedule.steps}: dev {100 * top:.2f}")
    loss, since, clock = 0.0, 0, time.process_time()
    while step < schedule.steps:
        dice.seed(f"{schedule.seed}.{epoch}")
        batches = learner.epoch(dice)
        if not batches:
            raise NothingToLearnError(f"{folder}: no sentence to train on")
        for batch in batches[at:]:
            step, at, since = step + 1, at + 1, since + 1
            for optimizer in learner.optimizers:
                for group in optimizer.param_groups:
                    group["lr"] = schedule.rate_at(step)
            loss += learner.update(batch)
            average.add(step)
            if step % schedule.evaluate_every == 0 or step >= schedule.steps:
                pace = (time.process_time() - clock) / since
                with average.in_place():
                    score = learner.score()
                    if score > top:
                        top = score
                        learner.save(best)
                log(
                    f"step {step} of {schedule.steps}: dev {100 * score:.2f} (best {100 * top:.2f}), loss "
                    f"{loss / since:.3f}, {pace:.2f} CPU-seconds a step, rate {schedule.rate_at(step):.1e}"
                )
                _keep(state_path, learner, average, (step, top, epoch, at))
                loss, since, clock = 0.0, 0, time.process_time()
            if step >= schedule.steps:
                break
        else:
            epoch, at = epoch + 1, 0
    return Outcome(step, top, best)


def seed_everything(seed: int) -> None:
    """Make every random number that Stanza and PyTorch draw a function of `seed`."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def _keep(path: Path, learner: Learner, average: Average, progress: tuple[int, float, int, int]) -> None:
    numbers: Any = np.random.get_state(legacy=True)
    state = {
        "progress": progress,
        "model": [weight.detach() for weight in learner.model.parameters() if weight.requires_grad],
        "means": average.means,
        "optimizers": [optimizer.state_dict() for optimizer in learner.optimizers],
        "random": json.dumps(random.getstate()),
        "numpy": json.dumps([numbers[0], numbers[1].tolist(), *numbers[2:]]),
        "torch": torch.get_rng_state(),
    }
    draft = path.with_suffix(".tmp")
    torch.save(state, draft)
    draft.replace(path)


def _restore(path: Path, learner: Learner, average: Average) -> tuple[int, float, int, int]:
    state = torch.load(path, map_location="cpu", weights_only=True)
    with torch.no_grad():
        weights = [weight for weight in learner.model.parameters() if weight.requires_grad]
        for weight, value in zip(weights, state["model"], strict=True):
            weight.copy_(value)
        for mean, value in zip(average.means, state["means"], strict=True):
            mean.copy_(value)
    for optimizer, own in zip(learner.optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(own)
    version, numbers, gauss = json.loads(state["random"])
    random.setstate((version, tuple(numbers), gauss))
    name, keys, *rest = json.loads(state["numpy"])
    np.random.set_state((name, np.array(keys, dtype=np.uint32), *rest))
    torch.set_rng_state(state["torch"])
    step, top, epoch, at = state["progress"]
    return int(step), float(top), int(epoch), int(at)
