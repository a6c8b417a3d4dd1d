"""The tagger and the parser: Stanza's own models and steps, trained by our loop.

A parser meets tags and lemmas that a tagger guessed, so it is trained on guesses too: on half of the
sentences of a pass the tags are those of the tagger, and a word that the trees hold only once keeps its form
as its lemma, which is what the dictionary would give for a word it has not seen.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from quotetrack.training.treebank import DEPREL, FORM, HEAD, ID, LEMMA, UPOS, Row, Tree, write

_HEADS = 9  # which column of a batch of Stanza's parser has the heads


def document(trees: Sequence[Tree]) -> Any:
    """Trees as Stanza's document."""
    from stanza.utils.conll import CoNLL

    return CoNLL.conll2doc(input_str=write(trees))


def batches_of(lengths: Sequence[int], words: int, dice: random.Random) -> list[list[int]]:
    """Places of sentences in batches of about `words` words, neighbours of like length, in any order."""
    order = list(range(len(lengths)))
    dice.shuffle(order)
    found: list[list[int]] = []
    for at in range(0, len(order), 4000):
        batch: list[int] = []
        held = 0
        for place in sorted(order[at : at + 4000], key=lengths.__getitem__):
            batch.append(place)
            held += lengths[place]
            if held >= words:
                found.append(batch)
                batch, held = [], 0
        if batch:
            found.append(batch)
    dice.shuffle(found)
    return found


class Tagger:
    """A learner of parts of speech and features; scored by how many words have the right part of speech."""

    def __init__(
        self,
        trees: Sequence[Tree],
        dev: Sequence[Tree],
        pretrain: Any,
        *,
        warm: Path | None,
        language: str,
        settings: Sequence[str] = (),
        batch_words: int = 800,
    ) -> None:
        from stanza.models import tagger
        from stanza.models.pos.data import Dataset
        from stanza.models.pos.trainer import Trainer

        train = document(trees)
        if warm is None:
            args = tagger.parse_args([*settings, "--lang", language, "--shorthand", f"{language}_quotetrack"])
            vocab = Dataset.init_vocab([train], args)
            self.trainer = Trainer(args=args, vocab=vocab, pretrain=pretrain, device="cpu")
        else:
            self.trainer = Trainer(model_file=str(warm), pretrain=pretrain, device="cpu")
        self.model = self.trainer.model
        self.optimizers = list(self.trainer.optimizers.values())
        self._pretrain, self._words = pretrain, batch_words
        self._train = Dataset(train, self.trainer.args, pretrain, vocab=self.trainer.vocab, evaluation=False)
        if warm is None:  # teach it to leave blank what the trees leave blank
            self._train.has_tags = dict.fromkeys(self._train.has_tags, True)
        self._lengths = [len(tree.words) for tree in trees]
        self._dev = dev

    def epoch(self, dice: random.Random) -> list[list[int]]:
        return batches_of(self._lengths, self._words, dice)

    def update(self, batch: list[int]) -> float:
        samples = [self._train[place] for place in batch]
        return float(self.trainer.update(self._train.collate_fn(samples)))

    def tags(self, trees: Sequence[Tree]) -> list[list[list[str]]]:
        """The tagger's columns (part of speech first) for every word of every tree."""
        import torch
        from stanza.models.pos.data import Dataset

        dataset = Dataset(
            document(trees), self.trainer.args, self._pretrain, vocab=self.trainer.vocab, evaluation=True
        )
        order = sorted(range(len(trees)), key=lambda place: len(trees[place].words))
        found: list[list[list[str]]] = [[] for _ in trees]
        with torch.no_grad():
            for at in range(0, len(order), 64):
                places = order[at : at + 64]
                batch = dataset.collate_fn([dataset[place] for place in places])
                for place, tags in zip(places, self.trainer.predict(batch), strict=True):
                    found[place] = tags
        return found

    def score(self) -> float:
        right = total = 0
        for tree, tags in zip(self._dev, self.tags(self._dev), strict=True):
            total += len(tags)
            right += sum(row[UPOS] == tag[0] for row, tag in zip(tree.words, tags, strict=True))
        return float(right / max(1, total))

    def save(self, path: Path) -> None:
        self.trainer.save(str(path))


def guessed(trees: Sequence[Tree], tags: Sequence[Sequence[Sequence[str]]], lemmas: Any) -> list[Tree]:
    """The trees with the tagger's parts of speech and with the lemmas that `lemmas(form, tag)` gives."""
    found = []
    for tree, given in zip(trees, tags, strict=True):
        rows, turn = [], iter(given)
        for row in tree.rows:
            if "-" in row[ID]:
                rows.append(row)
            else:
                tag = next(turn)[0]
                rows.append((row[ID], row[FORM], lemmas(row, tag), tag, *row[UPOS + 1 :]))
        found.append(replace(tree, rows=tuple(rows)))
    return found


def lonely(trees: Sequence[Tree]) -> frozenset[tuple[str, str]]:
    """(form, part of speech) of words that the trees hold only once."""
    counts = Counter((row[FORM].lower(), row[UPOS]) for tree in trees for row in tree.words)
    return frozenset(word for word, count in counts.items() if count == 1)


@contextmanager
def relations_at(model: Any, heads: Any) -> Iterator[None]:
    """Within the block a step scores relations only where the gold heads are, not for all pairs of words.

    model: Stanza's GraphParser; heads: (sentences, words) places, 0 for the root, which is no word. The loss
    reads no other relations, so it and its gradients stay what they are; a step costs a fifth less.
    """
    import torch

    scorer = model.deprel.scorer.W_bilin
    places = torch.cat([heads.new_zeros(len(heads), 1), heads], 1)

    def scores(words: Any, others: Any) -> Any:
        own = others.gather(1, places.unsqueeze(2).expand(-1, -1, others.size(2)))
        reach = (words @ scorer.weight.flatten(1)).unflatten(2, scorer.weight.shape[1:])
        found = torch.matmul(own.unsqueeze(2), reach).squeeze(2) + scorer.bias
        return found.unsqueeze(2).expand(-1, -1, others.size(1), -1)  # as Stanza has it: for every other word

    scorer.forward = scores
    try:
        yield
    finally:
        del scorer.forward


class Parser:
    """A learner of trees; scored by how many words have the right head and relation (LAS)."""

    def __init__(
        self,
        trees: Sequence[Tree],
        dev: Sequence[Tree],
        pretrain: Any,
        tagger: Tagger,
        lemmas: Any,
        *,
        warm: Path | None,
        language: str,
        settings: Sequence[str] = (),
        batch_words: int = 800,
    ) -> None:
        from stanza.models import parser
        from stanza.models.depparse.data import DataLoader, Dataset
        from stanza.models.depparse.trainer import GraphTrainer, Trainer

        gold = document(trees)
        if warm is None:
            args = parser.parse_args([*settings, "--lang", language, "--shorthand", f"{language}_quotetrack"])
            vocab = Dataset(gold, args, pretrain).vocab
            self.trainer = GraphTrainer(args=args, vocab=vocab, pretrain=pretrain, device="cpu")
        else:
            self.trainer = Trainer.load(str(warm), pretrain, device="cpu", reset_history=True)
        self.model = self.trainer.model
        self.optimizers = list(self.trainer.optimizer.values())
        self._words, self._lengths = batch_words, [len(tree.words) for tree in trees]
        self._collate = DataLoader.collate
        alone = lonely(trees)

        def once(row: Row, _: str) -> str:
            return row[FORM] if (row[FORM].lower(), row[UPOS]) in alone else row[LEMMA]

        def records(some: Sequence[Tree]) -> Any:
            # as for scoring, so that Stanza leaves the order alone
            return Dataset(
                document(some), self.trainer.args, pretrain, vocab=self.trainer.vocab, evaluation=True
            )

        self._gold = records(trees)
        self._guessed = records(guessed(trees, tagger.tags(trees), once))
        self._dev_trees = dev
        self._dev = records(guessed(dev, tagger.tags(dev), lambda row, tag: lemmas(row[FORM], tag)))

    def epoch(self, dice: random.Random) -> list[list[tuple[int, bool, bool]]]:
        """Batches of (place, whether the tags are guesses, whether the closing mark is left out)."""
        return [
            [(place, dice.random() < 0.5, dice.random() < 0.1) for place in batch]
            for batch in batches_of(self._lengths, self._words, dice)
        ]

    def update(self, batch: list[tuple[int, bool, bool]]) -> float:
        from stanza.models.depparse.data import record_can_augment_nopunct

        records = []
        for place, guess, open_ended in batch:
            record = (self._guessed if guess else self._gold)[place]
            if open_ended and record_can_augment_nopunct(record, self._gold.punct_id):
                record = [field[:-1] for field in record]
            records.append(record)
        columns = self._collate(records)
        with relations_at(self.model, columns[_HEADS]):
            return float(self.trainer.update(columns)[0])

    def score(self) -> float:
        import torch

        order = sorted(range(len(self._dev_trees)), key=lambda place: len(self._dev_trees[place].words))
        right = total = 0
        with torch.no_grad():
            for at in range(0, len(order), 32):
                places = order[at : at + 32]
                found = self.trainer.predict(self._collate([self._dev[place] for place in places]))
                for place, arcs in zip(places, found, strict=True):
                    rows = self._dev_trees[place].words
                    total += len(rows)
                    right += sum(
                        int(row[HEAD]) == head and row[DEPREL].partition(":")[0] == kind.partition(":")[0]
                        for row, (head, kind) in zip(rows, arcs, strict=True)
                    )
        return float(right / max(1, total))

    def save(self, path: Path) -> None:
        self.trainer.save(str(path))
