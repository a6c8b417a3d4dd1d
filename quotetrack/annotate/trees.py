"""Dependency trees from a Stanza parser's scores, without the slow parts of Stanza's decoder.

The parser gives every word a score for every possible head. The best tree is found by Chu and Liu (1965)
and Edmonds (1967); it nearly always has one root, and only otherwise root arcs are made so costly that one
alone is taken (Stanojević and Cohen 2021). Scores are the same as Stanza's own, and so are the trees.
"""

from __future__ import annotations

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
    if not isinstance(model, GraphParser) or processor.trainer.args.get("reversed"):
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
    vocabulary = processor.vocab["deprel"]
    repair = processor.config.get("resolve_head_constraints", True)  # two subjects of one head, and the like
    model.eval()
    trees: list[list[tuple[int, str]]] = []
    with torch.inference_mode():
        for batch in batches:
            inputs, order, *layout = unpack_batch(batch, model.get_device())
            arcs, labels, *_ = model.forward_scores(*inputs, *layout)
            arcs = torch.log_softmax(arcs, 2).double().numpy()
            lengths = layout[1]
            found = [
                _tree(arcs[at, :length, :length], labels[at, :length, :length], vocabulary, repair)
                for at, length in enumerate(lengths)
            ]
            trees += unsort(found, order)
    if batches.data_orig_idx is not None:
        trees = unsort(trees, batches.data_orig_idx)
    for sentence, tree in zip(document.sentences, trees, strict=True):
        for word, (head, deprel) in zip(sentence.words, tree, strict=True):
            word.head, word.deprel = head, deprel


def _tree(arcs: Scores, labels: Any, vocabulary: Any, repair: bool) -> list[tuple[int, str]]:
    """(head, deprel) of each word. labels: a tensor of scores [dependent, head, label]."""
    import torch
    from stanza.models.common.vocab import VOCAB_PREFIX_SIZE
    from stanza.models.depparse import head_constraints

    heads = best_tree(arcs)
    places = torch.arange(1, len(heads))
    picked = labels[places, torch.from_numpy(heads[1:])].argmax(1).tolist()
    deprels = vocabulary.unmap([label + VOCAB_PREFIX_SIZE for label in picked])
    if repair and head_constraints.find_head_constraint_violations(heads, deprels):
        scores = torch.log_softmax(labels, 2).numpy()
        heads, picked = head_constraints.resolve_head_constraint_violations(arcs, scores, heads, vocabulary)
        deprels = vocabulary.unmap([label + VOCAB_PREFIX_SIZE for label in picked])
    return list(zip(heads[1:].tolist(), deprels, strict=True))


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
    outside = np.setdiff1d(np.arange(len(scores)), inside)
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
