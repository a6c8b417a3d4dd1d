"""From judged pairs to groups: connected components with pairs that may not meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Partition:
    """A union-find over 0..size-1 in which some items may not end in one set."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))
        self._size = [1] * size
        self._apart: dict[int, set[int]] = {}

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
        for other in self._apart.pop(root_b, ()):
            self._apart[other].discard(root_b)
            self._apart[other].add(root_a)
            self._apart.setdefault(root_a, set()).add(other)
        return True

    def groups(self) -> list[list[int]]:
        """The sets, each sorted, in order of their first item."""
        found: dict[int, list[int]] = {}
        for item in range(len(self._parent)):
            found.setdefault(self.root(item), []).append(item)
        return list(found.values())


def partition(
    size: int,
    same: Iterable[tuple[float, int, int]],
    different: Iterable[tuple[int, int]],
    told_same: Sequence[tuple[int, int]] = (),
    told_different: Sequence[tuple[int, int]] = (),
) -> Partition:
    """Group items: what people told first, then pairs judged the same, strongest first.

    same: (strength, a, b). different: pairs that contradict each other and may not end in one group; a pair
    that people put together may. The result depends on the set of pairs, not on their order.
    """
    sets = Partition(size)
    for a, b in sorted(told_different):
        sets.forbid(a, b)
    for a, b in sorted(told_same):
        sets.join(a, b)
    for a, b in sorted(different):
        sets.forbid(a, b)
    for _, a, b in sorted(same, key=lambda pair: (-pair[0], pair[1], pair[2])):
        sets.join(a, b)
    return sets
