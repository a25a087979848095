"""Invitations on their way: written slice by slice, with the host's link, or sent by the host itself."""

from sqlalchemy import select

from lms.delivery.host import Invitation
from lms.errors import Invalid
from lms.models import Job, Mail
from lms.permissions import operator
from lms.services import announcing, mails
from tests import world
from tests.services import steps
from tests.working import events, make_worker

NOW = world.NOW


def invite_amina(database) -> None:
    with database.transaction() as session:
        announcing.invite_later(session, operator(NOW), emails=["amina@lantern.example"])


def test_many_are_invited_slice_by_slice(database, server, monkeypatch) -> None:
    """The transaction that brings them in writes a row for each slice, and no mail."""
    monkeypatch.setattr(announcing, "WRITTEN_AT_ONCE", 2)
    emails = [f"{name}@lantern.example" for name in ("amina", "wei", "kofi", "nadia", "jose")]
    with database.transaction() as session:
        announcing.invite_later(session, operator(NOW), emails=emails)
    with database.read() as session:
        rows = session.scalars(select(Job.payload)).all()
        assert [len(row["people"]) for row in rows] == [2, 2, 1]
        assert "@" not in str(rows)
        assert session.scalars(select(Mail.ref)).all() == []
    host = lambda people: [Invitation(people[0][0], "https://host.example/first", sent=False)]  # noqa: E731
    make_worker(database, server.port, invite=host).run(once=True)
    assert sorted(mail["To"] for mail in server.mails) == sorted(emails)


def told(database) -> list[str]:
    return events(database)["invitation", "amina"]


def test_an_invitation_carries_the_hosts_link_and_no_row_holds_it(database, server) -> None:
    invite_amina(database)
    link = "https://host.example/first/secret-token"
    host = lambda people: [Invitation(email, link, sent=False) for email, _name in people]  # noqa: E731
    make_worker(database, server.port, invite=host).run(once=True)
    assert f"\n\n{link}\n" in server.mails[0].get_body(("plain",)).get_content()
    assert told(database) == ["sending", "sent"]
    assert "secret-token" not in str(steps.contents(database))


def test_the_host_may_have_sent_it_itself_or_have_no_need_to(database, server) -> None:
    def refuse(_people):
        raise Invalid("no address")

    for host, said in (
        (lambda people: [Invitation(people[0][0], "", sent=True)], "sent"), (lambda people: [], "not_sent no_link"),
        (refuse, "not_sent bad_address"),
    ):  # fmt: skip
        with database.transaction() as session:
            news = [mails.News(steps.person(session, "amina").id, said)]
            mails.add_mails(session, mails.Kind.INVITATION, news, NOW)
        make_worker(database, server.port, invite=host).run(once=True)
        assert told(database)[-1] == said
    assert server.mails == []
