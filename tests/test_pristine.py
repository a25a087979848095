"""The database that serves one test after another is as the template is, or is not used again."""

import psycopg
import pytest

from tests.pristine import Pool


@pytest.mark.postgresql
def test_what_was_changed_is_put_back_or_the_database_is_not_used_again(postgresql_pools: dict[bool, Pool]) -> None:
    """Rows that were changed or went, and a counter; a trigger that is off ends it."""
    pool = postgresql_pools[True]
    with pool.one() as url:
        first = state(url)
        change(
            url,
            "SELECT nextval('lms_people_id_seq')",
            "SET session_replication_role = replica",
            "UPDATE lms_people SET work_email = 'x' WHERE id = 1",
            "DELETE FROM lms_audit_entries",
        )
        assert not set(first) & set(state(url))
    with pool.one() as again:
        assert (again, state(again)) == (url, first)
        change(again, "ALTER TABLE lms_people DISABLE TRIGGER ALL")
    with pool.one() as other:
        assert other != url
        assert state(other) == first


def change(url: str, *statements: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def state(url: str) -> list[str]:
    """Two tables and a counter, as text."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        return [
            str(connection.execute(f"SELECT * FROM {name} ORDER BY 1".encode()).fetchall())
            for name in ("lms_people", "lms_audit_entries", "(SELECT last_value FROM lms_people_id_seq)")
        ]
