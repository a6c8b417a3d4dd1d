"""A judge: logistic regression over named features, kept as JSON, fitted without any library."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from quotetrack.learn.features import describe
from quotetrack.types import Annotation, Quote

RARE = 2  # features seen in fewer candidates than this are left out: they would learn a text by heart
ROUNDS = 30  # passes over the examples
STEP = 0.3  # first step of AdaGrad
SHRINK = 3e-4  # L2 penalty per example; grows with how rare a feature is

Example = tuple[tuple[str, ...], bool]


class JudgeError(ValueError):
    """A file that is no judge; the text starts with where."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Weights in nats by feature and a bias; threshold: the least probability (0 to 1) that is kept.

    trained_on: names of the corpora; language: the one they are in.
    """

    language: str
    weights: Mapping[str, float]
    bias: float
    threshold: float
    trained_on: tuple[str, ...] = ()

    def probability(self, features: Iterable[str]) -> float:
        """How likely a candidate with these features is right, 0 to 1; unknown features say nothing."""
        score = self.bias + sum(self.weights.get(name, 0.0) for name in features)
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


def fit(examples: Sequence[Example], language: str, trained_on: Sequence[str] = ()) -> Judge:
    """A judge fitted to candidates and whether each was right, with a threshold of one half.

    AdaGrad on the logistic loss in a fixed shuffled order: the same examples give the same judge. Raises
    ValueError where the examples are not of both kinds.
    """
    if len({right for _, right in examples}) < 2:
        raise ValueError("nothing to learn from: the candidates are all right or all wrong")
    seen = Counter(name for features, _ in examples for name in set(features))
    known = [([n for n in features if seen[n] >= RARE], right) for features, right in examples]
    share = sum(right for _, right in known) / len(known)
    weights: dict[str, float] = dict.fromkeys((n for n, count in seen.items() if count >= RARE), 0.0)
    squares = dict.fromkeys(weights, 1e-8)
    bias, bias_square = math.log(share / (1 - share)), 1e-8
    order = list(range(len(known)))
    shuffled = random.Random(0)  # noqa: S311 - an order, not a secret
    for _ in range(ROUNDS):
        shuffled.shuffle(order)
        for at in order:
            features, right = known[at]
            score = bias + sum(weights[name] for name in features)
            slope = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score)))) - right
            bias_square += slope * slope
            bias -= STEP * slope / math.sqrt(bias_square)
            for name in features:
                gradient = slope + SHRINK * len(known) / seen[name] * weights[name]
                squares[name] += gradient * gradient
                weights[name] -= STEP * gradient / math.sqrt(squares[name])
    return Judge(language, weights, bias, 0.5, tuple(trained_on))


def judged(judge: Judge, annotation: Annotation, candidates: Sequence[Quote]) -> list[Quote]:
    """The candidates that a judge keeps, with its probabilities as their confidences."""
    kept = []
    for quote, features in zip(candidates, describe(annotation, candidates), strict=True):
        probability = judge.probability(features)
        if probability >= judge.threshold:
            kept.append(replace(quote, confidence=round(probability, 2)))
    return kept


def best_threshold(judged: Sequence[tuple[float, bool]], gold: int) -> float:
    """The threshold with the best F1 of the candidates kept, of `gold` quotes there are to find."""
    best, threshold, right = -1.0, 0.5, 0
    ordered = sorted(judged, reverse=True)
    for count, (probability, is_right) in enumerate(ordered, 1):
        right += is_right
        score = 2 * right / (gold + count)
        tied = count < len(ordered) and ordered[count][0] == probability
        if score > best and not tied:
            best, threshold = score, probability
    return threshold


def write_judge(judge: Judge, path: Path) -> None:
    """Write a judge as JSON, weights rounded to four digits, those that say nothing left out."""
    kept = {name: round(weight, 4) for name, weight in sorted(judge.weights.items()) if abs(weight) >= 5e-4}
    path.write_text(json.dumps(asdict(judge) | {"weights": kept}, ensure_ascii=False, indent=0), "utf-8")


def read_judge(path: Path) -> Judge:
    """Read a judge. Raises JudgeError where the file is none."""
    try:
        raw = json.loads(path.read_text("utf-8"))
        return Judge(
            language=str(raw["language"]),
            weights={str(name): float(weight) for name, weight in raw["weights"].items()},
            bias=float(raw["bias"]),
            threshold=float(raw["threshold"]),
            trained_on=tuple(raw["trained_on"]),
        )
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise JudgeError(f"{path}: no judge: {problem!r}") from problem
