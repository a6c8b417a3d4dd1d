"""Texts → Annotations, by Stanza. Nothing else imports stanza or torch, and no Stanza object leaves here.

Texts are cut into blocks at line breaks (a headline ends at its line), all blocks of a batch go through
each model at once, and a sentence end is believed only where a closing mark stands: a tokeniser guesses
from characters, and a sentence cut inside a name spoils tree, name and quote alike.
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from quotetrack.types import Annotation, Mention, MentionKind, Sentence, Span, Token

MAX_BLOCK = 4_000  # characters the tokeniser reads at once; a longer line is cut at a space
MAX_WORDS = 160  # tokens a sentence may have; a longer one is cut, since parsing is quadratic in it
_PROCESSORS = "tokenize,mwt,pos,lemma,depparse,ner"
_KINDS: dict[str, MentionKind] = {
    **dict.fromkeys(("PER", "PERSON"), "person"),
    **dict.fromkeys(("ORG", "ORGANIZATION", "NORP"), "organisation"),
    **dict.fromkeys(("LOC", "GPE", "FAC", "LOCATION"), "place"),
}
_CLOSED = re.compile(r"[.!?:;…。！？][^\w\s]*$")  # a closing mark, then perhaps quotation marks or brackets
_GOES_ON = re.compile(r"[^\w\s]*[,;:]|\W*[a-zà-öø-ÿ]")  # a comma or a small letter cannot begin a sentence
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

    def annotate(
        self,
        texts: Sequence[str],
        wants_tree: Callable[[Sequence[Token], Sequence[Mention]], bool] | None = None,
    ) -> list[Annotation]:
        """Annotate texts in one call: tokens, tags, lemmas and names of all sentences, trees of some.

        wants_tree: which sentences are parsed, told by their tagged tokens and their mentions; all when
        None. An unparsed sentence has tags and lemmas, and `parsed` is False. Offsets count code points
        of each text: for every token, token.span.of(text) == token.text.
        """
        blocks = [(number, block) for number, text in enumerate(texts) for block in _blocks(text)]
        shown = [_CONTROL.sub(" ", block.of(texts[number])) for number, block in blocks]
        sentences = self._tokenize(shown)
        self._run("mwt", sentences)
        for processor in ("pos", "lemma", "ner"):
            self._run(processor, sentences)
        placed = [(blocks[at][0], blocks[at][1].start, sentence) for at, sentence in sentences]
        mentions = [_mentions(sentence, offset) for _, offset, sentence in placed]
        if wants_tree is None:
            chosen = [True] * len(placed)
        else:
            chosen = [
                wants_tree(_tokens(texts[number], sentence, offset, False), names)
                for (number, offset, sentence), names in zip(placed, mentions, strict=True)
            ]
        self._run("depparse", [pair for pair, wanted in zip(sentences, chosen, strict=True) if wanted])
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

    def _tokenize(self, blocks: Sequence[str]) -> list[tuple[int, Any]]:
        """(block number, Stanza sentence) in order; offsets count from the block's start."""
        from stanza.models.common.doc import Document

        if not blocks:
            return []
        joined = "\n\n".join(blocks)
        starts = [0]
        for block in blocks[:-1]:
            starts.append(starts[-1] + len(block) + 2)
        raw = self._pipeline.processors["tokenize"].process(joined)
        by_block: dict[int, list[list[Any]]] = {}
        for sentence in raw.sentences:
            by_block.setdefault(bisect_right(starts, sentence.tokens[0].start_char) - 1, []).append(
                sentence.tokens
            )
        result = []
        for at, guessed in by_block.items():
            rows = [
                [_row(token, place + 1, starts[at]) for place, token in enumerate(tokens)]
                for tokens in _cut(_joined(guessed, joined))
            ]
            document = Document(rows, text=blocks[at])
            result += [(at, sentence) for sentence in document.sentences]
        return result

    def _run(self, name: str, sentences: Sequence[tuple[int, Any]]) -> None:
        from stanza.models.common.doc import Document

        processor = self._pipeline.processors.get(name)
        if processor is None or not sentences:
            return
        together = Document([])
        together.sentences = [sentence for _, sentence in sentences]
        together._count_words()
        processor.process(together)
        if name == "ner":
            together.build_ents()


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
    """Lines with a word in them, without surrounding space; longer ones cut at a space."""
    for line in re.finditer(r"[^\r\n\u2028\u2029]+", text):
        start, end = line.span()
        while start < end:
            stop = end
            if end - start > MAX_BLOCK:
                space = text.rfind(" ", start + MAX_BLOCK // 2, start + MAX_BLOCK)
                stop = space if space > start else start + MAX_BLOCK
            piece = text[start:stop]
            trimmed = piece.strip()
            if re.search(r"\w", trimmed):
                first = start + piece.index(trimmed)
                yield Span(first, first + len(trimmed))
            start = stop


def _joined(guessed: Sequence[list[Any]], text: str) -> Iterator[list[Any]]:
    """Put together what the tokeniser cut without a closing mark, or before a comma or small letter."""
    held: list[Any] = []
    for tokens in guessed:
        if held:
            before = text[held[0].start_char : held[-1].end_char]
            if _CLOSED.search(before[-12:]) and not _GOES_ON.match(text, tokens[0].start_char):
                yield held
                held = []
        held = held + tokens
    if held:
        yield held


def _cut(sentences: Iterable[list[Any]]) -> Iterator[list[Any]]:
    for tokens in sentences:
        for start in range(0, len(tokens), MAX_WORDS):
            yield tokens[start : start + MAX_WORDS]


def _row(token: Any, number: int, offset: int) -> dict[str, Any]:
    """A token as Stanza reads it back, counted from the block's start."""
    place = f"start_char={token.start_char - offset}|end_char={token.end_char - offset}"
    mwt = "|MWT=Yes" if token.misc and "MWT=Yes" in token.misc else ""
    return {"id": (number,), "text": token.text, "misc": place + mwt}


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
    """"Case=Nom|Number=Sing" → a mapping, shared by all tokens that have it (never changed)."""
    return dict(pair.split("=", 1) for pair in written.split("|") if "=" in pair)
