"""Clitics that a list of contractions does not know: `Reetbach’s` is a name and a mark of possession.

A tokeniser sees in any word that it is a contraction, but a list of contractions holds the words it was made
from: every other name would keep its `’s`, and be no name to the models that follow.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from quotetrack.annotate.drafts import Draft

_ENDING = re.compile(r"(?:(?<=\w)['’]([^\W\d_]+)|(?<=s)['’]())$")


def cut_clitics(drafts: Sequence[Draft], clitics: Collection[str]) -> None:
    """Cut each contraction that is still one word before its clitic; words and spans are set anew.

    clitics: endings behind an apostrophe that are words of their own, in lower case (`s`, `ll`; `` for
    the apostrophe alone).
    """
    for draft in drafts if clitics else ():
        if not any(piece.contracted for piece in draft.pieces):
            continue
        whole = {(piece.start, piece.end) for piece in draft.pieces if piece.contracted}
        words: list[str] = []
        spans: list[tuple[int, int]] = []
        for word, (start, end) in zip(draft.words, draft.spans, strict=True):
            ending = _ENDING.search(word) if (start, end) in whole and end - start == len(word) else None
            if ending is None or (ending[1] or "").lower() not in clitics:
                words.append(word)
                spans.append((start, end))
                continue
            words += [word[: ending.start()], word[ending.start() :]]
            spans += [(start, start + ending.start()), (start + ending.start(), end)]
        draft.words, draft.spans = words, spans
