"""How the worker sends a mail: what it has to know is read, sent, and recorded before and after."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lms.delivery.mail import BY_SMTP, Away, OutOfReach, Refused, Unsure, make_message
from lms.errors import Invalid
from lms.services import mails
from lms.services.jobs import Claim
from lms.services.mails import Letter

if TYPE_CHECKING:
    from lms.jobs.worker import Worker

_log = logging.getLogger(__name__)


def send_mail(worker: "Worker", claim: Claim) -> None:
    """Send one mail, or record why it is not sent."""
    with worker.database.read() as session:
        letter = mails.get_letter(session, worker.actor(), ref=claim.payload["mail"])
    if letter.reason is not None:
        _settle(worker, mails.finish_not_sent, letter, claim, reason=letter.reason)
    elif letter.needs_link:
        _invite(worker, letter, claim)
    elif "review" in letter.values:
        _send(worker, letter, claim, {**letter.values, "path": f"/r/{worker.sign(letter.values['review'])}"})
    else:
        _send(worker, letter, claim, letter.values)


def _invite(worker: "Worker", letter: Letter, claim: Claim) -> None:
    """Ask the host, whose accounts are its own: it gives a link, or has sent a mail itself, or has no need to."""
    try:
        invitations = worker.invite([(letter.address, letter.name)])
    except Invalid:
        _settle(worker, mails.finish_not_sent, letter, claim, reason=mails.BAD_ADDRESS)
        return
    if not invitations:
        _settle(worker, mails.finish_not_sent, letter, claim, reason=mails.NO_LINK)
    elif invitations[0].sent:
        _settle(worker, mails.finish_sent, letter, claim, arrives=True)
    else:
        _send(worker, letter, claim, {"link": invitations[0].link})


def _send(worker: "Worker", letter: Letter, claim: Claim, values: dict[str, Any]) -> None:
    stop = f"/stop/{worker.sign_stop(letter.ref)}" if letter.can_stop else ""
    words = worker.letters.write(letter.kind, letter.language, letter.name, {**values, "stop_path": stop})
    try:
        message = make_message(
            BY_SMTP, sender=worker.sender, to=letter.address, subject=words.subject, text=words.text,
            html=words.html, at=letter.written_at, ref=letter.ref,
            stop=worker.letters.stop_link(stop),
        )  # fmt: skip
    except Refused:
        _settle(worker, mails.finish_not_sent, letter, claim, reason=mails.BAD_ADDRESS)
        return
    with worker.database.transaction() as session:
        letter, claim = mails.begin_sending(session, worker.actor(), letter, claim, language=words.language)
    try:
        worker.carrier.send(message)
    except Refused:
        _settle(worker, mails.finish_not_sent, letter, claim, reason=mails.REFUSED)
    except OutOfReach as error:
        _log.error("The mail server is out of reach (%s); all mail waits for a while.", error)
        _settle(worker, mails.put_off, letter, claim, error=str(error))
    except (Unsure, Away) as error:
        is_unsure = isinstance(error, Unsure)
        _settle(worker, mails.fail_sending, letter, claim, is_unsure=is_unsure, error=str(error))
    else:
        _settle(worker, mails.finish_sent, letter, claim, arrives=worker.carrier.arrives)


def _settle(worker: "Worker", record: Callable[..., None], letter: Letter, claim: Claim, **more: Any) -> None:
    with worker.database.transaction() as session:
        record(session, worker.actor(), letter, claim, **more)
