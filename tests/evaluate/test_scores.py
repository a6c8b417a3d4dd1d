"""The measure: cases by hand, and the evalkit's figures on real and random predictions."""

from __future__ import annotations

import importlib.util
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.evaluate import CorpusError, Measure, as_dict, document_of, evaluate, table
from quotetrack.evaluate.affiliations import agree, evaluate_speakers, with_speakers
from quotetrack.evaluate.marks import Tokens, covered, quoted, surface_type
from quotetrack.evaluate.match import head
from quotetrack.evaluate.reliability import reliability, reliability_table

TEXT = (
    "“I see no reason,” said Mrs. Farrow, a ferry pilot. “None.”\n"
    "She added that the tide “is late” this year.\nOle denied it."
)  # fictional people


def quote(content: str, source: str = "", cue: str = "", **more: Any) -> dict[str, Any]:
    def spans(parts: str) -> list[list[int]]:
        return [[TEXT.index(part), TEXT.index(part) + len(part)] for part in parts.split("|") if part]

    return {"content_spans": spans(content), "speaker_spans": spans(source), "cue_spans": spans(cue), **more}


GOLD = [
    quote("“I see no reason,”|“None.”", "Mrs. Farrow, a ferry pilot", "said"),
    quote("that the tide “is late” this year", "She", "added"),
    quote("it", "Ole", "denied"),
]


def scores(
    predicted: list[dict[str, Any]], gold: list[dict[str, Any]] = GOLD, kind: str = "all", **how: Any
) -> Any:
    documents = [
        document_of({"doc_id": "d", "lang": "en", "text": TEXT, "quotes": quotes})
        for quotes in (gold, predicted)
    ]
    return evaluate(documents[:1], documents[1:], Measure(**how)).types[kind]


def test_gold_against_itself_is_perfect():
    for kind in ("all", "direct", "mixed", "indirect"):
        found = scores(GOLD, kind=kind)
        rates = (
            found.exact,
            found.partial,
            found.token,
            found.joint_exact,
            found.joint_soft,
            found.quote_match,
        )
        assert {round(rate.f1, 9) for rate in rates} == {100.0}
        assert (found.source.exact, found.source.head, found.source.given) == (100.0, 100.0, 100.0)


def test_nothing_predicted_scores_nothing():
    found = scores([])
    assert (found.exact.f1, found.partial.f1, found.joint_soft.f1, found.source.pairs) == (0.0, 0.0, 0.0, 0)
    assert (found.exact.n_gold, found.exact.n_pred) == (4, 0)


def test_edges_count_only_when_strict():
    inner = [quote("I see no reason|None", "Mrs. Farrow, a ferry pilot"), *GOLD[1:]]
    assert scores(inner).exact.f1 == 100
    assert scores(inner, strict=True).exact.f1 == pytest.approx(50)


def test_partial_is_the_share_of_tokens():
    found = scores([quote("I see", "Mrs. Farrow")])
    assert found.exact.f1 == 0
    assert found.partial.p == pytest.approx(100)
    assert found.partial.r == pytest.approx(100 * (2 / 7) / 4)  # two of the seven tokens of one of four spans


@pytest.mark.parametrize(
    ("source", "how", "exact", "right"),
    [
        ("Farrow", {}, 200 / 3, 100.0),
        ("a ferry pilot", {}, 200 / 3, 200 / 3),
        ("a ferry pilot", {"any_word": True}, 200 / 3, 100.0),
        ("", {}, 200 / 3, 200 / 3),
    ],
)
def test_sources_by_word_and_by_head(source, how, exact, right):
    found = scores(
        [{**GOLD[0], "speaker_spans": quote("it", source)["speaker_spans"]}, *GOLD[1:]], **how
    ).source
    assert (found.exact, found.head) == (pytest.approx(exact), pytest.approx(right))


def test_a_quote_without_a_source_wants_none():
    assert scores([quote("it")], [quote("it")]).joint_exact.f1 == 100
    assert scores([quote("it", "Ole")], [quote("it")]).joint_exact.f1 == 0


def test_only_gold_with_a_listed_cue_and_predictions_outside_ignored_text():
    assert scores(GOLD, cues=frozenset({"said"})).exact.r == 100
    assert scores(GOLD[1:], cues=frozenset({"said"})).exact.r == 0
    gold = document_of({"doc_id": "d", "text": TEXT, "quotes": [], "ignore_spans": [[0, len(TEXT)]]})
    predicted = document_of({"doc_id": "d", "quotes": GOLD})
    assert evaluate([gold], [predicted], Measure(skip_ignored=True)).types == {}


@pytest.mark.parametrize(
    ("predictions", "reason"),
    [
        ([{"doc_id": "d", "quotes": [], "text": "other"}], "d: the prediction's text is not the gold text"),
        ([{"doc_id": "x", "quotes": []}], "x: predicted, but not in the gold corpus"),
        ([{"doc_id": "d", "quotes": []}] * 2, "d: two predictions"),
    ],
)
def test_predictions_that_do_not_fit_are_refused(predictions, reason):
    gold = document_of({"doc_id": "d", "text": TEXT, "quotes": GOLD})
    with pytest.raises(CorpusError, match=reason):
        evaluate([gold], [document_of(record) for record in predictions])


HEADS = [
    ("Mike Sanddorn, the governor of Lower Plaits", "Sanddorn"),
    ("a spokesman for the mayor", "spokesman"),
    ("The Plaits Courier", "Courier"),
    ("he", "he"),
    ("Mrs. Farrow", "Farrow"),
    ("the head of the P.U.", "head"),
    ("Die Sprecherin von Farrow", "Sprecherin"),
    ("the", "the"),
    ("–", None),
]


@pytest.mark.parametrize(("source", "word"), HEADS)
def test_the_head_of_a_source(source, word):
    tokens = Tokens(source)
    found = [source[slice(*tokens.spans[index])] for index in head(tokens, [(0, len(source))])]
    assert found == ([word] if word else [])


MARKED = [
    ("“⟦a b,⟧” x", "en"),
    ('"⟦a b,⟧" x', "en"),
    ("''⟦a b,⟧'' x", "en"),
    ("``⟦a b,⟧'' x", "en"),
    ("‘⟦a b,⟧’ x", "en"),
    ("‘⟦the workers’ hall⟧’ x", "en"),
    ("„⟦a ‚b‘ c⟧“, x", "de"),
    ("»⟦a b⟧«, x", "de"),
    ("“⟦a b.⟧\n\n“⟦c d,⟧” x", "en"),
]


@pytest.mark.parametrize(("marked", "language"), MARKED)
def test_words_inside_marks_are_direct_and_others_indirect(marked, language):
    text = marked.replace("⟦", "").replace("⟧", "")
    inside = covered(text, language)
    shown = [part.split("⟦")[-1] for part in marked.split("⟧")[:-1]]
    for part in shown:
        span = (text.index(part), text.index(part) + len(part))
        assert surface_type(text, [span], inside) == "direct"
    if text.endswith("x"):
        assert surface_type(text, [(len(text) - 1, len(text))], inside) == "indirect"
        assert surface_type(text, [(0, len(text))], inside) == "mixed"


@pytest.mark.parametrize("text", ["It's the workers' don't-care, he said.", "", "  \n"])
def test_apostrophes_are_no_marks(text):
    assert surface_type(text, [(0, len(text))], covered(text, "en")) in ("indirect", "wordless")


def test_confidence_in_bins():
    gold = document_of({"doc_id": "d", "text": TEXT, "quotes": GOLD})
    sure, unsure = {**GOLD[0], "confidence": 0.97}, {**GOLD[1], "speaker_spans": [], "confidence": 0.52}
    predicted = document_of({"doc_id": "d", "quotes": [sure, unsure, {**GOLD[2], "confidence": 1.0}]})
    bins = reliability([gold], [predicted])
    assert [(bin_.low, bin_.count, bin_.right) for bin_ in bins] == [(0.5, 1, 0.0), (0.95, 2, 1.0)]
    assert "| 0.95 to 1.00 | 2 | 0.98 | 100.0 % |" in reliability_table(bins)


AGREE = [
    ("Ben Talblick", "Talblick", True),
    ("Weißen Hauses", "Weißes Haus", True),
    ("Foundation for Old Ferries", "FOF", True),
    ("FOF", "Foundation for Old Ferries", True),
    ("Ben Talblick", "Ben Seeblick", False),
    ("Sprecher", "Sprecherin des Ministeriums für Fähren", False),
    ("the", "a", True),
    ("the", "Fähre", False),
]


@pytest.mark.parametrize(("one", "other", "same"), AGREE)
def test_names_agree_as_written(one, other, same):
    assert agree(one, other) is agree(other, one) is same


# ------------------------------------------------------------------ the same as the evalkit


@pytest.fixture(scope="module")
def evalkit(shared: Path) -> Any:
    """The scorer that figures are published with."""
    folder = shared / "evalkit" / "evalkit"
    for name in ("evalkit", "evalkit.common", "evalkit.score"):
        path = folder / (f"{name.partition('.')[2] or '__init__'}.py")
        spec = importlib.util.spec_from_file_location(
            name, path, submodule_search_locations=[str(folder)] if name == "evalkit" else None
        )
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules["evalkit.score"]


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def perturbed(record: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Quotes lost, moved, cut, renamed and made up, as a middling extractor would have them."""
    size = len(record["text"])

    def moved(spans: list[list[int]], reach: int) -> list[list[int]]:
        kept = [span for span in spans if chance.random() < 0.9]
        return [
            [max(0, start + chance.randint(-reach, reach)), min(size, end + chance.randint(-reach, reach))]
            if chance.random() < 0.5
            else [start, end]
            for start, end in kept
        ]

    quotes = []
    for gold in record["quotes"]:
        if chance.random() < 0.8:
            found = {**gold, "content_spans": moved(gold["content_spans"], 30)}
            found["speaker_spans"] = moved(gold.get("speaker_spans") or [], 6)
            if chance.random() < 0.3:
                found.pop("type", None)
            quotes.append(found)
    for _ in range(chance.randint(0, 3)):
        start = chance.randrange(size)
        made_up = [start, min(size, start + chance.randint(1, 200))]
        quotes.append({"content_spans": [made_up], "speaker_spans": [[start, start + 3]]})
    return {"doc_id": record["doc_id"], "quotes": quotes}


HOW = [
    ({}, Measure()),
    ({"strict": True}, Measure(strict=True)),
    (
        {"least": 0.3, "head_any": True, "skip_ignored": True},
        Measure(least=0.3, any_word=True, skip_ignored=True),
    ),
]


@pytest.mark.parametrize(("theirs", "ours"), HOW)
@pytest.mark.parametrize("name", ["german.dev", "gum.dev", "polnear.dev"])
def test_figures_are_the_evalkits(name, theirs, ours, shared, evalkit):
    gold = records(shared / "corpora" / f"{name}.jsonl")
    chance = random.Random(name)
    predicted = [perturbed(record, chance) for record in gold if chance.random() < 0.95]
    expected = evalkit.score(gold, predicted, **theirs)
    report = evaluate(map(document_of, gold), map(document_of, predicted), ours)
    if None in expected["types"]:
        expected["types"]["wordless"] = expected["types"].pop(None)  # ours has a name for it
    got = as_dict(report)
    assert flat(got) == pytest.approx(flat(expected), abs=1e-9)
    if not ours.strict:
        assert table(report) == evalkit.table(expected)


def flat(value: Any, path: str = "") -> dict[str, float]:
    if isinstance(value, dict):
        return {
            key: number
            for name, inner in value.items()
            for key, number in flat(inner, f"{path}/{name}").items()
        }
    return {} if value is None else {path: value}


@settings(deadline=None)  # other work on the machine may take its turn
@given(text=st.text("“”„«»‘’‚'\"` \nabs.,é", max_size=40), language=st.sampled_from(["en", "de", "fr"]))
def test_marks_are_read_as_the_evalkit_reads_them(text, language, evalkit):
    common = sys.modules["evalkit.common"]
    assert quoted(text, language) == common.quote_regions(text, language)


@pytest.mark.parametrize("name", ["german.dev", "polnear.dev"])
def test_speakers_score_as_the_evalkits(name, shared, tmp_path):
    corpus, gold = (
        shared / "corpora" / f"{name}.jsonl",
        shared / "corpora/affiliations" / f"{name}.gold.jsonl",
    )
    by_id = {record["doc_id"]: record["speakers"] for record in records(gold)}
    chance = random.Random(name)
    names = sorted(
        {one[key] for ones in by_id.values() for one in ones for key in ("speaker_name", "role") if one[key]}
    )
    predicted = []
    for record in records(corpus):
        quotes = perturbed(record, chance)["quotes"]
        for number, found in enumerate(quotes):
            speakers = by_id.get(record["doc_id"]) or [{}]
            for key in ("speaker_name", "affiliation", "role"):
                value = speakers[min(number, len(speakers) - 1)].get(key)
                found[key] = chance.choice(
                    [value, value, value, (value or "")[3:], chance.choice(names), None]
                )
        predicted.append({"doc_id": record["doc_id"], "quotes": quotes})
    answers = tmp_path / "predicted.jsonl"
    answers.write_text("".join(json.dumps(record) + "\n" for record in predicted), "utf-8")
    command = [sys.executable, str(shared / "evalkit/affil.py"), str(gold), str(answers), str(corpus)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    scored = evaluate_speakers(
        with_speakers(map(document_of, records(corpus)), gold), map(document_of, predicted)
    )
    assert str(scored) == done.stdout.strip()
