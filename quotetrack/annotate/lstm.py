"""Recurrent layers over many sequences at once, in NumPy: the arithmetic of PyTorch's LSTM, without PyTorch.

All sequences of a batch take a step together, both directions in one product. A layer's inputs are projected
beforehand, by one product for all steps and once for equal inputs. What an LSTM computes is from Hochreiter
and Schmidhuber (1997) in the form of `torch.nn.LSTM`; results are the same up to rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

STEP_ITEMS = 3_000  # words that one batch should hold: products are large, and what they need fits a cache
AHEAD = 1_000  # items projected at once, ahead of their steps
CACHED = 40_000  # numbers of gates worked on at once


def sigmoid(values: Floats) -> Floats:
    """1 / (1 + exp(-x)), elementwise, into a new array."""
    with np.errstate(over="ignore"):
        found = np.exp(-values)
    found += 1
    return np.reciprocal(found, out=found)


def weights(model: Mapping[str, Any], name: str) -> Floats:
    """A saved tensor in memory, as 32-bit floats."""
    return np.array(model[name], dtype=np.float32, order="C")


class Layout:
    """Where the items of several sequences stand when all sequences step together, the longest first.

    lengths: items a sequence, at least 1 each. *Flat* order is one sequence after the other; *step* order all
    first items, then all second items, …. sizes: sequences alive at each step; forward, backward [items]: the
    flat place of each item in step order, read from the front and from the back; both [items × 2]: where each
    flat item stands, forward and backward, when the steps of both directions follow each other, a step's
    forward items first; ends: the flat place of each sequence's last item.
    """

    def __init__(self, lengths: Sequence[int]) -> None:
        count = np.asarray(lengths, dtype=np.int64)
        self.beginnings: Places = np.cumsum(count) - count  # flat place of each sequence's first item
        self.ends: Places = self.beginnings + count - 1
        ranks = np.empty(len(count), dtype=np.int64)
        ranks[np.argsort(-count, kind="stable")] = np.arange(len(count))
        alive = np.bincount(count, minlength=int(count.max()) + 1)
        sizes = len(count) - np.cumsum(alive)[:-1]
        self.sizes: list[int] = sizes.tolist()
        starts = np.concatenate([[0], np.cumsum(sizes)])
        total = int(count.sum())
        step = np.arange(total) - np.repeat(self.beginnings, count)
        rank = np.repeat(ranks, count)
        back = np.repeat(count, count) - 1 - step
        self.forward: Places = np.empty(total, dtype=np.int64)
        self.forward[starts[step] + rank] = np.arange(total)
        self.backward: Places = np.empty(total, dtype=np.int64)
        self.backward[starts[back] + rank] = np.arange(total)
        self.both: Places = np.empty(2 * total, dtype=np.int64)
        self.both[::2] = 2 * starts[step] + rank
        self.both[1::2] = 2 * starts[back] + sizes[back] + rank


@dataclass(frozen=True, slots=True)
class Cell:
    """One LSTM layer of one or two directions.

    inputs [directions, width, 4 × hidden], bias [directions, 4 × hidden]; recurrent [directions, hidden,
    4 × hidden]; first_hidden, first_state [directions, 1, hidden]. Gates stand in the order input, forget,
    output, new value, with their signs and factors turned so that each is 1 / (1 + exp(what comes out)).
    """

    inputs: Floats
    bias: Floats
    recurrent: Floats
    first_hidden: Floats
    first_state: Floats

    @property
    def hidden(self) -> int:
        return int(self.recurrent.shape[1])

    def project(self, items: Floats) -> Floats:
        """What the gates make of items [n, width]: [directions, n, 4 × hidden]."""
        found: Floats = np.matmul(items, self.inputs)
        found += self.bias[:, None]
        return found

    def begin(self, way: int) -> tuple[Floats, Floats]:
        """The output and the state [1, hidden] before the first item of a direction, as `step` wants them."""
        return self.first_hidden[way], self.first_state[way] * -2

    def step(self, way: int, projected: Floats, before: Floats, state: Floats) -> Floats:
        """The outputs [n, hidden] of one step of many sequences in one direction; turns `state` in place.

        projected: what the gates make of the items [n, 4 × hidden]; before, state [n, hidden]: the outputs
        and states that the sequences have so far, states times -2.
        """
        gates = before @ self.recurrent[way]
        gates += projected
        shown = np.empty_like(state)
        rows = max(1, CACHED // (4 * self.hidden))
        with np.errstate(over="ignore"):
            _advance(gates, state, shown, np.empty((min(rows, len(state)), self.hidden), dtype=np.float32))
        return shown

    def run(self, items: Floats, layout: Layout) -> Floats:
        """The outputs [items, directions × hidden] of items [n, width], both in flat order."""

        def project(way: int, places: Places, gates: Floats) -> None:
            np.matmul(items[places], self.inputs[way], out=gates)
            gates += self.bias[way]

        return self._steps(project, layout)

    def run_known(self, projected: Floats, rows: Places, layout: Layout) -> Floats:
        """As `run`, of items that repeat. projected: from `project`, of distinct items; rows: which of them
        each flat item is."""

        def project(way: int, places: Places, gates: Floats) -> None:
            np.take(projected[way], rows[places], axis=0, out=gates, mode="clip")

        return self._steps(project, layout)

    def _steps(self, project: Callable[[int, Places, Floats], None], layout: Layout) -> Floats:
        """All steps, and the outputs in flat order.

        project: what the gates make of some items (flat places) in one direction, into an array. It is asked
        for as many steps at once as fill a good product, and no more than a cache holds.
        """
        hidden, ways = self.hidden, len(self.recurrent)
        orders = (layout.forward, layout.backward)[:ways]
        count, most = len(layout.forward), layout.sizes[0]
        outputs = np.empty((ways * count, hidden), dtype=np.float32)
        known = np.empty((ways, min(count, AHEAD + most), 4 * hidden), dtype=np.float32)
        room = np.empty(ways * most * 4 * hidden, dtype=np.float32)
        rows = max(1, CACHED // (4 * hidden))
        values = np.empty((min(rows, ways * most), hidden), dtype=np.float32)
        before = np.broadcast_to(self.first_hidden, (ways, most, hidden))
        state = np.repeat(self.first_state * -2, most, axis=1)
        start = first = last = 0  # known holds what stands from first to last in step order
        with np.errstate(over="ignore"):
            for step, size in enumerate(layout.sizes):
                if start == last:
                    first = start
                    for alive in layout.sizes[step:]:
                        last += alive
                        if last - first >= AHEAD:
                            break
                    for way, order in enumerate(orders):
                        project(way, order[first:last], known[way, : last - first])
                if size < before.shape[1]:
                    before, state = before[:, :size], state[:, :size].copy()
                made = room[: ways * size * 4 * hidden].reshape(ways, size, 4 * hidden)
                np.matmul(before, self.recurrent, out=made)
                made += known[:, start - first : start - first + size]
                shown = outputs[ways * start : ways * (start + size)]
                _advance(made.reshape(-1, 4 * hidden), state.reshape(-1, hidden), shown, values)
                before = shown.reshape(ways, size, hidden)
                start += size
        if ways == 1:
            found = np.empty_like(outputs)
            found[layout.forward] = outputs
            return found
        return np.take(outputs, layout.both, axis=0, mode="clip").reshape(count, 2 * hidden)


def _advance(gates: Floats, state: Floats, shown: Floats, values: Floats) -> None:
    """One step: turns the state [rows, hidden], which is kept times -2, and writes what it shows.

    gates [rows, 4 × hidden] are used up; values: room for as many rows as a cache holds, taken in turn.
    """
    hidden, rows = state.shape[1], len(values)
    for start in range(0, len(state), rows):
        part = slice(start, start + rows)
        gate, kept, out = gates[part], state[part], shown[part]
        np.exp(gate, out=gate)
        gate += 1
        np.reciprocal(gate, out=gate)
        new = np.multiply(gate[:, 3 * hidden :], -4, out=values[: len(gate)])  # -2 tanh = 2 - 4 sigmoid
        new += 2
        new *= gate[:, :hidden]
        kept *= gate[:, hidden : 2 * hidden]
        kept += new
        np.exp(kept, out=out)
        out += 1
        np.divide(2, out, out=out)
        out -= 1
        out *= gate[:, 2 * hidden : 3 * hidden]


def cell(model: Mapping[str, Any], prefix: str, layer: int = 0, first: str = "", at: int = 0) -> Cell:
    """Read a layer of a saved `torch.nn.LSTM`.

    prefix: the module's name with its dot; first: the prefix of the saved first states (`…_h_init`), which
    are zero without one; at: which of them is this layer's first.
    """
    ends = [f"l{layer}{way}" for way in ("", "_reverse") if f"{prefix}weight_hh_l{layer}{way}" in model]
    hidden = model[f"{prefix}weight_hh_{ends[0]}"].shape[1]
    order = np.concatenate([np.arange(hidden) + gate * hidden for gate in (0, 1, 3, 2)])  # from i f new o
    factor = np.repeat(np.array([-1, -1, -1, -2], dtype=np.float32), hidden)[:, None]

    def turned(name: str) -> Floats:
        values = weights(model, prefix + name)
        rows: Floats = values.reshape(4 * hidden, -1)[order] * factor
        return rows

    begin = np.zeros((2, len(ends), 1, hidden), dtype=np.float32)
    if first:
        for place, name in enumerate(("h_init", "c_init")):
            begin[place] = weights(model, f"{first}_{name}")[at : at + len(ends)]
    return Cell(
        inputs=np.stack([np.ascontiguousarray(turned(f"weight_ih_{end}").T) for end in ends]),
        bias=np.stack([(turned(f"bias_ih_{end}") + turned(f"bias_hh_{end}"))[:, 0] for end in ends]),
        recurrent=np.stack([np.ascontiguousarray(turned(f"weight_hh_{end}").T) for end in ends]),
        first_hidden=begin[0],
        first_state=begin[1],
    )


@dataclass(frozen=True, slots=True)
class Highway:
    """Layers of two directions, each with a gated way around it (Srivastava et al. 2015), as Stanza has them.

    around, bias: the weights of a layer's gate and of its way around, side by side [width, 2 × 2 × hidden],
    with their signs and factors turned as those of a cell.
    """

    cells: tuple[Cell, ...]
    around: tuple[Floats, ...]
    bias: tuple[Floats, ...]

    def run(self, items: Floats, rows: Places | None, layout: Layout) -> Floats:
        """The last layer's outputs [words, 2 × hidden] in flat order.

        items [n, width]: distinct inputs; rows: which of them each word has, None for its own.
        """
        for cell, around, bias in zip(self.cells, self.around, self.bias, strict=True):
            found = (
                cell.run(items, layout) if rows is None else cell.run_known(cell.project(items), rows, layout)
            )
            past = _past(items, around, bias)
            found += past if rows is None else past[rows]
            items, rows = found, None
        return items


def _past(items: Floats, around: Floats, bias: Floats) -> Floats:
    """What goes around a layer [n, width of its outputs]: sigmoid times tanh, some rows at a time."""
    width = len(bias) // 2
    found = np.empty((len(items), width), dtype=np.float32)
    rows = max(1, CACHED // len(bias))
    room = np.empty((min(rows, len(items)), len(bias)), dtype=np.float32)
    with np.errstate(over="ignore"):
        for start in range(0, len(items), rows):
            part, out = items[start : start + rows], found[start : start + rows]
            gate = np.matmul(part, around, out=room[: len(part)])
            gate += bias
            np.exp(gate, out=gate)
            gate += 1
            np.divide(2, gate[:, width:], out=out)
            out -= 1
            out /= gate[:, :width]
    return found


def highway(model: Mapping[str, Any], name: str) -> Highway:
    """Read a saved HighwayLSTM and its first states."""
    depth = sum(f"{name}.gate.{layer}.weight" in model for layer in range(100))

    def around(layer: int, kind: str) -> Floats:
        return np.concatenate(
            [
                weights(model, f"{name}.{part}.{layer}.{kind}") * np.float32(factor)
                for part, factor in (("gate", -1), ("highway", -2))
            ]
        )

    return Highway(
        tuple(cell(model, f"{name}.lstm.{layer}.lstm.", first=name, at=2 * layer) for layer in range(depth)),
        tuple(np.ascontiguousarray(around(layer, "weight").T) for layer in range(depth)),
        tuple(around(layer, "bias") for layer in range(depth)),
    )


def portions(lengths: Sequence[int], items: int = STEP_ITEMS) -> Iterator[list[int]]:
    """Cut sequences into batches of about so many items, like lengths together: their numbers."""
    held: list[int] = []
    size = 0
    for number in sorted(range(len(lengths)), key=lambda at: (-lengths[at], at)):
        if held and size + lengths[number] > items:
            yield held
            held, size = [], 0
        held.append(number)
        size += lengths[number]
    if held:
        yield held
