"""How fast articles become quotes on one core, beside plain Stanza calls in the same run.

python -m benchmarks.pipeline [--articles 20] [--corpora ../shared/corpora] [--models auto]

Machines differ and are noisy: compare the ratio, not the articles per CPU-second.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from quotetrack import languages, models
from quotetrack.affiliations import affiliate
from quotetrack.annotate import Annotator, batches
from quotetrack.extract import find_quotes, want_trees
from quotetrack.paths import data_path
from quotetrack.resolve import resolve

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"
NAMES = {"de": "german.dev", "en": "polnear.dev"}
PHASES = ("tokenise", "tag", "names", "parse", "rest of annotating", "extract", "resolve", "affiliate")


class Clock:
    """CPU seconds by phase."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()

    @contextmanager
    def __call__(self, phase: str) -> Iterator[None]:
        started = time.process_time()
        yield
        self.seconds[phase] += time.process_time() - started


class Timed(Annotator):
    """An annotator that says where its time goes."""

    clock = Clock()

    def _tokenize(self, lines: Sequence[str]) -> Any:
        with self.clock("tokenise"):
            return super()._tokenize(lines)

    def _run(self, document: Any, *names: str) -> None:
        for name in names:
            with self.clock("names" if name == "ner" else "tag"):
                super()._run(document, name)

    def _parse(self, wanted: Sequence[Any]) -> None:
        with self.clock("parse"):
            super()._parse(wanted)


def articles(code: str, corpora: Path, count: int) -> list[str]:
    """Texts of a dev corpus, spread evenly over it; of the demo corpus where there is none."""
    path = corpora / f"{NAMES[code]}.jsonl"
    if not path.is_file():
        path = data_path("samples", f"articles.{code}.jsonl")
    texts = [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
    return texts[:: max(1, len(texts) // count)][:count]


def measure(code: str, chosen: models.ModelSet, texts: Sequence[str]) -> tuple[Clock, int]:
    """Run the whole way from text to quotes with everything on; time by phase and the number of quotes."""
    pack = languages.load(code)
    annotator = Timed(chosen.folder, chosen.code, chosen.package)
    annotator.annotate(["Warm up.\nAufwärmen."])
    annotator.clock = clock = Clock()
    count = 0
    for batch in batches(texts):
        with clock("annotate"):
            annotations = annotator.annotate(batch, lambda sentences: want_trees(sentences, pack))
        for annotation in annotations:
            with clock("extract"):
                quotes = find_quotes(annotation, pack)
            with clock("resolve"):
                quotes = resolve(annotation, quotes, pack)
            with clock("affiliate"):
                count += len(affiliate(annotation, quotes, pack))
    inner = sum(clock.seconds[phase] for phase in ("tokenise", "tag", "names", "parse"))
    clock.seconds["rest of annotating"] = clock.seconds.pop("annotate") - inner
    return clock, count


def plain(chosen: models.ModelSet, texts: Sequence[str]) -> float:
    """CPU seconds of one stanza.Pipeline call an article: tokens, tags, lemmas, trees and names."""
    import stanza

    pipeline: Callable[[str], Any] = stanza.Pipeline(
        chosen.code,
        dir=str(chosen.folder),
        package=chosen.package,
        processors="tokenize,mwt,pos,lemma,depparse,ner",
        download_method=None,
        use_gpu=False,
        verbose=False,
    )
    pipeline("Warm up.")
    started = time.process_time()
    for text in texts:
        pipeline(text)
    return time.process_time() - started


FIRST_QUOTE = r"""
import json, re, resource, sys, time
from pathlib import Path
started = time.time()
from quotetrack.pipeline import Extractor, Settings
from quotetrack.types import Article
texts = json.load(sys.stdin)
reader = Extractor(Settings(language=sys.argv[1]))
reader.read([Article("first", texts[0])])
first = time.time() - started
reader.read([Article(str(at), text) for at, text in enumerate(texts)])
status = Path("/proc/self/status")  # ru_maxrss would count the parent's memory before exec
peak = re.search(r"VmHWM:\s*(\d+)", status.read_text())[1] if status.exists() else (
    resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
)
print(json.dumps([first, int(peak) / 1024]))
"""


def fresh_worker(code: str, texts: Sequence[str]) -> tuple[float, float]:
    """Wall seconds from start to the first article's quotes, and peak memory in MiB, of a new process."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST_QUOTE, code],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    first, peak = json.loads(done.stdout)
    return first, peak


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=20, help="articles a language")
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    parser.add_argument("--models", choices=["auto", "bundled", "official"], default="auto")
    parser.add_argument("--stanza-dir", type=Path, default=None, help="a folder of official models")
    arguments = parser.parse_args()
    for code in NAMES:
        chosen = models.find(code, arguments.models, arguments.stanza_dir)
        texts = articles(code, arguments.corpora, arguments.articles)
        words = sum(len(text.split()) for text in texts)
        clock, quotes = measure(code, chosen, texts)
        ours = sum(clock.seconds.values())
        theirs = plain(chosen, texts)
        first, peak = fresh_worker(code, texts)
        print(f"{code}: {len(texts)} articles, {words} words, {quotes} quotes ({chosen.label})")
        for name, seconds in (("plain Stanza", theirs), ("quotetrack", ours)):
            print(
                f"  {name:<14}{seconds:8.2f} CPU-s {len(texts) / seconds:8.2f} articles/CPU-s"
                f" {words / seconds:8.0f} words/CPU-s"
            )
        print(f"  ratio         {theirs / ours:8.2f} times as fast, extraction included")
        for phase in PHASES:
            print(
                f"    {phase:<20}{clock.seconds[phase]:8.2f} CPU-s {100 * clock.seconds[phase] / ours:6.1f} %"
            )
        print(f"  a fresh worker: first quotes after {first:.1f} s, peak memory {peak:.0f} MiB\n")
    print(f"this process: peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
