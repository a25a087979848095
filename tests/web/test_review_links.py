"""A reviewer's signed link: what it opens, for whom, how often; each refusal has a page that helps."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lms.models import Completion, HandIn, Person, Post, ReportingLine, ReviewDecision, ReviewRequest
from lms.services.completions import withdraw_completion
from lms.services.review_links import sign
from tests import world
from tests.filled import email
from tests.site import Counted, Site, changed

WORDS = "Work of wei"


def link(site: Site, reviewer: str = "amina", at=world.NOW) -> str:
    return "/r/" + sign(world.SIGNING_KEY, site.refs["review"][reviewer], at)


def test_it_opens_the_task_the_evidence_and_the_criteria_and_no_more(site: Site) -> None:
    before = site.checksums()
    with Counted(site.database) as counted:
        page = site.get(None, link(site))
    assert page.status_code == 200
    for text in ("Did you see it in practice?", "Li Wei", "Ask first", WORDS, "Budget talk", "The partner was asked",
                 "Seen in practice", "Not yet", "I cannot judge this", "photo.jpg"):  # fmt: skip
        assert text in page.text
    for text in ("lms-menu", "Sign out", "My page", "Kofi", "%"):
        assert text not in page.text.partition("<main")[2], text
    assert counted.commits == 0
    assert len(counted.statements) <= 3
    assert changed(before, site.checksums()) == set()
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Cache-Control"] == "no-store"


def test_mail_programs_that_look_first_change_nothing(site: Site) -> None:
    before = site.checksums()
    for method in ("GET", "HEAD", "GET", "OPTIONS"):
        assert site.browser(None).open("/learn" + link(site), method=method).status_code == 200
    assert changed(before, site.checksums()) == set()
    assert site.post(None, link(site), {"decision": "seen"}).status_code == 302


def test_one_answer_and_then_what_was_answered(site: Site) -> None:
    answered = site.post(None, link(site), {"decision": "seen", "beyond_own_team": "y"})
    assert answered.location.startswith("/learn/r/")
    page = site.get(None, link(site))
    assert page.status_code == 410
    for text in ("Thank you. Your answer is kept", "Seen in practice", "Sign in and see what waits for you"):
        assert text in page.text
    assert WORDS not in page.text
    before = site.checksums()
    again = site.post(None, link(site), {"decision": "not_yet", "comment": "Changed my mind"})
    assert again.status_code == 410
    assert changed(before, site.checksums()) == set()
    with site.database.read() as session:
        made = session.scalars(
            select(ReviewDecision).join(ReviewRequest).where(ReviewRequest.ref == site.refs["review"]["amina"])
        ).one()
        assert (made.decision, made.by_link, made.beyond_own_team) == ("seen", True, True)


def test_signed_in_as_the_same_person_it_opens_too(site: Site) -> None:
    assert WORDS in site.get("amina", link(site)).text
    assert site.post("amina", link(site), {"decision": "not_yet", "comment": "Whom?"}).status_code == 302


@pytest.mark.parametrize("person", ["wei", "kofi", "ingrid", "sam", "stranger"])
def test_for_another_person(site: Site, person: str) -> None:
    for response in (site.get(person, link(site)), site.post(person, link(site), {"decision": "seen"})):
        assert response.status_code == 403
        assert "This link is for somebody else" in response.text
        assert "Sign out first" in response.text
        assert WORDS not in response.text
    assert site.get(person, f"{link(site)}/files/x").status_code == 404


def test_expired(site: Site) -> None:
    old = link(site, at=world.NOW - timedelta(days=31))
    assert site.get(None, link(site, at=world.NOW - timedelta(days=30))).status_code == 200
    for response in (site.get(None, old), site.post(None, old, {"decision": "seen"})):
        assert response.status_code == 410
        assert "This link is too old" in response.text
        assert "each reminder brings a new link" in response.text


@pytest.mark.parametrize("change", [
    lambda good: good[:-1], lambda good: good[:-9] + ("A" if good[-9] != "A" else "B") + good[-8:],
    lambda good: "x" + good,
    lambda good: good.partition(".")[0], lambda good: good + "0" * 600, lambda good: "absent",
    lambda good: sign("another-key-" + "y" * 32, good, world.NOW),
])  # fmt: skip
def test_altered(site: Site, change) -> None:
    altered = "/r/" + change(link(site).removeprefix("/r/"))
    for response in (site.get(None, altered), site.post(None, altered, {"decision": "seen"})):
        assert response.status_code == 404
        assert "This link is not complete" in response.text
        assert "Open it from the mail itself" in response.text


def test_a_key_that_was_replaced_opens_while_the_host_keeps_it(site: Site) -> None:
    good = link(site)
    site.app.config.update(SECRET_KEY="new-key-" + "n" * 32)
    assert site.get(None, good).status_code == 404
    site.app.config.update(SECRET_KEY_FALLBACKS=[world.SIGNING_KEY])
    assert site.get(None, good).status_code == 200


def test_after_the_manager_changed(site: Site) -> None:
    good = link(site, "ingrid")  # José's, as his line manager
    assert site.get(None, good).status_code == 200
    with site.database.transaction() as session:
        jose = select(Person.id).where(Person.work_email == email("jose")).scalar_subquery()
        kofi = session.scalar(select(Person.id).where(Person.work_email == email("kofi")))
        session.execute(update(ReportingLine).where(ReportingLine.person_id == jose).values(manager_id=kofi))
    before = site.checksums()
    for response in (site.get(None, good), site.post(None, good, {"decision": "seen"})):
        assert response.status_code == 410
        assert "Somebody else is asked now" in response.text
        assert "You need not do anything" in response.text
        assert "Work of jose" not in response.text
    assert changed(before, site.checksums()) == set()


def test_after_the_reviewer_left(site: Site) -> None:
    with site.database.transaction() as session:
        amina = select(Person.id).where(Person.work_email == email("amina")).scalar_subquery()
        session.execute(update(Post).where(Post.person_id == amina).values(ended_on=world.TODAY))
    assert site.get(None, link(site)).status_code == 410
    assert site.post(None, link(site), {"decision": "seen"}).status_code == 410


def test_after_the_completion_was_withdrawn(site: Site) -> None:
    with site.database.transaction() as session:
        ref = session.scalar(
            select(Completion.ref).join(HandIn).join(ReviewRequest)
            .where(ReviewRequest.ref == site.refs["review"]["amina"])
        )  # fmt: skip
        withdraw_completion(session, world.actor(site.database, email("ingrid")), ref=ref, reason="Wrong person")
    page = site.get(None, link(site))
    assert page.status_code == 410
    assert "There is nothing to answer any more" in page.text


def test_where_the_organisation_asks_to_sign_in(site: Site) -> None:
    site.app.extensions["lms"].open_reviews = False
    for response in (site.get(None, link(site)), site.post(None, link(site), {"decision": "seen"})):
        assert response.status_code == 401
        assert "Sign in to answer" in response.text
        assert WORDS not in response.text
        assert link(site).removeprefix("/r/") not in response.text.partition("<main")[2]
    assert WORDS in site.get("amina", link(site)).text
    assert site.post("amina", link(site), {"decision": "seen"}).status_code == 302


@pytest.mark.parametrize(
    ("fields", "said", "kept"),
    [
        ({"decision": "not_yet"}, "Say in a sentence what is still missing", ""),
        ({"decision": ""}, "Choose one of the three answers.", ""),
        ({"decision": "maybe", "comment": "Kept words"}, "Choose one of the three answers.", "Kept words"),
        ({"decision": "passed_on", "pass_to": "kept@nowhere.example"}, "could judge this", "kept@nowhere.example"),
        ({"decision": "seen", "comment": "x" * 1001}, "1000 characters", ""),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(site: Site, fields, said, kept) -> None:
    before = site.checksums()
    response = site.post(None, link(site), fields)
    assert response.status_code == 422
    assert said in response.text
    assert kept in response.text
    assert WORDS in response.text
    assert changed(before, site.checksums()) == set()


def test_a_file_by_the_link_while_it_opens(site: Site) -> None:
    file = site.refs["linked file"]["amina"].rpartition("/")[2]
    response = site.get(None, f"{link(site)}/files/{file}")
    assert response.get_data() == b"pixels of wei"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"] == "inline; filename=photo.jpg"
    of_another = site.refs["linked file"]["ingrid"].rpartition("/")[2]
    assert site.get(None, f"{link(site)}/files/{of_another}").status_code == 404
    site.post(None, link(site), {"decision": "seen"})
    assert site.get(None, f"{link(site)}/files/{file}").status_code == 404


def test_a_partner_who_looks_at_work_of_the_house_reads_no_name(site: Site) -> None:
    """Amina's task, with Tupac as the other side."""
    path = f"/applications/{site.refs['completion']['amina']}"
    fields = {"situation": "River", "words": "We met.", "other_side": email("tupac")}
    assert site.post("amina", path, fields).status_code == 302
    with site.database.read() as session:
        request = session.scalar(select(ReviewRequest.ref).where(ReviewRequest.side == "other"))
    page = site.get(None, "/r/" + sign(world.SIGNING_KEY, str(request), world.NOW))
    assert "Somebody of Lantern Bridge who worked with you" in page.text
    for text in (page.text, site.get("tupac", "/reviews").text, site.get("tupac", "/").text,
                 site.get("tupac", f"/reviews/{request}").text):  # fmt: skip
        assert "Amina" not in text
        assert "Diallo" not in text
    assert "Tupac" not in site.get("amina", path).text


def test_the_page_is_in_the_reviewers_language(site: Site) -> None:
    with site.database.transaction() as session:
        session.execute(update(Person).where(Person.work_email == email("amina")).values(language="fr"))
    page = site.get(None, link(site), headers={"Accept-Language": "en"}).text
    assert '<html lang="fr"' in page
    assert "Demander" in page  # the task's title
