"""The plain-text mails of the accounts, by the way out that the plugin has too."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import email_validator
from flask import Flask, current_app
from flask_security import MailUtil
from flask_security.mail_util import EmailValidateException

from lms.delivery.mail import BY_SMTP, Away, Refused, Unsure, find_carrier, make_message
from lms.errors import Invalid
from lms.models import new_ref

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Mail:
    """One plain-text mail."""

    to: str
    subject: str
    text: str


def normal_email(address: str) -> str:
    """An e-mail address as it is stored and compared. Raises Invalid.

    Nothing is looked up in the DNS, and names such as `.local` are taken: offices have servers of their own.
    """
    try:
        found = email_validator.validate_email(address.strip(), check_deliverability=False, globally_deliverable=False)
    except ValueError as error:
        raise Invalid("%(address)s is not an e-mail address: %(reason)s", address=address, reason=error) from None
    return found.normalized.lower()


class Mailer:
    """Sends the mails of the accounts; those of learning go through the plugin's worker."""

    def __init__(self, app: Flask, settings: dict[str, str]) -> None:
        self._carrier = find_carrier(settings["LMS_MAIL_URL"], Path(app.instance_path, "mail"))
        self._sender = settings["LMS_MAIL_FROM"]
        self._later = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")

    def send(self, mail: Mail) -> bool:
        """Hand a mail over; True when the server took it.

        Without a server it is written to instance/mail/, and that is a False: nobody has received it.
        """
        now = datetime.now(UTC)
        ref = f"{now:%f}.{new_ref()}"  # the microseconds first: files of one second lie in their order
        try:
            self._carrier.send(
                make_message(
                    BY_SMTP, sender=self._sender, to=mail.to, subject=mail.subject, text=mail.text, at=now, ref=ref
                )
            )  # fmt: skip
        except (Away, Refused, Unsure) as error:
            _log.error("A mail (%s) was not sent: %s. Is LMS_MAIL_URL right?", mail.subject, error)
            return False
        finally:
            self._carrier.close()
        return self._carrier.arrives

    def send_later(self, mail: Mail) -> None:
        """Send from a thread: an answer that waited for the mail server would tell which addresses have accounts."""
        self._later.submit(self.send, mail)

    def finish(self) -> None:
        """Wait until what was sent later is sent."""
        self._later.submit(lambda: None).result()


def init(app: Flask, settings: dict[str, str]) -> None:
    """Give the application its mailer. Raises ConfigurationError for settings that cannot work."""
    app.extensions["host_mailer"] = Mailer(app, settings)


class SecurityMail(MailUtil):
    """Flask-Security's mails and its look at addresses, done by this module."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: Any,
        sender: Any,
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        """Send the rendered text, after the answer has gone out."""
        current_app.extensions["host_mailer"].send_later(Mail(str(recipient), str(subject), body or ""))

    def normalize(self, email: str) -> str:
        """The address as it is stored."""
        try:
            return normal_email(email)
        except Invalid:
            raise EmailValidateException("Write an e-mail address, such as amina@example.org.") from None

    def validate(self, email: str) -> str:
        """The same, where Flask-Security would ask the DNS."""
        return self.normalize(email)
