"""The nominative of an organisation's name that a text inflects ("des Küstenbundes")."""

from __future__ import annotations

from quotetrack.cast.organisations import Body, Reader, printed
from quotetrack.cast.words import Word
from quotetrack.lexicon import Lexicon

WEAK = "en"  # what an adjective ends in behind an article in the oblique cases; "e" in the nominative


def nominative(reader: Reader, body: Body) -> str:
    """An organisation's phrase as it reads behind an article in the nominative, on one line.

    "Deutschen Rudervereins" → "Deutsche Ruderverein". Languages without genitive endings, plurals, acronyms
    and names without a noun for their kind stay as they are. Lower-case adjectives in front of a name
    ("oppositionellen Liste Aufwärts") are no part of it.
    """
    items, lexicon = reader.words.items, reader.lexicon
    head = items[body.head]
    if (
        not lexicon.nouns_capital
        or head.feats.get("Number") == "Plur"
        or head.acronym
        or not reader.is_head(body.head)
    ):
        return printed(reader.words, body)
    start, behind = body.start, reader.word(body.head + 1)
    named = behind is not None and behind.capital and body.head + 1 < body.end
    while named and start < body.head and not items[start].capital and not reader.is_place(body.head + 1):
        start += 1
    forms = {body.head: _noun(head, lexicon)}
    for index in range(start, body.head):
        word = items[index]
        if word.capital and word.text.endswith(WEAK) and word.upos == "ADJ":
            forms[index] = word.text[:-1]
    parts, reached = [], items[start].start
    for index, form in sorted(forms.items()):
        parts += [reader.words.text[reached : items[index].start], form]
        reached = items[index].end
    parts.append(reader.words.text[reached : items[body.end - 1].end])
    return " ".join("".join(parts).split())


def _noun(word: Word, lexicon: Lexicon) -> str:
    """A noun for an organisation without the ending of its genitive, when the lists have it so."""
    if word.feats.get("Case") != "Gen" or word.feats.get("Gender") == "Fem":
        return word.text
    marks = sorted(lexicon.words("genitive_marks"), key=len, reverse=True)
    bare = [word.text.removesuffix(mark) for mark in marks if word.text.endswith(mark)]
    bare += [form[:-1] for form in bare if form.endswith("ss")]
    listed = (form for form in bare if lexicon.tail("organisation_heads", form.casefold()))
    return next(listed, word.text)
