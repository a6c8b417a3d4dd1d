"""What the word lists of a language pack say of one word: whether it is a role, a title, a document."""

from __future__ import annotations

from dataclasses import dataclass, field

from quotetrack.languages import Pack

MALE, FEMALE = "male", "female"
MAX_REMEMBERED = 200_000  # answers kept a language: about 20 MB


@dataclass(frozen=True, slots=True)
class Role:
    """A word that names a function. stem: without inflection; head: the listed stem it ends in."""

    stem: str
    head: str
    gender: str = ""
    plural: bool = False

    @property
    def prefix(self) -> str:
        """What a compound puts before the head ("außen" of "außenminister"), "" in a simple word."""
        return self.stem[: len(self.stem) - len(self.head)]


@dataclass(slots=True)
class Lexicon:
    """Word lists of one pack, asked by lower-case word.

    An entry with a leading hyphen also matches the tail of a compound.
    """

    pack: Pack
    _roles: dict[str, Role | None] = field(default_factory=dict)
    _synonyms: dict[str, str] = field(default_factory=dict)
    _tails: dict[tuple[str, str], str] = field(default_factory=dict)
    endings: tuple[str, ...] = ()  # of roles, shortest first
    titles: frozenset[str] = frozenset()
    breaks: frozenset[str] = frozenset()  # words that end a noun phrase
    dotted: frozenset[str] = frozenset()  # abbreviations that keep their full stop
    nouns_capital: bool = False  # whether every noun has a capital, and complements stand after nouns alone

    def __post_init__(self) -> None:
        for pair in self.words("abbreviations"):
            short, _, long = pair.partition("=")
            self._synonyms[short] = long
        self.endings = ("", *sorted(self.words("role_endings"), key=lambda e: (len(e), e)))
        self.titles = self.words("titles") | self.words("titles_male") | self.words("titles_female")
        self.dotted = frozenset(
            word for listed in self.pack.speakers.values() for word in listed if word.endswith(".")
        )
        self.nouns_capital = bool(self.words("genitive_marks"))
        self.breaks = frozenset().union(
            *map(self.words, ("determiners", "complement", "conjunctions", "possessive_marks"))
        )

    @property
    def remembered(self) -> int:
        """Words that were asked for and are kept with their answers."""
        return len(self._tails) + len(self._roles)

    def words(self, name: str) -> frozenset[str]:
        """A list of the pack's `[speakers]`; empty when the pack does not have it."""
        return self.pack.speakers.get(name, frozenset())

    def of_place(self, word: str) -> bool:
        """Whether a capitalised word can be a place's adjective by its ending ("Berliner")."""
        return any(word.endswith(ending) for ending in self.words("place_endings"))

    def tail(self, name: str, word: str) -> str:
        """The longest listed word that `word` is, or ends in as a compound; "" when none is."""
        known = self._tails.get((name, word))
        if known is None:
            known = self._tails[name, word] = self._find_tail(self.words(name), word)
        return known

    @staticmethod
    def _find_tail(listed: frozenset[str], word: str) -> str:
        if word in listed:
            return word
        return next((word[cut:] for cut in range(len(word)) if f"-{word[cut:]}" in listed), "")

    def role(self, word: str) -> Role | None:
        """Read a lower-case word as a role, or None."""
        if word not in self._roles:
            self._roles[word] = self._read_role(word)
        return self._roles[word]

    def same_role(self, first: str, second: str) -> bool:
        """Whether two stems can name one function: equal, abbreviated, or one the other's compound."""
        a, b = self._synonyms.get(first, first), self._synonyms.get(second, second)
        if a == b:
            return True
        short, long = sorted((a, b), key=len)
        return len(short) > 3 and long.endswith(short)

    def _read_role(self, word: str) -> Role | None:
        if word in self.words("anonymous"):
            return None
        for ending in self.endings:
            if not word.endswith(ending) or len(word) <= len(ending) + 1:
                continue
            stem = word[: len(word) - len(ending)]
            plural = ending in self.words("plural_endings") and ending != ""
            female = ending in self.words("female_endings")
            for name, gender in (
                ("roles_female", FEMALE),
                ("roles_male", MALE),
                ("roles_neutral", ""),
                ("roles", FEMALE if female else MALE),
            ):
                if head := self.tail(name, stem):
                    return Role(stem, head, FEMALE if female else gender, plural)
                last = stem.rpartition("-")[2]
                if last != stem and last in self.words(name):
                    return Role(stem, last, FEMALE if female else gender, plural)
        return None


_lexicons: dict[str, Lexicon] = {}  # the latest of each language: its answers hold in all texts


def lexicon_of(pack: Pack) -> Lexicon:
    """The lexicon of a pack, with what was asked of it before; begun anew when that is too much."""
    found = _lexicons.get(pack.code)
    if found is None or found.pack is not pack or found.remembered > MAX_REMEMBERED:
        found = _lexicons[pack.code] = Lexicon(pack)
    return found
