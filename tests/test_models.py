"""Finding, checking and fetching models; the official ones from a small fake of Stanza's server."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from quotetrack import models
from quotetrack.download import DownloadFailed, Line
from quotetrack.paths import data_path

NAMES = {
    "tokenize": "gsd",
    "mwt": "gsd",
    "pos": "gsd_charlm",
    "lemma": "gsd_nocharlm",
    "depparse": "gsd_charlm",
}
NER = {"ner": "germeval2014", "pretrain": "fasttextwiki"}  # four classes there, three in the bundled ones


@dataclass
class Server:
    """What a fake mirror serves, how it misbehaves, and what it was asked for."""

    files: dict[str, bytes]
    url: str = ""
    cut: dict[str, int] = field(default_factory=dict)  # path → how often the connection is cut half-way
    refuse: dict[str, list[int]] = field(default_factory=dict)  # path → statuses to answer with first
    ranges: bool = True
    asked: list[tuple[str, str | None]] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    fake = Server(small_tree())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.removeprefix(fake.url)  # a proxy is asked for the whole address
            wanted = self.headers.get("Range")
            fake.asked.append((path, wanted))
            if fake.refuse.get(path):
                self.send_error(fake.refuse[path].pop(0))
                return
            body = fake.files.get(path)
            if body is None:
                self.send_error(404)
                return
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and fake.ranges else 0
            if start and start >= len(body):
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(body)}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            self.send_header("Content-Length", str(len(body) - start))
            self.end_headers()
            end = len(body)
            if fake.cut.get(path):
                fake.cut[path] -= 1
                end = start + (end - start) // 2
            self.wfile.write(body[start:end])
            self.close_connection = True

        def log_message(self, *args: Any) -> None: ...

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{httpd.server_port}"
    publish(fake)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield fake
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def address(processor: str, package: str) -> str:
    return f"/de/v{models.resources_version()}/{processor}/{package}.pt"


def small_tree() -> dict[str, bytes]:
    """Files at the addresses of official ones: enough to fetch, nothing to load."""
    return {address(*name): repr(name).encode() * 5_001 for name in {**NAMES, **NER}.items()}


def official_tree() -> dict[str, bytes]:
    """The bundled German models under the names and addresses of official ones."""
    bundled = data_path("models", "de")
    return {
        address(*name): (bundled / name[0] / "quotetrack.pt").read_bytes()
        for name in {**NAMES, **NER}.items()
    }


def publish(server: Server, **changes: Any) -> dict[str, Any]:
    """Write the resources that fit the files, with the addresses of this server."""
    needs_vectors = [{"model": "pretrain", "package": "fasttextwiki"}]
    entry: dict[str, Any] = {"lang_name": "German", "default_md5": "unused"}
    for processor, package in {**NAMES, **NER}.items():
        body = server.files[address(processor, package)]
        entry[processor] = {package: {"md5": hashlib.md5(body).hexdigest()}}
        if processor in ("pos", "depparse", "ner"):
            entry[processor][package]["dependencies"] = needs_vectors
    choice = {**NAMES, "ner": NER["ner"]}
    entry |= {"default_processors": choice, "packages": {"default": {**choice, "optional": {"coref": "x"}}}}
    resources = {
        "url": server.url + "/{lang}/v{resources_version}/{filename}",
        "de": entry,
        "german": {"alias": "de"},
        **changes,
    }
    server.files[f"/resources_{models.resources_version()}.json"] = json.dumps(resources).encode()
    return resources


def get(server: Server, folder: Path, **settings: Any) -> models.ModelSet:
    return models.get("de", folder, **{"url": server.url, "wait": 0.001, **settings})


# ----------------------------------------------------------------------------- on disk


def test_the_bundled_models_are_sound():
    for code in models.bundled_codes():
        found = models.find(code)
        assert (found.origin, found.missing) == ("bundled", ())
        assert models.verify(found) == []
        assert found.card is not None
        assert found.label.startswith(f"bundled {code} ")


@pytest.mark.parametrize("code", ["fr", "", "../de", "lang_name", "DE"])
def test_a_language_without_models_is_told_how_to_get_them(code, tmp_path):
    with pytest.raises(models.ModelsMissing, match=r"quotetrack models get .*bundled: de, en"):
        models.find(code, official_dir=tmp_path)


def test_official_models_are_preferred_when_complete(tmp_path):
    shutil.copytree(data_path("models"), tmp_path / "stanza")
    folder = tmp_path / "stanza"
    assert models.find("de", official_dir=folder).origin == "official"
    assert models.find("de", "bundled", folder).origin == "bundled"
    (folder / "de/ner/quotetrack.pt").unlink()
    assert models.find("de", official_dir=folder).origin == "bundled"
    with pytest.raises(models.ModelsMissing, match=r"incomplete.*ner/quotetrack\.pt.*models get de"):
        models.find("de", "official", folder)
    listed = [(one.origin, one.code, len(one.missing)) for one in models.installed(folder)]
    assert listed == [
        ("official", "de", 1),
        ("official", "en", 0),
        ("bundled", "de", 0),
        ("bundled", "en", 0),
    ]


def test_verify_names_what_is_missing_or_changed(tmp_path):
    shutil.copytree(data_path("models", "de"), tmp_path / "de")
    shutil.copy(data_path("models", "resources.json"), tmp_path)
    (tmp_path / "de/lemma/quotetrack.pt").unlink()
    with (tmp_path / "de/pos/quotetrack.pt").open("ab") as stream:
        stream.write(b"!")
    (official,) = (one for one in models.installed(tmp_path) if one.origin == "official")
    problems = models.verify(official)
    assert [problem.path.parent.name for problem in problems] == ["pos", "lemma"]
    assert problems[0].reason.startswith("md5 is ")
    assert problems[1].reason == "missing"
    with pytest.raises(models.ModelsMissing, match="models verify"):
        models.load(official)


@pytest.mark.parametrize("size", [0, 100, 20_000])
def test_a_torn_model_file_is_told_from_a_missing_one(size, tmp_path):
    shutil.copytree(data_path("models", "de"), tmp_path / "de")
    shutil.copy(data_path("models", "resources.json"), tmp_path)
    torn = tmp_path / "de/tokenize/quotetrack.pt"
    torn.write_bytes(torn.read_bytes()[:size])
    with pytest.raises(models.ModelsMissing, match="models verify"):
        models.load(models.find("de", "official", tmp_path))


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"de": '])
def test_unreadable_resources_are_named(content, tmp_path):
    (tmp_path / "resources.json").write_text(content)
    with pytest.raises(models.ModelsMissing, match=r"resources\.json"):
        models.find("de", official_dir=tmp_path)


def test_finding_models_does_not_load_torch():
    code = (
        "import sys; from quotetrack import models; models.find('de'); models.default_official_dir();"
        "sys.exit(any(name in sys.modules for name in ('torch', 'stanza')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_stanza_and_we_agree_on_its_version_and_folder():
    from stanza.resources import common

    assert models.resources_version() == common.DEFAULT_RESOURCES_VERSION
    assert str(models.default_official_dir().parent) == common.USER_CACHE_DIR
    assert common.STANZA_RESOURCES_GITHUB + "main" == models.OFFICIAL_URL


# ---------------------------------------------------------------------------- fetched


def test_get_installs_what_stanza_loads(server, tmp_path):
    server.files = official_tree()
    publish(server)
    steps: list[tuple[str, int, int | None]] = []
    found = get(server, tmp_path, progress=lambda *step: steps.append(step))
    assert models.verify(found) == []
    assert models.find("de", official_dir=tmp_path) == found
    assert ("de/ner/germeval2014.pt", len((tmp_path / "de/ner/germeval2014.pt").read_bytes())) in {
        (name, there) for name, there, total in steps if there == total
    }
    assert not [path for path in tmp_path.rglob("*") if ".part" in path.name or "incoming" in path.name]

    import stanza

    pipeline = stanza.Pipeline(
        "de", dir=str(tmp_path), download_method=None, use_gpu=False, verbose=False, logging_level="ERROR"
    )
    assert [word.upos for word in pipeline("Anna Weber lacht.").sentences[0].words][:2] == ["PROPN", "PROPN"]
    (annotation,) = models.load(models.find("german", official_dir=tmp_path)).annotate(["Anna Weber lacht."])
    assert [mention.kind for mention in annotation.mentions] == ["person"]
    assert annotation.models == found.label.replace(" de ", " german ")


@pytest.mark.parametrize("other", [{"PER": "PERSON", "LOC": "GPE"}, {"LOC": "LOC", "ORG": "MISC"}])
def test_fetched_models_are_measured_with_one_option(other, server, tmp_path):
    """An official set with other classes of names and without contractions, against the bundled one."""
    import torch
    from click.testing import CliRunner

    from quotetrack.cli import cli

    def run(*arguments: object) -> str:
        result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
        assert result.exit_code == 0, result.output
        return result.stdout

    saved = torch.load(data_path("models", "de", "ner", "quotetrack.pt"), weights_only=True)
    for units in saved["vocab"]["tag"]["_id2unit"].values():
        units[:] = [unit[:2] + other.get(unit[2:], unit[2:]) if "-" in unit else unit for unit in units]
    torch.save(saved, tmp_path / "ner.pt")
    server.files = official_tree() | {address("ner", "germeval2014"): (tmp_path / "ner.pt").read_bytes()}
    entry = publish(server)["de"]
    del entry["mwt"], entry["default_processors"]["mwt"]
    entry["packages"]["default"].pop("mwt", None)
    publish(server, de=entry)
    get(server, tmp_path / "stanza")
    article = tmp_path / "article.jsonl"
    article.write_text(
        json.dumps({"doc_id": "fictional", "text": "„Wir warten“, sagte Anna Weber am Hafen."})
    )
    gold = tmp_path / "gold.jsonl"
    gold.write_text(run("extract", article, "--language", "de", "--models", "bundled"))
    official = ["--models", "official", "--stanza-dir", tmp_path / "stanza"]
    report = json.loads(run("evaluate", gold, *official, "--json"))
    assert report["gold.jsonl"]["types"]["all"]["exact"]["f1"] == 100.0
    said = json.loads(run("extract", article, "--language", "de", *official))
    assert said["quotes"] == json.loads(gold.read_text())["quotes"]


def test_stanza_would_fetch_the_same_files(server, tmp_path):
    from stanza.resources.common import add_dependencies, flatten_processor_list, maintain_processor_list

    resources = publish(server)
    theirs = flatten_processor_list(
        add_dependencies(resources, "de", maintain_processor_list(resources, "de", "default", {}))
    )
    get(server, tmp_path)
    ours = {path.relative_to(tmp_path / "de") for path in (tmp_path / "de").rglob("*.pt")}
    assert ours == {Path(processor, f"{package}.pt") for processor, package in theirs}


def test_a_cut_connection_is_resumed_where_it_broke(server, tmp_path):
    path = address("pos", "gsd_charlm")
    server.cut[path] = 3
    found = get(server, tmp_path)
    assert models.verify(found) == []
    size = len(server.files[path])
    ranges = [wanted for asked, wanted in server.asked if asked == path]
    assert ranges == [None, f"bytes={size // 2}-", f"bytes={size // 2 + (size + 1) // 2 // 2}-", ranges[3]]
    assert len(ranges) == 4


def test_a_server_without_ranges_is_asked_again_from_the_start(server, tmp_path):
    server.ranges = False
    server.cut[address("pos", "gsd_charlm")] = 2
    assert models.verify(get(server, tmp_path)) == []


def test_a_line_that_stays_cut_is_given_up_and_resumed_by_the_next_call(server, tmp_path):
    path = address("ner", "germeval2014")
    server.refuse[path] = [503] * 3
    server.cut[path] = 1
    with pytest.raises(DownloadFailed, match=r"ner/germeval2014\.pt.*given up after 3 tries: 503"):
        get(server, tmp_path, attempts=3)
    assert not (tmp_path / "resources.json").exists()
    assert not (tmp_path / "de").exists()
    with pytest.raises(models.ModelsMissing):
        models.find("de", "official", tmp_path)
    server.asked.clear()
    assert models.verify(get(server, tmp_path)) == []
    again = [wanted for asked, wanted in server.asked if asked.endswith("/pos/gsd_charlm.pt")]
    assert again == [f"bytes={len(server.files[address('pos', 'gsd_charlm')])}-"]


def test_a_wrong_checksum_is_refused_by_name_and_nothing_is_installed(server, tmp_path):
    path = address("lemma", "gsd_nocharlm")
    right = server.files[path]
    server.files[path] = right[:-1] + b"?"
    with pytest.raises(DownloadFailed, match=r"de/lemma/gsd_nocharlm\.pt: refused, its md5 is"):
        get(server, tmp_path)
    assert not (tmp_path / "de").exists()
    assert not (tmp_path / "resources.json").exists()
    assert not list(tmp_path.rglob("lemma*"))
    server.files[path] = right
    assert models.verify(get(server, tmp_path)) == []


def test_what_is_there_and_sound_is_not_fetched_again(server, tmp_path):
    get(server, tmp_path)
    (tmp_path / "de/mwt/gsd.pt").write_bytes(b"broken")
    server.asked.clear()
    assert models.verify(get(server, tmp_path)) == []
    assert [path for path, _ in server.asked] == [
        f"/resources_{models.resources_version()}.json",
        address("mwt", "gsd"),
    ]


def test_other_languages_in_the_folder_stay_verifiable(server, tmp_path):
    shutil.copytree(data_path("models", "en"), tmp_path / "en")
    shutil.copy(data_path("models", "resources.json"), tmp_path)
    get(server, tmp_path)
    assert {
        one.code: models.verify(one) for one in models.installed(tmp_path) if one.origin == "official"
    } == {
        "de": [],
        "en": [],
    }


def test_a_plain_copy_of_a_resources_folder_is_a_mirror(server, tmp_path):
    resources = publish(server)
    resources["url"] = "https://unreachable.invalid/{lang}/{filename}"
    version = models.resources_version()
    tree = {name.replace(f"/v{version}/", "/"): body for name, body in server.files.items()}
    del tree[f"/resources_{version}.json"]
    server.files = {**tree, "/resources.json": json.dumps(resources).encode()}
    assert models.verify(get(server, tmp_path)) == []


def test_a_template_of_ones_own_and_a_proxy(server, tmp_path):
    publish(server, url="https://unreachable.invalid/{filename}")
    template = "http://models.invalid/{lang}/v{resources_version}/{filename}"
    server.files = {
        f"http://{host}.invalid{path}": body
        for path, body in server.files.items()
        for host in ("models", "list")
    }
    settings = {"url": "http://list.invalid", "model_url": template, "proxies": {"http": server.url}}
    assert models.verify(get(server, tmp_path, **settings)) == []


REFUSALS = [
    ({"de": {"alias": "de"}}, models.ModelsMissing, "no models for 'de'"),
    ({"url": "{elsewhere}/x"}, DownloadFailed, "not a template"),
    ({"url": "ftp://models.invalid/{filename}"}, DownloadFailed, "only http and https"),
]


@pytest.mark.parametrize(("changes", "error", "reason"), REFUSALS)
def test_odd_resources_are_refused(changes, error, reason, server, tmp_path):
    publish(server, **changes)
    with pytest.raises(error, match=reason):
        get(server, tmp_path)
    assert not (tmp_path / "resources.json").exists()


def test_a_name_that_leads_out_of_the_folder_is_refused(server, tmp_path):
    resources = publish(server)
    resources["de"]["packages"]["default"]["ner"] = "../../../escaped"
    publish(server, de=resources["de"])
    with pytest.raises(DownloadFailed, match="no name of a model file"):
        get(server, tmp_path / "models")
    assert not list(tmp_path.rglob("*escaped*"))


def test_a_server_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DownloadFailed, match=r"http://127\.0\.0\.1:9/resources_.*given up after 2 tries"):
        models.get("de", tmp_path, url="http://127.0.0.1:9", wait=0.001, attempts=2)


def test_a_missing_file_is_not_tried_again(server, tmp_path):
    path = address("pos", "gsd_charlm")
    del server.files[path]
    with pytest.raises(DownloadFailed, match=r"pos/gsd_charlm\.pt: .*404"):
        get(server, tmp_path)
    assert [asked for asked, _ in server.asked].count(path) == 1


def test_what_lay_there_of_another_file_is_replaced(server, tmp_path):
    path = address("mwt", "gsd")
    body = server.files[path]
    md5 = hashlib.md5(body).hexdigest()
    for rubbish in (b"x", b"x" * len(body), b"x" * (len(body) + 9)):
        target = tmp_path / "some.part"
        target.write_bytes(rubbish)
        Line({}, wait=0.001).fetch(server.url + path, target, "mwt", [md5])
        assert target.read_bytes() == body
