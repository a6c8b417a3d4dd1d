"""A line that was read before is not read again, and says the same wherever it stands."""

from __future__ import annotations

from dataclasses import replace

from quotetrack.annotate import Annotator
from quotetrack.annotate.seen import Seen
from quotetrack.paths import data_path

LINE = "“We wait,” said Anna Weber of the Tidewater Council. Nobody else came."
OTHER = "Paul Stone, a reporter, disagrees."


def test_a_known_line_is_not_read_again_and_says_the_same():
    annotator = Annotator(data_path("models"), "en")
    read: list[int] = []
    stages = annotator.stages

    def counted(stage):
        def count(drafts):
            read.append(len(drafts))
            stage(drafts)

        return count

    annotator.stages = replace(stages, tags=counted(stages.tags), trees=counted(stages.trees))
    (once,) = annotator.annotate([LINE], lambda _, found: [False] * len(found))
    assert not any(sentence.parsed for sentence in once.sentences)
    assert read == [2, 0]
    text = f"{OTHER}\n{LINE}\n{LINE}"
    found = annotator.annotate([text, LINE])
    assert read == [2, 0, 1, 3]  # the other line alone is new; every sentence gets its tree once
    annotator.seen.clear()
    assert annotator.annotate([text, LINE]) == found
    (plain,) = annotator.annotate([LINE], lambda _, found: [False] * len(found))
    assert plain == once  # a tree that is known and not wanted stays out


def test_what_was_longest_not_asked_for_is_forgotten_first():
    seen = Seen(most=10)
    for line in ("aaaa", "bbbb"):
        seen.keep(line, [])
    assert seen.of("aaaa") == []
    seen.keep("cc", [])
    assert len(seen) == 3
    seen.keep("d", [])
    assert seen.of("bbbb") is None
    assert [seen.of(line) for line in ("aaaa", "cc", "d")] == [[], [], []]
    seen.keep("longer than all", [])
    assert len(seen) == 0
