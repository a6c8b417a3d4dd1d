"""Lines that were read before: most of an archive of wire copy was, word for word, in another outlet."""

from __future__ import annotations

from collections import OrderedDict

from quotetrack.annotate.drafts import Draft

MAX_CHARACTERS = 500_000  # of lines kept: some 80,000 words


class Seen:
    """The sentences of lines; beyond `most` characters those are forgotten that were not asked for longest.

    What models say of a line depends on the line alone, so it holds wherever the line stands again.
    """

    def __init__(self, most: int = MAX_CHARACTERS) -> None:
        self._most = most
        self._size = 0
        self._lines: OrderedDict[str, list[Draft]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._lines)

    def of(self, line: str) -> list[Draft] | None:
        """The sentences of a line that was kept, or None."""
        found = self._lines.get(line)
        if found is not None:
            self._lines.move_to_end(line)
        return found

    def keep(self, line: str, sentences: list[Draft]) -> None:
        """Remember a line that is not known yet."""
        self._lines[line] = sentences
        self._size += len(line)
        while self._size > self._most:
            forgotten, _ = self._lines.popitem(last=False)
            self._size -= len(forgotten)

    def clear(self) -> None:
        self._lines.clear()
        self._size = 0
