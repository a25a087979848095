"""Erasing people: asked for by themselves, decided by HR, done by the worker when an administrator lets it.

What goes and what stays is said by the privacy manifest (models.personal). The facts stay, under a number instead of a
name: that somebody completed a course may have to be shown for years.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, inspect, or_, select, update
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Conflict, Forbidden, Invalid, NotFound
from lms.models import (
    Erasure,
    ErasureDecision,
    ErasureRequest,
    FactText,
    Person,
    Post,
    ReportingLine,
    RoleGrant,
    new_ref,
)
from lms.permissions import Actor, require
from lms.rules.people import email_key
from lms.rules.privacy import REACH, Cause
from lms.services.jobs import add_job
from lms.services.personal_rows import empty_rows, records_of, touched_tables
from lms.services.scope import reaches_person
from lms.services.writing import REASON_LIMIT, audit, insert_once, keep_text, reason_faults

NO_LINE = N_("Line %(number)d of the list of erased people is not a reference and a cause.")
NOBODY = N_("Nothing was done.")
ERASE = "erase_person"  # the kind of job
TOUCHED = touched_tables()
BY_OPERATOR = Cause.OPERATOR


@dataclass(frozen=True)
class RequestRow:
    """A request for erasure and how far it has come."""

    ref: str
    person: str
    asked_at: datetime
    words: str
    accepted: bool | None  # None: HR has not decided
    decided_at: datetime | None
    decided_by: str
    reason: str
    erased_at: datetime | None
    may_decide: bool
    may_run: bool


def ask_erasure(session: Session, actor: Actor, *, words: str) -> str:
    """Ask for what is kept about the actor to be erased; returns the request's ref. Conflict while one is open."""
    require(actor, "privacy.own")
    words = words.strip()
    if len(words) > REASON_LIMIT:
        raise Invalid(N_("Nothing was asked for."), {"words": N_("Write up to 1,000 characters.")})
    if any(row.accepted is None or (row.accepted and row.erased_at is None) for row in list_own(session, actor)):
        raise Conflict(N_("You have asked already; the answer will be on this page."))
    ref = new_ref()
    session.add(
        ErasureRequest(ref=ref, person_id=actor.person_id, asked_at=actor.at, words_hash=keep_text(session, ref, words))
    )
    audit(session, actor, "erasures.ask", "erasure", ref)
    return ref


def list_own(session: Session, actor: Actor) -> list[RequestRow]:
    """What the actor asked for, newest first."""
    require(actor, "privacy.own")
    return _rows(session, actor, ErasureRequest.person_id == actor.person_id)


def list_requests(session: Session, actor: Actor) -> list[RequestRow]:
    """The requests of the people in scope, those that wait for the actor first."""
    require(actor, "erasures.read")
    found = _rows(session, actor, reaches_person(actor, "erasures.read"))
    return sorted(found, key=lambda row: not (row.may_decide or row.may_run))


def _rows(session: Session, actor: Actor, whose: Any) -> list[RequestRow]:
    by, why, said = aliased(Person), aliased(FactText), aliased(FactText)
    done = (
        select(Erasure.erased_at)
        .where(Erasure.person_id == ErasureRequest.person_id, Erasure.erased_at >= ErasureRequest.asked_at)
        .order_by(Erasure.id).limit(1).scalar_subquery()
    )  # fmt: skip
    rows = session.execute(
        select(ErasureRequest, Person.display_name, ErasureDecision, by.display_name.label("by"))
        .add_columns(said.text.label("words"), why.text.label("reason"), done.label("done"))
        .add_columns(reaches_person(actor, "erasures.decide").label("decides"))
        .add_columns(reaches_person(actor, "erasures.run").label("runs"))
        .join(Person, Person.id == ErasureRequest.person_id)
        .outerjoin(ErasureDecision, ErasureDecision.request_id == ErasureRequest.id)
        .outerjoin(by, by.id == ErasureDecision.decided_by)
        .outerjoin(said, said.fact_ref == ErasureRequest.ref)
        .outerjoin(why, why.fact_ref == ErasureDecision.ref)
        .where(whose).order_by(ErasureRequest.id.desc()).limit(100)
    ).all()  # fmt: skip
    return [_row(actor, row) for row in rows]


def _row(actor: Actor, row: Any) -> RequestRow:
    request, decision = row.ErasureRequest, row.ErasureDecision
    not_own = request.person_id != actor.person_id
    waits = decision is not None and decision.accepted and row.done is None
    return RequestRow(
        request.ref, row.display_name, request.asked_at, row.words or "",
        decision.accepted if decision else None, decision.decided_at if decision else None, row.by or "",
        row.reason or "", row.done, bool(row.decides) and not_own and decision is None,
        bool(row.runs) and not_own and waits and decision.decided_by != actor.person_id,
    )  # fmt: skip


def decide_erasure(session: Session, actor: Actor, *, ref: str, accepted: bool, reason: str) -> None:
    """Accept or refuse a request in scope, with a reason that the person reads; never one's own. Raises Conflict where
    it was decided already."""
    request = _get(session, actor, "erasures.decide", ref)
    if faults := reason_faults(reason.strip()):
        raise Invalid(N_("Nothing was decided."), faults)
    own = new_ref()
    if not insert_once(
        session, ErasureDecision, ref=own, request_id=request.id, accepted=accepted, decided_by=actor.person_id,
        decided_at=actor.at, reason_hash=keep_text(session, own, reason.strip()),
    ):  # fmt: skip
        raise Conflict(N_("This was decided already."))
    audit(session, actor, "erasures.accept" if accepted else "erasures.refuse", "erasure", ref)


def run_erasure(session: Session, actor: Actor, *, ref: str) -> None:
    """Let the worker erase whoever a request is about, once HR has accepted it: another person than who accepted."""
    request = _get(session, actor, "erasures.run", ref)
    decision = session.scalars(select(ErasureDecision).where(ErasureDecision.request_id == request.id)).first()
    if decision is None or not decision.accepted:
        raise Conflict(N_("HR has not accepted this request."))
    if decision.decided_by == actor.person_id:
        raise Forbidden(N_("You accepted this request: somebody else lets it be done."))
    person = session.scalars(select(Person.ref).where(Person.id == request.person_id)).one()
    add_job(
        session, ERASE, {"person": person, "cause": Cause.REQUEST, "by": actor.person_id}, actor.at, key=f"erase:{ref}"
    )
    audit(session, actor, "erasures.run", "erasure", ref)


def _get(session: Session, actor: Actor, action: str, ref: str) -> ErasureRequest:
    require(actor, action)
    query = select(ErasureRequest).join(Person, Person.id == ErasureRequest.person_id)
    request = session.scalars(query.where(ErasureRequest.ref == ref, reaches_person(actor, action))).first()
    if request is None:
        raise NotFound()
    if request.person_id == actor.person_id:
        raise Forbidden(N_("Nobody decides about their own request."))
    return request


@dataclass(frozen=True)
class Subject:
    """The person whom an operator means."""

    id: int
    ref: str
    name: str
    email: str


def find_subject(session: Session, actor: Actor, *, person: str) -> Subject:
    """A person by employee number or e-mail; Invalid names what is not known."""
    found = _subject(session, actor, or_(Person.employee_number == person, Person.email_key == email_key(person)))
    if found is None:
        raise Invalid(NOBODY, {"PERSON": N_("Nobody has this employee number or e-mail.")})
    return found


def get_subject(session: Session, actor: Actor, *, ref: str) -> Subject:
    """A person by ref. NotFound."""
    found = _subject(session, actor, Person.ref == ref)
    if found is None:
        raise NotFound()
    return found


def _subject(session: Session, actor: Actor, who: Any) -> Subject | None:
    require(actor, "subjects.handle")
    query = select(Person.id, Person.ref, Person.display_name, Person.work_email).where(who)
    row = session.execute(query).first()
    return Subject(row.id, row.ref, row.display_name, row.work_email or "") if row else None


def get_addresses(session: Session, actor: Actor, *, payload: Mapping[str, Any]) -> list[str]:
    """Of the person of a job, the addresses whose accounts go along; none where they stay, or are gone. NotFound."""
    subject = get_subject(session, actor, ref=payload["person"])
    records = () if payload["cause"] == Cause.LEFT else records_of(session, subject.id)
    return [email for email in session.scalars(select(Person.work_email).where(Person.id.in_(records))) if email]


def erase_person(session: Session, actor: Actor, *, person: str, cause: Cause, by: int | None = None) -> None:
    """Erase the person of a ref as far as the cause reaches; the same again changes nothing.

    Posts, reporting lines and roles that are held end today, so that nobody works under a number. Who asks is the
    worker or the operator: whether it may be done was decided before.
    """
    require(actor, "subjects.handle")
    who = session.scalars(select(Person).where(Person.ref == person)).first()
    if who is None:
        raise NotFound()
    for number in records_of(session, who.id):
        _erase_record(session, actor, number, Cause(cause), by)


def _erase_record(session: Session, actor: Actor, person_id: int, cause: Cause, by: int | None) -> None:
    if cause != Cause.LEFT:
        _end(session, actor, person_id)
    empty_rows(session, person_id, REACH[cause])
    if not session.scalar(select(exists().where(Erasure.person_id == person_id, Erasure.cause == cause))):
        session.add(Erasure(person_id=person_id, cause=cause, erased_by=by, erased_at=actor.at))
        ref = session.scalars(select(Person.ref).where(Person.id == person_id)).one()
        audit(session, actor, f"erasures.{cause}", "person", ref)


def _end(session: Session, actor: Actor, person_id: int) -> None:
    open_post = and_(Post.person_id == person_id, Post.ended_on.is_(None))
    session.execute(update(Post).where(open_post).values(ended_on=actor.today))
    lines = (ReportingLine.person_id == person_id) | (ReportingLine.manager_id == person_id)
    session.execute(update(ReportingLine).where(lines, ReportingLine.ended_on.is_(None)).values(ended_on=actor.today))
    held = and_(RoleGrant.person_id == person_id, RoleGrant.ended_at.is_(None))
    session.execute(update(RoleGrant).where(held).values(ended_at=actor.at))


def list_erased(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """(Ref, cause) of everybody who was erased, to be kept beside backups: an older one that is restored brings their
    names back. Empty where the database is older than this."""
    require(actor, "subjects.handle")
    if not inspect(session.connection()).has_table(Erasure.__tablename__):
        return []
    query = select(Person.ref, Erasure.cause).join(Person, Person.id == Erasure.person_id).order_by(Erasure.id)
    return [(ref, cause) for ref, cause in session.execute(query)]


def read_list(text: str) -> list[tuple[str, str]]:
    """What `list_erased` gave, from its lines. Invalid names the line that is none of them."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        ref, _, cause = line.strip().partition(" ")
        if cause not in list(Cause):
            raise Invalid(NO_LINE, number=number)
        found.append((ref, cause))
    return found


def erase_again(session: Session, actor: Actor, *, gone: Iterable[tuple[str, str]]) -> int:
    """Erase whoever is there again, after a restore; returns how many had come back."""
    known = set(list_erased(session, actor))
    back = [(ref, cause) for ref, cause in dict.fromkeys(gone) if (ref, cause) not in known]
    there = set(session.scalars(select(Person.ref).where(Person.ref.in_([ref for ref, _cause in back]))))
    for ref, cause in back:
        if ref in there:
            erase_person(session, actor, person=ref, cause=Cause(cause))
    return len({ref for ref, _cause in back} & there)
