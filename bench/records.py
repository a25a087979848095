"""Generated learning records in bulk, for measurements: N people, each with one standing."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select

from lms import migrations
from lms.content import load_library
from lms.db import Database
from lms.models import Course, CourseVersion, Enrolment, OrgUnit, Person, Post, ReportingLine, Standing, new_ref
from lms.permissions import operator
from lms.services.publishing import publish_library

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SLICE = 5000


def fill(database: Database, people: int) -> None:
    """Migrate, publish the real courses and write `people` records."""
    migrations.upgrade(database)
    with database.transaction() as session:
        publish_library(session, operator(NOW), library=load_library(Path("courses")))
        units = [
            OrgUnit(code=f"U{n:03}", name=f"Country office {n}", path=f"/{n}/", country="KE", tags="country_office")
            for n in range(1, 101)
        ]
        session.add_all(units)
        session.flush()
        course, version = session.execute(
            select(Course.id, CourseVersion.id).join(CourseVersion, CourseVersion.course_id == Course.id)
        ).first() or (0, 0)
    for start in range(1, people + 1, SLICE):
        numbers = range(start, min(start + SLICE, people + 1))
        with database.transaction() as session:
            for model, row in ((Person, _person), (Post, _post), (ReportingLine, _line), (Enrolment, _enrolment)):
                rows = [row(number, course) for number in numbers if model is not ReportingLine or number > 1]
                session.execute(insert(model), rows)
            session.execute(insert(Standing), [_standing(number, version) for number in numbers])


def _person(number: int, _course: int) -> dict[str, object]:
    email = f"person{number}@lanternbridge.example"
    return {
        "id": number, "ref": new_ref(), "kind": "staff", "given_name": "Åsa-María", "family_name": f"Okafor {number}",
        "display_name": f"Åsa-María Okafor {number}", "work_email": email, "email_key": email, "language": "en",
        "employee_number": f"{number:07}", "created_at": NOW, "changed_at": NOW,
    }  # fmt: skip


def _post(number: int, _course: int) -> dict[str, object]:
    return {
        "person_id": number, "unit_id": number % 100 + 1, "department": "Finance, \"grants\"", "function": "finance",
        "job_title": "Officer", "grade": "C2", "role_profile": "", "employment_status": "active",
        "employment_type": "fixed term", "started_on": date(2024, 1, 1), "is_latest": True,
    }  # fmt: skip


def _line(number: int, _course: int) -> dict[str, object]:
    return {"person_id": number, "manager_id": max(1, number // 10), "started_on": date(2024, 1, 1)}


def _enrolment(number: int, course: int) -> dict[str, object]:
    return {
        "id": number, "ref": new_ref(), "person_id": number, "course_id": course, "period": 1,
        "enrolled_at": NOW - timedelta(days=90), "own_choice": False,
    }  # fmt: skip


def _standing(number: int, version: int) -> dict[str, object]:
    done = number % 3 != 0
    day = date(2026, 9, 1) + timedelta(days=number % 60)
    return {
        "enrolment_id": number, "assigned_on": date(2026, 8, 25), "reason": "assigned", "mandatory": True,
        "due_on": date(2026, 12, 1), "started_on": day, "completed_on": day if done else None,
        "application_due_on": day + timedelta(days=28) if done else None,
        "expires_on": date(2029, 9, 1) if done else None, "version_id": version if done else None,
        "language": "en" if done else "", "score_percent": 70 + number % 31, "attempts": 1, "changed_at": NOW,
    }  # fmt: skip
