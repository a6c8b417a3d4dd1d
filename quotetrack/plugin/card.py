"""The quote card: one value that the statement page, the embed and oEmbed all show."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from quotetrack.plugin.archive import Row
from quotetrack.plugin.links import Links
from quotetrack.plugin.wording import (
    affiliation_words,
    clock,
    counted,
    day,
    language_tag,
    quotation_marks,
    shorten,
    speaker_name,
)

EMBED_LIMIT = 600  # characters of a quote on an embedded card; the page has the rest
EMBED_WIDTH, EMBED_HEIGHT = 600, 320  # CSS pixels; the card then reports its real height


@dataclass(frozen=True, slots=True)
class QuoteCard:
    """A statement as it is shown. url, embed_url: absolute; other addresses are paths of this site.

    quoted: the text is in the speaker's own words throughout, so quotation marks belong around it.
    """

    uid: str
    text: str
    language: str
    type: str
    speaker: str
    speaker_link: str | None
    role: str
    organisation: str
    organisation_link: str | None
    published: str | None
    outlet: str
    outlet_link: str | None
    outlets: int
    occurrences: int
    independent: int
    link: str
    url: str
    embed_url: str
    corrected: bool = False

    @property
    def quoted(self) -> bool:
        return self.type == "direct"

    @property
    def day(self) -> str:
        return day(self.published)

    @property
    def clock(self) -> str:
        return clock(self.published)

    @property
    def short(self) -> str:
        return shorten(self.text, EMBED_LIMIT)

    def marked(self, text: str) -> str:
        """Words of the statement, between the quotation marks of its language if they are verbatim."""
        opening, closing = quotation_marks(self.language) if self.quoted else ("", "")
        return f"{opening}{text}{closing}"

    @property
    def affiliation(self) -> str:
        """Role and organisation as one phrase; "" when neither is known."""
        return ", ".join(filter(None, (self.role, self.organisation)))

    @property
    def manner(self) -> str:
        """How the words were reported, for readers who do not know our terms."""
        return {
            "direct": "quoted verbatim",
            "mixed": "partly verbatim",
            "indirect": "reported in indirect speech",
        }.get(self.type, "")

    @property
    def reach(self) -> str:
        return counted(self.outlets, "outlet")

    @property
    def title(self) -> str:
        """The statement in a line, for titles and feeds."""
        return f"{self.speaker}: {self.marked(shorten(self.text, 90))}"

    @property
    def attribution(self) -> str:
        return ", ".join(filter(None, (self.speaker, self.affiliation)))

    @property
    def blockquote(self) -> Markup:
        """The card as a plain blockquote: what is left where frames and scripts are stripped."""
        return Markup('<blockquote>{} — {}, <a href="{}">{}</a>{}</blockquote>').format(
            self.marked(self.short),
            self.attribution,
            self.url,
            self.day,
            " (corrected)" if self.corrected else "",
        )

    def iframe(self, width: int = EMBED_WIDTH, height: int = EMBED_HEIGHT) -> Markup:
        """The card in a frame that can neither read nor leave the page it is put on."""
        return Markup(
            '<iframe src="{}" width="{}" height="{}" title="{}" frameborder="0"'
            ' sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"'
            ' class="quotetrack-embed"></iframe>'
        ).format(self.embed_url, width, height, f"Quote by {self.speaker}")


def quote_card(row: Row, links: Links, *, corrected: bool = False) -> QuoteCard:
    """A statement row (queries' STATEMENT_COLUMNS) as a card."""
    affiliation = affiliation_words(row["affiliation"])
    organisation = affiliation.get("uid")
    return QuoteCard(
        uid=row["uid"],
        text=row["canonical"],
        language=language_tag(row["language"]),
        type=row["type"] or "",
        speaker=speaker_name(row["speaker"]),
        speaker_link=links.person(row["person_uid"]) if row["person_uid"] else None,
        role=affiliation.get("role") or "",
        organisation=affiliation.get("organisation") or "",
        organisation_link=links.organisation(organisation) if organisation else None,
        published=row["first_published"],
        outlet=row["first_outlet"] or "",
        outlet_link=links.outlet(row["outlet_id"]) if row["outlet_id"] else None,
        outlets=row["outlet_count"],
        occurrences=row["occurrence_count"],
        independent=row["independent_count"],
        link=links.statement(row["uid"]),
        url=links.absolute(links.statement(row["uid"])),
        embed_url=links.absolute(links.embed(row["uid"])),
        corrected=corrected,
    )
