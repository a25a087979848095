"""The signed link by which whoever got a mail stops others of its kind, by one click and without signing in."""

from collections.abc import Sequence
from datetime import datetime

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.errors import NotFound
from lms.models import Mail, Person
from lms.permissions import Actor, Grant, Role
from lms.rules.mails import OPTIONAL
from lms.services.mail_choices import list_choices
from lms.services.mails import choose_mails

_SALT = "lms-stop"
_LONGEST = 500


def sign(keys: str | Sequence[str], mail: str) -> str:
    """The token of a link that stops mails of the kind of this one, for as long as the mail is kept."""
    return str(URLSafeSerializer(keys, salt=_SALT).dumps(mail))


def find_stopper(session: Session, *, keys: str | Sequence[str], token: str, at: datetime) -> tuple[Actor, str]:
    """Whoever got the mail, with no right but over what is theirs, and its kind. NotFound where we signed no such link,
    or the mail is not kept any more."""
    try:
        ref = str(URLSafeSerializer(keys, salt=_SALT).loads(token[:_LONGEST]))
    except BadData:
        raise NotFound() from None
    row = session.execute(
        select(Mail.kind, Person.id, Person.kind.label("of"), Person.display_name, Person.language)
        .join(Person, Person.id == Mail.person_id).where(Mail.ref == ref)
    ).first()  # fmt: skip
    if row is None or row.kind not in OPTIONAL:
        raise NotFound()
    return Actor(row.id, at, (Grant(Role.LEARNER),), row.of, row.display_name, row.language), row.kind


def is_stopped(session: Session, actor: Actor, *, kind: str) -> bool:
    """Whether the actor gets no more mails of the kind."""
    return not list_choices(session, actor.person_id)[kind]


def stop(session: Session, actor: Actor, *, kind: str) -> None:
    """Switch a kind of mail off; the actor's other choices stay."""
    wanted = [one for one, is_wanted in list_choices(session, actor.person_id).items() if is_wanted and one != kind]
    choose_mails(session, actor, wanted=wanted)
