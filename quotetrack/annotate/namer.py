"""Stanza's name finder: a recurrent network over words and characters, and the likeliest labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from quotetrack.annotate.drafts import Draft
from quotetrack.annotate.lstm import Floats, Layout, cell, portions, weights
from quotetrack.annotate.words import FIRST, UNKNOWN, Characters, Forms, Vectors, Vocabulary, distinct

_FILL = 0
_NONE = "O"


class Namer:
    """A saved name finder over word vectors and a character model. `knows` says whether one is such."""

    @staticmethod
    def knows(saved: Mapping[str, Any]) -> bool:
        config, model = saved["config"], saved["model"]
        units = saved["vocab"]["tag"]["_id2unit"]
        return (
            not any(config.get(name) for name in ("charlm", "bert_model", "char_lowercase", "predict_tagset"))
            and bool(config["char"])
            and config["num_layers"] == 1
            and config["word_emb_dim"] > 0
            and "word" in saved["vocab"]
            and "word_emb.weight" not in model
            and isinstance(units, Mapping)
            and len(units) == 1
            and "tag_clfs.0.weight" in model
        )

    def __init__(self, saved: Mapping[str, Any], vectors: Vectors) -> None:
        model, vocabulary = saved["model"], saved["vocab"]
        self._lower = saved["config"].get("lowercase", True)
        self._vectors = vectors
        if vocabulary["word"]["_unit2id"] != vectors.vocabulary.numbers:
            self._vectors = Vectors(Vocabulary(vocabulary["word"]), vectors.table)
        self._own = Vocabulary(vocabulary["delta"]) if "delta" in vocabulary else None
        self._of_own: Floats = model["delta_emb.weight"] if self._own else np.empty((0, 0), np.float32)
        self._characters = Characters(model, Vocabulary(vocabulary["char"]))
        self._cell = cell(model, "taggerlstm.lstm.", first="taggerlstm")
        self._turned = "input_transform.weight" in model
        if self._turned:
            self._turn = weights(model, "input_transform.weight").T.copy()
            self._turn_bias = weights(model, "input_transform.bias")
        self._forms = Forms(self._inputs, self._cell.inputs.shape[1])
        self._scores = weights(model, "tag_clfs.0.weight").T.copy()
        self._scores_bias = weights(model, "tag_clfs.0.bias")
        self._changes = weights(model, "crits.0._transitions")
        (self._units,) = vocabulary["tag"]["_id2unit"].values()

    def __call__(self, drafts: Sequence[Draft]) -> None:
        """Set names."""
        lengths = [len(draft.forms) for draft in drafts]
        for part in portions(lengths):
            layout = Layout([lengths[at] for at in part])
            forms, rows = distinct(form for at in part for form in drafts[at].forms)
            known = self._cell.project(self._forms.of(forms))
            seen = self._cell.run_known(known, rows, layout)
            labels = likeliest(seen @ self._scores + self._scores_bias, self._changes, layout)
            for at, start in zip(part, layout.beginnings.tolist(), strict=True):
                chosen = labels[start : start + lengths[at]]
                if (chosen > FIRST).any() or self._units[FIRST] != _NONE:
                    drafts[at].names = names([self._units[max(label, FIRST)] for label in chosen.tolist()])

    def _inputs(self, forms: Sequence[str]) -> Floats:
        low = [form.lower() for form in forms] if self._lower else list(forms)
        numbers = [self._vectors.number(form) for form in low]
        vectors = self._vectors.rows(numbers)
        if self._own is not None:
            own = [self._own.number(form) for form in low]
            # a word that the shared vectors have and training did not is not unknown
            own = [_FILL if at == UNKNOWN != known else at for at, known in zip(own, numbers, strict=True)]
            vectors += self._of_own[own]
        found = np.concatenate([vectors, self._characters.read(forms)], axis=1)
        return found @ self._turn + self._turn_bias if self._turned else found


def likeliest(scores: Floats, changes: Floats, layout: Layout) -> Any:
    """The likeliest labels of sequences (Viterbi 1967), one an item, in flat order.

    scores [items, labels] in flat order; changes [labels, labels]: score of a label (row) before another.
    """
    best = scores[layout.forward]
    back = np.zeros(best.shape, dtype=np.int8 if best.shape[1] < 128 else np.int64)
    start = 0
    for before, size in zip(layout.sizes, layout.sizes[1:], strict=False):
        onward = best[start : start + size, :, None] + changes
        back[start + before : start + before + size] = onward.argmax(axis=1)
        best[start + before : start + before + size] += onward.max(axis=1)
        start += before
    labels = np.empty(len(best), dtype=np.int64)
    ends = np.isin(layout.forward, layout.ends)
    for step in range(len(layout.sizes) - 1, -1, -1):
        size = layout.sizes[step]
        here = slice(start, start + size)
        later = layout.sizes[step + 1] if step + 1 < len(layout.sizes) else 0
        chosen = best[here].argmax(axis=1)
        if later:
            beyond = slice(start + size, start + size + later)
            goes_on = np.flatnonzero(~ends[here])
            chosen[goes_on] = back[beyond][goes_on, labels[beyond][goes_on]]
        labels[here] = chosen
        start -= layout.sizes[step - 1] if step else 0
    found = np.empty_like(labels)
    found[layout.forward] = labels
    return found


def names(labels: Sequence[str]) -> list[tuple[int, int, str]]:
    """First and last item and kind of each name that labels of the BIOES scheme tell, mended first."""
    found: list[tuple[int, int, str]] = []
    labels = _mended(labels)
    first: int | None = None
    last, kind = 0, ""
    for at, label in enumerate(labels):
        place, _, named = label.partition("-")
        if first is not None and place in ("O", "B", "S"):
            found.append((first, last, kind))
            first = None
        if place == "O":
            continue
        first = at if first is None else first
        last, kind = at, named
        if place in ("E", "S"):
            found.append((first, last, kind))
            first = None
    if first is not None:
        found.append((first, last, kind))
    return found


# Rules of two passes: a label's place in its name, where to look, what may stand there, what the label
# becomes when it does not.
_MENDED = (
    (("I-", 1, ("I-", "E-"), "E-"), ("I-", -1, ("B-", "I-"), "B-")),
    (("B-", 1, ("I-", "E-"), "S-"), ("E-", -1, ("B-", "I-"), "S-")),
)


def _mended(labels: Sequence[str]) -> list[str]:
    """Labels as Stanza mends them: a name that begins with its middle begins there, one of a single word is
    single."""
    found = ["O", *labels, "O"]
    for rules in _MENDED:
        for at in range(1, len(found) - 1):
            if found[at] == _NONE:
                continue
            kind = found[at][2:]
            for place, beside, fits, becomes in rules:
                if found[at].startswith(place) and found[at + beside] not in [f"{fit}{kind}" for fit in fits]:
                    found[at] = becomes + kind
    return found[1:-1]
