"""People, how they sign in, where they work, to whom they report, which roles they were granted."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Identity,
    Index,
    String,
    UniqueConstraint,
    and_,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed, where
from lms.rules.people import email_key

KINDS = ("staff", "partner_staff", "associate")


class Person(Keyed, Base):
    """A human being with a learning record; not an account, and not a member of one organisation for ever."""

    __tablename__ = "lms_people"
    __table_args__ = (CheckConstraint(f"kind IN {KINDS}", name="kind"),)

    kind: Mapped[str] = mapped_column(String(20), index=True)
    given_name: Mapped[str] = mapped_column(String(200), default="")
    family_name: Mapped[str] = mapped_column(String(200), default="")
    display_name: Mapped[str] = mapped_column(String(400), index=True)
    work_email: Mapped[str | None] = mapped_column(String(320))
    # The e-mail in lower case and NFKC: two spellings of one address are one person.
    email_key: Mapped[str | None] = mapped_column(String(320), unique=True)
    employee_number: Mapped[str | None] = mapped_column(String(100), unique=True)
    external_ref: Mapped[str | None] = mapped_column(String(100), unique=True)
    language: Mapped[str] = mapped_column(String(20), default="en")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(index=True)
    # A cache of the unions: who holds what is known of this person; empty: they do. See models.unions.
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"), index=True)

    @classmethod
    def is_record_of(cls, person: Any) -> ColumnElement[bool]:
        """Whether it is somebody's own record, or one united with it; so said that either is found by its index."""
        return or_(cls.id == person, cls.holder_id == person)

    @classmethod
    def is_named_by(cls, key: str) -> ColumnElement[bool]:
        """Whether it is who has this employee number, reference or e-mail."""
        return or_(cls.employee_number == key, cls.external_ref == key, cls.email_key == email_key(key))


class SignInIdentity(Base):
    """One way in which a person signs in: a subject that a provider vouches for."""

    __tablename__ = "lms_sign_in_identities"
    __table_args__ = (UniqueConstraint("provider", "subject"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), index=True)
    provider: Mapped[str] = mapped_column(String(50))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[datetime]


class Post(Base):
    """A person's work in a unit (for partner staff: the unit that their organisation works with), with dates."""

    __tablename__ = "lms_posts"
    __table_args__ = (Index("uq_lms_posts_latest", "person_id", unique=True, **where("is_latest")),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("lms_units.id"), index=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("lms_partner_organisations.id"), index=True)
    department: Mapped[str] = mapped_column(String(200), default="")
    function: Mapped[str] = mapped_column(String(60), default="")
    role_profile: Mapped[str] = mapped_column(String(60), default="")
    job_title: Mapped[str] = mapped_column(String(200), default="")
    grade: Mapped[str] = mapped_column(String(40), default="")
    employment_status: Mapped[str] = mapped_column(String(40), default="")
    employment_type: Mapped[str] = mapped_column(String(40), default="")
    started_on: Mapped[date]
    ended_on: Mapped[date | None]  # the first day on which the post is no longer held
    # A cache for joins: the post held now, or the last one of a leaver.
    is_latest: Mapped[bool]


class ReportingLine(Base):
    """Who was whose line manager (for partner staff: named reviewer), from when to when."""

    __tablename__ = "lms_reporting_lines"
    __table_args__ = (
        CheckConstraint("person_id <> manager_id", name="not_own_manager"),
        Index(
            "uq_lms_reporting_lines_open",
            "person_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), index=True)
    manager_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), index=True)
    started_on: Mapped[date]
    ended_on: Mapped[date | None]

    @classmethod
    def held_on(cls, day: Any) -> ColumnElement[bool]:
        """A condition: the line holds on the day (a date, or a parameter for one)."""
        return and_(cls.started_on <= day, or_(cls.ended_on.is_(None), cls.ended_on > day))


class RoleGrant(Base):
    """A role given to a person, for a unit and below, for a course, or everywhere; taken back by an end."""

    __tablename__ = "lms_role_grants"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), index=True)
    role: Mapped[str] = mapped_column(String(30))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("lms_units.id"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("lms_courses.id"))
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
