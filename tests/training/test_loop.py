"""The loop: rates, averages, what is kept, restarts. The learner is a line through points."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.training.loop import Average, NothingToLearnError, Schedule, train


class Line:
    """Learns y = 3x + 1 from noisy points; noise comes from the random numbers that the loop seeds."""

    def __init__(self) -> None:
        self.model = torch.nn.Linear(1, 1)
        torch.nn.init.zeros_(self.model.weight)
        torch.nn.init.zeros_(self.model.bias)
        self.optimizers = [torch.optim.Adam(self.model.parameters(), lr=1.0)]
        self.rates: list[float] = []
        self.stop_at: int | None = None

    def epoch(self, dice: random.Random) -> list[float]:
        points = [x / 7 for x in range(7)]
        dice.shuffle(points)
        return points

    def update(self, batch: float) -> float:
        if self.stop_at is not None and len(self.rates) == self.stop_at:
            raise KeyboardInterrupt
        self.rates.append(self.optimizers[0].param_groups[0]["lr"])
        self.optimizers[0].zero_grad()
        aim = 3 * batch + 1 + 0.01 * torch.randn(1)
        loss = ((self.model(torch.tensor([batch])) - aim) ** 2).sum()
        loss.backward()
        self.optimizers[0].step()
        return float(loss.detach())

    def score(self) -> float:
        with torch.no_grad():
            return float(1 / (1 + abs(self.model.weight - 3) + abs(self.model.bias - 1)))

    def save(self, path: Path) -> None:
        torch.save(self.model.state_dict(), path)


class Nothing(Line):
    """A learner whose file held no sentence."""

    def epoch(self, dice: random.Random) -> list[float]:
        return []


SCHEDULE = Schedule(steps=120, rate=0.3, warmup=5, average=0.9, evaluate_every=20)


def test_nothing_to_learn_from_is_told(tmp_path):
    with pytest.raises(NothingToLearnError, match="no sentence"):
        train(Nothing(), SCHEDULE, tmp_path, print)


def test_it_learns_and_keeps_the_best(tmp_path):
    said: list[str] = []
    outcome = train(Line(), SCHEDULE, tmp_path, said.append)
    assert outcome.steps == 120
    assert outcome.score > 0.7
    best = Line()
    best.model.load_state_dict(torch.load(outcome.path, weights_only=True))
    assert best.score() == pytest.approx(outcome.score)
    assert len(said) == 7  # step 0 and six evaluations


@pytest.mark.parametrize("cut", [1, 20, 33, 59, 100])
def test_a_run_that_was_cut_ends_as_if_it_had_not_been(cut, tmp_path):
    whole = train(Line(), SCHEDULE, tmp_path / "whole", str)
    broken = Line()
    broken.stop_at = cut
    with pytest.raises(KeyboardInterrupt):
        train(broken, SCHEDULE, tmp_path / "cut", str)
    again = train(Line(), SCHEDULE, tmp_path / "cut", str)
    assert again.score == whole.score
    ours, theirs = (torch.load(one.path, weights_only=True) for one in (again, whole))
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


def test_weights_that_only_got_worse_are_not_kept(tmp_path):
    learner = Line()
    with torch.no_grad():
        learner.model.weight.fill_(3.0)
        learner.model.bias.fill_(1.0)
    outcome = train(learner, Schedule(steps=10, rate=0.5, warmup=1, evaluate_every=5), tmp_path, str)
    assert outcome.score == 1.0
    assert torch.load(outcome.path, weights_only=True)["weight"].item() == 3.0


@given(
    steps=st.integers(1, 5_000), warmup=st.integers(0, 100), rate=st.floats(1e-5, 1.0, allow_subnormal=False)
)
def test_rates_rise_then_fall_and_never_reach_nothing(steps, warmup, rate):
    schedule = Schedule(steps=steps, rate=rate, warmup=warmup)
    rates = [schedule.rate_at(step) for step in range(1, steps + 1)]
    peak = rates.index(max(rates))
    assert all(0 < one <= rate * 1.000001 for one in rates)
    assert rates[: peak + 1] == sorted(rates[: peak + 1])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)


def test_the_average_is_in_place_only_within_its_block():
    model = torch.nn.Linear(1, 1, bias=False)
    average = Average(model, 0.5)
    values = []
    for step, value in enumerate([1.0, 2.0, 4.0], 1):
        with torch.no_grad():
            model.weight.fill_(value)
        average.add(step)
    with average.in_place():
        values.append(model.weight.item())
    values.append(model.weight.item())
    assert 1.0 < values[0] < 4.0
    assert values[1] == 4.0
