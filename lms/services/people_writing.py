"""Writes lines of HR's file: people, posts and reporting lines. A line is written only while what it says of before
still holds; otherwise it is left for another file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from lms.models import OrgUnit, PartnerOrganisation, Person, Post, ReportingLine
from lms.permissions import Actor
from lms.rules.people import display_name, email_key
from lms.rules.people_changes import KEYS, POST_CELLS, Change
from lms.services.import_lines import Line
from lms.services.known_people import KnownPeople, State, states

_PERSON = ("given_name", "family_name", "person_type", *KEYS)
_POST = (*POST_CELLS, "unit_code", "partner_code", "start_date", "end_date")


@dataclass
class Written:
    """What a slice wrote. `new_people` are (e-mail, name) of those who can be invited."""

    added: int = 0
    changed: int = 0
    new_people: list[tuple[str, str]] = field(default_factory=list)
    late: list[int] = field(default_factory=list)  # positions whose people are no longer as they were


def write_people(session: Session, actor: Actor, lines: Sequence[Line]) -> Written:
    """Write what the lines say of people and their posts, and not of their managers."""
    done = Written()
    known = states(session, Person.ref, [line.ref for line in lines if line.change is not Change.NEW])
    new = [line for line in lines if line.change is Change.NEW]
    taken = KnownPeople(session, [_keys(line) for line in new])
    late = [line for line in new if taken.find(_keys(line))]
    late += [line for line in lines if line.change is not Change.NEW and not _holds(line, known.get(line.ref))]
    done.late = sorted(line.position for line in late)
    sound = [line for line in lines if line.position not in set(done.late)]
    places = _Places(session)
    _insert_people(session, actor, [line for line in sound if line.change is Change.NEW], places, done)
    rest = [(line, known[line.ref]) for line in sound if line.change is not Change.NEW]
    _update_people(session, actor, rest)
    _write_posts(session, actor, rest, places)
    done.changed = len(rest)
    return done


def _keys(line: Line) -> dict[str, str]:
    return {name: line.fields.get(name, ("", ""))[1] for name in KEYS}


def _holds(line: Line, state: State | None) -> bool:
    """Whether somebody still stands as the line says that they did."""
    if state is None:
        return False
    cells = state.known.cells
    return all(cells.get(name, "") == was for name, (was, _) in line.fields.items() if name != "manager")


class _Places:
    """Units and partners by code."""

    def __init__(self, session: Session) -> None:
        self.units = {one.code: one.id for one in session.execute(select(OrgUnit.code, OrgUnit.id))}
        found = session.execute(select(PartnerOrganisation.code, PartnerOrganisation.id))
        self.partners = {one.code: one.id for one in found}


def _person_values(cells: dict[str, str]) -> dict[str, Any]:
    return {
        "kind": cells["person_type"], "given_name": cells["given_name"], "family_name": cells["family_name"],
        "employee_number": cells["employee_number"] or None, "external_ref": cells["external_ref"] or None,
        "work_email": cells["work_email"] or None, "email_key": email_key(cells["work_email"]) or None,
    }  # fmt: skip


def _post_values(cells: dict[str, str], places: _Places) -> dict[str, Any]:
    values: dict[str, Any] = {name: cells.get(name, "") for name in POST_CELLS}
    return values | {
        "unit_id": places.units[cells["unit_code"]],
        "partner_id": places.partners[cells["partner_code"]] if cells.get("partner_code") else None,
        "ended_on": _day(cells.get("end_date", "")),
    }


def _insert_people(session: Session, actor: Actor, lines: Sequence[Line], places: _Places, done: Written) -> None:
    if not lines:
        return
    after = [dict.fromkeys((*_PERSON, *_POST), "") | {n: new for n, (_, new) in x.fields.items()} for x in lines]
    times = {"created_at": actor.at, "changed_at": actor.at}
    people = [
        {**_person_values(cells), "ref": line.ref, "language": cells["language"],
         "display_name": display_name(cells["given_name"], cells["family_name"])[:400], **times}
        for line, cells in zip(lines, after, strict=True)
    ]  # fmt: skip
    session.execute(insert(Person), people)
    refs = [line.ref for line in lines]
    made = session.execute(select(Person.ref, Person.id).where(Person.ref.in_(refs)))
    ids: dict[str | None, int] = {one.ref: one.id for one in made}
    posts = [
        {**_post_values(cells, places), "person_id": ids[line.ref], "is_latest": True,
         "started_on": _day(cells["start_date"]) or actor.today}
        for line, cells in zip(lines, after, strict=True)
    ]  # fmt: skip
    session.execute(insert(Post), posts)
    done.added = len(people)
    done.new_people = [(one["work_email"], one["display_name"]) for one in people if one["work_email"]]


def _after(line: Line, state: State) -> dict[str, str]:
    return {**state.known.cells, **{name: after for name, (_, after) in line.fields.items()}}


def _update_people(session: Session, actor: Actor, lines: Sequence[tuple[Line, State]]) -> None:
    """What differs of the people; their `changed_at` moves with any change of theirs."""
    rows = []
    for line, state in lines:
        cells = _after(line, state)
        shown = state.name
        if {"given_name", "family_name"} & set(line.fields):
            # Only a new name from HR replaces the one that the person chose to be called by.
            shown = display_name(cells["given_name"], cells["family_name"])[:400]
        rows.append({**_person_values(cells), "display_name": shown, "changed_at": actor.at, "b_id": state.id})
    if rows:
        names = [name for name in rows[0] if name != "b_id"]
        changed = update(Person.__table__).where(Person.id == bindparam("b_id"))  # type: ignore[arg-type]
        session.execute(changed.values({name: bindparam(name) for name in names}), rows)


def _write_posts(session: Session, actor: Actor, lines: Sequence[tuple[Line, State]], places: _Places) -> None:
    corrected, ended, begun = [], [], []
    for line, state in lines:
        if not set(_POST) & set(line.fields):
            continue
        cells = _after(line, state)
        values = _post_values(cells, places)
        if not line.begins_post:
            corrected.append({**values, "started_on": _day(cells["start_date"]), "b_id": state.id})
            continue
        starts = _day(line.fields.get("start_date", ("", ""))[1]) or actor.today
        if state.known.has_post:
            first = _day(state.known.cells["start_date"]) or starts
            ended.append({"b_id": state.id, "ended_on": max(first, starts)})
        begun.append({**values, "person_id": state.id, "is_latest": True, "started_on": starts})
    posts: Any = Post.__table__
    latest = (Post.person_id == bindparam("b_id"), Post.is_latest)
    if corrected:
        names = [name for name in corrected[0] if name != "b_id"]
        session.execute(update(posts).where(*latest).values({name: bindparam(name) for name in names}), corrected)
    if ended:
        ends = {"ended_on": func.coalesce(Post.ended_on, bindparam("ended_on")), "is_latest": False}
        session.execute(update(posts).where(*latest).values(ends), ended)
    if begun:
        session.execute(insert(Post), begun)


def write_managers(session: Session, actor: Actor, lines: Sequence[Line]) -> list[int]:
    """Write whom people report to from today on; returns the positions of those who are not there."""
    refs = {line.ref for line in lines} | {line.manager_ref for line in lines}
    asked = select(Person.ref, Person.id).where(Person.ref.in_(sorted(ref for ref in refs if ref)))
    ids: dict[str | None, int] = {one.ref: one.id for one in session.execute(asked)}
    sound = [line for line in lines if line.ref in ids and (not line.manager_ref or line.manager_ref in ids)]
    people = [ids[line.ref] for line in sound]
    held = ReportingLine.person_id.in_(people), ReportingLine.ended_on.is_(None)
    session.execute(update(ReportingLine).where(*held).values(ended_on=actor.today))
    session.execute(update(Person).where(Person.id.in_(people)).values(changed_at=actor.at))
    begun = [
        {"person_id": ids[line.ref], "manager_id": ids[line.manager_ref], "started_on": actor.today}
        for line in sound
        if line.manager_ref
    ]
    if begun:
        session.execute(insert(ReportingLine), begun)
    return sorted({line.position for line in lines} - {line.position for line in sound})


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
