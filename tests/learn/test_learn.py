"""The learned layer: what is proposed, how it is described, what a judge learns and keeps."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotetrack import languages
from quotetrack.cli import cli
from quotetrack.extract import find_quotes
from quotetrack.learn import (
    Judge,
    JudgeError,
    best_threshold,
    candidates,
    describe,
    fit,
    generous,
    judged,
    read_judge,
    write_judge,
)

TEXT = (
    "Anna Weber said that the bridge is safe.\n\nThe mayor kicked the old door of the station.\n\n"
    "“We will pay for it,” the mayor said."
)


@pytest.fixture(scope="module")
def annotation(annotator_en):
    return annotator_en.annotate([TEXT])[0]


def proposed(annotation):
    pack = languages.load("en")
    return candidates(find_quotes(annotation, pack), find_quotes(annotation, generous(pack)))


def test_every_word_may_be_a_cue_of_a_candidate(annotation):
    found = {quote.content[0].of(TEXT): quote.rule for quote in proposed(annotation)}
    assert found["that the bridge is safe"] == "indirect/that"
    assert found["the old door of the station"] == "indirect/object/proposed"
    kept = find_quotes(annotation, languages.load("en"))
    assert [quote for quote in proposed(annotation) if not quote.rule.endswith("/proposed")] == kept


def test_a_language_without_a_class_of_cues_is_proposed_none():
    pack = languages.load("de")
    assert not pack.cues["object"]
    assert generous(pack).cues["object"] == pack.cues["object"]
    assert "unerhört" in generous(pack).cues["noun"]


def test_a_candidate_is_described(annotation):
    quotes = proposed(annotation)
    features = dict(zip((quote.rule for quote in quotes), describe(annotation, quotes), strict=True))
    told = features["indirect/that"]
    assert {"cue=say", "source=named", "first=that", "source-before", "sentence"} <= set(told)
    assert "source=described" in features["indirect/object/proposed"]
    assert (
        "type=direct" in features["direct/inverted" if "direct/inverted" in features else "direct/following"]
    )


def test_a_judge_learns_what_was_right():
    told = [(("cue=say", f"n={n % 7}"), True) for n in range(40)]
    kicked = [(("cue=kick", f"n={n % 7}"), False) for n in range(40)]
    judge = fit(told + kicked, "en", ["made up"])
    assert judge.probability(["cue=say"]) > 0.9
    assert judge.probability(["cue=kick"]) < 0.1
    assert judge == fit(told + kicked, "en", ["made up"])
    with pytest.raises(ValueError, match="nothing to learn"):
        fit(told, "en")


def test_a_judge_keeps_what_it_takes_for_right(annotation):
    judge = Judge("en", {"cue=say": 4.0}, -2.0, 0.5)
    kept = judged(judge, annotation, proposed(annotation))
    assert {quote.content[0].of(TEXT) for quote in kept} == {
        "that the bridge is safe",
        "We will pay for it",
    }
    assert {quote.confidence for quote in kept} == {0.88}


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=12), st.integers(1, 20))
def test_no_other_threshold_does_better(pairs, gold):
    def score(threshold: float) -> float:
        kept = [right for probability, right in pairs if probability >= threshold]
        return 2 * sum(kept) / (gold + len(kept))

    assert score(best_threshold(pairs, gold)) == max(score(probability) for probability, _ in pairs)


def test_a_judge_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "judge.json"
    judge = Judge("en", {"cue=say": 1.25, "cue=kick": -0.5}, 0.1, 0.3, ("gold.jsonl",))
    write_judge(judge, path)
    assert read_judge(path) == judge
    for broken in ("", "[]", '{"language": "en"}'):
        path.write_text(broken, "utf-8")
        with pytest.raises(JudgeError, match=r"judge\.json: no judge"):
            read_judge(path)


def test_a_user_trains_a_judge_and_extracts_with_it(tmp_path):
    def document(number: int) -> dict[str, object]:
        text = f"Anna Weber said that bridge {number} is safe. The mayor opposed the toll of {number} crowns."
        content, source = f"that bridge {number} is safe", "Anna Weber"
        at = text.index(content)
        quote = {"content_spans": [[at, at + len(content)]], "speaker_spans": [[0, len(source)]]}
        return {"doc_id": str(number), "lang": "en", "text": text, "quotes": [quote]}

    gold, judge = tmp_path / "gold.jsonl", tmp_path / "judge.json"
    gold.write_text("\n".join(json.dumps(document(n)) for n in range(2, 14)), "utf-8")
    made = CliRunner().invoke(cli, ["train", str(gold), "-o", str(judge), "--models", "bundled"])
    assert made.exit_code == 0, made.output
    assert "joint soft F1 100.0" in made.output
    text = tmp_path / "article.txt"
    text.write_text("Bob Kern said that the ferry is late. The mayor opposed the toll of 9 crowns.", "utf-8")

    def rules(*options: str) -> list[str]:
        shown = CliRunner().invoke(cli, ["extract", str(text), "--models", "bundled", *options])
        return [quote["rule"] for quote in json.loads(shown.output)["quotes"]]

    assert rules() == ["indirect/that", "indirect/object"]
    assert rules("--judge", str(judge)) == ["indirect/that"]
    news = tmp_path / "news.db"
    added = CliRunner().invoke(
        cli, ["add", str(news), str(text), "--models", "bundled", "--judge", str(judge)]
    )
    assert "1 added" in added.output
    assert added.output.rstrip().endswith("1 quotes")


@pytest.mark.parametrize("command", [("extract", "x.txt"), ("add", "x.db", "x.txt")])
def test_judges_that_cannot_judge_are_wrong_usage(tmp_path, command):
    judge, broken = tmp_path / "judge.json", tmp_path / "broken.json"
    write_judge(Judge("en", {}, 0.1, 0.3), judge)
    broken.write_text("{}", "utf-8")
    for paths, why in (((broken,), "no judge"), ((judge, judge), "both for en")):
        options = [part for path in paths for part in ("--judge", str(path))]
        shown = CliRunner().invoke(cli, [*command, *options], terminal_width=500)
        assert (shown.exit_code, why in " ".join(shown.output.split())) == (2, True), shown.output


def test_corpora_that_cannot_teach_are_refused(tmp_path):
    gold = tmp_path / "gold.jsonl"
    line = '{"doc_id": "%s", "lang": "%s", "text": "Ah.", "quotes": []}'
    gold.write_text(line % ("a", "en") + "\n" + line % ("b", "de"), "utf-8")
    shown = CliRunner().invoke(cli, ["train", str(gold), "-o", str(tmp_path / "judge.json")])
    assert shown.exit_code == 1
    assert "one language" in shown.output
