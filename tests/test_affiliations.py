from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marked import unmark
from quotetrack import languages
from quotetrack.affiliations import affiliate
from quotetrack.annotate import Annotator
from quotetrack.resolve import resolve
from quotetrack.types import Annotation, Quote, Span
from test_resolve import read_texts

# marked text -> (organisation, role) of its quote. All people and bodies are invented.
GERMAN = {
    "apposition": (
        "⟦Behrend Tallin, Senior Fellow bei der Stiftung für Küstenschutz⟧, sagte, ⟨es eile⟩.",
        ("Stiftung für Küstenschutz", "Senior Fellow"),
    ),
    "preposition": (
        "⟦Mara Velten von der Staatsanwaltschaft⟧ sagte, ⟨man ermittle⟩.",
        ("Staatsanwaltschaft", None),
    ),
    "title": ("⟦Außenminister Jonas Reiter⟧ sagte, ⟨es gehe voran⟩.", (None, "Außenminister")),
    "title with party": ("⟦Bundeskanzlerin Greta Solberg (CDU)⟧ sagte, ⟨ja⟩.", ("CDU", "Bundeskanzlerin")),
    "role with its body": (
        "⟦Der Sprecher der Umweltorganisation Klimahilfe, Tom Weidner⟧, sagte, ⟨es fehle Geld⟩.",
        ("Klimahilfe", "Sprecher"),
    ),
    "brackets in between": (
        "⟦Der Präsident des Deutschen Rudervereins (DRV), Tom Weidner⟧, sagte, ⟨es fehle Geld⟩.",
        ("Deutsche Ruderverein", "Präsident"),
    ),
    "councilwoman": ("⟦Grünen-Ratsfrau Ines Kolbe⟧ sagte, ⟨es sei spät⟩.", ("Grünen", "Ratsfrau")),
    "compound": ("⟦SPD-Fraktionschef Jan Ulmer⟧ sagte, ⟨nein⟩.", ("SPD", "Fraktionschef")),
    "compound without hyphen": (
        "⟦Regierungssprecher Jan Ulmer⟧ sagte, ⟨nein⟩.",
        ("Regierung", "Regierungssprecher"),
    ),
    "relative clause": (
        "Tom Weidner, der das Institut für Meeresforschung leitet, kam. ⟦Weidner⟧ sagte, ⟨es werde wärmer⟩.",
        ("Institut für Meeresforschung", None),
    ),
    "compounds that share their end": (
        "⟦Der Sprecher für Arbeits- und Sozialpolitik der Nordpartei, Jonas Reiher⟧, sagte, ⟨ja⟩.",
        ("Nordpartei", "Sprecher für Arbeits- und Sozialpolitik"),
    ),
    "a name that no list knows": (
        "⟦Der Gentechnik-Experte von Klimahilfe, Tom Weidner⟧, sagte, ⟨es fehle Geld⟩.",
        ("Klimahilfe", "Gentechnik-Experte"),
    ),
    "parliament in a compound": (
        "⟦Die Landtagskollegin Johanne Modder⟧ sagte, ⟨es fehle Geld⟩.",
        ("Landtag", "Landtagskollegin"),
    ),
    "colleague in a party": (
        "Clara Bergner (Nordpartei) lobte den Plan. ⟦Ihr Parteifreund Jonas Reiher⟧ sagte, ⟨man warte ab⟩.",
        ("Nordpartei", "Parteifreund"),
    ),
    "colleague of nobody's party": (
        "Clara Bergner lobte den Plan. ⟦Ihr Parteifreund Jonas Reiher⟧ sagte, ⟨man warte ab⟩.",
        (None, "Parteifreund"),
    ),
    "a body's name of several words": (
        "Auch die Initiative Gläserner Hafen war da. ⟦Deren Vorsitzende Nele Quant⟧ sagte, ⟨es reiche⟩.",
        ("Initiative Gläserner Hafen", "Vorsitzende"),
    ),
    "from the whole article": (
        "⟦Weidner⟧ sagte, ⟨es werde wärmer⟩. Tom Weidner ist Direktor des Instituts für Meeresforschung.",
        ("Institut für Meeresforschung", "Direktor"),
    ),
    "nameless": (
        "⟦Ein Sprecher des Umweltministeriums⟧ sagte, ⟨man prüfe⟩.",
        ("Umweltministerium", "Sprecher"),
    ),
    "acronym": (
        "Der Verband Deutscher Brunnenbauer (VDB) tagt. ⟦VDB-Chefin Mara Velten⟧ sagte, ⟨es reiche⟩.",
        ("Verband Deutscher Brunnenbauer", "Chefin"),
    ),
    "land is no body": (
        "⟦Der dänische Ministerpräsident Ole Brandt⟧ sagte, ⟨ja⟩.",
        (None, "dänische Ministerpräsident"),
    ),
    "group": (
        "⟦Aktivisten der Umweltorganisation Klimahilfe⟧ fordern, ⟨dass es endet⟩.",
        ("Klimahilfe", "Aktivisten"),
    ),
    "first name that looks like a role": (
        "⟦Kapitän Bosse Wittkamp⟧ sagte, ⟨es reiche⟩.",
        (None, "Kapitän"),
    ),
    "association named after a place": (
        "Der Speditionsverband Norland tagte. ⟦Verbandschefin Hedda Lüttkemöller⟧ sagte, ⟨es reiche⟩.",
        ("Speditionsverband Norland", "Verbandschefin"),
    ),
    "acronym of a part of a name": (
        "Der Aufsichtsrat der Agentur für Küsten (AK) tagt. ⟦Ein AK-Sprecher⟧ sagte, ⟨es reiche⟩.",
        ("Agentur für Küsten", "Sprecher"),
    ),
    "bank called like a person": (
        "⟦Tom Weidner vom Bankhaus Anton Lamm⟧ sagte, ⟨es reiche⟩.",
        ("Bankhaus Anton Lamm", None),
    ),
    "reported to, not working for": (
        "Gegen Kapitän Paul Engel bei der Polizei liegt nichts vor. ⟦Engel⟧ sagte, ⟨es reiche⟩.",
        (None, "Kapitän"),
    ),
    "body explained behind a comma": (
        "⟦Der Chef der Gewerkschaft Ost, Nachfolgerin der Gewerkschaft West, Tom Weidner⟧, sagte, ⟨ja⟩.",
        ("Gewerkschaft Ost", "Chef"),
    ),
    "two functions": (
        "⟦Vizekanzler und Arbeitsminister Tom Weidner (SPD)⟧ sagte, ⟨ja⟩.",
        ("SPD", "Vizekanzler"),
    ),
    "role that says more than colleague": (
        "Sein Amtskollege Tom Weidner kam. ⟦Verkehrsminister Weidner⟧ sagte, ⟨ja⟩.",
        (None, "Verkehrsminister"),
    ),
    "genitive of a league": (
        "⟦Die Generalsekretärin des Küstenbundes, Ortrud Kleinschmidt⟧, sagte, ⟨es reiche⟩.",
        ("Küstenbund", "Generalsekretärin"),
    ),
    "opposition, no part of a name": (
        "⟦Corvin Hasselgreen, Vorsitzender der oppositionellen Liste Aufwärts⟧, sagte, ⟨es reiche⟩.",
        ("Liste Aufwärts", "Vorsitzender"),
    ),
    "adviser of a named line": (
        "Die Reederei Ankerlund warb. ⟦Tjark Ohlendieck, heute Berater bei Ankerlund⟧, sagte, ⟨es reiche⟩.",
        ("Reederei Ankerlund", "Berater"),
    ),
    "their spokesman": (
        "Die Bürgerinitiative Leiser Hafen klagt. ⟦Ihr Sprecher Gerrit Osterwohld⟧ sagte, ⟨es reiche⟩.",
        ("Bürgerinitiative Leiser Hafen", "Sprecher"),
    ),
    "none": ("⟦Mara Velten⟧ sagte, ⟨es reiche⟩.", None),
    "an organisation has none": ("⟦Die Polizei⟧ sagte, ⟨es reiche⟩.", None),
}
ENGLISH = {
    "member of parliament": ("⟦Labour MP Tom Askew⟧ said ⟨it was late⟩.", ("Labour", "MP")),
    "apposition": (
        "⟦Maria Tolland, a senior fellow at the Tidewater Institute⟧, said ⟨it was late⟩.",
        ("Tidewater Institute", "senior fellow"),
    ),
    "party and state": ("⟦Sen. Harold Binning (R-Texas)⟧ said ⟨no⟩.", ("R", "Sen.")),
    "title with body": (
        "⟦White House Press Secretary Carl Dray⟧ said ⟨no⟩.",
        ("White House", "Press Secretary"),
    ),
    "party adjective": (
        "⟦Democratic presidential nominee Edna Corrigan⟧ said ⟨yes⟩.",
        ("Democratic", "presidential nominee"),
    ),
    "country is no body": ("⟦Texas Gov. Harold Binning⟧ said ⟨no⟩.", (None, "Gov.")),
    "campaign": ("⟦Corrigan campaign spokesman Carl Dray⟧ said ⟨no⟩.", ("Corrigan campaign", "spokesman")),
    "working for a person": ("⟦Corrigan spokesman Carl Dray⟧ said ⟨no⟩.", (None, "spokesman")),
    "relative clause": (
        "Carl Dray, who heads the Tidewater Institute, came. ⟦Dray⟧ said ⟨it was late⟩.",
        ("Tidewater Institute", None),
    ),
    "predicate": (
        "Carl Dray is now the chairman of the Coastal Research Council. ⟦Dray⟧ said ⟨it was late⟩.",
        ("Coastal Research Council", "chairman"),
    ),
    "nameless": (
        "⟦A spokesman for the Tidewater Institute⟧ said ⟨no⟩.",
        ("Tidewater Institute", "spokesman"),
    ),
    "two functions": (
        "⟦GOP presidential contender and former neurosurgeon Carl Dray⟧ said ⟨no⟩.",
        ("GOP", "presidential contender"),
    ),
    "served as": (
        "⟦Carl Dray, who served as chief of staff of the Tidewater Institute⟧, said ⟨no⟩.",
        ("Tidewater Institute", "chief of staff"),
    ),
    "somebody's campaign": (
        "Anne Corrigan ran. ⟦Carl Dray, Corrigan’s campaign manager⟧, said ⟨no⟩.",
        ("Corrigan’s campaign", "manager"),
    ),
    "one of several": (
        "Anne Corrigan ran. ⟦One of Ms. Corrigan’s climate advisers⟧ said ⟨no⟩.",
        (None, "climate adviser"),
    ),
    "party members": ("⟦Republicans⟧ said ⟨no⟩.", ("Republicans", None)),
    "party source": ("⟦One GOP source⟧ said ⟨no⟩.", ("GOP", None)),
    "they": ("⟦Republicans⟧ said ⟨no⟩. Later ⟦they⟧ said ⟨yes⟩.", ("Republicans", None)),
    "until then and now": (
        (
            "⟦Edna Corrigan, until May a senior fellow at the Coastal Trust and now an adviser to the "
            "Harbour Bank,⟧ said ⟨no⟩."
        ),
        ("Harbour Bank", "adviser"),
    ),
    "over, and nothing else": (
        "⟦Edna Corrigan, formerly a senior fellow at the Coastal Trust,⟧ said ⟨no⟩.",
        ("Coastal Trust", "senior fellow"),
    ),
    "current before former": (
        (
            "Edna Corrigan, a former senator, came. Corrigan is the president of Tidewater University. "
            "⟦She⟧ said ⟨yes⟩."
        ),
        ("Tidewater University", "president"),
    ),
    "mayor of a town": (
        (
            "A storm stopped the harbour tunnel in Seebrück on Tuesday.\n\n"
            "The mayor of Seebrück, Maraike Quellbrunn, rejected the criticism. “⟨No⟩,” ⟦she⟧ said."
        ),
        (None, "mayor"),
    ),
    "secretary general": (
        "⟦The secretary general of the governing Coast League, Ortrud Kleinschmidt⟧, said ⟨no⟩.",
        ("Coast League", "secretary general"),
    ),
    "government spokesman": (
        "The Upward List complained. ⟦A government spokesman⟧ said ⟨no⟩.",
        ("government", "government spokesman"),
    ),
    "mayor's spokeswoman": (
        "Seebrück Harbour Lines complained. ⟦A spokeswoman for the mayor⟧ said ⟨no⟩.",
        (None, "spokeswoman for the mayor"),
    ),
    "opening adjective": (
        "The Sporting Post asked. ⟦Sporting director Lene Ravensgaard⟧ said ⟨no⟩.",
        (None, "Sporting director"),
    ),
    "its managing director": (
        (
            "The operator, Seebrück Harbour Lines, cannot pay. "
            "⟦Its managing director, Ottilie Branscombe⟧, said ⟨no⟩."
        ),
        ("Seebrück Harbour Lines", "managing director"),
    ),
    "the subject before": (
        "His department rejected the Tidewater Institute's figures. ⟦A spokeswoman⟧ said ⟨no⟩.",
        (None, "spokeswoman"),
    ),
    "officials": ("⟦Officials⟧ said ⟨no⟩.", (None, "Officials")),
}


def check(annotator: Annotator, marked: str, expected: tuple[str | None, str | None] | None) -> None:
    text, quotes = unmark(marked)
    annotation, pack = annotator.annotate([text])[0], languages.load(annotator.language)
    quote = affiliate(annotation, resolve(annotation, quotes, pack), pack)[-1]
    found = quote.affiliation
    assert (found and (found.organisation, found.role)) == expected
    if found:
        assert found.evidence is not None
        assert found.rule


@pytest.mark.parametrize("case", GERMAN)
def test_affiliates_in_german(case: str, annotator_de: Annotator) -> None:
    check(annotator_de, *GERMAN[case])


@pytest.mark.parametrize("case", ENGLISH)
def test_affiliates_in_english(case: str, annotator_en: Annotator) -> None:
    check(annotator_en, *ENGLISH[case])


@given(read_texts(), st.sampled_from(["de", "en"]))
@settings(max_examples=150, deadline=None)
def test_never_raises_and_shows_evidence_inside_the_text(
    read: tuple[Annotation, list[Quote]], code: str
) -> None:
    annotation, quotes = read
    pack = languages.load(code)
    for quote in affiliate(annotation, resolve(annotation, quotes, pack), pack):
        if quote.affiliation and quote.affiliation.evidence:
            assert quote.affiliation.evidence.end <= len(annotation.text)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "corpus", "floors"),
    [
        ("de", "german.dev", ["name>=95", "affiliation>=91", "role>=93"]),
        ("en", "polnear.dev", ["name>=93", "affiliation>=96", "role>=94"]),
    ],
)
def test_floors_on_annotated_news(
    code: str, corpus: str, floors: list[str], shared: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """With the corpus's own quotes as input, so that only this room is measured."""
    annotator: Annotator = request.getfixturevalue(f"annotator_{code}")
    gold_file, quotes_file = (
        shared / f"corpora/affiliations/{corpus}.gold.jsonl",
        shared / f"corpora/{corpus}.jsonl",
    )
    wanted = {json.loads(line)["doc_id"] for line in gold_file.read_text("utf-8").splitlines()}
    documents = [
        d
        for line in quotes_file.read_text("utf-8").splitlines()
        if (d := json.loads(line))["doc_id"] in wanted
    ]
    pack, lines = languages.load(code), []
    for document, annotation in zip(
        documents, annotator.annotate([d["text"] for d in documents]), strict=True
    ):
        quotes = [
            Quote(
                "direct" if q["type"] == "direct" else "indirect",
                spans(q, "content"),
                spans(q, "cue"),
                spans(q, "speaker"),
            )
            for q in document["quotes"]
        ]
        found = affiliate(annotation, resolve(annotation, quotes, pack), pack)
        lines.append(json.dumps({"doc_id": document["doc_id"], "quotes": [record(quote) for quote in found]}))
    predictions = tmp_path / "predictions.jsonl"
    predictions.write_text("\n".join(lines), "utf-8")
    judge = [sys.executable, shared / "evalkit/affil.py", gold_file, predictions, quotes_file, *floors]
    said = subprocess.run(judge, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


def spans(quote: dict[str, list[list[int]]], part: str) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in quote[f"{part}_spans"])


def record(quote: Quote) -> dict[str, object]:
    return {
        "content_spans": [[span.start, span.end] for span in quote.content],
        "speaker_name": quote.speaker.name if quote.speaker else None,
        "affiliation": quote.affiliation.organisation if quote.affiliation else None,
        "role": quote.affiliation.role if quote.affiliation else None,
    }
