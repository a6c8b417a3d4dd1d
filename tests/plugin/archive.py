"""Builds small archives by hand, so that the pages are tested apart from models and clustering.

All people, outlets and quotes are fictional.
"""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from quotetrack.store.connection import connect

TUNNEL = "tunnelabc234"
UNKNOWN = "unknownabc23"
WITHDRAWN = "withdrawn234"
BUILD = "buildabc2345"
MERGED = "mergedabc234"
MERGED_TWICE = "twiceabc2345"
OHLENDIECK = "ohlendieckab"
OLD_OHLENDIECK = "oldohlendiec"
MINISTRY = "ministryabcd"
FIRST = "occfirstabcd"
SECOND = "occsecondabc"
REPRINTED = "occreprinted"
GONE = "occgoneabcde"

_FULL = "We will not build the harbour tunnel as long as nobody can tell me where the 840 million crowns are"
_SHORT = "We will not build the tunnel as long as nobody can tell me where the 480 million crowns are"


class Builder:
    """Writes rows with the columns that the pages do not care about filled in."""

    def __init__(self, path: Path) -> None:
        self.conn = connect(path)
        self.db = Database(self.conn)

    def outlet(self, name: str, homepage: str | None = None) -> int:
        return self._insert("outlets", {"name": name, "homepage": homepage})

    def article(self, uid: str, outlet: int | None, published: str | None, **columns: object) -> int:
        row = {
            "uid": uid,
            "outlet": outlet,
            "origin": "test",
            "published": published,
            "language": "en",
            "text": "the body",
            "sha256": uid,
            "fetched_at": "2025-04-01T00:00:00Z",
            "title": "A title",
            "url": f"https://{uid}.example/news/{uid}",
        }
        return self._insert("articles", row | columns)

    def person(self, uid: str, name: str, kind: str = "person", **columns: object) -> int:
        key = self._insert("people", {"uid": uid, "name": name, "kind": kind, "identity": uid} | columns)
        self._insert("aliases", {"person": key, "name": name})
        return key

    def organisation(self, uid: str, name: str, acronym: str | None = None) -> int:
        return self._insert("organisations", {"uid": uid, "name": name, "acronym": acronym, "identity": uid})

    def affiliation(
        self,
        person: int,
        organisation: int | None,
        role: str | None,
        first: str = "2025-01-01",
        **more: object,
    ) -> int:
        row = {"person": person, "organisation": organisation, "role": role, "first_seen": first}
        row |= {"last_seen": "2025-03-05", "evidence_text": f"{role} so and so"}
        return self._insert("affiliations", row | {"identity": f"{person}/{organisation}/{role}"} | more)

    def statement(self, uid: str, canonical: str, person: int | None = None, **columns: object) -> int:
        row: dict[str, object] = {"uid": uid, "canonical": canonical, "variants": "", "person": person}
        row |= {"language": "en", "occurrence_count": 1, "outlet_count": 1, "independent_count": 1}
        if person:
            row["speaker"] = self.db["people"].get(person)["name"]
        return self._insert("statements", row | columns)

    def occurrence(
        self, uid: str, article: int, statement: int | None, content: str, **columns: object
    ) -> int:
        start = 100
        spans = {"content": [[start, start + len(content)]], "cue": [], "source": []}
        row = {
            "uid": uid,
            "article": article,
            "statement": statement,
            "type": "direct",
            "content": content,
            "spans": json.dumps(spans),
            "passage_before": "The minister said: “",
            "passage_after": "”, and left.",
            "confidence": 0.9,
            "rule": "direct/colon",
            "language": "en",
            "attribution": "{}",
        }
        return self._insert("occurrences", row | columns)

    def _insert(self, table: str, row: dict[str, object]) -> int:
        return int(self.db[table].insert(row).last_pk)  # type: ignore[arg-type,union-attr]

    def close(self) -> None:
        if self.conn.in_transaction:
            self.conn.commit()
        self.conn.close()


def build(path: Path) -> Path:
    """An archive with everything a page can show."""
    b = Builder(path)
    with closing(b):
        ledger, dispatch = (
            b.outlet("The Norland Ledger", "https://ledger.example/"),
            b.outlet("Osthafen Dispatch"),
        )
        first = b.article(
            "ledger1", ledger, "2025-03-04T10:30:00Z", title="Minister halts tunnel", author="I. Tarrowby",
            extra=json.dumps({"archive_url": "https://archive.example/ledger1", "note": "kept"}),
        )  # fmt: skip
        second = b.article(
            "dispatch1", dispatch, "2025-03-05T09:45:00Z", title="Tunnel row", reprint_of=first
        )
        german = b.article("dispatch2", dispatch, "2025-03-06", language="de", title=None, url=None)
        minister = b.person(OHLENDIECK, "Tjark Ohlendieck", wikidata="Q1")
        b._insert("aliases", {"person": minister, "name": "Ohlendieck"})
        again = b.article("dispatch3", dispatch, "2025-03-05T11:00:00Z", title="Again", reprint_of=first)
        mayor = b.person("quellbrunnab", "Maraike Quellbrunn")
        voice = b.person("ministryvoic", "Ministry of Transport", "organisation")
        ministry = b.organisation(MINISTRY, "Ministry of Transport", "MoT")
        role = b.affiliation(minister, ministry, "transport minister")
        tunnel = b.statement(
            TUNNEL,
            _FULL,
            minister,
            variants=_SHORT,
            first_published="2025-03-04T10:30:00Z",
            last_published="2025-03-05T09:45:00Z",
            first_outlet=ledger,
            occurrence_count=3,
            outlet_count=2,
        )
        one = b.occurrence(
            FIRST, first, tunnel, _FULL, person=minister, affiliation=role, source_text="Ohlendieck"
        )
        b.db["affiliations"].update(role, {"evidence": one})
        two = b.occurrence(SECOND, second, tunnel, _SHORT, person=mayor)
        b.occurrence(REPRINTED, again, tunnel, _FULL + ".", person=minister, affiliation=role, confidence=0.4)
        left = "no longer in the article (since 2025-03-06)"
        edited = {"withdrawn": left, "gone": "2025-03-06", "replaced_by": two}
        b.occurrence(GONE, second, tunnel, _SHORT.replace("will", "may"), person=voice, **edited)
        unknown = b.statement(
            UNKNOWN,
            "Wir haben lange genug gewartet",
            language="de",
            first_published="2025-03-06",
            first_outlet=dispatch,
        )
        interrupted = "„Wir haben lange“, sagte sie, „genug gewartet“"
        spans = {"content": [[51, 66], [81, 95]], "cue": [[69, 74]], "source": [[75, 78]]}
        b.occurrence(
            "occgermanabc",
            german,
            unknown,
            "Wir haben lange genug gewartet",
            language="de",
            spans=json.dumps(spans),
            passage=interrupted[1:-1],
            passage_before="Die Frau am Kai: „",
            passage_after="“.",
            cue="sagte",
            source_text="sie",
            type="mixed",
        )
        gone = b.statement(
            WITHDRAWN, "I never said that", mayor, withdrawn="Withdrawn: the <b>recording</b> was forged"
        )
        b.occurrence("occwithdrawn", first, gone, "I never said that", withdrawn="forged")
        build = b.statement(
            BUILD,
            _FULL.replace("not ", ""),
            minister,
            first_published="2025-03-05T09:45:00Z",
            first_outlet=dispatch,
        )
        three = b.occurrence("occbuildabcd", second, build, _FULL.replace("not ", ""), person=minister)
        for a, c, judgement, why in (
            (one, two, "same", "9 rare words"),
            (one, three, "different", "99% of the shorter; negation: not / ∅"),
        ):
            row = {"a": a, "b": c, "similarity": 0.93, "judgement": judgement, "by": "quotetrack", "why": why}
            b.db["edges"].insert(row)
        for old, new, kind in (
            (MERGED, TUNNEL, "statement"),
            (MERGED_TWICE, MERGED, "statement"),
            (OLD_OHLENDIECK, OHLENDIECK, "person"),
            ("loopaaaaaaaa", "loopbbbbbbbb", "statement"),
            ("loopbbbbbbbb", "loopaaaaaaaa", "statement"),
        ):
            row = {"old_uid": old, "new_uid": new, "kind": kind, "when": "2025-05-01", "reason": "the same"}
            b.db["redirects"].insert(row)
        row = {
            "action": "reassign",
            "subject": BUILD,
            "detail": "{}",
            "author": "ed",
            "reason": "wrong speaker",
        }
        b.db["corrections"].insert(row | {"when": "2025-05-02T00:00:00Z"})
    return path


def build_hostile(path: Path, attacks: list[str], urls: list[str]) -> Path:
    """An archive in which every text is an attack; statement, person, … number i carries attack i."""
    b = Builder(path)
    with closing(b):
        for i, attack in enumerate(attacks):
            url = urls[i % len(urls)]
            outlet = b.outlet(f"{attack} {i}", url)
            article = b.article(
                f"article{i}",
                outlet,
                "2025-03-04T10:30:00Z",
                title=attack,
                author=attack,
                url=url,
                language=attack,
            )
            person = b.person(f"person{i}", attack, wikidata=attack)
            organisation = b.organisation(f"organisation{i}", attack, attack)
            role = b.affiliation(person, organisation, attack, evidence_text=attack)
            words = f"searchable {attack}"
            statement = b.statement(
                f"statement{i}",
                words,
                person,
                variants=f"{attack}\n{attack} otherwise",
                language=attack,
                first_published="2025-03-04T10:30:00Z",
                first_outlet=outlet,
                outlet_count=2,
                occurrence_count=2,
            )
            texts = {"cue": attack, "source_text": attack, "passage_before": attack, "passage_after": attack}
            more = {
                "person": person,
                "affiliation": role,
                "speaker_rule": attack,
                "rule": attack,
                "language": attack,
            }
            one = b.occurrence(f"one{i}", article, statement, words, **texts, **more)
            two = b.occurrence(f"two{i}", article, statement, f"{attack} otherwise 7", **texts)
            edge = {"a": one, "b": two, "similarity": 1.0, "judgement": "same", "by": attack, "why": attack}
            b.db["edges"].insert(edge)
            b.statement(f"withdrawn{i}", "nothing", withdrawn=attack)
            row = {
                "action": attack,
                "subject": f"statement{i}",
                "detail": "{}",
                "author": attack,
                "reason": attack,
            }
            b.db["corrections"].insert(row | {"when": attack})
    return path
