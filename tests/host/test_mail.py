"""Mails on their way out: through a real server on loopback, and what is said when there is none."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from host_pages import PASSWORD, fill_in

from host import accounts
from lms.delivery.mail import MailServer as Server
from lms.delivery.mail import parse_mail_url
from lms.errors import ConfigurationError
from tests.mail_server import MailServer, mail_server


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server that knows one address not."""
    with mail_server() as running:
        running.refuses = {"gone@partner.example": "550 no such person"}
        yield running


def test_invitations_go_through_a_mail_server(make, server: MailServer) -> None:  # type: ignore[no-untyped-def]
    app = make(LMS_MAIL_URL=f"smtp://127.0.0.1:{server.port}", LMS_MAIL_FROM="Learning <learn@example.org>")
    sent = {}
    for name in ("sofia", "gone", "jan"):
        [invitation] = accounts.invite_now(app, f"{name}@partner.example", name.title())
        sent[name] = invitation.sent
    assert sent == {"sofia": True, "gone": False, "jan": True}
    assert len(set(server.ids)) == 2
    assert server.mails[0]["From"] == "Learning <learn@example.org>"
    assert server.mails[0]["Auto-Submitted"] == "auto-generated"
    assert not Path(app.instance_path, "mail").exists()


def test_a_reset_goes_through_a_mail_server(make, server: MailServer) -> None:  # type: ignore[no-untyped-def]
    app = make(LMS_MAIL_URL=f"smtp://127.0.0.1:{server.port}")
    accounts.create_with_password(app, "amina@example.org", "Amina", PASSWORD)
    client = app.test_client()
    fill_in(client, "/password/forgotten", email="amina@example.org")
    app.extensions["host_mailer"].finish()
    assert server.mails[0]["To"] == "amina@example.org"


def test_a_mail_server_that_is_away(make, caplog) -> None:  # type: ignore[no-untyped-def]
    """Invitations come back with their links; a reset answers as ever, and the log says what is wrong."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    app = make(LMS_MAIL_URL=f"smtp://127.0.0.1:{port}")
    [invitation] = accounts.invite_now(app, "sofia@partner.example", "Sofia")
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
    assert parse_mail_url("") is None
    assert parse_mail_url("smtp://mail.example.org") == Server("mail.example.org", 587, False)
    assert parse_mail_url("smtps://u%40x:p%2Fw@mail.example.org") == Server("mail.example.org", 465, True, "u@x", "p/w")
    assert "p/w" not in repr(parse_mail_url("smtps://u:p%2Fw@mail.example.org"))


def test_a_bad_sender_is_explained(make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ConfigurationError, match="LMS_MAIL_FROM"):
        make(LMS_MAIL_FROM="nobody")
