"""HR's file with faults: each is told by line and column, and nothing of the file is taken in."""

from pathlib import Path

import pytest

from lms.content.people_file import read_people_file
from lms.errors import FaultyFile, LmsError
from lms.permissions import operator
from lms.services.people import import_people
from tests import world
from tests.services import steps
from tests.services.people_cases import BESIDE, HEAD, IN_ITSELF


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "hr.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def told(refused: pytest.ExceptionInfo[FaultyFile], wanted: list[tuple[int, int, str]]) -> None:
    faults = refused.value.faults
    assert [(fault.line, fault.column) for fault in faults] == [(line, column) for line, column, _ in wanted], faults
    for fault, (_, _, words) in zip(faults, wanted, strict=True):
        assert words in fault.message
        assert str(fault).startswith(f"{fault.file}:{fault.line}:{fault.column}: ")


@pytest.mark.parametrize("case", IN_ITSELF)
def test_a_file_that_is_faulty_in_itself(tmp_path, case) -> None:
    text, wanted = IN_ITSELF[case]
    with pytest.raises(FaultyFile, match="nothing has changed") as refused:
        read_people_file(written(tmp_path, text))
    told(refused, wanted)


@pytest.mark.parametrize("case", BESIDE)
def test_a_file_that_is_faulty_beside_what_is_known(sqlite, tmp_path, case) -> None:
    text, wanted = BESIDE[case]
    with steps.unchanged(sqlite), pytest.raises(FaultyFile, match="nothing has changed") as refused:
        world.take_people(sqlite, tmp_path, text)
    told(refused, wanted)


def test_one_fault_keeps_everything_out(database, tmp_path) -> None:
    """Good lines before and after the faulty one leave no row in any table."""
    lines = ["Ana,R,a@x.example,NEW,New unit,0001", "Bo,S,b@x.example,NEW,,0999", "Cy,T,c@x.example,HUB,,"]
    text = "\n".join([f"{HEAD},unit_name,manager", *lines])
    with steps.unchanged(database), pytest.raises(FaultyFile):
        world.take_people(database, tmp_path, text)


def test_a_file_that_is_not_there(tmp_path) -> None:
    with pytest.raises(FaultyFile) as refused:
        read_people_file(tmp_path / "missing.csv")
    told(refused, [(1, 1, "cannot be read: No such file")])


def test_a_dry_run_leaves_no_row(app, sqlite, tmp_path) -> None:
    path = written(tmp_path, f"{HEAD}\nAna,Ruiz,ana@lantern.example,HUB\n")
    with steps.unchanged(sqlite):
        result = app.test_cli_runner().invoke(args=["lms", "people", str(path), "--dry-run"])
    assert (result.exit_code, "1 people would be added" in result.output) == (0, True), result.output


def test_the_command_tells_every_fault_and_fails(app, sqlite, tmp_path) -> None:
    path = written(tmp_path, f"{HEAD}\n,,x,\n")
    with steps.unchanged(sqlite):
        result = app.test_cli_runner().invoke(args=["lms", "people", str(path)])
    assert result.exit_code == 1
    assert result.output.count(f"{path}:2:") == 3, result.output


def test_only_who_keeps_everybodys_records_imports_everybody(sqlite, who, tmp_path) -> None:
    file = read_people_file(written(tmp_path, f"{HEAD}\nAna,Ruiz,ana@lantern.example,HUB\n"))
    for person, told in (
        ("amina", "Your roles"),
        ("kofi", "Your roles"),
        ("olga", "Your roles"),
        ("nadia", "not yours"),
    ):
        with pytest.raises(LmsError, match=told), sqlite.transaction() as session:
            import_people(session, who(person), file=file)
    with sqlite.transaction() as session:
        assert import_people(session, operator(world.NOW), file=file).added == 1
