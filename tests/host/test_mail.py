"""Mails on their way out: through a real server on loopback, and what is said when there is none."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from host_pages import PASSWORD, fill_in

from host import accounts, mailer
from lms.errors import ConfigurationError


class Sink:
    """A mail server on loopback that takes everything and keeps it; `refuses` answers 550 to one address."""

    def __init__(self, refuses: str = "") -> None:
        self.mails: list[str] = []
        self.refuses = refuses
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as wire:
                self._talk(wire)

    def _talk(self, wire) -> None:  # type: ignore[no-untyped-def]
        def say(line: str) -> None:
            wire.write(line.encode() + b"\r\n")
            wire.flush()

        say("220 sink")
        for line in wire:
            verb = line.decode().strip().upper()
            if verb == "DATA":
                say("354 go on")
                self.mails.append(b"".join(iter(wire.readline, b".\r\n")).decode())
                say("250 taken")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                refused = self.refuses and verb.startswith("RCPT") and self.refuses.upper() in verb
                say("550 no such person" if refused else "250 sink")


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server."""
    server = Sink(refuses="gone@partner.example")
    yield server
    server.listener.close()


def test_invitations_go_through_a_mail_server(make, sink: Sink) -> None:  # type: ignore[no-untyped-def]
    app = make(LMS_MAIL_URL=f"smtp://127.0.0.1:{sink.port}", LMS_MAIL_FROM="Learning <learn@example.org>")
    made = accounts.invite(
        app,
        [
            ("sofia@partner.example", "Sofía Reyes"),
            ("gone@partner.example", "Gone"),
            ("jan@partner.example", "Jan Novák"),
        ],
    )
    assert [invitation.sent for invitation in made] == [True, False, True]
    assert len(sink.mails) == 2
    assert "From: Learning <learn@example.org>" in sink.mails[0]
    assert "Auto-Submitted: auto-generated" in sink.mails[0]
    assert not Path(app.instance_path, "mail").exists()


def test_a_reset_goes_through_a_mail_server(make, sink: Sink) -> None:  # type: ignore[no-untyped-def]
    app = make(LMS_MAIL_URL=f"smtp://127.0.0.1:{sink.port}")
    accounts.create_with_password(app, "amina@example.org", "Amina", PASSWORD)
    client = app.test_client()
    fill_in(client, "/password/forgotten", email="amina@example.org")
    app.extensions["host_mailer"].finish()
    assert "To: amina@example.org" in sink.mails[0]


def test_a_mail_server_that_is_away(make, caplog) -> None:  # type: ignore[no-untyped-def]
    """Invitations come back with their links; a reset answers as ever, and the log says what is wrong."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    app = make(LMS_MAIL_URL=f"smtp://127.0.0.1:{port}")
    [invitation] = accounts.invite(app, [("sofia@partner.example", "Sofia")])
    assert not invitation.sent
    assert "/invitation/" in invitation.link
    accounts.create_with_password(app, "amina@example.org", "Amina", PASSWORD)
    answer = fill_in(app.test_client(), "/password/forgotten", email="amina@example.org")
    assert "we have sent a mail" in answer.text
    app.extensions["host_mailer"].finish()
    assert caplog.text.count("Is LMS_MAIL_URL right?") == 2


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://mail.example.org", "begins with http://"),
        ("mail.example.org:587", "where smtp:// or smtps://"),
        ("smtp://", "names no server"),
        ("smtp://user:secret@:25", "names no server"),
        ("smtp://mail.example.org:port", "cannot be read"),
        ("smtp://mail.example.org:99999", "cannot be read"),
        ("smtp://user:se/cret@mail.example.org", "cannot be read"),
        ("smtp://mail.example.org/inbox", "goes on after the port"),
    ],
)
def test_a_bad_mail_url_is_explained_without_the_password(make, url: str, says: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ConfigurationError) as caught:
        make(LMS_MAIL_URL=url)
    assert says in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "se/cret" not in str(caught.value)


def test_a_mail_url_is_read() -> None:
    assert mailer.parse_mail_url("") is None
    assert mailer.parse_mail_url("smtp://mail.example.org") == mailer.MailServer("mail.example.org", 587, False)
    assert mailer.parse_mail_url("smtps://u%40x:p%2Fw@mail.example.org") == mailer.MailServer(
        "mail.example.org", 465, True, "u@x", "p/w"
    )
    assert "p/w" not in repr(mailer.parse_mail_url("smtps://u:p%2Fw@mail.example.org"))


def test_a_bad_sender_is_explained(make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ConfigurationError, match="LMS_MAIL_FROM"):
        make(LMS_MAIL_FROM="nobody")
