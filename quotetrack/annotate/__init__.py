"""Texts → Annotations, by Stanza. Nothing else imports stanza or torch, and no Stanza object leaves here.

Texts are cut into blocks at line breaks (a headline ends at its line), all blocks of a batch go through
each model at once, and a sentence end is believed only where a closing mark stands: a tokeniser guesses
from characters, and a sentence cut inside a name spoils tree, name and quote alike.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from quotetrack.annotate.characters import remember_forms
from quotetrack.annotate.tokens import Piece, sentences
from quotetrack.annotate.trees import parse
from quotetrack.types import Annotation, Mention, MentionKind, Sentence, Span, Token

MAX_BLOCK = 4_000  # characters the tokeniser reads at once; a longer line is cut
MAX_UNBROKEN = 500  # characters read at once of a run without a space: Stanza looks for addresses in squares
MAX_FORM = 100  # characters of a token that the models see: cost grows with the longest word of a batch
_PROCESSORS = "tokenize,mwt,pos,lemma,depparse,ner"
_KINDS: dict[str, MentionKind] = {
    **dict.fromkeys(("PER", "PERSON"), "person"),
    **dict.fromkeys(("ORG", "ORGANIZATION", "NORP"), "organisation"),
    **dict.fromkeys(("LOC", "GPE", "FAC", "LOCATION"), "place"),
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb]")


class Annotator:
    """The models of one language, loaded once. Not thread-safe; a process holds one a language.

    folder: a Stanza model folder (with resources.json); package: the package in it.
    threads: CPU threads PyTorch may use. Raises FileNotFoundError when a model file is missing.
    """

    def __init__(
        self, folder: Path, language: str, package: str = "default", label: str = "", threads: int = 1
    ) -> None:
        import stanza
        import torch

        logging.getLogger("stanza").setLevel(logging.ERROR)
        torch.set_num_threads(threads)
        self.language = language
        self.label = label or f"{folder} {language}"
        available = _processors_of(folder, language, package)
        self._pipeline = stanza.Pipeline(
            language,
            dir=str(folder),
            package=package,
            processors=",".join(name for name in _PROCESSORS.split(",") if name in available),
            download_method=None,
            use_gpu=False,
            verbose=False,
        )
        for name in ("pos", "ner", "depparse"):
            processor = self._pipeline.processors.get(name)
            for trainer in getattr(processor, "trainers", None) or [getattr(processor, "trainer", None)]:
                remember_forms(getattr(trainer, "model", None))

    def annotate(
        self,
        texts: Sequence[str],
        want_trees: Callable[[Sequence[tuple[Sequence[Token], Sequence[Mention]]]], list[bool]] | None = None,
    ) -> list[Annotation]:
        """Annotate texts in one call: tokens, tags, lemmas and names of all sentences, trees of some.

        want_trees: which sentences of a text are parsed, told by their tagged tokens and their mentions; all
        when None. An unparsed sentence has tags and lemmas, and `parsed` is False. Offsets count code points
        of each text: for every token, token.span.of(text) == token.text.
        """
        blocks = [(number, block) for number, text in enumerate(texts) for block in _blocks(text)]
        lines = [_CONTROL.sub(" ", block.of(texts[at])) for at, block in blocks]
        document, numbers = self._tokenize(lines)
        self._run(document, "mwt", "pos", "lemma", "ner")
        starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
        placed = [
            (blocks[at][0], blocks[at][1].start - starts[at], sentence)
            for at, sentence in zip(numbers, document.sentences, strict=True)
        ]
        mentions = [_mentions(sentence, offset) for _, offset, sentence in placed]
        chosen = [True] * len(placed)
        if want_trees is not None:
            tagged: list[list[tuple[Sequence[Token], Sequence[Mention]]]] = [[] for _ in texts]
            for (number, offset, sentence), names in zip(placed, mentions, strict=True):
                tagged[number].append((_tokens(texts[number], sentence, offset, False), names))
            chosen = [wanted for ours in tagged for wanted in want_trees(ours)]
        self._parse([sentence for (_, _, sentence), wanted in zip(placed, chosen, strict=True) if wanted])
        found: list[tuple[list[Sentence], list[Mention]]] = [([], []) for _ in texts]
        for (number, offset, sentence), names, parsed in zip(placed, mentions, chosen, strict=True):
            tokens = tuple(_tokens(texts[number], sentence, offset, parsed))
            span = Span(tokens[0].span.start, max(token.span.end for token in tokens))
            found[number][0].append(Sentence(span, tokens, parsed))
            found[number][1].extend(names)
        return [
            Annotation(text, self.language, tuple(ours), tuple(names), self.label)
            for text, (ours, names) in zip(texts, found, strict=True)
        ]

    def _tokenize(self, lines: Sequence[str]) -> tuple[Any, list[int]]:
        """The sentences of all lines, joined by line breaks, as one Stanza document; the line of each."""
        from stanza.models.common.doc import Document

        rows: list[list[dict[str, Any]]] = []
        numbers: list[int] = []
        start = 0
        for number, found in enumerate(sentences(self._pipeline.processors["tokenize"], lines)):
            for pieces in found:
                rows.append(
                    [_row(lines[number], piece, place, start) for place, piece in enumerate(pieces, 1)]
                )
                numbers.append(number)
            start += len(lines[number]) + 1
        return Document(rows, "\n".join(lines)), numbers

    def _run(self, document: Any, *names: str) -> None:
        if document.sentences:
            for name in names:
                if name in self._pipeline.processors:
                    self._pipeline.processors[name].process(document)

    def _parse(self, wanted: Sequence[Any]) -> None:
        from stanza.models.common.doc import Document

        if wanted and "depparse" in self._pipeline.processors:
            part = Document([])
            part.sentences = list(wanted)
            part._count_words()
            parse(self._pipeline.processors["depparse"], part)


def batches(texts: Iterable[str], characters: int = 60_000) -> Iterator[list[str]]:
    """Cut a stream of texts into lists of about so many characters, for `annotate`."""
    stream = iter(texts)
    while batch := list(islice(stream, 1)):
        size = len(batch[0])
        while size < characters and (more := list(islice(stream, 1))):
            batch += more
            size += len(more[0])
        yield batch


def _processors_of(folder: Path, language: str, package: str) -> frozenset[str]:
    import json

    try:
        resources = json.loads((folder / "resources.json").read_text("utf-8"))
        entry = resources[language]
        while "alias" in entry:
            entry = resources[entry["alias"]]
        return frozenset(entry.get("packages", {}).get(package) or entry["default_processors"])
    except (OSError, KeyError, ValueError) as problem:
        raise FileNotFoundError(f"no Stanza models for {language!r} in {folder}") from problem


def _blocks(text: str) -> Iterator[Span]:
    """Lines with a word in them, without surrounding space; longer ones cut at a space or a full stop."""
    for line in re.finditer(r"[^\r\n\u2028\u2029]+", text):
        start, end = line.span()
        while start < end:
            stop = end
            if end - start > MAX_BLOCK:
                cut = max(text.rfind(mark, start, start + MAX_BLOCK) for mark in (" ", "。"))
                stop = cut + 1 if cut >= start else start + MAX_UNBROKEN
            piece = text[start:stop]
            trimmed = piece.strip()
            if re.search(r"\w", trimmed):
                first = start + piece.index(trimmed)
                yield Span(first, first + len(trimmed))
            start = stop


def _row(line: str, piece: Piece, place: int, start: int) -> dict[str, Any]:
    """A token as Stanza reads it; start: where its line begins among the joined lines."""
    marks = f"start_char={start + piece.start}|end_char={start + piece.end}"
    form = line[piece.start : piece.end][:MAX_FORM]
    return {"id": (place,), "text": form, "misc": marks + ("|MWT=Yes" if piece.contracted else "")}


def _tokens(text: str, sentence: Any, offset: int, parsed: bool) -> list[Token]:
    tokens = []
    for word in sentence.words:
        start, end = _range(word, offset)
        tokens.append(
            Token(
                span=Span(start, end),
                text=text[start:end],
                lemma=word.lemma or word.text,
                upos=word.upos or "",
                feats=_feats(word.feats or ""),
                head=(word.head or 0) - 1 if parsed else -1,
                deprel=(word.deprel or "") if parsed else "",
            )
        )
    return tokens


def _range(word: Any, offset: int) -> tuple[int, int]:
    """A word's place, or its contraction's where the word has none of its own."""
    holder = word if word.start_char is not None else word.parent
    return holder.start_char + offset, holder.end_char + offset


def _mentions(sentence: Any, offset: int) -> list[Mention]:
    return [
        Mention(Span(name.start_char + offset, name.end_char + offset), _KINDS.get(name.type, "other"))
        for name in sentence.ents
    ]


@lru_cache(maxsize=4096)
def _feats(written: str) -> dict[str, str]:
    """ "Case=Nom|Number=Sing" → a mapping, shared by all tokens that have it (never changed)."""
    return dict(pair.split("=", 1) for pair in written.split("|") if "=" in pair)
