"""The learned layer: which of the attributions that the rules can see count as quotes, from examples.

`candidates` proposes more than the rules would keep, `features` describes each, a `Judge`
says how likely each is right. Training needs no library and takes seconds once the texts are annotated.
"""

from quotetrack.learn.candidates import candidates, generous
from quotetrack.learn.features import describe
from quotetrack.learn.judge import (
    Example,
    Judge,
    JudgeError,
    best_threshold,
    fit,
    judged,
    read_judge,
    write_judge,
)

__all__ = [
    "Example",
    "Judge",
    "JudgeError",
    "best_threshold",
    "candidates",
    "describe",
    "fit",
    "generous",
    "judged",
    "read_judge",
    "write_judge",
]
