"""Rules of assignment: written, looked at before they come into force, let through by a second person, ended."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Conflict, Forbidden, Invalid, NotFound
from lms.models import OrgUnit, Person, ReportingLine, RuleDecision, RuleVersion, is_effective, is_in_force, new_ref
from lms.permissions import Actor, require
from lms.rules.assigning import read_terms, terms_as_json
from lms.rules.audiences import Conditions, as_json, read_conditions
from lms.services.audience_people import current_roles, meant_people, role_names
from lms.services.jobs import add_job
from lms.services.rule_choices import RuleChoices
from lms.services.rule_drafts import Draft, draft_faults
from lms.services.scope import reaches_unit, rows
from lms.services.writing import audit, insert_once

APPLY = "apply_rules"  # the kind of job
SHOWN = 20  # names of people who match now


class DryRun(NamedTuple):
    """What a draft would change: how many people it means, of whom it did not mean before, and whom no longer."""

    matching: int
    gain: int
    lose: int
    without_manager: int
    names: list[str]  # the first of them


class VersionRow(NamedTuple):
    """A version of a rule, as the list and the history show it. `state` is "in_force", "waiting", "refused", "ended"
    or "earlier"."""

    rule: str
    number: int
    name: str
    unit: str
    unit_code: str
    unit_path: str
    conditions: Mapping[str, Any]
    terms: Mapping[str, Any]
    path: str
    is_end: bool
    gain: int
    lose: int
    written_by: str
    written_at: datetime
    is_own: bool
    state: str
    decided_by: str
    decided_at: datetime | None


def list_rules(session: Session, actor: Actor, *, page: int = 1, size: int = 50) -> list[VersionRow]:
    """The newest version of each rule in scope, by name; one query. A page holds `size`."""
    require(actor, "rules.write")
    later = aliased(RuleVersion)
    newest = select(func.max(later.number)).where(later.rule == RuleVersion.rule).correlate(RuleVersion)
    query = _versions(actor).where(RuleVersion.number == newest.scalar_subquery())
    found = rows(session, query.order_by(RuleVersion.name, RuleVersion.id).limit(size).offset((page - 1) * size))
    return [_row(actor, row) for row in found]


def get_versions(session: Session, actor: Actor, *, ref: str) -> list[VersionRow]:
    """Every version of a rule in scope, the newest first; NotFound otherwise. One query."""
    require(actor, "rules.write")
    query = _versions(actor).where(RuleVersion.rule == ref).order_by(RuleVersion.number.desc())
    found = [_row(actor, row) for row in rows(session, query)]
    if not found:
        raise NotFound()
    return found


def _versions(actor: Actor) -> Any:
    """In scope is a rule by the unit of its newest version, so that nobody loses sight of what they may end."""
    by, decider, newer, unit = aliased(Person), aliased(Person), aliased(RuleVersion), aliased(OrgUnit)
    newest = select(func.max(newer.id)).where(newer.rule == RuleVersion.rule).correlate(RuleVersion).scalar_subquery()
    last = aliased(RuleVersion)
    return (
        select(RuleVersion.rule, RuleVersion.number, RuleVersion.name, unit.name, unit.code, unit.path)
        .add_columns(RuleVersion.conditions, RuleVersion.terms, RuleVersion.path, RuleVersion.is_end)
        .add_columns(RuleVersion.gain, RuleVersion.lose, func.coalesce(by.display_name, ""), RuleVersion.written_at)
        .add_columns(RuleVersion.written_by, RuleDecision.approved, is_in_force(RuleVersion), is_effective(RuleVersion))
        .add_columns((RuleVersion.id == newest).label("is_newest"))
        .add_columns(func.coalesce(decider.display_name, ""), RuleDecision.decided_at)
        .join(unit, unit.id == RuleVersion.unit_id)
        .join(last, last.id == newest)
        .join(OrgUnit, OrgUnit.id == last.unit_id)
        .outerjoin(by, by.id == RuleVersion.written_by)
        .outerjoin(RuleDecision, RuleDecision.version_id == RuleVersion.id)
        .outerjoin(decider, decider.id == RuleDecision.decided_by)
        .where(reaches_unit(actor, "rules.write"))
    )


def _row(actor: Actor, row: Any) -> VersionRow:
    *cells, written_by, approved, in_force, effective, is_newest, decider, decided_at = row
    own = written_by is not None and written_by == actor.person_id
    state = "earlier"
    if in_force:
        state = "ended" if row.is_end else "in_force"
    elif approved is False:
        state = "refused"
    elif is_newest and not effective:
        state = "waiting"
    return VersionRow._make((*cells, own, state, decider, decided_at))


def draft_of(row: VersionRow) -> Draft:
    """A version as a draft of the next one."""
    conditions = read_conditions(row.unit_path, row.conditions)
    return Draft(row.name, row.unit_code, conditions, read_terms(row.terms), row.path)


def try_out(session: Session, actor: Actor, *, draft: Draft, choices: RuleChoices, ref: str | None = None) -> DryRun:
    """What the draft would change, as a new rule or as the next version of one. Raises Invalid."""
    require(actor, "rules.write")
    return _check(session, actor, draft, choices, ref)[1]


def _check(session: Session, actor: Actor, draft: Draft, choices: RuleChoices, ref: str | None) -> tuple[int, DryRun]:
    """The unit of a draft that can be saved, and what it would change. Raises Invalid."""
    unit = _find_unit(session, actor, draft.unit)
    faults = draft_faults(draft, choices, unit, actor.today)
    if faults or unit is None:
        raise Invalid(N_("The rule was not saved."), faults)
    return unit.id, _count(session, actor, draft, unit.path, _in_force(session, ref))


def _count(session: Session, actor: Actor, draft: Draft | None, unit_path: str, held: Any) -> DryRun:
    roles, today = current_roles(session), actor.today
    now, before = None, None
    if draft is not None:
        wanted = _within(draft.conditions, unit_path)
        now = meant_people(wanted, roles, today, Person.id)
    if held is not None and not held.is_end:
        before = meant_people(read_conditions(held.unit_path, held.conditions), roles, today, Person.id)
    gain = _size(session, now, before)
    lose = _size(session, before, now)
    if now is None or draft is None:
        return DryRun(0, 0, lose, 0, [])
    matching, alone, names = who_matches(session, wanted, roles, today)
    return DryRun(matching, gain, lose, alone, names)


def who_matches(
    session: Session, wanted: Conditions, roles: Mapping[str, Any], today: date
) -> tuple[int, int, list[str]]:
    """How many people the conditions mean, how many of them have no manager, and the first names; two queries."""
    managed = ReportingLine.person_id == Person.id, ReportingLine.held_on(today)
    has_manager = select(1).where(*managed).correlate(Person).exists()
    counted = meant_people(wanted, roles, today, func.count(), func.count().filter(~has_manager))
    matching, alone = rows(session, counted)[0]
    names = meant_people(wanted, roles, today, Person.display_name).order_by(Person.display_name, Person.id)
    return matching, alone, [name for (name,) in rows(session, names.limit(SHOWN))]


class RulePage(NamedTuple):
    """A rule with its versions, the newest first, and whom that one means today."""

    versions: list[VersionRow]
    draft: Draft
    matching: int
    without_manager: int
    names: list[str]
    words: dict[str, str]  # code of a function or profile -> its name


def get_rule(session: Session, actor: Actor, *, ref: str) -> RulePage:
    """A rule in scope; NotFound otherwise. Four queries."""
    versions = get_versions(session, actor, ref=ref)
    draft, roles = draft_of(versions[0]), current_roles(session)
    words = role_names(roles)
    if versions[0].is_end:
        return RulePage(versions, draft, 0, 0, [], words)
    return RulePage(versions, draft, *who_matches(session, draft.conditions, roles, actor.today), words)


def _within(conditions: Conditions, unit_path: str) -> Conditions:
    return Conditions(**{**vars(conditions), "unit_path": unit_path})


def _size(session: Session, some: Any, but: Any) -> int:
    """Of how many people the one query tells and the other does not."""
    if some is None:
        return 0
    narrowed = some if but is None else some.where(Person.id.not_in(but))
    return int(session.scalar(select(func.count()).select_from(narrowed.subquery())) or 0)


def _in_force(session: Session, ref: str | None) -> Any:
    if ref is None:
        return None
    query = select(RuleVersion.conditions, RuleVersion.is_end, OrgUnit.path.label("unit_path"))
    query = query.join(OrgUnit, OrgUnit.id == RuleVersion.unit_id)
    return session.execute(query.where(RuleVersion.rule == ref, is_in_force(RuleVersion))).first()


def save_rule(
    session: Session, actor: Actor, *, draft: Draft, choices: RuleChoices, second_from: int, ref: str | None = None
) -> tuple[str, bool]:
    """Write a rule, or the next version of one; returns its name in addresses, and whether it waits for a second
    person: where it changes what is asked of `second_from` people or more. Raises Invalid, NotFound."""
    require(actor, "rules.write")
    number = get_versions(session, actor, ref=ref)[0].number + 1 if ref else 1
    unit_id, counted = _check(session, actor, draft, choices, ref)
    return _write(session, actor, draft, unit_id, ref or new_ref(), number, counted, second_from, is_end=False)


def end_rule(session: Session, actor: Actor, *, ref: str, second_from: int) -> bool:
    """The rule means nobody from now on; whether that waits for a second person. Raises NotFound, Conflict."""
    last = get_versions(session, actor, ref=ref)[0]
    if last.is_end and last.state != "refused":
        raise Conflict(N_("This rule is ended already. Nothing was changed."))
    unit = _find_unit(session, actor, last.unit_code)
    if unit is None:
        raise NotFound()
    counted = _count(session, actor, None, unit.path, _in_force(session, ref))
    _, waits = _write(
        session, actor, draft_of(last), unit.id, ref, last.number + 1, counted, second_from, is_end=True
    )  # fmt: skip
    return waits


def _write(
    session: Session, actor: Actor, draft: Draft, unit_id: int, ref: str, number: int, counted: DryRun,
    second_from: int, *, is_end: bool,
) -> tuple[str, bool]:  # fmt: skip
    waits = counted.gain + counted.lose >= second_from
    written = insert_once(
        session, RuleVersion, ref=new_ref(), rule=ref, number=number, name=draft.name.strip(), unit_id=unit_id,
        conditions=as_json(draft.conditions), terms=terms_as_json(draft.terms), path=draft.path, is_end=is_end,
        gain=counted.gain, lose=counted.lose, needs_second=waits, written_by=actor.person_id, written_at=actor.at,
    )  # fmt: skip
    if not written:
        raise Conflict(N_("Somebody else has just changed this rule. Open it again and look at what they wrote."))
    if not waits:
        apply_later(session, actor, rule=ref)
    audit(session, actor, "rules.end" if is_end else "rules.write", "rule", ref)
    return ref, waits


def apply_later(session: Session, actor: Actor, **payload: str) -> None:
    """In the transaction that changed whom a rule means: have the rules applied."""
    add_job(session, APPLY, payload, actor.at)


def apply_after_import(session: Session, actor: Actor, *, run: str) -> None:
    """In the transaction of an import of people: have the rules applied, where there is one; it asks once."""
    require(actor, "people.import")
    if session.scalar(select(RuleVersion.id).limit(1)) is not None:
        apply_later(session, actor, **{"import": run})


def decide_rule(session: Session, actor: Actor, *, ref: str, number: int, approved: bool) -> None:
    """Let a version that waits come into force, or refuse it. Forbidden to whoever wrote it; raises Conflict."""
    require(actor, "rules.write")
    last = get_versions(session, actor, ref=ref)[0]
    if last.is_own:
        raise Forbidden(N_("You wrote this rule yourself: somebody else of HR decides on it."))
    if last.number != number or last.state != "waiting":
        raise Conflict(N_("This version does not wait for a decision any more. Nothing was changed."))
    which = RuleVersion.rule == ref, RuleVersion.number == number
    version_id = session.scalar(select(RuleVersion.id).where(*which))
    decision = {"approved": approved, "decided_by": actor.person_id, "decided_at": actor.at}
    if not insert_once(session, RuleDecision, version_id=version_id, **decision):
        raise Conflict(N_("This version does not wait for a decision any more. Nothing was changed."))
    if approved:
        apply_later(session, actor, rule=ref)
    audit(session, actor, "rules.approve" if approved else "rules.refuse", "rule", ref)


def _find_unit(session: Session, actor: Actor, code: str) -> Any:
    reached = reaches_unit(actor, "rules.write")
    return session.execute(select(OrgUnit.id, OrgUnit.path).where(OrgUnit.code == code, reached)).first()
