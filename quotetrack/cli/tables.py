"""Rows → a file: JSON lines, CSV or Parquet, streaming."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Any

PARQUET_ROWS = 10_000  # rows of one row group


class Unwritable(ValueError):  # noqa: N818 - read aloud where it is caught
    """What was asked cannot be written; the text says why and what to do."""


def write(rows: Iterable[Mapping[str, Any]], form: str, output: Path | None) -> None:
    """Write rows to a file or to stdout; nested values become JSON in CSV. Raises Unwritable."""
    if form == "parquet":
        if output is None:
            raise Unwritable("parquet needs --output FILE")
        _parquet(rows, output)
        return
    stream = output.open("w", encoding="utf-8", newline="") if output else sys.stdout
    try:
        if form == "csv":
            _csv(rows, stream)
        else:
            for row in rows:
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    finally:
        if output:
            stream.close()


def _csv(rows: Iterable[Mapping[str, Any]], stream: Any) -> None:
    iterator = iter(rows)
    first = next(iterator, None)
    if first is None:
        return
    writer = csv.DictWriter(stream, fieldnames=list(first), extrasaction="ignore")
    writer.writeheader()
    for row in chain([first], iterator):
        writer.writerow({key: _flat(value) for key, value in row.items()})


def _flat(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _parquet(rows: Iterable[Mapping[str, Any]], output: Path) -> None:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as problem:
        raise Unwritable("parquet needs pyarrow: pip install 'quotetrack[parquet]'") from problem
    iterator = iter(rows)
    writer = None
    while batch := [
        {key: _flat(value) for key, value in row.items()} for row in islice(iterator, PARQUET_ROWS)
    ]:
        table = pa.Table.from_pylist(batch, schema=writer.schema if writer else None)
        writer = writer or pq.ParquetWriter(output, table.schema)
        writer.write_table(table)
    if writer is None:
        raise Unwritable("there is nothing to write")
    writer.close()
