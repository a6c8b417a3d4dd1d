"""Which Stanza models there are, whether their files are sound, and how to get more.

Two origins: *bundled* models lie in quotetrack's own data; *official* ones in a folder laid out as Stanza
does (`resources.json`, then LANGUAGE/PROCESSOR/PACKAGE.pt), fetched from Stanza's server or a mirror of it.
Every file has an md5 sum in `resources.json`; the sum of those names a set in its label.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any, Literal

from quotetrack.download import DownloadFailed, Line, md5_of
from quotetrack.paths import data_path

if TYPE_CHECKING:
    from quotetrack.annotate import Annotator

__all__ = [
    "DownloadFailed",
    "ModelSet",
    "ModelsMissing",
    "Problem",
    "bundled_codes",
    "default_official_dir",
    "find",
    "get",
    "installed",
    "load",
    "verify",
]

Origin = Literal["bundled", "official"]
Prefer = Literal["auto", "bundled", "official"]

OFFICIAL_URL = "https://raw.githubusercontent.com/stanfordnlp/stanza-resources/main"  # as Stanza 1.15 has it
NEEDED = frozenset({"tokenize", "mwt", "pos", "lemma", "depparse", "ner"})
_PACKAGES = ("default", "default_fast")  # what an official set may be, best first
_NAME = re.compile(r"[\w+-][\w.+-]*")  # what may become part of a path


class ModelsMissing(LookupError):  # noqa: N818 - read aloud where it is caught: "except ModelsMissing"
    """There are no usable models for a language; the text says what to do."""


@dataclass(frozen=True, slots=True)
class ModelSet:
    """The models of one language in one folder.

    package: Stanza's name for the choice of models; label: origin, code and a digest of their checksums,
    e.g. "bundled de 4f1c09aa"; missing: needed files that are not there (none in what `find` returns).
    """

    code: str
    origin: Origin
    folder: Path
    package: str
    label: str
    missing: tuple[Path, ...] = ()

    @property
    def card(self) -> Path | None:
        """The folder's model card, where it has one."""
        path = self.folder / "README.md"
        return path if path.is_file() else None


@dataclass(frozen=True, slots=True)
class Problem:
    """A model file that cannot be trusted, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class _File:
    """One file of a set: where it lies below the language's folder and which md5 sums are right."""

    processor: str
    package: str
    md5s: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.processor}/{self.package}.pt"


# ------------------------------------------------------------------------------ finding


def default_official_dir() -> Path:
    """Where the installed Stanza keeps models unless STANZA_RESOURCES_DIR says otherwise."""
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("stanza", "StanfordNLP", resources_version()), "resources")


def resources_version() -> str:
    """The version of the models that the installed Stanza expects, read without importing it (and torch)."""
    spec = importlib.util.find_spec("stanza")
    if spec is None or not spec.submodule_search_locations:
        raise ModelsMissing("Stanza is not installed: pip install stanza")
    source = Path(spec.submodule_search_locations[0], "_version.py").read_text("utf-8")
    found = re.search(r"__resources_version__\s*=\s*['\"]([\w.]+)['\"]", source)
    if not found:
        raise ModelsMissing("this version of Stanza does not say which models it needs: reinstall Stanza")
    return found[1]


def find(code: str, prefer: Prefer = "auto", official_dir: Path | None = None) -> ModelSet:
    """The models to use for a language: official ones where complete, else bundled ones.

    prefer: "bundled" or "official" takes that origin alone; official_dir: a Stanza resources folder, None
    for none. Raises ModelsMissing, whose text names what is missing and the command that gets it.
    """
    incomplete: list[ModelSet] = []
    for model_set in _sets(official_dir, code):
        if prefer in ("auto", model_set.origin):
            if not model_set.missing:
                return model_set
            incomplete.append(model_set)
    bundled = ", ".join(bundled_codes())
    if incomplete:
        lacking = ", ".join(str(path) for path in incomplete[0].missing)
        raise ModelsMissing(
            f"the {incomplete[0].origin} models for {code!r} are incomplete, missing {lacking}: "
            + (f"run `quotetrack models get {code}`" if incomplete[0].origin == "official" else "reinstall")
        )
    kind = "" if prefer == "auto" else f"{prefer} "
    raise ModelsMissing(
        f"no {kind}models for {code!r}: `quotetrack models get {code}` downloads Stanza's official ones "
        f"(bundled: {bundled})"
    )


def installed(official_dir: Path | None = None) -> list[ModelSet]:
    """Every set with at least one file on disk, official ones first, then by code."""
    return list(_sets(official_dir, None))


def bundled_codes() -> list[str]:
    """The languages whose models come with quotetrack."""
    return sorted(_languages(_resources(data_path("models"))))


def load(model_set: ModelSet, threads: int = 1) -> Annotator:
    """Load a set, in seconds. threads: what PyTorch may use. Raises ModelsMissing when a file is faulty."""
    from quotetrack.annotate import Annotator

    try:
        return Annotator(model_set.folder, model_set.code, model_set.package, model_set.label, threads)
    except (OSError, RuntimeError, UnpicklingError, EOFError) as problem:  # what PyTorch says of a torn file
        reason = str(problem).strip().splitlines()[:1] or [type(problem).__name__]
        raise ModelsMissing(
            f"{model_set.label}: {reason[0]}: `quotetrack models verify` names every faulty file"
        ) from problem


def verify(model_set: ModelSet) -> list[Problem]:
    """Check every file of a set against its md5 sum; an empty list is a sound set."""
    entry = _entry(_resources(model_set.folder), model_set.code)
    if entry is None:
        return [Problem(model_set.folder / "resources.json", f"does not name {model_set.code!r}")]
    code, settings = entry
    problems = []
    needed = _files(settings, model_set.package, NEEDED)
    for file in _files(settings, model_set.package):
        path = model_set.folder / code / file.name
        if path.is_file():
            found = md5_of(path)
            if found not in file.md5s:
                problems.append(Problem(path, f"md5 is {found}, expected {' or '.join(file.md5s)}"))
        elif file in needed:
            problems.append(Problem(path, "missing"))
    return problems


# ----------------------------------------------------------------------------- fetching


def get(
    code: str,
    folder: Path,
    *,
    package: str = "default",
    url: str | None = None,
    model_url: str | None = None,
    proxies: Mapping[str, str] | None = None,
    progress: Callable[[str, int, int | None], None] | None = None,
    attempts: int = 5,
    wait: float = 1.0,
) -> ModelSet:
    """Fetch Stanza's official models of a language into `folder` and return the set.

    url: a mirror's base address. `url/resources_VERSION.json` is read as Stanza's own, and its "url" says
    where files are (relative to the mirror, if it is relative); a mirror without it may be a plain copy of a
    resources folder, `url/resources.json` with the files beside it. model_url: Stanza's template for a
    file's address ({lang}, {filename}, {resources_version}), stronger than both.
    proxies: scheme → address, as urllib.request.getproxies() has them; None goes direct.
    progress: called with a file's name, the bytes there and the bytes expected.
    attempts, wait: tries in a row that bring nothing, and seconds after the first (doubling).

    What is there with the right md5 sum is not fetched again, and a cut download goes on where it
    stopped, in a later call too. A file whose sum is wrong is refused, and no file is put in place before
    all are right. Raises DownloadFailed naming the address, ModelsMissing when Stanza has no such language.
    """
    line = Line(proxies or {}, attempts, wait, progress)
    resources, template = _remote_resources(line, (url or OFFICIAL_URL).rstrip("/"), model_url)
    entry = _entry(resources, code)
    if entry is None:
        raise ModelsMissing(f"Stanza has no models for {code!r}; it has {', '.join(_languages(resources))}")
    lang, settings = entry
    files = _files(settings, package)
    if not files:
        raise ModelsMissing(f"Stanza has no package {package!r} for {code!r}")
    for name in (lang, *(part for file in files for part in (file.processor, file.package))):
        if not _NAME.fullmatch(name):
            raise DownloadFailed(f"{url or OFFICIAL_URL}: refused, {name!r} is no name of a model file")
    staging = folder / f".{lang}.incoming"
    ready: list[tuple[Path, Path]] = []
    for file in files:
        target = folder / lang / file.name
        if target.is_file() and md5_of(target) in file.md5s:
            continue
        address = template.format(lang=lang, filename=file.name, resources_version=resources_version())
        staged = staging / f"{file.processor}.{file.package}.{file.md5s[0][:8]}.part"
        staged.parent.mkdir(parents=True, exist_ok=True)
        line.fetch(address, staged, f"{lang}/{file.name}", file.md5s)
        ready.append((staged, target))
    for staged, target in ready:
        target.parent.mkdir(parents=True, exist_ok=True)
        staged.replace(target)
    _write_resources(folder, resources, lang)
    if staging.is_dir() and not any(staging.iterdir()):
        staging.rmdir()
    return _set_of(folder, "official", code, _resources(folder), package)


def _remote_resources(line: Line, base: str, model_url: str | None) -> tuple[dict[str, Any], str]:
    """The mirror's resources and the template of a file's address."""
    from urllib.parse import urljoin

    address, beside = f"{base}/resources_{resources_version()}.json", False
    body = line.read(address, missing_ok=True)
    if body is None:
        first, address, beside = address, f"{base}/resources.json", True
        body = line.read(address, missing_ok=True)
        if body is None:
            raise DownloadFailed(f"{first}: not found (nor {address}): check the mirror's address")
    try:
        resources = json.loads(body)
    except ValueError as problem:
        raise DownloadFailed(f"{address}: not JSON: {problem}") from problem
    if not isinstance(resources, dict):
        raise DownloadFailed(f"{address}: not a resources file of Stanza's")
    if model_url is None or model_url == "default":
        named = None if beside else resources.get("url")
        model_url = urljoin(f"{base}/", named) if isinstance(named, str) else f"{base}/{{lang}}/{{filename}}"
    try:
        model_url.format(lang="", filename="", resources_version="")
    except (KeyError, IndexError, ValueError) as problem:
        raise DownloadFailed(f"{model_url}: not a template of Stanza's: {problem!r}") from problem
    return resources, model_url


def _write_resources(folder: Path, resources: Mapping[str, Any], code: str) -> None:
    """Take over the new resources, but keep what they say of other languages that are in the folder."""
    merged = {
        **resources,
        **{
            lang: entry
            for lang, entry in _resources(folder).items()
            if lang != code and (folder / lang).is_dir()
        },
    }
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".resources.{os.getpid()}.json"
    draft.write_text(json.dumps(merged, ensure_ascii=False, indent=1), "utf-8")
    draft.replace(folder / "resources.json")


# ------------------------------------------------------------------- reading resources.json


def _resources(folder: Path) -> dict[str, Any]:
    path = folder / "resources.json"
    if not path.is_file():
        return {}
    try:
        resources = json.loads(path.read_text("utf-8"))
    except ValueError as problem:
        raise ModelsMissing(
            f"{path}: not readable ({problem}): delete it and get the models again"
        ) from problem
    if not isinstance(resources, dict):
        raise ModelsMissing(f"{path}: not a resources file of Stanza's")
    return resources


def _languages(resources: Mapping[str, Any]) -> list[str]:
    return sorted(
        lang for lang, entry in resources.items() if isinstance(entry, dict) and "tokenize" in entry
    )


def _entry(resources: Mapping[str, Any], code: str) -> tuple[str, dict[str, Any]] | None:
    """The language's real code and its entry, following aliases ("german" → "de")."""
    for _ in range(len(resources)):
        entry = resources.get(code)
        if not isinstance(entry, dict):
            return None
        if "alias" not in entry:
            return (code, entry) if "tokenize" in entry else None
        code = entry["alias"]
    return None


def _files(
    entry: Mapping[str, Any], package: str, processors: frozenset[str] | None = None
) -> tuple[_File, ...]:
    """The files of a package and what they depend on; processors: of these alone."""
    choice = entry.get("packages", {}).get(package)
    if choice is None:
        choice = entry.get("default_processors", {}) if package == "default" else {}
    wanted: dict[tuple[str, str], None] = {}
    for processor, name in choice.items():
        if processor == "optional" or name == "identity" or (processors and processor not in processors):
            continue
        wanted[processor, name] = None
        for dependency in entry.get(processor, {}).get(name, {}).get("dependencies", ()):
            wanted[dependency["model"], dependency["package"]] = None
    files = []
    for processor, name in wanted:
        facts = entry.get(processor, {}).get(name, {})
        sums = tuple(facts[key] for key in ("md5", "alternate_md5") if facts.get(key))
        files.append(_File(processor, name, sums or ("an unknown sum",)))
    return tuple(files)


def _sets(official_dir: Path | None, code: str | None) -> Iterator[ModelSet]:
    """Sets with a file on disk in order of preference: of one language, or of all when code is None."""
    places: list[tuple[Origin, Path]] = [("bundled", data_path("models"))]
    if official_dir is not None:
        places.insert(0, ("official", official_dir))
    for origin, folder in places:
        resources = _resources(folder)
        for lang in _languages(resources) if code is None else [code]:
            entry = _entry(resources, lang)
            if entry is None:
                continue
            packages = _PACKAGES if origin == "official" else ("default",)
            found = [_set_of(folder, origin, lang, resources, name) for name in packages]
            present = [one for one in found if len(one.missing) < len(_files(entry[1], one.package, NEEDED))]
            if present:
                yield min(present, key=lambda one: len(one.missing))


def _set_of(folder: Path, origin: Origin, code: str, resources: Mapping[str, Any], package: str) -> ModelSet:
    entry = _entry(resources, code)
    if entry is None:
        raise ModelsMissing(f"{folder / 'resources.json'} does not name {code!r}")
    lang, settings = entry
    files = _files(settings, package, NEEDED)
    digest = hashlib.md5(" ".join(sorted(file.md5s[0] for file in files)).encode(), usedforsecurity=False)
    missing = tuple(path for file in files if not (path := folder / lang / file.name).is_file())
    return ModelSet(code, origin, folder, package, f"{origin} {code} {digest.hexdigest()[:8]}", missing)
