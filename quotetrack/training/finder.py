"""The name finder: Stanza's tagger with a conditional random field, trained by our loop."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from quotetrack.training.names import Sentence, spans


class Finder:
    """A learner of names. `pass_of` gives the sentences of one pass.

    warm: weights to start from, with their vocabulary; None starts from nothing, with the vocabulary of
    `vocabulary` and Stanza's settings as changed by `settings`.
    """

    def __init__(
        self,
        pass_of: Callable[[random.Random], Sequence[Sentence]],
        dev: Sequence[Sentence],
        pretrain: Any,
        *,
        warm: Path | None,
        vocabulary: Sequence[Sentence] = (),
        settings: Sequence[str] = (),
        batch_words: int = 800,
    ) -> None:
        from stanza.models import ner_tagger
        from stanza.models.common.doc import Document
        from stanza.models.ner.data import DataLoader
        from stanza.models.ner.trainer import Trainer

        def document(sentences: Sequence[Sentence]) -> Any:
            return Document([[{"text": token, "ner": tag} for token, tag in one] for one in sentences])

        if warm is None:
            args = ner_tagger.parse_args([*settings])
            args["word_emb_dim"] = pretrain.emb.shape[1]
            vocab = DataLoader(document(vocabulary), 32, args, pretrain, evaluation=False).vocab
            self.trainer = Trainer(args=args, vocab=vocab, pretrain=pretrain, device="cpu")
        else:
            self.trainer = Trainer(model_file=str(warm), pretrain=pretrain, device="cpu")
            self.trainer.vocab["word"] = pretrain.vocab  # it may know more words than when this was saved
        self.model, self.optimizers = self.trainer.model, [self.trainer.optimizer]
        self._pass_of, self._batch_words = pass_of, batch_words
        self._loader = DataLoader(
            document(dev), 64, self.trainer.args, pretrain, vocab=self.trainer.vocab, evaluation=True
        )
        self._dev, self._batches = dev, list(self._loader)

    def epoch(self, dice: random.Random) -> list[list[Sentence]]:
        sentences = list(self._pass_of(dice))
        dice.shuffle(sentences)
        # neighbours of like length share a batch: less padding, and the batches come in any order
        chunk = 4000
        batches: list[list[Sentence]] = []
        for at in range(0, len(sentences), chunk):
            batch: list[Sentence] = []
            for sentence in sorted(sentences[at : at + chunk], key=len):
                batch.append(sentence)
                if sum(map(len, batch)) >= self._batch_words:
                    batches.append(batch)
                    batch = []
            if batch:
                batches.append(batch)
        dice.shuffle(batches)
        return batches

    def update(self, batch: list[Sentence]) -> float:
        from stanza.models.ner.utils import process_tags

        tagged = process_tags(
            [[(token, (tag,)) for token, tag in sentence] for sentence in batch], self.trainer.args["scheme"]
        )
        self._loader.data = [self._loader.preprocess(tagged, self.trainer.vocab, self.trainer.args)]
        return float(self.trainer.update(self._loader[0]))

    def score(self) -> float:
        """F1 of spans with their kind on the dev set, the mean of all names' and organisations' alone."""
        figures = self.figures()
        return (figures["all"] + figures["ORG"]) / 2

    def figures(self) -> dict[str, float]:
        import torch

        found: list[list[str]] = []
        with torch.no_grad():
            for batch in self._batches:
                found += self.trainer.predict(batch)
        return span_scores([[tag for _, tag in one] for one in self._dev], found)

    def save(self, path: Path) -> None:
        self.trainer.save(str(path))


def span_scores(gold: Sequence[Sequence[str]], found: Sequence[Sequence[str]]) -> dict[str, float]:
    """F1, 0 to 1, of spans with their kind: of all kinds ("all") and of each kind that the gold has."""
    counts: dict[str, list[int]] = {"all": [0, 0]}
    for one, other in zip(gold, found, strict=True):
        right, given = spans(one), spans(other)
        for kind in {span[2] for span in right | given} | {"all"}:
            ours = {span for span in right if kind in (span[2], "all")}
            theirs = {span for span in given if kind in (span[2], "all")}
            count = counts.setdefault(kind, [0, 0])
            count[0] += len(ours & theirs)
            count[1] += len(ours) + len(theirs)
    return {kind: 2 * hit / max(1, total) for kind, (hit, total) in counts.items()}
