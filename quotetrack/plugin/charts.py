"""Small charts as inline SVG: no script, readable in light and dark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from quotetrack.plugin.wording import day

MAX_BARS = 72  # six years of months; a longer time is drawn by the year
_HEIGHT = 60
_MONTH = re.compile("[0-9]{4}-(?:0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Bar:
    """One month ("2025-03") or year ("2025") and its count."""

    period: str
    count: int

    @property
    def label(self) -> str:
        return day(self.period)


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars in order of time, gaps filled. label: what it shows, in a sentence."""

    bars: tuple[Bar, ...]
    label: str

    @property
    def svg(self) -> Markup:
        """The drawing; it stretches to the width of its box."""
        most = max((bar.count for bar in self.bars), default=1) or 1
        rects = []
        for at, bar in enumerate(self.bars):
            height = max(round(_HEIGHT * bar.count / most, 1), 1.5) if bar.count else 0
            rects.append(
                Markup('<rect x="{}" y="{}" width="8" height="{}"><title>{}: {}</title></rect>').format(
                    at * 10 + 1, round(_HEIGHT - height, 1), height, bar.label, f"{bar.count:,}"
                )
            )
        return Markup(
            '<svg class="bars" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">'
            "{}</svg>"
        ).format(max(len(self.bars), 12) * 10, _HEIGHT, self.label, Markup("").join(rects))


def month_chart(months: Sequence[tuple[str, int]], what: str) -> Chart | None:
    """Counts by month ("2025-03", n), in any order, as a chart; None when no month is known.

    what: the counted things, e.g. "statements". More than MAX_BARS months are summed up by year.
    """
    counts: dict[str, int] = {}
    for month, n in months:
        if _MONTH.fullmatch(month):
            counts[month] = counts.get(month, 0) + n
    if not counts:
        return None
    first, last = _number(min(counts)), _number(max(counts))
    if last - first >= MAX_BARS:
        years: dict[str, int] = {}
        for month, n in counts.items():
            years[month[:4]] = years.get(month[:4], 0) + n
        start = max(int(min(years)), int(max(years)) - MAX_BARS + 1)
        bars = [Bar(str(year), years.get(str(year), 0)) for year in range(start, int(max(years)) + 1)]
    else:
        names = [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(first, last + 1)]
        bars = [Bar(name, counts.get(name, 0)) for name in names]
    peak = max(bars, key=lambda bar: bar.count)
    unit = "month" if len(peak.period) == 7 else "year"
    label = (
        f"{what.capitalize()} by {unit}, {bars[0].label} to {bars[-1].label};"
        f" most in {peak.label}: {peak.count:,}"
    )
    return Chart(tuple(bars), label)


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1
