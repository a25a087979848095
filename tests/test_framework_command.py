"""`flask lms framework`: out as a table, in again with what changes, and for whom; and `flask lms load` that counts."""

import csv
import io
import json
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from lms.db import Database
from lms.models import ReferenceVersion
from tests.conftest import make_host
from tests.content.sample import GOOD, write_library
from tests.services import steps


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_library(tmp_path / "courses", GOOD)


@pytest.fixture
def run(sqlite: Database, folder: Path) -> FlaskCliRunner:
    app = make_host(sqlite)
    app.extensions["lms"].courses = str(folder)
    return app.test_cli_runner()


def said(run: FlaskCliRunner, *words: str, ends: int = 0) -> str:
    result = run.invoke(args=["lms", *words])
    assert result.exit_code == ends, result.output
    return str(result.output)


def test_targets_are_changed_in_a_spreadsheet_and_published(
    run: FlaskCliRunner, folder: Path, tmp_path: Path, sqlite: Database, who
) -> None:
    steps.take(sqlite, who("amina"))
    table = tmp_path / "targets.csv"
    assert "is written" in said(run, "framework", "export", str(table), "--roles")
    assert "says already" in said(run, "framework", "import", str(table))
    rows = list(csv.reader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
    rows[1][-1] = "3"
    with table.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(rows)
    before = (folder / "roles.yaml").read_bytes()
    dry = said(run, "framework", "import", str(table), "--dry-run")
    assert "target finance:PC1 changed: 2 -> 3" in dry
    assert "would be version 2" in dry
    assert (folder / "roles.yaml").read_bytes() == before
    assert "is version 2 now" in said(run, "framework", "import", str(table))
    told = said(run, "framework", "compare", "--people")
    assert "Amina Diallo (0003): PC1: level 1 -> 1, gap 1 -> 2" in told
    assert "The level of 0 people changes, the gap to the target of 8 people." in told
    plain = json.loads(said(run, "framework", "compare", "--json"))
    assert (plain["people_whose_level_changes"], plain["people_whose_gap_changes"], len(plain["people"])) == (0, 8, 8)
    assert "roles version 2: published" in said(run, "load")
    with sqlite.read() as session:
        row = session.scalars(select(ReferenceVersion).order_by(ReferenceVersion.id.desc())).first()
        assert row is not None
        assert (row.kind, row.number, row.levels_changed, row.gaps_changed) == ("roles", 2, 0, 8)
    assert "0 differences." in said(run, "framework", "compare")


def test_indicators_out_and_in(run: FlaskCliRunner, folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "indicators.csv"
    said(run, "framework", "export", str(table))
    table.write_text(table.read_text(encoding="utf-8").replace("Helps", "Helps others"), encoding="utf-8")
    told = said(run, "framework", "import", str(table))
    assert "indicator PC1.3a reworded: Helps -> Helps others" in told
    assert "is version 4 now" in told
    assert "No faults" in said(run, "check", str(folder))


def test_faults_of_a_table_stand_by_row_and_column(run: FlaskCliRunner, tmp_path: Path) -> None:
    table = tmp_path / "indicators.csv"
    said(run, "framework", "export", str(table))
    table.write_text(table.read_text(encoding="utf-8").replace("Helps", ""), encoding="utf-8")
    assert f"{table}:4:8: " in said(run, "framework", "import", str(table), ends=1)


def test_a_lost_code_is_told_before_it_is_loaded(run: FlaskCliRunner, folder: Path) -> None:
    for name in ("framework.yaml", "roles.yaml", "basics/course.yaml", "basics/quiz.yaml", "other/course.yaml",
                 "other/quiz.yaml", "plan-templates.yaml"):  # fmt: skip
        path = folder / name
        text = path.read_text(encoding="utf-8").replace("PC1", "PX1")
        for number in (3, 2, 1):
            text = text.replace(f"version: {number}\n", f"version: {number + 1}\n", 1)
        path.write_text(text, encoding="utf-8")
    assert "PC1 is lost" in said(run, "framework", "compare", ends=1)
    assert "framework.yaml has no PC1 any more" in said(run, "load", ends=1)
    assert "framework.yaml has no PC1 any more" in said(run, "check", ends=1)
    assert "PC1" not in said(run, "check", str(folder))  # of a folder that is not to be loaded nothing is known


@pytest.mark.parametrize("name", ["table.xlsx", "table"])
def test_another_format_is_refused(run: FlaskCliRunner, tmp_path: Path, name: str) -> None:
    assert "name the file .yaml or .csv" in said(run, "framework", "export", str(tmp_path / name), ends=1)
