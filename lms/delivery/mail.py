"""Mails on their way out: to the server of LMS_MAIL_URL, into files where there is none, or by a host's own mailer."""

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, default
from email.utils import format_datetime, formataddr, parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from lms.delivery.letters import Letters
from lms.errors import ConfigurationError

SECONDS = 15
# Until the server says that it has taken a mail: whoever hangs up earlier gets it delivered twice (RFC 5321, 4.5.3.2.6
# asks for ten minutes). Less than the lease of the job.
ANSWER_SECONDS = 240
PORTS = {"smtp": 587, "smtps": 465}
# Lines of up to 900 characters: the usual 78 would break links, and whoever opens a file could not copy them.
BY_SMTP: "EmailPolicy[EmailMessage]" = SMTP.clone(max_line_length=900)
AS_FILE: "EmailPolicy[EmailMessage]" = default.clone(max_line_length=900, cte_type="8bit")
LOOPBACK = ("127.0.0.1", "::1", "localhost")
_STATUS = re.compile(r"5\.(\d+)\.(\d+)")
_EXAMPLE = "smtp://user:password@mail.example.org:587"


class Refused(Exception):
    """The server will never take this mail: the address is wrong, or the mail is."""


class Unsure(Exception):
    """The line broke in the middle: perhaps the mail was taken."""


class Away(Exception):
    """The mail was not taken now; later it may be."""


class OutOfReach(Away):
    """There is no line to the server, or it does not let us in: no other mail would be taken now either."""


class Carrier(Protocol):
    """A way out. `arrives` says whether what is sent reaches people."""

    arrives: bool

    def send(self, message: EmailMessage) -> None:
        """Hand one mail over. Raises Refused, Unsure, Away."""

    def greet(self) -> None:
        """Connect, sign in and say NOOP; send nothing. Raises OSError or SMTPException."""

    def close(self) -> None:
        """Let go of the line."""


@dataclass(frozen=True)
class Mailing:
    """How one installation sends: the way out, the words, the sender."""

    carrier: Carrier
    letters: Letters
    sender: str


@dataclass(frozen=True)
class MailServer:
    """Where mails are handed over; `tls` from the first byte (smtps), else STARTTLS where offered."""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)


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


def make_message(
    how: "EmailPolicy[EmailMessage]", *, sender: str, to: str, subject: str, text: str, html: str = "", at: datetime,
    ref: str, stop: str = "",
) -> EmailMessage:  # fmt: skip
    """One mail; its Message-ID and its bytes follow from what is given, so that it can be sent again as the same.

    `stop` is the address that stops mails of its kind, by one click (RFC 8058).
    Raises Refused for an address that is none, and for a subject of more than one line.
    """
    name, own = parseaddr(sender)
    if not is_address(to) or "\n" in subject or "\r" in subject:
        raise Refused("no address, or a subject that is none")
    message = EmailMessage(policy=how)
    message["From"] = formataddr((name or "Partnership Learning", own))
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{ref}@{own.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # so that no absence notice answers it
    if stop:
        message["List-Unsubscribe"] = f"<{stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
        message.set_boundary(f"part-{ref}")
    return message


def is_address(text: str) -> bool:
    """Whether a mail can be addressed so: one bare address, of printable characters alone."""
    if not text.isprintable() or " " in text or text.count("@") != 1:
        return False
    try:
        parsed = Address(addr_spec=text)
    except (ValueError, IndexError, MessageError):  # of the parser, each for some odd texts
        return False
    return bool(parsed.username and parsed.domain)


class Smtp:
    """A mail server; the line is kept from one mail to the next, and opened anew when it broke meanwhile."""

    arrives = True

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self._line: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Hand one mail over. Raises Refused, Unsure, Away."""
        try:
            line = self._open_line()
        except (OSError, smtplib.SMTPException) as error:
            raise OutOfReach(type(error).__name__) from error
        try:
            line.send_message(message)
        except smtplib.SMTPNotSupportedError as error:  # an address in letters that this server does not know
            raise Refused(type(error).__name__) from error
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _refusal(code, said, error) from error
        except smtplib.SMTPSenderRefused as error:  # ours, not theirs: whoever runs this can mend it
            raise Away(type(error).__name__) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code, error.smtp_error, error) from error
        except (OSError, smtplib.SMTPException) as error:
            line.close()
            self._line = None
            raise Unsure(type(error).__name__) from error

    def greet(self) -> None:
        """Connect, sign in and say NOOP; send nothing. Raises OSError or SMTPException."""
        self._open_line().noop()

    def close(self) -> None:
        """Let go of the line."""
        if self._line is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._line.quit()
            self._line = None

    def _open_line(self) -> smtplib.SMTP:
        if self._line is not None:
            with suppress(OSError, smtplib.SMTPException):
                if self._line.noop()[0] == 250:
                    return self._line
            self._line.close()
        self._line = connect(self.server)
        return self._line


def _refusal(code: int, said: bytes | str, error: Exception) -> Exception:
    """Refused where the recipient's address is at fault (RFC 3463: 5.1.x, of which 7 and 8 are the sender's); all else
    whoever runs this can mend, so that the mail waits."""
    status = _STATUS.match(said.decode("ascii", "replace") if isinstance(said, bytes) else said)
    theirs = status[1] == "1" and status[2] not in ("7", "8") if status else code in (550, 551, 553)
    return (Refused if theirs and code >= 500 else Away)(f"{type(error).__name__} {code}")


def connect(server: MailServer) -> smtplib.SMTP:
    """A line to a mail server, signed in. Raises OSError or SMTPException."""
    if server.tls:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=SECONDS, context=ssl.create_default_context()
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        _sign_in(smtp, server)
    except BaseException:
        smtp.close()
        raise
    if smtp.sock is not None:
        smtp.sock.settimeout(ANSWER_SECONDS)
    return smtp


def _sign_in(smtp: smtplib.SMTP, server: MailServer) -> None:
    if not server.tls:
        smtp.ehlo()
        if smtp.has_extn("starttls"):
            smtp.starttls(context=ssl.create_default_context())
        elif server.user and server.host not in LOOPBACK:
            raise smtplib.SMTPException("the server offers no encryption, so the password was not sent to it")
    if server.user:
        smtp.login(server.user, server.password)


class Folder:
    """Files where there is no server. Mails hold links that let people in, so only the owner may read them."""

    arrives = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write one mail; the same mail is the same file."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        moment = message["Date"].datetime.strftime("%Y%m%dT%H%M%SZ")
        parts = (moment, str(message["Message-ID"]).strip("<>").partition("@")[0], message["To"])
        path = self.folder / f"{'-'.join(re.sub(r'[^A-Za-z0-9@._+-]', '_', part) for part in parts)}.eml"
        path.touch(mode=0o600)
        path.write_bytes(message.as_bytes(policy=AS_FILE))

    def greet(self) -> None:
        """Nobody is there to be greeted."""

    def close(self) -> None:
        """Nothing is held."""


class HostMailer:
    """A host's own mailer: a function that takes a message and returns when it is taken, or raises."""

    arrives = True

    def __init__(self, send: Callable[[EmailMessage], None]) -> None:
        self._send = send

    def send(self, message: EmailMessage) -> None:
        """Hand one mail over. Refused and Away are the host's own words; after all else it is Unsure."""
        try:
            self._send(message)
        except (Refused, Away):
            raise
        except Exception as error:
            raise Unsure(type(error).__name__) from error

    def greet(self) -> None:
        """The host knows its own mail server."""

    def close(self) -> None:
        """Nothing is held."""


def find_carrier(url: str, folder: Path) -> Smtp | Folder:
    """The way out of LMS_MAIL_URL, or files where it is empty. Raises ConfigurationError."""
    server = parse_mail_url(url)
    return Smtp(server) if server else Folder(folder)
