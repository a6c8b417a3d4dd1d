"""The command that corrects: what is doubtful, what a person decides, what was decided and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quotetrack.cli import options
from quotetrack.cli.asking import reading

if TYPE_CHECKING:
    from quotetrack.store.corrections import Correction

_author = click.option(
    "--author",
    envvar="QUOTETRACK_AUTHOR",
    required=True,
    metavar="NAME",
    help="Who decides; kept with the correction (also QUOTETRACK_AUTHOR).",
)
_reason = click.option("--reason", required=True, metavar="TEXT", help="Why; shown to readers.")


@dataclass(frozen=True, slots=True)
class Signature:
    author: str
    reason: str
    as_json: bool


def signed(command: options.Function) -> options.Function:
    """Ask for author and reason, and hand them over as one Signature."""

    @wraps(command)
    def signing(*arguments: object, author: str, reason: str, as_json: bool, **named: object) -> object:
        return command(*arguments, signature=Signature(author, reason, as_json), **named)

    return _author(_reason(options.as_json(signing)))


limit = click.option("--limit", type=click.IntRange(1), default=20, show_default=True)


@click.group(invoke_without_command=True)
@options.database
@click.pass_context
def review(context: click.Context, db: Path) -> None:
    """Look at what is doubtful in DB and correct it, for good.

    Uids are those of the pages: /s/UID, /o/UID, /person/UID. A correction is kept with its author, time
    and reason, applies again after every re-run, and can be undone. Without a command: `list`.

    \b
    Example:
      quotetrack review news.db withdraw 7wq… --author "Jo Doe" --reason "The outlet retracted it."
    """
    context.obj = db
    if context.invoked_subcommand is None:
        context.invoke(list_doubts)


@review.command("list")
@limit
@options.as_json
@click.pass_obj
def list_doubts(db: Path, limit: int = 20, as_json: bool = False) -> None:
    """List doubtful items: statements and people that may be one, names of nobody, unlikely quotes.

    \b
    Example:
      quotetrack review news.db list --limit 5
    """
    from quotetrack.queries import doubts, namesakes

    with reading(db) as ask:
        pairs, quotes = ask(doubts.doubtful_pairs(limit)), ask(doubts.doubtful_quotes(limit))
        people, names = ask(namesakes.doubtful_people(limit)), ask(namesakes.refused_names(limit))
        roster = ask(namesakes.doubtful_roster(limit))
    if as_json:
        options.print_json(
            {"people": people, "roster": roster, "names": names, "pairs": pairs, "quotes": quotes}
        )
        return
    for pair in people:
        click.echo(f"one person? {pair['score']:.1f} nats · {pair['why']}")
        for side in "ab":
            where = f", in “{pair[side + '_article']}”" if pair[side + "_article"] else ""
            click.echo(
                f"  /person/{pair[side]}  {pair[side + '_name']}: {pair[side + '_quotes']} quotes{where}"
            )
    for row in roster:
        click.echo(f"one of the roster? {row['score']:.1f} nats · {row['why']}")
        click.echo(f"  {row['entry']}  {row['entry_name']}, {row['affiliation'] or row['wikidata'] or ''}")
        click.echo(f"  /person/{row['person']}  {row['name']}: {row['quotes']} quotes")
    for name in names:
        click.echo(f"no name? {name['why']}")
        click.echo(f"  /person/{name['person']}  in “{name['article'] or name['url'] or ''}”")
    for pair in pairs:
        click.echo(f"one statement? {pair['similarity']:.2f} · {pair['why']}")
        for side in "ab":
            click.echo(f"  /s/{pair[side]}  {pair[side + '_speaker'] or 'unknown'}: {pair[side + '_text']}")
    for quote in quotes:
        click.echo(f"confidence {quote['confidence']:.2f} · {quote['rule']}")
        click.echo(f"  /o/{quote['uid']}  {quote['speaker'] or 'unknown'}: {quote['content']}")


@review.command()
@limit
@options.as_json
@click.pass_obj
def log(db: Path, limit: int, as_json: bool) -> None:
    """Show the newest corrections with their numbers.

    \b
    Example:
      quotetrack review news.db log
    """
    from quotetrack.queries import doubts

    with reading(db) as ask:
        rows = ask(doubts.corrections(limit))
    if as_json:
        options.print_json(rows)
        return
    for row in rows:
        undoes = f" of {row['undoes']}" if row["undoes"] else ""
        click.echo(f"{row['number']}  {row['when'][:16]}  {row['action']}{undoes} {row['subject']}")
        click.echo(f"    {row['author']}: {row['reason']}")


def _correct(db: Path, correction: Correction, signature: Signature) -> None:
    from quotetrack import pipeline
    from quotetrack.store import StoreError

    with options.store_of(db) as store:
        try:
            number = pipeline.correct(store, correction, author=signature.author, reason=signature.reason)
        except StoreError as problem:
            options.stop(db, problem)
    _say(number, signature)


def _say(number: int, signature: Signature) -> None:
    if signature.as_json:
        options.print_json({"correction": number})
    else:
        click.echo(f"correction {number}")


@review.command()
@click.argument("uid")
@click.option("--quote", "is_quote", is_flag=True, help="UID is a quote (/o/UID), not a statement.")
@signed
@click.pass_obj
def withdraw(db: Path, uid: str, is_quote: bool, signature: Signature) -> None:
    """Take a statement or a quote off the site; its page says why (410).

    \b
    Example:
      quotetrack review news.db withdraw 7wq… --author "Jo Doe" --reason "The outlet retracted it."
    """
    from quotetrack.store.corrections import Withdraw

    _correct(db, Withdraw("occurrence" if is_quote else "statement", uid), signature)


@review.command()
@click.argument("uid")
@click.option("--quote", "is_quote", is_flag=True, help="UID is a quote (/o/UID), not a statement.")
@signed
@click.pass_obj
def reinstate(db: Path, uid: str, is_quote: bool, signature: Signature) -> None:
    """Show a withdrawn statement or quote again.

    \b
    Example:
      quotetrack review news.db reinstate 7wq… --author "Jo Doe" --reason "Confirmed by the outlet."
    """
    from quotetrack.store.corrections import Reinstate

    _correct(db, Reinstate("occurrence" if is_quote else "statement", uid), signature)


@review.command()
@click.argument("quote")
@click.argument("speaker")
@click.option("--uid", "is_uid", is_flag=True, help="SPEAKER is a person's uid, not a name.")
@click.option(
    "--kind",
    type=click.Choice(["person", "organisation", "group"]),
    default="person",
    show_default=True,
    help="What a SPEAKER who is new to the archive is.",
)
@signed
@click.pass_obj
def reassign(db: Path, quote: str, speaker: str, is_uid: bool, kind: str, signature: Signature) -> None:
    """Say who really said QUOTE (/o/UID); SPEAKER is a name, a uid, or `unknown`.

    \b
    Example:
      quotetrack review news.db reassign 9kd… "Anna Weber" --author "Jo Doe" --reason "She, not her deputy."
    """
    from quotetrack.store.corrections import Reassign

    if is_uid:
        correction = Reassign(quote, person=speaker)
    elif speaker == "unknown":
        correction = Reassign(quote)
    else:
        correction = Reassign(quote, name=speaker, kind=kind)  # type: ignore[arg-type]  # click.Choice
    _correct(db, correction, signature)


@review.command()
@click.argument("person")
@click.argument("name")
@signed
@click.pass_obj
def rename(db: Path, person: str, name: str, signature: Signature) -> None:
    """Give a person (/person/UID) another name; the old one stays as an alias.

    \b
    Example:
      quotetrack review news.db rename 4mx… "Anna Weber-Lund" --author "Jo Doe" --reason "Her name now."
    """
    from quotetrack.store.corrections import Rename

    _correct(db, Rename(person, name), signature)


@review.command()
@click.argument("person")
@click.argument("into")
@signed
@click.pass_obj
def merge(db: Path, person: str, into: str, signature: Signature) -> None:
    """Say that PERSON is INTO (uids): quotes and names move there, the old page redirects.

    \b
    Example:
      quotetrack review news.db merge 4mx… 8tb… --author "Jo Doe" --reason "Two spellings of one name."
    """
    from quotetrack.store.corrections import MergePeople

    _correct(db, MergePeople(person, into), signature)


@review.command()
@click.argument("person")
@click.argument("other")
@signed
@click.pass_obj
def apart(db: Path, person: str, other: str, signature: Signature) -> None:
    """Say that PERSON is not OTHER (uids), however alike: `list` asks no more.

    \b
    Example:
      quotetrack review news.db apart 4mx… 8tb… --author "Jo Doe" --reason "Father and daughter."
    """
    from quotetrack.store.corrections import KeepApart

    _correct(db, KeepApart(person, other), signature)


@review.command()
@click.argument("person")
@click.argument("wikidata")
@signed
@click.pass_obj
def identify(db: Path, person: str, wikidata: str, signature: Signature) -> None:
    """Say which item of Wikidata a person is (Q42), or that there is `none`; goes before any roster.

    \b
    Example:
      quotetrack review news.db identify 4mx… Q42 --author "Jo Doe" --reason "The same biography."
    """
    from quotetrack.store.corrections import Identify

    _correct(db, Identify(person, "" if wikidata == "none" else wikidata.upper()), signature)


@review.command()
@click.argument("quote")
@click.option("--organisation", help="Whom the speaker spoke for; left out: nobody.")
@click.option("--role", help="As what; left out: unknown.")
@signed
@click.pass_obj
def affiliate(db: Path, quote: str, organisation: str | None, role: str | None, signature: Signature) -> None:
    """Say for which organisation, in what role, the speaker of QUOTE (/o/UID) spoke.

    \b
    Example:
      quotetrack review news.db affiliate 9kd… --organisation "Stadt Seebrück" --role Sprecherin \\
          --author "Jo Doe" --reason "The article names the office further down."
    """
    from quotetrack.store.corrections import Affiliate

    _correct(db, Affiliate(quote, organisation, role), signature)


@review.command("split-person")
@click.argument("person")
@click.argument("quotes", nargs=-1, required=True)
@click.option("--name", required=True, help="The other person's name.")
@signed
@click.pass_obj
def split_person(db: Path, person: str, quotes: tuple[str, ...], name: str, signature: Signature) -> None:
    """Say that QUOTES (/o/UID) of PERSON are by somebody else of that name.

    \b
    Example:
      quotetrack review news.db split-person 4mx… 9kd… --name "Anna Weber" \\
          --author "Jo Doe" --reason "The actor of that name."
    """
    from quotetrack.store.corrections import SplitPerson

    _correct(db, SplitPerson(person, quotes, name), signature)


@review.command()
@click.argument("statement")
@click.argument("other")
@signed
@click.pass_obj
def join(db: Path, statement: str, other: str, signature: Signature) -> None:
    """Say that two statements (/s/UID) are one; one page redirects to the other.

    \b
    Example:
      quotetrack review news.db join 7wq… 5hz… --author "Jo Doe" --reason "One sentence, translated twice."
    """
    from quotetrack.store.corrections import JoinStatements

    _correct(db, JoinStatements(statement, other), signature)


@review.command()
@click.argument("statement")
@click.argument("other")
@signed
@click.pass_obj
def part(db: Path, statement: str, other: str, signature: Signature) -> None:
    """Say that two statements (/s/UID) are not one, however alike; nobody is asked again.

    \b
    Example:
      quotetrack review news.db part 7wq… 5hz… --author "Jo Doe" --reason "Said of two different bridges."
    """
    from quotetrack.store.corrections import PartStatements

    _correct(db, PartStatements(statement, other), signature)


@review.command()
@click.argument("statement")
@click.argument("quotes", nargs=-1, required=True)
@signed
@click.pass_obj
def split(db: Path, statement: str, quotes: tuple[str, ...], signature: Signature) -> None:
    """Say that QUOTES (/o/UID) are another statement than the rest of STATEMENT.

    \b
    Example:
      quotetrack review news.db split 7wq… 9kd… --author "Jo Doe" --reason "Said at another rally."
    """
    from quotetrack.store.corrections import SplitStatement

    _correct(db, SplitStatement(statement, quotes), signature)


@review.command()
@click.argument("number", type=int)
@signed
@click.pass_obj
def undo(db: Path, number: int, signature: Signature) -> None:
    """Take back the correction NUMBER (see `log`); both stay on record.

    \b
    Example:
      quotetrack review news.db undo 3 --author "Jo Doe" --reason "I looked at the wrong page."
    """
    from quotetrack import pipeline
    from quotetrack.store import StoreError

    with options.store_of(db) as store:
        try:
            done = pipeline.undo(store, number, author=signature.author, reason=signature.reason)
        except StoreError as problem:
            options.stop(db, problem)
    _say(done, signature)
