"""The privacy manifest names every column of every table, and every way to a person ends at one."""

import pytest

from lms.models import Base
from lms.models.impersonal import IMPERSONAL
from lms.models.personal import PEOPLE, PERSONAL
from lms.rules.privacy import Erasure

TABLES = Base.metadata.tables


def _must_be_named(table: str) -> set[str]:
    """All columns but keys, refs, hashes of words, and references to what is about nobody."""
    return {
        column.name
        for column in TABLES[table].columns
        if not column.primary_key
        and column.name != "ref"
        and not column.name.endswith("_hash")
        and (not column.foreign_keys or _target(column) == PEOPLE)
    }


def _target(column: object) -> str:
    (key,) = column.foreign_keys  # type: ignore[attr-defined]
    return str(key.column.table.name)


def test_every_table_is_in_one_of_the_two_lists() -> None:
    assert set(PERSONAL) | set(IMPERSONAL) == set(TABLES)
    assert not set(PERSONAL) & set(IMPERSONAL)


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_column_is_named(table: str) -> None:
    if entry := PERSONAL.get(table):
        named = {entry.person, *entry.own, *entry.hidden, *entry.others}
        assert set(entry.emptied) <= named
    else:
        named = set(IMPERSONAL[table].split())
    missing = _must_be_named(table) - named
    assert not missing, f"say in lms/models/personal.py or impersonal.py what {table}.{', '.join(missing)} is for"
    assert named <= set(TABLES[table].columns.keys())


@pytest.mark.parametrize("table", sorted(PERSONAL))
def test_every_way_ends_at_a_person(table: str) -> None:
    seen = []
    while table != PEOPLE:
        assert table not in seen
        seen.append(table)
        table = _target(TABLES[table].columns[PERSONAL[table].person])


def test_what_is_said_of_words_and_emptied_columns_can_be_done() -> None:
    for table, entry in PERSONAL.items():
        hashes = [name for name in TABLES[table].columns.keys() if name.endswith("_hash")]  # noqa: SIM118
        assert hashes or not entry.texts
        assert entry.texts or entry.erasure != Erasure.WORDS
        assert bool(entry.emptied) == (entry.erasure == Erasure.EMPTIED)
