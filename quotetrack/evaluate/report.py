"""A report as text for people and as JSON for scripts; both as the evalkit writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from quotetrack.evaluate.scores import SURFACES, Report, Scores

_HEADING = (
    f"{'type':<30}{'gold':>6}{'pred':>6} |{'exact P':>8}{'R':>6}{'F1':>6} |{'part P':>7}{'R':>6}{'F1':>6} |"
    f"{'tokP':>6}{'R':>6}{'F1':>6} |{'pairs':>6}{'spk=':>6}{'spkH':>6} |{'jointX':>7}{'jointS':>7}"
)


def as_dict(report: Report) -> dict[str, Any]:
    """The evalkit's JSON: percentages as floats, by type."""
    types: dict[str, Any] = {}
    for kind, scores in report.types.items():
        row = asdict(scores)
        row["speaker"] = row.pop("source")
        types[kind] = {name: value for name, value in row.items() if value is not None}
    return {
        "docs": report.documents,
        "docs_without_prediction": report.without_prediction,
        "types": types,
    }


def table(report: Report) -> str:
    """One line a type. A corpus's own types come as "native:…"; where the predictions have no such type
    only recall can be had, and a dash stands for the rest.
    """
    lines = [
        f"documents {report.documents}, without prediction {report.without_prediction}",
        _HEADING,
    ]
    own = any(kind.startswith("native:") and kind[7:] not in (*SURFACES, "?") for kind in report.types)
    for kind, scores in report.types.items():
        if kind.startswith("native:"):
            if not own or not scores.exact.n_gold:
                continue
            if not scores.exact.n_pred:
                lines.append(_recall_line(kind, scores))
                continue
        lines.append(_line(kind, scores))
    return "\n".join(lines)


def _line(kind: str, scores: Scores) -> str:
    exact, partial, token, source = scores.exact, scores.partial, scores.token, scores.source
    tokens = f"{token.p:6.1f}{token.r:6.1f}{token.f1:6.1f}" if token else " " * 18
    return (
        f"{kind:<30}{exact.n_gold:>6}{exact.n_pred:>6} |{exact.p:8.1f}{exact.r:6.1f}{exact.f1:6.1f} |"
        f"{partial.p:7.1f}{partial.r:6.1f}{partial.f1:6.1f} |{tokens} |"
        f"{source.pairs:>6}{source.exact:6.1f}{source.head:6.1f} |"
        f"{scores.joint_exact.f1:7.1f}{scores.joint_soft.f1:7.1f}"
    )


def _recall_line(kind: str, scores: Scores) -> str:
    exact, partial, source = scores.exact, scores.partial, scores.source
    return (
        f"{kind:<30}{exact.n_gold:>6}{'-':>6} |{'-':>8}{exact.r:6.1f}{'-':>6} |"
        f"{'-':>7}{partial.r:6.1f}{'-':>6} |{'':18} |{source.pairs:>6}"
        f"{source.exact:6.1f}{source.head:6.1f} |{'-':>7}{'-':>7}"
    )


def figure(report: Report, path: str) -> float | None:
    """One figure by its address, e.g. "all.exact.f1", "direct.source.head"; None when there is none."""
    kind, _, rest = path.partition(".")
    value: Any = report.types.get(kind)
    for name in rest.split("."):
        value = getattr(value, name, None)
    return float(value) if isinstance(value, (int, float)) else None


def beside(rows: Mapping[str, Mapping[str, float | None]], columns: Mapping[str, str]) -> str:
    """Systems (name → column → percent) as a small table; columns: key → heading."""
    width = max(len(name) for name in rows) + 2
    lines = [" " * width + "".join(f"{heading:>{len(heading) + 3}}" for heading in columns.values())]
    for name, row in rows.items():
        cells = ""
        for key, heading in columns.items():
            value = row.get(key)
            cells += f"{'–' if value is None else f'{value:.1f}':>{len(heading) + 3}}"
        lines.append(f"{name:<{width}}{cells}")
    return "\n".join(lines)
