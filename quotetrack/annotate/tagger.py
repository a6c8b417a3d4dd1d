"""Stanza's tagger: parts of speech and features of words, by a recurrent network over words and characters.

Every tag but the part of speech is told by a word together with the part of speech it was given. These are
few, so what each of them makes of the weights is computed when the model is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from quotetrack.annotate.drafts import Draft
from quotetrack.annotate.lstm import Floats, Layout, Places, highway, portions, weights
from quotetrack.annotate.words import EMPTY, Characters, Forms, Vectors, Vocabulary, distinct, simple_marks


class Tagger:
    """A saved tagger over word vectors and a character model. `knows` says whether one is of this kind."""

    @staticmethod
    def knows(saved: Mapping[str, Any]) -> bool:
        config, model = saved["config"], saved["model"]
        return (
            not any(config.get(name) for name in ("charlm", "bert_model", "share_hid"))
            and config.get("tag_column_link", "tag_emb") == "tag_emb"
            and all(
                name in ("upos", "xpos", "feats") and parents == ([] if name == "upos" else ["upos"])
                for name, *_, parents in config.get("tag_columns") or ()
            )
            and config.get("rec_dropout") == 0
            and bool(config["pretrain"] and config["char"])
            and config["word_emb_dim"] > 0
            and "upos_emb.weight" in model
            and not isinstance(saved["vocab"]["xpos"]["_id2unit"], Mapping)
            and ("tag_hid.feats.weight" in model or "ufeats_hid.weight" in model)
        )

    def __init__(self, saved: Mapping[str, Any], vectors: Vectors) -> None:
        model, vocabulary = saved["model"], saved["vocab"]
        self.columns: tuple[str, ...] = ("feats",)  # tags beside the part of speech that are wanted
        old = {"xpos": "xpos", "feats": "ufeats"}  # how older files name the layers
        self._words = Vocabulary(vocabulary["word"])
        self._upos = Vocabulary(vocabulary["upos"])
        self._vectors = vectors
        self._characters = Characters(model, Vocabulary(vocabulary["char"]))
        self._of_word = weights(model, "word_emb.weight")
        self._of_vector = weights(model, "trans_pretrained.weight").T.copy()
        self._of_characters = weights(model, "trans_char.weight").T.copy()
        self._layers = highway(model, "taggerlstm")
        self._forms = Forms(self._inputs, self._layers.around[0].shape[0])
        self._hidden = weights(model, "upos_hid.weight").T.copy()
        self._hidden_bias = weights(model, "upos_hid.bias")
        self._tags = weights(model, "upos_clf.weight").T.copy()
        self._tags_bias = weights(model, "upos_clf.bias")
        embedded = weights(model, "upos_emb.weight")
        self._columns = {
            name: _column(model, name, older, vocabulary[name], embedded)
            for name, older in old.items()
            if f"tag_hid.{name}.weight" in model or f"{older}_hid.weight" in model
        }

    def __call__(self, drafts: Sequence[Draft]) -> None:
        """Set parts of speech and `columns`."""
        lengths = [len(draft.words) for draft in drafts]
        for part in portions(lengths):
            layout = Layout([lengths[at] for at in part])
            forms, rows = distinct(simple_marks(word) for at in part for word in drafts[at].words)
            seen = self._layers.run(self._forms.of(forms), rows, layout)
            hidden = np.maximum(seen @ self._hidden + self._hidden_bias, 0)
            tags = (hidden @ self._tags + self._tags_bias).argmax(axis=1)
            found = {"upos": [self._upos.units[tag] for tag in tags.tolist()]}
            for name in self.columns:
                found[name] = self._columns[name].values(seen, tags)
            for at, start in zip(part, layout.beginnings.tolist(), strict=True):
                for name, values in found.items():
                    setattr(drafts[at], name, values[start : start + lengths[at]])

    def _inputs(self, forms: Sequence[str]) -> Floats:
        return np.concatenate(
            [
                self._of_word[[self._words.number(form) for form in forms]],
                self._vectors.rows(self._vectors.number(form.lower()) for form in forms) @ self._of_vector,
                self._characters.read(forms) @ self._of_characters,
            ],
            axis=1,
        )


@dataclass(frozen=True, slots=True)
class _Column:
    """A tag beside the part of speech: one value a word, or several parts with a name each.

    hidden [width, inner], hidden_bias; scores [inner + 1, tags × options], bias [options]: what each part of
    speech makes of the bilinear weights; parts: name ("" where there is one value) and values of each part.
    """

    hidden: Floats
    hidden_bias: Floats
    scores: Floats
    bias: Floats
    parts: tuple[tuple[str, Sequence[str]], ...]
    joined: bool

    def values(self, seen: Floats, tags: Places) -> list[str]:
        """The value of each word. seen [words, width]: what the network made of it; tags: parts of speech."""
        inner = np.maximum(seen @ self.hidden + self.hidden_bias, 0)
        options = len(self.bias)
        scores = np.empty((len(seen), options), dtype=np.float32)
        for tag in np.unique(tags).tolist():
            own, part = tags == tag, self.scores[:, tag * options : (tag + 1) * options]
            scores[own] = inner[own] @ part[:-1] + part[-1]
        scores += self.bias
        start = 0
        found = np.empty((len(seen), len(self.parts)), dtype=np.int64)
        for at, (_, units) in enumerate(self.parts):
            found[:, at] = scores[:, start : start + len(units)].argmax(axis=1)
            start += len(units)
        written: dict[bytes, str] = {}
        values = []
        for row in found:
            key = row.tobytes()
            if key not in written:
                written[key] = self._write(row.tolist())
            values.append(written[key])
        return values

    def _write(self, chosen: Sequence[int]) -> str:
        if not self.joined:
            return self.parts[0][1][chosen[0]]
        said = [
            (name, units[at]) for (name, units), at in zip(self.parts, chosen, strict=True) if at != EMPTY
        ]
        return "|".join(f"{name}={value}" for name, value in said) or "_"


def _column(
    model: Mapping[str, Any], name: str, older: str, saved: Mapping[str, Any], embedded: Floats
) -> _Column:
    """Read a column. saved: its vocabulary; embedded [parts of speech, width]."""
    now = f"tag_hid.{name}.weight" in model
    hidden, judge = (f"tag_hid.{name}", f"tag_clf.{name}") if now else (f"{older}_hid", f"{older}_clf")
    units = saved["_id2unit"]
    joined = isinstance(units, Mapping)
    parts = tuple(units.items()) if joined else (("", units),)
    scorers = [f"{judge}.{at}.W_bilin" if joined else f"{judge}.W_bilin" for at in range(len(parts))]
    bilinear = np.concatenate([weights(model, f"{scorer}.weight") for scorer in scorers])
    known = np.concatenate([embedded, np.ones((len(embedded), 1), dtype=np.float32)], axis=1)
    scores = np.einsum("oij,tj->ito", bilinear, known, optimize=True)
    return _Column(
        weights(model, f"{hidden}.weight").T.copy(),
        weights(model, f"{hidden}.bias"),
        np.ascontiguousarray(scores.reshape(bilinear.shape[1], -1)),
        np.concatenate([weights(model, f"{scorer}.bias") for scorer in scorers]),
        parts,
        joined,
    )
