"""The models of one language as stages that work on drafts: run here where they are known, else by Stanza."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotetrack.annotate import stanzas
from quotetrack.annotate.dictionaries import Contractions, Lemmas
from quotetrack.annotate.drafts import Draft
from quotetrack.annotate.files import UnreadableModelError, read
from quotetrack.annotate.namer import Namer
from quotetrack.annotate.parser import Parser
from quotetrack.annotate.tagger import Tagger
from quotetrack.annotate.tokeniser import Labels, Tokeniser
from quotetrack.annotate.words import Vectors, Vocabulary

Stage = Callable[[Sequence[Draft]], None]

_WITH_VECTORS: Mapping[str, Any] = {"pos": Tagger, "depparse": Parser, "ner": Namer}
_ALONE: Mapping[str, Any] = {"tokenize": Tokeniser, "mwt": Contractions, "lemma": Lemmas}


@dataclass(frozen=True, slots=True)
class Stages:
    """labels: what ends after each character of a line; the others set their part of drafts, in this order.

    slow: the names of those that Stanza itself runs.
    """

    labels: Callable[[Sequence[str]], Sequence[Labels]]
    words: Stage
    tags: Stage
    lemmas: Stage
    names: Stage
    trees: Stage
    slow: tuple[str, ...]


def load(folder: Path, language: str, package: str, threads: int) -> Stages:
    """Read the models of a language. Raises FileNotFoundError where there are none."""
    files = _files(folder, language, package)
    vectors: dict[Path, Vectors] = {}
    known = {
        name: stage for name, file in files.items() if (stage := _known(name, file, vectors)) is not None
    }
    slow = tuple(name for name in files if name not in known)
    if slow:
        known |= stanzas.load(folder, language, package, slow, threads)
    tagger, parser = known.get("pos"), known.get("depparse")
    if isinstance(tagger, Tagger) and parser is not None:
        tagger.columns += parser.columns
    tokeniser = known["tokenize"]
    return Stages(
        tokeniser.labels,
        known.get("mwt", _as_they_are),
        known.get("pos", _nothing),
        known.get("lemma", _nothing),
        known.get("ner", _nothing),
        known.get("depparse", _nothing),
        slow,
    )


@dataclass(frozen=True, slots=True)
class _File:
    """A model and the word vectors that belong to it; None where it is not of one file."""

    path: Path | None
    vectors: Path | None


def _files(folder: Path, language: str, package: str) -> dict[str, _File]:
    """The model of each processor that a package has."""
    try:
        resources = json.loads((folder / "resources.json").read_text("utf-8"))
        entry = resources[language]
        while "alias" in entry:
            language = entry["alias"]
            entry = resources[language]
        chosen = entry.get("packages", {}).get(package) or entry["default_processors"]
    except (OSError, KeyError, ValueError) as problem:
        raise FileNotFoundError(f"no Stanza models for {language!r} in {folder}") from problem
    found = {}
    for processor in stanzas.PROCESSORS:
        if processor not in chosen:
            continue
        name = chosen[processor]
        facts = entry.get(processor, {}).get(name, {}) if isinstance(name, str) else {}
        vectors = [one["package"] for one in facts.get("dependencies", []) if one["model"] == "pretrain"]
        found[processor] = _File(
            folder / language / processor / f"{name}.pt" if isinstance(name, str) else None,
            folder / language / "pretrain" / f"{vectors[0]}.pt" if vectors else None,
        )
    return found


def _known(processor: str, file: _File, cache: dict[Path, Vectors]) -> Any:
    """A stage of our own for a model, or None where it is of another kind than we know."""
    if file.path is None or not file.path.is_file():
        return None
    try:
        saved = read(file.path)
        kind = _ALONE.get(processor) or _WITH_VECTORS[processor]
        if not kind.knows(saved):
            return None
        if processor in _ALONE:
            return kind(saved)
        if file.vectors is None:
            return None
        if file.vectors not in cache:
            pretrained = read(file.vectors)
            cache[file.vectors] = Vectors(Vocabulary(pretrained["vocab"]), pretrained["emb"])
        return kind(saved, cache[file.vectors])
    except (UnreadableModelError, KeyError, TypeError):  # whatever it is, Stanza will say more about it
        return None


def _as_they_are(drafts: Sequence[Draft]) -> None:
    """Every token is one word."""
    for draft in drafts:
        draft.words = draft.forms
        draft.spans = [(piece.start, piece.end) for piece in draft.pieces]


def _nothing(drafts: Sequence[Draft]) -> None:
    """A model that the language does not have says nothing."""
