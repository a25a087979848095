"""`full_v1`: the columns, and what stands in them."""

from datetime import timedelta

from sqlalchemy import update

from lms.exports import LAYOUTS
from lms.models import CourseText, OrgUnit, PartnerOrganisation, Person, Post
from lms.permissions import operator
from tests import world
from tests.exports.rows import VERIFY_AT, export, rows
from tests.services import steps

# domain/hr-export.md, in its order: nothing may be moved, renamed or left out.
COLUMNS = [
    "record_id", "record_action", "person_ref", "employee_number", "external_person_ref", "person_type",
    "given_name", "family_name", "display_name", "work_email", "org_unit_code", "org_unit_name", "org_unit_tags",
    "region_code", "country_iso2", "partner_org_code", "partner_org_name", "department", "function", "job_title",
    "grade", "manager_ref", "manager_name", "manager_email", "employment_status", "employment_type", "course_code",
    "course_title", "course_version", "version_date", "item_type", "delivery_mode", "language", "mandatory",
    "assignment_reason", "assigned_on", "due_on", "started_on", "completed_on", "application_due_on",
    "certified_on", "status", "score_percent", "pass_mark", "result", "attempts", "learning_hours", "cpd_points",
    "credit_hours", "certificate_number", "certificate_url", "valid_from", "expires_on", "renewal_months",
    "renewal_state", "session_ref", "facilitator", "confirmed_by_role", "competency_codes", "idp_linked",
    "waived_by_role", "waiver_reason", "external_provider", "comment", "last_changed_at",
]  # fmt: skip

# All texts that people or HR write.
TEXTS = {
    Person: ("given_name", "family_name", "display_name", "work_email", "employee_number", "external_ref"),
    Post: ("department", "job_title", "grade", "employment_status", "employment_type"),
    OrgUnit: ("code", "name", "tags", "region_code"),
    PartnerOrganisation: ("code", "name"),
}
TEXT_COLUMNS = [
    "employee_number", "external_person_ref", "given_name", "family_name", "display_name", "work_email",
    "org_unit_code", "org_unit_name", "org_unit_tags", "region_code", "partner_org_code", "partner_org_name",
    "department", "job_title", "grade", "manager_name", "manager_email", "employment_status", "employment_type",
]  # fmt: skip
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", " =", "\t=", "\r\n+")
ALL = operator(world.NOW)


def write_everywhere(database, text: str) -> None:
    """Rosa, her manager, her post, unit and partner: each text is the given one, with a number where it is unique."""
    with database.transaction() as session:
        for model, columns in TEXTS.items():
            for row in session.query(model).order_by(model.id):
                for column in columns:
                    setattr(row, column, f"{text}{row.id}")


def test_the_columns_are_those_of_the_layout(database) -> None:
    assert len(COLUMNS) == 65
    assert list(LAYOUTS["full_v1"].names) == COLUMNS
    assert export(database, ALL)[1] == (",".join(COLUMNS) + "\r\n").encode(), "an empty export is its header"


def test_a_completed_record(database, who) -> None:
    steps.assign(database, who("kofi"), "amina", due_on=world.DUE, mandatory=True)
    steps.plan_course(database, who("amina"))
    steps.take(database, who("amina"))
    (row,) = rows(database, ALL)
    known = {
        "record_action": "A", "employee_number": "0003", "external_person_ref": "", "person_type": "staff",
        "display_name": "Amina Diallo", "org_unit_code": "KE", "org_unit_name": "Country office east",
        "org_unit_tags": "country_office", "region_code": "EAST", "country_iso2": "KE", "function": "grants",
        "job_title": "Officer", "manager_name": "Kofi Mensah", "manager_email": "kofi@lantern.example",
        "course_code": "M01", "course_title": "Why we partner", "course_version": "2", "version_date": "2026-11-23",
        "item_type": "module", "delivery_mode": "online", "language": "en", "mandatory": "Y",
        "assignment_reason": "assigned", "assigned_on": "2026-11-23", "due_on": "2026-12-31",
        "started_on": "2026-11-23", "completed_on": "2026-11-23", "application_due_on": "2026-12-21",
        "status": "completed", "score_percent": "100", "pass_mark": "70", "result": "pass", "attempts": "1",
        "learning_hours": "0.33", "valid_from": "2026-11-23", "expires_on": "", "renewal_months": "",
        "renewal_state": "none", "competency_codes": "PC1:1", "idp_linked": "Y",
        "last_changed_at": "2026-11-23T09:00:00+00:00",
    }  # fmt: skip
    assert {name: row[name] for name in known} == known


def test_the_certificate_is_that_of_the_completion_that_the_record_rests_on(database, who) -> None:
    """None before a completion, none after its withdrawal, the second after it was taken again."""
    steps.assign(database, who("ingrid"), "rosa")
    steps.take(database, who("amina"))
    steps.take(database, who("wei"))
    steps.withdraw(database, steps.later(who("ingrid"), days=1), "wei")
    steps.take(database, who("jose"))
    steps.withdraw(database, steps.later(who("ingrid"), days=1), "jose")
    steps.take(database, steps.later(who("jose"), days=2))
    with database.read() as session:
        numbers = {name: [c.certificate_number for c in steps.completions(session, name)] for name in ("amina", "jose")}
    found = {row["given_name"]: (row["certificate_number"], row["certificate_url"]) for row in rows(database, ALL)}
    amina, jose = numbers["amina"][0], numbers["jose"][1]
    assert found == {
        "Amina": (amina, VERIFY_AT + amina), "José": (jose, VERIFY_AT + jose), "Li": ("", ""), "Rosa": ("", ""),
    }  # fmt: skip


def test_each_period_has_its_own_certificate(database, who) -> None:
    for slug in ("basics", "other"):
        steps.take(database, who("amina"), slug)
    steps.take(database, steps.later(who("amina"), days=1200), "other")
    found = [row["certificate_number"] for row in rows(database, ALL, course="M02")]
    with database.read() as session:
        assert found == [c.certificate_number for c in steps.completions(session, "amina", "other")]
        assert len(set(found)) == 2


def test_unknown_is_empty_and_no_is_n(database, who) -> None:
    steps.assign(database, who("ingrid"), "rosa")
    (row,) = rows(database, ALL)
    assert (row["mandatory"], row["idp_linked"]) == ("N", "N")
    assert (row["external_person_ref"], row["employee_number"], row["partner_org_name"]) == (
        "P-1",
        "",
        "Rio Claro network",
    )
    for name in ("due_on", "started_on", "completed_on", "score_percent", "learning_hours", "expires_on", "comment"):
        assert row[name] == "", name
    assert (row["result"], row["attempts"], row["status"]) == ("not_assessed", "0", "assigned")


def test_results(database, who) -> None:
    """A mark that was withdrawn is neither passed nor failed."""
    steps.take(database, who("amina"))
    steps.take(database, who("wei"), right=False)
    steps.take(database, who("jose"))
    steps.withdraw(database, who("ingrid"), "jose")
    found = {row["given_name"]: (row["status"], row["result"]) for row in rows(database, ALL)}
    assert found == {
        "Amina": ("completed", "pass"),
        "Li": ("in_progress", "fail"),
        "José": ("withdrawn", "not_assessed"),
    }


def test_renewal_runs_on(database, who) -> None:
    for slug in ("basics", "other"):
        steps.take(database, who("amina"), slug)
    states = {}
    for days in (0, 1036, 1095, 1096, 1200):
        at = operator(world.NOW + timedelta(days=days))
        row = next(row for row in rows(database, at) if row["course_code"] == "M02")
        states[days] = (row["status"], row["renewal_state"], row["expires_on"], row["renewal_months"])
    assert states == {
        0: ("completed", "current", "2029-11-23", "36"),
        1036: ("completed", "due_soon", "2029-11-23", "36"),
        1095: ("completed", "due_soon", "2029-11-23", "36"),
        1096: ("expired", "overdue", "2029-11-23", "36"),
        1200: ("expired", "overdue", "2029-11-23", "36"),
    }


def test_no_text_begins_like_a_formula(database, who) -> None:
    """Not even behind blanks; and none breaks the line."""
    steps.assign(database, who("ingrid"), "rosa")
    for trigger in TRIGGERS:
        write_everywhere(database, f"{trigger}1+1")
        (row,) = rows(database, ALL)
        for name in TEXT_COLUMNS:
            assert "1+1" in row[name], (trigger, name)
            assert row[name].lstrip()[0] not in "=+-@\uff1d\uff0b\uff0d\uff20", (trigger, name, row[name])
            assert not set(row[name]) & set("\t\r\n"), (trigger, name)


def test_other_texts_come_out_as_they_went_in(database, who) -> None:
    steps.assign(database, who("ingrid"), "rosa")
    for text in (
        "007,",
        'She said "no"',
        "a;b",
        "O'Neil",
        "Zoë 阮 محمد 👩🏽",
        "x=1",
        "e\u0301",
        "\u2028x",
        "\\.",
        "100%",
    ):
        write_everywhere(database, text)
        (row,) = rows(database, ALL)
        for name in TEXT_COLUMNS:
            assert row[name].startswith(text), (name, row[name])


def test_a_line_break_becomes_a_blank(database, who) -> None:
    steps.assign(database, who("ingrid"), "rosa")
    write_everywhere(database, "a\r\nb\nc\td")
    assert rows(database, ALL)[0]["job_title"].startswith("a  b c d")


def test_the_title_is_in_the_language_of_who_exports(database, who) -> None:
    steps.assign(database, who("ingrid"), "rosa")
    with database.transaction() as session:
        session.execute(update(Person).where(Person.email_key == "ingrid@lantern.example").values(language="fr"))
        assert session.query(CourseText).count() == 3
    assert rows(database, who("ingrid"))[0]["course_title"] == "Pourquoi"


def test_both_databases_write_the_same_bytes(database, who) -> None:
    """The expected lines are the same for both; only what is random is replaced."""
    steps.assign(database, who("kofi"), "amina", "wei", due_on=world.DUE, mandatory=True)
    steps.take(database, who("amina"))
    steps.begin(database, who("rosa"))
    body = export(database, ALL)[1].decode()
    for row in rows(database, ALL):
        for name in ("record_id", "person_ref", "manager_ref", "certificate_number"):
            body = body.replace(row[name], name) if row[name] else body
    assert body.split("\r\n")[1:] == EXPECTED


EXPECTED = [
    "record_id,A,person_ref,0003,,staff,Amina,Diallo,Amina Diallo,amina@lantern.example,KE,Country office east,"
    "country_office,EAST,KE,,,,grants,Officer,,manager_ref,Kofi Mensah,kofi@lantern.example,,,M01,Why we partner,2,"
    "2026-11-23,module,online,en,Y,assigned,2026-11-23,2026-12-31,2026-11-23,2026-11-23,2026-12-21,,completed,100,70,"
    "pass,1,0.33,,,certificate_number,https://learn.example/learn/verify/certificate_number,2026-11-23,,,none,,,,PC1:1,N,,,,,2026-11-23T09:00:00+00:00",
    "record_id,A,person_ref,0004,,staff,Li,Wei,Li Wei,wei@lantern.example,KE,Country office east,"
    "country_office,EAST,KE,,,,grants,Officer,,manager_ref,Kofi Mensah,kofi@lantern.example,,,M01,Why we partner,2,"
    "2026-11-23,module,online,,Y,assigned,2026-11-23,2026-12-31,,,,,assigned,,70,"
    "not_assessed,0,,,,,,,,,none,,,,PC1:1,N,,,,,2026-11-23T09:00:00+00:00",
    "record_id,A,person_ref,,P-1,partner_staff,Rosa,Quispe,Rosa Quispe,rosa@rioclaro.example,PE,Country office west,"
    "country_office,,PE,RC,Rio Claro network,,,Coordinator,,manager_ref,Tupac Flores,tupac@rioclaro.example,,,M01,"
    "Why we partner,2,2026-11-23,module,online,,N,own_choice,2026-11-23,,2026-11-23,,,,in_progress,,70,"
    "not_assessed,1,,,,,,,,,none,,,,PC1:1,N,,,,,2026-11-23T09:00:00+00:00",
    "",
]
