"""Rules that ask courses of whoever they mean: versions that follow each other, and who let one come into force."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, String, UniqueConstraint, and_, func, or_, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from lms.models.base import Base, Keyed


class RuleVersion(Keyed, Base):
    """One version of a rule. A fact: a new version follows the old, and the newest that needs nobody's word is in
    force."""

    __tablename__ = "lms_rule_versions"
    __table_args__ = (UniqueConstraint("rule", "number"),)

    rule: Mapped[str] = mapped_column(String(32))  # the name that all versions share
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    unit_id: Mapped[int] = mapped_column(ForeignKey("lms_units.id"), index=True)  # it and all below
    conditions: Mapped[dict[str, Any]] = mapped_column(JSON)  # rules.audiences.as_json
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)  # rules.assigning.terms_as_json
    path: Mapped[str] = mapped_column(String(60), default="")  # the path of the catalogue that its courses were
    is_end: Mapped[bool] = mapped_column(default=False)  # from now on it means nobody
    gain: Mapped[int]  # how many people it was to reach anew, and no longer, when it was written
    lose: Mapped[int]
    needs_second: Mapped[bool]  # it waits for a decision of somebody else
    written_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    written_at: Mapped[datetime]


class RuleDecision(Base):
    """A second person let a version come into force, or did not. A fact."""

    __tablename__ = "lms_rule_decisions"

    version_id: Mapped[int] = mapped_column(ForeignKey("lms_rule_versions.id"), primary_key=True)
    approved: Mapped[bool]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    decided_at: Mapped[datetime]


def is_effective(version: Any) -> ColumnElement[bool]:
    """Whether a version needed nobody's word, or has it."""
    decision = aliased(RuleDecision)
    approved = select(decision.version_id).where(decision.version_id == version.id, decision.approved.is_(True))
    return or_(version.needs_second.is_(False), approved.correlate(version).exists())


def is_in_force(version: Any) -> ColumnElement[bool]:
    """Whether a version is the newest of its rule that is effective."""
    later = aliased(RuleVersion)
    newest = select(func.max(later.number)).where(later.rule == version.rule, is_effective(later))
    return and_(is_effective(version), version.number == newest.correlate(version).scalar_subquery())
