"""What is counted beforehand: views over a working archive, tables of the same names in its public copy.

A count over a million occurrences takes a tenth of a second, so a public copy, which nothing changes any
more, holds them ready. Whoever reads asks the same names and columns of both kinds.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Count:
    """columns: their names and types; key: those that name one row; indexes: more that are asked by."""

    columns: str
    sql: str
    key: str
    indexes: tuple[str, ...] = ()


COUNTS = {
    # One row an occurrence that is shown: all that searches filter and count by, close together.
    # role: the first affiliation of the same wording; the last three are the statement's.
    "facets": Count(
        "statement integer, occurrence integer, person integer, language text, outlet integer, type text,"
        " affiliation integer, organisation integer, role integer, confidence real, published text,"
        " outlet_count integer, independent_count integer",
        """
select o.statement, o.id as occurrence, s.person, s.language, a.outlet, o.type, o.affiliation,
  f.organisation, (select min(id) from affiliations where role = f.role) as role, o.confidence,
  s.first_published as published, s.outlet_count, s.independent_count
from occurrences o join statements s on s.id = o.statement join articles a on a.id = o.article
left join affiliations f on f.id = o.affiliation
where o.withdrawn is null and s.withdrawn is null""",
        "statement, occurrence",
        (
            "(organisation, published desc, statement) where organisation is not null",
            (
                "(organisation, independent_count desc, outlet_count desc, published desc, statement)"
                " where organisation is not null and outlet_count > 1"
            ),
        ),
    ),
    # As what a statement is shown in lists and on cards: the type of the occurrence that is the canonical
    # text, and the affiliation under which its speaker was first quoted with it, or else had at that time.
    "statement_cards": Count(
        "statement integer, type text, affiliation integer",
        """
select s.id as statement,
 coalesce(
  (select o.type from occurrences o
    where o.statement = s.id and o.content = s.canonical and o.withdrawn is null
    order by o.type = 'direct' desc limit 1),
  (select min(o.type) from occurrences o where o.statement = s.id)) as type,
 coalesce(
  (select o.affiliation from occurrences o join articles a on a.id = o.article
    where o.statement = s.id and o.person is s.person and o.affiliation is not null
      and o.withdrawn is null
    order by a.published, o.id limit 1),
  (select f.id from affiliations f where f.person = s.person and f.first_seen <= s.first_published
    order by f.last_seen desc limit 1)) as affiliation
from statements s""",
        "statement",
    ),
    "person_counts": Count(
        "person integer, statements integer",
        """
select person, count(*) as statements from statements
where withdrawn is null and person is not null group by person""",
        "person",
    ),
    "person_month_counts": Count(
        "person integer, month text, statements integer, occurrences integer",
        """
select person, substr(first_published, 1, 7) as month, count(*) as statements,
  sum(occurrence_count) as occurrences
from statements where withdrawn is null and person is not null and first_published is not null
group by person, month""",
        "person, month",
        ("(month, statements desc, person)",),
    ),
    "person_outlet_counts": Count(
        "person integer, outlet integer, occurrences integer",
        """
select o.person, a.outlet, count(*) as occurrences
from occurrences o join articles a on a.id = o.article
where o.withdrawn is null and o.person is not null and a.outlet is not null
group by o.person, a.outlet""",
        "person, outlet",
        ("(outlet, occurrences desc, person)",),
    ),
    # squares: the sum of every speaker's occurrences squared, for the Herfindahl-Hirschman index.
    "outlet_source_counts": Count(
        "outlet integer, speakers integer, occurrences integer, squares integer",
        """
select outlet, count(*) as speakers, sum(occurrences) as occurrences,
  sum(occurrences * occurrences) as squares
from person_outlet_counts group by outlet""",
        "outlet",
    ),
    "person_outlet_month_counts": Count(
        "person integer, outlet integer, month text, occurrences integer",
        """
select o.person, a.outlet, substr(a.published, 1, 7) as month, count(*) as occurrences
from occurrences o join articles a on a.id = o.article
where o.withdrawn is null and o.person is not null and a.outlet is not null and a.published is not null
group by o.person, a.outlet, month""",
        "person, outlet, month",
    ),
    "organisation_outlet_month_counts": Count(
        "organisation integer, outlet integer, month text, occurrences integer",
        """
select f.organisation, a.outlet, substr(a.published, 1, 7) as month, count(*) as occurrences
from affiliations f join occurrences o on o.affiliation = f.id join articles a on a.id = o.article
where o.withdrawn is null and f.organisation is not null and a.outlet is not null
  and a.published is not null
group by f.organisation, a.outlet, month""",
        "organisation, outlet, month",
    ),
    "organisation_month_counts": Count(
        "organisation integer, month text, statements integer",
        """
select f.organisation, substr(s.first_published, 1, 7) as month, count(distinct s.id) as statements
from affiliations f join occurrences o on o.affiliation = f.id join statements s on s.id = o.statement
where f.organisation is not null and o.withdrawn is null and s.withdrawn is null
  and s.first_published is not null
group by f.organisation, month""",
        "organisation, month",
    ),
    "outlet_month_counts": Count(
        "outlet integer, month text, occurrences integer",
        """
select a.outlet, substr(a.published, 1, 7) as month, count(*) as occurrences
from articles a join occurrences o on o.article = a.id
where a.outlet is not null and a.published is not null and o.withdrawn is null
group by a.outlet, month""",
        "outlet, month",
    ),
    "outlet_counts": Count(
        "outlet integer, articles integer, reprints integer, occurrences integer, statements integer,"
        " first_statements integer, first_of_several integer, first_published text, last_published text",
        """
select u.id as outlet, count(distinct a.id) as articles,
  count(distinct iif(a.reprint_of is null, null, a.id)) as reprints,
  count(o.id) as occurrences, count(distinct o.statement) as statements,
  (select count(*) from statements s where s.first_outlet = u.id and s.withdrawn is null)
    as first_statements,
  (select count(*) from statements s where s.first_outlet = u.id and s.withdrawn is null
    and s.outlet_count > 1) as first_of_several,
  min(a.published) as first_published, max(a.published) as last_published
from outlets u left join articles a on a.outlet = u.id
left join occurrences o on o.article = a.id and o.withdrawn is null
group by u.id""",
        "outlet",
    ),
    # first_id, last_id: in a public copy ids follow publication, so a month is a range of them.
    "statement_counts": Count(
        "month text, language text, statements integer, occurrences integer, first_id integer,"
        " last_id integer",
        """
select coalesce(substr(first_published, 1, 7), '') as month, coalesce(language, '') as language,
  count(*) as statements, sum(occurrence_count) as occurrences, min(id) as first_id, max(id) as last_id
from statements where withdrawn is null group by month, language""",
        "month, language",
    ),
    "totals": Count(
        "id integer, statements integer, occurrences integer, articles integer, people integer,"
        " outlets integer, first_day text, last_day text",
        """
select 1 as id, (select count(*) from statements where withdrawn is null) as statements,
  (select count(*) from occurrences where withdrawn is null) as occurrences,
  (select count(*) from articles) as articles, (select count(*) from people) as people,
  (select count(*) from outlets) as outlets, (select min(first_published) from statements) as first_day,
  (select max(first_published) from statements) as last_day""",
        "id",
    ),
}


_INDEXES = (  # what pages ask of a million rows beside the counts
    "create index affiliations_role on affiliations(role)",
    "create index aliases_name on aliases(name collate nocase)",
    "create index organisations_name on organisations(name collate nocase)",
    (
        "create index statements_repeated on statements(person, independent_count desc, outlet_count desc,"
        " first_published desc) where outlet_count > 1 and withdrawn is null"
    ),
    (
        "create index statements_changed on statements(outlet_count desc, first_published desc)"
        " where variants <> '' and outlet_count > 1 and withdrawn is null"
    ),
    (
        "create index statements_unattributed on statements(outlet_count desc, first_published desc)"
        " where person is null and outlet_count > 1 and withdrawn is null"
    ),
    "create index affiliations_sides on affiliations(person, organisation)",
    "drop index statements_first_outlet",
    "create index statements_first_outlet on statements(first_outlet, first_published desc)",
    "drop index occurrences_article",
    "create index occurrences_article on occurrences(article, person, withdrawn)",
)


def create_views(db: Database) -> None:
    """Those that are not there yet."""
    for name, count in COUNTS.items():
        db.execute(f"create view if not exists {name} as {count.sql}")


def drop_views(db: Database) -> None:
    for name in COUNTS:
        db.execute(f"drop view {name}")


def create_tables(db: Database) -> None:
    """Count once and for all. The archive's views have been dropped, its tables are complete."""
    for statement in _INDEXES:
        db.execute(statement)
    for name, count in COUNTS.items():
        db.execute(f"create table {name} ({count.columns}, primary key ({count.key})) without rowid")
        db.execute(f"insert into {name} {count.sql}")
        for number, columns in enumerate(count.indexes):
            db.execute(f"create index {name}_{number} on {name}{columns}")
