"""The focus of a cycle: suggested from the gaps to the role's targets, chosen by the person."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from lms.errors import N_, Invalid
from lms.models import FocusChoice
from lms.permissions import Actor, require
from lms.rules.focus import FEWEST, MOST, Gap, suggest
from lms.services.assessments import begin_assessment
from lms.services.framework import current_framework
from lms.services.levels import LevelsPage
from lms.services.writing import audit


def suggest_focus(page: LevelsPage) -> list[str]:
    """The codes that the gaps of somebody's levels suggest, the most useful first."""
    return suggest([Gap(one.competency["code"], one.explanation.level, one.target.level or 0) for one in page.levels])


def choose_focus(session: Session, actor: Actor, *, cycle_start: str, competencies: Sequence[str]) -> list[str]:
    """Say on which competencies of the framework the actor works in this cycle; returns them in its order."""
    require(actor, "assessments.write")
    framework = current_framework(session)
    chosen = [one["code"] for one in framework["competencies"] if one["code"] in competencies]
    if len(chosen) != len(set(competencies)):
        raise Invalid(N_("Your focus was not kept."), {"competencies": N_("Choose from what is offered.")})
    assessment = begin_assessment(session, actor, person_id=actor.person_id, cycle_start=cycle_start)
    session.add(FocusChoice(assessment_id=assessment.id, competencies=chosen, chosen_at=actor.at))
    audit(session, actor, "assessments.choose_focus", "assessment", assessment.ref)
    return chosen


__all__ = ["FEWEST", "MOST", "choose_focus", "suggest_focus"]
