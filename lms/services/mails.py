"""Mails: written in the caller's transaction, each with the job that sends it; what becomes of each is appended."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import takewhile
from typing import Any, NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from lms.errors import NotFound
from lms.models import FactText, Job, Mail, MailChoice, MailEvent, Person, Post
from lms.permissions import Actor, require
from lms.rules.mails import OPTIONAL, PARTLY, Event, Kind, Reason, is_stale, rest_after
from lms.services.jobs import Claim, extend_lease, fail_job, finish_job, job_row
from lms.services.mail_choices import list_choices
from lms.services.mail_contents import find_contents
from lms.services.offices import is_open
from lms.services.writing import audit, insert_missing, insert_new, salted_hash

SEND = "send_mail"  # the kind of job
WRITTEN_AT_ONCE = 200
REF_LENGTH = 32
MOST_HEARD = 4  # of as many failures in a row the rest is the longest
# What the worker finds out on the way, beside the reasons that the records know.
BAD_ADDRESS, NO_LINK, REFUSED = Reason.BAD_ADDRESS, Reason.NO_LINK, Reason.REFUSED


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
    salts = {digest(one): (secrets.token_hex(16), json.dumps(one.data, sort_keys=True)) for one in news}
    rows = [
        {
            "ref": digest(one)[:REF_LENGTH], "person_id": one.person_id, "kind": kind, "key": digest(one),
            "written_at": at, "data_hash": salted_hash(*salts[digest(one)]),
        }
        for one in news
    ]  # fmt: skip
    made = insert_new(session, Mail, rows, "ref", "key")
    texts = [{"fact_ref": ref, "salt": salts[key][0], "text": salts[key][1]} for ref, key in made]
    insert_missing(session, FactText, texts)
    insert_missing(session, Job, [job_row(SEND, {"mail": ref}, at) for ref, _key in made])
    return len(made)


def digest(news: News) -> str:
    """What is stored of a key: it does not say what the mail was about once its words are erased. The ref begins it, so
    that a restored backup tells the same news under the same Message-ID."""
    return hashlib.sha256(news.key.encode()).hexdigest()


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
    reason: Reason | None

    @property
    def can_stop(self) -> bool:
        """Whether whoever gets it can stop mails of its kind, or what of it is no duty."""
        return self.kind in OPTIONAL and bool(self.values.get("can_stop", True))

    @property
    def needs_link(self) -> bool:
        """Whether the host has to be asked for the link in it."""
        return self.kind == Kind.INVITATION


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
        values or {}, last == Event.SENDING, reason,
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
    if row.Mail.kind == Kind.REMINDER and not is_open(session, row.Mail.person_id, actor.at):
        return Reason.QUIET
    is_optional = row.Mail.kind in OPTIONAL and row.Mail.kind not in PARTLY
    if is_optional and not list_choices(session, row.Mail.person_id)[row.Mail.kind]:
        return Reason.SWITCHED_OFF
    return None


def begin_sending(
    session: Session, actor: Actor, letter: Letter, claim: Claim, *, language: str
) -> tuple[Letter, Claim]:
    """Record that the dialogue with the mail server is about to begin, and what an earlier one left in doubt; the lease
    begins anew. Raises LeaseLost."""
    require(actor, "jobs.work")
    if letter.is_doubtful:
        _append(session, actor, letter, Event.PERHAPS_SENT)
    _append(session, actor, letter, Event.SENDING, language=language)
    return replace(letter, is_doubtful=False), extend_lease(session, actor, claim)


def finish_sent(session: Session, actor: Actor, letter: Letter, claim: Claim, *, arrives: bool) -> None:
    """The server took it (or a file did, which reaches nobody), and the job is done. Raises LeaseLost."""
    require(actor, "jobs.work")
    _append(session, actor, letter, Event.SENT if arrives else Event.KEPT)
    finish_job(session, actor, claim)


def finish_not_sent(session: Session, actor: Actor, letter: Letter, claim: Claim, *, reason: Reason) -> None:
    """It is not sent, for a reason, and the job is done. Raises LeaseLost."""
    require(actor, "jobs.work")
    if letter.is_doubtful:
        _append(session, actor, letter, Event.PERHAPS_SENT)
    _append(session, actor, letter, Event.NOT_SENT, reason)
    finish_job(session, actor, claim)


def fail_sending(session: Session, actor: Actor, letter: Letter, claim: Claim, *, is_unsure: bool, error: str) -> None:
    """The server did not take it, or the line broke in the middle; the job is tried again. Raises LeaseLost."""
    require(actor, "jobs.work")
    _append(session, actor, letter, Event.PERHAPS_SENT if is_unsure else Event.PUT_OFF)
    fail_job(session, actor, claim, error=error)


def put_off(session: Session, actor: Actor, letter: Letter, claim: Claim, *, error: str) -> None:
    """The server was out of reach: the job is tried again, and until then all mail is left alone for a while. Raises
    LeaseLost."""
    require(actor, "jobs.work")
    _append(session, actor, letter, Event.PUT_OFF, Reason.OUT_OF_REACH)
    fail_job(session, actor, claim, error=error)


class Rest(NamedTuple):
    """Mail is left alone: since the server was last asked, and until when."""

    since: datetime
    until: datetime


def find_rest(session: Session) -> Rest | None:
    """What follows from the last that was heard of the mail server; None when it was in reach."""
    is_heard = or_(MailEvent.event.in_((Event.SENT, Event.PUT_OFF)), MailEvent.reason == Reason.REFUSED)
    newest = select(MailEvent.at, MailEvent.reason).where(is_heard).order_by(MailEvent.id.desc()).limit(MOST_HEARD)
    heard = session.execute(newest).all()
    failures = len(list(takewhile(lambda row: row.reason == Reason.OUT_OF_REACH, heard)))
    return Rest(heard[0].at, heard[0].at + rest_after(failures)) if failures else None


def resting_kinds(session: Session, now: datetime) -> tuple[str, ...]:
    """The kinds of job that nobody is to claim at this moment."""
    rest = find_rest(session)
    return (SEND,) if rest and now < rest.until else ()


def _append(session: Session, actor: Actor, letter: Letter, event: Event, reason: str = "", language: str = "") -> None:
    row = MailEvent(mail_id=letter.mail_id, at=actor.at, event=event, reason=reason, language=language)
    session.add(row)


def choose_mails(session: Session, actor: Actor, *, wanted: Sequence[str]) -> None:
    """Say which of the kinds that can be switched off the actor wants; the others stay as they are."""
    require(actor, "profile.write")
    before = list_choices(session, actor.person_id)
    changed = [kind for kind in before if before[kind] != (kind in wanted)]
    for kind in changed:
        session.add(MailChoice(person_id=actor.person_id, kind=kind, wanted=kind in wanted, chosen_at=actor.at))
        audit(session, actor, "profile.mails", "mail", kind)
