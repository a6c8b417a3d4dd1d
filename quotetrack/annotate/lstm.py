"""Recurrent layers over many sequences at once, in NumPy: the arithmetic of PyTorch's LSTM, without PyTorch.

All sequences of a batch take a step together, both directions in one product. A layer's inputs are projected
beforehand, by one product for all steps and once for equal inputs. What an LSTM computes is from Hochreiter
and Schmidhuber (1997) in the form of `torch.nn.LSTM`; results are the same up to rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

STEP_ITEMS = 3_000  # words that one batch should hold: products are large, and what they need fits a cache


def sigmoid(values: Floats) -> Floats:
    """1 / (1 + exp(-x)), elementwise, into a new array."""
    with np.errstate(over="ignore"):
        found = np.exp(-values)
    found += 1
    return np.reciprocal(found, out=found)


def tanh(values: Floats) -> Floats:
    """Tangens hyperbolicus by the sigmoid, which is twice as fast here as NumPy's own."""
    found = sigmoid(2 * values)
    found *= 2
    found -= 1
    return found


def weights(model: Mapping[str, Any], name: str) -> Floats:
    """A saved tensor in memory, as 32-bit floats."""
    return np.array(model[name], dtype=np.float32, order="C")


class Layout:
    """Where the items of several sequences stand when all sequences step together, the longest first.

    lengths: items a sequence, at least 1 each. *Flat* order is one sequence after the other; *step* order all
    first items, then all second items, …. sizes: sequences alive at each step; forward, backward [items]: the
    flat place of each item in step order, read from the front and from the back; at_forward, at_backward: the
    step-order place of each flat item in the two.
    """

    def __init__(self, lengths: Sequence[int]) -> None:
        count = np.asarray(lengths, dtype=np.int64)
        self.beginnings: Places = np.cumsum(count) - count  # flat place of each sequence's first item
        ranks = np.empty(len(count), dtype=np.int64)
        ranks[np.argsort(-count, kind="stable")] = np.arange(len(count))
        alive = np.bincount(count, minlength=int(count.max()) + 1)
        sizes = len(count) - np.cumsum(alive)[:-1]
        self.sizes: list[int] = sizes.tolist()
        starts = np.concatenate([[0], np.cumsum(sizes)])
        total = int(count.sum())
        step = np.arange(total) - np.repeat(self.beginnings, count)
        rank = np.repeat(ranks, count)
        self.at_forward: Places = starts[step] + rank
        self.at_backward: Places = starts[np.repeat(count, count) - 1 - step] + rank
        self.forward: Places = np.empty(total, dtype=np.int64)
        self.forward[self.at_forward] = np.arange(total)
        self.backward: Places = np.empty(total, dtype=np.int64)
        self.backward[self.at_backward] = np.arange(total)
        self.last: Places = starts[count - 1] + ranks  # step-order place of each sequence's last step


@dataclass(frozen=True, slots=True)
class Cell:
    """One LSTM layer of one or two directions.

    inputs [width, directions × 4 × hidden], bias alike; recurrent [directions, hidden, 4 × hidden];
    first_hidden, first_state [directions, 1, hidden]. Gates stand in the order input, forget, output, new
    value, with their signs and factors turned so that each is 1 / (1 + exp(what comes out)).
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
        """What the gates make of items [n, width]: [n, directions × 4 × hidden]."""
        found = items @ self.inputs
        found += self.bias
        return found

    def run(self, items: Floats, layout: Layout) -> Floats:
        """The outputs [directions, items, hidden] in step order. items [n, width] in flat order."""
        orders = (layout.forward, layout.backward)[: len(self.recurrent)]
        gates = np.empty((len(orders), len(items), 4 * self.hidden), dtype=np.float32)
        for way, order in enumerate(orders):
            part = slice(way * 4 * self.hidden, (way + 1) * 4 * self.hidden)
            np.matmul(items[order], self.inputs[:, part], out=gates[way])
            gates[way] += self.bias[part]
        return self._steps(gates, layout)

    def run_known(self, projected: Floats, rows: Places, layout: Layout) -> Floats:
        """As `run`, of items that repeat. projected: from `project`, of distinct items; rows: which of them
        each flat item is."""
        orders = (layout.forward, layout.backward)[: len(self.recurrent)]
        width = 4 * self.hidden
        gates = np.empty((len(orders), len(rows), width), dtype=np.float32)
        for way, order in enumerate(orders):
            part = projected[:, way * width : (way + 1) * width]
            np.take(part, rows[order], axis=0, out=gates[way], mode="clip")
        return self._steps(gates, layout)

    def _steps(self, gates: Floats, layout: Layout) -> Floats:
        """All steps, which turn `gates` [directions, items, 4 × hidden] (in step order) into outputs."""
        hidden, directions = self.hidden, len(self.recurrent)
        most = layout.sizes[0]
        outputs = np.empty((directions, gates.shape[1], hidden), dtype=np.float32)
        before = np.broadcast_to(self.first_hidden, (directions, most, hidden))
        state = np.repeat(self.first_state / 2, most, axis=1)
        made = np.empty((directions, most, 4 * hidden), dtype=np.float32)
        start = 0
        with np.errstate(over="ignore"):
            for size in layout.sizes:
                gate = np.matmul(before[:, :size], self.recurrent, out=made[:, :size])
                gate += gates[:, start : start + size]
                np.exp(gate, out=gate)
                gate += 1
                np.reciprocal(gate, out=gate)
                new = gate[:, :, 3 * hidden :]
                new -= 0.5  # half of what a tanh gives: the state is kept halved
                new *= gate[:, :, :hidden]
                state = state[:, :size]
                state *= gate[:, :, hidden : 2 * hidden]
                state += new
                shown = np.multiply(state, -4)
                np.exp(shown, out=shown)
                shown += 1
                np.divide(2, shown, out=shown)
                shown -= 1
                before = outputs[:, start : start + size]
                np.multiply(shown, gate[:, :, 2 * hidden : 3 * hidden], out=before)
                start += size
        return outputs


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
        inputs=np.ascontiguousarray(np.concatenate([turned(f"weight_ih_{end}") for end in ends]).T),
        bias=np.concatenate([turned(f"bias_ih_{end}") + turned(f"bias_hh_{end}") for end in ends])[:, 0],
        recurrent=np.stack([np.ascontiguousarray(turned(f"weight_hh_{end}").T) for end in ends]),
        first_hidden=begin[0],
        first_state=begin[1],
    )


def both_ways(outputs: Floats, layout: Layout) -> Floats:
    """The outputs [2, items, hidden] of both directions side by side in flat order: [items, 2 × hidden]."""
    hidden = outputs.shape[2]
    found = np.empty((outputs.shape[1], 2 * hidden), dtype=np.float32)
    np.take(outputs[0], layout.at_forward, axis=0, out=found[:, :hidden], mode="clip")
    np.take(outputs[1], layout.at_backward, axis=0, out=found[:, hidden:], mode="clip")
    return found


@dataclass(frozen=True, slots=True)
class Highway:
    """Layers of two directions, each with a gated way around it (Srivastava et al. 2015), as Stanza has them.

    around: the weights of a layer's gate and of its way around, side by side [width, 2 × 2 × hidden].
    """

    cells: tuple[Cell, ...]
    around: tuple[Floats, ...]
    bias: tuple[Floats, ...]

    def run(self, items: Floats, rows: Places | None, layout: Layout) -> Floats:
        """The last layer's outputs [words, 2 × hidden] in flat order.

        items [n, width]: distinct inputs; rows: which of them each word has, None for its own.
        """
        for cell, around, bias in zip(self.cells, self.around, self.bias, strict=True):
            outputs = (
                cell.run(items, layout) if rows is None else cell.run_known(cell.project(items), rows, layout)
            )
            found = both_ways(outputs, layout)
            past = items @ around
            past += bias
            width = found.shape[1]
            gated = sigmoid(past[:, :width])
            gated *= tanh(past[:, width:])
            found += gated if rows is None else gated[rows]
            items, rows = found, None
        return items


def highway(model: Mapping[str, Any], name: str) -> Highway:
    """Read a saved HighwayLSTM and its first states."""
    depth = sum(f"{name}.gate.{layer}.weight" in model for layer in range(100))
    parts = [
        [weights(model, f"{name}.{part}.{layer}.weight") for part in ("gate", "highway")]
        for layer in range(depth)
    ]
    return Highway(
        tuple(cell(model, f"{name}.lstm.{layer}.lstm.", first=name, at=2 * layer) for layer in range(depth)),
        tuple(np.ascontiguousarray(np.concatenate(both).T) for both in parts),
        tuple(
            np.concatenate([weights(model, f"{name}.{part}.{layer}.bias") for part in ("gate", "highway")])
            for layer in range(depth)
        ),
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
