"""Both sides are told that both are in: once, and whoever is the manager when the mail is sent."""

from datetime import timedelta

from tests import world
from tests.mail_server import mail_server
from tests.services.assessing import both, rate
from tests.services.test_assessments import MOVED
from tests.working import events, make_worker

KIND = "both_rated"


def work(database, at=world.NOW) -> dict[str, str]:
    """Address -> text, of the mails that a worker sends at a moment."""
    with mail_server() as server:
        make_worker(database, server.port, at).run(once=True)
        return {mail["To"]: mail.get_body(("plain",)).get_content() for mail in server.mails}


def test_both_sides_get_one_mail_when_both_are_in(database, who) -> None:
    rate(database, who("amina"), 2)
    assert work(database) == {}
    ref = rate(database, who("kofi"), 1, of=who("amina")).ref
    sent = work(database)
    assert set(sent) == {"amina@lantern.example", "kofi@lantern.example"}
    assert all(f"/assessments/{ref}" in text for text in sent.values())
    assert "You and Amina Diallo have both handed in" in sent["kofi@lantern.example"]
    assert "You and your manager have both handed in" in sent["amina@lantern.example"]
    assert not [text for text in sent.values() if "words of" in text]
    assert work(database) == {}


def test_a_former_manager_gets_no_mail_any_more(database, who, tmp_path) -> None:
    both(database, who("amina"), who("kofi"))
    later = world.NOW + timedelta(days=1)
    world.take_people(database, tmp_path, MOVED, later)
    assert set(work(database, later)) == {"amina@lantern.example"}
    assert events(database)[KIND, "kofi"] == ["not_sent not_true"]
