"""What people put forward as evidence beside courses and tasks: learned elsewhere, seen at work, equal to a course."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, or_, select
from sqlalchemy.orm import Session, aliased

from lms.documents.received import Received
from lms.errors import N_, Conflict, Forbidden, Invalid, NotFound
from lms.models import (
    CURRENT_VERSION,
    Course,
    CourseVersion,
    Enrolment,
    EntryDecision,
    EntryFile,
    Evidence,
    EvidenceEntry,
    FactText,
    Person,
    ReportingLine,
    new_ref,
)
from lms.permissions import Actor, Role, require
from lms.rules.mails import Kind as Mailed
from lms.rules.needs import Kind
from lms.services.entry_mails import ACCEPTED, REFUSED, WITHDRAWN
from lms.services.evidence import record_evidence, withdraw_evidence
from lms.services.framework import current_framework, list_indicators
from lms.services.mails import News, add_mails
from lms.services.scope import reaches_person, reports_to
from lms.services.stand_ins import stands_in
from lms.services.uploads import keep_upload
from lms.services.writing import audit, insert_once, keep_text, reason_faults

WORDS_LIMIT = 1000
SITUATION_LIMIT = 80
_OWN = N_("This is about yourself. Ask a colleague: nobody confirms their own.")
# A condition on `EvidenceEntry`: somebody has to decide on it, and nobody has.
_DECIDED = exists().where(EntryDecision.entry_id == EvidenceEntry.id).correlate(EvidenceEntry)
WAITS = and_(EvidenceEntry.kind == Kind.OUTSIDE.value, ~_DECIDED)


@dataclass(frozen=True)
class Seen:
    """What somebody observed: which indicators (as "2a"), where, and what it shows."""

    competency: str
    indicators: Sequence[str]
    words: str
    situation: str
    happened_on: date | None
    partner_voice: bool = False
    beyond_own_team: bool = False


def enter_outside(
    session: Session, actor: Actor, *, competency: str, words: str, happened_on: date | None,
    file: Received | None = None,
) -> str:  # fmt: skip
    """Put forward what the actor learned elsewhere; it counts once somebody has accepted it. Returns its ref."""
    require(actor, "evidence.enter")
    faults = _faults(session, actor, competency, words, happened_on)
    if faults:
        raise Invalid(N_("Nothing was recorded."), faults)
    entry = _enter(
        session, actor, person_id=actor.person_id, kind=Kind.OUTSIDE.value, competency=competency,
        words=words.strip(), happened_on=happened_on,
    )  # fmt: skip
    if file is not None:
        session.add(EntryFile(entry_id=entry.id, upload_id=keep_upload(session, actor, file).id))
    return entry.ref


def observe(session: Session, actor: Actor, *, person: str, seen: Seen) -> str:
    """Record what the actor saw somebody do who reports to them; it counts at once. `person` is a ref.

    Raises NotFound out of scope, Invalid with the fields that are wrong.
    """
    require(actor, "evidence.observe")
    person_id = find_person(session, actor, "evidence.observe", person)
    faults = _faults(session, actor, seen.competency, seen.words, seen.happened_on)
    known = indicator_codes(session, seen.competency)
    if not seen.indicators or not set(seen.indicators) <= set(known):
        faults["indicators"] = N_("Tick at least one thing that you saw.")
    if not seen.situation.strip() or len(seen.situation.strip()) > SITUATION_LIMIT:
        faults["situation"] = N_("Name the situation in a few words, at most 80 characters: two of a kind count once.")
    if faults:
        raise Invalid(N_("Nothing was recorded."), faults)
    words = seen.words.strip()
    entry = _enter(
        session, actor, person_id=person_id, kind=Kind.OBSERVATION.value, competency=seen.competency, words=words,
        happened_on=seen.happened_on, indicators=" ".join(sorted(set(seen.indicators))),
        situation=seen.situation.strip(), partner_voice=seen.partner_voice, beyond_own_team=seen.beyond_own_team,
    )  # fmt: skip
    _accept(session, actor, entry, words, _role(session, actor, person_id))
    return entry.ref


def equate(session: Session, actor: Actor, *, record: str, words: str, happened_on: date | None) -> str:
    """Take something as equal to the course of an enrolment (its ref), for each competency that the course names.

    Raises NotFound out of scope, Forbidden for oneself, Invalid with the fields that are wrong.
    """
    require(actor, "evidence.equate")
    row = session.execute(
        select(Enrolment.person_id.label("person_id"), CourseVersion)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CURRENT_VERSION)
        .where(Enrolment.ref == record, reaches_person(actor, "evidence.equate"))
    ).first()
    if row is None:
        raise NotFound()
    if row.person_id == actor.person_id:
        raise Forbidden(_OWN)
    faults = _word_faults(actor, words, happened_on)
    if faults:
        raise Invalid(N_("Nothing was recorded."), faults)
    competencies = row.CourseVersion.competencies
    entry = _enter(
        session, actor, person_id=row.person_id, kind=Kind.EQUIVALENCY.value, competency=next(iter(competencies)),
        words=words.strip(), happened_on=happened_on, version_id=row.CourseVersion.id,
    )  # fmt: skip
    for competency, level in competencies.items():
        _accept(session, actor, entry, words.strip(), Role.HR_OFFICER.value, competency, level)
    return entry.ref


def decide_entry(session: Session, actor: Actor, *, ref: str, accepted: bool, reason: str) -> None:
    """Accept what somebody learned elsewhere, or say why not. Raises NotFound, Forbidden, Invalid or Conflict."""
    require(actor, "evidence.decide")
    row = session.execute(
        select(EvidenceEntry, FactText.text)
        .outerjoin(FactText, FactText.fact_ref == EvidenceEntry.ref)
        .join(Person, Person.id == EvidenceEntry.person_id)
        .where(EvidenceEntry.ref == ref, EvidenceEntry.kind == Kind.OUTSIDE.value)
        .where(reaches_entry(actor, "evidence.decide"))
    ).first()
    if row is None:
        raise NotFound()
    entry = row.EvidenceEntry
    if entry.person_id == actor.person_id:
        raise Forbidden(_OWN)
    reason = reason.strip()
    if not accepted and (faults := reason_faults(reason)):
        raise Invalid(N_("Nothing was decided."), faults)
    decision, role = new_ref(), _role(session, actor, entry.person_id)
    if not insert_once(
        session, EntryDecision, ref=decision, entry_id=entry.id, accepted=accepted, decided_by=actor.person_id,
        decided_as=role, recorded_at=actor.at, reason_hash=keep_text(session, decision, reason),
    ):  # fmt: skip
        raise Conflict(N_("Somebody has decided on this already. Nothing was changed."))
    audit(session, actor, "evidence.decide", "entry", ref)
    _tell(session, actor, entry.person_id, ref, ACCEPTED if accepted else REFUSED)
    if accepted:
        _accept(session, actor, entry, row.text or "", role)


def reaches_entry(actor: Actor, action: str) -> ColumnElement[bool]:
    """A condition on `EvidenceEntry` and its `Person`: one's own, as HR, what waits, what the actor decided or entered,
    and as line manager what was recorded since the person has reported to the actor: what a former manager decided is
    not the next one's to read, nor a deputy's."""
    theirs = aliased(EntryDecision)
    decided = exists().where(theirs.entry_id == EvidenceEntry.id, theirs.decided_by == actor.person_id)
    by_them = or_(EvidenceEntry.entered_by == actor.person_id, decided)
    line = exists().where(reports_to(actor.person_id, actor.today), ReportingLine.person_id == Person.id)
    since = line.where(ReportingLine.started_on <= EvidenceEntry.recorded_at)
    return and_(
        reaches_person(actor, action),
        or_(Person.id == actor.person_id, reaches_person(actor, "evidence.equate"), WAITS, since, by_them),
    )


def withdraw_entry(session: Session, actor: Actor, *, ref: str, reason: str) -> None:
    """Withdraw the evidence of an entry: HR of the scope, or the manager who confirmed it.

    Raises NotFound out of scope, Forbidden for oneself, Invalid without a reason, Conflict when it is withdrawn.
    """
    require(actor, "evidence.decide")
    query = (
        select(
            Evidence.person_id.label("person_id"),
            Evidence.confirmed_by,
            reaches_person(actor, "evidence.equate").label("as_hr"),
        )
        .join(EvidenceEntry, EvidenceEntry.ref == Evidence.source_ref)
        .join(Person, Person.id == Evidence.person_id)
        .where(EvidenceEntry.ref == ref, reaches_entry(actor, "evidence.decide"))
    )
    row = session.execute(query).first()
    if row is None:
        raise NotFound()
    if row.person_id == actor.person_id:
        raise Forbidden(_OWN)
    if not row.as_hr and row.confirmed_by != actor.person_id:
        raise Forbidden(N_("Somebody else confirmed this. Ask them, or HR."))
    if not withdraw_evidence(session, actor, source_ref=ref, reason=reason):
        raise Conflict(N_("This is withdrawn already. Nothing was changed."))
    _tell(session, actor, row.person_id, ref, WITHDRAWN)


def indicator_codes(session: Session, competency: str) -> list[str]:
    """The indicators of a competency as "2a", in their order; empty for one that the framework does not have."""
    framework = current_framework(session)
    known = next((one for one in framework["competencies"] if one["code"] == competency), None)
    return [code for code, _, _ in list_indicators(known)] if known else []


def _enter(session: Session, actor: Actor, *, words: str, **values: Any) -> EvidenceEntry:
    ref = new_ref()
    entry = EvidenceEntry(
        ref=ref, entered_by=actor.person_id, recorded_at=actor.at, words_hash=keep_text(session, ref, words), **values
    )
    session.add(entry)
    session.flush()
    audit(session, actor, "evidence.enter", "entry", ref)
    return entry


def _tell(session: Session, actor: Actor, person_id: int, ref: str, outcome: str) -> None:
    news = News(person_id, f"{Mailed.ENTRY_SETTLED}:{ref}:{outcome}", {"entry": ref, "outcome": outcome})
    add_mails(session, Mailed.ENTRY_SETTLED, [news], actor.at)


def _accept(
    session: Session, actor: Actor, entry: EvidenceEntry, words: str, role: str, competency: str = "", level: int = 1
) -> None:
    record_evidence(
        session, actor, person_id=entry.person_id, competency=competency or entry.competency, kind=Kind(entry.kind),
        level_aimed_at=level, source_ref=entry.ref, version_id=entry.version_id, confirmed_by=actor.person_id,
        confirmed_as=role, effective_at=datetime.combine(entry.happened_on, time(), UTC), situation=entry.situation,
        partner_voice=entry.partner_voice, beyond_own_team=entry.beyond_own_team, words=words,
    )  # fmt: skip


def _role(session: Session, actor: Actor, person_id: int) -> str:
    """In which role the actor decides about the person."""
    line = reports_to(actor.person_id, actor.today), ReportingLine.person_id == person_id
    as_manager, as_deputy = exists().where(*line), stands_in(actor.person_id, person_id, actor.today)
    role = case((as_manager, Role.LINE_MANAGER.value), (as_deputy, Role.DEPUTY.value), else_=Role.HR_OFFICER.value)
    return str(session.scalar(select(role)))


def find_person(session: Session, actor: Actor, action: str, ref: str) -> int:
    found = session.scalar(select(Person.id).where(Person.ref == ref, reaches_person(actor, action)))
    if found is None:
        raise NotFound()
    if found == actor.person_id:
        raise Forbidden(_OWN)
    return found


def _faults(session: Session, actor: Actor, competency: str, words: str, happened_on: date | None) -> dict[str, str]:
    faults = _word_faults(actor, words, happened_on)
    if not indicator_codes(session, competency):
        faults["competency"] = N_("Choose a competency.")
    return faults


def _word_faults(actor: Actor, words: str, happened_on: date | None) -> dict[str, str]:
    faults = {}
    if not words.strip() or len(words.strip()) > WORDS_LIMIT:
        faults["words"] = N_("Say what it was, in up to 1,000 characters.")
    if happened_on is None or happened_on > actor.today:
        faults["happened_on"] = N_("Give the day on which it was; it cannot be still to come.")
    return faults
