"""What a folder of models reaches: CoNLL 2018 figures from raw text, and F1 of names.

Trees are scored as the CoNLL 2018 shared task did (Zeman et al. 2018), from text to tree, by the scorer that
comes with Stanza; names by the exact span and its kind.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quotetrack.training.finder import span_scores
from quotetrack.training.names import Sentence
from quotetrack.training.treebank import Tree, write

COLUMNS = ("Tokens", "Sentences", "Words", "UPOS", "Lemmas", "UAS", "LAS")


def pipeline(folder: Path, code: str, processors: str, **settings: Any) -> Any:
    """Stanza's own pipeline over a model folder: what the models do by themselves."""
    import stanza

    return stanza.Pipeline(
        code,
        dir=str(folder),
        package="default",
        processors=processors,
        download_method=None,
        use_gpu=False,
        verbose=False,
        **settings,
    )


def raw(trees: Sequence[Tree]) -> str:
    """The text as it ran: sentences joined by a space, an empty line where a paragraph begins."""
    text = ""
    for tree in trees:
        text += ("\n\n" if tree.begins else " ") * bool(text) + tree.text
    return text


def tree_scores(folder: Path, code: str, trees: Sequence[Tree]) -> dict[str, float]:
    """F1 in percent of each of COLUMNS, from raw text."""
    from stanza.models.common.utils import ud_scores
    from stanza.utils.conll import CoNLL

    document = pipeline(folder, code, "tokenize,mwt,pos,lemma,depparse")(raw(trees))
    with tempfile.TemporaryDirectory() as place:
        gold, found = Path(place, "gold.conllu"), Path(place, "found.conllu")
        gold.write_text(write(trees), "utf-8")
        CoNLL.write_doc2conll(document, str(found))
        scores = ud_scores(str(gold), str(found))
    return {column: 100 * scores[column].f1 for column in COLUMNS}


def name_scores(folder: Path, code: str, sentences: Sequence[Sentence]) -> dict[str, float]:
    """F1 in percent of names on given tokens: of all kinds ("all") and of each."""
    finder = pipeline(folder, code, "tokenize,ner", tokenize_pretokenized=True)
    document = finder([[token for token, _ in sentence] for sentence in sentences])
    found = [[token.ner for token in sentence.tokens] for sentence in document.sentences]
    gold = [[tag for _, tag in sentence] for sentence in sentences]
    return {kind: 100 * f1 for kind, f1 in span_scores(gold, found).items()}
