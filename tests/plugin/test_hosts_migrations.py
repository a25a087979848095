"""The host's Flask-Migrate and our Alembic share a database, and neither sees the other."""

from collections.abc import Iterator

import flask_migrate
import pytest
from sqlalchemy import text

from lms import migrations, schema
from lms.db import Database
from tests.conftest import BOTH, fresh
from tests.plugin.conftest import Move
from tests.plugin.hosts import intranet
from tests.plugin.houses import House


@pytest.fixture(params=BOTH)
def shared(request: pytest.FixtureRequest, furnish: Move) -> Iterator[House]:
    """The intranet with both in one database."""
    with fresh(request, request.param, filled=True) as database:
        yield furnish("intranet", database)


def versions(database: Database) -> dict[str, list[str]]:
    with database.read() as session:
        tables = ("alembic_version", schema.VERSION_TABLE)
        return {table: list(session.scalars(text(f"SELECT version_num FROM {table}"))) for table in tables}


def test_each_has_its_version(shared: House) -> None:
    database: Database = shared.app.extensions["lms"].database
    both = {"alembic_version": ["0001"], schema.VERSION_TABLE: [schema.newest_version()]}
    assert versions(database) == both
    migrations.upgrade(database)
    with shared.app.app_context():
        flask_migrate.upgrade()
    assert versions(database) == both


def test_neither_finds_anything_to_change(shared: House) -> None:
    with shared.app.app_context():
        flask_migrate.check()
    migrations.check(shared.app.extensions["lms"].database)


def test_the_host_still_finds_its_own_changes(shared: House, caplog: pytest.LogCaptureFixture) -> None:
    with shared.app.app_context():
        with intranet.db.engine.begin() as connection:
            connection.execute(text("DROP INDEX ix_notice_text"))
        with pytest.raises(SystemExit):
            flask_migrate.check()
    assert "'add_index', Index('ix_notice_text'" in caplog.text
    assert "lms_" not in caplog.text


def test_without_its_line_it_would_drop_ours(shared: House, caplog: pytest.LogCaptureFixture) -> None:
    """`leave_out_learning`, of docs/integrators.md, is needed."""
    del shared.app.extensions["migrate"].configure_args["include_name"]
    with shared.app.app_context(), pytest.raises(SystemExit):
        flask_migrate.check()
    assert "remove_table" in caplog.text
    assert "lms_people" in caplog.text
