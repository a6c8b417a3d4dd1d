"""Errors are counted by class, each once, as docs/errors.md shows them."""

from __future__ import annotations

import json

from click.testing import CliRunner

from quotetrack.cli import cli
from quotetrack.evaluate import Document, Labelled, count_errors, errors_table

TEXT = "Ann said it rains in Norland today. Bob denied that. “Go home,” Cid said. Dora hopes for sun."


def at(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def quote(content: str, source: str = "", rule: str | None = None) -> Labelled:
    return Labelled((at(content),), (at(source),) if source else (), rule=rule)


def counted(gold: list[Labelled], predicted: list[Labelled]) -> dict[str, int]:
    return dict(count_errors([Document("a", tuple(gold), TEXT)], [Document("a", tuple(predicted))]).classes)


def test_each_class_is_counted():
    rain, go = quote("it rains in Norland today", "Ann"), quote("Go home", "Cid")
    assert counted([rain, go], [rain, go]) == {}
    assert counted([rain, go], [rain]) == {"direct missed, nothing found": 1}
    assert counted([rain], [quote("it rains in Norland", "Ann")]) == {
        "right speaker, content not the same words": 1
    }
    assert counted([rain], [quote("it rains in Norland today", "Bob")]) == {"paired, another speaker": 1}
    assert counted([rain], [quote("it rains in Norland today")]) == {"paired, no speaker given": 1}
    assert counted([rain], [quote("today", "Ann")]) == {
        "indirect missed, what is found overlaps less than half": 1,
        "predicted, overlaps gold less than half": 1,
    }


def test_what_is_invented_is_told_by_rule():
    gold = [Document("a", (quote("Go home", "Cid"),), TEXT)]
    found = [Document("a", (quote("Go home", "Cid"), quote("sun", "Dora", "indirect/object")))]
    errors = count_errors(gold, found)
    assert dict(errors.invented) == {"indirect/object": 1}
    assert "| `indirect/object` | 1 |" in errors_table(errors)
    assert "| predicted, nothing in the gold | 1 |" in errors_table(errors)


def test_the_command_prints_errors_and_reliability(tmp_path):
    def line(rule: str, confidence: float) -> str:
        spans = {"content_spans": [at("Go home")], "speaker_spans": [at("Cid")]}
        more = [{**spans, "rule": "direct/inverted", "confidence": 0.9}]
        more += [{"content_spans": [at("sun")], "rule": rule, "confidence": confidence}] if rule else []
        return json.dumps({"doc_id": "a", "lang": "en", "text": TEXT, "quotes": more}) + "\n"

    gold, predicted = tmp_path / "gold.jsonl", tmp_path / "predicted.jsonl"
    gold.write_text(line("", 0), "utf-8")
    predicted.write_text(line("indirect/object", 0.4), "utf-8")
    arguments = ["evaluate", str(gold), "--predictions", str(predicted), "--errors", "--reliability"]
    shown = CliRunner().invoke(cli, arguments)
    assert shown.exit_code == 0, shown.output
    assert "| `indirect/object` | 1 |" in shown.output
    assert "| 0.90 to 0.95 | 1 | 0.90 | 100.0 % |" in shown.output
    report = json.loads(CliRunner().invoke(cli, [*arguments, "--json"]).output)
    assert report["gold.jsonl: errors"]["invented"] == {"indirect/object": 1}
    assert report["gold.jsonl: reliability"][0]["count"] == 1
