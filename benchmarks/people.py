"""How fast people are resolved across articles, and how that grows.

python -m benchmarks.people [--n 1000 …]             in memory, deciding only
python -m benchmarks.people --archive [--n 1000 …]   into an archive, an article a mention, all written

Synthetic mentions: people with names from the tables of names, each met several times (few often, most once
or twice), in changing spellings, with an organisation, a role, sometimes nothing. Printed for each size: CPU
seconds, seconds per 1,000 mentions, people compared per mention, resident memory, and B³ against the truth.
Every size runs in a process of its own, so that memory is its own.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from quotetrack.identity import Mention, Profile, Register, resolve, standing_of
from quotetrack.identity.tables import prior_nats, variants
from quotetrack.store import open_store
from quotetrack.types import Affiliation, Article, Person, Quote, Span
from tests.gold.people import scores

SIZES = (1_000, 10_000, 100_000)
SYLLABLES = (
    "ber",
    "dal",
    "gor",
    "hin",
    "kas",
    "lor",
    "mar",
    "nov",
    "ost",
    "pel",
    "ral",
    "sten",
    "tor",
    "ul",
    "ver",
)
SYLLABLES += ("wies", "zan", "bruck", "lund", "feld", "mann", "sen", "ski")
ROLES = (
    ("Minister", "Ministerium {}"),
    ("spokesman", "{} Police"),
    ("Professorin", "Universität {}"),
    ("chief executive", "{} Shipping"),
    ("Richter", "Landgericht {}"),
    ("Sprecherin", "Naturbund {}"),
)


class Counting(Register):
    """Counts what resolving reads."""

    compared = 0

    def profiles(self, people: Collection[str]) -> Sequence[Profile]:
        self.compared += len(people)
        return super().profiles(people)


@dataclass(frozen=True, slots=True)
class Being:
    given: str
    family: str
    role: str
    organisation: str


def beings(chance: random.Random, count: int) -> list[Being]:
    _, listed = prior_nats()
    usual = sorted(listed)
    people = []
    for _ in range(count):
        given = chance.choice(usual).capitalize()
        family = chance.choice(usual) if chance.random() < 0.15 else "".join(chance.choices(SYLLABLES, k=3))
        role, organisation = chance.choice(ROLES)
        place = "".join(chance.choices(SYLLABLES, k=2)).capitalize()
        people.append(Being(given, family.capitalize(), role, organisation.format(place)))
    return people


def mentions(n: int, seed: int) -> Iterator[tuple[str, Mention]]:
    """(who it is, mention): a third as many people as mentions, the first met most often (1/rank)."""
    chance = random.Random(seed)
    people = beings(chance, max(1, n // 3))
    weights = [1 / (rank + 10) for rank in range(len(people))]
    for number, index in enumerate(chance.choices(range(len(people)), weights, k=n)):
        one = people[index]
        given = one.given
        if chance.random() < 0.1:
            given = chance.choice(sorted(variants().get(given.lower(), frozenset({given})))).capitalize()
        family = one.family.replace("v", "w") if chance.random() < 0.1 else one.family
        shown = chance.random() < 0.7
        sector = standing_of(one.role, one.organisation).sector if shown else None
        yield (
            str(index),
            Mention(
                f"{given} {family}",
                str(number),
                frozenset({one.organisation.lower()} if shown else ()),
                frozenset({one.role.lower()} if shown else ()),
                frozenset({sector} if sector else ()),
            ),
        )


def measure(n: int, seed: int) -> dict[str, float]:
    met = list(mentions(n, seed))
    register, found = Counting(), []
    start = time.process_time()
    for number, (_, mention) in enumerate(met):
        decision = resolve(mention, register)
        person = decision.person or str(number)
        if decision.settled:
            register.add(mention, person)
        found.append(person)
    seconds = time.process_time() - start
    quality = scores([being for being, _ in met], found)
    return {
        "mentions": n,
        "cpu_s": round(seconds, 2),
        "cpu_s_per_1000": round(seconds / n * 1000, 3),
        "compared_per_mention": round(register.compared / n, 2),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "people": len(set(found)),
        **{name: round(quality[name], 4) for name in ("b3_precision", "b3_recall", "b3_f1")},
    }


def measure_archive(n: int, seed: int) -> dict[str, float]:
    with TemporaryDirectory() as folder, open_store(Path(folder) / "people.db") as store:
        run = store.begin_run("benchmark", {}, {})
        marks, start = [time.process_time()], n - max(1, n // 10)
        for number, (_, mention) in enumerate(mentions(n, seed)):
            if number == start:
                marks.append(time.process_time())
            text = f"Wir warten auf Bericht {number}. {mention.name}"
            shown = Affiliation(next(iter(mention.organisations), None), next(iter(mention.roles), None))
            said = Span(0, text.index(".") + 1)
            quote = Quote("direct", (said,), speaker=Person(mention.name), affiliation=shown)
            url = f"https://bote.example/{number}"
            store.record(Article(url, text, url=url, outlet="Bote"), "de", [quote], run=run)
        marks.append(time.process_time())
        (people,) = store.conn.execute("select count(*) from people").fetchone()
    return {
        "mentions": n,
        "cpu_s": round(marks[-1] - marks[0], 2),
        "cpu_s_per_1000_at_the_end": round((marks[2] - marks[1]) / (n - start) * 1000, 3),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "people": people,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, nargs="*", default=SIZES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--archive", action="store_true")
    arguments = parser.parse_args()
    if len(arguments.n) == 1:
        done = measure_archive if arguments.archive else measure
        print(json.dumps(done(arguments.n[0], arguments.seed)))
        return
    for n in arguments.n:
        command = [sys.executable, "-m", "benchmarks.people", "--n", str(n), "--seed", str(arguments.seed)]
        command += ["--archive"] if arguments.archive else []
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip(), flush=True)


if __name__ == "__main__":
    main()
