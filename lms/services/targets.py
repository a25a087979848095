"""Targets: what people aim at, set for one person beside the profile of their post; offers of a profile, taken or not.

Partner staff's targets belong to their organisation: nobody of another one sets them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Executable, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Conflict, Forbidden, Invalid, NotFound
from lms.models import FactText, Person, Post, TargetChoice, new_ref
from lms.models import Target as TargetRow
from lms.permissions import Actor, require
from lms.rules.frameworks import moves_of
from lms.rules.targets import Setting, Target, role_of, targets_of
from lms.services.framework import NO_FRAMEWORK, current_framework, current_references
from lms.services.scope import reaches_person, rows
from lms.services.writing import audit, keep_text

PARTNER_STAFF = "partner_staff"
LONGEST_REASON = 1000
NO_ROLES: dict[str, Any] = {"roles": []}


@dataclass(frozen=True)
class PersonTargets:
    """The profile of somebody's post, and their targets by competency."""

    role: dict[str, Any] | None
    taken: bool | None  # what they said to an offered profile; None: nothing yet
    targets: dict[str, Target]

    @property
    def is_offered(self) -> bool:
        """Whether the profile is an offer, which the person may take or not."""
        return bool(self.role and self.role["offered"])


NO_TARGETS = PersonTargets(None, None, {})


class Behind(NamedTuple):
    """What decides on the profile of somebody's post, and what they said to it."""

    person_id: int
    kind: str
    role_profile: str | None
    function: str | None
    taken: bool | None


def read_targets(
    session: Session, people: Sequence[int], references: Mapping[str, Mapping[str, Any]], on: date
) -> dict[int, PersonTargets]:
    """The targets of some people on a day, by their numbers; two queries. `references` hold framework and roles."""
    found = {row.person_id: row for row in read_posts(session, people)}
    settings = read_settings(session, people, on)
    return {
        number: person_targets(
            behind, settings[number], references.get("framework", {}), references.get("roles", NO_ROLES)
        )
        for number, behind in found.items()
    }


def person_targets(
    behind: Behind, settings: Sequence[Setting], framework: Mapping[str, Any], roles: Mapping[str, Any]
) -> PersonTargets:
    """The targets of one person under a framework and roles."""
    role = role_of(behind.kind, behind.role_profile, behind.function, roles)
    return PersonTargets(role, behind.taken, targets_of(role, behind.taken, settings, moves_of(framework)))


def read_posts(session: Session, people: Sequence[int]) -> list[Behind]:
    """What decides on some people's profiles; one query."""
    return [Behind(*row) for row in rows(session, _posts(), {"people": people})]


def behind_columns() -> list[Any]:
    """What `Behind` holds, as columns of a query of `Person` and the latest `Post`."""
    # What was said to one profile is no answer to that of a later post.
    of = and_(TargetChoice.person_id == Person.id, TargetChoice.chosen_at >= Post.started_on)
    last = select(TargetChoice.accepted).where(of).order_by(TargetChoice.id.desc()).limit(1).scalar_subquery()
    return [Person.id, Person.kind, Post.role_profile, Post.function, last]


@cache
def _posts() -> Executable:
    return (
        select(*behind_columns())
        .outerjoin(Post, and_(Post.person_id == Person.id, Post.is_latest))
        .where(Person.id.in_(bindparam("people", expanding=True)))
    )


def read_settings(session: Session, people: Sequence[int], on: date) -> dict[int, list[Setting]]:
    """What was set for some people until a day, in its order; one query.

    For partner staff only what their present organisation set: what was set in another one, or while they were staff,
    ended with that.
    """
    found: dict[int, list[Setting]] = defaultdict(list)
    for row in rows(session, _settings(), {"people": people}):
        imposed = row.kind == PARTNER_STAFF and not row.by_their_own
        if row.set_at.date() <= on and not imposed:
            setting = Setting(row.competency, row.level, row.display_name, row.set_at.date(), row.text or "")
            found[row.person_id].append(setting)
    return found


@cache
def _settings() -> Executable:
    by, held, theirs = aliased(Person), aliased(Post), aliased(Post)
    then = and_(held.started_on <= TargetRow.set_at, or_(held.ended_on.is_(None), held.ended_on > TargetRow.set_at))
    present = exists().where(theirs.person_id == TargetRow.person_id, theirs.is_latest)
    by_their_own = present.where(held.person_id == TargetRow.set_by, held.partner_id == theirs.partner_id, then)
    return (
        select(TargetRow.person_id, TargetRow.competency, TargetRow.level, TargetRow.set_at, FactText.text)
        .add_columns(by.display_name, by_their_own.label("by_their_own"), Person.kind)
        .join(Person, Person.id == TargetRow.person_id)
        .join(by, by.id == TargetRow.set_by)
        .outerjoin(FactText, FactText.fact_ref == TargetRow.ref)
        .where(TargetRow.person_id.in_(bindparam("people", expanding=True)))
        .order_by(TargetRow.id)
    )


@dataclass(frozen=True)
class TargetsPage:
    """Somebody's targets, as who may set them sees them; `history` is what was set, the newest first."""

    ref: str
    name: str
    framework: Mapping[str, Any]
    targets: PersonTargets
    history: list[Setting]


def get_targets(session: Session, actor: Actor, *, ref: str) -> TargetsPage:
    """The targets of a person in scope; NotFound otherwise, Forbidden where they are not the actor's to set.

    Four queries.
    """
    person = _find(session, actor, ref)
    references = current_references(session, "framework", "roles")
    targets = read_targets(session, [person.id], references, actor.today)[person.id]
    history = read_settings(session, [person.id], actor.today)[person.id]
    framework = references.get("framework", NO_FRAMEWORK)
    return TargetsPage(ref, person.display_name, framework, targets, list(reversed(history)))


def set_target(session: Session, actor: Actor, *, ref: str, competency: str, level: int | None, reason: str) -> None:
    """Set what a person aims at in a competency: 1 to 4, 0 for no target, None for the profile of the post again."""
    person = _find(session, actor, ref)
    framework = current_framework(session)
    reason = reason.strip()
    faults = {}
    if competency not in {known["code"] for known in framework["competencies"]}:
        faults["competency"] = N_("Choose a competency.")
    if level is not None and level not in range(5):
        faults["level"] = N_("Choose a level.")
    if not reason or len(reason) > LONGEST_REASON:
        faults["reason"] = N_("Write the reason, in up to 1,000 characters: the person will read it.")
    if faults:
        raise Invalid(N_("The target was not set."), faults)
    fact = new_ref()
    row = {"person_id": person.id, "competency": competency, "level": level, "set_by": actor.person_id}
    session.add(TargetRow(ref=fact, set_at=actor.at, reason_hash=keep_text(session, fact, reason), **row))
    audit(session, actor, "targets.set", "person", ref)


def _find(session: Session, actor: Actor, ref: str) -> Any:
    """The person, where the actor may set their targets: in scope, not oneself, of partner staff only one's own."""
    require(actor, "targets.write")
    theirs, mine = aliased(Post), aliased(Post)
    found = session.execute(
        select(Person.id, Person.display_name, Person.kind, theirs.partner_id, mine.partner_id.label("own_partner"))
        .outerjoin(theirs, and_(theirs.person_id == Person.id, theirs.is_latest))
        .outerjoin(mine, and_(mine.person_id == actor.person_id, mine.is_latest))
        .where(Person.ref == ref, reaches_person(actor, "targets.write"))
    ).first()
    if found is None:
        raise NotFound()
    if found.id == actor.person_id:
        raise Forbidden(N_("These are your own targets: your line manager or HR sets them, with you."))
    same = found.partner_id is not None and found.partner_id == found.own_partner
    if found.kind == PARTNER_STAFF and not (actor.kind == PARTNER_STAFF and same):
        raise Forbidden(
            N_("Targets of partner staff belong to their organisation: they and their own line manager decide.")
        )
    return found


def choose_targets(session: Session, actor: Actor, *, taken: bool) -> None:
    """Take the targets that the profile of one's post offers, or do not; said again, the last word counts."""
    require(actor, "targets.choose")
    if actor.kind != PARTNER_STAFF:
        raise Forbidden(N_("Your targets come from the profile of your post. Talk about them with your line manager."))
    if actor.person_id is None:
        raise NotFound()
    roles = current_references(session, "roles")
    known = read_targets(session, [actor.person_id], roles, actor.today)[actor.person_id]
    if not known.is_offered:
        raise Conflict(N_("The profile of your post offers no targets now. Nothing was changed."))
    if known.taken != taken:
        session.add(TargetChoice(person_id=actor.person_id, accepted=taken, chosen_at=actor.at))
        audit(session, actor, "targets.choose", "targets", "taken" if taken else "declined")
