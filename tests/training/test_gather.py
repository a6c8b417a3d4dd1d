"""Corpora that a recipe names by address become sentences as our own files have them."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from functools import partial
from hashlib import md5
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from quotetrack.download import DownloadFailed
from quotetrack.training import gather, treebank
from quotetrack.training.gather import Gathered, Usage
from tests.training import fiction

USAGE = Usage(frozenset({"'s", "n't"}), frozenset({"the"}), ("ish",), frozenset({"Nordic", "Monday"}))
KINDS = {"PER": "PER", "ORG": "ORG", "LOC": "LOC", "ferry": "ORG"}


def document(*words: str, **named: tuple[int, int]) -> str:
    """One fictional sentence as DocRED has it; named: kind → first word and the one after the last."""
    places = [[{"sent_id": 0, "pos": [*span], "type": kind[:3]}] for kind, span in named.items()]
    return json.dumps([{"title": "fictional", "sents": [words], "vertexSet": places}])


@pytest.mark.parametrize(
    ("text", "form", "tagged"),
    [
        (
            document("Anna", "Weber", "left", "the", "Harbour", "Board", PER=(0, 2), ORG=(3, 6)),
            "docred",
            "Anna/B-PER Weber/I-PER left the Harbour/B-ORG Board/I-ORG",
        ),
        (document("Ankerlund", "'s", "port", LOC=(0, 1)), "docred", "Ankerlund's/B-LOC port"),
        (document("Nordic", "ports", LOC=(0, 1)), "docred", "Nordic ports"),
        (document("Spanish", "ports", LOC=(0, 1)), "docred", "Spanish ports"),
        (document("Standish", "spoke", PER=(0, 1)), "docred", "Standish/B-PER spoke"),
        (document("two", "ports", ORG=(0, 2)), "docred", "two ports"),
        (document("in", "2031", TIME=(1, 2)), "docred", "in 2031"),
        (
            document("Port", "Lind", "Bay", LOC=(1, 2), LOC2=(0, 3)),
            "docred",
            "Port/B-LOC Lind/I-LOC Bay/I-LOC",
        ),
        ("Moor\tB-ferry\nLine\tI-ferry\ndid\tO\nn't\tO\n\n", "bio", "Moor/B-ORG Line/I-ORG didn't"),
        ("Ode\tB-song\n\nLinds\tB-ferry\n'\tO\n\n", "bio", "Ode | Linds'/B-ORG"),
    ],
)
def test_their_names_are_ours(text, form, tagged, tmp_path):
    file = tmp_path / "file"
    file.write_text(text, "utf-8")
    found = gather.sentences(Gathered("fictional", "none", form, (), KINDS), [file], USAGE)
    written = [[token if tag == "O" else f"{token}/{tag}" for token, tag in one] for one in found]
    assert " | ".join(" ".join(one) for one in written) == tagged


def test_words_that_are_no_names():
    trees = treebank.read(fiction.conllu(fiction.everything()))
    adjective = treebank.read("1\tNordic\t_\tADJ\t_\t_\t0\troot\t_\t_\n\n")
    known = [[("Monday", "O")], [("Monday", "O")], [("Weber", "B-PER")], [("Weber", "O")], [("Once", "O")]]
    found = gather.no_names([*trees, *adjective], known)
    assert {"Nordic", "Monday"} <= found
    assert not {"Weber", "Once", "Anna"} & found


def test_vectors_of_a_packed_file(tmp_path):
    content = {"dimensions": 2, "words": ["the", "lind"], "vectors": {"the": [1, 2, 9], "lind": [3, 4, 9]}}
    (tmp_path / "words.json").write_text(json.dumps(content))
    with tarfile.open(tmp_path / "words.tgz", "w:gz") as archive:
        archive.add(tmp_path / "words.json", "package/words.json")
    words, table = gather.vectors(tmp_path / "words.tgz", "package/words.json", 10)
    assert words == ["the", "lind"]
    assert np.array_equal(table, np.array([[1, 2], [3, 4]], np.float32))


def test_words_with_an_ending_have_the_words_number():
    numbers = {"lind": 4, "boards": 5, "lind's": 6, "a": 7, "10": 8}
    gather.with_endings(numbers, list(numbers), ["'s", "’s"])
    made = {"lind’s": 4, "boards's": 5, "boards’s": 5, "boards'": 5, "boards’": 5}
    assert numbers == {"lind": 4, "boards": 5, "lind's": 6, "a": 7, "10": 8} | made


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    place = tmp_path / "served"
    place.mkdir()
    (place / "names.txt").write_text("Lind\tB-PER\n\n")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(place))) as served:
        Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{served.server_address[1]}/names.txt"
        served.shutdown()


def test_a_file_is_fetched_once_and_held_to_its_sum(server, tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    right = md5(b"Lind\tB-PER\n\n").hexdigest()
    corpus = Gathered("fictional", "none", "bio", ((server, right),), KINDS)
    (first,) = gather.fetched(corpus, tmp_path / "gathered")
    assert first.read_text() == "Lind\tB-PER\n\n"
    assert gather.fetched_file("http://127.0.0.1:9/names.txt", right, tmp_path / "gathered") == first
    with pytest.raises(DownloadFailed, match="refused"):
        gather.fetched_file(server, "0" * 32, tmp_path / "gathered")
