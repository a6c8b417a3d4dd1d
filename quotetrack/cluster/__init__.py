"""One statement, however many outlets cut, bracket or misquote it: pure functions behind one face.

normalise → blocking keys → candidates → similarity (nats of matching words) → decide → statements.
`cluster` does it for occurrences in memory, `link` for new ones against an archive; both decide alike.
`translations` links statements across languages.
"""

from quotetrack.cluster.batch import Clustering, cluster, judge
from quotetrack.cluster.blocking import BlockingIndex, MemoryIndex, Posting
from quotetrack.cluster.incremental import Archive, Update, link, match, postings
from quotetrack.cluster.reconcile import Assignment, canonical, reconcile
from quotetrack.cluster.reprints import article_keys, containment, is_reprint
from quotetrack.cluster.translation import translations
from quotetrack.cluster.variants import packed_form

__all__ = [
    "Archive",
    "Assignment",
    "BlockingIndex",
    "Clustering",
    "MemoryIndex",
    "Posting",
    "Update",
    "article_keys",
    "canonical",
    "cluster",
    "containment",
    "is_reprint",
    "judge",
    "link",
    "match",
    "packed_form",
    "postings",
    "reconcile",
    "translations",
]
