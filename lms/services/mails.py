"""Mails: written in the caller's transaction, each with the job that sends it; what becomes of each is appended."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from lms.errors import NotFound
from lms.models import FactText, Job, Mail, MailChoice, MailEvent, Person, Post, new_ref
from lms.permissions import Actor, require
from lms.rules.mails import FINAL, OPTIONAL, Event, Kind, Reason, is_stale
from lms.services.jobs import job_row
from lms.services.mail_contents import find_contents
from lms.services.writing import audit, insert_missing, insert_new, salted_hash

SEND = "send_mail"  # the kind of job
WRITTEN_AT_ONCE = 200


@dataclass(frozen=True)
class News:
    """What one person is to be told, once for each key."""

    person_id: int
    key: str
    data: dict[str, Any] = field(default_factory=dict)


def add_mails(session: Session, kind: Kind, news: Sequence[News], at: datetime) -> int:
    """Write mails and the jobs that send them, in the caller's transaction; who was told before is left out.

    Returns how many are new. More than WRITTEN_AT_ONCE belong into several transactions.
    """
    salts = {one.key: (secrets.token_hex(16), json.dumps(one.data, sort_keys=True)) for one in news}
    rows = [
        {
            "ref": new_ref(), "person_id": one.person_id, "kind": kind, "key": one.key, "written_at": at,
            "data_hash": salted_hash(*salts[one.key]),
        }
        for one in news
    ]  # fmt: skip
    made = insert_new(session, Mail, rows, Mail.ref, Mail.key)
    texts = [{"fact_ref": ref, "salt": salts[key][0], "text": salts[key][1]} for ref, key in made]
    insert_missing(session, FactText, texts)
    insert_missing(session, Job, [job_row(SEND, {"mail": ref}, at) for ref, _key in made])
    return len(made)


def add_invitations(session: Session, actor: Actor, *, emails: Sequence[str]) -> int:
    """Write an invitation to each of the people with these addresses, in the transaction that brought them in."""
    require(actor, "people.import")
    ids = session.scalars(select(Person.id).where(Person.work_email.in_(emails)).order_by(Person.id)).all()
    news = [News(number, f"{Kind.INVITATION}:{number}:{actor.at.isoformat()}") for number in ids]
    return add_mails(session, Kind.INVITATION, news, actor.at)


@dataclass(frozen=True)
class Letter:
    """A mail that is to be sent, with everything that its words need; or the reason why it is not."""

    mail_id: int
    ref: str
    kind: str
    written_at: datetime
    address: str
    name: str
    language: str
    values: dict[str, Any]
    is_doubtful: bool  # an earlier try broke in the middle: perhaps it has arrived
    is_settled: bool  # it was sent already, or is not sent at all
    reason: Reason | None


def get_letter(session: Session, actor: Actor, *, ref: str) -> Letter:
    """The mail as things are now: whoever left, took the news back or made it untrue is found here. NotFound."""
    require(actor, "jobs.work")
    row = session.execute(
        select(Mail, Person.work_email, Person.display_name, Person.language, Post.ended_on, FactText.text)
        .join(Person, Person.id == Mail.person_id)
        .outerjoin(Post, and_(Post.person_id == Person.id, Post.is_latest))
        .outerjoin(FactText, FactText.fact_ref == Mail.ref)
        .where(Mail.ref == ref)
    ).first()
    if row is None:
        raise NotFound()
    mail = row.Mail
    last = session.scalar(
        select(MailEvent.event).where(MailEvent.mail_id == mail.id).order_by(MailEvent.id.desc()).limit(1)
    )
    reason = _reason_not_to(session, actor, row)
    values = None
    if reason is None:
        values = find_contents(session, actor, mail.kind, mail.person_id, row.language, json.loads(row.text))
        reason = Reason.NOT_TRUE if values is None else None
    return Letter(
        mail.id, mail.ref, mail.kind, mail.written_at, row.work_email or "", row.display_name, row.language,
        values or {}, last == Event.SENDING, last in FINAL, reason,
    )  # fmt: skip


def _reason_not_to(session: Session, actor: Actor, row: Any) -> Reason | None:
    if row.text is None:
        return Reason.ERASED
    if not row.work_email:
        return Reason.NO_ADDRESS
    if row.ended_on is not None and row.ended_on <= actor.today:
        return Reason.LEFT
    if is_stale(row.Mail.written_at, actor.at):
        return Reason.TOO_OLD
    if row.Mail.kind in OPTIONAL and not list_choices(session, row.Mail.person_id)[row.Mail.kind]:
        return Reason.SWITCHED_OFF
    return None


def record_event(
    session: Session, actor: Actor, *, mail_id: int, event: Event, reason: str = "", language: str = ""
) -> None:
    """Append what became of a mail."""
    require(actor, "jobs.work")
    session.add(MailEvent(mail_id=mail_id, at=actor.at, event=event, reason=reason, language=language))


def list_choices(session: Session, person_id: int | None) -> dict[str, bool]:
    """Of the kinds of mail that can be switched off, whether the person wants them; they do until they say no."""
    newest = select(func.max(MailChoice.id)).where(MailChoice.person_id == person_id).group_by(MailChoice.kind)
    chosen = session.execute(select(MailChoice.kind, MailChoice.wanted).where(MailChoice.id.in_(newest)))
    return {kind: True for kind in OPTIONAL} | {kind: wanted for kind, wanted in chosen if kind in OPTIONAL}


def choose_mails(session: Session, actor: Actor, *, wanted: Sequence[str]) -> None:
    """Say which of the kinds that can be switched off the actor wants; the others stay as they are."""
    require(actor, "profile.write")
    before = list_choices(session, actor.person_id)
    changed = [kind for kind in OPTIONAL if before[kind] != (kind in wanted)]
    for kind in changed:
        session.add(MailChoice(person_id=actor.person_id, kind=kind, wanted=kind in wanted, chosen_at=actor.at))
        audit(session, actor, "profile.mails", "mail", kind)
