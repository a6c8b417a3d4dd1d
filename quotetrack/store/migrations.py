"""The shape of the database, as numbered migrations. CONTRACT: tables and columns others' scripts rely on.

Integer ids are for joins only and may change when a database is published; `uid`s never do.
Moments and dates are ISO 8601 text; spans are JSON lists of [start, end) code points into articles.text.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from quotetrack.store import upgrade
from quotetrack.store.counts import create_views
from quotetrack.store.fulltext import create_search

migrations = Migrations("quotetrack")

_TABLES = """
create table outlets (
  id integer primary key,
  name text not null unique,
  homepage text
);
create table runs (
  id integer primary key,
  started text not null,
  version text not null,
  models text not null,           -- JSON: language -> what annotated it
  settings text not null          -- JSON
);
create table articles (
  id integer primary key,
  uid text not null unique,
  outlet integer references outlets(id),
  doc_id text,
  origin text not null,           -- where it was read
  url text,
  canonical_url text,
  title text,
  author text,
  published text,
  language text not null,
  text text not null,
  sha256 text not null,
  fetched_at text not null,
  reprint_of integer references articles(id),
  extra text,                     -- JSON: keys of the document quotetrack has no column for
  keyed integer not null default 0,  -- whether article_keys holds the keys of this text
  run integer references runs(id)
);
create index articles_outlet on articles(outlet);
create index articles_published on articles(published);
create index articles_sha256 on articles(sha256);
create index articles_reprint_of on articles(reprint_of);
create index articles_not_keyed on articles(id) where not keyed;
create table revisions (          -- texts an article had before its outlet changed it
  id integer primary key,
  article integer not null references articles(id),
  sha256 text not null,
  text text not null,
  fetched_at text not null,
  unique (article, sha256)
);
create table article_keys (       -- winnowed word n-grams, to find reprints
  key integer not null,
  article integer not null references articles(id),
  primary key (key, article)
) without rowid;
create index article_keys_article on article_keys(article);

create table people (             -- whoever speaks: persons, organisations, named groups
  id integer primary key,
  uid text not null unique,
  name text not null,
  kind text not null check (kind in ('person', 'organisation', 'group')),
  wikidata text,
  identity text not null unique   -- what makes it one person for `add`: folded name, or name in one article
);
create index people_name on people(name);
create table aliases (            -- every name a person goes by, the first one included
  id integer primary key,
  person integer not null references people(id),
  name text not null,
  unique (person, name)
);
create table organisations (
  id integer primary key,
  uid text not null unique,
  name text not null,
  acronym text,
  identity text not null unique
);
create table statements (
  id integer primary key,
  uid text not null unique,
  canonical text not null,        -- text of the fullest occurrence
  variants text not null,         -- the other wordings, a line each, for search
  person integer references people(id),
  speaker text,                   -- the person's name, for search; null is unknown
  language text,
  first_published text,
  last_published text,
  first_outlet integer references outlets(id),
  occurrence_count integer not null default 0,
  outlet_count integer not null default 0,
  independent_count integer not null default 0,
  withdrawn text,                 -- the public reason, when withdrawn
  stale integer not null default 0  -- whether its occurrences changed since this row was derived
);
create index statements_stale on statements(id) where stale;
create index statements_person on statements(person, first_published desc);
create index statements_first_published on statements(first_published desc);
create index statements_first_outlet on statements(first_outlet);
create table occurrences (
  id integer primary key,
  uid text not null unique,
  article integer not null references articles(id),
  statement integer references statements(id),
  person integer references people(id),
  affiliation integer references affiliations(id),
  type text not null check (type in ('direct', 'indirect', 'mixed')),
  content text not null,
  spans text not null,            -- JSON: {"content": [[a, b], …], "cue": […], "source": […]}
  cue text,
  source_text text,               -- the source as it stands in the article
  passage_before text not null,   -- what stands before the content, at most a paragraph's rest
  passage text,                   -- from the content's start to its end, where a cue interrupts it
  passage_after text not null,
  confidence real not null,
  rule text not null,
  speaker_rule text,              -- how the source led to the person
  language text not null,
  attribution text not null,      -- JSON: see attribution.py
  gone text,                      -- date since which the article no longer has it
  withdrawn text                  -- the public reason, when withdrawn or gone from the article
);
create index occurrences_article on occurrences(article);
create index occurrences_statement on occurrences(statement);
create index occurrences_person on occurrences(person);
create index occurrences_affiliation on occurrences(affiliation);
create table affiliations (
  id integer primary key,
  person integer references people(id),         -- null: a source without a name
  organisation integer references organisations(id),
  role text,
  first_seen text,
  last_seen text,
  evidence integer references occurrences(id),
  evidence_text text,
  identity text not null unique                 -- person, organisation and role, folded
);
create index affiliations_person on affiliations(person);
create index affiliations_organisation on affiliations(organisation);
create table blocking_keys (
  key integer not null,
  rank integer not null,          -- smaller for longer texts
  occurrence integer not null references occurrences(id),
  primary key (key, rank, occurrence)
) without rowid;
create table edges (
  a integer not null references occurrences(id),
  b integer not null references occurrences(id),
  similarity real not null,
  judgement text not null check (judgement in ('same', 'different', 'unsure')),
  "by" text not null,
  why text not null,
  primary key (a, b, "by"),
  check (a < b)
) without rowid;
create index edges_b on edges(b);
create table redirects (
  old_uid text primary key,
  new_uid text not null,
  kind text not null,             -- statement, person
  "when" text not null,
  reason text not null
) without rowid;
create index redirects_new_uid on redirects(new_uid);
create table corrections (        -- append-only: what a person decided
  id integer primary key,
  action text not null,
  subject text not null,          -- uid
  detail text not null,           -- JSON
  author text not null,
  reason text not null,
  "when" text not null,
  undoes integer references corrections(id)
);
create index corrections_subject on corrections(subject);
create table failures (
  id integer primary key,
  origin text not null,
  reason text not null,
  "when" text not null,
  run integer references runs(id),
  unique (origin, reason)
);
"""


@migrations()
def m001_tables(db: Database) -> None:
    for statement in _TABLES.split(";\n"):
        if statement.strip():
            db.execute(statement)


@migrations()
def m002_search(db: Database) -> None:
    """Full text: words of any diacritics for text, trigrams for names (typos, parts of names)."""
    create_search(db)


@migrations()
def m003_edits(db: Database) -> None:
    """Which quote an article has in place of one that is gone from it."""
    db.execute("alter table occurrences add column replaced_by integer references occurrences(id)")
    db.execute("create index occurrences_replaced_by on occurrences(replaced_by)")


@migrations()
def m004_copies(db: Database) -> None:
    """Where a copy of an article is kept, as its document says: `archive_url` among its other keys."""
    db.execute(
        "create table article_copies (id integer primary key,"
        " article integer not null unique references articles(id), url text not null)"
    )
    keep = (
        "insert or replace into article_copies(article, url) select {row}.id, {row}.extra ->> '$.archive_url'"
        " where json_valid({row}.extra) and {row}.extra ->> '$.archive_url' is not null"
    )
    db.execute(f"{keep.format(row='articles').replace(' where ', ' from articles where ')}")
    for event in ("insert", "update of extra"):
        name = f"articles_copy_{event[:6]}"
        db.execute(f"create trigger {name} after {event} on articles begin {keep.format(row='new')}; end")


@migrations()
def m004_claims(db: Database) -> None:
    """Which statement an occurrence had in the archive it was exported from, until it has one here."""
    db.execute("alter table occurrences add column claim text")
    db.execute("create index occurrences_claim on occurrences(id) where claim is not null")


@migrations()
def m005_links(db: Database) -> None:
    """Which statements were compared with those in other languages since their members changed."""
    db.execute("alter table statements add column linked integer not null default 0")
    db.execute("create index statements_not_linked on statements(id) where not linked")


@migrations()
def m006_agencies(db: Database) -> None:
    """Whom an article credits, separated by commas; null: nobody, or not looked at since this column came."""
    db.execute("alter table articles add column agencies text")


@migrations()
def m020_visits(db: Database) -> None:
    """What servers said of documents that were read whole (see `types.Visit`)."""
    db.execute(
        "create table visits (url text primary key, location text not null, etag text, modified text,"
        " fresh_until text not null) without rowid"
    )


@migrations()
def m030_counts(db: Database) -> None:
    """What pages count, as views; tables of the same names in a public copy."""
    create_views(db)


@migrations()
def m040_people_across_articles(db: Database) -> None:
    """Whom names were taken for and why, what people are found by, sectors of roles."""
    for statement in upgrade.PEOPLE.split(";\n"):
        if statement.strip():
            db.execute(statement)
    upgrade.fill(db.conn)


@migrations()
def m050_roster(db: Database) -> None:
    """People whom a newsroom knows by a roster, whether an article names them or not yet."""
    db.execute(
        "create table roster (uid text primary key, name text not null, kind text not null,"
        " wikidata text unique, aliases text not null, affiliation text, role text, identity text not null,"
        ' judgement text not null, why text not null, "when" text not null) without rowid'
    )
    db.execute("create index people_wikidata on people(wikidata) where wikidata is not null")


@migrations()
def m060_contents(db: Database) -> None:
    """Contents without the marks that paragraphs reopen a quotation with."""
    upgrade.reread_contents(db.conn)


@migrations()
def m061_changes(db: Database) -> None:
    """What readers may know of corrections; a table of the same name in a public copy."""
    create_changes(db)


@migrations()
def m070_kinds_of_edges(db: Database) -> None:
    """What a pair of occurrences is to each other beside its judgement: `comparison`, or a link between two
    statements, `said before` or `translation`; until now that stood before the reasons."""
    db.execute("alter table edges add column kind text not null default 'comparison'")
    for kind, prefix in (("said before", "said before: "), ("translation", "translation of: ")):
        db.execute(
            "update edges set kind = ?, why = substr(why, ?) where substr(why, 1, ?) = ? and"
            " judgement = 'different' and \"by\" = 'quotetrack'",
            [kind, len(prefix) + 1, len(prefix), prefix],
        )


@migrations()
def m071_redecisions(db: Database) -> None:
    """Quotes with a statement that were read again as by somebody else, in another language or of another
    day, as they were when they were given that statement: to be decided again."""
    db.execute(
        "create table redecisions (occurrence integer primary key references occurrences(id),"
        " speaker text, published text, language text not null)"
    )


@migrations()
def m072_agencies_of_earlier_articles(db: Database) -> None:
    """The column of m006 for the articles that were there before it."""
    upgrade.credit_agencies(db.conn)


@migrations()
def m080_cards(db: Database) -> None:
    """As what statements are shown, and how many statements each speaker made; tables in a public copy."""
    create_views(db)


@migrations()
def m081_arrivals(db: Database) -> None:
    """Corrections that came with an export, until what they touch here has been derived anew."""
    db.execute("create table arrivals (correction integer primary key references corrections(id))")


@migrations()
def m090_forms(db: Database) -> None:
    """What clustering reads in a text, kept beside it; blocking keys are others now, and written anew by the
    next `add` or `cluster`, bit by bit."""
    db.execute(
        "create table forms (occurrence integer primary key references occurrences(id), form blob not null)"
    )
    db.execute("create table to_index (occurrence integer primary key references occurrences(id))")
    db.execute("insert into to_index select id from occurrences")
    db.execute("delete from blocking_keys")


def create_changes(db: Database) -> None:
    """A view of `corrections` without their authors. kind: statement, quote or person, of the subject;
    other: the uid that the subject was joined with, told from or given to; undone: taken back since."""
    db.execute(
        'create view changes as select c.id as number, c."when", c.action,'
        " case when exists (select 1 from occurrences where uid = c.subject) then 'quote'"
        " when exists (select 1 from people where uid = c.subject) or exists (select 1 from redirects"
        " where old_uid = c.subject and kind = 'person') or exists (select 1 from roster"
        " where uid = c.subject) then 'person' else 'statement' end as kind, c.subject,"
        " iif(json_valid(c.detail), coalesce(c.detail ->> '$.into', c.detail ->> '$.other',"
        " c.detail ->> '$.speaker.uid'), null) as other,"
        " c.reason, c.undoes, exists (select 1 from corrections u where u.undoes = c.id"
        " and not exists (select 1 from corrections v where v.undoes = u.id)) as undone from corrections c"
    )
    db.execute("create index corrections_undoes on corrections(undoes) where undoes is not null")


@migrations()
def m091_edges_by_people(db: Database) -> None:
    """That nobody judged any pair, or that no statement is a translation, is known at once: every new quote
    asks."""
    db.execute("create index edges_by_people on edges(a) where \"by\" <> 'quotetrack'")
    db.execute("create index edges_of_translations on edges(a) where kind = 'translation'")
