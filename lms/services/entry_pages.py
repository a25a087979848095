"""The pages of entries: what waits and what was decided, and the checklist of an observation."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, select
from sqlalchemy.orm import Session, aliased

from lms.errors import NotFound
from lms.models import (
    EntryDecision,
    EntryFile,
    Evidence,
    EvidenceEntry,
    EvidenceWithdrawal,
    FactText,
    Person,
    Upload,
    UploadBody,
)
from lms.permissions import Actor, require
from lms.rules.frameworks import moves_of, sources_of
from lms.rules.needs import Kind
from lms.services.entries import WAITS, find_person, reaches_entry
from lms.services.framework import current_framework, list_indicators
from lms.services.proofs import WITHDRAWN_ITSELF
from lms.services.scope import reaches_person
from lms.services.uploads import Content, as_content, select_content


@dataclass(frozen=True)
class Observation:
    """Whom an observation is about, and what can be ticked."""

    name: str
    competencies: list[dict[str, Any]]

    def indicators(self, competency: str) -> list[tuple[str, str]]:
        """The codes and texts of a competency's indicators; none for one that is not known."""
        known = next((one for one in self.competencies if one["code"] == competency), None)
        return [(code, f"{code} {text}") for code, _, text in list_indicators(known)] if known else []


def get_observation(session: Session, actor: Actor, *, person: str) -> Observation:
    """Somebody who reports to the actor; NotFound for everybody else. Three queries."""
    require(actor, "evidence.observe")
    person_id = find_person(session, actor, "evidence.observe", person)
    name = session.scalar(select(Person.display_name).where(Person.id == person_id)) or ""
    framework = current_framework(session)
    return Observation(name, framework["competencies"])


@dataclass(frozen=True)
class EntryView:
    """An entry as those see it who decide on it, and whoever it is about."""

    ref: str
    kind: str
    name: str
    person: str  # its ref
    competency: str
    words: str
    happened_on: date
    recorded_at: datetime
    accepted: bool | None  # None: it waits
    reason: str
    is_withdrawn: bool
    may_withdraw: bool  # the actor confirmed it, or has it in their scope as HR
    file: str  # its name; "" where there is none, or it was erased


def list_entries(session: Session, actor: Actor, *, own: bool = False) -> list[EntryView]:
    """What waits for the actor's decision, the oldest first, and then what stands or was decided, the newest first;
    one's own entries with `own`. One query."""
    require(actor, "evidence.enter" if own else "evidence.decide")
    reach = Person.id == actor.person_id if own else and_(
        reaches_entry(actor, "evidence.decide"), Person.id != actor.person_id
    )  # fmt: skip
    reason, evidence = aliased(FactText), select(Evidence.source_ref).join(EvidenceWithdrawal, WITHDRAWN_ITSELF)
    query = (
        select(EvidenceEntry, Person.display_name, Person.ref.label("person"), FactText.text)
        .add_columns(EntryDecision.accepted, EntryDecision.decided_by, reason.text.label("reason"))
        .add_columns(EvidenceEntry.ref.in_(evidence).label("gone"), UploadBody.name.label("file"))
        .add_columns(reaches_person(actor, "evidence.equate").label("as_hr"))
        .join(Person, Person.id == EvidenceEntry.person_id)
        .outerjoin(EntryDecision, EntryDecision.entry_id == EvidenceEntry.id)
        .outerjoin(FactText, FactText.fact_ref == EvidenceEntry.ref)
        .outerjoin(reason, reason.fact_ref == EntryDecision.ref)
        .outerjoin(EntryFile, EntryFile.entry_id == EvidenceEntry.id)
        .outerjoin(UploadBody, UploadBody.upload_id == EntryFile.upload_id)
        .where(reach)
        .order_by(case((WAITS, 0), else_=1), case((WAITS, EvidenceEntry.id), else_=-EvidenceEntry.id))
        .limit(200)
    )
    return [_view(row, actor) for row in session.execute(query)]


def list_own(session: Session, actor: Actor, *, framework: dict[str, Any], code: str) -> list[EntryView]:
    """What the actor put forward for a competency, also under the codes that became it. One query."""
    codes = sources_of(code, moves_of(framework))
    mine = list_entries(session, actor, own=True)
    return [entry for entry in mine if entry.kind == Kind.OUTSIDE.value and entry.competency in codes]


def _view(row: Any, actor: Actor) -> EntryView:
    entry = row.EvidenceEntry
    stands = entry.kind != Kind.OUTSIDE.value
    return EntryView(
        entry.ref, entry.kind, row.display_name, row.person, entry.competency, row.text or "", entry.happened_on,
        entry.recorded_at, True if stands else row.accepted, row.reason or "", bool(row.gone),
        row.as_hr or actor.person_id in (row.decided_by, entry.entered_by if stands else None), row.file or "",
    )  # fmt: skip


def get_entry_file(session: Session, actor: Actor, *, ref: str) -> Content:
    """The file of an entry: one's own, and of those on whose entries the actor decides. NotFound for all others."""
    require(actor, "evidence.read")
    query = (
        select_content()
        .join(EntryFile, EntryFile.upload_id == Upload.id)
        .join(EvidenceEntry, EvidenceEntry.id == EntryFile.entry_id)
        .join(Person, Person.id == EvidenceEntry.person_id)
        .where(EvidenceEntry.ref == ref, reaches_entry(actor, "evidence.read"))
    )
    row = session.execute(query).first()
    if row is None:
        raise NotFound()
    return as_content(row)
