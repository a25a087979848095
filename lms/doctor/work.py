"""What is done later: whether a worker does it, and whether mails can go out."""

import smtplib
from datetime import datetime, timedelta

from sqlalchemy import func, inspect, select

from lms.db import Database
from lms.delivery.mail import Carrier, Folder, Smtp
from lms.doctor.finding import Finding, advise, fine, wrong
from lms.models import Job, JobAttempt, JobOutcome

LONG = timedelta(minutes=15)  # three leases: whoever is at work has taken a job meanwhile


def check_mail(carrier: Carrier, greet: bool) -> list[Finding]:
    """Where mails go; asked to greet, whether the server answers and takes the password. No mail is sent."""
    if isinstance(carrier, Folder):
        text = f"there is no mail server: mails are written to {carrier.folder}."
        return [advise("mail", text, "Right for a trial. LMS_MAIL_URL names a server.")]
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
    """Whether jobs wait and nobody comes to do them, and whether some were given up."""
    with database.read() as session:
        if not inspect(session.connection()).has_table(JobOutcome.__tablename__):
            return []  # check_version has said it
        waiting = select(func.count(), func.min(Job.claimable_at)).where(Job.claimable_at <= now - LONG)
        count, since = session.execute(waiting).one()
        seen = session.scalar(select(func.max(JobAttempt.started_at)))
        given_up = (
            select(func.count(func.distinct(Job.id))).join(JobAttempt, JobAttempt.job_id == Job.id)
            .join(JobOutcome, JobOutcome.attempt_id == JobAttempt.id)
            .where(Job.claimable_at.is_(None), JobOutcome.outcome == "gave_up")
        )  # fmt: skip
        failed = session.scalar(given_up) or 0
    found = []
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
