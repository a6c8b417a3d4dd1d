"""The tokeniser: which characters end a token, a multiword token, a sentence; trained by our loop."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotetrack.training.treebank import Tree

Labelled = list[tuple[str, int]]  # characters and Stanza's labels: see LABELS
INSIDE, TOKEN, SENTENCE, MULTIWORD, MULTIWORD_SENTENCE = range(5)
CLOSING = frozenset(".!?:;…")


@dataclass(frozen=True, slots=True)
class Print:
    """How texts of a pass are laid out, in shares of 1.

    headline, line: how often a short (up to 12 tokens) and a longer sentence lose their closing mark, as
    headlines and captions have none; paragraph: how often a paragraph ends after a sentence; upper: how
    often a sentence stands in capitals; marks: pairs of quotation marks for half of the straight ones.
    """

    headline: float = 0.25
    line: float = 0.04
    paragraph: float = 0.15
    upper: float = 0.01
    marks: tuple[tuple[str, str], ...] = (("“", "”"),)


def labelled(tree: Tree) -> Labelled:
    """The characters of a sentence and their labels, no space at the end."""
    found: Labelled = []
    tokens = tree.tokens
    for index, (written, space, multiword) in enumerate(tokens):
        last = index == len(tokens) - 1
        end = (MULTIWORD_SENTENCE if last else MULTIWORD) if multiword else (SENTENCE if last else TOKEN)
        form = written.replace("\n", " ")
        found += [(character, INSIDE) for character in form[:-1]] + [(form[-1], end)]
        if space and not last:
            found.append((" ", INSIDE))
    return found


def unclosed(sentence: Labelled) -> Labelled:
    """The sentence without its closing mark, where it has one that is a token of its own."""
    if len(sentence) < 3 or sentence[-1][0] not in CLOSING or sentence[-1][1] != SENTENCE:
        return sentence
    rest = sentence[:-1]
    while rest and rest[-1][0] == " ":
        rest = rest[:-1]
    if not rest or rest[-1][1] not in (TOKEN, MULTIWORD) or not rest[-1][0].isalnum():
        return sentence
    return [*rest[:-1], (rest[-1][0], SENTENCE if rest[-1][1] == TOKEN else MULTIWORD_SENTENCE)]


def printed(sentence: Labelled, layout: Print, dice: random.Random) -> Labelled:
    """The sentence as it might stand in print: see `Print`."""
    tokens = sum(label != INSIDE for _, label in sentence)
    if dice.random() < (layout.headline if tokens <= 12 else layout.line):
        sentence = unclosed(sentence)
    straight = [index for index, (character, _) in enumerate(sentence) if character == '"']
    if straight and len(straight) % 2 == 0 and layout.marks and dice.random() < 0.5:
        pair = dice.choice(layout.marks)
        sentence = list(sentence)
        for turn, index in enumerate(straight):
            sentence[index] = (pair[turn % 2], sentence[index][1])
    if dice.random() < layout.upper:
        sentence = [
            (character.upper() if len(character.upper()) == 1 else character, label)
            for character, label in sentence
        ]
    return sentence


def paragraphs(
    documents: Sequence[Sequence[Labelled]], layout: Print, longest: int, dice: random.Random
) -> list[Labelled]:
    """One pass as paragraphs, each of neighbours, of about `longest` characters or, often, shorter."""
    found: list[Labelled] = []
    for document in documents:
        now: Labelled = []
        for sentence in document:
            if now:
                now.append((" ", INSIDE))
            now += printed(sentence, layout, dice)
            if len(now) >= longest or dice.random() < layout.paragraph:
                found.append(now)
                now = []
        if now:
            found.append(now)
    return found


def stretches(labels: Sequence[int]) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """(tokens, sentences) as (start, end) in characters: what two labellings agree on is what they share."""
    tokens, sentences = set(), set()
    token = sentence = 0
    for index, label in enumerate(labels):
        if label != INSIDE:
            tokens.add((token, index))
            token = index + 1
            if label in (SENTENCE, MULTIWORD_SENTENCE):
                sentences.add((sentence, index))
                sentence = index + 1
    return tokens, sentences


class Splitter:
    """A learner of tokens and sentences; the trees' order is the text's."""

    def __init__(
        self,
        trees: Sequence[Tree],
        dev: Sequence[Tree],
        layout: Print,
        *,
        warm: Path | None,
        language: str,
        settings: Sequence[str] = (),
        longest: int = 250,
        batch: int = 32,
    ) -> None:
        from stanza.models import tokenizer
        from stanza.models.tokenization.data import TokenizationDataset
        from stanza.models.tokenization.trainer import Trainer
        from stanza.models.tokenization.vocab import Vocab

        self._documents: list[list[Labelled]] = []
        for index, tree in enumerate(trees):
            if tree.begins or not index or len(self._documents[-1]) >= 20:
                self._documents.append([])
            self._documents[-1].append(labelled(tree))
        if warm is None:
            args = tokenizer.parse_args(
                [*settings, "--lang", language, "--shorthand", f"{language}_quotetrack"]
            )
            args["feat_funcs"] = tokenizer.DEFAULT_FEAT_FUNCS
            args["feat_dim"], args["num_dict_feat"], args["use_mwt"] = len(args["feat_funcs"]), 0, True
            vocab = Vocab([sentence for one in self._documents for sentence in one], language)
            args["vocab_size"] = len(vocab)
            self.trainer = Trainer(args=args, vocab=vocab, device="cpu")
        else:
            self.trainer = Trainer(model_file=str(warm), device="cpu")
        self.model, self.optimizers = self.trainer.model, [self.trainer.optimizer]
        self._layout, self._longest, self._batch = layout, longest, batch

        def dataset(text: str) -> Any:
            return TokenizationDataset(
                self.trainer.args, input_text=text, vocab=self.trainer.vocab, evaluation=True
            )

        self._reader = dataset("-")
        dice = random.Random(7)  # noqa: S311
        plain = [labelled(tree) for tree in dev]
        open_ended = [unclosed(one) if dice.random() < 0.1 else one for one in plain]
        self._tests = []
        for version in (plain, open_ended):
            run: Labelled = []
            for index, (tree, sentence) in enumerate(zip(dev, version, strict=True)):
                if run:  # long paragraphs are slow to score
                    run += [("\n", INSIDE)] * 2 if tree.begins or index % 15 == 0 else [(" ", INSIDE)]
                run += sentence
            gold = _paragraph_labels(run)
            self._tests.append((dataset("".join(character for character, _ in run)), gold))

    def epoch(self, dice: random.Random) -> list[list[Labelled]]:
        documents = list(self._documents)
        dice.shuffle(documents)
        found = paragraphs(documents, self._layout, self._longest, dice)
        dice.shuffle(found)
        found = [one for at in range(0, len(found), 500) for one in sorted(found[at : at + 500], key=len)]
        batches = [found[at : at + self._batch] for at in range(0, len(found), self._batch)]
        dice.shuffle(batches)
        return batches

    def update(self, batch: list[Labelled]) -> float:
        import numpy as np
        import torch

        rows = [self._reader.para_to_sentences(paragraph)[0] for paragraph in batch]
        rows = sorted(
            ([column[: self._longest] for column in row] for row in rows), key=lambda row: -len(row[0])
        )
        width = len(rows[0][0])
        pad, unknown = self.trainer.vocab.unit2id("<PAD>"), self.trainer.vocab.unit2id("<UNK>")
        units = np.full((len(rows), width), pad, dtype=np.int64)
        labels = np.full((len(rows), width), -1, dtype=np.int64)
        features = np.zeros((len(rows), width, rows[0][2].shape[-1]), dtype=np.float32)
        for index, (unit, label, feature, _) in enumerate(rows):
            units[index, : len(unit)] = unit
            labels[index, : len(label)] = label
            features[index, : len(feature)] = feature
        dropped = np.random.random_sample(units.shape) < self.trainer.args["unit_dropout"] / 3
        units[dropped & (units != pad)] = unknown
        text = [row[3] for row in rows]
        return float(
            self.trainer.update(
                (torch.from_numpy(units), torch.from_numpy(labels), torch.from_numpy(features), text)
            )
        )

    def score(self) -> float:
        """The mean of F1 of tokens and, thrice, of sentences, on the dev text as it is and with one sentence
        in ten left without its closing mark.
        """
        figures = self.figures()
        return sum(tokens + 3 * sentences for tokens, sentences in figures) / (4 * len(figures))

    def figures(self) -> list[tuple[float, float]]:
        """(F1 of tokens, F1 of sentences) on the dev text as it is, and with lines left open."""
        from stanza.models.tokenization.utils import output_predictions

        found = []
        for dataset, gold in self._tests:
            predicted = output_predictions(None, self.trainer, dataset, self.trainer.vocab, None, 3000)[2]
            counts = [0, 0, 0, 0]
            for one, other in zip(gold, predicted, strict=True):
                for at, (ours, theirs) in enumerate(zip(stretches(one), stretches(other), strict=True)):
                    counts[2 * at] += len(ours & theirs)
                    counts[2 * at + 1] += len(ours) + len(theirs)
            found.append((2 * counts[0] / max(1, counts[1]), 2 * counts[2] / max(1, counts[3])))
        return found

    def save(self, path: Path) -> None:
        self.trainer.save(str(path))


def _paragraph_labels(run: Labelled) -> list[list[int]]:
    found: list[list[int]] = [[]]
    for character, label in run:
        if character == "\n":
            if found[-1]:
                found.append([])
        else:
            found[-1].append(label)
    return found
