"""The versions of the framework and its role profiles: what differs between two, and whose level or gap changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.errors import NotFound
from lms.models import Person, ReferenceVersion
from lms.permissions import Actor, require
from lms.rules.frameworks import Difference, compare_frameworks, compare_roles, follow, moves_of
from lms.rules.levels import Rule, level_on, read_rule
from lms.rules.needs import Proof
from lms.rules.targets import NO_TARGET, Target, gap
from lms.services.framework import NO_FRAMEWORK, current_references
from lms.services.proofs import gather_proofs, read_evidence
from lms.services.scope import rows
from lms.services.targets import NO_ROLES, person_targets, read_posts, read_settings

if TYPE_CHECKING:  # a web process loads no parsers
    from lms.content.course import Library

KINDS = ("framework", "roles")
FEW = 5
SLICE = 500  # people whose evidence is looked at together


class Edition(NamedTuple):
    """A moment at which a framework or role profiles came into force: both that held from then on, and how many
    people's level and gap it changed (None: nobody counted; 0: fewer than FEW, of so few nothing is told)."""

    number: int  # from 1 on, in their order
    at: datetime
    framework: int | None
    roles: int | None
    levels_changed: int | None
    gaps_changed: int | None


def list_editions(session: Session, actor: Actor) -> list[Edition]:
    """Every edition, the oldest first; one query."""
    require(actor, "frameworks.read")
    row = ReferenceVersion
    query = select(row.kind, row.number, row.published_at, row.levels_changed, row.gaps_changed)
    found: list[Edition] = []
    held: dict[str, int | None] = dict.fromkeys(KINDS)
    published = rows(session, query.where(row.kind.in_(KINDS)).order_by(row.id))
    for number, (at, some) in enumerate(groupby(published, key=lambda one: one.published_at), start=1):
        together = list(some)
        held |= {one.kind: one.number for one in together}
        counts = [_told(count) for count in together[-1][3:]]
        found.append(Edition(number, at, held["framework"], held["roles"], *counts))
    return found


def _told(count: int | None) -> int | None:
    return count if count is None or count >= FEW else 0


@dataclass(frozen=True)
class Comparison:
    """Two editions, and what differs from the first to the second."""

    earlier: Edition
    later: Edition
    differences: list[Difference]


def compare_editions(
    session: Session, actor: Actor, *, editions: Sequence[Edition], earlier: int, later: int
) -> Comparison:
    """What differs between two editions by their numbers; NotFound where there is no such. One query."""
    require(actor, "frameworks.read")
    by_number = {edition.number: edition for edition in editions}
    if earlier not in by_number or later not in by_number:
        raise NotFound()
    first, second = by_number[earlier], by_number[later]
    query = select(ReferenceVersion.kind, ReferenceVersion.number, ReferenceVersion.body)
    wanted = {first.framework, first.roles, second.framework, second.roles}
    found = rows(session, query.where(ReferenceVersion.kind.in_(KINDS), ReferenceVersion.number.in_(wanted)))
    bodies = {(row.kind, row.number): row.body for row in found}
    old, new = (_sides(bodies, edition) for edition in (first, second))
    return Comparison(first, second, differences(old, new))


class Sides(NamedTuple):
    """A framework and role profiles that hold together."""

    framework: Mapping[str, Any]
    roles: Mapping[str, Any]


def _sides(bodies: Mapping[tuple[str, int | None], Any], edition: Edition) -> Sides:
    framework = bodies.get(("framework", edition.framework), NO_FRAMEWORK)
    return Sides(framework, bodies.get(("roles", edition.roles), NO_ROLES))


def differences(old: Sides, new: Sides) -> list[Difference]:
    """What differs, competencies first."""
    found = compare_frameworks(old.framework, new.framework)
    return found + compare_roles(old.roles, new.roles, moves_of(new.framework))


def sides_in_force(session: Session) -> Sides:
    """What is published; one query."""
    found = current_references(session, *KINDS)
    return Sides(found.get("framework", NO_FRAMEWORK), found.get("roles", NO_ROLES))


def sides_of(library: "Library") -> Sides:
    """What the files of a library say."""
    bodies = {reference.kind: reference.body for reference in library.references}
    return Sides(bodies["framework"], bodies["roles"])


def list_lost_codes(session: Session, framework: Mapping[str, Any]) -> list[str]:
    """Competencies of any published framework that this one neither has nor maps: evidence under them would be lost."""
    published = session.scalars(select(ReferenceVersion.body).where(ReferenceVersion.kind == "framework"))
    ever = {competency["code"] for body in published for competency in body["competencies"]}
    return sorted(ever - {c["code"] for c in framework["competencies"]} - set(moves_of(framework)))


class PersonChange(NamedTuple):
    """Somebody's level or gap in one competency, before and after; of a competency that came or went one code is ""."""

    person_id: int
    before: str
    after: str
    level_before: int
    level_after: int
    gap_before: int
    gap_after: int


class Counts(NamedTuple):
    """Of how many people a level, and a gap to a target, changes."""

    levels: int
    gaps: int


def count_changes_of(session: Session, actor: Actor, *, library: "Library") -> Counts | None:
    """How many people a library's framework and roles change; None where none was published before."""
    old = sides_in_force(session)
    if not old.framework["competencies"]:
        return None
    return count_changes(find_changes(session, actor, old=old, new=sides_of(library)))


def count_changes(changes: Iterable[PersonChange]) -> Counts:
    """How many people they are."""
    levels, gaps = set(), set()
    for change in changes:
        if change.level_before != change.level_after:
            levels.add(change.person_id)
        if change.gap_before != change.gap_after:
            gaps.add(change.person_id)
    return Counts(len(levels), len(gaps))


def find_changes(session: Session, actor: Actor, *, old: Sides, new: Sides) -> Iterator[PersonChange]:
    """Whose level or gap differs if the new holds instead of the old, from today on; in slices of people.

    Nothing is read where only words differ.
    """
    require(actor, "levels.explain")
    if _decisive(old) == _decisive(new):
        return
    after = 0
    while people := list(session.scalars(select(Person.id).where(Person.id > after).order_by(Person.id).limit(SLICE))):
        yield from _changes_of(session, people, old, new, actor.today)
        after = people[-1]


def _decisive(sides: Sides) -> Any:
    """What levels and gaps depend on."""
    roles = [{name: value for name, value in role.items() if name != "name"} for role in sides.roles["roles"]]
    return decides_levels(sides.framework), roles


def decides_levels(framework: Mapping[str, Any]) -> Any:
    """What of a framework levels depend on."""
    codes = sorted(competency["code"] for competency in framework["competencies"])
    return codes, sorted(moves_of(framework).items()), read_rule(framework)


def _changes_of(session: Session, people: Sequence[int], old: Sides, new: Sides, on: date) -> Iterator[PersonChange]:
    settings, evidence = read_settings(session, people, on), read_evidence(session, people)
    pairs = pair_codes(old.framework, new.framework)
    rules = read_rule(old.framework), read_rule(new.framework)
    for behind in read_posts(session, people):
        both = []
        for sides, rule in zip((old, new), rules, strict=True):
            proofs = gather_proofs(evidence.get(behind.person_id, ()), moves_of(sides.framework))
            targets = person_targets(behind, settings[behind.person_id], *sides).targets
            codes = {*proofs, *targets}
            both.append({code: _level_and_gap(code, proofs, targets, rule, on) for code in codes})
        for before, after in pairs:
            was, now = both[0].get(before, (0, 0)), both[1].get(after, (0, 0))
            if was != now:
                yield PersonChange(behind.person_id, before, after, was[0], now[0], was[1], now[1])


def _level_and_gap(
    code: str, proofs: Mapping[str, list[Proof]], targets: Mapping[str, Target], rule: Rule, on: date
) -> tuple[int, int]:
    level = level_on(proofs.get(code, ()), on, rule)
    return level, gap(targets.get(code, NO_TARGET).level, level)


def pair_codes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each competency with what it became, "" where it went or came."""
    moves, after = moves_of(new), [competency["code"] for competency in new["competencies"]]
    pairs = []
    for competency in old["competencies"]:
        became = [code for code in follow(competency["code"], moves) if code in after]
        pairs += [(competency["code"], code) for code in became or [""]]
    heirs = {code for _, code in pairs}
    return pairs + [("", code) for code in after if code not in heirs]


def newest_numbers(session: Session, actor: Actor) -> dict[str, int]:
    """The newest published version of each kind; one query."""
    require(actor, "courses.publish")
    row = ReferenceVersion
    found = rows(session, select(row.kind, func.max(row.number).label("number")).group_by(row.kind))
    return {one.kind: one.number for one in found}


def name_people(session: Session, actor: Actor, people: Iterable[int]) -> dict[int, str]:
    """Names with employee number, reference or e-mail, as `flask lms explain` takes them."""
    require(actor, "levels.explain")
    found: dict[int, str] = {}
    numbers = sorted(people)
    key = func.coalesce(Person.employee_number, Person.work_email, Person.external_ref, "")
    for start in range(0, len(numbers), SLICE):
        query = select(Person.id, Person.display_name, key).where(Person.id.in_(numbers[start : start + SLICE]))
        found |= {number: f"{name} ({known})" for number, name, known in rows(session, query)}
    return found
