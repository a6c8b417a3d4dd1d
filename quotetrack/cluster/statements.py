"""From judged pairs to groups: connected components with pairs that may not meet."""

from __future__ import annotations

from collections.abc import Sequence


class Partition:
    """A union-find over 0..size-1 in which some items may not end in one set.

    labels: of each item, or None; the labels of a set are those of its items.
    """

    def __init__(self, size: int, labels: Sequence[str | None] = ()) -> None:
        self._parent = list(range(size))
        self._size = [1] * size
        self._apart: dict[int, set[int]] = {}
        self._labels = {item: {label} for item, label in enumerate(labels) if label is not None}

    def root(self, item: int) -> int:
        while self._parent[item] != item:
            self._parent[item] = self._parent[self._parent[item]]
            item = self._parent[item]
        return item

    def forbid(self, a: int, b: int) -> bool:
        """Keep a and b apart from now on; False where they are together already."""
        root_a, root_b = self.root(a), self.root(b)
        if root_a == root_b:
            return False
        self._apart.setdefault(root_a, set()).add(root_b)
        self._apart.setdefault(root_b, set()).add(root_a)
        return True

    def join(self, a: int, b: int) -> bool:
        """Put the sets of a and b together; False, and nothing done, where they may not meet."""
        root_a, root_b = self.root(a), self.root(b)
        if root_a == root_b:
            return True
        if root_b in self._apart.get(root_a, ()):
            return False
        if self._size[root_a] < self._size[root_b]:
            root_a, root_b = root_b, root_a
        self._parent[root_b] = root_a
        self._size[root_a] += self._size[root_b]
        fewer, more = sorted((self._labels.pop(root, set()) for root in (root_a, root_b)), key=len)
        if more:
            more |= fewer
            self._labels[root_a] = more
        for other in self._apart.pop(root_b, ()):
            self._apart[other].discard(root_b)
            self._apart[other].add(root_a)
            self._apart.setdefault(root_a, set()).add(other)
        return True

    def agree(self, a: int, b: int) -> bool:
        """Whether the sets of a and b share a label, or one of them has none."""
        of_a, of_b = self._labels.get(self.root(a)), self._labels.get(self.root(b))
        return not of_a or not of_b or not of_a.isdisjoint(of_b)

    def groups(self) -> list[list[int]]:
        """The sets, each sorted, in order of their first item."""
        found: dict[int, list[int]] = {}
        for item in range(len(self._parent)):
            found.setdefault(self.root(item), []).append(item)
        return list(found.values())
