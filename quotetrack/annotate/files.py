"""Stanza's model files, read without PyTorch: numbers become NumPy arrays that lie in the file until used.

`torch.save` writes pickles, in which tensors name storages that follow as raw bytes: either one after another
(the format that Stanza writes) or as the members of a zip archive. Of a pickle's objects only containers and
tensors are made; anything else is refused, so that a file can hold numbers and words but no code.
"""

from __future__ import annotations

import io
import mmap
import pickle
import zipfile
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_MAGIC = 0x1950A86A20F9469CFC6C
_STORAGES = {
    "FloatStorage": np.float32,
    "DoubleStorage": np.float64,
    "HalfStorage": np.float16,
    "LongStorage": np.int64,
    "IntStorage": np.int32,
    "ShortStorage": np.int16,
    "CharStorage": np.int8,
    "ByteStorage": np.uint8,
    "BoolStorage": np.bool_,
}
_PLAIN: dict[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("collections", "Counter"): Counter,
    ("collections", "defaultdict"): defaultdict,
    **{
        (module, kind.__name__): kind
        for module in ("builtins", "__builtin__")
        for kind in (set, frozenset, dict, int, list)
    },
}


_BROKEN = (
    *(pickle.UnpicklingError, zipfile.BadZipFile, EOFError, LookupError, TypeError),
    *(AttributeError, ValueError, OverflowError, RecursionError),
)


class UnreadableModelError(ValueError):
    """A file that holds something else than containers, words and tensors; the text says what."""


def read(path: Path) -> Any:
    """What `torch.save` wrote, with NumPy arrays in place of tensors.

    The arrays are views of the mapped file: what is never used is never read, and processes share it. Raises
    UnreadableModelError for what is not such a file, OSError where there is none.
    """
    with path.open("rb") as file:
        try:
            if zipfile.is_zipfile(file):
                return _from_zip(path)
            return _from_stream(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except _BROKEN as problem:
            raise UnreadableModelError(f"{path}: {problem}") from problem


class _Tensor:
    """A tensor whose storage has not been seen yet: files name storages before they hold them."""

    __slots__ = ("offset", "shape", "storage", "strides")

    def __init__(
        self, storage: _Storage, offset: int, shape: Sequence[int], strides: Sequence[int], *_: Any
    ) -> None:
        self.storage, self.offset, self.shape, self.strides = storage, offset, shape, strides

    def array(self) -> npt.NDArray[Any]:
        values = self.storage.values
        if values is None:
            raise pickle.UnpicklingError("a tensor without its numbers")
        reach = sum((size - 1) * step for size, step in zip(self.shape, self.strides, strict=True))
        inside = min(self.offset, *self.shape, *self.strides, 0) >= 0 and self.offset + reach < len(values)
        if not inside and 0 not in self.shape:
            raise pickle.UnpicklingError("a tensor beyond its numbers")
        steps = [step * values.itemsize for step in self.strides]
        return np.lib.stride_tricks.as_strided(
            values[self.offset :], tuple(self.shape), steps, writeable=False
        )


class _Storage:
    __slots__ = ("dtype", "size", "values")

    def __init__(self, dtype: Any, size: int) -> None:
        self.dtype = np.dtype(dtype)
        self.size = size
        self.values: npt.NDArray[Any] | None = None


def _bytes(letters: str, encoding: str) -> bytes:
    """How old pickles write bytes."""
    return letters.encode(encoding)


def _parameter(tensor: _Tensor, *_: Any) -> _Tensor:
    return tensor


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: Any, storage: Callable[[Any, str, int], _Storage]) -> None:
        super().__init__(file, encoding="utf-8")
        self._storage = storage

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN:
            return _PLAIN[module, name]
        if module == "torch" and name in _STORAGES:
            return _STORAGES[name]
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _Tensor
        if (module, name) == ("_codecs", "encode"):
            return _bytes
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return _parameter
        raise pickle.UnpicklingError(f"{module}.{name} is not a container, a word or a tensor")

    def persistent_load(self, reference: Any) -> _Storage:
        kind, dtype, key, _, size, *view = reference
        if kind != "storage" or any(part is not None for part in view):
            raise pickle.UnpicklingError(f"a storage of an unknown kind: {reference!r}")
        return self._storage(dtype, str(key), int(size))


def _from_stream(mapped: mmap.mmap) -> Any:
    storages: dict[str, _Storage] = {}

    def named(dtype: Any, key: str, size: int) -> _Storage:
        return storages.setdefault(key, _Storage(dtype, size))

    mapped.seek(0)
    if _Unpickler(mapped, named).load() != _MAGIC:
        raise pickle.UnpicklingError("not written by torch.save")
    for _ in range(2):  # version of the protocol, facts about the machine
        _Unpickler(mapped, named).load()
    content = _Unpickler(mapped, named).load()
    keys = _Unpickler(mapped, named).load()
    for key in keys:
        storage = storages[str(key)]
        start = mapped.tell() + 8  # the number of its values comes first
        storage.values = np.frombuffer(mapped, storage.dtype, storage.size, start)
        mapped.seek(start + storage.size * storage.dtype.itemsize)
    return _with_arrays(content)


def _from_zip(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        pickled = next((name for name in archive.namelist() if name.endswith("/data.pkl")), None)
        if pickled is None:
            raise pickle.UnpicklingError("a zip archive that torch.save did not write")
        folder = pickled.removesuffix("data.pkl")

        def member(dtype: Any, key: str, size: int) -> _Storage:
            storage = _Storage(dtype, size)
            storage.values = np.frombuffer(archive.read(f"{folder}data/{key}"), storage.dtype, size)
            return storage

        return _with_arrays(_Unpickler(io.BytesIO(archive.read(pickled)), member).load())


_HOLDERS = frozenset({_Tensor, dict, OrderedDict, Counter, defaultdict, list, tuple})


def _with_arrays(value: Any) -> Any:
    """A value with arrays where it held tensors. Containers are of these types exactly."""
    if type(value) is _Tensor:
        return value.array()
    if isinstance(value, dict):
        for key, inner in value.items():
            if type(inner) in _HOLDERS:
                value[key] = _with_arrays(inner)
    elif type(value) in (list, tuple) and any(type(inner) in _HOLDERS for inner in value):
        return type(value)(_with_arrays(inner) for inner in value)
    return value
