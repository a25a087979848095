"""What is done later: whether a worker does it, and whether mails can go out."""

import smtplib
from datetime import datetime, timedelta
from email.utils import parseaddr

from sqlalchemy import func, inspect, select

from lms.db import Database
from lms.delivery.mail import Carrier, Folder, Smtp
from lms.doctor.finding import Finding, advise, fine, wrong
from lms.models import Job, JobAttempt, JobOutcome
from lms.services.mails import SEND, Rest, find_rest

NOWHERE = ("localhost", "localhost.localdomain")
LONG = timedelta(minutes=15)  # three leases: whoever is at work has taken a job meanwhile


def check_mail(carrier: Carrier, sender: str, greet: bool) -> list[Finding]:
    """Where mails go and who sends them; asked to greet, whether the server answers and takes the password. No mail is
    sent."""
    if isinstance(carrier, Folder):
        text = f"there is no mail server: mails are written to {carrier.folder}."
        return [advise("mail", text, "Right for a trial. LMS_MAIL_URL names a server.")]
    return [*_check_sender(sender), *_check_server(carrier, greet)]


def _check_sender(sender: str) -> list[Finding]:
    address = parseaddr(sender)[1]
    if address.rpartition("@")[2].lower() not in NOWHERE:
        return []
    text = f"mails say that they come from {address}: servers refuse them or take them for spam, and no answer arrives."
    return [advise("mail", text, "Set LMS_MAIL_FROM to an address of yours.")]


def _check_server(carrier: Carrier, greet: bool) -> list[Finding]:
    if not isinstance(carrier, Smtp):
        return [fine("mail", "the host sends them by its own mailer.")]
    name = f"{carrier.server.host}:{carrier.server.port}"
    if not greet:
        return [fine("mail", f"{name} sends them; flask lms doctor --mail asks whether it answers.")]
    try:
        carrier.greet()
    except (OSError, smtplib.SMTPException) as error:
        text = f"{name} does not take mails ({type(error).__name__}): nobody can be invited or choose a new password."
        return [wrong("mail", text, "Does it run, and is LMS_MAIL_URL right?")]
    finally:
        carrier.close()
    return [fine("mail", f"{name} answers.")]


def check_jobs(database: Database, now: datetime) -> list[Finding]:
    """Whether jobs wait and nobody comes to do them, and whether some were given up. Mail that rests is not counted:
    whoever waits for the mail server neither is away nor falls behind."""
    with database.read() as session:
        if not inspect(session.connection()).has_table(JobOutcome.__tablename__):
            return []  # check_version has said it
        rest = find_rest(session)
        resting = [SEND] if rest and now <= rest.until + LONG else []
        waiting = select(func.count(), func.min(Job.claimable_at)).where(Job.claimable_at <= now - LONG)
        waiting = waiting.where(Job.kind.not_in(resting))
        count, since = session.execute(waiting).one()
        seen = session.scalar(select(func.max(JobAttempt.started_at)))
        given_up = (
            select(func.count(func.distinct(Job.id))).join(JobAttempt, JobAttempt.job_id == Job.id)
            .join(JobOutcome, JobOutcome.attempt_id == JobAttempt.id)
            .where(Job.claimable_at.is_(None), JobOutcome.outcome == "gave_up")
        )  # fmt: skip
        failed = session.scalar(given_up) or 0
    found = _tell_rest(rest) if rest else []
    if count and (seen is None or seen < now - LONG):
        last = f"since {seen:%Y-%m-%d %H:%M} UTC" if seen else "yet"
        text = f"{count} have waited since {since:%Y-%m-%d %H:%M} UTC or longer, and no worker has been seen {last}."
        found.append(wrong("jobs", text, "Let `flask lms worker` run beside the server: docs/deployment.md."))
    elif count:
        text = f"{count} have waited since {since:%Y-%m-%d %H:%M} UTC or longer: the workers do not keep up."
        found.append(advise("jobs", text, "Run another `flask lms worker`, here or on another machine."))
    if failed:
        text = f"{failed} were tried again and again, and given up."
        found.append(advise("jobs", text, "An administrator can have them tried again, on the page Jobs."))
    return found or [fine("jobs", "none waits for long.")]


def _tell_rest(rest: Rest) -> list[Finding]:
    text = (
        f"the mail server was out of reach at {rest.since:%Y-%m-%d %H:%M} UTC, or did not take the password. All mail "
        f"waits until {rest.until:%Y-%m-%d %H:%M} UTC, and then the worker asks again."
    )
    return [wrong("jobs", text, "Does it run, and is LMS_MAIL_URL right? flask lms doctor --mail asks it now.")]
