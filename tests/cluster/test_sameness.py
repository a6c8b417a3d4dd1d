"""What outlets do to one statement, and what makes another of it: by example. All people are fictional."""

import pytest

from quotetrack.cluster import cluster, judge
from quotetrack.types import Occurrence

ENGLISH = (
    "We will not close the harbour library in March, because 3,000 families in Kestria use it every week "
    "and the mayor has promised that its staff must keep their jobs."
)
GERMAN = (
    "Wir schließen die Hafenbücherei im März nicht, denn 3000 Familien in Kestrien nutzen sie jede Woche, "
    "und der Bürgermeister muss sein Versprechen an die Beschäftigten halten."
)
SAME = [
    ("en", "cut at the end", "We will not close the harbour library in March, because 3,000 families"),
    ("en", "cut at the start", "3,000 families in Kestria use it every week and the mayor has promised"),
    ("en", "gap …", "We will not close the harbour library … because 3,000 families in Kestria use it"),
    ("en", "gap […]", "We will not close the harbour library […] and the mayor has promised that its staff"),
    ("en", "gap (...)", "the harbour library (...) because 3,000 families in Kestria use it every week"),
    ("en", "silent gap", "We will not close the harbour library because 3,000 families use it every week"),
    ("en", "bracket", "We will not close [it] in March, because 3,000 families in Kestria use it every week"),
    (
        "en",
        "bracket explains",
        "because 3,000 families in Kestria use [the library] every week and the mayor",
    ),
    ("en", "marks", "»We will not close the ‘harbour library’ in March – because 3,000 families in Kestria«"),
    ("en", "US spelling", "We will not close the harbor library in March, because 3,000 families in Kestria"),
    ("en", "OCR", "We wi1l not close the harb0ur library in March, because 3,000 fami1ies in Kestria"),
    ("en", "typo", "We will not close the harbour libary in March, becuase 3,000 families in Kestria use"),
    ("en", "contraction", "We won't close the harbour library in March, because 3,000 families in Kestria"),
    (
        "en",
        "filler",
        "We will not, you know, close the harbour library in March, because, well, 3,000 families",
    ),
    ("en", "cue-broken", "We will not close the harbour library, she said, in March, because 3,000 families"),
    (
        "en",
        "two as one",
        "This is our promise. We will not close the harbour library in March, because 3,000",
    ),
    ("en", "indirect", "they would not close the harbour library in March because 3,000 families in Kestria"),
    ("en", "indirect, he", "he would not close the harbour library in March, because 3,000 families used it"),
    ("en", "partly quoted", "not close the harbour library in March"),
    ("en", "capitals", "WE WILL NOT CLOSE THE HARBOUR LIBRARY IN MARCH, BECAUSE 3,000 FAMILIES"),
    ("en", "number in words", "because three thousand families in Kestria use it every week and the mayor"),
    ("de", "cut at the end", "Wir schließen die Hafenbücherei im März nicht, denn 3000 Familien"),
    ("de", "cut at the start", "3000 Familien in Kestrien nutzen sie jede Woche, und der Bürgermeister"),
    ("de", "gap", "Wir schließen die Hafenbücherei […] nicht, denn 3000 Familien in Kestrien nutzen sie"),
    ("de", "silent gap", "Wir schließen die Hafenbücherei nicht, denn 3000 Familien nutzen sie jede Woche"),
    (
        "de",
        "bracket",
        "denn 3000 Familien in Kestrien nutzen [die Bücherei] jede Woche, und der Bürgermeister",
    ),
    ("de", "marks", "„Wir schließen die ‚Hafenbücherei‘ im März nicht – denn 3.000 Familien in Kestrien“"),
    ("de", "ss and ae", "Wir schliessen die Hafenbuecherei im Maerz nicht, denn 3000 Familien in Kestrien"),
    ("de", "OCR", "Wir schließen die Hafenbüchere1 im März nicht, denn 3000 Fami1ien in Kestrien nutzen"),
    ("de", "typo", "Wir schließen die Hafenbüchrei im März nicht, denn 3000 Famlien in Kestrien nutzen"),
    ("de", "filler", "Wir schließen die Hafenbücherei im März ja doch nicht, denn 3000 Familien in Kestrien"),
    ("de", "cue-broken", "Wir schließen die Hafenbücherei im März, sagte sie, nicht, denn 3000 Familien"),
    ("de", "two as one", "Das haben wir versprochen. Wir schließen die Hafenbücherei im März nicht, denn"),
    (
        "de",
        "Konjunktiv I",
        "man schließe die Hafenbücherei im März nicht, denn 3000 Familien in Kestrien nutzten",
    ),
    (
        "de",
        "Konjunktiv II",
        "sie würden die Hafenbücherei im März nicht schließen, denn 3000 Familien in Kestrien",
    ),
    ("de", "partly quoted", "sein Versprechen an die Beschäftigten halten"),
]
OTHER = [
    ("en", "negation", ENGLISH.replace("will not", "will")),
    ("en", "negation", ENGLISH.replace("has promised", "has never promised")),
    ("en", "number", ENGLISH.replace("3,000", "5,000")),
    ("en", "name", ENGLISH.replace("Kestria", "Norland")),
    ("en", "date", ENGLISH.replace("March", "August")),
    ("en", "date", ENGLISH.replace("March", "August").lower()),
    ("en", "modality", ENGLISH.replace("must keep", "may keep")),
    (
        "en",
        "",
        "We will not close the harbour library in March, and nobody on this council ever said we would",
    ),
    ("de", "negation", GERMAN.replace(" nicht,", ",")),
    ("de", "number", GERMAN.replace("3000", "5000")),
    ("de", "name", GERMAN.replace("Kestrien", "Norland")),
    ("de", "date", GERMAN.replace("März", "August").lower()),
    ("de", "modality", GERMAN.replace("muss sein", "kann sein")),
    ("de", "modality", GERMAN.replace("muss sein", "darf sein")),
    ("de", "", "Wir schließen die Hafenbücherei im März nicht, weil der Rat das anders entschieden hat"),
]
SHIFTED = [  # direct, indirect: person, tense and mood
    ("de", "Wir warten nicht länger auf die Fähre", "man warte nicht länger auf die Fähre"),
    ("de", "Ich habe den Antrag nie gesehen", "er habe den Antrag nie gesehen"),
    ("de", "Wir werden die Brücke im Herbst öffnen", "man werde die Brücke im Herbst öffnen"),
    ("de", "Mir fehlt jedes Verständnis dafür", "ihm fehle jedes Verständnis dafür"),
    ("de", "Ich bin enttäuscht von meiner Partei", "sie sei enttäuscht von ihrer Partei"),
    ("de", "Uns liegen keine Beschwerden vor", "ihnen lägen keine Beschwerden vor"),
    ("de", "Das können wir den Fischern nicht zumuten", "das könne man den Fischern nicht zumuten"),
    ("en", "I have never seen the ferry contract", "he had never seen the ferry contract"),
    ("en", "We can open the bridge in autumn", "they could open the bridge in autumn"),
    ("en", "I am disappointed by my own party", "she was disappointed by her own party"),
    ("en", "My door is open to every fisherman", "his door was open to every fisherman"),
]


DATES = [
    ("en", "The council votes on the harbour library on Monday", "on Thursday", "on Monday", False),
    ("en", "We will hear the fishermen tomorrow and decide", "today", "tomorrow", False),
    ("en", "We will hear the fishermen today and decide", "on Monday", "today", True),
    ("de", "Der Rat stimmt am Montag über die Hafenbücherei ab", "am Freitag", "am Montag", False),
    ("de", "Wir hören die Fischer morgen an und entscheiden dann", "heute", "morgen", False),
    ("de", "Wir hören die Fischer heute an und entscheiden dann", "am Montag", "heute", True),
]


def occurrence(uid: str, text: str, language: str, speaker: str | None = "Mila Torn") -> Occurrence:
    return Occurrence(uid, text, speaker=speaker, published="2025-02-03", language=language)


@pytest.mark.parametrize(("language", "how", "text"), SAME)
def test_one_statement(language: str, how: str, text: str) -> None:
    full = occurrence("a", {"en": ENGLISH, "de": GERMAN}[language], language)
    edge = judge(full, occurrence("b", text, language))
    assert edge.judgement == "same", (how, edge.why)
    assert cluster([full, occurrence("b", text, language)]).groups == (("a", "b"),)


@pytest.mark.parametrize(("language", "what", "text"), OTHER)
def test_another_statement(language: str, what: str, text: str) -> None:
    full = occurrence("a", {"en": ENGLISH, "de": GERMAN}[language], language)
    edge = judge(full, occurrence("b", text, language))
    assert edge.judgement != "same", edge
    assert what in edge.why


@pytest.mark.parametrize(("language", "text", "day", "former", "same"), DATES)
def test_another_day_is_another_statement(
    language: str, text: str, day: str, former: str, same: bool
) -> None:
    """Except where one outlet names the day that the other calls today."""
    edge = judge(occurrence("a", text, language), occurrence("b", text.replace(former, day), language))
    assert (edge.judgement == "same") is same, edge
    assert same or "date: " in edge.why


@pytest.mark.parametrize(("language", "direct", "indirect"), SHIFTED)
def test_direct_here_and_indirect_there(language: str, direct: str, indirect: str) -> None:
    edge = judge(occurrence("a", direct, language), occurrence("b", indirect, language))
    assert edge.judgement == "same", edge


def test_a_quote_without_speaker_does_not_join_two_speakers() -> None:
    slogan = "We will leave no town out in the rain"
    said = [
        occurrence(uid, slogan, "en", speaker)
        for uid, speaker in (("a", "Mila Torn"), ("b", None), ("c", "Ove Lund"))
    ]
    said[2] = Occurrence("c", slogan, speaker="Ove Lund", published="2025-04-16", language="en")
    groups = cluster(said).groups
    assert groups == (("a", "b"), ("c",))


SLOGAN = "No family should have to choose between bread and medicine"
CONTEXT = f"I have said so in every village of the coast since the spring. {SLOGAN}. Not one of them, ever."


@pytest.mark.parametrize(
    ("first", "second", "text", "expected"),
    [
        (("Anna Weber", "2025-03-04"), (None, "2025-03-05"), SLOGAN, True),
        (("Anna Weber", "2025-03-04"), (None, "2025-07-04"), SLOGAN, False),
        ((None, "2025-03-04"), (None, "2025-07-04"), SLOGAN, False),
        ((None, "2025-03-04"), (None, "2025-07-04"), CONTEXT, True),
        (("Anna Weber", "2025-03-04"), ("Karl Brandt", "2025-03-05"), SLOGAN, False),
    ],
)
def test_a_slogan_months_later_is_not_the_same_unless_its_speaker_is_known(first, second, text, expected):
    a, b = (
        Occurrence(uid, said, speaker=who, published=day, language="en")
        for uid, said, (who, day) in (("a", SLOGAN, first), ("b", text, second))
    )
    assert (judge(a, b).judgement == "same") == expected, judge(a, b).why


#: What two wordings do to each other at one place: an outlet's slip is no contradiction, a negation is one.
AT_ONE_PLACE = [
    (
        "The ferries to Kestria carry grain past Orlova every week",
        "The ferries to Kestria carry grain past Orlovaevery",
        True,
    ),
    (
        "Our harbour is our greatest strength as a town",
        "Our harbour is our greateststrength as a town",
        True,
    ),
    ("They met in Kestria at the summit on grain", "They met in Kestria at the surnmit on grain", True),
    (
        "It is in this same spirit that we see the problem of the harbour assembly",
        "It is not in [the bill] same spirit that we see the problem of the harbour assembly",
        False,
    ),
]


@pytest.mark.parametrize(("one", "other", "same"), AT_ONE_PLACE)
def test_a_slip_is_no_contradiction(one: str, other: str, *, same: bool) -> None:
    edge = judge(occurrence("a", one, "en"), occurrence("b", other, "en"))
    assert (edge.judgement == "same") == same, edge


def test_a_slogan_without_speaker_does_not_tie_occasions_step_by_step() -> None:
    slogan = "Our diversity is our greatest strength as a people"
    days = {"a": "2025-03-04", "b": "2025-03-12", "c": "2025-03-20"}
    groups = cluster(
        Occurrence(uid, slogan, speaker="Mila Torn" if uid == "a" else None, published=day, language="en")
        for uid, day in days.items()
    ).groups
    assert groups == (("a",), ("b",), ("c",))


def test_a_slip_does_not_tie_two_occasions_of_a_slogan() -> None:
    said = [
        Occurrence(uid, text, speaker="Mila Torn", published=day, language="en")
        for uid, text, day in (
            ("a", "We will rebuild and we will come back stronger", "2025-02-25"),
            ("b", "We will rebuild and we wil come back stronger", "2025-04-29"),
        )
    ]
    found = cluster(said)
    assert found.groups == (("a",), ("b",))
    assert [edge.kind for edge in found.edges] == ["said before"]
