"""What a restore refuses, and that a refusal leaves the database as it was."""

import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from sqlalchemy import text

from lms.backup import archive, back_up
from lms.backup.archive import MANIFEST, pack
from lms.db import Database
from lms.errors import ConfigurationError, Conflict, Invalid, LmsError
from lms.models import Person
from tests.backup.conftest import OURS, Keeper
from tests.services import steps
from tests.world import NOW


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-2000])


def cut_in_half(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def flip_a_byte(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(bytes(content))


def be_a_letter(file: Path) -> None:
    file.write_text("Dear colleague, here is the backup.")


def be_another_zip(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("holiday.txt", "sun")


def say(**changes: object) -> Callable[[Path], None]:
    """The same backup with a manifest that says something else."""

    def rewrite(file: Path) -> None:
        with zipfile.ZipFile(file) as packed:
            manifest = json.loads(packed.read(MANIFEST)) | changes
            content = {name: packed.read(name) for name in packed.namelist() if name != MANIFEST}
        with zipfile.ZipFile(file, "w") as packed:
            packed.writestr(MANIFEST, json.dumps(manifest))
            for name, body in content.items():
                packed.writestr(name, body)

    return rewrite


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (cut_off, "is not a whole backup"),
        (cut_in_half, "is not a whole backup"),
        (flip_a_byte, "is not a whole backup"),
        (be_a_letter, "is not a whole backup"),
        (be_another_zip, "is not a whole backup"),
        (say(sha256="0" * 64), "its SHA-256 is another"),
        (say(made_at="yesterday"), "is not a whole backup"),
        (say(rows="many"), "is not this application's|not a whole backup|tables that are not"),
        (say(format=2), "made by a newer program"),
        (say(kind="oracle"), "This is a backup of oracle"),
        (say(schema="elsewhere"), r"This is a backup of \w+ \(elsewhere\)"),
        (say(tables_version="9999"), "of a newer program"),
        (say(rows={"customers": 1, "lms_alembic_version": 1}), "not this application's: customers"),
        (say(rows={}), "none of ours"),
    ],
)
def test_a_wrong_file_is_refused(keeper: Keeper, spoil: Callable[[Path], None], said: str) -> None:
    keeper.back_up()
    spoil(keeper.file)
    with steps.unchanged(keeper.database), pytest.raises(LmsError, match=said):
        keeper.restore()


def test_rows_that_are_missing_are_noticed(keeper: Keeper) -> None:
    made = keeper.back_up()
    say(rows={**made.rows, "lms_people": 11})(keeper.file)
    with steps.unchanged(keeper.database), pytest.raises(Invalid, match="does not hold the rows"):
        keeper.restore()


def test_people_are_not_replaced_unasked(keeper: Keeper) -> None:
    keeper.back_up()
    with steps.unchanged(keeper.database), pytest.raises(Conflict, match="holds 10 people"):
        keeper.restore(replace=False)


def test_a_backup_never_takes_the_place_of_another(keeper: Keeper) -> None:
    keeper.back_up()
    content = keeper.file.read_bytes()
    with pytest.raises(Conflict, match="exists already"):
        keeper.back_up()
    assert keeper.file.read_bytes() == content


def test_there_must_be_something_to_back_up(tmp_path: Path) -> None:
    bare = Database(f"sqlite:///{tmp_path}/bare.sqlite3")
    with bare.transaction() as session:
        session.execute(text("CREATE TABLE customers (id INTEGER)"))
    with pytest.raises(Conflict, match="no tables of the plugin"):
        back_up(bare, tmp_path / "bare.backup", prefixes=OURS, at=NOW)
    assert not (tmp_path / "bare.backup").exists()
    bare.dispose()


def test_no_way_leads_to_the_other_database(keeper: Keeper, sqlite: Database, tmp_path: Path) -> None:
    if keeper.database.is_sqlite:
        return
    keeper.back_up()
    with steps.unchanged(sqlite), pytest.raises(Invalid, match="This is a backup of postgresql"):
        Keeper(sqlite, keeper.file).restore()


def test_a_dump_that_contradicts_itself_is_refused(sqlite: Database, tmp_path: Path) -> None:
    keeper = Keeper(sqlite, tmp_path / "good.backup")
    made = keeper.back_up()
    dump = tmp_path / "dump"
    archive.unpack(keeper.file, made, dump)
    with closing(sqlite3.connect(dump)) as connection:
        connection.execute(
            "INSERT INTO lms_role_grants (person_id, role, granted_at) VALUES (99999, 'author', '2026-01-01')"
        )
        connection.commit()
    keeper.file = tmp_path / "bad.backup"
    pack(dump, replace(made, rows={**made.rows, "lms_role_grants": made.rows["lms_role_grants"] + 1}), keeper.file)
    with steps.unchanged(sqlite), pytest.raises(Invalid, match="refer to rows that are not there"):
        keeper.restore()


@pytest.mark.postgresql
def test_what_a_host_built_upon_our_tables_stops_a_restore(keeper: Keeper) -> None:
    """PostgreSQL will not drop a table that a view stands on; everything stays as it was."""
    if keeper.database.is_sqlite:
        return
    keeper.back_up()
    with keeper.database.transaction() as session:
        session.execute(text("CREATE VIEW hosts_report AS SELECT id FROM lms_people"))
    with (
        steps.unchanged(keeper.database),
        pytest.raises(Invalid, match=r"psql failed: .*other objects depend on them$"),
    ):
        keeper.restore()


@pytest.mark.postgresql
def test_programs_that_are_missing_or_old_are_refused(keeper: Keeper, tmp_path: Path) -> None:
    if keeper.database.is_sqlite:
        return
    folder = tmp_path / "bin"
    folder.mkdir()
    with pytest.raises(ConfigurationError, match=r"There is no pg_dump in .*install postgresql-client-\d+, or name"):
        back_up(keeper.database, keeper.file, prefixes=OURS, at=NOW, programs=str(folder))
    old = folder / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    old.chmod(0o755)
    with pytest.raises(ConfigurationError, match=r"pg_dump is of version 9\. PostgreSQL's client programs of version"):
        back_up(keeper.database, keeper.file, prefixes=OURS, at=NOW, programs=str(folder))
    assert not keeper.file.exists()


def test_the_manifest_is_plain(keeper: Keeper) -> None:
    """What an operator finds with any unzip: no person in it."""
    made = keeper.back_up()
    with zipfile.ZipFile(keeper.file) as packed:
        assert json.loads(packed.read(MANIFEST)) == asdict(made)
        assert sorted(packed.namelist()) == sorted([MANIFEST, made.member])


def test_a_backup_names_no_tables_of_others_to_be_dropped(keeper: Keeper) -> None:
    """Made by an application that adds tables, it would drop what they are here."""
    keeper.prefixes = (*OURS, "crm_")
    keeper.back_up()
    keeper.prefixes = OURS
    with keeper.database.transaction() as session:
        session.execute(text("CREATE TABLE crm_clients (name VARCHAR(20))"))
        session.execute(text("INSERT INTO crm_clients VALUES ('Rio Claro')"))
    with pytest.raises(Invalid, match="not this application's"):
        keeper.restore()
    with keeper.database.read() as session:
        assert session.scalar(text("SELECT name FROM crm_clients")) == "Rio Claro"


def test_a_hosts_row_is_not_left_pointing_at_nobody(keeper: Keeper) -> None:
    """PostgreSQL refuses to drop a table that another refers to."""
    if not keeper.database.is_sqlite:
        return
    keeper.back_up()
    with keeper.database.transaction() as session:
        session.execute(text("CREATE TABLE desks (person_id INTEGER REFERENCES lms_people(id))"))
        session.add(Person(kind="staff", display_name="Newcomer", created_at=NOW, changed_at=NOW))
        session.flush()
        session.execute(text("INSERT INTO desks SELECT max(id) FROM lms_people"))
    with steps.unchanged(keeper.database), pytest.raises(Conflict, match="desks refers to rows of lms_people"):
        keeper.restore()
