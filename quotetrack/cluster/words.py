"""From what stands between two spaces of a text to words: folded, spelt one way, with their information."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple
from zlib import crc32

from quotetrack.cluster.tables import Table, table

#: What a word is, as bits of `Form.flags`. SPELT: a number that was written in words.
NEGATION, NUMBER, NAME, BRACKET, KNOWN, CUE, SPELT = 1, 2, 4, 8, 16, 32, 64

#: Nats of a word that no table knows, by its length; measured on the English table, where words of 3 letters
#: carry 3.4 nats on average, of 6 letters 7.3, of 9 letters 8.4.
NATS_PER_LETTER, NATS_AT_LEAST, NATS_AT_MOST = 1.3, 0.5, 9.0
#: Nats of one character of a script written without spaces.
NATS_PER_IDEOGRAPH = 3.0

_I = frozenset(("I", "I'm", "I'll", "I've", "I'd"))
#: What the text-level repairs put for words left out and for editors' brackets.
GAP, OPEN, CLOSE = "\x01", "\x02", "\x03"
EDITORS = GAP + OPEN + CLOSE
_SENTENCE_MARKS = frozenset(".!?:;")

_LETTER = r"(?:\w|[\u0900-\u0dff\u1000-\u109f])"
_ASCII_TOKEN = re.compile(
    rf"[a-zA-Z]+(?:'[a-zA-Z]+)*(?!\w)|\d+(?:[.,]\d+)*(?!\w)|\w+(?:'\w+)*|[{GAP}{OPEN}{CLOSE}.!?:;%]"
)
_TOKEN = re.compile(
    rf"[{GAP}{OPEN}{CLOSE}.!?:;%]"
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
_MISREAD_DIGIT = re.compile(r"(?=\w*[^\W\d_]{2})(?=\w*[01])[^\W\d_]*[01][^\W_]*")


class Word(NamedTuple):
    """A folded word, the character that stands for it in a signature, its information in nats, its flags."""

    text: str
    letter: str
    nats: float
    flags: int


#: Words whose letter is remembered.
REMEMBERED_WORDS = 1 << 17


def letter(word: str) -> str:
    """One character for a word, the same everywhere: two words share one by chance in a million."""
    code = crc32(word.encode("utf-8", "surrogatepass")) % 0xEF000 + 0x100
    return chr(code if code < 0xD800 else code + 0x800)


class _Letters(dict[str, str]):
    """`letter` of words seen before: a look-up without a call."""

    def __missing__(self, word: str) -> str:
        if len(self) >= REMEMBERED_WORDS:
            self.clear()
        self[word] = found = letter(word)
        return found


_letters = _Letters()


def letters(words: Iterable[str]) -> str:
    """The signature of some words."""
    return "".join(map(_letters.__getitem__, words))


def _nats(word: str, language: Table) -> float:
    known = language.nats.get(word)
    if known is not None:
        return min(known, NATS_AT_MOST)
    if word[0].isdigit():
        return 3.0 + min(len(word), 4)
    if _UNSPACED.match(word):
        return NATS_PER_IDEOGRAPH
    return round(max(NATS_AT_LEAST, min(NATS_AT_MOST, NATS_PER_LETTER * len(word) - 0.5)), 1)


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


UPPER, LOWER, SELF, OTHER, MORE = "U", "u", "I", "o", "v"
STOP, UPPER_FILLER, LOWER_FILLER, OTHER_FILLER = ".", "Z", "z", "x"
#: What stands in a shape and is no word.
NO_WORDS = STOP + UPPER_FILLER + LOWER_FILLER + OTHER_FILLER + EDITORS
#: Chunks remembered for each language, 0.3 kB each; beyond, the memory starts anew. 400,000 quotes have
#: 126,000.
REMEMBERED_CHUNKS = 1 << 18


def tokens_of(text: str) -> list[str]:
    """Words, numbers and marks of a cleaned text, or of a part of it between spaces."""
    return (_ASCII_TOKEN if text.isascii() else _TOKEN).findall(text)


class Vocabulary(dict[str, int]):
    """Reads the chunks of one language, which is what stands between two spaces: `vocabulary[chunk]` is the
    number of a chunk, which is remembered with its words.

    The words of chunk n stand from `first_word[n]` on to before `first_word[n + 1]` in `words`, `letters`
    (code points), `tenths` (of nats) and `flags`. From `first_shape[n]` on stands in `shapes` how it is
    written: of each token its first word as `UPPER`, `LOWER`, `SELF` ("I") or `OTHER`, its further words as
    `MORE`; a token that gives no word as `UPPER_FILLER`, `LOWER_FILLER` or `OTHER_FILLER`; a mark that ends a
    sentence as `STOP`; editors' marks as they are.
    """

    def __init__(self, code: str, *, keep_fillers: bool) -> None:
        super().__init__()
        self._language = table(code)
        self._keep_fillers = keep_fillers
        self._start_anew()

    def _start_anew(self) -> None:
        self.clear()
        self._tokens: dict[str, _Token] = {}
        self.first_word, self.first_shape = array("q", [0]), array("q", [0])
        self.words: list[str] = []
        self.letters, self.tenths, self.flags, self.shapes = array("I"), bytearray(), bytearray(), bytearray()

    def make_room(self) -> None:
        """Forget all chunks once there are too many; to be called while no number is in use."""
        if len(self) > REMEMBERED_CHUNKS:
            self._start_anew()

    def __missing__(self, chunk: str) -> int:
        known = self._tokens
        for token in tokens_of(chunk):
            read = known.get(token) or self._read_token(token)
            words, letters, tenths, flags, shape = read
            self.words += words
            self.letters.extend(letters)
            self.tenths += tenths
            self.flags += flags
            self.shapes += shape
        self.first_word.append(len(self.words))
        self.first_shape.append(len(self.shapes))
        self[chunk] = number = len(self)
        return number

    def _read_token(self, token: str) -> _Token:
        if token in _SENTENCE_MARKS:
            read = _Token((), (), b"", b"", STOP.encode("ascii"))
        elif token in EDITORS:
            read = _Token((), (), b"", b"", token.encode("ascii"))
        else:
            words = self._words(token.casefold())
            read = _Token(
                tuple([word.text for word in words]),
                tuple([ord(word.letter) for word in words]),
                bytes([round(10 * word.nats) for word in words]),
                bytes([word.flags for word in words]),
                _shape(token, len(words)).encode("ascii"),
            )
        self._tokens[token] = read
        return read

    def _words(self, folded: str) -> list[Word]:
        language = self._language
        words: list[Word] = []
        for part in _spell(folded, language):
            if part in language.fillers and not self._keep_fillers:
                continue
            if part in language.numbers:
                words.append(read_word(language.numbers[part], language.code, SPELT))
            else:
                spelt = language.phrases.get((part,), (part,))
                words.extend(read_word(word, language.code) for word in spelt)
        return words


class _Token(NamedTuple):
    """What one token adds to the columns of a `Vocabulary`."""

    words: tuple[str, ...]
    letters: tuple[int, ...]
    tenths: bytes
    flags: bytes
    shape: bytes


def _shape(token: str, words: int) -> str:
    if token[0].isupper():
        case = (SELF if token in _I else UPPER) if words else UPPER_FILLER
    elif token[0].islower():
        case = LOWER if words else LOWER_FILLER
    else:
        case = OTHER if words else OTHER_FILLER
    return case + MORE * (words - 1)


@cache
def vocabulary(code: str, *, keep_fillers: bool = False) -> Vocabulary:
    """The vocabulary of a language; keep_fillers: words that come and go between outlets are read too."""
    return Vocabulary(code, keep_fillers=keep_fillers)
