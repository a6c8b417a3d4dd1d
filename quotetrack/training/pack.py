"""Trained files → a Stanza model folder, small enough to ship.

Weights are stored in half precision, which Stanza widens as it loads them; so are vectors, but as float32,
since Stanza hands those on as they are. Before that every row of a matrix is put on a grid of `2 ** bits`
steps whose width is a power of two, so that halves hold it exactly and it compresses to about `bits` bits a
weight. The file is a zip archive whose members are compressed, which PyTorch and we read as they are; that
is half of the room on disk. What a model never uses is left out: a name finder whose vectors are not tuned
keeps a table of zeros as large as they are.
"""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from quotetrack.download import md5_of

PACKAGE = "quotetrack"
PROCESSORS = ("tokenize", "mwt", "pos", "lemma", "depparse", "ner")
NEEDS_VECTORS = frozenset({"pos", "depparse", "ner"})
BITS = {"pretrain": 7, "depparse": 8, "pos": 8}  # on dev: down to these nothing moved by more than 0.1
FINE = 10  # bits of the others: names lost up to half a point of F1 at 8, in files of 2 MB


def on_grid(values: Any, bits: int) -> Any:
    """Each row (the first dimension's) rounded to multiples of a power of two, at most 2 ** (bits - 1) of
    them each way; vectors of one dimension as they are. Same shape, same type.
    """
    if values.dim() < 2 or not values.is_floating_point():
        return values
    rows = values.flatten(1).double()
    most = rows.abs().amax(1, keepdim=True).clamp(min=2.0**-14)
    step = torch.exp2(torch.ceil(torch.log2(most / (2 ** (bits - 1) - 1))))
    return (torch.round(rows / step) * step).to(values.dtype).reshape(values.shape)


def smaller(data: dict[str, Any], bits: int = FINE) -> dict[str, Any]:
    """A trained file's content with rounded weights and without what is never used. Changes `data`."""
    if "emb" in data:
        data["emb"] = on_grid(torch.as_tensor(data["emb"]).float(), bits)
    weights = data.get("model")
    if isinstance(weights, dict) and all(torch.is_tensor(value) for value in weights.values()):
        _without_empty_vectors(data)
        data["model"] = {
            name: on_grid(value, bits).half() if value.is_floating_point() else value
            for name, value in weights.items()
        }
    return data


def blended(new: dict[str, Any], old: dict[str, Any], share: float) -> dict[str, Any]:
    """A trained file's content whose weights are `share` of its own and the rest of those it went on from:
    such a mean forgets less of what the old could do (Wortsman et al. 2022, "Model soups"). Changes `new`.
    """
    weights, before = new["model"], old["model"]
    if {name: value.shape for name, value in weights.items()} != {
        name: value.shape for name, value in before.items()
    }:
        raise ValueError("weights of two sizes")
    new["model"] = {
        name: torch.lerp(before[name].float(), value.float(), share) if value.is_floating_point() else value
        for name, value in weights.items()
    }
    return new


def _without_empty_vectors(data: dict[str, Any]) -> None:
    """Cut a name finder's tuned vectors to the first rows where nothing was tuned: all of them are zeros."""
    table, vocabulary = data["model"].get("delta_emb.weight"), data.get("vocab", {}).get("delta")
    if table is None or vocabulary is None or table.any():
        return
    kept = [unit for unit in vocabulary["_id2unit"] if unit.startswith("<") and unit.endswith(">")][:4]
    if vocabulary["_id2unit"][: len(kept)] != kept:
        return
    vocabulary["_id2unit"] = kept
    vocabulary["_unit2id"] = {unit: place for place, unit in enumerate(kept)}
    data["model"]["delta_emb.weight"] = table[: len(kept)].clone()


def save(data: Any, target: Path) -> None:
    """Write what `torch.load` reads, compressed. Twice the same data is twice the same file."""
    # as a zip file: the older form holds addresses of memory and is never twice alike
    plain = io.BytesIO()
    torch.save(data, plain)
    with zipfile.ZipFile(plain) as members, zipfile.ZipFile(target, "w") as packed:
        for member in members.infolist():
            entry = zipfile.ZipInfo(member.filename)  # of 1980, whenever it is written
            packed.writestr(entry, members.read(member), zipfile.ZIP_DEFLATED, 9)


def pack(files: Mapping[str, Path], kept: Mapping[str, Path], folder: Path, code: str, name: str) -> int:
    """Write files (processor, or "pretrain" → trained file) as a language of a Stanza folder; their bytes.

    kept: files that were packed before and are taken over byte for byte.
    What `folder/resources.json` says of other languages, and of processors not among the files, stays.
    """
    index = folder / "resources.json"
    resources = json.loads(index.read_text("utf-8")) if index.is_file() else {}
    entry = {
        "lang_name": name,
        **{key: resources.get(code, {}).get(key) for key in (*PROCESSORS, "pretrain")},
    }
    for processor, source in {**files, **kept}.items():
        target = folder / code / processor / f"{PACKAGE}.pt"
        target.parent.mkdir(parents=True, exist_ok=True)
        if processor in kept:
            if source.resolve() != target.resolve():
                shutil.copyfile(source, target)
        else:
            data = torch.load(source, map_location="cpu", weights_only=True)
            save(smaller(data, BITS.get(processor, FINE)), target)
        row: dict[str, Any] = {"md5": md5_of(target)}
        if processor in NEEDS_VECTORS:
            row["dependencies"] = [{"model": "pretrain", "package": PACKAGE}]
        entry[processor] = {PACKAGE: row}
    entry = {key: value for key, value in entry.items() if value is not None}
    default = {processor: PACKAGE for processor in PROCESSORS if processor in entry}
    entry["default_processors"] = default
    entry["default_dependencies"] = {
        processor: [{"model": "pretrain", "package": PACKAGE}]
        for processor in sorted(NEEDS_VECTORS & set(default))
    }
    entry["packages"] = {"default": default}
    resources[code] = entry
    folder.mkdir(parents=True, exist_ok=True)
    index.write_text(json.dumps(resources, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return sum(path.stat().st_size for path in (folder / code).rglob("*.pt"))
