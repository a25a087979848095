"""`flask lms doctor` on an installation: healthy, and broken in each way that it knows."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from lms.db import Database
from lms.doctor import Finding, State, databases, examining, room, wrong
from tests.doctor.conftest import healthy
from tests.doctor.faults import WRONG, WRONG_IN_THE_DATABASE, execute, lose_key
from tests.doctor.told import told, words
from tests.world import NOW


def test_a_healthy_installation(any_host: Flask) -> None:
    assert told(any_host, State.WRONG) == told(any_host, State.ADVICE) == []
    about = {finding.about for finding in told(any_host, State.OK)} | {"database mode"}
    assert about == {
        "sign-in", "secret key", "cookies", "frame", "invitations", "database", "database mode", "clock", "tables",
        "triggers", "people", "courses", "disk", "organisation", "mail", "jobs", "seals",
    }  # fmt: skip


@pytest.mark.parametrize(("spoil", "said"), WRONG, ids=lambda value: getattr(value, "__name__", ""))
def test_what_is_wrong_is_named(host: Flask, spoil: Callable[[Flask], None], said: str) -> None:
    spoil(host)
    found = told(host, State.WRONG)
    assert said in words(found)
    assert all(finding.advice for finding in found)


@pytest.mark.parametrize(("spoil", "said"), WRONG_IN_THE_DATABASE, ids=lambda value: getattr(value, "__name__", ""))
def test_what_is_wrong_in_either_database_is_named(any_host: Flask, spoil: Callable[[Flask], None], said: str) -> None:
    spoil(any_host)
    assert said in words(told(any_host, State.WRONG))


def test_one_missing_trigger_is_named(any_host: Flask) -> None:
    on = "" if any_host.extensions["lms"].database.is_sqlite else " ON lms_completions"
    execute(any_host, f"DROP TRIGGER lms_completions_no_update{on}")
    assert "triggers: 1 are missing (lms_completions_no_update)" in words(told(any_host, State.WRONG))


def test_advice(host: Flask) -> None:
    """What may be meant so is said, and does not count as wrong."""
    plugin = host.extensions["lms"]
    plugin.courses = str(Path(plugin.courses) / "nowhere")
    host.config.update(SESSION_COOKIE_SECURE=False, SESSION_COOKIE_SAMESITE=None)
    from lms.identity.host import identify_user

    plugin.identify = identify_user
    execute(host, "DELETE FROM lms_role_grants")
    said = words(told(host, State.ADVICE))
    for part in (
        "courses: there is no folder", "cookies: the session's cookie may travel over HTTP", "cookies: other sites",
        "sign-in: users are known by flask-login's id", "people: 10, and nobody holds a role",
    ):  # fmt: skip
        assert part in said
    assert told(host, State.WRONG) == []


def test_courses_that_wait_are_named(host: Flask) -> None:
    path = next(Path(host.extensions["lms"].courses).rglob("course.yaml"))
    path.write_text(path.read_text(encoding="utf-8").replace("version: 2", "version: 3"), encoding="utf-8")
    assert "version 3 in" in words(told(host, State.ADVICE))


def test_courses_that_nobody_signed_off_are_named(host: Flask) -> None:
    """What waits is advice; what is open although its sign-off is gone is wrong."""
    folder, run = Path(host.extensions["lms"].courses), host.test_cli_runner()
    path = folder / "other/course.yaml"
    text = path.read_text(encoding="utf-8").replace("version: 1", "version: 2")
    path.write_text(f"{text}sign_off: a specialist\n", encoding="utf-8")
    said = words(told(host, State.ADVICE))
    assert "other version 2 is not signed off by: a specialist. It is not loaded." in said
    assert "not published yet" not in said
    assert run.invoke(args=["lms", "sign-off", "other", "--by", "Awa", "--role", "specialist"]).exit_code == 0
    assert "other version 2 in" in words(told(host, State.ADVICE))
    assert run.invoke(args=["lms", "load"]).exit_code == 0
    assert "all published as they are" in words(told(host, State.OK))
    (folder / "other/sign-off.yaml").unlink()
    assert "Learners can open it: its sign-off was taken away later." in words(told(host, State.WRONG))


def test_a_mode_that_does_not_hold_is_named(host: Flask) -> None:
    """Something of the host's that listens to every connection."""
    database = host.extensions["lms"].database
    event.listen(database.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    database.dispose()
    assert "database mode: synchronous is 0, not 2" in words(told(host, State.WRONG))


@pytest.mark.postgresql
def test_a_careless_server_is_named(any_host: Flask) -> None:
    database = any_host.extensions["lms"].database
    if database.is_sqlite:
        return
    execute(any_host, f'ALTER DATABASE "{database.url.database}" SET synchronous_commit = off')
    database.dispose()
    assert "PostgreSQL's synchronous_commit is off" in words(told(any_host, State.WRONG))


@pytest.mark.postgresql
def test_a_database_that_spoils_names_is_named(postgresql_server: str, tmp_path: Path) -> None:
    from tests.conftest import _execute, _named

    _execute(
        postgresql_server,
        "CREATE DATABASE lms_ascii ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0",
    )
    database = Database(_named(postgresql_server, "lms_ascii"))
    found = databases.check_mode(database)
    database.dispose()
    _execute(postgresql_server, "DROP DATABASE lms_ascii")
    assert "PostgreSQL's server_encoding is SQL_ASCII, not UTF8" in words(found)


def test_a_database_that_does_not_answer(tmp_path: Path, sqlite: Database) -> None:
    app = healthy(sqlite, tmp_path)
    app.extensions["lms"].database = Database("postgresql+psycopg://learner:pass-word@127.0.0.1:1/nowhere")
    found = words(told(app, State.WRONG))
    assert "database: postgresql+psycopg://learner:***@127.0.0.1:1/nowhere does not answer" in found
    assert "pass-word" not in found
    assert "courses: 2 in" in words(told(app, State.OK)), "the rest is looked at all the same"


def test_a_database_that_is_not_there_is_not_made_by_looking(tmp_path: Path, sqlite: Database) -> None:
    app = healthy(sqlite, tmp_path)
    app.extensions["lms"].database = Database(f"sqlite:///{tmp_path}/none.sqlite3")
    assert "database: there is none yet" in words(told(app, State.WRONG))
    assert not (tmp_path / "none.sqlite3").exists()
    app.extensions["lms"].database = Database("sqlite://")
    assert "in memory alone" in words(told(app, State.WRONG))


def test_a_file_that_is_no_database(tmp_path: Path, sqlite: Database) -> None:
    (tmp_path / "text.sqlite3").write_text("this is a letter, not a database" * 100)
    app = healthy(sqlite, tmp_path)
    app.extensions["lms"].database = Database(f"sqlite:///{tmp_path}/text.sqlite3")
    assert "file is not a database" in words(told(app, State.WRONG))


MOUNTS = (
    "/dev/sda1 / ext4 rw 0 0\nfiler:/home /srv nfs4 rw 0 0\n/dev/sdb1 /srv/fast ext4 rw 0 0\nx /a\\040b cifs rw 0 0\n"
)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/x", "ext4"),
        ("/srv/learning/x", "nfs4"),
        ("/srv/fast/x", "ext4"),
        ("/srvx/y", "ext4"),
        ("/a b/x", "cifs"),
    ],
)
def test_where_a_file_lies(path: str, kind: str) -> None:
    assert databases.file_system(Path(path), MOUNTS) == kind


def test_a_network_share_is_named(sqlite: Database) -> None:
    found = databases.check_place(sqlite, "filer:/home / nfs4 rw 0 0\n")
    assert "network share (nfs4)" in words(found)


def test_a_file_that_everybody_can_read_is_named(sqlite: Database) -> None:
    file = Path(str(sqlite.url.database))
    closed = databases._is_closed(file.parent)
    file.chmod(0o644)
    assert ("every user of this machine" in words(databases.check_place(sqlite, ""))) is not closed
    file.chmod(0o600)
    assert databases.check_place(sqlite, "") == []


@pytest.mark.parametrize(
    ("free", "size", "state"),
    [(50, 0, State.WRONG), (500, 0, State.ADVICE), (1500, 2000, State.ADVICE), (1500, 10, State.OK)],
)
def test_room(free: int, size: int, state: State) -> None:
    found = room.judge_room("database", Path("/srv"), free * room.MEGABYTE, size * room.MEGABYTE)
    assert found.state == state
    assert f"{free} MB free" in found.text


def test_backups_that_stopped_are_named(host: Flask, tmp_path: Path) -> None:
    plugin, folder = host.extensions["lms"], tmp_path / "backups"
    assert f"there is no folder {folder}" in words(told(host, State.WRONG, folder))
    folder.mkdir()
    (folder / "notes.txt").write_text("no backup")
    assert f"there is none in {folder}" in words(told(host, State.WRONG, folder))
    assert host.test_cli_runner().invoke(args=["lms", "backup", str(folder / "one")]).exit_code == 0
    assert told(host, State.WRONG, folder) == []
    plugin.clock = lambda: NOW + timedelta(days=3)
    assert "It is more than a day old" in words(told(host, State.WRONG, folder))


def test_a_host_adds_what_it_knows(host: Flask) -> None:
    def examine(_app: Flask, **_more: object) -> list[Finding]:
        return [wrong("lift", "it is stuck.", "Take the stairs.")]

    examining.connect(examine, sender=host)
    assert "lift: it is stuck. Take the stairs." in words(told(host, State.WRONG))


def test_the_command(host: Flask) -> None:
    run = host.test_cli_runner()
    well = run.invoke(args=["lms", "doctor"])
    assert (well.exit_code, "0 wrong" in well.output) == (0, True)
    lose_key(host)
    ill = run.invoke(args=["lms", "doctor"])
    assert ill.exit_code == 1
    line = next(line for line in ill.output.splitlines() if "secret key" in line)
    assert line == "wrong   secret key: the application has none, so nobody can sign in or send a form."
    assert "1 wrong" in ill.output


def test_clocks_that_are_apart(any_host: Flask) -> None:
    """A server cannot be given another clock here; this machine can."""
    import time_machine

    database = any_host.extensions["lms"].database
    with time_machine.travel(time.time() + 600, tick=False):
        found = databases.check_clock(database, NOW)
    state = State.OK if database.is_sqlite else State.WRONG
    assert [finding.state for finding in found] == [state]
