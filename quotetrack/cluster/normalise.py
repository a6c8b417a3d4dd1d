"""From the text of a quote to a form that can be compared: what stays the same from outlet to outlet.

Marks, case, encodings, spellings, contractions, number words, fillers and editors' brackets are levelled;
every word becomes one character of a *signature*, so that comparing texts is comparing strings.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from itertools import accumulate, chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

from quotetrack.cluster.tables import TENS, Table, codes, guess_language, table
from quotetrack.cluster.words import (
    BRACKET,
    CLOSE,
    EDITORS,
    GAP,
    LOWER,
    LOWER_FILLER,
    MORE,
    NAME,
    NO_WORDS,
    NUMBER,
    OPEN,
    SELF,
    SPELT,
    STOP,
    UPPER,
    UPPER_FILLER,
    Vocabulary,
    Word,
    letter,
    read_word,
    tokens_of,
    vocabulary,
)

#: Longest quote compared word by word; the rest is left out. A book of 50,000 words is no statement.
WORDS_AT_MOST, LETTERS_AT_MOST = 20_000, 400_000
#: Letters of a text by whose words its language is told.
LANGUAGE_LETTERS = 1_000
#: Words in upper or lower case from which on a text is caseless, and of these the capitals to each small one
#: from which on they are no names.
CASED_WORDS, CAPITALS_TO_ONE = 4, 9
#: Texts read side by side.
TEXTS_AT_ONCE = 5_000

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOJIBAKE = re.compile("[ÃÂâ][\u0080-\u00bf€™œ\u201c-\u201e]")
_INVISIBLE = re.compile(
    "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]|[\x00-\x08\x0e-\x1f\x7f]"
)
#: Marks of one kind; what is left outside ASCII then are letters of other alphabets.
_PLAIN_MARKS = str.maketrans(
    {
        **dict.fromkeys("’‘`´ʼ′＇", "'"),
        **dict.fromkeys("“”„‟«»‹›", '"'),
        **dict.fromkeys("–—―", " - "),
        "…": "...",
        "\u00a0": " ",
    }
)
_COMMON_MARKS = [(mark, _PLAIN_MARKS[ord(mark)]) for mark in "’‘“”—–…\u00a0"]
_ELLIPSIS = re.compile(r"[\[(]\s*(?:\.\s?){2,}[\])]|(?:\.\s?){2,}\.|…")
_ONE_LETTER = re.compile(r"\[(\w)\](?=\w)")
_BRACKET = re.compile(r"\[([^\[\]]{0,80})\]")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])\"(?=[^\W\d_])")
_CUT_WORD = re.compile(r"(?<=[^\W\d_])- (?=[^\W\d_])(?!and\b|or\b|to\b|und\b|oder\b|bis\b)")
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "।": ". ", "॥": ". "}
)
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]+")
_FEW = re.compile(r"\d{1,9}(?:\.\d{1,3})?")
#: A number, and behind it one in words: "twenty five", "3 thousand".
_NUMBERS = re.compile(
    b"[%s][%s]"
    % tuple(re.escape(bytes(flags for flags in range(256) if flags & bit)) for bit in (NUMBER, SPELT))
)
_TELLING = re.compile(f"[{UPPER}{NO_WORDS}]")
_NO_GAPS: frozenset[int] = frozenset()
_CAPITALS, _SMALL = UPPER + SELF + UPPER_FILLER, LOWER + LOWER_FILLER


class Form(NamedTuple):
    """A normalised text. `words`, `signature`, `flags` run in parallel; `sums[i]` is the nats of words[:i].

    gaps: positions before which words were left out with a mark ("…", "[...]").
    caseless: the text is all capitals, all small or all Capitalised, so that names cannot be seen in it.
    """

    language: str
    words: tuple[str, ...]
    signature: str
    flags: bytes
    sums: array[float]
    gaps: frozenset[int]
    caseless: bool

    def __hash__(self) -> int:
        """Of what two forms mostly differ in; arrays have none."""
        return hash(self.signature)

    @property
    def nats(self) -> float:
        return self.sums[-1]


def sums_of(tenths: Iterable[int]) -> array[float]:
    """`Form.sums` of words with so many tenths of nats each; however they are added up, the same."""
    return array("d", [total / 10 for total in accumulate(tenths, initial=0)])


def fold(text: str) -> str:
    """Compatibility forms, umlauts spelt out, accents dropped; case is kept."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text).translate(_UMLAUTS)
    return unicodedata.normalize("NFKC", _ACCENTS.sub("", unicodedata.normalize("NFKD", text)))


def _clean(text: str) -> str:
    """Text-level repairs; gaps and brackets become control characters, which the text itself loses first."""
    if not text.isascii():
        if _MOJIBAKE.search(text):
            import ftfy

            text = ftfy.fix_text(text)
        for mark, plain in _COMMON_MARKS:  # most texts have no others, and `translate` is slow
            text = text.replace(mark, plain)
        if not text.isascii():
            text = text.translate(_PLAIN_MARKS)
    elif "`" in text:
        text = text.replace("`", "'")
    if not text.isprintable():
        text = _INVISIBLE.sub("", text)
    if '"' in text:
        text = _APOSTROPHE.sub("'", text)
    if "[" in text or ".." in text or ". ." in text:
        text = _ELLIPSIS.sub(f" {GAP} ", text)
        text = _ONE_LETTER.sub(r"\1", text)
        text = _BRACKET.sub(rf" {OPEN} \1 {CLOSE} ", text)
    if "- " in text:
        text = _CUT_WORD.sub("", text)
    return fold(text).replace("_", " ")


@cache
def _phrases(code: str) -> re.Pattern[str]:
    """Finds the phrases of two words of a language in a signature."""
    pairs = ["".join(map(letter, phrase)) for phrase in table(code).phrases if len(phrase) == 2]
    return re.compile("|".join(map(re.escape, pairs)) or "(?!)")


def _phrase(first: str, second: str, spelt: bool, language: Table) -> tuple[Word, ...] | None:
    """What two neighbouring words become: nothing (a filler), a fixed phrase, a number ("20", "5" → "25").

    spelt: whether both are number words.
    """
    target = language.phrases.get((first, second))
    if target is not None:
        return tuple(read_word(text, language.code) for text in target)
    if spelt and first in TENS and len(second) == 1:
        return (read_word(str(int(first) + int(second)), language.code, SPELT),)
    return None


def _replace_phrases(words: list[str], tenths: bytearray, flags: bytearray, language: Table) -> None:
    """Replace phrases of two words in place, last first, then numbers of several words."""
    for i in range(len(words) - 2, -1, -1):
        if i + 1 >= len(words):
            continue
        spelt = bool(flags[i] & flags[i + 1] & SPELT)
        target = _phrase(words[i], words[i + 1], spelt, language)
        if target is not None:
            words[i : i + 2] = [word.text for word in target]
            tenths[i : i + 2] = bytes([round(10 * word.nats) for word in target])
            flags[i : i + 2] = bytes([word.flags for word in target])
    for i in range(len(words) - 1, 0, -1):
        if flags[i] & SPELT and flags[i - 1] & NUMBER and words[i].rstrip("0") == "1":
            _join_magnitude(words, tenths, flags, i, language)


def _join_magnitude(words: list[str], tenths: bytearray, flags: bytearray, i: int, language: Table) -> None:
    """ "3" before "thousand", the i-th word, becomes 3000, in place."""
    times, magnitude = words[i - 1], int(words[i])
    if magnitude >= 100 and _FEW.fullmatch(times) and float(times) < magnitude:
        word = read_word(str(round(float(times) * magnitude)), language.code, SPELT)
        words[i - 1 : i + 1] = [word.text]
        tenths[i - 1 : i + 1] = bytes([round(10 * word.nats)])
        flags[i - 1 : i + 1] = [word.flags]


def read_form(text: str, language: str | None = None) -> Form:
    """Normalise one quote. Never raises: a text without words has an empty signature and 0 nats.

    language: ISO code where known; otherwise the commonest function words decide.
    Only the first `WORDS_AT_MOST` words count.
    """
    return read_forms([(text, language)])[0]


def read_forms(texts: Sequence[tuple[str, str | None]]) -> list[Form]:
    """`read_form` of many texts, each with its language: half the time of one by one."""
    starts = range(0, len(texts), TEXTS_AT_ONCE)
    return [form for start in starts for form in _read_some(texts[start : start + TEXTS_AT_ONCE])]


def _read_some(texts: Sequence[tuple[str, str | None]]) -> Iterable[Form]:
    by_code: dict[str, dict[int, list[str]]] = {}
    for n, (raw, language) in enumerate(texts):
        text = _clean(raw[:LETTERS_AT_MOST])
        code = language.lower()[:2] if language else ""
        if code not in codes():
            code = "" if code else _guess_language(text)
        by_code.setdefault(code, {})[n] = text.split()[: 2 * WORDS_AT_MOST]
    read: dict[int, Form] = {}
    for code, rows in by_code.items():
        read |= zip(rows, _read_rows(list(rows.values()), code), strict=True)
        for n in [n for n in rows if not read[n].words]:
            (read[n],) = _read_rows([rows[n]], code, keep_fillers=True)
    return [read[n] for n in range(len(texts))]


def _guess_language(text: str) -> str:
    tokens = tokens_of(text[:LANGUAGE_LETTERS])
    return guess_language([token.casefold() for token in tokens if token[0].isalnum()])


def _read_rows(rows: Sequence[Sequence[str]], code: str, *, keep_fillers: bool = False) -> list[Form]:
    """The forms of texts of one language, each given as its chunks."""
    known = vocabulary(code, keep_fillers=keep_fillers)
    known.make_room()
    columns = _columns_of_one(known, rows[0]) if len(rows) == 1 else _columns_of_many(known, rows)
    words, signatures, flagged, tenths, sums, cuts, cased, shapes = columns
    has_number, has_phrase = _NUMBERS.search, _phrases(code).search
    forms = []
    gaps: Collection[int]
    for n, (start, end) in enumerate(pairwise(cuts)):
        signature, flags, caseless, gaps = signatures[start:end], flagged[start:end], not cased[n], _NO_GAPS
        if n in shapes:
            flags, caseless, gaps = _read_context(shapes[n], flags)
        form = Form(
            code,
            tuple(words[start:end]),
            signature,
            flags,
            array("d", sums[8 * (start + n) : 8 * (end + n + 1)]),
            frozenset([gap for gap in gaps if 0 < gap < end - start]) if gaps else _NO_GAPS,
            caseless,
        )
        if has_phrase(signature) or has_number(flags) or end - start > WORDS_AT_MOST:
            form = _mended(form, tenths[start:end], gaps)
        forms.append(form)
    return forms


class _Columns(NamedTuple):
    """The words of several texts side by side. sums: of each text one more than words, as doubles; cuts:
    where the words of each text begin and, last, end; cased: whether names can be seen in each; shapes: see
    `Vocabulary`, of texts in which names are still to be flagged."""

    words: Sequence[str]
    signatures: str
    flags: bytes
    tenths: bytes
    sums: bytes
    cuts: Sequence[int]
    cased: Sequence[bool]
    shapes: Mapping[int, str]


def _columns_of_one(known: Vocabulary, row: Sequence[str]) -> _Columns:
    numbers = list(map(known.__getitem__, row))
    first, first_shape = known.first_word, known.first_shape
    spoken = [slice(first[n], first[n + 1]) for n in numbers]
    words = list(chain.from_iterable(map(known.words.__getitem__, spoken)))
    letters = "".join(map(chr, chain.from_iterable(map(known.letters.__getitem__, spoken))))
    tenths, flags = (b"".join([column[part] for part in spoken]) for column in (known.tenths, known.flags))
    shape = b"".join([known.shapes[first_shape[n] : first_shape[n + 1]] for n in numbers]).decode("ascii")
    sums = sums_of(tenths).tobytes()
    return _Columns(words, letters, flags, tenths, sums, (0, len(words)), (True,), {0: shape})


def _columns_of_many(known: Vocabulary, rows: Sequence[Sequence[str]]) -> _Columns:
    """The same as of one, in half the time each, with names."""
    import numpy as np

    numbers = np.array(list(map(known.__getitem__, chain.from_iterable(rows))), dtype=np.int64)
    ends = np.array([0, *accumulate(map(len, rows))])
    at, cuts = _spread(known.first_word, numbers, ends)
    shape_at, shape_cuts = _spread(known.first_shape, numbers, ends)
    tenths = np.frombuffer(known.tenths, np.uint8)[at]
    totals = np.zeros(len(at) + 1, dtype=np.int64)
    tenths.cumsum(out=totals[1:])
    owners = np.arange(len(rows)).repeat(cuts[1:] - cuts[:-1] + 1)
    sums = (totals[np.arange(len(owners)) - owners] - totals[cuts[owners]]) / 10
    shapes = np.frombuffer(known.shapes, np.uint8)[shape_at]
    named, cased, edited = _names_of_all(shapes, shape_cuts)
    return _Columns(
        list(map(known.words.__getitem__, at.tolist())),
        np.frombuffer(known.letters, np.uint32)[at].astype("<u4").tobytes().decode("utf-32-le"),
        (np.frombuffer(known.flags, np.uint8)[at] | named).tobytes(),
        tenths.tobytes(),
        sums.tobytes(),
        cuts.tolist(),
        cased.tolist(),
        {n: shapes[shape_cuts[n] : shape_cuts[n + 1]].tobytes().decode("ascii") for n in edited.tolist()},
    )


def _names_of_all(
    shapes: NDArray[np.uint8], cuts: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.bool_], NDArray[np.int64]]:
    """`_read_context` of many texts, given their shapes and where those begin and, last, end: of each word
    `NAME` or nothing, of each text whether names can be seen in it, and the texts with editors' marks, which
    have to be read one by one and have no names here."""
    import numpy as np

    kinds = np.zeros((5, 256), dtype=np.bool_)
    for row, letters in zip(kinds, (_CAPITALS, _SMALL, NO_WORDS, EDITORS, MORE), strict=True):
        row[list(letters.encode("ascii"))] = True
    capitals, lowers, others, edits, more = kinds[:, shapes]
    count = [np.concatenate(([0], one.cumsum()))[cuts] for one in (capitals, lowers, edits)]
    upper, lower, edited = (np.diff(one) for one in count)
    cased = (upper + lower < CASED_WORDS) | (upper < CAPITALS_TO_ONE * lower) & (upper > 0)
    plain = cased & (edited == 0)
    first = np.ones(len(shapes), dtype=np.bool_)  # of its sentence
    first[1:] = shapes[:-1] == ord(STOP)
    first[cuts[:-1][cuts[:-1] < len(shapes)]] = True
    named = (shapes == ord(UPPER)) & ~first & plain.repeat(np.diff(cuts))
    begun = np.maximum.accumulate(np.where(more, 0, np.arange(len(shapes))))
    return (named[begun][~others] * np.uint8(NAME)), cased, np.flatnonzero(edited)


def _spread(
    firsts: array[int], numbers: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the entries of numbered chunks stand, one after the other; and where those of each text begin
    and, last, end. firsts: where those of each chunk begin; ends: chunks of the texts before each."""
    import numpy as np

    begin = np.frombuffer(firsts, np.int64)
    sizes = begin[numbers + 1] - begin[numbers]
    behind = np.zeros(len(numbers) + 1, dtype=np.int64)
    sizes.cumsum(out=behind[1:])
    return (begin[numbers] - behind[:-1]).repeat(sizes) + np.arange(behind[-1]), behind[ends]


def _mended(form: Form, tenths: bytes, gaps: Collection[int]) -> Form:
    """With phrases and numbers of several words replaced, and cut where it is too long."""
    words, nats, flags = list(form.words), bytearray(tenths), bytearray(form.flags)
    _replace_phrases(words, nats, flags, table(form.language))
    marks = {round(gap * len(words) / len(form.words)) for gap in gaps}
    del words[WORDS_AT_MOST:], nats[WORDS_AT_MOST:], flags[WORDS_AT_MOST:]
    return form._replace(
        words=tuple(words),
        signature="".join(map(letter, words)),
        flags=bytes(flags),
        sums=sums_of(nats),
        gaps=frozenset([gap for gap in marks if 0 < gap < len(words)]),
    )


def _read_context(shape: str, plain: bytes) -> tuple[bytes, bool, Collection[int]]:
    """Flags with names and brackets, which depend on the words around; whether the text is caseless, and
    where words were left out."""
    flags = bytearray(plain)
    capitals, lowers = (sum(map(shape.count, letters)) for letters in (_CAPITALS, _SMALL))
    caseless = capitals + lowers >= CASED_WORDS and (capitals >= CAPITALS_TO_ONE * lowers or not capitals)
    gaps: set[int] = set()
    sentence, opened, others = 0, -1, 0  # others: what in the shape so far is no word
    for match in _TELLING.finditer(shape):
        k, how = match.start(), match[0]
        word = k - others
        if how == UPPER:
            if not caseless and k != sentence:
                flags[word] |= NAME
                while shape.startswith(MORE, k + 1):
                    k += 1
                    flags[k - others] |= NAME
            continue
        others += 1
        if how == STOP:
            sentence = k + 1
            continue
        if how == OPEN:
            opened = word
        elif how == CLOSE and opened >= 0:
            for n in range(opened, word):
                flags[n] |= BRACKET
            opened = -1
        elif how == GAP:
            gaps.add(word)
        if k == sentence and how in (GAP, OPEN, CLOSE):
            sentence = k + 1
    return bytes(flags), caseless, gaps
