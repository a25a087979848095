"""Which mails somebody wants; apart from `mails`, so that what a mail tells can ask it too."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.models import MailChoice
from lms.rules.mails import OPTIONAL, WEEKLY


def list_choices(session: Session, person_id: int | None) -> dict[str, bool]:
    """Of the kinds of mail that can be switched off, whether the person wants them, as they do until they say no;
    and whether reminders come once a week."""
    newest = select(func.max(MailChoice.id)).where(MailChoice.person_id == person_id).group_by(MailChoice.kind)
    chosen = session.execute(select(MailChoice.kind, MailChoice.wanted).where(MailChoice.id.in_(newest)))
    usual = dict.fromkeys(OPTIONAL, True) | {WEEKLY: False}
    return usual | {kind: wanted for kind, wanted in chosen if kind in usual}
