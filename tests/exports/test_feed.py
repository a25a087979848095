"""Layouts, formats, manifests, and the order by which HR's systems read on."""

import io
import json
from datetime import timedelta
from zipfile import ZipFile

import openpyxl
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from jsonschema import Draft202012Validator, FormatChecker
from sqlalchemy.sql import visitors

from lms.errors import Invalid
from lms.exports import LAYOUTS, Run, make_schema
from lms.models import Base
from lms.models.personal import PERSONAL
from lms.permissions import operator
from lms.rules.privacy import Purpose
from lms.rules.spreadsheets import FORMULA_STARTS
from lms.services import chain
from lms.services.export_manifests import get_manifest
from lms.services.exports import begin_export, finish_export, stream_export
from lms.services.records import RecordFilter
from lms.services.seals import get_head
from tests import world
from tests.exports.rows import VERIFY_AT, read
from tests.exports.test_full_v1 import TRIGGERS, write_everywhere
from tests.services import sealing, steps

ALL = operator(world.NOW)


def export(database, layout, format="csv", after=0, actor=ALL, **filters):
    """The file and its manifest, signed."""
    with database.transaction() as session:
        begun = begin_export(
            session, actor, layout=layout, format=format, wanted=RecordFilter(**filters), purpose="Test", after=after
        )
    with database.snapshot() as session:
        stream = stream_export(
            session, actor, begun=begun, verify_at=VERIFY_AT, headers={"user_id": "Student", "record_id": "No"}
        )
        body = b"".join(stream)
    with database.transaction() as session:
        finish_export(
            session, actor, begun=begun, rows=stream.rows, sha256=stream.sha256, at=actor.at, totals=stream.totals,
            cursor=stream.reached, private=sealing.KEY,
        )  # fmt: skip
    with database.read() as session:
        return body, get_manifest(session, actor, ref=begun.ref)


def lines(body: bytes) -> list[dict]:
    return [json.loads(line) for line in body.decode().splitlines()]


def a_history(database, who) -> None:
    """Amina and Rosa completed, Kofi's completion was withdrawn; all is sealed."""
    sealing.make_key(database)
    for name in ("amina", "kofi", "rosa"):
        steps.take(database, who(name))
    steps.withdraw(database, who("ingrid"), "kofi")
    sealing.seal(database)


def test_every_layout_in_every_format_says_the_same(database, who) -> None:
    a_history(database, who)
    for layout in LAYOUTS.values():
        filters = {"partner": "RC"} if layout.needs else {}
        of_csv, manifest = export(database, layout.name, **filters)
        of_jsonl, second = export(database, layout.name, "jsonl", **filters)
        found = lines(of_jsonl)
        check = Draft202012Validator(make_schema(layout), format_checker=FormatChecker())
        if layout.name != "sf_history_v1":  # of which the receiver named a column
            assert not [error.message for line in found for error in check.iter_errors(line)]
            assert all(list(line) == list(layout.names) for line in found)
        assert manifest["rows"] == second["rows"] == sum(group["rows"] for group in manifest["totals"]), layout.name
        as_text = [{n: "" if v is None else f"{v:.2f}" if isinstance(v, float) else str(v) for n, v in line.items()}
                   for line in found]  # fmt: skip
        for line in (given := read(of_csv)) + as_text:
            line.pop("record_action", None)
        assert given == as_text, layout.name


def test_xlsx_and_parquet_hold_the_rows_and_no_formula(database, who) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    a_history(database, who)
    for text in TRIGGERS[:4]:
        write_everywhere(database, text)
        body, _manifest = export(database, "full_v1", "xlsx")
        rows = list(openpyxl.load_workbook(io.BytesIO(body), read_only=True).active.iter_rows())
        cells = [cell for row in rows for cell in row if cell.value is not None]
        assert len(rows) == 4
        assert [c.value for c in rows[0]] == list(LAYOUTS["full_v1"].names)
        assert not [c.value for c in cells if c.data_type == "f" or str(c.value).startswith(FORMULA_STARTS)]
        with ZipFile(io.BytesIO(body)) as file:
            assert b"<f>" not in file.read("xl/worksheets/sheet1.xml")
    table = parquet.read_table(io.BytesIO(export(database, "full_v1", "parquet")[0])).to_pylist()
    known = lines(export(database, "full_v1", "jsonl")[0])
    assert [row["person_ref"] for row in table] == [row["person_ref"] for row in known]
    assert [row["score_percent"] for row in table] == [row["score_percent"] for row in known] == [100, None, 100]
    assert known[0]["given_name"].startswith(TRIGGERS[3]), "a machine takes it as it is"


def test_the_manifest_is_signed_and_any_change_shows(database, who) -> None:
    a_history(database, who)
    _body, manifest = export(database, "full_v1", actor=who("ingrid"))
    assert manifest["totals"] == [
        {"status": "completed", "rows": 2, "attempts": 2, "score_percent": 200},
        {"status": "withdrawn", "rows": 1, "attempts": 1, "score_percent": 0},
    ]
    with database.read() as session:
        assert manifest["seal_head"] == str(get_head(session))
    signature = bytes.fromhex(manifest.pop("signature"))
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(manifest["signed_by"]))
    key.verify(signature, chain.canonical(manifest))
    for name in manifest:
        assert not chain._is_signed(manifest["signed_by"], signature.hex(), chain.canonical(manifest | {name: "x"}))


def test_a_partner_gets_its_own_staff_alone(database, who) -> None:
    a_history(database, who)
    with database.transaction() as session, pytest.raises(Invalid) as refused:
        begin_export(session, ALL, layout="partner_v1", format="csv", wanted=RecordFilter(), purpose="Test")
    assert set(refused.value.fields) == {"partner"}
    assert [row["given_name"] for row in read(export(database, "partner_v1", partner="RC")[0])] == ["Rosa"]


def test_a_history_has_completions_alone_and_the_receivers_words(database, who) -> None:
    a_history(database, who)
    steps.assign(database, who("ingrid"), "wei")
    found = read(export(database, "sf_history_v1")[0])
    assert next(iter(found[0])) == "Student"
    assert {row["Student"] for row in found} >= {"0003"}
    assert all(row["completion_date"] and row["completion_time_zone"] == "UTC" for row in found)
    assert "No" not in read(export(database, "full_v1")[0])[0]


def test_authors_figures_hide_small_groups_and_have_no_names(database, who) -> None:
    def found() -> list[tuple[int, int]]:
        rows = lines(export(database, "attempts_v1", "jsonl")[0])
        return [(row["people"], row["mean_percent"]) for row in rows if row["course_code"] == "M02"]

    for name, right in [("amina", True), ("kofi", True), ("nadia", True), ("jose", True), ("ingrid", False)]:
        assert found() == []
        steps.take(database, who(name))
        steps.take(database, who(name), "other", right=right)
    assert found() == [(5, 80)]
    steps.take(database, who("sam"))
    steps.take(database, who("sam"), "other")
    assert found() == [(5, 80)], "one more person shows nothing of theirs"
    with database.transaction() as session, pytest.raises(Invalid):
        begin_export(session, ALL, layout="attempts_v1", format="csv", wanted=RecordFilter(unit="PE"), purpose="Test")


def test_the_order_is_read_on_by_cursor(database, who) -> None:
    a_history(database, who)
    body, manifest = export(database, "records_v1")
    assert [(row["record_action"], row["event"]) for row in read(body)] == [
        ("A", "completed"), ("A", "completed"), ("A", "completed"), ("D", "withdrawn"),
    ]  # fmt: skip
    assert read(body)[3]["record_id"] == read(body)[1]["record_id"]
    cursor = int(manifest["cursor"])
    again, manifest = export(database, "records_v1", after=cursor)
    assert read(again) == []
    assert int(manifest["cursor"]) >= cursor
    steps.take(database, who("wei"))
    sealing.seal(database, at=world.NOW + timedelta(hours=1))
    (new,), manifest = (lambda f, m: (read(f), m))(*export(database, "records_v1", after=int(manifest["cursor"])))
    assert (new["record_action"], new["event"], new["employee_number"]) == ("A", "completed", "0004")
    assert manifest["totals"] == [{"event": "completed", "rows": 1}]
    assert read(export(database, "records_v1", unit="PE")[0])[0]["person_ref"] == read(body)[2]["person_ref"]
    with database.transaction() as session, pytest.raises(Invalid):
        begin_export(session, ALL, layout="full_v1", format="csv", wanted=RecordFilter(), purpose="Test", after=3)


NEVER = {Purpose.QUIZZES, Purpose.LEVELS, Purpose.TALKS, Purpose.TASKS}
# What is open for HR all the same: scores, and when and in which role a task was confirmed.
OPEN = {
    "lms_attempts": {"id", "enrolment_id", "number"},
    "lms_attempt_questions": {"attempt_id", "question_id"},
    "lms_attempt_results": {"id", "attempt_id", "percent", "cause"},
    "lms_hand_ins": {"id", "completion_id"},
    "lms_review_requests": {"id", "hand_in_id"},
    "lms_review_decisions": {"id", "request_id", "decided_at"},
    "lms_confirmation_withdrawals": {"id", "decision_id", "withdrawn_at"},
    "lms_development_plans": {"id", "person_id", "holder_id"},
    "lms_objectives": {"id", "plan_id", "removed_at"},
    "lms_plan_items": {"objective_id", "course_id", "removed_at"},
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_what_hr_must_not_have_cannot_be_in_a_layout(layout) -> None:
    """By the privacy manifest: no column of answers, ratings, tasks or plans is read, and no words of people."""
    closed = {name for name, kept in PERSONAL.items() if kept.purpose in NEVER | {Purpose.PLANS}}
    read_columns = {
        (column.table.name, column.name)
        for column in visitors.iterate(layout.build(Run(world.TODAY, None, "en", ""), (), (), lambda c: list(c)))
        if getattr(column, "table", None) is not None and column.table in Base.metadata.tables.values()
    }
    assert read_columns
    assert "lms_answer_values" in closed
    for table, column in read_columns:
        assert table != "lms_fact_texts"
        assert table not in closed or column in OPEN.get(table, set()), f"{layout.name} reads {table}.{column}"
