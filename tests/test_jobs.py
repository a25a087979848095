"""The worker at work: on both databases, with a real mail server; what it sends, what it does not, and why."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from lms.delivery.mail import Folder
from lms.jobs import PERIODIC
from lms.models import FactText, JobAttempt, Mail, MailEvent, Person, Post
from lms.permissions import operator
from lms.services import announcing, jobs, mails
from lms.services.assignments import withdraw_assignment
from lms.services.jobs import LEASE
from lms.services.profile import save_profile
from tests import world
from tests.services import steps
from tests.working import errors, events, left, make_worker

NOW = world.NOW
ASSIGNED = ("course_assigned", "amina")


def test_who_is_asked_a_course_is_told_once(database, who, server) -> None:
    steps.assign(database, who("ingrid"), unit="EAST", due_on=world.DUE, mandatory=True)
    worker = make_worker(database, server.port)
    assert worker.run(once=True) == 1 + len(PERIODIC) + 4  # the announcement, what is done every day, the mails
    assert {mail["To"] for mail in server.mails} == {f"{n}@lantern.example" for n in ("kofi", "amina", "wei", "nadia")}
    assert len(set(server.ids)) == 4
    assert set(map(tuple, events(database).values())) == {("sending", "sent")}
    assert worker.run(once=True) == 0
    assert left(database) == []


def test_the_words_of_a_mail(database, who, server) -> None:
    steps.assign(database, who("kofi"), "amina", due_on=world.DUE, mandatory=True)
    make_worker(database, server.port).run(once=True)
    (mail,) = server.mails
    assert mail["Subject"] == "A course for you: Why we partner"
    assert mail["From"] == "Learning <learning@lantern.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, html = (part.get_content() for part in mail.iter_parts())
    assert "Hello Amina Diallo,\n\n" in plain
    assert "It is mandatory for you." in plain
    assert "by Dec 31, 2026." in plain
    link = "https://learn.lantern.example/learn/courses/basics"
    assert f"\n\n{link}\n" in plain
    assert f'<a href="{link}">{link}</a>' in html
    assert '<html lang="en" dir="ltr">' in html


def test_a_mail_is_in_the_persons_language(database, who, server) -> None:
    steps.assign(database, who("kofi"), "amina", due_on=world.DUE)
    with database.transaction() as session:
        save_profile(session, who("amina"), display_name="Amina <Diallo>", language="fr", known={"fr"})
    make_worker(database, server.port).run(once=True)
    plain, html = (part.get_content() for part in server.mails[0].iter_parts())
    assert "31 déc. 2026" in plain
    assert "Bonjour Amina <Diallo>" in plain
    assert "Amina &lt;Diallo&gt;" in html
    assert '<html lang="fr" dir="ltr">' in html
    with database.read() as session:
        assert session.scalars(select(MailEvent.language).where(MailEvent.event == "sending")).all() == ["fr"]


def change(database, statement) -> None:
    with database.transaction() as session:
        session.execute(statement)


def leave(database, who) -> None:
    amina = who("amina").person_id
    change(database, update(Post).where(Post.person_id == amina).values(ended_on=world.TODAY))


def set_address(address):
    def act(database, who) -> None:
        change(database, update(Person).where(Person.id == who("amina").person_id).values(work_email=address))

    return act


def take_back(database, who) -> None:
    with database.transaction() as session:
        ref = session.scalar(text("SELECT ref FROM lms_assignments"))
        withdraw_assignment(session, who("kofi"), ref=ref)


def erase(database, _who) -> None:
    with database.transaction() as session:
        refs = session.scalars(select(Mail.ref)).all()
        session.query(FactText).where(FactText.fact_ref.in_(refs)).delete()


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (leave, "left"), (set_address(None), "no_address"), (set_address("amina"), "bad_address"),
        (take_back, "not_true"), (erase, "erased"), (set_address("a@b.example\nBcc: all@b.example"), "bad_address"),
        (set_address("a@b.example,all@b.example"), "bad_address"),
    ],
)  # fmt: skip
def test_what_happened_meanwhile_keeps_a_mail_back_and_the_reason_is_kept(database, who, server, act, reason) -> None:
    steps.assign(database, who("kofi"), "amina")
    with database.transaction() as session:
        claim = jobs.claim_job(session, operator(NOW), worker="first")
        announcing.announce_assignment(session, operator(NOW), payload=claim.payload, after=0)
        jobs.finish_job(session, operator(NOW), claim)
    act(database, who)
    make_worker(database, server.port).run(once=True)
    assert server.mails == []
    assert list(events(database).values()) == [[f"not_sent {reason}"]]
    assert left(database) == []


def test_old_news_is_not_told(database, who, server) -> None:
    steps.assign(database, who("kofi"), "amina")
    make_worker(database, server.port, at=NOW + timedelta(days=15)).run(once=True)
    assert (server.mails, events(database)) == ([], {})
    with database.transaction() as session:
        mails.add_mails(session, mails.Kind.COURSE_ASSIGNED, [mails.News(who("amina").person_id, "k")], NOW)
    make_worker(database, server.port, at=NOW + timedelta(days=15)).run(once=True)
    assert (server.mails, events(database)) == ([], {ASSIGNED: ["not_sent too_old"]})


def test_an_address_that_the_server_refuses_for_good_is_recorded_and_the_others_are_sent(database, who, server) -> None:
    server.refuses = {"amina@lantern.example": "550 nobody here"}
    steps.assign(database, who("kofi"), "amina", "wei")
    make_worker(database, server.port).run(once=True)
    assert events(database)[ASSIGNED] == ["sending", "not_sent refused"]
    assert [mail["To"] for mail in server.mails] == ["wei@lantern.example"]


def test_a_server_that_is_busy_is_asked_again_later(database, who, server) -> None:
    server.refuses = {"amina@lantern.example": "451 later"}
    steps.assign(database, who("kofi"), "amina", "wei")
    make_worker(database, server.port).run(once=True)
    assert events(database)[ASSIGNED] == ["sending", "put_off"]
    assert errors(database) == ["SMTPRecipientsRefused 451"]
    server.refuses = {}
    make_worker(database, server.port, at=NOW + timedelta(seconds=59)).run(once=True)
    assert len(server.mails) == 1
    make_worker(database, server.port, at=NOW + timedelta(minutes=1)).run(once=True)
    assert events(database)[ASSIGNED] == ["sending", "put_off", "sending", "sent"]


@pytest.mark.parametrize("moment", ["DATA", "TAKEN"])
def test_a_mail_in_doubt_is_sent_again_under_its_message_id_and_the_doubt_is_kept(
    database, who, server, moment
) -> None:
    """The worker dies while the server has the mail, before or after it took it; nobody can know which."""
    steps.assign(database, who("kofi"), "amina")
    dying = make_worker(database, server.port)
    send = dying.carrier.send

    def die(message) -> None:
        if moment == "TAKEN":
            send(message)
        raise KeyboardInterrupt

    dying.carrier.send = die  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        dying.run(once=True)
    assert events(database) == {ASSIGNED: ["sending"]}
    make_worker(database, server.port).run(once=True)  # the lease still holds
    assert events(database) == {ASSIGNED: ["sending"]}
    make_worker(database, server.port, at=NOW + LEASE).run(once=True)
    assert events(database) == {ASSIGNED: ["sending", "perhaps_sent", "sending", "sent"]}
    assert len(server.mails) == (2 if moment == "TAKEN" else 1)
    assert len(set(server.ids)) == 1
    assert len({mail.as_bytes() for mail in server.mails}) == 1


@pytest.mark.parametrize("moment", ["RCPT", "DATA", "TAKEN"])
def test_a_line_that_breaks_in_the_middle_is_a_doubt(database, who, server, moment) -> None:
    steps.assign(database, who("kofi"), "amina")
    server.breaks_at = moment
    make_worker(database, server.port).run(once=True)
    server.breaks_at = ""
    make_worker(database, server.port, at=NOW + timedelta(minutes=1)).run(once=True)
    assert events(database) == {ASSIGNED: ["sending", "perhaps_sent", "sending", "sent"]}
    assert len(server.mails) == (1 if moment == "RCPT" else 2)
    assert len(set(server.ids)) == 1


def test_where_there_is_no_server_mails_are_files_and_called_so(database, who, tmp_path) -> None:
    steps.assign(database, who("kofi"), "amina")
    make_worker(database, 0, carrier=Folder(tmp_path / "mail")).run(once=True)
    (path,) = (tmp_path / "mail").glob("*.eml")
    assert "To: amina@lantern.example" in path.read_text(encoding="utf-8")
    assert events(database) == {ASSIGNED: ["sending", "kept"]}


def test_newcomers_of_a_unit_are_told_and_nobody_again(database, who, server, tmp_path) -> None:
    steps.assign(database, who("ingrid"), unit="EAST")
    make_worker(database, server.port).run(once=True)
    before, later = len(server.mails), NOW + timedelta(hours=1)
    text_ = "given_name,family_name,work_email,unit_code\nAna,Ruiz,ana@x.example,KE"
    world.take_people(database, tmp_path, text_, later)
    make_worker(database, server.port, at=later).run(once=True)
    assert [mail["To"] for mail in server.mails[before:]] == ["ana@x.example"]


def test_a_big_unit_is_told_in_slices_and_a_worker_that_is_asked_to_stop_gives_the_rest_back(
    database, who, server, monkeypatch
) -> None:
    monkeypatch.setattr(announcing, "WRITTEN_AT_ONCE", 2)
    steps.assign(database, who("ingrid"), unit="EAST")
    answers = iter([False, True, True])
    assert make_worker(database, server.port, is_stopping=lambda: next(answers)).run() == 1
    assert len(events(database)) == 2
    make_worker(database, server.port).run(once=True)
    assert len(server.mails) == len(set(server.ids)) == 4


def test_a_job_of_an_unknown_kind_fails_and_the_worker_goes_on(database, who, server) -> None:
    with database.transaction() as session:
        jobs.add_job(session, "of a newer program", {}, NOW - timedelta(days=1))
    steps.assign(database, who("kofi"), "amina")
    make_worker(database, server.port).run(once=True)
    assert errors(database) == ["KeyError"]
    assert len(server.mails) == 1


def test_a_worker_says_who_it_is(database, server) -> None:
    make_worker(database, server.port, name="machine:17").run(once=True)
    with database.read() as session:
        assert session.scalars(select(JobAttempt.worker)).all() == ["machine:17"] * len(PERIODIC)
