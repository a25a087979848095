"""What a plan could be about: gaps to the role's targets, and quizzes whose last result shows what to read again."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Executable, and_, func, select
from sqlalchemy.orm import Session, aliased

from lms.models import CURRENT_RESULT, CURRENT_VERSION, Attempt, AttemptResult, Course, CourseVersion, Enrolment
from lms.permissions import Actor, require
from lms.services.courses import join_texts, localised
from lms.services.levels import get_levels
from lms.services.scope import ME, own, rows
from lms.services.standings import latest_period


@dataclass(frozen=True)
class Gap:
    """A competency below the role's target, and what somebody of the next level can be seen to do."""

    code: str
    name: str
    level: int
    target: int
    indicators: list[str]


@dataclass(frozen=True)
class Ideas:
    """Gaps, the widest first; and the last attempts that were not right in full (ref, slug, title, percent)."""

    gaps: list[Gap]
    quizzes: list[Any]


def get_ideas(session: Session, actor: Actor) -> Ideas:
    """What the actor's own plan could be about; four queries."""
    require(actor, "plans.write")
    gaps = [
        Gap(
            one.competency["code"], one.competency["name"], one.explanation.level, one.target.level,
            list(one.competency["levels"].get(str(one.explanation.level + 1), [])),
        )
        for one in get_levels(session, actor).levels
        if one.target.level is not None and one.explanation.level < one.target.level
    ]  # fmt: skip
    quizzes = list(rows(session, _last_attempts(), own(actor)))
    return Ideas(sorted(gaps, key=lambda gap: (gap.level - gap.target, gap.code)), quizzes)


@cache
def _last_attempts() -> Executable:
    preferred, source = localised()
    later = aliased(Attempt)
    last = (
        select(func.max(later.number)).where(later.enrolment_id == Enrolment.id, ~later.is_open)
        .correlate(Enrolment).scalar_subquery()
    )  # fmt: skip
    query = (
        select(Attempt.ref, Course.slug, func.coalesce(preferred.title, source.title).label("title"))
        .add_columns(AttemptResult.percent)
        .select_from(Attempt)
        .join(Enrolment, and_(Enrolment.id == Attempt.enrolment_id, Enrolment.person_id == ME, latest_period()))
        .join(AttemptResult, CURRENT_RESULT)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CURRENT_VERSION)
        .where(Attempt.number == last, AttemptResult.percent < 100)
        .order_by(AttemptResult.percent, Course.code)
    )
    return join_texts(query, preferred, source)
