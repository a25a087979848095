"""Mails as messages: nothing that is filled in adds a header, a recipient or markup; one mail has one form."""

import email
from datetime import date
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lms.delivery.letters import Letters, Words
from lms.delivery.mail import (
    AS_FILE,
    BY_SMTP,
    Away,
    Folder,
    HostMailer,
    MailServer,
    Refused,
    Smtp,
    Unsure,
    is_address,
    make_message,
)
from lms.extension import _speak
from lms.rules.mails import Kind
from tests import world
from tests.mail_server import mail_server
from tests.working import ADDRESS, SENDER

HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
VALUES: dict[Kind, dict[str, object]] = {
    Kind.INVITATION: {"link": "https://host.example/first/x"},
    Kind.COURSE_ASSIGNED: {"course": "Listening", "path": "/courses/x", "due_on": world.DUE, "mandatory": True},
    Kind.DELEGATION: {
        "manager": "Amina Diallo",
        "first": world.TODAY,
        "last": world.DUE,
        "ended": False,
        "path": "/team",
    },
    Kind.BOTH_RATED: {"path": "/assessments/x", "other": "Amina Diallo"},
    Kind.PEER_ASKED: {"learner": "Amina Diallo", "ends_on": world.DUE, "path": "/peers/x"},
    Kind.MARKED_AGAIN: {"course": "Trust", "path": "/attempts/x/result", "before": 66, "after": 83, "undone": False},
    Kind.LEVEL_LAPSES: {"competency": "Trust", "path": "/levels/PC1", "lapses_on": world.DUE},
    Kind.LEVELS_MOVED: {
        "moved": [{"old": "PC1 Trust", "new": "PC1 Trust", "was": 3, "now": 2, "code": "PC1", "is_same": True}],
        "path": "/levels/PC1",
    },
    Kind.REMINDER: {
        "path": "/",
        "overseen": [],
        "more": 0,
        "can_stop": True,
        "own": [{"course": "Trust", "day": world.DUE, "late": True, "mandatory": True, "renewal": False}],
        "team": [{"course": "Trust", "name": "Li Wei", "day": world.DUE}],
    },
    Kind.ENTRY_SETTLED: {
        "competency": "Trust",
        "path": "/levels/PC1",
        "outcome": "refused",
        "reason": "Another course",
    },
    Kind.PLAN: {"act": "shared", "by": "Amina Diallo", "by_learner": True, "path": "/plans/x"},
    Kind.APPLICATION_DUE: {
        "course": "Trust",
        "path": "/applications/x",
        "due_on": world.DUE,
        "overdue": False,
        "returned": False,
    },
    Kind.REVIEW_ASKED: {
        "course": "Trust",
        "learner": "Amina Diallo",
        "path": "/r/x",
        "reminder": True,
        "for_name": "Kofi",
    },
    Kind.REVIEWED: {
        "course": "Trust",
        "path": "/applications/x",
        "seen": False,
        "comment": "Whom?",
        "other_side": False,
    },
    Kind.CONFIRMATION_WITHDRAWN: {"course": "Trust", "path": "/applications/x", "reason": "Mistaken", "learner": True},
}
FILLED = ("course", "competency", "learner", "by", "comment", "reason")  # by people
INJECTED = "Amina\r\nBcc: all@lantern.example\r\n\r\n<script>alert(1)</script>"


def write(kind: Kind, name: str = "Amina", organisation: str = "Lantern", language: str = "en", **more) -> Words:  # type: ignore[no-untyped-def]
    letters = Letters(_speak, organisation=organisation, address=ADDRESS)
    return letters.write(kind, language, name, VALUES[kind] | more)


def message_of(words: Words, to: str = "amina@lantern.example", how=BY_SMTP):  # type: ignore[no-untyped-def]
    return make_message(
        how, sender=SENDER, to=to, subject=words.subject, text=words.text, html=words.html, at=world.NOW, ref="ref"
    )


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        self.found.append(tag)


@pytest.mark.parametrize("kind", Kind)
@given(name=st.text(), filled=st.text(), organisation=st.text())
@example(name=INJECTED, filled=INJECTED, organisation=INJECTED)
def test_nothing_that_is_filled_in_adds_a_header_or_markup(kind, name, filled, organisation) -> None:
    more = {key: filled for key in VALUES[kind] if key in FILLED}
    words = write(kind, name, organisation, **more)
    assert "\n" not in words.subject
    assert set(_Tags(words.html).found) == {"html", "head", "meta", "title", "body", "p", "a"}
    parsed = email.message_from_bytes(message_of(words).as_bytes(), policy=default)  # type: ignore[arg-type]
    assert parsed.keys() == HEADERS
    assert [address.addr_spec for address in parsed["To"].addresses] == ["amina@lantern.example"]


@given(st.text() | st.emails())
@example("a@b.example, c@d.example")
@example("a@b.example\nBcc: c@d.example")
@example("A <a@b.example>")
@example("a@b.example ")
@example("@b.example")
@example("a@")
def test_an_address_is_taken_for_one_bare_address_or_not_at_all(text) -> None:
    if not is_address(text):
        with pytest.raises(Refused):
            message_of(write(Kind.INVITATION), text)
        return
    (address,) = message_of(write(Kind.INVITATION), text)["To"].addresses
    assert address.addr_spec == text


@given(st.emails())
def test_addresses_as_people_have_them_are_taken(text) -> None:
    assert is_address(text)


@pytest.mark.parametrize("text", ["a@b.example, c@d.example", "A <a@b.example>", "a b@c.example", "", "a", "a@b\n"])
def test_what_is_more_or_less_than_an_address_is_refused(text) -> None:
    assert not is_address(text)


def test_a_subject_of_two_lines_is_refused() -> None:
    with pytest.raises(Refused):
        make_message(
            BY_SMTP, sender=SENDER, to="a@b.example", subject="a\nBcc: c@d.example", text="", at=world.NOW, ref="ref"
        )


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("language", ["en", "fr", "xx"])
def test_the_same_mail_is_the_same_bytes(kind, language) -> None:
    one, other = (message_of(write(kind, language=language)).as_bytes() for _ in range(2))
    assert one == other
    assert b"Message-ID: <ref@lantern.example>" in one


def test_a_language_without_texts_is_english() -> None:
    words = write(Kind.COURSE_ASSIGNED, language="xx")
    assert (words.language, words.subject) == ("en", "A course for you: Listening")
    assert '<html lang="en" dir="ltr">' in words.html


def test_dates_and_texts_are_of_the_language() -> None:
    words = write(Kind.LEVEL_LAPSES, language="fr", lapses_on=date(2027, 2, 1))
    assert words.subject == "Votre niveau en «\u00a0Trust\u00a0» baisse le 1 févr. 2027"
    assert f"\n\n{ADDRESS}/profile\n" in words.text


def test_a_file_holds_a_mail_once_and_for_its_owner(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "mail")
    for _ in range(2):
        folder.send(message_of(write(Kind.INVITATION, name="Zoë")))
    (path,) = (tmp_path / "mail").iterdir()
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert "Hello Zoë," in path.read_text(encoding="utf-8")
    assert message_of(write(Kind.INVITATION), how=AS_FILE)["To"] == "amina@lantern.example"


def test_of_a_hosts_mailer_that_raises_nobody_knows_how_far_it_came() -> None:
    taken = []
    HostMailer(taken.append).send(message_of(write(Kind.INVITATION)))
    assert len(taken) == 1

    def fail(_message) -> None:  # type: ignore[no-untyped-def]
        raise ConnectionError

    def refuse(_message) -> None:  # type: ignore[no-untyped-def]
        raise Refused("nobody of this name")

    with pytest.raises(Refused, match="nobody"):
        HostMailer(refuse).send(message_of(write(Kind.INVITATION)))
    with pytest.raises(Unsure, match="ConnectionError"):
        HostMailer(fail).send(message_of(write(Kind.INVITATION)))
    assert not issubclass(Unsure, Away)


@pytest.mark.parametrize(
    ("answer", "refused"),
    [
        ("550 5.1.1 no such user", Refused),
        ("550 no such user", Refused),
        ("553 5.1.3 not an address", Refused),
        ("554 5.7.1 relay access denied", Away),  # ours to mend, and so the mail waits
        ("504 5.5.2 sender rejected: need a full address", Away),
        ("553 5.1.8 the sender has no domain", Away),
        ("451 4.3.0 later", Away),
    ],
)
def test_only_a_recipient_that_is_not_there_is_refused_for_good(answer, refused) -> None:
    with mail_server() as server:
        server.refuses["amina@lantern.example"] = answer
        line = Smtp(MailServer("127.0.0.1", server.port, False))
        with pytest.raises(refused):
            line.send(message_of(write(Kind.INVITATION)))
        line.close()
