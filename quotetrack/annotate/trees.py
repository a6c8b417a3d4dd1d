"""The best dependency tree for scores of arcs and labels.

A parser gives every word a score for every possible head. The best tree is found by Chu and Liu (1965) and
Edmonds (1967); it nearly always has one root, and only otherwise root arcs are made so costly that one alone
is taken (Stanojević and Cohen 2021). Afterwards no word has two subjects or two objects, as in Stanza.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]
Heads = npt.NDArray[np.int64]

MAX_REPAIRS = 5  # words with two subjects or objects mended a sentence
_ONCE = {  # labels of which a word may have one dependent in all
    **dict.fromkeys(("nsubj", "csubj", "nsubj:pass", "csubj:pass"), "subject"),
    **dict.fromkeys(("nsubj:outer", "csubj:outer"), "outer subject"),
    "obj": "object",
}


def best_tree(scores: Scores) -> Heads:
    """The heads of the best tree with one root.

    scores: [dependent, head], both counting the root as 0; the higher the better, -inf on the diagonal.
    Returns one head an index; that of the root itself is 0.
    """
    heads = _search(scores)
    if np.count_nonzero(heads[1:] == 0) == 1:
        return heads
    if (found := _one_root(scores)) is not None:
        return found
    costly = scores - scores.max(axis=1, keepdims=True)  # below 0; a word's scores may all shift together
    costly[:, 0] += costly[np.isfinite(costly)].min() * len(costly)
    return _search(costly)


def _one_root(scores: Scores) -> Heads | None:
    """The best tree with one root, where it is as good as the best heads with one root; None where not.

    Most heads with one root are no tree but for one cycle, which is opened where that loses least: the tree
    is the best if no other root could make up for that.
    """
    others = scores.copy()
    others[:, 0] = -np.inf
    heads: Heads = others.argmax(1)
    gains = scores[1:, 0] - others[1:].max(1)
    root = int(gains.argmax()) + 1
    heads[0] = heads[root] = 0
    cycle = _cycle(heads.tolist())
    if cycle is None:
        return heads
    others[root, 0] = scores[root, 0]
    others[root, 1:] = -np.inf
    rows = others[cycle]
    kept = rows.max(1)
    rows[:, cycle] = -np.inf
    losses = kept - rows.max(1)
    at = int(losses.argmin())
    heads[cycle[at]] = rows[at].argmax()
    gains[root - 1] -= losses[at]
    return heads if gains.argmax() == root - 1 and _cycle(heads.tolist()) is None else None


def _search(scores: Scores) -> Heads:
    heads: Heads = scores.argmax(1)
    heads[0] = 0
    cycle = _cycle(heads.tolist())
    if cycle is None:
        return heads
    # the cycle becomes one node, last in a smaller problem
    inside = np.array(sorted(cycle))
    free = np.ones(len(scores), dtype=bool)
    free[inside] = False
    outside = np.flatnonzero(free)
    size = len(outside)
    rows = scores[outside]
    gain = scores[inside][:, outside] - scores[inside, heads[inside]][:, None]
    entry = gain.argmax(0)  # which arc of the cycle gives way to each head outside
    leave = rows[:, inside]
    exits = leave.argmax(1)  # which word of the cycle is the best head of each word outside
    smaller = np.empty((size + 1, size + 1))
    smaller[:size, :size] = rows[:, outside]
    smaller[size, :size] = gain.max(0)
    smaller[:size, size] = leave.max(1)
    smaller[size, size] = -np.inf
    solved = _search(smaller)
    heads[outside] = np.append(outside, -1)[solved[:size]]
    through = np.flatnonzero(solved[:size] == size)  # words that hang on the cycle
    heads[outside[through]] = inside[exits[through]]
    above = solved[size]
    heads[inside[entry[above]]] = outside[above]
    heads[0] = 0
    return heads


def _cycle(heads: list[int]) -> list[int] | None:
    """The words of a cycle, or None when every word leads to the root."""
    seen = [0] * len(heads)
    seen[0] = -1
    for start in range(1, len(heads)):
        word = start
        while seen[word] == 0:
            seen[word] = start
            word = heads[word]
        if seen[word] == start:
            cycle = [word]
            while (word := heads[word]) != cycle[0]:
                cycle.append(word)
            return cycle
    return None


def clashes(heads: Sequence[int], labels: Sequence[str]) -> list[tuple[int, str, list[int]]]:
    """Words with several dependents of a kind that each may have once: head, kind, dependents.

    heads: one a word, the root first; labels: one a word without the root.
    """
    found: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for word, label in enumerate(labels, 1):
        if (kind := _ONCE.get(label)) is not None:
            found[heads[word]][kind].append(word)
    return [
        (head, kind, words)
        for head, kinds in found.items()
        for kind, words in kinds.items()
        if len(words) > 1
    ]


def repaired(arcs: Scores, labels: Scores, heads: Heads, units: Sequence[str]) -> tuple[Heads, list[int]]:
    """A tree in which no word has two subjects or objects, and the label of each word but the root.

    arcs [dependent, head], labels [dependent, head, label]: log probabilities; units: the labels' names. For
    a clash each dependent in turn keeps its label, the others take their best other label or head, and the
    best of these trees stays. What was taken from a word is not given back to it.
    """
    kinds = [_ONCE.get(unit) for unit in units]
    masks = {kind: np.array([own == kind for own in kinds]) for kind in kinds if kind}
    banned: dict[tuple[int, int], set[str]] = defaultdict(set)

    def scored(word: int, head: int, also: str = "") -> Scores:
        row: Scores = labels[word, head]
        for kind in banned.get((word, head), set()) | ({also} if also else set()):
            row = np.where(masks[kind], -np.inf, row)
        return row

    def labelled(tree: Heads) -> list[int]:
        return [int(scored(word, int(tree[word])).argmax()) for word in range(1, len(tree))]

    def total(tree: Heads, chosen: Sequence[int]) -> float:
        words = np.arange(1, len(tree))
        return float((arcs[words, tree[1:]] + labels[words, tree[1:], chosen]).sum())

    chosen = labelled(heads)
    for _ in range(MAX_REPAIRS):
        found = clashes(heads.tolist(), [units[label] for label in chosen])
        if not found:
            break
        head, kind, words = found[0]
        best: tuple[float, Heads, list[int], int] | None = None
        for kept in words:
            trial = arcs.copy()
            others = [word for word in words if word != kept]
            for word in others:
                trial[word] += [
                    scored(word, at, kind if at == head else "").max() for at in range(len(heads))
                ]
            tree = best_tree(trial)
            again = labelled(tree)
            for word in others:
                if tree[word] == head:
                    again[word - 1] = int(scored(word, head, kind).argmax())
            score = total(tree, again)
            if best is None or score > best[0]:
                best = score, tree, again, kept
        assert best is not None
        _, heads, chosen, kept = best
        for word in words:
            if word != kept:
                banned[word, head].add(kind)
    return heads, chosen
