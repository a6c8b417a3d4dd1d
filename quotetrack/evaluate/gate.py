"""The quality gate: figures that must not fall, each tied to the corpus it was measured on.

A floor stands `margin` points under the figure it was set from, or one quote's worth where that is more.
Rounding differs between processors and versions of PyTorch and tips a few near-ties among thousands of
decisions, so the same code scores slightly differently elsewhere; a loss of quality is larger. Floors only
rise; to lower one, say so.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from quotetrack.evaluate.report import figure
from quotetrack.evaluate.scores import Report

FIGURES = (
    "all.exact.f1",
    "all.partial.f1",
    "all.joint_exact.f1",
    "all.joint_soft.f1",
    "direct.exact.f1",
    "direct.source.head",
)


class GateError(ValueError):
    """A gate file that is none, or a floor that would be lowered without being told to."""


@dataclass(frozen=True, slots=True)
class Floors:
    """What one corpus, known by its digest, must at least reach: address of a figure → percent."""

    digest: str
    floors: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Gate:
    """The floors of every corpus by name; margin: points between a figure and the floor set from it."""

    margin: float
    corpora: Mapping[str, Floors]


def read_gate(path: Path) -> Gate:
    """Read a gate file. Raises GateError naming what is wrong with it."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        corpora = {
            name: Floors(str(entry["digest"]), {key: float(value) for key, value in entry["floors"].items()})
            for name, entry in raw.get("corpora", {}).items()
        }
        return Gate(float(raw["margin"]), corpora)
    except (OSError, KeyError, TypeError, AttributeError, ValueError) as problem:
        raise GateError(f"{path}: not a gate file: {problem!r}") from problem


def write_gate(path: Path, gate: Gate, preface: str = "") -> None:
    """Write a gate file; preface: comment lines at its top, without the marks."""
    lines = [f"# {line}".rstrip() for line in preface.splitlines()]
    lines += [f"margin = {gate.margin}"]
    for name, floors in gate.corpora.items():
        lines += ["", f'[corpora."{name}"]', f'digest = "{floors.digest}"', f'[corpora."{name}".floors]']
        lines += [f'"{address}" = {value:.1f}' for address, value in floors.floors.items()]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def breaches(gate: Gate, name: str, digest: str, report: Report) -> list[str]:
    """What is wrong with a corpus's figures, one line each; none when the gate holds."""
    known = gate.corpora.get(name)
    if known is None:
        return [f"{name}: has no floors yet"]
    if known.digest != digest:
        return [f"{name}: is another corpus ({digest}) than the floors were measured on ({known.digest})"]
    found = []
    for address, floor in known.floors.items():
        value = figure(report, address)
        if value is None or value < floor:
            said = "is not measured" if value is None else f"is {value:.1f}"
            found.append(f"{name}: {address} {said}, its floor is {floor:.1f}")
    return found


def raise_floors(
    gate: Gate,
    name: str,
    digest: str,
    report: Report,
    *,
    addresses: Iterable[str] = FIGURES,
    lower: bool = False,
) -> Gate:
    """The gate with a corpus's floors set from a report: `margin` (or one quote) below.

    Raises GateError when a figure fell below its floor, or the corpus changed, unless `lower` is given;
    a figure between floor and floor + margin leaves its floor as it is.
    """
    known = gate.corpora.get(name)
    if known is not None and not lower:
        wrong = breaches(gate, name, digest, report)
        if wrong:
            raise GateError("; ".join(wrong) + ": floors are lowered only when told to")
    floors = {}
    for address in addresses:
        value = figure(report, address)
        if value is not None:
            floor = max(0.0, math.floor((value - max(gate.margin, _one_quote(report, address))) * 10) / 10)
            floors[address] = floor if known is None or lower else max(floor, known.floors.get(address, 0.0))
    return replace(gate, corpora={**gate.corpora, name: Floors(digest, floors)})


def _one_quote(report: Report, address: str) -> float:
    """How many points one quote more or less is worth in a figure."""
    measure = address.rpartition(".")[0]
    units = figure(report, f"{measure}.n_gold") or figure(report, f"{measure}.pairs") or 1.0
    return 100.0 / units
