"""Assignments, and enrolments: one person, one course, one period."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Held, Keyed


class Assignment(Keyed, Base):
    """A course asked of one person or of everybody in a unit and below. A fact: never updated."""

    __tablename__ = "lms_assignments"
    __table_args__ = (CheckConstraint("(unit_id IS NULL) <> (person_id IS NULL)", name="one_target"),)

    course_id: Mapped[int] = mapped_column(ForeignKey("lms_courses.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("lms_units.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"), index=True)
    due_on: Mapped[date | None]
    mandatory: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(30))
    assigned_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"), index=True)
    assigned_at: Mapped[datetime]
    grace_days: Mapped[int] = mapped_column(default=0)  # after the due date, until it is overdue
    # The version of a rule that meant the person, and the import of HR's file after which it did.
    rule_version_id: Mapped[int | None] = mapped_column(ForeignKey("lms_rule_versions.id"), index=True)
    import_run_id: Mapped[int | None] = mapped_column(ForeignKey("lms_import_runs.id"))


class AssignmentWithdrawal(Base):
    """An assignment taken back. A fact."""

    __tablename__ = "lms_assignment_withdrawals"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("lms_assignments.id"), primary_key=True)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    withdrawn_at: Mapped[datetime]
    cause: Mapped[str] = mapped_column(String(20), default="")  # why a rule took it back; empty: somebody did


class Enrolment(Held, Keyed, Base):
    """A person in a course for one period; renewal opens the next period beside it."""

    __tablename__ = "lms_enrolments"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "period"),
        Index("ix_lms_enrolments_holder_id_course_id_period", "holder_id", "course_id", "period"),
    )

    course_id: Mapped[int] = mapped_column(ForeignKey("lms_courses.id"), index=True)
    period: Mapped[int] = mapped_column(default=1)
    enrolled_at: Mapped[datetime]
    own_choice: Mapped[bool]


class EnrolmentAssignment(Base):
    """Which assignments ask for an enrolment, and until when of this person. A fact."""

    __tablename__ = "lms_enrolment_assignments"
    # Both, so that who is asked is counted in the index alone: a unit's assignment asks thousands.
    __table_args__ = (Index("ix_lms_enrolment_assignments_assignment", "assignment_id", "enrolment_id"),)

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("lms_enrolments.id"), primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("lms_assignments.id"), primary_key=True)
    assigned_at: Mapped[datetime]
    due_on: Mapped[date | None]


class Waiver(Keyed, Base):
    """HR declared that a course need not be taken in a period, with a reason (FactText). A fact."""

    __tablename__ = "lms_waivers"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("lms_enrolments.id"), index=True)
    waived_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    waived_at: Mapped[datetime]
    reason_hash: Mapped[str] = mapped_column(String(64))


class WaiverWithdrawal(Keyed, Base):
    """A waiver taken back, with a reason (FactText). A fact."""

    __tablename__ = "lms_waiver_withdrawals"

    waiver_id: Mapped[int] = mapped_column(ForeignKey("lms_waivers.id"), unique=True)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    withdrawn_at: Mapped[datetime]
    reason_hash: Mapped[str] = mapped_column(String(64))


class EnrolmentStart(Base):
    """The learner opened the course to work on it. A fact."""

    __tablename__ = "lms_enrolment_starts"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("lms_enrolments.id"), primary_key=True)
    started_at: Mapped[datetime]


class SectionReading(Base):
    """A section that the learner marked as read. A fact."""

    __tablename__ = "lms_section_readings"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("lms_enrolments.id"))
    section_key: Mapped[str] = mapped_column(String(80))
    read_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("enrolment_id", "section_key"),)
