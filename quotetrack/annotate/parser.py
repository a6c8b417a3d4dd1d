"""Stanza's graph parser: a recurrent network scores every possible head of every word, and labels of arcs.

Dozat and Manning 2017; Qi, Dozat, Zhang and Manning 2018.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from quotetrack.annotate.drafts import Draft
from quotetrack.annotate.lstm import Floats, Layout, Places, highway, portions, weights
from quotetrack.annotate.trees import Scores, best_tree, clashes, repaired
from quotetrack.annotate.words import (
    FIRST,
    ROOT,
    Characters,
    Forms,
    Vectors,
    Vocabulary,
    distinct,
    simple_marks,
)

_ROOT = ""  # stands for the root among forms, lemmas and tags
ROWS = 128  # heads that labels are scored for at once


class Parser:
    """A saved graph parser over word vectors and a character model. `knows` says whether one is such."""

    @staticmethod
    def knows(saved: Mapping[str, Any]) -> bool:
        config, model = saved["config"], saved["model"]
        return (
            saved.get("model_type") in ("graph", None)
            and not any(
                config.get(name) for name in ("charlm", "bert_model", "use_arc_embedding", "reversed")
            )
            and config.get("rec_dropout") == 0
            and bool(config["pretrain"] and config["char"])
            and config["word_emb_dim"] > 0
            and config["tag_emb_dim"] > 0
            and bool(config.get("use_upos", True))
            and not (config.get("use_xpos", True) and isinstance(saved["vocab"]["xpos"]["_id2unit"], Mapping))
            and "deprel.scorer.W_bilin.weight" in model
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """The tags beside the part of speech that it reads."""
        return () if self._xpos is None else ("xpos",)

    def __init__(self, saved: Mapping[str, Any], vectors: Vectors) -> None:
        model, vocabulary, config = saved["model"], saved["vocab"], saved["config"]
        self._repairs = bool(config.get("resolve_head_constraints", True))
        self._words, self._lemmas = Vocabulary(vocabulary["word"]), Vocabulary(vocabulary["lemma"])
        self._upos = Vocabulary(vocabulary["upos"])
        self._deprels: Sequence[str] = Vocabulary(vocabulary["deprel"]).units[FIRST:]
        self._vectors = vectors
        self._characters = Characters(model, Vocabulary(vocabulary["char"]))
        self._of_word = weights(model, "word_emb.weight")
        self._of_lemma = weights(model, "lemma_emb.weight")
        self._of_upos = weights(model, "upos_emb.weight")
        self._xpos = Vocabulary(vocabulary["xpos"]) if config.get("use_xpos", True) else None
        if self._xpos is not None:
            self._of_xpos = weights(model, "xpos_emb.weight")
        self._twice = config.get("use_ufeats", True)  # Stanza puts the tag again where features would stand
        self._of_vector = weights(model, "trans_pretrained.weight").T.copy()
        self._of_characters = weights(model, "trans_char.weight").T.copy()
        self._layers = highway(model, "parserlstm")
        self._cut = (
            self._of_vector.shape[1] + self._of_word.shape[1]
        )  # where the inputs of lemma and tag stand
        self._forms = Forms(self._inputs, self._cut + self._of_characters.shape[1])
        scorers = ["unlabeled", *(name for name in ("linearization", "distance") if config[name])]
        self._arcs = np.stack([weights(model, f"{name}.scorer.W_bilin.weight")[:, :, 0] for name in scorers])
        self._arcs_bias = [float(model[f"{name}.scorer.W_bilin.bias"][0]) for name in scorers]
        self._corrections = scorers[1:]
        sides = [(name, side) for side in ("W1", "W2") for name in (*scorers, "deprel")]
        self._sides = np.concatenate(
            [weights(model, f"{name}.{side}.weight") for name, side in sides]
        ).T.copy()
        self._sides_bias = np.concatenate([weights(model, f"{name}.{side}.bias") for name, side in sides])
        self._labels = weights(model, "deprel.scorer.W_bilin.weight").transpose(1, 0, 2).copy()
        self._labels_bias = weights(model, "deprel.scorer.W_bilin.bias")

    def __call__(self, drafts: Sequence[Draft]) -> None:
        """Set heads and labels of tagged sentences with lemmas."""
        lengths = [len(draft.words) + 1 for draft in drafts]
        for part in portions(lengths):
            layout = Layout([lengths[at] for at in part])
            seen = self._read([drafts[at] for at in part], layout)
            trees = self._trees(seen, layout.beginnings.tolist(), [lengths[at] for at in part])
            for at, (heads, deprels) in zip(part, trees, strict=True):
                drafts[at].heads, drafts[at].deprels = heads, deprels

    def _inputs(self, forms: Sequence[str]) -> Floats:
        words = [self._words.number(form) if form else ROOT for form in forms]
        vectors = self._vectors.rows(self._vectors.number(form.lower()) if form else ROOT for form in forms)
        characters = self._characters.of_units(
            [self._characters.units(form) if form else [ROOT] for form in forms]
        )
        return np.concatenate(
            [vectors @ self._of_vector, self._of_word[words], characters @ self._of_characters], axis=1
        )

    def _read(self, drafts: Sequence[Draft], layout: Layout) -> Floats:
        """What the network makes of the words, the root before each sentence: [words, 2 × hidden]."""

        def keys() -> Iterator[tuple[str, str, str, str]]:
            for draft in drafts:
                yield (_ROOT, _ROOT, _ROOT, _ROOT)
                more = draft.upos if self._xpos is None else draft.xpos
                yield from zip(map(simple_marks, draft.words), draft.lemmas, draft.upos, more, strict=True)

        kinds, rows = distinct(keys())
        forms, of_kind = distinct(form for form, *_ in kinds)
        known = self._forms.of(forms)[of_kind]
        tags = self._of_upos[[self._upos.number(tag) if tag else ROOT for _, _, tag, _ in kinds]]
        if self._xpos is not None:
            tags += self._of_xpos[[self._xpos.number(tag) if tag else ROOT for *_, tag in kinds]]
        items = np.concatenate(
            [
                known[:, : self._cut],
                self._of_lemma[[self._lemmas.number(lemma) if lemma else ROOT for _, lemma, *_ in kinds]],
                *([tags, tags] if self._twice else [tags]),
                known[:, self._cut :],
            ],
            axis=1,
        )
        return self._layers.run(items, rows, layout)

    def _trees(
        self, seen: Floats, beginnings: Sequence[int], lengths: Sequence[int]
    ) -> list[tuple[list[int], list[str]]]:
        """Heads and labels of the words of each sentence. seen [words, width], each sentence's root first."""
        flat = np.empty((len(seen), len(self._sides_bias)), dtype=np.float32)
        for start in range(0, len(seen), ROWS):  # no more at once than a cache holds
            part = np.matmul(seen[start : start + ROWS], self._sides, out=flat[start : start + ROWS])
            part += self._sides_bias
            np.maximum(part, 0, out=part)
        sides = flat.reshape(len(seen), 2, len(self._arcs) + 1, -1)
        # the last row and column of the bilinear weights belong to a 1 that stands beside each side
        below = np.matmul(sides[:, 0, :-1].transpose(1, 0, 2), self._arcs[:, :-1])
        below += self._arcs[:, -1:]
        above = sides[:, 1, :-1].transpose(1, 2, 0)
        scores = [
            self._arc_scores(below[:, start : start + length], above[:, :, start : start + length])
            for start, length in zip(beginnings, lengths, strict=True)
        ]
        trees = [best_tree(arcs) for arcs in scores]
        chosen = np.concatenate([start + tree for start, tree in zip(beginnings, trees, strict=True)])
        labels = self._best_labels(sides[:, 0, -1], sides[:, 1, -1], chosen)
        found = []
        for start, length, arcs, tree in zip(beginnings, lengths, scores, trees, strict=True):
            heads = tree
            picked = labels[start + 1 : start + length].tolist()
            deprels = [self._deprels[label] for label in picked]
            if self._repairs and clashes(heads.tolist(), deprels):
                here = sides[start : start + length, :, -1]
                heads, picked = repaired(_log_softmax(arcs), self._all_labels(here), heads, self._deprels)
                deprels = [self._deprels[label] for label in picked]
            found.append((heads[1:].tolist(), deprels))
        return found

    def _arc_scores(self, below: Floats, above: Floats) -> Scores:
        """Scores [dependent, head] of a sentence's arcs: biaffine, plus how likely way and distance are.

        below [scorers, words, hidden + 1], above [scorers, hidden, words].
        """
        found = np.matmul(below[:, :, :-1], above)
        found += below[:, :, -1:]
        scores: Scores = found[0].astype(np.float64) + self._arcs_bias[0]
        places = np.arange(len(scores))
        offset = (places[None, :] - places[:, None]).astype(np.float64)
        for name, more, bias in zip(self._corrections, found[1:], self._arcs_bias[1:], strict=True):
            if name == "linearization":
                scores -= np.logaddexp(0, -(more + bias) * np.sign(offset))
            else:
                expected = 1 + np.logaddexp(0, more + bias)
                scores -= np.log((np.abs(offset) - expected) ** 2 / 2 + 1)
        np.fill_diagonal(scores, -np.inf)
        return scores

    def _best_labels(self, below: Floats, sides: Floats, heads: Places) -> Places:
        """The best label of each word's arc. below, sides [words, hidden]: what a word says as a dependent
        and as a head; heads [words]. Each head is multiplied once for all its dependents: half of all words
        are nobody's head.
        """
        outer, inner, labels = self._labels.shape
        flat = self._labels.reshape(outer, inner * labels)
        order = np.argsort(heads, kind="stable")
        chosen, starts, counts = np.unique(heads[order], return_index=True, return_counts=True)
        alike = np.argsort(counts, kind="stable")  # heads of equally many dependents follow each other
        below, above = _with_ones(below[order]), _with_ones(sides[chosen])
        scores = np.empty((len(heads), labels), dtype=np.float32)
        for first in range(0, len(alike), ROWS):
            part = alike[first : first + ROWS]
            made = (above[part] @ flat).reshape(-1, inner, labels)
            many, begins = np.unique(counts[part], return_index=True)
            for count, begin, end in zip(many, begins, [*begins[1:], len(part)], strict=True):
                places = starts[part[begin:end], None] + np.arange(count)
                scores[places] = np.matmul(below[places], made[begin:end])
        scores += self._labels_bias
        found = np.empty(len(heads), dtype=np.int64)
        found[order] = scores.argmax(axis=1)
        return found

    def _all_labels(self, sides: Floats) -> Scores:
        """Log probabilities [dependent, head, label] of a sentence. sides [words, side, hidden]."""
        outer, inner, labels = self._labels.shape
        flat = self._labels.reshape(outer, inner * labels)
        first = (sides[:, 1] @ flat[:-1] + flat[-1]).reshape(-1, inner, labels)
        scores: Scores = np.matmul(sides[:, 0], first[:, :-1]).transpose(1, 0, 2).astype(np.float64)
        scores += first[:, -1]
        scores += self._labels_bias
        return _log_softmax(scores)


def _with_ones(sides: Floats) -> Floats:
    """Sides [words, hidden] with the 1 that stands beside each."""
    return np.concatenate([sides, np.ones((len(sides), 1), dtype=np.float32)], axis=1)


def _log_softmax(scores: Scores) -> Scores:
    """Log probabilities over the last axis."""
    most = scores.max(axis=-1, keepdims=True)
    found: npt.NDArray[np.float64] = scores - most - np.log(np.exp(scores - most).sum(axis=-1, keepdims=True))
    return found
