"""Evidence of competency: appended; withdrawn only by what it rests on or by a later fact. And the stored levels."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Held, Keyed


class Evidence(Held, Keyed, Base):
    """One piece of evidence for one competency. `kind` is one of rules.needs.Kind.

    `source_ref` names the fact that it rests on: a completion, a confirmation, an entry, an agreement.
    """

    __tablename__ = "lms_evidence"
    __table_args__ = (
        UniqueConstraint("source_ref", "competency"),
        Index("ix_lms_evidence_person_id", "person_id"),
        Index("ix_lms_evidence_holder_id", "holder_id"),
    )

    competency: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    level_aimed_at: Mapped[int]
    source_ref: Mapped[str] = mapped_column(String(32))
    # Of a passed course alone: with the completion withdrawn, the evidence is.
    completion_id: Mapped[int | None] = mapped_column(ForeignKey("lms_completions.id"), index=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("lms_course_versions.id"))  # the course that it is about
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    confirmed_as: Mapped[str] = mapped_column(String(20))  # "quiz", or the role in which somebody confirmed it
    situation: Mapped[str] = mapped_column(String(80), default="")
    partner_voice: Mapped[bool] = mapped_column(default=False)
    beyond_own_team: Mapped[bool] = mapped_column(default=False)
    effective_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    expires_on: Mapped[date | None]  # the first day on which it no longer counts
    words_hash: Mapped[str] = mapped_column(String(64), default="")


class EvidenceWithdrawal(Keyed, Base):
    """A piece of evidence declared not to count, by whom and why."""

    __tablename__ = "lms_evidence_withdrawals"

    evidence_id: Mapped[int] = mapped_column(ForeignKey("lms_evidence.id"), unique=True)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    effective_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    reason_hash: Mapped[str] = mapped_column(String(64))


class EvidenceEntry(Held, Keyed, Base):
    """What somebody put forward as evidence: outside learning (by the learner, who then waits for a decision), an
    observation (by who was there) or an equivalency (by HR)."""

    __tablename__ = "lms_evidence_entries"
    __table_args__ = (
        CheckConstraint("kind IN ('outside', 'observation', 'equivalency')", name="kind"),
        Index("ix_lms_evidence_entries_person_id", "person_id"),
        Index("ix_lms_evidence_entries_holder_id", "holder_id"),
    )

    kind: Mapped[str] = mapped_column(String(20))
    competency: Mapped[str] = mapped_column(String(20))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("lms_course_versions.id"))  # what it is equal to
    indicators: Mapped[str] = mapped_column(String(200), default="")  # codes of what was seen, as 2a 2c 3b
    situation: Mapped[str] = mapped_column(String(80), default="")
    partner_voice: Mapped[bool] = mapped_column(default=False)
    beyond_own_team: Mapped[bool] = mapped_column(default=False)
    happened_on: Mapped[date]
    entered_by: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    recorded_at: Mapped[datetime]
    words_hash: Mapped[str] = mapped_column(String(64))


class EntryFile(Base):
    """The file of an entry: a certificate, a programme."""

    __tablename__ = "lms_entry_files"

    entry_id: Mapped[int] = mapped_column(ForeignKey("lms_evidence_entries.id"), primary_key=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("lms_uploads.id"), unique=True)


class EntryDecision(Keyed, Base):
    """Whether an entry that waited is accepted; the words say why not."""

    __tablename__ = "lms_entry_decisions"

    entry_id: Mapped[int] = mapped_column(ForeignKey("lms_evidence_entries.id"), unique=True)
    accepted: Mapped[bool]
    decided_by: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    decided_as: Mapped[str] = mapped_column(String(20))
    recorded_at: Mapped[datetime]
    reason_hash: Mapped[str] = mapped_column(String(64))


class StoredLevel(Base):
    """The level of a person in a competency, for lists: a cache that `flask lms rebuild` computes anew.

    It holds until `changes_on`; a daily job then looks again. Nobody's page of their own levels reads it.
    """

    __tablename__ = "lms_levels"

    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), primary_key=True)
    competency: Mapped[str] = mapped_column(String(20), primary_key=True, index=True)
    level: Mapped[int]
    changes_on: Mapped[date | None] = mapped_column(index=True)
    framework: Mapped[int]  # the version by whose rule it was computed; 0 where none is published


class LevelMove(Base):
    """A level of a person that a new version of the framework made another, as they were told. A fact.

    The codes are those before and after it; "" where the competency went.
    """

    __tablename__ = "lms_level_moves"
    __table_args__ = (UniqueConstraint("person_id", "framework", "before", "after"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    framework: Mapped[int]  # the version
    before: Mapped[str] = mapped_column(String(20))
    after: Mapped[str] = mapped_column(String(20))
    level_before: Mapped[int]
    level_after: Mapped[int]
    moved_at: Mapped[datetime]  # when the version came into force
