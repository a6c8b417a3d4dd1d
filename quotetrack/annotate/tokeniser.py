"""Stanza's tokeniser: a network that reads characters and says after which of them something ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from quotetrack.annotate.lstm import Floats, Layout, Places, cell, portions, sigmoid, weights
from quotetrack.annotate.words import UNKNOWN

Labels = npt.NDArray[np.int64]

WINDOW = 450  # characters of a line judged at once; a longer one is judged in even parts of about so many
MARGIN = 64  # characters read beyond a part at either side: with 48 a label in 100,000 changes, with 64 none
BATCH_CHARACTERS = 40_000  # arrays of more are handed back to the system each time, and come back blank
_FEATURES: dict[str, Callable[[str], bool]] = {
    "space_before": lambda char: char == " ",
    "capitalized": str.isupper,
    "numeric": lambda char: re.match(r"^[\d]+([,\.]+[\d]+)*[,\.]*$", char) is not None,
}
_PLACES = ("start_of_para", "end_of_para")
_PAD = -1  # stands after each line
_START, _END = 1, 2  # whether a character is the first or the last of its line; both may be


class Tokeniser:
    """A saved tokeniser of two layers. `knows` says whether a saved one is of this kind."""

    @staticmethod
    def knows(saved: Mapping[str, Any]) -> bool:
        config, model = saved["config"], saved["model"]
        return (
            not config.get("use_dictionary")
            and not config.get("charlm_forward_file")
            and config.get("conv_res") is None
            and config.get("rnn_layers") == 1
            and set(config["feat_funcs"]) <= {*_FEATURES, *_PLACES}
            and len(config["feat_funcs"]) == config.get("feat_dim")
            and "tok_clf.weight" in model
            and not any(name.split(".")[0].startswith(("char", "conv", "bert")) for name in model)
        )

    def __init__(self, saved: Mapping[str, Any]) -> None:
        config, model = saved["config"], saved["model"]
        self._numbers: dict[str, int] = saved["vocab"]["_unit2id"]
        self._first = cell(model, "rnn.")
        self._second = cell(model, "rnn2.") if config["hierarchical"] else None
        self._sharpness = np.float32(config["hier_invtemp"])
        names = [name for name in ("tok_clf", "sent_clf", "mwt_clf") if f"{name}.weight" in model]
        self._judged = np.concatenate([weights(model, f"{name}.weight") for name in names]).T.copy()
        self._bias = np.concatenate([weights(model, f"{name}.bias") for name in names])
        if self._second is not None:
            self._judged_again = np.concatenate(
                [weights(model, f"{name}2.weight") for name in names]
            ).T.copy()
        features: list[str] = config["feat_funcs"]
        known = weights(model, "embeddings.weight")
        self._of_character = known @ self._first.inputs[:, : known.shape[1]] + self._first.bias[:, None]
        self._of_feature = self._first.inputs[:, known.shape[1] :]
        # Stanza puts a character's own features first, then those of its place, whatever their order was
        own = [name for name in features if name in _FEATURES]
        self._features = [_FEATURES[name] for name in own]
        placed = [name for name in ("end_of_para", "start_of_para") if name in features]
        self._of_place = {name: self._of_feature[:, len(own) + at] for at, name in enumerate(placed)}

    def labels(self, lines: Sequence[str]) -> list[Labels]:
        """A number a character: 0 inside a token, 1 a token ends, 2 a sentence ends, 3 and 4 the same for a
        contraction of several words. Lines may not be empty."""
        found = [np.zeros(len(line), dtype=np.int64) for line in lines]
        parts: list[tuple[int, int, int, int, Places]] = []
        for number, line in enumerate(lines):
            codes = _codes(line)
            size = -(-len(line) // -(-len(line) // WINDOW))
            for start in range(0, len(line), size):
                first, stop = max(0, start - MARGIN), min(start + size, len(line))
                parts.append((number, start, stop, first, codes[first : stop + MARGIN]))
        lengths = [len(codes) for *_, codes in parts]
        for together in portions(lengths, BATCH_CHARACTERS):
            layout = Layout([lengths[at] for at in together])
            labels = self._labels(np.concatenate([parts[at][4] for at in together]), layout)
            for at, begun in zip(together, layout.beginnings.tolist(), strict=True):
                number, start, stop, first, _ = parts[at]
                found[number][start:stop] = labels[begun + start - first : begun + stop - first]
        for line_labels in found:
            line_labels[-1] = 4 if line_labels[-1] > 2 else 2
        return found

    def _labels(self, codes: Places, layout: Layout) -> Labels:
        kinds, rows = np.unique(codes, return_inverse=True)
        seen = self._first.run_known(self._projected(kinds.tolist()), rows, layout)
        scores = seen @ self._judged
        scores += self._bias
        if self._second is not None:
            seen *= sigmoid(scores[:, :1] * self._sharpness)
            scores += self._second.run(seen, layout) @ self._judged_again
        return _best(scores)

    def _projected(self, kinds: Sequence[int]) -> Floats:
        """What the first layer wants of each kind of character (its code × 4 + its place in the line)."""
        found = np.empty((2, len(kinds), 4 * self._first.hidden), dtype=np.float32)
        for at, kind in enumerate(kinds):
            if kind == _PAD:
                found[:, at] = self._of_character[:, 0]
                continue
            char = chr(kind >> 2)
            found[:, at] = self._of_character[:, self._numbers.get(char, UNKNOWN)]
            for number, feature in enumerate(self._features):
                if feature(char):
                    found[:, at] += self._of_feature[:, number]
            for flag, name in ((_START, "start_of_para"), (_END, "end_of_para")):
                if kind & flag and name in self._of_place:
                    found[:, at] += self._of_place[name]
        return found


def _codes(line: str) -> Places:
    """A line's characters, each with its place: first, last or neither; and what stands after the line."""
    found = np.full(len(line) + 1, _PAD, dtype=np.int64)
    found[:-1] = np.frombuffer(line.encode("utf-32-le", "surrogatepass"), dtype=np.int32)
    found[:-1] *= 4
    found[0] += _START
    found[-2] += _END
    return found


def _best(scores: Floats) -> Labels:
    """The likeliest label a character. scores [characters, 2 or 3]: token, sentence, contraction."""
    yes = -np.logaddexp(0, -scores)
    no = -np.logaddexp(0, scores)
    token, sentence = yes[:, 0], (no[:, 1], yes[:, 1])
    options = [no[:, 0]]
    if scores.shape[1] == 2:
        options += [token + ends for ends in sentence]
    else:
        options += [token + ends + contracted[:, 2] for contracted in (no, yes) for ends in sentence]
    best: Labels = np.stack(options, axis=1).argmax(axis=1)
    return best
