"""An archive filled bit by bit ends with the statements of one clustered at once."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.cluster import MemoryIndex, cluster, judge, link, match, reconcile
from quotetrack.types import Edge

from .test_batch import BASE, BASE_NAMES, OCCURRENCES, OTHER, SAME, occurrence


class MemoryArchive(MemoryIndex):
    """The smallest archive that answers what `link` asks; it applies what `link` and `reconcile` return."""

    def __init__(self):
        super().__init__()
        self.stored, self.statement, self.edges, self.redirects = {}, {}, {}, {}

    def occurrences(self, uids):
        return [self.stored[uid] for uid in uids if uid in self.stored]

    def statements_of(self, occurrences):
        return {uid: self.statement[uid] for uid in occurrences if uid in self.statement}

    def members(self, statements):
        found = {}
        for uid, statement in self.statement.items():
            if statement in statements:
                found.setdefault(statement, []).append(self.stored[uid])
        return found

    def told(self, statements):
        return [edge for edge in self.judgements(statements) if edge.by != "quotetrack"]

    def judgements(self, statements):
        return [
            edge
            for edge in self.edges.values()
            if (edge.judgement == "same" or edge.by != "quotetrack")
            and (self.statement.get(edge.a) in statements or self.statement.get(edge.b) in statements)
        ]

    def add_articles(self, new):
        update = link(new, self)
        self.stored |= {o.uid: o for o in new}
        self.statement |= update.joined
        for edge in update.edges:
            self.edges[edge.a, edge.b, edge.by] = edge
        assignment = reconcile(update.previous, update.groups, update.occurrences, set(self.redirects))
        for statement in assignment.statements:
            self.statement |= dict.fromkeys(statement.members, statement.uid)
        self.redirects |= assignment.redirects
        return update

    def groups_of_all(self):
        groups = {}
        for uid, statement in self.statement.items():
            groups.setdefault(statement, []).append(uid)
        return tuple(sorted(tuple(sorted(group)) for group in groups.values()))


@settings(max_examples=100, deadline=None)
@given(OCCURRENCES, st.randoms(), st.integers(1, 5))
def test_in_any_order_the_statements_are_those_of_the_batch(occurrences, shuffler, size):
    shuffled = list(occurrences)
    shuffler.shuffle(shuffled)
    archive = MemoryArchive()
    for n in range(0, len(shuffled), size):
        archive.add_articles(shuffled[n : n + size])
    assert archive.groups_of_all() == cluster(occurrences).groups


def _realistic(seed):
    chance = random.Random(seed)
    words = BASE.split() + [w for text in (*SAME.values(), *OTHER.values()) for w in text.split()]
    texts = [BASE, *SAME.values(), *OTHER.values()]
    for n in range(40):
        text = chance.choice(texts).split()
        start = chance.randrange(max(1, len(text) - 6))
        text = text[start : start + chance.randint(5, 20)]
        text[chance.randrange(len(text))] = chance.choice(words)
        speaker = chance.choice(["Anna Weber", "Weber", "Weber", None, "Otto Lang"])
        yield occurrence(f"{n:02}", " ".join(text), speaker, f"2025-03-{chance.randint(1, 28):02}")


@pytest.mark.parametrize("seed", range(6))
def test_realistic_variants_in_any_order(seed):
    occurrences = list(_realistic(seed))
    expected = cluster(occurrences).groups
    for order in range(2):
        shuffled = list(occurrences)
        random.Random(order).shuffle(shuffled)
        archive = MemoryArchive()
        for one in shuffled:
            archive.add_articles([one])
        assert archive.groups_of_all() == expected


def test_a_twin_joins_without_looking_further():
    archive = MemoryArchive()
    archive.add_articles([occurrence("a", BASE)])
    update = archive.add_articles([occurrence("b", BASE.upper())])
    assert update.joined == {"b": archive.statement["a"]}
    assert not update.groups


def test_a_bridge_merges_and_leaves_a_redirect():
    ends = [" ".join(BASE.split()[:8]), " ".join(BASE.split()[9:])]
    archive = MemoryArchive()
    archive.add_articles([occurrence("a", ends[0], published="2025-03-01"), occurrence("b", ends[1])])
    first, second = archive.statement["a"], archive.statement["b"]
    assert first != second
    archive.add_articles([occurrence("c", BASE)])
    assert set(archive.statement.values()) == {first}
    assert archive.redirects == {second: first}


def test_what_people_told_is_not_forgotten():
    archive = MemoryArchive()
    archive.add_articles([occurrence("a", BASE), occurrence("b", SAME["typo"])])
    archive.edges["a", "b", "Ida"] = Edge("a", "b", 0.9, "different", by="Ida")
    archive.add_articles([occurrence("c", SAME["joined words"])])
    assert archive.statement["a"] != archive.statement["b"]
    archive.add_articles([occurrence("d", BASE)])
    assert archive.statement["a"] != archive.statement["b"]


def test_match_finds_the_statement_and_changes_nothing():
    archive = MemoryArchive()
    archive.add_articles([occurrence("a", BASE), occurrence("b", OTHER["number"])])
    found = match(occurrence("x", SAME["cut at the end"]), archive)
    assert found is not None
    assert found[0] == archive.statement["a"]
    assert found[1].judgement == "same"
    assert match(occurrence("x", "Something else entirely was said here"), archive) is None
    assert set(archive.stored) == {"a", "b"}


def test_a_twin_that_shows_more_than_the_known_one_is_looked_at():
    printed = {"a": BASE_NAMES.upper(), "b": BASE_NAMES.replace("Norway", "Estonia"), "c": BASE_NAMES}
    archive = MemoryArchive()
    for uid, text in printed.items():
        archive.add_articles([occurrence(uid, text)])
    expected = cluster([occurrence(uid, text) for uid, text in printed.items()]).groups
    assert archive.groups_of_all() == expected == (("a", "c"), ("b",))
    assert archive.add_articles([occurrence("d", BASE_NAMES)]).joined == {"d": archive.statement["c"]}


SLOGAN = "We will leave no town out in the rain"


def test_a_slogan_is_one_statement_per_occasion_and_linked():
    days = {"a": "2025-03-04", "b": "2025-03-05", "c": "2025-03-15", "d": "2025-04-05"}
    said = [occurrence(uid, SLOGAN, published=day) for uid, day in days.items()]
    expected = cluster(said)
    assert expected.groups == (("a", "b"), ("c",), ("d",))
    archive = MemoryArchive()
    for one in said:
        archive.add_articles([one])
    assert archive.groups_of_all() == expected.groups
    for edges in (expected.edges, archive.edges.values()):
        before = [edge for edge in edges if edge.kind == "said before"]
        assert {edge.judgement for edge in before} == {"different"}
        assert {uid for edge in before for uid in (edge.a, edge.b)} >= {"a", "c", "d"}


@pytest.mark.parametrize("seed", range(4))
def test_an_edge_of_former_times_says_what_comparing_its_two_again_says(seed):
    """What a statement is grouped anew from, or left alone for, are decisions that stand."""
    occurrences = [replace(one, published="2025-03-04") for one in _realistic(seed)]
    archive = MemoryArchive()
    for n in range(0, len(occurrences), 1 + seed % 2):
        archive.add_articles(occurrences[n : n + 1 + seed % 2])
    assert len(archive.edges) > len(occurrences) / 2
    for edge in archive.edges.values():
        assert edge == judge(archive.stored[edge.a], archive.stored[edge.b])
