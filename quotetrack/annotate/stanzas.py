"""Stages that Stanza itself runs: models with character language models, transformers, and whatever is new.

The only module that imports Stanza and PyTorch.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from quotetrack.annotate.dictionaries import places
from quotetrack.annotate.drafts import Draft
from quotetrack.annotate.tokeniser import Labels

PROCESSORS = ("tokenize", "mwt", "pos", "lemma", "depparse", "ner")


def load(folder: Path, language: str, package: str, names: Sequence[str], threads: int) -> dict[str, Any]:
    """A stage for each processor of a package that is named; others are not loaded if Stanza lets us."""
    import stanza
    import torch

    logging.getLogger("stanza").setLevel(logging.ERROR)
    torch.set_num_threads(threads)
    pipeline = stanza.Pipeline(
        language,
        dir=str(folder),
        package=package,
        processors=",".join(name for name in PROCESSORS if name in names or name == "tokenize"),
        tokenize_pretokenized="tokenize" not in names,
        lemma_pretagged=True,
        depparse_pretagged=True,
        download_method=None,
        use_gpu=False,
        verbose=False,
    )
    return {
        name: _Characters(pipeline.processors[name])
        if name == "tokenize"
        else _Stage(pipeline.processors[name], name)
        for name in names
    }


class _Stage:
    """A Stanza processor that works on drafts."""

    columns = ("xpos",)  # what a parser may read beside parts of speech and features

    def __init__(self, processor: Any, name: str) -> None:
        self._processor = processor
        self._name = name

    def __call__(self, drafts: Sequence[Draft]) -> None:
        from stanza.models.common.doc import Document

        if not drafts:
            return
        rows = [list(_tokens(draft) if self._name == "mwt" else _words(draft)) for draft in drafts]
        document = Document(rows, text="")
        self._processor.process(document)
        for draft, sentence in zip(drafts, document.sentences, strict=True):
            if self._name == "mwt":
                _take_words(draft, sentence)
            elif self._name == "ner":
                numbers = {id(token): at for at, token in enumerate(sentence.tokens)}
                draft.names = [
                    (numbers[id(name.tokens[0])], numbers[id(name.tokens[-1])], name.type)
                    for name in sentence.ents
                ]
            else:
                _take(draft, sentence, self._name)


def _tokens(draft: Draft) -> Iterator[dict[str, Any]]:
    for at, (piece, form) in enumerate(zip(draft.pieces, draft.forms, strict=True), 1):
        yield {"id": (at,), "text": form, **({"misc": "MWT=Yes"} if piece.contracted else {})}


def _words(draft: Draft) -> Iterator[dict[str, Any]]:
    """The rows of a sentence with all that is known of it; a token of several words has a row of its own."""
    at = 0
    for piece, form in zip(draft.pieces, draft.forms, strict=True):
        stop = at + 1
        while stop < len(draft.words) and draft.spans[stop][1] <= piece.end:
            stop += 1
        if stop - at > 1:
            yield {"id": (at + 1, stop), "text": form}
        for word in range(at, stop):
            row: dict[str, Any] = {"id": (word + 1,), "text": draft.words[word]}
            for name in ("upos", "xpos", "feats"):
                if values := getattr(draft, name):
                    row[name] = values[word]
            if draft.lemmas:
                row["lemma"] = draft.lemmas[word]
            yield row
        at = stop


def _take_words(draft: Draft, sentence: Any) -> None:
    for piece, form, token in zip(draft.pieces, draft.forms, sentence.tokens, strict=True):
        words = [word.text for word in token.words]
        draft.words += words
        draft.spans += places(piece.start, piece.end, form, words)


def _take(draft: Draft, sentence: Any, name: str) -> None:
    words = sentence.words
    if name == "pos":
        draft.upos = [word.upos or "" for word in words]
        draft.xpos = [word.xpos or "_" for word in words]
        draft.feats = [word.feats or "_" for word in words]
    elif name == "lemma":
        draft.lemmas = [word.lemma or word.text for word in words]
    else:
        draft.heads = [word.head for word in words]
        draft.deprels = [word.deprel or "" for word in words]


class _Characters:
    """What Stanza's prediction loop wants of its data set, for lines that are clean already."""

    def __init__(self, processor: Any) -> None:
        from stanza.models.tokenization import data

        self._processor = processor
        self.data: Sequence[str] = ()
        self.vocab = processor.vocab
        self._original = data.TokenizationDataset(
            processor.config,
            input_text="x",
            vocab=processor.vocab,
            evaluation=True,
            dictionary=processor.trainer.dictionary,
        )

    def labels(self, lines: Sequence[str]) -> list[Labels]:
        """As `Tokeniser.labels`."""
        import torch
        from stanza.models.tokenization.utils import predict

        processor = self._processor
        longest = max(
            1000, processor.config.get("max_seqlen", 1000)
        )  # characters read at once, as Stanza does
        self.data = lines
        with torch.inference_mode():
            found, _ = predict(
                processor.trainer, self, processor.trainer.args["batch_size"], longest, False, 0
            )
        return [np.asarray(line) for line in found]

    def para_to_sentences(self, line: str) -> Any:
        """Ids, empty labels, features and characters of one line."""
        return self._original.para_to_sentences([(char, 0) for char in line])

    def advance_old_batch(self, offsets: list[int], batch: Any) -> Any:
        return self._original.advance_old_batch(offsets, batch)
