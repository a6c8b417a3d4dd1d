"""Texts → Annotations, by models in Stanza's format. No other room sees Stanza, PyTorch or a model.

Texts are cut into blocks at line breaks (a headline ends at its line), all sentences of a batch go through
each model at once, and a sentence end is believed only where a closing mark stands: a tokeniser guesses
from characters, and a sentence cut inside a name spoils tree, name and quote alike. Models of the kinds that
ship are run by this room itself, in NumPy; whatever else there is, by Stanza.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path

from quotetrack.annotate.clitics import cut_clitics
from quotetrack.annotate.drafts import Draft, begun
from quotetrack.annotate.seen import Seen
from quotetrack.annotate.stages import load
from quotetrack.annotate.tokens import sentences
from quotetrack.languages import clitics, titles
from quotetrack.types import Annotation, Mention, MentionKind, Sentence, Span, Token

MAX_BLOCK = 4_000  # characters the tokeniser reads at once; a longer line is cut
MAX_UNBROKEN = 500  # characters read at once of a run without a space: addresses are looked for in squares
_KINDS: dict[str, MentionKind] = {
    **dict.fromkeys(("PER", "PERSON"), "person"),
    **dict.fromkeys(("ORG", "ORGANIZATION", "NORP"), "organisation"),
    **dict.fromkeys(("LOC", "GPE", "FAC", "LOCATION"), "place"),
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb]")
_WORD = re.compile(r"\w")

Wanted = Callable[[str, Sequence[tuple[Sequence[Token], Sequence[Mention]]]], list[bool]]


class Annotator:
    """The models of one language, loaded once. Not thread-safe; a process holds one a language.

    folder: a Stanza model folder (with resources.json); package: the package in it.
    threads: CPU threads the models may use. Raises FileNotFoundError when a model file is missing.
    """

    def __init__(
        self, folder: Path, language: str, package: str = "default", label: str = "", threads: int = 1
    ) -> None:
        from threadpoolctl import threadpool_limits

        threadpool_limits(threads)
        self.language = language
        self.label = label or f"{folder} {language}"
        self.stages = load(folder, language, package, threads)
        self.clitics = clitics(language)
        self.titles = titles(language)
        self.seen = Seen()

    def annotate(self, texts: Sequence[str], want_trees: Wanted | None = None) -> list[Annotation]:
        """Annotate texts in one call: tokens, tags, lemmas and names of all sentences, trees of some.

        want_trees: which sentences of a text are parsed, told by the text, their tagged tokens and their
        mentions; all when None. An unparsed sentence has tags and lemmas, and `parsed` is False. Offsets
        count code points of each text: for every token, token.span.of(text) == token.text.
        """
        blocks = [(number, block) for number, text in enumerate(texts) for block in _blocks(text)]
        lines = [_CONTROL.sub(" ", block.of(texts[at])) for at, block in blocks]
        drafts = self._drafts(lines)
        placed = [(*block, draft) for block, ours in zip(blocks, drafts, strict=True) for draft in ours]
        made = [_sentence(texts[number], block.start, draft) for number, block, draft in placed]
        mentions = [_mentions(block.start, draft) for _, block, draft in placed]
        chosen = [True] * len(placed)
        if want_trees is not None:
            tagged: list[list[tuple[Sequence[Token], Sequence[Mention]]]] = [[] for _ in texts]
            for (number, _, _), sentence, names in zip(placed, made, mentions, strict=True):
                tagged[number].append((sentence.tokens, names))
            chosen = [
                wanted for text, ours in zip(texts, tagged, strict=True) for wanted in want_trees(text, ours)
            ]
        self._parse(
            {id(draft): draft for (*_, draft), wanted in zip(placed, chosen, strict=True) if wanted}.values()
        )
        found: list[tuple[list[Sentence], list[Mention]]] = [([], []) for _ in texts]
        for (number, _, draft), sentence, names, wanted in zip(placed, made, mentions, chosen, strict=True):
            found[number][0].append(_with_tree(sentence, draft) if wanted else sentence)
            found[number][1].extend(names)
        return [
            Annotation(text, self.language, tuple(ours), tuple(names), self.label)
            for text, (ours, names) in zip(texts, found, strict=True)
        ]

    def _drafts(self, lines: Sequence[str]) -> list[list[Draft]]:
        """The tagged sentences of each line. Equal lines share theirs, and those read before keep them."""
        known: dict[str, list[Draft]] = {}
        fresh: list[str] = []
        for line in dict.fromkeys(lines):
            if (before := self.seen.of(line)) is None:
                fresh.append(line)
            else:
                known[line] = before
        for line, found in zip(fresh, sentences(self.stages.labels, fresh, self.titles), strict=True):
            known[line] = [begun(line, pieces) for pieces in found]
        drafts = [draft for line in fresh for draft in known[line]]
        self.stages.words(drafts)
        cut_clitics(drafts, self.clitics)
        for stage in (self.stages.tags, self.stages.lemmas, self.stages.names):
            stage(drafts)
        for line in fresh:
            self.seen.keep(line, known[line])
        return [known[line] for line in lines]

    def _parse(self, drafts: Iterable[Draft]) -> None:
        """Give trees to those that have none yet."""
        self.stages.trees([draft for draft in drafts if not draft.heads])


def batches(texts: Iterable[str], characters: int = 60_000) -> Iterator[list[str]]:
    """Cut a stream of texts into lists of about so many characters, for `annotate`."""
    stream = iter(texts)
    while batch := list(islice(stream, 1)):
        size = len(batch[0])
        while size < characters and (more := list(islice(stream, 1))):
            batch += more
            size += len(more[0])
        yield batch


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
            if _WORD.search(trimmed):
                first = start + piece.index(trimmed)
                yield Span(first, first + len(trimmed))
            start = stop


def _sentence(text: str, offset: int, draft: Draft) -> Sentence:
    """A draft without its tree. offset: where its line begins in the text."""
    spans = [Span(start + offset, end + offset) for start, end in draft.spans]
    lemmas = draft.lemmas or draft.words
    tokens = tuple(
        Token(span, text[span.start : span.end], lemma, upos, _feats(feats))
        for span, lemma, upos, feats in zip(
            spans, lemmas, draft.upos or [""] * len(spans), draft.feats or [""] * len(spans), strict=True
        )
    )
    return Sentence(Span(spans[0].start, max(span.end for span in spans)), tokens)


def _with_tree(sentence: Sentence, draft: Draft) -> Sentence:
    """A sentence with the heads and labels of its draft; as it was where the language has no parser."""
    if not draft.heads:
        return sentence
    tokens = tuple(
        Token(token.span, token.text, token.lemma, token.upos, token.feats, head - 1, deprel)
        for token, head, deprel in zip(sentence.tokens, draft.heads, draft.deprels, strict=True)
    )
    return Sentence(sentence.span, tokens, True)


def _mentions(offset: int, draft: Draft) -> list[Mention]:
    return [
        Mention(
            Span(draft.pieces[first].start + offset, draft.pieces[last].end + offset),
            _KINDS.get(kind, "other"),
        )
        for first, last, kind in draft.names
    ]


@lru_cache(maxsize=4096)
def _feats(written: str) -> dict[str, str]:
    """ "Case=Nom|Number=Sing" → a mapping, shared by all tokens that have it (never changed)."""
    return dict(pair.split("=", 1) for pair in written.split("|") if "=" in pair)
