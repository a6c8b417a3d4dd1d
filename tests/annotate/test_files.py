"""Model files are read without PyTorch, and hold numbers and words alone."""

from __future__ import annotations

import pickle
from collections import OrderedDict

import numpy as np
import pytest

from quotetrack.annotate.files import UnreadableModelError, read
from quotetrack.paths import data_path


@pytest.mark.parametrize("zipped", [False, True])
def test_what_pytorch_wrote_is_read(zipped, tmp_path):
    import torch

    grid = torch.arange(24, dtype=torch.float32).reshape(4, 6)
    saved = {
        "model": OrderedDict(
            whole=grid,
            turned=grid.T,
            part=grid[1:3, ::2],
            half=grid.half(),
            count=torch.tensor([3, -1]),
            parameter=torch.nn.Parameter(grid[0].clone()),
        ),
        "config": {"names": ["ä", None, 2.5, True], "set": {1, 2}, "tuple": (1, "b"), "bytes": b"\x00\xff"},
    }
    file = tmp_path / "model.pt"
    torch.save(saved, file, _use_new_zipfile_serialization=zipped)
    found = read(file)
    assert found["config"] == saved["config"]
    for name, tensor in saved["model"].items():
        assert found["model"][name].dtype == tensor.detach().numpy().dtype
        assert np.array_equal(found["model"][name], tensor.detach().numpy()), name


@pytest.mark.parametrize("file", sorted(data_path("models").rglob("*.pt")), ids=lambda file: file.parent.name)
def test_models_that_ship_are_read_as_pytorch_reads_them(file):
    import torch

    found, theirs = read(file), torch.load(file, map_location="cpu", weights_only=True)
    assert found.keys() == theirs.keys()
    ours, model = (one.get("model") or {"emb": one.get("emb")} for one in (found, theirs))
    assert ours.keys() == model.keys()
    assert all(model[name] is None or np.array_equal(ours[name], model[name].numpy()) for name in model)


class Harm:
    def __reduce__(self):
        return (print, ("harm",))


def test_a_file_with_code_in_it_is_refused(tmp_path, capsys):
    import torch

    for zipped in (False, True):
        torch.save({"model": Harm()}, tmp_path / "bad.pt", _use_new_zipfile_serialization=zipped)
        with pytest.raises(UnreadableModelError, match=r"print"):
            read(tmp_path / "bad.pt")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "content", [b"", b"x", b"<html>", pickle.dumps({"a": 1}), b"PK\x05\x06" + b"\0" * 18]
)
def test_other_files_are_refused(content, tmp_path):
    file = tmp_path / "other.pt"
    file.write_bytes(content)
    with pytest.raises(UnreadableModelError, match=r"other\.pt"):
        read(file)


def test_a_file_that_was_cut_is_refused(tmp_path):
    whole = (data_path("models") / "de/tokenize/quotetrack.pt").read_bytes()
    for size in (50, 1_000, len(whole) // 2):
        (tmp_path / "cut.pt").write_bytes(whole[:size])
        with pytest.raises(UnreadableModelError, match=r"cut\.pt"):
            read(tmp_path / "cut.pt")


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(
    ("shape", "strides", "offset"), [((9,), (1,), 0), ((2, 4), (5, 1), 0), ((8,), (1,), 1)]
)
def test_a_tensor_that_reaches_beyond_its_numbers_is_refused(shape, strides, offset, zipped, tmp_path):
    import torch

    class Beyond:
        def __reduce__(self):
            none = OrderedDict()
            storage = torch.storage.TypedStorage(
                wrap_storage=torch.arange(8, dtype=torch.float32).untyped_storage(),
                dtype=torch.float32,
                _internal=True,
            )
            return torch._utils._rebuild_tensor_v2, (storage, offset, shape, strides, False, none)

    file = tmp_path / "beyond.pt"
    torch.save({"model": Beyond()}, file, _use_new_zipfile_serialization=zipped)
    with pytest.raises(UnreadableModelError, match="beyond its numbers"):
        read(file)


def test_a_damaged_zip_archive_is_refused(tmp_path):
    import torch

    file = tmp_path / "damaged.pt"
    torch.save({"model": torch.arange(1000)}, file)
    whole = file.read_bytes()
    for content in (whole.replace(b"PK\x01\x02", b"PK\x01\x09"), whole.replace(b"\x07\0\0\0", b"\x08\0\0\0")):
        file.write_bytes(content)
        with pytest.raises(UnreadableModelError, match=r"damaged\.pt"):
            read(file)
