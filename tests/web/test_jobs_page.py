"""The page of jobs in an administrator's words, and the choice of mails in the profile."""

import re
from datetime import timedelta

from sqlalchemy import select

from lms.models import Job, Mail, MailChoice
from lms.permissions import operator
from lms.rules.mails import Kind
from lms.rules.working import MOST_TRIES
from lms.services import jobs
from lms.services.mails import News, add_mails, begin_sending, get_letter
from tests import world
from tests.mail_server import mail_server
from tests.site import Site
from tests.working import make_worker


def shown(page: str) -> list[tuple[str, ...]]:
    """Of each job its heading and its pairs, as somebody reads them."""
    cards = re.findall(r"<article.*?</article>", page, re.DOTALL)
    parts = [re.findall(r"<(?:h2|dd)>(.*?)</(?:h2|dd)>", card) for card in cards]
    return [tuple(" ".join(re.sub("<[^>]*>", "", part).split()) for part in some) for some in parts]


def test_each_state_is_a_list_of_its_own(site: Site) -> None:
    def pages(query: str) -> list[tuple[str, ...]]:
        return [job for page in (1, 2, 3) for job in shown(site.get("sam", f"/jobs?page={page}{query}").text)]

    everything = pages("")
    assert len(everything) > 3
    states = {"waiting": "Waiting", "running": "Under way", "failed": "Failed", "done": "Done"}
    for state, word in states.items():
        assert pages(f"&state={state}") == [job for job in everything if job[1] == word]
    assert pages("&state=nonsense") == everything
    assert "There are none." in site.get("sam", "/jobs?page=9").text


def test_what_became_of_a_mail_is_said_in_words(site: Site) -> None:
    with mail_server() as server:
        server.refuses = {"amina@lantern.example": "451 later", "wei@lantern.example": "550 no"}
        make_worker(site.database, server.port).run(once=True)
    page = site.get("sam", "/jobs").text
    told = {job[2]: job[1:] for job in shown(page) if job[0] == "Send a mail: a course was assigned"}
    assert told["Amina Diallo"][:3] == ("Waiting", "Amina Diallo", "not taken by the mail server yet")
    assert told["Amina Diallo"][-1] == "Nov 23, 2026 9:01 AM UTC"  # the next try
    assert told["Li Wei"][:3] == ("Done", "Li Wei", "not sent: the mail server refused the address")
    assert told["Rosa Quispe"][:3] == ("Done", "Rosa Quispe", "sent")
    assert "did not work; tried again later (<code>SMTPRecipientsRefused 451</code>)" in " ".join(page.split())


def test_a_mail_whose_last_worker_fell_silent_is_in_doubt(site: Site) -> None:
    """Each of its workers dies in the middle, the last one too: nobody comes who could record it."""
    amina = world.actor(site.database, "amina@lantern.example")
    at = world.NOW - timedelta(days=30)  # before everything else that waits
    with site.database.transaction() as session:
        add_mails(session, Kind.INVITATION, [News(amina.person_id or 0, "one")], at)
        ref = session.scalar(select(Mail.ref).order_by(Mail.id.desc()).limit(1))
    for number in range(MOST_TRIES + 1):
        machine = operator(at + number * jobs.LEASE)
        with site.database.transaction() as session:
            claim = jobs.claim_job(session, machine, worker="dying")
            if claim is not None:
                begin_sending(session, machine, get_letter(session, machine, ref=ref), claim, language="en")
    doubt = "perhaps sent: the line or the worker broke in the middle"
    failed = [job[1:4] for job in shown(site.get("sam", "/jobs?state=failed").text) if job[2] == "Amina Diallo"]
    assert failed == [("Failed", "Amina Diallo", doubt)]


def test_a_failed_job_is_tried_again_by_a_button(site: Site) -> None:
    (ref,) = re.findall(r'action="/learn/jobs/([^/"]+)/retry"', site.get("sam", "/jobs?state=failed").text)
    assert site.post("sam", f"/jobs/{ref}/retry", {"form_id": "f"}).location == "/learn/jobs?state=failed"
    again = site.post("sam", f"/jobs/{ref}/retry", {"form_id": "f"})  # a double click
    assert again.status_code == 302
    assert shown(site.get("sam", "/jobs?state=failed").text) == []
    with site.database.transaction() as session:
        claim = jobs.claim_job(session, operator(world.NOW), worker="one")
        assert session.scalar(select(Job.ref).where(Job.id == claim.job_id)) == ref
        assert claim.tries == 1
    assert site.post("sam", f"/jobs/{ref}/retry").status_code == 409
    assert site.post("sam", "/jobs/absent/retry").status_code == 404


def test_people_see_which_mails_they_get_and_switch_one_off(site: Site) -> None:
    page = site.get("amina", "/profile").text
    assert "You always get the invitation to sign in" in page
    assert 'value="level_lapses" checked' in page
    sent = {"display_name": "Amina Diallo", "language": "en"}
    assert site.post("amina", "/profile", sent).status_code == 302
    assert 'value="level_lapses" checked' not in site.get("amina", "/profile").text
    assert site.post("amina", "/profile", {**sent, "mails": "course_assigned"}).status_code == 302
    with site.database.read() as session:
        assert session.scalars(select(MailChoice.kind).order_by(MailChoice.id)).all() == ["level_lapses", "reminder"]
