"""Which quotes are one statement, by example and by property. All people are fictional."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.cluster import cluster, judge
from quotetrack.types import Edge, Occurrence


def occurrence(uid, text, speaker="Anna Weber", published="2025-03-04", language="en"):
    return Occurrence(uid=uid, text=text, speaker=speaker, published=published, language=language)


BASE = "We will invest forty billion euros in rail because our children deserve trains that arrive on time."
SAME = {
    "cut at the end": "We will invest forty billion euros in rail",
    "cut at the start": "our children deserve trains that arrive on time",
    "omission marked": "We will invest forty billion euros … because our children deserve trains that arrive",
    "digits": "We will invest 40 billion euros in rail because our children deserve trains",
    "bracket": "[They] will invest forty billion euros in rail because our children deserve trains",
    "contraction, case": "WE'LL INVEST FORTY BILLION EUROS IN RAIL BECAUSE OUR CHILDREN DESERVE TRAINS",
    "typo": "We will invest forty billion euros in rial because our childern deserve trains",
    "joined words": "We will invest forty billion euros inrail because our children deserve trains",
    "filler": "We will really invest, you know, forty billion euros in rail because our children",
    "leaked cue": "We will invest forty billion euros, she said, in rail because our children deserve trains",
    "two sentences as one": "We are ready. We will invest forty billion euros in rail because our children",
    "indirect": "they would invest forty billion euros in rail because their children deserved trains",
}
OTHER = {
    "negation": "We will not invest forty billion euros in rail because our children deserve trains",
    "number": "We will invest fifty billion euros in rail because our children deserve trains",
    "number in digits": "We will invest 14 billion euros in rail because our children deserve trains",
    "modality": "We may invest forty billion euros in rail because our children deserve trains",
    "same opening": "We will invest forty billion euros in schools and hospitals across this country",
}
BASE_NAMES = "We stand with our friends in Norway whatever the cost of this conflict may turn out to be"
GERMAN = "Wir warten nicht länger auf die Genehmigung aus Brüssel und bauen jetzt die neue Leitung"
GERMAN_SAME = {
    "indirect": "man warte nicht länger auf die Genehmigung aus Brüssel und baue jetzt die neue Leitung",
    "partly quoted": "nicht länger auf die Genehmigung aus Brüssel",
    "umlauts spelt out": "Wir warten nicht laenger auf die Genehmigung aus Bruessel und bauen jetzt",
}
GERMAN_OTHER = {
    "negation": "Wir warten länger auf die Genehmigung aus Brüssel und bauen jetzt die neue Leitung",
    "name": "Wir warten nicht länger auf die Genehmigung aus Warschau und bauen jetzt die neue Leitung",
}


@pytest.mark.parametrize("name", SAME)
def test_one_statement(name):
    edge = judge(occurrence("a", BASE), occurrence("b", SAME[name]))
    assert edge.judgement == "same", edge


@pytest.mark.parametrize("name", OTHER)
def test_not_one_statement(name):
    edge = judge(occurrence("a", BASE), occurrence("b", OTHER[name]))
    assert edge.judgement != "same", edge
    assert name.split()[0] in edge.why or name == "same opening"


def test_another_name_is_another_statement():
    edge = judge(occurrence("a", BASE_NAMES), occurrence("b", BASE_NAMES.replace("Norway", "Estonia")))
    assert edge.judgement == "different"
    assert "name: estonia / norway" in edge.why or "name: norway / estonia" in edge.why


@pytest.mark.parametrize("name", GERMAN_SAME)
def test_one_statement_in_german(name):
    edge = judge(occurrence("a", GERMAN, language="de"), occurrence("b", GERMAN_SAME[name], language="de"))
    assert edge.judgement == "same", edge


@pytest.mark.parametrize("name", GERMAN_OTHER)
def test_not_one_statement_in_german(name):
    edge = judge(occurrence("a", GERMAN, language="de"), occurrence("b", GERMAN_OTHER[name], language="de"))
    assert edge.judgement == "different", edge


SHORT = "No comment."


@pytest.mark.parametrize(
    ("speakers", "dates", "judgement"),
    [
        (("Anna Weber", "Weber"), ("2025-03-04", "2025-03-04"), "same"),
        (("Anna Weber", "Ms. Weber"), ("2025-03-04", "2025-03-06T10:00:00Z"), "same"),
        (("Anna Weber", "Weber"), ("2025-03-04", "2025-05-04"), "different"),
        (("Anna Weber", "Otto Lang"), ("2025-03-04", "2025-03-04"), "different"),
        (("Anna Weber", "Bernd Weber"), ("2025-03-04", "2025-03-04"), "different"),
        (("Anna Weber", None), ("2025-03-04", "2025-03-04"), "different"),
        ((None, None), ("2025-03-04", "2025-03-04"), "different"),
    ],
)
def test_stock_phrases_need_speaker_and_date(speakers, dates, judgement):
    a, b = (occurrence(u, SHORT, s, d) for u, s, d in zip("ab", speakers, dates, strict=True))
    assert judge(a, b).judgement == judgement


def test_long_rare_texts_need_neither():
    a = occurrence("a", BASE, None, "2025-03-04")
    assert judge(a, occurrence("b", BASE, "Anna Weber", "2025-11-30")).judgement == "same"
    assert judge(a, occurrence("b", BASE, None, None)).judgement == "same"


def test_a_contradiction_keeps_groups_apart_although_a_fragment_fits_both():
    texts = [
        BASE,
        OTHER["negation"],
        "our children deserve trains",
        "invest forty billion euros in rail",
    ]
    groups = cluster([occurrence(str(n), text) for n, text in enumerate(texts)]).groups
    assert len(groups) == 2
    assert not any({"0", "1"} <= set(group) for group in groups)


def test_people_always_win():
    texts = {"a": BASE, "b": BASE, "c": OTHER["negation"]}
    occurrences = [occurrence(uid, text) for uid, text in texts.items()]
    assert cluster(occurrences).groups == (("a", "b"), ("c",))
    told = [Edge("a", "b", 1.0, "different", by="Ida"), Edge("a", "c", 0.5, "same", by="Ida")]
    clustering = cluster(occurrences, told)
    assert clustering.groups == (("a", "c"), ("b",))
    assert all(edge in clustering.edges for edge in told)


def test_edges_say_why():
    clustering = cluster(
        [occurrence("a", BASE), occurrence("b", SAME["typo"]), occurrence("c", OTHER["number"])]
    )
    by_pair = {(edge.a, edge.b): edge for edge in clustering.edges}
    assert by_pair["a", "b"].judgement == "same"
    assert "same speaker" in by_pair["a", "b"].why
    assert by_pair["a", "c"].judgement == "different"
    assert "number: " in by_pair["a", "c"].why
    assert all(0 <= edge.similarity <= 1 and edge.a < edge.b for edge in clustering.edges)


WORDS = [
    "we",
    "will",
    "not",
    "invest",
    "forty",
    "billion",
    "euros",
    "in",
    "railways",
    "Norway",
    "Estonia",
    "children",
    "deserve",
    "better",
    "trains",
    "12",
    "…",
]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=0, max_size=14).map(" ".join)
AS_PRINTED = st.tuples(TEXTS, st.sampled_from([str, str, str.upper])).map(lambda row: row[1](row[0]))
OCCURRENCES = st.lists(
    st.tuples(
        AS_PRINTED,
        st.sampled_from(["Anna Weber", "Weber", "Otto Lang", None]),
        st.sampled_from(["2025-03-04", "2025-03-06", "2025-03-16", "2025-09-01", None, "0001-01-01", "soon"]),
    ),
    max_size=14,
).map(lambda rows: [occurrence(f"{n:02}", *row) for n, row in enumerate(rows)])


@settings(max_examples=150, deadline=None)
@given(OCCURRENCES, st.randoms())
def test_the_order_of_occurrences_changes_nothing(occurrences, shuffler):
    expected = cluster(occurrences)
    assert sorted(uid for group in expected.groups for uid in group) == [o.uid for o in occurrences]
    shuffled = list(occurrences)
    shuffler.shuffle(shuffled)
    assert cluster(shuffled) == expected


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_judging_is_symmetric(a, b):
    first, second = occurrence("a", a), occurrence("b", b)
    assert judge(first, second) == judge(second, first)


def _many(kind):
    vocabulary = [f"word{n}" for n in range(4000)]
    chance = random.Random(1)
    for n in range(3000):
        day = f"2025-{1 + n % 12:02}-{1 + n % 28:02}"
        if kind == "identical":
            yield occurrence(
                f"{n:05}", "Thank you all very much indeed for coming here today", "Anna Weber", day
            )
        elif kind == "identical, speakers unknown, one day":
            yield occurrence(f"{n:05}", "Thank you all for coming", None, "2025-03-04")
        elif kind == "every speaker says it":
            yield occurrence(
                f"{n:05}", "We will not be intimidated by anyone, at home or abroad", f"A Name{n}", day
            )
        elif kind == "one speaker, one opening":
            yield occurrence(
                f"{n:05}",
                "As I told the assembly " + " ".join(chance.choices(vocabulary, k=12)),
                "Weber",
                day,
            )


@pytest.mark.parametrize(
    "kind",
    [
        "identical",
        "identical, speakers unknown, one day",
        "every speaker says it",
        "one speaker, one opening",
    ],
)
def test_no_quadratic_work(kind):
    occurrences = list(_many(kind))

    def seconds(count):
        start = time.process_time()
        cluster(occurrences[:count])
        return time.process_time() - start

    seconds(100)
    assert seconds(3000) < 0.5 + 8 * seconds(750)


def test_odd_input_is_clustered_too():
    texts = [
        "",
        "…",
        "Yes",
        "\x00\x01",
        "שלום עולם זה לא נגמר",
        "word " * 20_000,
        "🙂",
        "\ud800",
        "我们不会等待他们的许可",
    ]
    occurrences = [occurrence(f"{n:02}", text, None, "9999-99-99") for n, text in enumerate(texts * 2)]
    groups = cluster(occurrences).groups
    assert sum(map(len, groups)) == len(occurrences)
    assert ("05", "14") in groups


def test_texts_without_spaces_are_found():
    text = "我们不会等待他们的许可因为孩子们需要准时到达的火车"
    a, b = occurrence("a", text, "王芳", language="zh"), occurrence("b", text[4:20], "王芳", language="zh")
    assert cluster([a, b]).groups == (("a", "b"),)
