"""Why somebody has a level, for the command line and for programs."""

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from lms.errors import N_, Invalid, NotFound
from lms.models import Person, ReferenceVersion
from lms.permissions import Actor, Grant, Role, require
from lms.rules.people import email_key
from lms.services.levels import CompetencyLevel, get_level


@dataclass(frozen=True)
class Explained:
    """Somebody's level in one competency on a day, by what is known now."""

    name: str
    on: date
    level: CompetencyLevel
    level_name: str  # "" below the first
    role: str  # the name of the profile of the post; "" where there is none
    framework_version: int | None


def explain_level(session: Session, actor: Actor, *, person: str, code: str, on: date) -> Explained:
    """The level of a person by employee number or e-mail; Invalid names what is not known."""
    require(actor, "levels.explain")
    wanted = or_(Person.employee_number == person, Person.email_key == email_key(person))
    found = session.execute(select(Person.id, Person.display_name, Person.kind, Person.language).where(wanted)).first()
    if found is None:
        raise _unknown("PERSON", N_("Nobody has this employee number or e-mail."))
    at = datetime.combine(on, time.max, UTC)
    them = Actor(found.id, at, (Grant(Role.LEARNER),), found.kind, found.display_name, found.language)
    try:
        return _explain(session, them, code)
    except NotFound:
        raise _unknown("COMPETENCY", N_("The framework has no competency of this code.")) from None


def explain_own_level(session: Session, actor: Actor, *, code: str) -> Explained:
    """The actor's own level today; NotFound for a code that the framework does not have."""
    return _explain(session, actor, code)


def _explain(session: Session, actor: Actor, code: str) -> Explained:
    page, level = get_level(session, actor, code=code)
    reached = level.explanation.level
    name = page.framework["levels"][reached - 1]["name"] if reached else ""
    role = page.targets.role["name"] if page.targets.role else ""
    newest = select(func.max(ReferenceVersion.number)).where(ReferenceVersion.kind == "framework")
    return Explained(actor.name, actor.today, level, name, role, session.scalar(newest))


def _unknown(argument: str, why: str) -> Invalid:
    return Invalid(N_("There is nothing to explain."), {argument: why})


def as_data(found: Explained) -> dict[str, Any]:
    """An explanation for programs: dates as text, codes instead of words."""
    explanation, sources = found.level.explanation, found.level.sources
    return {
        "person": found.name,
        "competency": found.level.competency["code"],
        "on": found.on.isoformat(),
        "level": explanation.level,
        "target": found.level.target.level,
        "target_from": _origin(found.level.target, found.role),
        "framework_version": found.framework_version,
        "evidence": [
            {
                "ref": judged.proof.ref, "kind": judged.proof.kind.value, "verdict": judged.verdict.value,
                "effective_on": judged.proof.effective_on.isoformat(), "expires_on": _day(judged.proof.expires_on),
                "withdrawn_on": _day(judged.proof.withdrawn_on), "situation": judged.proof.situation,
                "partner_voice": judged.proof.partner_voice, "beyond_own_team": judged.proof.beyond_own_team,
                "freshness": judged.freshness.value, "towards": judged.towards,
                "course": sources[judged.proof.ref].code, "version": sources[judged.proof.ref].version,
                "source": sources[judged.proof.ref].source_ref, "confirmed_as": sources[judged.proof.ref].confirmed_as,
                "recorded_at": sources[judged.proof.ref].recorded_at.isoformat(),
            }
            for judged in explanation.judged
        ],
        "missing_for_next_level": [asdict(missing) for missing in explanation.missing],
        "lapses_on": _day(explanation.lapses_on),
    }  # fmt: skip


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _origin(target: Any, role: str) -> dict[str, Any]:
    """Where a target comes from; `profile_level` is what the role profile names."""
    setting = target.setting
    told = {"source": target.source.value, "profile": role, "profile_level": target.profile}
    return told | (
        {"set_by": setting.by, "set_on": setting.on.isoformat(), "reason": setting.reason} if setting else {}
    )
