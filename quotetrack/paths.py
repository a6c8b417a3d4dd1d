"""Where quotetrack's data lies: beside the package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path


def data_path(*parts: str) -> Path:
    """Tell where a part of the data lies, e.g. `languages/de.toml`.

    Raises FileNotFoundError when the data is missing, which means a broken install.
    """
    package = Path(__file__).resolve().parent
    for root in (package / "data", package.parent / "data"):
        if root.is_dir():
            return root.joinpath(*parts)
    raise FileNotFoundError(f"quotetrack's data folder is missing beside {package}: reinstall quotetrack")
