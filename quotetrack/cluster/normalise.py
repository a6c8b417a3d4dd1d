"""From the text of a quote to a form that can be compared: what stays the same from outlet to outlet.

Marks, case, encodings, spellings, contractions, number words, fillers and editors' brackets are levelled;
every word becomes one character of a *signature*, so that comparing texts is comparing strings.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, chain
from typing import NamedTuple
from zlib import crc32

from quotetrack.cluster.tables import TENS, Table, codes, guess_language, table

#: What a word is, as bits of `Form.flags`.
NEGATION, NUMBER, NAME, BRACKET, KNOWN, CUE, _PHRASE, _SPELT = 1, 2, 4, 8, 16, 32, 64, 128
_PHRASE_START = re.compile(b"[\x40-\xff]")  # flags with _PHRASE or _SPELT
_TELLING = re.compile(b"[\x01\x03]")  # how tokens are written: _UPPER, _MARK
_NO_GAPS: frozenset[int] = frozenset()

#: Nats of a word that no table knows, by its length; measured on the English table, where words of 3 letters
#: carry 3.4 nats on average, of 6 letters 7.3, of 9 letters 8.4.
NATS_PER_LETTER, NATS_AT_LEAST, NATS_AT_MOST = 1.3, 0.5, 9.0
#: Nats of one character of a script written without spaces.
NATS_PER_IDEOGRAPH = 3.0
#: Longest quote compared word by word; the rest is left out. A book of 50,000 words is no statement.
WORDS_AT_MOST = 20_000

_I = frozenset(("I", "I'm", "I'll", "I've", "I'd"))
_GAP, _OPEN, _CLOSE = "\x01", "\x02", "\x03"
_EDITORS = frozenset((_GAP, _OPEN, _CLOSE))
_MARKS = frozenset(".!?:;") | _EDITORS

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
_LETTER = r"(?:\w|[\u0900-\u0dff\u1000-\u109f])"
_ASCII_TOKEN = re.compile(
    rf"[a-zA-Z]+(?:'[a-zA-Z]+)*(?!\w)|\d+(?:[.,]\d+)*(?!\w)|\w+(?:'\w+)*|[{_GAP}{_OPEN}{_CLOSE}.!?:;%]"
)
_TOKEN = re.compile(
    rf"[{_GAP}{_OPEN}{_CLOSE}.!?:;%]"
    r"|\d+(?:[.,]\d+)*(?!\w)"
    r"|[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    r"|[\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e80-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u1780-\u17b3]"
    r"[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u17b4-\u17d3]*"
    rf"|{_LETTER}+(?:'{_LETTER}+)*"
)
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_FEW = re.compile(r"\d{1,9}(?:\.\d{1,3})?")
_MISREAD_DIGIT = re.compile(r"(?=\w*[^\W\d_]{2})(?=\w*[01])[^\W\d_]*[01][^\W_]*")


class Word(NamedTuple):
    """A folded word, the character that stands for it in a signature, its information in nats, its flags."""

    text: str
    letter: str
    nats: float
    flags: int


@dataclass(frozen=True, slots=True)
class Form:
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

    @property
    def nats(self) -> float:
        return self.sums[-1]


def letter(word: str) -> str:
    """One character for a word, the same everywhere: two words share one by chance in a million."""
    code = crc32(word.encode("utf-8", "surrogatepass")) % 0xEF000 + 0x100
    return chr(code if code < 0xD800 else code + 0x800)


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
        text = _ELLIPSIS.sub(f" {_GAP} ", text)
        text = _ONE_LETTER.sub(r"\1", text)
        text = _BRACKET.sub(rf" {_OPEN} \1 {_CLOSE} ", text)
    if "- " in text:
        text = _CUT_WORD.sub("", text)
    return fold(text).replace("_", " ")


def _nats(word: str, language: Table) -> float:
    known = language.nats.get(word)
    if known is not None:
        return min(known, NATS_AT_MOST)
    if word[0].isdigit():
        return 3.0 + min(len(word), 4)
    if _UNSPACED.match(word):
        return NATS_PER_IDEOGRAPH
    return max(NATS_AT_LEAST, min(NATS_AT_MOST, NATS_PER_LETTER * len(word) - 0.5))


@lru_cache(maxsize=1 << 17)
def read_word(text: str, code: str, extra: int = 0) -> Word:
    """One folded word of a language; extra: flags it has besides."""
    language = table(code)
    flags = extra
    if text in language.negations:
        flags |= NEGATION
    if text[0].isdigit() or text == "%":
        flags |= NUMBER
    if text in language.nats:
        flags |= KNOWN
    if text in language.cues:
        flags |= CUE
    if text in language.phrase_starts:
        flags |= _PHRASE
    return Word(text, letter(text), _nats(text, language), flags)


def _spell(token: str, language: Table) -> tuple[str, ...]:
    """The words of one folded token: contractions, numbers and spellings levelled."""
    if token.replace(",", "").replace(".", "").isdigit():
        return (
            (token.replace(",", "").replace(".", ""),)
            if _THOUSANDS.fullmatch(token)
            else (token.replace(",", "."),)
        )
    if "'" in token:
        if token in language.contractions:
            return language.contractions[token]
        for ending, words in language.contraction_endings.items():
            if token.endswith(ending) and len(token) > len(ending):
                return (*_spell(token[: -len(ending)], language), *words)
        return tuple(part for part in token.split("'") if part)
    if token in language.contractions:
        return language.contractions[token]
    if _MISREAD_DIGIT.fullmatch(token):
        read = token.replace("1", "l").replace("0", "o")
        token = read if read in language.nats else token
    return (language.respell(token),)


class _Token(NamedTuple):
    """What a token stands for, column by column, and how it is written (`_UPPER`, …)."""

    words: tuple[str, ...]
    letters: str
    nats: tuple[float, ...]
    flags: bytes
    written: int


_OTHER, _UPPER, _LOWER, _MARK = range(4)
#: Tokens remembered for each language; beyond, the memory starts anew.
_TOKENS_AT_MOST = 1 << 18


class _Reader(dict[str, _Token]):
    """Reads tokens of one language and remembers them: `reader[token]`."""

    def __init__(self, code: str, *, keep_fillers: bool) -> None:
        super().__init__()
        self._language = table(code)
        self._keep_fillers = keep_fillers

    def __missing__(self, token: str) -> _Token:
        if len(self) >= _TOKENS_AT_MOST:
            self.clear()
        read = self[token] = self._read(token)
        return read

    def _read(self, token: str) -> _Token:
        if token in _MARKS:
            return _Token((), "", (), b"", _MARK)
        language = self._language
        words: list[Word] = []
        for part in _spell(token.casefold(), language):
            if part in language.fillers and not self._keep_fillers:
                continue
            if part in language.numbers:
                words.append(read_word(language.numbers[part], language.code, _SPELT))
            else:
                spelt = language.phrases.get((part,), (part,))
                words.extend(read_word(word, language.code) for word in spelt)
        written = _OTHER
        if token[0].isupper():
            written = _UPPER
        elif token[0].islower():
            written = _LOWER
        return _Token(
            tuple([word.text for word in words]),
            "".join([word.letter for word in words]),
            tuple([word.nats for word in words]),
            bytes([word.flags for word in words]),
            written,
        )


@cache
def _reader(code: str, keep_fillers: bool) -> _Reader:
    return _Reader(code, keep_fillers=keep_fillers)


def _phrase(first: str, second: str, spelt: bool, language: Table) -> tuple[Word, ...] | None:
    """What two neighbouring words become: nothing (a filler), a fixed phrase, a number ("20", "5" → "25").

    spelt: whether both are number words.
    """
    target = language.phrases.get((first, second))
    if target is not None:
        return tuple(read_word(text, language.code) for text in target)
    if spelt and first in TENS and len(second) == 1:
        return (read_word(str(int(first) + int(second)), language.code, _SPELT),)
    return None


def _replace_phrases(words: list[str], nats: list[float], flags: bytearray, language: Table) -> bool:
    """Replace phrases of two words in place, last first; tell whether there were any."""
    found = False
    for match in reversed(list(_PHRASE_START.finditer(flags, 0, max(0, len(flags) - 1)))):
        i = match.start()
        spelt = bool(flags[i] & flags[i + 1] & _SPELT) if i + 1 < len(flags) else False
        if i + 1 >= len(flags) or (target := _phrase(words[i], words[i + 1], spelt, language)) is None:
            continue
        words[i : i + 2] = [word.text for word in target]
        nats[i : i + 2] = [word.nats for word in target]
        flags[i : i + 2] = bytes([word.flags for word in target])
        found = True
    return _join_magnitudes(words, nats, flags, language) or found


def _join_magnitudes(words: list[str], nats: list[float], flags: bytearray, language: Table) -> bool:
    """ "3" before "thousand" becomes 3000, in place; tell whether there were any."""
    found = False
    for i in range(len(words) - 1, 0, -1):
        if not (flags[i] & _SPELT and flags[i - 1] & NUMBER and words[i].rstrip("0") == "1"):
            continue
        times, magnitude = words[i - 1], int(words[i])
        if magnitude < 100 or not _FEW.fullmatch(times) or float(times) >= magnitude:
            continue
        word = read_word(str(round(float(times) * magnitude)), language.code, _SPELT)
        words[i - 1 : i + 1], nats[i - 1 : i + 1], flags[i - 1 : i + 1] = (
            [word.text],
            [word.nats],
            [word.flags],
        )
        found = True
    return found


def read_form(text: str, language: str | None = None) -> Form:
    """Normalise one quote. Never raises: a text without words has an empty signature and 0 nats.

    language: ISO code where known; otherwise the commonest function words decide.
    Only the first `WORDS_AT_MOST` words count.
    """
    text = _clean(text)
    tokens = (_ASCII_TOKEN if text.isascii() else _TOKEN).findall(text)[: 2 * WORDS_AT_MOST]
    code = language.lower()[:2] if language else ""
    if code not in codes():
        code = (
            ""
            if code
            else guess_language([token.casefold() for token in tokens[:200] if token not in _MARKS])
        )
    form = _read_form(tokens, code, keep_fillers=False)
    return form if form.words else _read_form(tokens, code, keep_fillers=True)


def _read_form(tokens: list[str], code: str, *, keep_fillers: bool) -> Form:
    reader = _reader(code, keep_fillers)
    read = [reader[token] for token in tokens]
    spoken, letters, told, flagged, how = zip(*read, strict=True) if read else ((), (), (), (), ())
    words, nats = list(chain.from_iterable(spoken)), list(chain.from_iterable(told))
    signature, flags, written = "".join(letters), bytearray(b"".join(flagged)), bytes(how)
    capitals, lowers = written.count(_UPPER), written.count(_LOWER)
    caseless = capitals + lowers >= 4 and (capitals >= 9 * lowers or not capitals)
    gaps = _read_context(tokens, spoken, written, flags, names=not caseless)
    if flags and max(flags) >= _PHRASE:
        count = len(words)
        if _replace_phrases(words, nats, flags, table(code)):
            signature = "".join(map(letter, words))
            gaps = {round(gap * len(words) / count) for gap in gaps}
    if len(words) > WORDS_AT_MOST:
        signature = signature[:WORDS_AT_MOST]
        del words[WORDS_AT_MOST:], nats[WORDS_AT_MOST:], flags[WORDS_AT_MOST:]
    return Form(
        language=code,
        words=tuple(words),
        signature=signature,
        flags=bytes(flags),
        sums=array("d", accumulate(nats, initial=0.0)),
        gaps=frozenset([gap for gap in gaps if 0 < gap < len(words)]) if gaps else _NO_GAPS,
        caseless=caseless,
    )


def _read_context(
    tokens: Sequence[str],
    spoken: Sequence[tuple[str, ...]],
    written: bytes,
    flags: bytearray,
    *,
    names: bool,
) -> set[int]:
    """Flag names and brackets, which depend on the words around; return where words were left out."""
    gaps: set[int] = set()
    sentence, opened = 0, -1
    first = list(accumulate(map(len, spoken), initial=0))
    for match in _TELLING.finditer(written):
        k = match.start()
        if written[k] == _UPPER:
            if names and k != sentence and tokens[k] not in _I:
                for n in range(first[k], first[k + 1]):
                    flags[n] |= NAME
            continue
        mark = tokens[k]
        if mark == _OPEN:
            opened = first[k]
        elif mark == _CLOSE and opened >= 0:
            for n in range(opened, first[k]):
                flags[n] |= BRACKET
            opened = -1
        elif mark == _GAP:
            gaps.add(first[k])
        if mark not in _EDITORS or k == sentence:
            sentence = k + 1
    return gaps
