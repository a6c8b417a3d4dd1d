"""Data that a recipe names by address: fetched, held to its md5, and read into the form of our own files.

Corpora of names differ in what a token and a name is; what our own have is made of theirs: clitics belong to
their word ("Bush's"), kinds are PER, ORG and LOC, an article is no part of a name and "American" none at all.
"""

from __future__ import annotations

import json
import tarfile
import urllib.request
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from quotetrack.download import Line
from quotetrack.training.names import Sentence, read
from quotetrack.training.treebank import FORM, UPOS, Tree

_APOSTROPHES = "'’"


@dataclass(frozen=True, slots=True)
class Gathered:
    """Files of one corpus. files: (address, md5) of each; form: "bio" (a token and its tag a line) or
    "docred" (documents with their names as JSON, Yao et al. 2019); kinds: theirs → PER, ORG or LOC, others
    are no names; licence: of annotation and text.
    """

    name: str
    licence: str
    form: str
    files: tuple[tuple[str, str], ...]
    kinds: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Usage:
    """What a language's corpora write: clitics that are no tokens of their own, words that stand before a
    name, ends of words that say whence somebody is, and words that are adjectives or mostly no names.
    """

    clitics: Collection[str]
    articles: Collection[str]
    adjectival: tuple[str, ...]
    no_names: Collection[str]

    def names(self, words: Sequence[str], kind: str) -> bool:
        """Whether words that another corpus takes for a name are one."""
        if not any(char.isupper() for word in words for char in word):
            return False
        if len(words) > 1:
            return True
        (word,) = words
        return word not in self.no_names and (kind == "PER" or not word.endswith(self.adjectival))


def fetched(gathered: Gathered, folder: Path) -> list[Path]:
    """The files of a corpus in `folder`, fetched where they are not there. Raises DownloadFailed."""
    return [fetched_file(address, md5, folder) for address, md5 in gathered.files]


def fetched_file(address: str, md5: str, folder: Path) -> Path:
    """A file in `folder`, fetched where it is not there. Raises DownloadFailed."""
    target = folder / f"{md5}-{address.rsplit('/', 1)[-1]}"
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f"{target.name}.part")
        Line(urllib.request.getproxies()).fetch(address, draft, target.name, [md5])
        draft.replace(target)
    return target


def sentences(gathered: Gathered, paths: Iterable[Path], usage: Usage) -> Iterator[Sentence]:
    """The sentences of a corpus as our own files have them."""
    for path in paths:
        text = path.read_text("utf-8")
        documents = gathered.form == "docred"
        for sentence in _documents(json.loads(text), gathered.kinds, usage) if documents else read(text):
            kinds = [(token, _of_kind(tag, gathered.kinds)) for token, tag in sentence]
            yield with_clitics(kinds, usage.clitics)


def _of_kind(tag: str, kinds: Mapping[str, str]) -> str:
    kind = kinds.get(tag[2:])
    return f"{tag[:2]}{kind}" if kind else "O"


def _documents(
    documents: Iterable[Mapping[str, Any]], kinds: Mapping[str, str], usage: Usage
) -> Iterator[Sentence]:
    """Documents of sentences and of what they name, each a list of places; the longer name wins a place."""
    for document in documents:
        tags = [["O"] * len(words) for words in document["sents"]]
        places = {
            (place["sent_id"], *place["pos"], place["type"])
            for named in document["vertexSet"]
            for place in named
            if place["type"] in kinds
        }
        for at, first, end, kind in sorted(places, key=lambda place: (place[1] - place[2], *place)):
            words = document["sents"][at]
            start = first + (end - first > 1 and words[first].lower() in usage.articles)
            if usage.names(words[start:end], kinds[kind]) and set(tags[at][start:end]) == {"O"}:
                tags[at][start:end] = [f"B-{kind}"] + [f"I-{kind}"] * (end - start - 1)
        for words, ours in zip(document["sents"], tags, strict=True):
            yield [(word.strip(), tag) for word, tag in zip(words, ours, strict=True) if word.strip()]


def with_clitics(sentence: Sentence, clitics: Collection[str]) -> Sentence:
    """A sentence whose clitics are part of the word before, which keeps its tag: "Bush 's" is one token."""
    found: Sentence = []
    for token, tag in sentence:
        before = found[-1] if found else ("", "O")
        of_word = token.replace("’", "'") in clitics and before[0][-1:].isalnum()
        of_name = token in _APOSTROPHES and tag == "O" != before[1] and before[0].endswith("s")
        if of_word or of_name:
            found[-1] = (before[0] + token, before[1])
        else:
            found.append((token, tag))
    return found


def no_names(trees: Iterable[Tree], known: Iterable[Sentence]) -> frozenset[str]:
    """Capitalised words that are adjectives more often than not, and words that our own data seldom names."""
    tags: dict[str, Counter[str]] = {}
    for tree in trees:
        for row in tree.rows:
            if row[FORM][:1].isupper():
                tags.setdefault(row[FORM], Counter())[row[UPOS]] += 1
    found = {word for word, count in tags.items() if 2 * count["ADJ"] > count.total()}
    named: Counter[str] = Counter()
    plain: Counter[str] = Counter()
    for sentence in known:
        for token, tag in sentence:
            (plain if tag == "O" else named)[token] += 1
    return frozenset(found | {word for word, count in plain.items() if count > max(1, named[word])})


def vectors(path: Path, member: str, rows: int | None) -> tuple[list[str], npt.NDArray[np.float32]]:
    """Words and their vectors [words, width], the most frequent first, out of a packed JSON file.

    The file has "words", the most frequent first, "dimensions", and under "vectors" each word's row.
    """
    with tarfile.open(path) as archive:
        file = archive.extractfile(member)
        if file is None:
            raise KeyError(f"{path}: {member} is no file")
        content = json.load(file)
    words = content["words"][:rows]
    width = content["dimensions"]
    table = np.array([content["vectors"][word][:width] for word in words], dtype=np.float32)
    return words, table


def with_endings(numbers: dict[str, int], words: Iterable[str], endings: Iterable[str]) -> None:
    """Let words with an ending ("bush's") have the number of the word itself, where they have none. In place.

    A plural that ends like the ending takes the rest of it alone: "senators'".
    """
    endings = tuple(endings)
    for word in words:
        if not word.isalpha() or len(word) < 2:
            continue
        for ending in endings:
            numbers.setdefault(word + ending, numbers[word])
            if word[-1] == ending[-1]:
                numbers.setdefault(word + ending[:-1], numbers[word])
