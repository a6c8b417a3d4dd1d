"""What the word lists of a language pack say of one word: whether it is a role, a title, a document."""

from __future__ import annotations

from dataclasses import dataclass, field

from quotetrack.languages import Pack

MALE, FEMALE = "male", "female"


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

    def __post_init__(self) -> None:
        for pair in self.words("abbreviations"):
            short, _, long = pair.partition("=")
            self._synonyms[short] = long

    @property
    def nouns_capital(self) -> bool:
        """Whether the language writes every noun with a capital, and puts complements after nouns alone."""
        return bool(self.words("genitive_marks"))

    def dotted(self) -> set[str]:
        """Abbreviations that keep their full stop."""
        return {word for listed in self.pack.speakers.values() for word in listed if word.endswith(".")}

    def words(self, name: str) -> frozenset[str]:
        """A list of the pack's `[speakers]`; empty when the pack does not have it."""
        return self.pack.speakers.get(name, frozenset())

    @property
    def titles(self) -> frozenset[str]:
        return self.words("titles") | self.words("titles_male") | self.words("titles_female")

    def tail(self, name: str, word: str) -> str:
        """The longest listed word that `word` is, or ends in as a compound; "" when none is."""
        listed = self.words(name)
        if word in listed:
            return word
        for cut in range(len(word)):
            if f"-{word[cut:]}" in listed:
                return word[cut:]
        return ""

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
        for ending in ("", *sorted(self.words("role_endings"), key=lambda e: (len(e), e))):
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
