"""Small charts as inline SVG: no script, readable in light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from markupsafe import Markup

from quotetrack.plugin.wording import day, year_range

MAX_BARS = 72  # six years of months; a longer time is drawn by the year
MAX_ROWS = 24  # months in the table beside small charts; of a longer time it gives the years
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
class Axis:
    """Periods without gaps: the months from the first to the last counted, or the years of a longer time."""

    periods: tuple[str, ...]

    @property
    def yearly(self) -> bool:
        return len(self.periods[0]) == 4

    def bars(self, counts: Mapping[str, int]) -> tuple[Bar, ...]:
        """A bar a period, of counts by month."""
        found = dict.fromkeys(self.periods, 0)
        for month, n in counts.items():
            period = month[:4] if self.yearly else month
            if period in found:
                found[period] += n
        return tuple(Bar(period, n) for period, n in found.items())


def axis(months: Iterable[str]) -> Axis | None:
    """The axis of some months ("2025-03", others are passed over); None when there are none.

    More than MAX_BARS months are summed up by year, of which the last MAX_BARS are drawn.
    """
    known = [month for month in months if _MONTH.fullmatch(month)]
    if not known:
        return None
    first, last = _number(min(known)), _number(max(known))
    if last - first < MAX_BARS:
        numbers = range(first, last + 1)
        return Axis(tuple(f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers))
    years = range(max(first // 12, last // 12 - MAX_BARS + 1), last // 12 + 1)
    return Axis(tuple(f"{year:04d}" for year in years))


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars in order of time, gaps filled. label: what it shows, in a sentence; most: the full height."""

    bars: tuple[Bar, ...]
    label: str
    most: int

    @property
    def total(self) -> int:
        return sum(bar.count for bar in self.bars)

    @property
    def svg(self) -> Markup:
        """The drawing; it stretches to the width of its box. Each bar tells its number to a pointer."""
        return self._drawn(
            f'<path d="{shape}"><title>{bar.label}: {bar.count:,}</title></path>'
            for bar, shape in self._shapes()
        )

    @property
    def plain_svg(self) -> Markup:
        """The same as one shape, a third of the size."""
        return self._drawn(['<path d="', *(shape for _, shape in self._shapes()), '"/>'])

    def _shapes(self) -> Iterator[tuple[Bar, str]]:
        """The bars that have a height, each with its outline."""
        for at, bar in enumerate(self.bars):
            if bar.count:
                height = max(round(_HEIGHT * bar.count / max(self.most, 1), 1), 1.5)
                yield bar, f"M{at * 10 + 1} {_HEIGHT}v-{height:g}h8v{height:g}z"

    def _drawn(self, parts: Iterable[str]) -> Markup:
        drawn = Markup("".join(parts))  # noqa: S704 - months and numbers of our own making
        return Markup(
            '<svg class="bars" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">'
            "{}</svg>"
        ).format(max(len(self.bars), 12) * 10, _HEIGHT, self.label, drawn)


def month_chart(months: Sequence[tuple[str, int]], what: str) -> Chart | None:
    """Counts by month ("2025-03", n), in any order, as a chart; None when no month is known.

    what: the counted things, e.g. "statements".
    """
    drawn = axis(month for month, _ in months)
    return _chart(drawn, _counted(months), what) if drawn else None


@dataclass(frozen=True, slots=True)
class Multiple:
    """One of several charts on one scale: whose it is, as a name and a key for links."""

    key: str
    name: str
    chart: Chart


@dataclass(frozen=True, slots=True)
class Multiples:
    """Charts of one axis and one height."""

    charts: tuple[Multiple, ...]

    @property
    def bars(self) -> tuple[Bar, ...]:
        """Those of the first: the periods of all."""
        return self.charts[0].chart.bars

    @property
    def rows(self) -> list[tuple[str, list[int]]]:
        """The numbers as a table: a period's name and each chart's count, empty periods left out.

        More than MAX_ROWS months are summed up by year.
        """
        rows: dict[str, list[int]] = {}
        for at, bar in enumerate(self.bars):
            period = bar.period[:4] if len(self.bars) > MAX_ROWS else bar.period
            sums = rows.setdefault(day(period), [0] * len(self.charts))
            for column, each in enumerate(self.charts):
                sums[column] += each.chart.bars[at].count
        return [(label, sums) for label, sums in rows.items() if any(sums)]


def small_multiples(rows: Sequence[tuple[str, str, str, int]], what: str) -> Multiples | None:
    """Counts (key, name, month, n) as a chart for each key, in their order; None when no month is known."""
    drawn = axis(month for _, _, month, _ in rows)
    if drawn is None:
        return None
    charts = []
    for key, name in dict.fromkeys((key, name) for key, name, _, _ in rows):
        counts = _counted([(month, n) for of, _, month, n in rows if of == key])
        charts.append(Multiple(key, name, _chart(drawn, counts, f"{what}, {name}")))
    most = max(each.chart.most for each in charts)
    return Multiples(tuple(Multiple(each.key, each.name, replace(each.chart, most=most)) for each in charts))


def _chart(drawn: Axis, counts: Mapping[str, int], what: str) -> Chart:
    bars = drawn.bars(counts)
    peak = max(bars, key=lambda bar: bar.count)
    unit = "year" if drawn.yearly else "month"
    label = (
        f"{what[:1].upper()}{what[1:]} by {unit}, {bars[0].label} to {bars[-1].label};"
        f" most in {peak.label}: {peak.count:,}"
    )
    return Chart(bars, label, peak.count)


def _counted(months: Iterable[tuple[str, int]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for month, n in months:
        if _MONTH.fullmatch(month):
            counts[month] = counts.get(month, 0) + n
    return counts


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time as a bar: where it begins and ends on the common time, 0 to 1; its dates in words."""

    start: float
    end: float
    label: str

    @property
    def svg(self) -> Markup:
        left = round(1000 * self.start)
        width = max(round(1000 * self.end) - left, 12)
        return Markup(
            '<svg class="stretch" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img"'
            ' aria-label="{}">'
            '<rect class="ground" width="1000" height="10"/><rect x="{}" width="{}" height="10"/></svg>'
        ).format(self.label, min(left, 988), width)


def stretches(times: Sequence[tuple[str | None, str | None]]) -> list[Stretch | None]:
    """First and last days (ISO 8601) as bars on the time they span together; None for one without a date.

    No bars at all where everything lies within a month: they would show nothing.
    """
    spans = [(_day(first or last), _day(last or first)) for first, last in times]
    known = [day for span in spans for day in span if day is not None]
    low, high = min(known, default=0), max(known, default=0)
    if high - low < 31:
        return [None] * len(spans)
    return [
        Stretch((start - low) / (high - low), (end - low) / (high - low), year_range(first, last))
        if start is not None and end is not None
        else None
        for (start, end), (first, last) in zip(spans, times, strict=True)
    ]


def _day(moment: str | None) -> int | None:
    try:
        return date.fromisoformat(((moment or "") + "-01-01")[:10]).toordinal() if moment else None
    except ValueError:
        return None


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1
