"""An organisation of a given size in a database, and signed-in people of it."""

import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, session
from flask_login import login_user
from sqlalchemy import and_, exists, func, select
from werkzeug.wrappers import Response

from bench.courses import multiply
from bench.load import AGENT
from host import accounts
from lms import migrations
from lms.content import load_library
from lms.db import Database
from lms.demonstration import make_demonstration
from lms.models import (
    CURRENT_VERSION,
    Course,
    CourseVersion,
    DevelopmentPlan,
    Enrolment,
    Person,
    Post,
    ReportingLine,
    Section,
    SectionReading,
    Standing,
)
from lms.permissions import Actor, operator
from lms.services.actors import find_actor
from lms.services.attempts import start_attempt
from lms.services.enrolments import reading_row, start_course
from lms.services.publishing import publish_library
from lms.services.writing import insert_missing

COURSES = 14  # as many as the catalogue plans
USUAL_COURSES = 4
SECRET = "not-a-secret: this server lives for a minute on one machine"


@dataclass(frozen=True)
class Organisation:
    """The application over a filled database."""

    app: Flask
    database: Database
    seconds: float  # that the demonstration took
    rows: dict[str, int]


def environment(url: str) -> dict[str, str]:
    """The settings under which both this process and the web server see the database."""
    return {"LMS_DATABASE_URL": url, "LMS_SECRET_KEY": SECRET}


def found(url: str, people: int) -> Organisation:
    """Migrate, publish fourteen courses and fill the demonstration."""
    os.environ.update(environment(url))
    from app import create_app  # here: it reads the settings

    app = create_app()
    accounts.prepare(app)
    database: Database = app.extensions["lms"].database
    migrations.upgrade(database)
    with tempfile.TemporaryDirectory() as folder:
        library = load_library(multiply(Path(folder, "courses"), COURSES))
    who = operator(datetime.now(UTC))
    with database.transaction() as writing:
        publish_library(writing, who, library=library)
    begun = datetime.now(UTC)
    make_demonstration(database, who, people=people)
    took = (datetime.now(UTC) - begun).total_seconds()
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    return Organisation(app, database, took, _rows(database))


def _rows(database: Database) -> dict[str, int]:
    from lms.models import AnswerEvent, Attempt

    with database.read() as reading:
        models = (Person, Enrolment, Attempt, AnswerEvent)
        return {m.__tablename__: reading.scalar(select(func.count()).select_from(m)) or 0 for m in models}


def cookie(app: Flask, email: str) -> str:
    """The cookie of somebody who signed in: made as the host makes it, without the 0.2 s of a password."""
    user = accounts.create_with_password(app, email, email, "not used: nobody types it")
    with app.test_request_context(headers={"User-Agent": AGENT}, environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        login_user(user)
        response = Response()
        app.session_interface.save_session(app, session, response)  # type: ignore[arg-type]
    return response.headers["Set-Cookie"].partition(";")[0]


def actor(organisation: Organisation, email: str) -> Actor:
    """The person as the services know them, now."""
    with organisation.database.read() as reading:
        who = find_actor(reading, provider="bench", subject=email, email=email, at=datetime.now(UTC))
    assert who is not None, email
    return who


def learners(organisation: Organisation, wanted: int) -> list[str]:
    """Addresses of staff who lead nobody: first those with a plan and about four courses, alike at every size."""
    leads = select(ReportingLine.manager_id)
    plans = exists().where(DevelopmentPlan.person_id == Person.id)
    query = (
        select(Person.work_email)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Post, and_(Post.person_id == Person.id, Post.is_latest, Post.ended_on.is_(None)))
        .where(Person.kind == "staff", Person.id.not_in(leads))
        .group_by(Person.id, Person.work_email)
        .order_by(plans.desc(), func.abs(func.count() - USUAL_COURSES), Person.id)
        .limit(wanted)
    )
    with organisation.database.read() as reading:
        return [email for email in reading.scalars(query) if email]


def ready_courses(organisation: Organisation, email: str, most: int | None = None) -> list[str]:
    """Slugs of courses in which the person's quiz is open and untried; begun and read as the services do it."""
    who = actor(organisation, email)
    done = select(Enrolment.course_id).join(Standing).where(Enrolment.person_id == who.person_id)
    tried = done.where(
        (Standing.attempts > 0) | Standing.completed_on.is_not(None) | Standing.withdrawn_on.is_not(None)
    )
    query = select(Course.slug, CourseVersion.id).join(CourseVersion, CURRENT_VERSION).where(Course.id.not_in(tried))
    with organisation.database.transaction() as writing:
        found = writing.execute(query.limit(most)).all()
        for slug, version in found:
            enrolment = start_course(writing, who, slug=slug)
            keys = writing.scalars(select(Section.key).distinct().where(Section.version_id == version)).all()
            insert_missing(writing, SectionReading, [reading_row(who, enrolment.id, key) for key in keys])
    return [slug for slug, _ in found]


def open_attempt(organisation: Organisation, email: str, slug: str) -> str:
    """The reference of an open attempt."""
    with organisation.database.transaction() as writing:
        return start_attempt(writing, actor(organisation, email), slug=slug).ref
