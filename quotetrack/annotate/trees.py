"""Dependency trees from a Stanza parser's scores, without the slow parts of Stanza's decoder.

The parser gives every word a score for every possible head. The best tree is found by Chu and Liu (1965)
and Edmonds (1967); it nearly always has one root, and only otherwise root arcs are made so costly that one
alone is taken (Stanojević and Cohen 2021). Scores are the same as Stanza's own, and so are the trees.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]
Heads = npt.NDArray[np.int64]


def parse(processor: Any, document: Any) -> None:
    """Set head and deprel of every word of a tagged Stanza document, as the processor itself would."""
    import torch
    from stanza.models.common.utils import unsort
    from stanza.models.depparse.data import DataLoader
    from stanza.models.depparse.model import GraphParser
    from stanza.models.depparse.trainer import unpack_batch
    from stanza.pipeline.depparse_processor import DEFAULT_SEPARATE_BATCH

    model = processor.trainer.model
    unknown = model.args.get("use_arc_embedding") or processor.trainer.args.get("reversed")
    if not isinstance(model, GraphParser) or unknown:
        processor.process(document)
        return
    batches = DataLoader(
        document,
        processor.config["batch_size"],
        processor.config,
        processor.pretrain,
        vocab=processor.vocab,
        evaluation=True,
        sort_during_eval=True,
        min_length_to_batch_separately=DEFAULT_SEPARATE_BATCH,
    )
    repair = processor.config.get("resolve_head_constraints", True)  # two subjects of one head, and the like
    model.eval()
    trees: list[list[tuple[int, str]]] = []
    with torch.inference_mode():
        for batch in batches:
            inputs, order, *layout = unpack_batch(batch, model.get_device())
            words = model.embed(*inputs, *layout)
            trees += unsort(_trees(model, words, layout[1], processor.vocab["deprel"], repair), order)
    if batches.data_orig_idx is not None:
        trees = unsort(trees, batches.data_orig_idx)
    for sentence, tree in zip(document.sentences, trees, strict=True):
        for word, (head, deprel) in zip(sentence.words, tree, strict=True):
            word.head, word.deprel = head, deprel


def _trees(
    model: Any, words: Any, lengths: Sequence[int], vocabulary: Any, repair: bool
) -> list[list[tuple[int, str]]]:
    """(head, deprel) of each word of each sentence.

    words: what the model makes of the words [sentence, word, feature], the root first; lengths count it.
    Labels are scored for the chosen arcs alone: all arcs would be the dearest step of all.
    """
    import torch
    from stanza.models.common.vocab import VOCAB_PREFIX_SIZE
    from stanza.models.depparse import head_constraints

    arcs = _arc_scores(model, words).double().numpy()
    trees = [best_tree(arcs[at, :length, :length]) for at, length in enumerate(lengths)]
    below = torch.cat([words[at, 1:length] for at, length in enumerate(lengths)])
    above = torch.cat([words[at, torch.from_numpy(heads[1:])] for at, heads in enumerate(trees)])
    picked = _label_scores(model.deprel, below, above).argmax(1)
    found = []
    for at, labels in enumerate(picked.split([length - 1 for length in lengths])):
        heads, deprels = trees[at], vocabulary.unmap((labels + VOCAB_PREFIX_SIZE).tolist())
        if repair and head_constraints.find_head_constraint_violations(heads, deprels):
            here = words[at : at + 1, : lengths[at]]
            scores = torch.log_softmax(model.deprel(here, here)[0], 2).numpy()
            heads, ids = head_constraints.resolve_head_constraint_violations(
                arcs[at, : lengths[at], : lengths[at]], scores, heads, vocabulary
            )
            deprels = vocabulary.unmap([label + VOCAB_PREFIX_SIZE for label in ids])
        found.append(list(zip(heads[1:].tolist(), deprels, strict=True)))
    return found


def _arc_scores(model: Any, words: Any) -> Any:
    """Log probabilities [sentence, dependent, head]: biaffine, plus how likely direction and distance are.

    Dozat and Manning 2017; Qi, Dozat, Zhang and Manning 2018.
    """
    import torch
    from torch.nn import functional

    scores = model.unlabeled(words, words).squeeze(3)
    places = torch.arange(words.size(1))
    offset = (places[None, :] - places[:, None]).float()
    if model.args["linearization"]:
        direction = model.linearization(words, words).squeeze(3)
        scores = scores + functional.logsigmoid(direction * torch.sign(offset))
    if model.args["distance"]:
        expected = 1 + functional.softplus(model.distance(words, words).squeeze(3))
        scores = scores - torch.log((offset.abs() - expected) ** 2 / 2 + 1)
    diagonal = torch.eye(words.size(1), dtype=torch.bool)
    return torch.log_softmax(scores.masked_fill(diagonal, -torch.inf), 2)


def _label_scores(scorer: Any, below: Any, above: Any, rows: int = 64) -> Any:
    """Scores [arc, label] of arcs given as the features of their two ends; rows: arcs taken at once."""
    import torch

    ones = below.new_ones(len(below), 1)
    first = torch.cat([scorer.hidden_func(scorer.W1(below)), ones], 1)
    second = torch.cat([scorer.hidden_func(scorer.W2(above)), ones], 1)
    bilinear = scorer.scorer.W_bilin
    inner, outer, labels = bilinear.weight.shape
    weight = bilinear.weight.reshape(inner, outer * labels)
    scores = [
        torch.bmm(other[:, None, :], (some @ weight).view(-1, outer, labels)).squeeze(1)
        for some, other in zip(first.split(rows), second.split(rows), strict=True)
    ]
    return torch.cat(scores) + bilinear.bias


def best_tree(scores: Scores) -> Heads:
    """The heads of the best tree with one root.

    scores: [dependent, head], both counting the root as 0; the higher the better, -inf on the diagonal.
    Returns one head an index; that of the root itself is 0.
    """
    heads = _search(scores)
    if np.count_nonzero(heads[1:] == 0) == 1:
        return heads
    costly = scores.astype(np.float64)
    costly[:, 0] += costly[np.isfinite(costly)].min() * len(costly)
    return _search(costly)


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
    gain = scores[np.ix_(inside, outside)] - scores[inside, heads[inside]][:, None]
    entry = gain.argmax(0)  # which arc of the cycle gives way to each head outside
    leave = scores[np.ix_(outside, inside)]
    exits = leave.argmax(1)  # which word of the cycle is the best head of each word outside
    smaller = np.full((size + 1, size + 1), -np.inf)
    smaller[:size, :size] = scores[np.ix_(outside, outside)]
    smaller[size, :size] = gain[entry, np.arange(size)]
    smaller[:size, size] = leave[np.arange(size), exits]
    solved = _search(smaller)
    for place, word in enumerate(outside):
        head = solved[place]
        heads[word] = outside[head] if head < size else inside[exits[place]]
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
