"""The order is read on: by a command that was killed, and by cursor while four writers write."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from time import perf_counter

from flask import Flask
from sqlalchemy import insert, select

from lms.db import Database
from lms.models import Completion, Enrolment
from tests import world
from tests.exports.rows import read
from tests.exports.test_feed import ALL, export
from tests.faults.sizes import FORM, SEED
from tests.services import sealing

RECORDS = 6500  # more than a first slice, so that there is a mark
KILLS = 200 if FORM == "long" else 6
EACH = 40  # completions of a writer


def enrol_many(database, count: int) -> None:
    rows = [
        {"id": n, "ref": f"ref-{n}", "person_id": 1 + n % 9, "course_id": 1, "period": n, "enrolled_at": world.NOW,
         "own_choice": True}
        for n in range(1, count + 1)
    ]  # fmt: skip
    with database.transaction() as session:
        session.execute(insert(Enrolment), rows)


def completion(number: int) -> dict:
    return {"ref": f"done-{number}", "enrolment_id": number, "version_id": 1, "effective_at": world.NOW,
            "recorded_at": world.NOW, "certificate_number": f"C{number}"}  # fmt: skip


def command(app: Flask, output: Path) -> None:
    result = app.test_cli_runner().invoke(args=["lms", "export", "records_v1", "--output", str(output)])
    assert result.exit_code == 0, result.output


def killed(app: Flask, output: Path, after: float) -> bool:
    """Run the command in a process that a timer kills, wherever it is then."""
    url = app.extensions["lms"].database.url
    child = os.fork()
    if child == 0:
        app.extensions["lms"].database = Database(url)  # what is inherited holds the parent's locks
        signal.setitimer(signal.ITIMER_REAL, after)
        command(app, output)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_what_was_killed_goes_on_and_is_byte_for_byte_one_run(app, tmp_path) -> None:
    database = app.extensions["lms"].database
    enrol_many(database, RECORDS)
    with database.transaction() as session:
        session.execute(insert(Completion), [completion(n) for n in range(1, RECORDS + 1)])
    sealing.make_key(database)
    sealing.seal(database)
    begun = perf_counter()
    command(app, tmp_path / "whole.csv")
    took = perf_counter() - begun
    whole = (tmp_path / "whole.csv").read_bytes()
    assert len(read(whole)) == RECORDS
    chance, kills, went_on, file = Random(SEED), 0, 0, 0
    print(f"FAULTS_SEED={SEED}")
    while kills < KILLS:
        file += 1
        output = tmp_path / f"{file}.csv"
        while killed(app, output, chance.uniform(0.01, took)):
            kills += 1
            went_on += (tmp_path / f"{output.name}.mark").exists()
            assert not output.exists() or output.read_bytes() == whole, "what is broken off never looks whole"
        assert output.read_bytes() == whole
    print(f"{kills} killed, {went_on} times there was a mark to go on from, {file} files")


def test_under_four_writers_each_record_comes_once_in_order_and_none_is_missed(database) -> None:
    enrol_many(database, 4 * EACH)
    sealing.make_key(database)

    def write(writer: int) -> None:
        for number in range(writer * EACH + 1, (writer + 1) * EACH + 1):
            with database.transaction(60) as session:
                session.execute(insert(Completion), [completion(number)])

    rows, cursor = [], 0
    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write, n) for n in range(4)]
        is_last = False
        while not is_last:
            is_last = all(writer.done() for writer in writers)
            sealing.seal(database)
            body, manifest = export(database, "records_v1", after=cursor)
            cursor = int(manifest["cursor"])
            rows += read(body)
        assert not [writer.exception() for writer in writers if writer.exception()]
    positions = [int(row["position"]) for row in rows]
    assert positions == sorted(set(positions))
    with database.read() as session:
        known = list(session.scalars(select(Completion.certificate_number)))
    assert len(known) == 4 * EACH
    assert sorted(row["certificate_number"] for row in rows) == sorted(known)
    assert read(export(database, "records_v1", actor=ALL)[0]) == rows
