"""Quotes by marks and neighbouring words alone, in every language with a pack."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack import languages
from quotetrack.extract import find_marked

CODES = languages.codes()
# (language, text, [(content spans, source)])
CASES = [
    ("cs", "„Nebudeme čekat,“ řekla Anna Weberová.", [(["Nebudeme čekat,"], "Anna Weberová")]),
    ("da", "»Vi venter ikke«, sagde Anna Weber.", [(["Vi venter ikke"], "Anna Weber")]),
    ("de", "„Wir warten nicht“, sagte Anna Weber.", [(["Wir warten nicht"], "Anna Weber")]),
    ("en", "Anna Weber said: “We will not wait.”", [(["We will not wait."], "Anna Weber")]),
    (
        "en",
        "“We will not wait for anyone,” they said of the “plan”.",
        [(["We will not wait for anyone,"], "they")],
    ),
    ("es", "«Nos vamos», dijo ayer la ministra Anna de la Vega.", [(["Nos vamos"], "Anna de la Vega")]),
    ("es", "El plan «absurdo» fue rechazado.", []),
    ("fr", "« Nous partons », a expliqué hier Jean-Luc Weber.", [(["Nous partons"], "Jean-Luc Weber")]),
    ("fr", "Elle a dit : « Nous partons demain matin. »", [(["Nous partons demain matin."], "Elle")]),
    (
        "fr",
        "« Ce n’est pas l’heure », dit-elle, « et il n’y a pas de train ».",
        [(["Ce n’est pas l’heure", "et il n’y a pas de train"], None)],
    ),
    (
        "fr",
        "«Nous ne cédons pas.\n«Nous restons ici.»",
        [(["Nous ne cédons pas.", "Nous restons ici."], None)],
    ),
    ("hu", "„Nem várunk” – mondta Kovács Anna.", [(["Nem várunk"], "Kovács Anna")]),
    ("it", "«Non aspetteremo», ha detto Anna Weber.", [(["Non aspetteremo"], "Anna Weber")]),
    ("nl", "‘Wij wachten niet’, aldus Anna van den Berg.", [(["Wij wachten niet"], "Anna van den Berg")]),
    ("nl", "’t Was Anna’s huis, zei hij, en ’s avonds ging ze weg.", []),
    ("pl", "Weber: „Nie.”\nKern: „Tak.”", [(["Nie."], "Weber"), (["Tak."], "Kern")]),
    ("pt", "“Não vamos esperar”, disse Anna Weber.", [(["Não vamos esperar"], "Anna Weber")]),
    ("ru", "«Мы, — сказал Иван Керн, — не придём».", [(["Мы", "не придём"], "Иван Керн")]),
    ("ru", "„Мы не придём“, — ответила Анна Вебер.", [(["Мы не придём"], "Анна Вебер")]),
    ("sv", "”Vi väntar inte”, säger Anna Weber.", [(["Vi väntar inte"], "Anna Weber")]),
    ("tr", "Anna Weber, “Toplantıya kimse gelmedi” dedi.", [(["Toplantıya kimse gelmedi"], "Anna Weber")]),
    ("uk", "«Ми не будемо чекати», — сказала Анна Вебер.", [(["Ми не будемо чекати"], "Анна Вебер")]),
    ("uk", "Анна Вебер відповіла: “Ніхто не прийшов.”", [(["Ніхто не прийшов."], "Анна Вебер")]),
]


@pytest.mark.parametrize(("code", "text", "expected"), CASES)
def test_quotes_by_marks_alone(code: str, text: str, expected: list[tuple[list[str], str | None]]) -> None:
    found = find_marked(text, languages.load(code))
    shown = [
        ([span.of(text) for span in quote.content], quote.source[0].of(text) if quote.source else None)
        for quote in found
    ]
    assert shown == expected
    assert {(quote.type, quote.rule) for quote in found} <= {("direct", "direct/marks")}


@pytest.mark.parametrize("code", CODES)
def test_every_pair_of_marks_of_a_language_holds_a_quote(code: str) -> None:
    pack = languages.load(code)
    for opening, closings in pack.marks.items():
        for closing in closings:
            text = f"Zzz {opening}Abc def ghi jkl{closing} zzz."
            assert [quote.content[0].of(text) for quote in find_marked(text, pack)] == ["Abc def ghi jkl"], (
                text
            )


def test_what_names_its_speaker_is_surer_than_what_does_not() -> None:
    text = "“We will not wait for anyone,” said Anna Weber.\nThe sign read “Nobody is here at night”."
    named, nameless = find_marked(text, languages.load("en"))
    assert named.confidence > nameless.confidence


@given(
    st.sampled_from(CODES),
    st.text(alphabet="Ab c.,:—–\n«»„“”\"'‘’dijo сказал", max_size=80),
)
def test_any_text_gives_spans_of_itself(code: str, text: str) -> None:
    for quote in find_marked(text, languages.load(code)):
        spans = [*quote.content, *quote.cue, *quote.source]
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert not any(a.overlaps(b) for a in quote.content for b in (*quote.cue, *quote.source))
