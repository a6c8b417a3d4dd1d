"""How fast articles become quotes on one core, beside plain Stanza calls in the same run.

python -m benchmarks.pipeline [--articles 10] [--corpora ../shared/corpora] [--models auto]

Machines differ and are noisy: compare the ratio, not the articles per CPU-second. Both read in turns, a batch
of articles here and the same there, so that other work on the machine slows both alike.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from quotetrack import models, reading
from quotetrack.annotate import Annotator
from quotetrack.annotate.stages import Stages
from quotetrack.paths import data_path
from quotetrack.reading import Extractor, Settings
from quotetrack.types import Article

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"
NAMES = {"de": "german.dev", "en": "polnear.dev"}
STAGES = {
    "labels": "tokenise",
    "words": "contractions",
    "tags": "tag",
    "lemmas": "lemmas",
    "names": "names",
    "trees": "parse",
}
STEPS = {
    "parts_of": "languages of parts",
    "want_trees": "choose sentences",
    "read": "lay out",
    "find_quotes": "extract",
    "read_cast": "cast",
    "resolve": "resolve",
    "affiliate": "affiliate",
    "find_silences": "silences",
}


class Clock:
    """CPU seconds by phase."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()

    def watch(self, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, timed."""

        def timed(*given: Any, **named: Any) -> Any:
            started = time.process_time()
            try:
                return function(*given, **named)
            finally:
                self.seconds[phase] += time.process_time() - started

        return timed


def articles(code: str, corpora: Path, count: int) -> list[str]:
    """Texts of a dev corpus, spread evenly over it; of the demo corpus where there is none."""
    path = corpora / f"{NAMES[code]}.jsonl"
    if not path.is_file():
        path = data_path("samples", f"articles.{code}.jsonl")
    texts = [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
    return texts[:: max(1, len(texts) // count)][:count]


def measure(
    code: str, chosen: models.ModelSet, texts: Sequence[str], after: Callable[[Sequence[str]], None]
) -> tuple[Clock, float, int, float]:
    """The whole way from text to quotes with everything on: time by phase and in all, number of quotes; and
    time of the same articles once more as reprints, each under a line of its own.

    after: what is done, out of that time, with each batch of texts that was read.
    """
    clock = Clock()
    for name, phase in STEPS.items():
        setattr(reading, name, clock.watch(phase, getattr(reading, name)))
    folder = chosen.folder if chosen.origin == "official" else None
    extractor = Extractor(Settings(prefer=chosen.origin, official=folder))
    extractor.read([Article("warm up", texts[0][:500], language=code), Article("warm up", texts[0][:500])])
    watched(extractor.annotators[code], clock)
    extractor.annotators[code].seen.clear()
    clock.seconds.clear()
    items = [Article(str(number), text) for number, text in enumerate(texts)]
    seconds, count = timed(extractor, items, after)
    phases = Clock()
    phases.seconds.update(clock.seconds)
    reprints = [Article(f"reprint {at}", f"Fictional Gazette\n{text}") for at, text in enumerate(texts)]
    again, _ = timed(extractor, reprints, lambda _: None)
    return phases, seconds, count, again


def timed(
    extractor: Extractor, items: Sequence[Article], after: Callable[[Sequence[str]], None]
) -> tuple[float, int]:
    """CPU seconds that articles take, and how many quotes they have."""
    seconds, count = 0.0, 0
    for batch in reading.batches(items, first=reading.BATCH):
        started = time.process_time()
        for result in extractor.read(batch):
            assert isinstance(result, reading.Read), result
            count += len(result.quotes)
        seconds += time.process_time() - started
        after([item.text for item in batch if isinstance(item, Article)])
    return seconds, count


def watched(annotator: Annotator, clock: Clock) -> None:
    """Time the stages of an annotator."""
    stages = annotator.stages
    annotator.stages = Stages(
        **{name: clock.watch(phase, getattr(stages, name)) for name, phase in STAGES.items()},
        slow=stages.slow,
    )


def plain(chosen: models.ModelSet) -> Callable[[Sequence[str]], None]:
    """One stanza.Pipeline call an article: tokens, tags, lemmas, trees and names."""
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

    def run(texts: Sequence[str]) -> None:
        for text in texts:
            pipeline(text)

    return run


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
    parser.add_argument("--articles", type=int, default=10, help="articles a language")
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    parser.add_argument("--models", choices=["auto", "bundled", "official"], default="auto")
    parser.add_argument("--stanza-dir", type=Path, default=None, help="a folder of official models")
    arguments = parser.parse_args()
    for code in NAMES:
        chosen = models.find(code, arguments.models, arguments.stanza_dir)
        texts = articles(code, arguments.corpora, arguments.articles)
        words = sum(len(text.split()) for text in texts)
        other = Clock()
        clock, ours, quotes, again = measure(code, chosen, texts, other.watch("all", plain(chosen)))
        theirs = other.seconds["all"]
        first, peak = fresh_worker(code, texts)
        print(f"{code}: {len(texts)} articles, {words} words, {quotes} quotes ({chosen.label})")
        for name, seconds in (("plain Stanza", theirs), ("quotetrack", ours)):
            print(
                f"  {name:<14}{seconds:8.2f} CPU-s {len(texts) / seconds:8.2f} articles/CPU-s"
                f" {words / seconds:8.0f} words/CPU-s"
            )
        print(f"  ratio         {theirs / ours:8.2f} times as fast, extraction included")
        print(f"  reprints      {again:8.2f} CPU-s, {ours / again:.2f} times as fast as the first time")
        parts = {**clock.seconds, "everything else": ours - sum(clock.seconds.values())}
        for phase, seconds in parts.items():
            print(f"    {phase:<20}{seconds:8.2f} CPU-s {100 * seconds / ours:6.1f} %")
        print(f"  a fresh worker: first quotes after {first:.1f} s, peak memory {peak:.0f} MiB\n")
    print(f"this process: peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
