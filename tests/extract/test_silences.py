"""Who is told to have said nothing: recorded as such, and not as a quote."""

from __future__ import annotations

import pytest

from quotetrack import languages
from quotetrack.annotate import Annotator
from quotetrack.extract import find_quotes, find_silences

# Text with {source} and <cue> marked, and the rule; no rule: no silence. Everybody in it is fictional.
ENGLISH = [
    ("{The spokesman} <did not say> whether the coach would stay.", "silence/negated"),
    ("{Anna Weber} <declined to comment>.", "silence/declined"),
    ("{Weber} <refused to answer> questions.", "silence/declined"),
    ("{The ministry} <did not> immediately <respond> to a request for comment.", "silence/negated"),
    ("{The company} <would not comment> on the report.", "silence/negated"),
    ("{Weber} <said nothing> about the plan.", "silence/negated"),
    ("{Weber} <had no comment>.", "silence/no-comment"),
    ("{Weber} <could not be reached for comment>.", "silence/unreached"),
    ("{Weber} <was not available for comment> on Monday.", "silence/unreached"),
    ("Weber declined the offer.", ""),
    ("Weber said the plan was not ready.", ""),
    ("“I did not say whether I would stay,” Weber said.", ""),
    ("I did not say whether the coach would stay.", ""),
    ("Weber commented on the report.", ""),
    ("The nurse declined to give her name.", ""),
    ("The official asked not to be identified.", ""),
]
GERMAN = [
    ("{Weber} <sagte nicht>, ob sie bleibt.", "silence/negated"),
    ("Ob sie bleibt, <sagte> {Weber} <nicht>.", "silence/negated"),
    ("{Das Ministerium} <wollte> sich <nicht äußern>.", "silence/negated"),
    ("{Die Behörde} <wollte nicht sagen>, wer den Auftrag erhielt.", "silence/negated"),
    ("{Weber} <lehnte einen Kommentar ab>.", "silence/declined"),
    ("{Weber} <machte keine Angaben> dazu, wann der Bau beginnt.", "silence/no-comment"),
    ("{Die Polizei} <gab keine Stellungnahme ab>.", "silence/no-comment"),
    ("Weber lehnte den Plan ab.", ""),
    ("Weber sagte, sie bleibe nicht.", ""),
    ("Weber machte Angaben zum Bau.", ""),
    ("Der Beamte bat darum, nicht genannt zu werden.", ""),
]


def silences(annotator: Annotator, marked: str) -> tuple[int, list[tuple[str, str]]]:
    """The number of quotes, and of each silence its rule and the text with its source and cue marked."""
    text = marked.translate(str.maketrans("", "", "{}<>"))
    pack = languages.load(annotator.language)
    annotation = annotator.annotate([text])[0]
    quotes = find_quotes(annotation, pack)
    found = []
    for one in find_silences(annotation, pack, quotes):
        marks = [(s.start, "{") for s in one.source] + [(s.end, "}") for s in one.source]
        marks += [(s.start, "<") for s in one.cue] + [(s.end, ">") for s in one.cue]
        shown = text
        for place, mark in sorted(marks, reverse=True):
            shown = shown[:place] + mark + shown[place:]
        found.append((one.rule, shown))
    return len(quotes), found


@pytest.mark.parametrize(("marked", "rule"), ENGLISH)
def test_english_silences(marked: str, rule: str, annotator_en: Annotator) -> None:
    count, found = silences(annotator_en, marked)
    assert found == ([(rule, marked)] if rule else [])
    assert not (rule and count)


@pytest.mark.parametrize(("marked", "rule"), GERMAN)
def test_german_silences(marked: str, rule: str, annotator_de: Annotator) -> None:
    count, found = silences(annotator_de, marked)
    assert found == ([(rule, marked)] if rule else [])
    assert not (rule and count)
