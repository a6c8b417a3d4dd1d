from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marked import unmark
from quotetrack import languages
from quotetrack.annotate import Annotator
from quotetrack.resolve import resolve
from quotetrack.types import Annotation, Mention, Quote, Sentence, Span, Token

# marked text -> the speakers of its quotes in order: (name, kind) or None. All people are invented.
GERMAN = {
    "full name": (
        "⟦Sabine Ahlers⟧ sagte, ⟨der Plan sei gut⟩.",
        [("Sabine Ahlers", "person")],
    ),
    "surname": (
        "Der Bürgermeister Torben Klüver kam am Montag. ⟦Klüver⟧ sagte, ⟨er bleibe⟩.",
        [("Torben Klüver", "person")],
    ),
    "genitive": (
        "Außenministerin Greta Solberg reiste ab. Nach ⟦Solbergs Meinung⟧ ⟨ist der Vertrag gut⟩.",
        [("Greta Solberg", "person")],
    ),
    "title and surname": (
        "Der Arzt Dr. Henning Vogt warnte gestern. ⟦Dr. Vogt⟧ sagte, ⟨es werde schlimmer⟩.",
        [("Henning Vogt", "person")],
    ),
    "pronoun": (
        "Die Ministerin Greta Solberg sprach mit dem Präsidenten Ole Brandt. ⟦Sie⟧ sagte, ⟨das Geld reiche⟩.",
        [("Greta Solberg", "person")],
    ),
    "possessive": (
        "Der Trainer Mirko Zander war zufrieden. ⟦Seiner Meinung⟧ nach ⟨war das Spiel gut⟩.",
        [("Mirko Zander", "person")],
    ),
    "description": (
        "Verkehrsminister Jonas Reiter kam mit Minister Paul Engel. ⟦Der Verkehrsminister⟧ sagte, ⟨ja⟩.",
        [("Jonas Reiter", "person")],
    ),
    "description by place": (
        (
            "Der brasilianische Präsident João Prado traf den chilenischen Präsidenten Luis Ferrer. "
            "⟦Der chilenische Präsident⟧ sagte, ⟨man sei einig⟩."
        ),
        [("Luis Ferrer", "person")],
    ),
    "compound title": (
        "⟦FDP-Experte Jan Ulmer⟧ nannte ⟨das einen Fehler⟩.",
        [("Jan Ulmer", "person")],
    ),
    "name after its role": (
        "⟦Der Sprecher der Organisation Klimahilfe, Tom Weidner⟧, sagte, ⟨es fehle Geld⟩.",
        [("Tom Weidner", "person")],
    ),
    "described by a noun that no list knows": (
        "Clara Bergner kam. ⟦Ihr Jugendfreund Jonas Reiher⟧ sagte, ⟨man warte ab⟩.",
        [("Jonas Reiher", "person")],
    ),
    "an outlet in marks": (
        "⟦Die US-amerikanische Musikzeitschrift „Hafenlicht“⟧ berichtet, ⟨es werde gespielt⟩.",
        [("Hafenlicht", "organisation")],
    ),
    "a body called after somebody": (
        "Laut ⟦Friedrich Brandt-Institut⟧ ⟨sinken die Zahlen⟩.",
        [("Friedrich Brandt-Institut", "organisation")],
    ),
    "a first name that looks like a noun, behind a role": (
        "⟦Der Kapitän Ozean Brandt⟧ sagte, ⟨man warte ab⟩.",
        [("Ozean Brandt", "person")],
    ),
    "an affair is nobody": ("⟦Der Fall Jonas Reiher⟧ zeigt, ⟨dass es so nicht geht⟩.", [None]),
    "no name": ("⟦Ein Sprecher des Umweltministeriums⟧ sagte, ⟨man prüfe das⟩.", [None]),
    "no name, several": ("⟦Beobachter⟧ erwarten, ⟨dass es regnet⟩.", [None]),
    "nickname in marks": (
        "Der Stürmer Robert „Bobby“ Hansen kam. ⟦Bobby⟧ sagte, ⟨es reiche⟩.",
        [("Robert Hansen", "person")],
    ),
    "nickname in brackets": (
        "Kapitänin Greta („Gitte“) Solberg kam. ⟦Gitte⟧ sagte, ⟨es reiche⟩.",
        [("Greta Solberg", "person")],
    ),
    "age beside a name": (
        "Jonas Reiter, 54, traf Paul Engel, 61. ⟦Der 54-Jährige⟧ sagte, ⟨es reiche⟩.",
        [("Jonas Reiter", "person")],
    ),
    "one among others": (
        "Viele Präsidenten, ⟦unter anderem Rafael Sandmann⟧, sagten, ⟨es reiche⟩.",
        [("Rafael Sandmann", "person")],
    ),
    "surname that reads as a role": (
        "⟦Außenminister Holger Fischer⟧ sagte, ⟨es reiche⟩. ⟦Fischer⟧ meint, ⟨es eile⟩.",
        [("Holger Fischer", "person"), ("Holger Fischer", "person")],
    ),
    "after a long report": (
        (
            "Minister Jonas Reiter kam. ⟦Reiter⟧ sagte, ⟨es eile⟩. Das Geld sei knapp. "
            "Die Lage habe sich verschärft. Die Bank müsse helfen. Der Plan sei gut. "
            "Zudem forderte ⟦er⟧, ⟨dass alle warten⟩."
        ),
        [("Jonas Reiter", "person"), ("Jonas Reiter", "person")],
    ),
    "name behind what it is": (
        "Laut ⟦der Website⟧ „kuestenblick.de“ ⟨steigt das Meer⟩.",
        [("kuestenblick.de", "organisation")],
    ),
    "expert on somebody": ("Tom Weidner siegte. ⟦Weidner-Kenner⟧ sagen, ⟨es reiche⟩.", [None]),
    "behind somebody else in its own clause": (
        (
            "Jonas Reiter flog zum Mond. Mit seinem Kollegen Paul Engel landete er sicher. "
            "Später erklärte ⟦er⟧, ⟨es sei still gewesen⟩."
        ),
        [("Jonas Reiter", "person")],
    ),
    "of somebody without a name": (
        "Stürmer Mirko Zander fehlt. Der behandelnde Arzt Zanders ist froh. ⟦Er⟧ sagte, ⟨es heile⟩.",
        [None],
    ),
    "the study told of before": (
        "Eine Studie der Universität Kestrin liegt vor. ⟦Der Studie⟧ zufolge ⟨steigt das Meer⟩.",
        [("Universität Kestrin", "organisation")],
    ),
    "two people": ("⟦Sabine Ahlers und Tom Weidner⟧ sagten, ⟨sie seien einig⟩.", [None]),
    "first person": ("Sabine Ahlers war da. ⟦Ich⟧ sagte, ⟨das reicht⟩.", [None]),
    "acronym": (
        "Der Verband Deutscher Brunnenbauer (VDB) tagt. ⟦Der VDB⟧ fordert, ⟨dass mehr gebohrt wird⟩.",
        [("Verband Deutscher Brunnenbauer", "organisation")],
    ),
    "named by its kind": (
        "Das dänische Verkehrsministerium prüft den Fall. ⟦Das Ministerium⟧ erklärte, ⟨es gebe Zweifel⟩.",
        [("dänische Verkehrsministerium", "organisation")],
    ),
    "name in marks": (
        "Laut ⟦der Zeitung „Küstenbote“⟧ ⟨steigt das Wasser⟩.",
        [("Küstenbote", "organisation")],
    ),
    "document": (
        "Nach ⟦Angaben der Polizei⟧ ⟨wurde niemand verletzt⟩.",
        [("Polizei", "organisation")],
    ),
    "place in the genitive": (
        "⟦Seebrücks Oberbürgermeisterin Maraike Quellbrunn⟧ sagte, ⟨es reiche⟩.",
        [("Maraike Quellbrunn", "person")],
    ),
    "country in the genitive": (
        "⟦Kestriens Aussenministerin Odile Pemberwick⟧ sagte, ⟨es reiche⟩.",
        [("Odile Pemberwick", "person")],
    ),
    "surname that looks like a noun": (
        "Parteichef Corvin Hasselgreen kam. ⟦Hasselgreen⟧ sagte, ⟨es reiche⟩.",
        [("Corvin Hasselgreen", "person")],
    ),
    "function before a name": (
        "⟦Pächterin Swantje Ollenrode⟧ sagte, ⟨es reiche⟩.",
        [("Swantje Ollenrode", "person")],
    ),
    "critic": (
        "⟦Die Kritikerin Mechthild Auerswaldt⟧ schrieb, ⟨es reiche⟩.",
        [("Mechthild Auerswaldt", "person")],
    ),
    "age": (
        "Trainer Jonas Wiebrecht kam. „⟨Es reicht⟩“, sagte ⟦der 44-Jährige⟧.",
        [("Jonas Wiebrecht", "person")],
    ),
    "whose chairwoman": (
        "Die Initiative Gläserner Hafen klagte. ⟦Deren Vorsitzende Nele Dachsröther⟧ sagte, ⟨es reiche⟩.",
        [("Nele Dachsröther", "person")],
    ),
    "ministry in the genitive": (
        "Nach ⟦Angaben des Umweltministeriums⟧ ⟨steigt das Wasser⟩.",
        [("Umweltministerium", "organisation")],
    ),
    "association in the genitive": (
        "Laut ⟦einer Umfrage des Verbandes Kestrafracht⟧ ⟨steigen die Kosten⟩.",
        [("Verband Kestrafracht", "organisation")],
    ),
    "name of any words": (
        "⟦Die Liste Aufwärts⟧ kritisierte, ⟨die Kommission komme zu spät⟩.",
        [("Liste Aufwärts", "organisation")],
    ),
    "the business": (
        "Die Reederei Ankerlund zeigte sich enttäuscht. „⟨Wir warten⟩“, teilte ⟦das Unternehmen⟧ mit.",
        [("Reederei Ankerlund", "organisation")],
    ),
    "possessor": (
        "Der Unternehmer Karl Sandmann schwieg. ⟦Sandmanns Anwältin⟧ sagte, ⟨er sei unschuldig⟩.",
        [None],
    ),
}
ENGLISH = {
    "a suffix of a name": (
        "⟦Piers Radnock III, founder of the Coastal Trust,⟧ said ⟨the ferry would run⟩.",
        [("Piers Radnock", "person")],
    ),
    "by the party": (
        "⟦Senate Leader Piers Radnock⟧ said ⟨the ferry runs⟩. ⟦The Norland Republican⟧ added ⟨it was late⟩.",
        [("Piers Radnock", "person"), ("Piers Radnock", "person")],
    ),
    "a plural noun is nobody's name": ("⟦Hauliers⟧ fear ⟨the worst⟩.", [None]),
    "another word for who spoke": (
        "“⟨It was very nice,⟩” ⟦Piers Radnock⟧ said. “⟨We laughed,⟩” ⟦the actor⟧ told reporters.",
        [("Piers Radnock", "person"), ("Piers Radnock", "person")],
    ),
    "another word, but another one is spoken of": (
        "⟦Piers Radnock⟧ said ⟨yes⟩. Then Anna Weber was cheered when ⟦the actor⟧ called for ⟨a ban⟩.",
        [("Piers Radnock", "person"), None],
    ),
    "whose turn it is": (
        "Q: ⟦Your colleague Tobiah Renfield-Oke⟧ says ⟨your forecast is too high⟩.",
        [("Tobiah Renfield-Oke", "person")],
    ),
    "full name": ("⟦Maria Tolland⟧ said ⟨the plan was good⟩.", [("Maria Tolland", "person")]),
    "surname": (
        "Sen. Harold Binning (R-Ohio) came on Monday. ⟦Binning⟧ said ⟨he would stay⟩.",
        [("Harold Binning", "person")],
    ),
    "title and surname": (
        "Professor Edna Corrigan spoke first. ⟦Ms. Corrigan⟧ said ⟨it was late⟩.",
        [("Edna Corrigan", "person")],
    ),
    "middle initial": (
        "Robert T. Halvorsen wrote the report. ⟦Robert Halvorsen⟧ said ⟨it was done⟩.",
        [("Robert T. Halvorsen", "person")],
    ),
    "pronoun": (
        "Spokeswoman Maria Tolland met Chairman Harold Binning. ⟦She⟧ said ⟨nothing was decided⟩.",
        [("Maria Tolland", "person")],
    ),
    "relative": (
        "The talks were led by Harold Binning, ⟦who⟧ said ⟨they went well⟩.",
        [("Harold Binning", "person")],
    ),
    "description": (
        "Gov. Edna Corrigan met Mayor Harold Binning. ⟦The mayor⟧ said ⟨the city was safe⟩.",
        [("Harold Binning", "person")],
    ),
    "delayed name": (
        (
            "A former Tidewater University president says ⟨the exams were sold⟩.\n\n"
            "“I saw it,” said ⟦Edna Corrigan⟧, who led Tidewater University until 2010."
        ),
        [("Edna Corrigan", "person")],
    ),
    "modifier": (
        "⟦Binning spokesman Carl Dray⟧ said ⟨the senator was ill⟩.",
        [("Carl Dray", "person")],
    ),
    "nickname in marks": (
        "William “Bud” Halvorsen came. ⟦Bud⟧ said ⟨it was late⟩.",
        [("William Halvorsen", "person")],
    ),
    "nickname in brackets": (
        "Robert (Bobby) Halvorsen came. ⟦Bobby Halvorsen⟧ said ⟨it was late⟩.",
        [("Robert Halvorsen", "person")],
    ),
    "age beside a name": (
        "Edna Corrigan, 54, met Harold Binning, 61. ⟦The 54-year-old⟧ said ⟨it was late⟩.",
        [("Edna Corrigan", "person")],
    ),
    "one among others": (
        "Several mayors, ⟦among them Edna Corrigan⟧, said ⟨it was late⟩.",
        [("Edna Corrigan", "person")],
    ),
    "no name": ("⟦Officials⟧ said ⟨the road was closed⟩.", [None]),
    "possessor": ("Harold Binning was absent. ⟦Binning's lawyer⟧ said ⟨he was ill⟩.", [None]),
    "organisation": (
        "⟦The Tidewater Institute for Coastal Research⟧ said ⟨the sea was rising⟩.",
        [("Tidewater Institute for Coastal Research", "organisation")],
    ),
    "acronym": (
        "The Coastal Research Council (CRC) met. ⟦The CRC⟧ said ⟨the sea was rising⟩.",
        [("Coastal Research Council", "organisation")],
    ),
    "somebody's organisation": (
        "⟦The Binning campaign⟧ said ⟨it had won⟩.",
        [("Binning campaign", "organisation")],
    ),
    "function before a name": (
        "⟦Councillor Ambrose Netherby-Gale, who organised the evening⟧, said ⟨it was late⟩.",
        [("Ambrose Netherby-Gale", "person")],
    ),
    "its director": (
        "The trade body Kestrafracht counts trucks. “⟨We pay⟩,” said ⟦its director, Casimir Wendlebury⟧.",
        [("Casimir Wendlebury", "person")],
    ),
    "it": (
        "Winds were strong, according to the Norland Meteorological Office. ⟦It⟧ said ⟨rain was possible⟩.",
        [("Norland Meteorological Office", "organisation")],
    ),
    "it, of two": (
        "The Coast League met the Norland Meteorological Office. ⟦It⟧ said ⟨rain was possible⟩.",
        [None],
    ),
    "name behind a class": (
        "⟦The shipping line Ankerlund⟧ said ⟨it was disappointed⟩.",
        [("Ankerlund", "organisation")],
    ),
    "name behind what it does": (
        "⟦The operator, Seebrück Harbour Lines⟧, says ⟨it cannot pay⟩.",
        [("Seebrück Harbour Lines", "organisation")],
    ),
    "label of a dialogue": ("⟦Q⟧: ⟨Are you well?⟩", [None]),
    "leader, described": (
        (
            "“We will win,” Corvin Hasselgreen said in Obersee.\n\n"
            "⟦The leader of the Upward List⟧ said ⟨doctors would come⟩."
        ),
        [("Corvin Hasselgreen", "person")],
    ),
    "office that is of something": (
        "⟦Former Secretary of State Maria Tolland⟧ said ⟨it was late⟩.",
        [("Maria Tolland", "person")],
    ),
    "surname that reads as a role": (
        "⟦General counsel Harold Baker⟧ said ⟨it was late⟩.",
        [("Harold Baker", "person")],
    ),
    "pronoun in front of its name": (
        "Carl Dray met Owen Harper. Despite ⟦his⟧ ⟨doubts about the plan⟩, Harper signed it.",
        [("Owen Harper", "person")],
    ),
    "pronoun of the last subject": (
        "Carl Dray won. He met Harold Binning. In a later speech ⟦he⟧ said ⟨it was late⟩.",
        [("Carl Dray", "person")],
    ),
    "the poll told of before": (
        "A Harbour Times poll came out. ⟦The poll⟧ said ⟨turnout would fall⟩.",
        [("Harbour Times", "organisation")],
    ),
    "names that only modify": (
        "Carl Dray came. ⟦Dray, a backer of the Tolland plan and the Binning plan⟧, said ⟨no⟩.",
        [("Carl Dray", "person")],
    ),
    "two people": ("⟦Maria Tolland and Harold Binning⟧ said ⟨they agreed⟩.", [None]),
}


def check(annotator: Annotator, marked: str, expected: list[tuple[str, str] | None]) -> None:
    text, quotes = unmark(marked)
    resolved = resolve(annotator.annotate([text])[0], quotes, languages.load(annotator.language))
    found = [(q.speaker.name, q.speaker.kind) if q.speaker else None for q in resolved]
    assert found == expected
    for quote in resolved:
        if quote.speaker:
            assert quote.speaker.rule
            assert quote.speaker.mention is not None


@pytest.mark.parametrize("case", GERMAN)
def test_resolves_in_german(case: str, annotator_de: Annotator) -> None:
    check(annotator_de, *GERMAN[case])


@pytest.mark.parametrize("case", ENGLISH)
def test_resolves_in_english(case: str, annotator_en: Annotator) -> None:
    check(annotator_en, *ENGLISH[case])


def test_a_given_name_alone_never_decides_a_gender(annotator_en: Annotator) -> None:
    text, quotes = unmark("Maria Tolland met Edna Corrigan. ⟦He⟧ said ⟨it rained⟩.")
    speaker = resolve(annotator_en.annotate([text])[0], quotes, languages.load("en"))[0].speaker
    assert speaker is None or speaker.rule == "pronoun"  # either may be a man: the text does not say


def test_i_inside_a_quotation_means_whoever_is_quoted(annotator_en: Annotator) -> None:
    text = "“I think I should go,” said Maria Tolland."
    whole = Quote("direct", (Span(1, 20),), (Span(23, 27),), (Span(28, 41),))
    inner = Quote("indirect", (Span(9, 20),), (Span(3, 8),), (Span(1, 2),))
    outer, own = resolve(annotator_en.annotate([text])[0], [whole, inner], languages.load("en"))
    assert outer.speaker
    assert own.speaker
    assert own.speaker.name == outer.speaker.name == "Maria Tolland"
    assert own.speaker.rule == "own words"


def test_the_given_quotes_come_back_in_order_and_else_unchanged(annotator_en: Annotator) -> None:
    text, quotes = unmark("⟦Maria Tolland⟧ said ⟨yes⟩. Later ⟦she⟧ said ⟨no⟩.")
    resolved = resolve(annotator_en.annotate([text])[0], list(reversed(quotes)), languages.load("en"))
    assert [q.content for q in resolved] == [q.content for q in reversed(quotes)]
    assert {q.speaker.name for q in resolved if q.speaker} == {"Maria Tolland"}


# ---------------------------------------------------------------------- odd texts

WORDS = [
    "Anna",
    "Weber",
    "Sprecher",
    "der",
    "Partei",
    "(CDU)",
    ",",
    "-",
    "'s",
    "’",
    "„",
    "“",
    "sie",
    "he",
    "of",
    "SPD-Chef",
    "the",
    "senator",
    "R-Ohio",
    "Dr.",
    "und",
    "ẞ",
    "İ",
    "a.b",
    "who",
    "laut",
    "\n\n",
    "\ud800",
]


@st.composite
def read_texts(draw: st.DrawFn) -> tuple[Annotation, list[Quote]]:
    """An annotation as a model might give it, right or wrong, with quotes anywhere in it."""
    text = draw(
        st.one_of(
            st.lists(st.sampled_from(WORDS), min_size=1).map(" ".join), st.text(min_size=1, max_size=80)
        )
    )
    spans = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).map(
        lambda ends: Span(min(ends[0], ends[1] - 1), max(ends[1], ends[0] + 1))
    )
    tokens = tuple(
        Token(span, span.of(text), upos=draw(st.sampled_from(["", "PROPN", "NOUN", "VERB", "ADP", "PRON"])))
        for span in sorted(draw(st.lists(spans, max_size=8)))
    )
    kinds = st.sampled_from(["person", "organisation", "place", "other"])
    mentions = tuple(Mention(span, draw(kinds)) for span in sorted(draw(st.lists(spans, max_size=4))))
    quotes = [
        Quote("indirect", (content,), cue=tuple(draw(st.lists(spans, max_size=1))), source=tuple(source))
        for content, source in draw(
            st.lists(st.tuples(spans, st.lists(spans, max_size=2)), min_size=1, max_size=4)
        )
    ]
    sentences = (Sentence(Span(0, len(text)), tokens, parsed=bool(tokens)),)
    return Annotation(text, "de", sentences, mentions), quotes


@given(read_texts(), st.sampled_from(["de", "en"]))
@settings(max_examples=150, deadline=None)
def test_never_raises_and_names_only_what_stands_in_the_text(
    read: tuple[Annotation, list[Quote]], code: str
) -> None:
    annotation, quotes = read
    for quote in resolve(annotation, quotes, languages.load(code)):
        if quote.speaker:
            flat = "".join(annotation.text.casefold().split())
            for word in quote.speaker.name.casefold().split():  # a nominative is the beginning of what stands
                assert word in flat
            assert quote.speaker.mention is not None
            assert quote.speaker.mention.end <= len(annotation.text)
