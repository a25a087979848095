"""Plain-text mails: through the server of LMS_MAIL_URL, or as files in instance/mail/ where there is none."""

import logging
import re
import smtplib
import ssl
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, default
from email.utils import format_datetime, formataddr, make_msgid, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import email_validator
from flask import Flask, current_app
from flask_security import MailUtil
from flask_security.mail_util import EmailValidateException

from lms.errors import ConfigurationError, Invalid

SECONDS = 15
PORTS = {"smtp": 587, "smtps": 465}
# Lines of up to 900 characters: the usual 78 would break links, and whoever opens a file could not copy them.
BY_SMTP = SMTP.clone(max_line_length=900)
AS_FILE = default.clone(max_line_length=900, cte_type="8bit")
LOOPBACK = ("127.0.0.1", "::1", "localhost")
_log = logging.getLogger(__name__)
_EXAMPLE = "smtp://user:password@mail.example.org:587"


@dataclass(frozen=True)
class MailServer:
    """Where mails are handed over; `tls` from the first byte (smtps), else STARTTLS where offered."""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Mail:
    """One plain-text mail."""

    to: str
    subject: str
    text: str


def parse_mail_url(url: str) -> MailServer | None:
    """Read LMS_MAIL_URL; None when it is empty. Raises ConfigurationError, which never repeats the password."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ConfigurationError(f"LMS_MAIL_URL cannot be read ({error}). It looks like {_EXAMPLE}") from None
    if parts.scheme not in PORTS:
        raise ConfigurationError(
            f"LMS_MAIL_URL begins with {parts.scheme or 'nothing'}:// where smtp:// or smtps:// "
            f"is needed. It looks like {_EXAMPLE}"
        )
    if not host:
        raise ConfigurationError(f"LMS_MAIL_URL names no server. It looks like {_EXAMPLE}")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ConfigurationError(
            "LMS_MAIL_URL goes on after the port. Write / ? # @ and : of a password as %2F %3F %23 %40 and %3A."
        )
    return MailServer(
        host,
        port or PORTS[parts.scheme],
        parts.scheme == "smtps",
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


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
    """Sends mails for one application."""

    def __init__(self, app: Flask, settings: dict[str, str]) -> None:
        self.server = parse_mail_url(settings["LMS_MAIL_URL"])
        self.sender = settings["LMS_MAIL_FROM"]
        self.folder = Path(app.instance_path, "mail")
        if "@" not in parseaddr(self.sender)[1]:
            raise ConfigurationError("LMS_MAIL_FROM is not an e-mail address. It looks like learning@example.org")
        self._later = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")

    def send(self, mails: Sequence[Mail]) -> list[bool]:
        """Hand mails over in one connection; True for each that the server took.

        Without a server each is written to instance/mail/, and that is a False: nobody has received it.
        """
        if self.server is None:
            for mail in mails:
                self._write(mail)
            return [False for _ in mails]
        with self._connection(self.server) as smtp:
            return [self._hand_over(smtp, mail) for mail in mails]

    def greet(self) -> None:
        """Connect and sign in to the server, and send nothing. Raises OSError or SMTPException."""
        if self.server is not None:
            with self._connection(self.server) as smtp:
                smtp.noop()

    def send_later(self, mail: Mail) -> None:
        """Send from a thread: an answer that waited for the mail server would tell which addresses have accounts."""
        self._later.submit(self._send_logged, mail)

    def finish(self) -> None:
        """Wait until what was sent later is sent."""
        self._later.submit(lambda: None).result()

    def _send_logged(self, mail: Mail) -> None:
        try:
            self.send([mail])
        except (OSError, smtplib.SMTPException) as error:
            _log.error("A mail (%s) was not sent: %s. Is LMS_MAIL_URL right?", mail.subject, error)

    def _connection(self, server: MailServer) -> smtplib.SMTP:
        if server.tls:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
            smtp.ehlo()
            if smtp.has_extn("starttls"):
                smtp.starttls(context=ssl.create_default_context())
            elif server.user and server.host not in LOOPBACK:
                smtp.close()
                raise smtplib.SMTPException("the server offers no encryption, so the password was not sent to it")
        if server.user:
            smtp.login(server.user, server.password)
        return smtp

    def _hand_over(self, smtp: smtplib.SMTP, mail: Mail) -> bool:
        try:
            smtp.send_message(self._message(mail, BY_SMTP))
        except smtplib.SMTPException as error:
            _log.error("The mail server refused a mail (%s): %s", mail.subject, error)
            return False
        return True

    def _message(self, mail: Mail, how: "EmailPolicy[EmailMessage]") -> EmailMessage:
        name, address = parseaddr(self.sender)
        message = EmailMessage(policy=how)
        message["From"] = formataddr((name or "Partnership Learning", address))
        message["To"] = mail.to
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"  # so that no absence notice answers it
        message.set_content(mail.text)
        return message

    def _write(self, mail: Mail) -> None:
        """Mails hold links that let people in, so only the owner may read the files."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        path = self.folder / f"{moment}-{re.sub(r'[^A-Za-z0-9@._+-]', '_', mail.to)}.eml"
        path.touch(mode=0o600)
        path.write_bytes(self._message(mail, AS_FILE).as_bytes())


def init(app: Flask, settings: dict[str, str]) -> None:
    """Give the application its mailer. Raises ConfigurationError for settings that cannot work."""
    app.extensions["host_mailer"] = Mailer(app, settings)


def send(app: Flask, to: str, subject: str, text: str) -> bool:
    """Send one mail now; True when a mail server took it, False when it became a file."""
    mailer: Mailer = app.extensions["host_mailer"]
    return mailer.send([Mail(to, subject, text)])[0]


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
