"""While a manager is away, in the browser: naming, what deputy and team see, the link of a mail, taking back."""

from datetime import timedelta

from sqlalchemy import select

from lms.models import ReviewRequest
from lms.services.review_links import sign
from tests import world
from tests.filled import email
from tests.services.deputies import LAST
from tests.site import Counted, Site, changed


def test_naming_says_what_is_wrong_at_each_field_and_keeps_what_was_typed(site: Site) -> None:
    typed = {"deputy": email("rosa"), "first": "2026-11-22", "last": "2026-11-21"}
    before = site.checksums()
    page = site.post("ingrid", "/team/away", typed)
    assert page.status_code == 422
    for text in ("Nobody else of your organisation", "today or later", "the first day itself, or a later one",
                 'href="#deputy"', 'href="#first"', 'href="#last"', *typed.values()):  # fmt: skip
        assert text in page.text
    assert changed(before, site.checksums()) == set()


def test_naming_once_and_taking_back(site: Site) -> None:
    fields = {"deputy": email("olga"), "first": "2026-11-24", "last": "2026-12-04", "form_id": "f"}
    for _twice in range(2):
        assert site.post("ingrid", "/team/away", fields).location == "/learn/team/away"
    page = site.get("ingrid", "/team/away").text
    assert "Your deputy is named and told by mail." in page
    assert page.count("Olga Petrova") == 1
    assert page.count("Still to come") == 2
    assert site.post("ingrid", f"/team/away/{site.refs['delegation']['ingrid']}/end").status_code == 302
    page = site.get("ingrid", "/team/away").text
    assert (page.count("Still to come"), page.count("Taken back")) == (1, 1)


def test_the_deputy_sees_in_whose_name_and_the_team_sees_who(site: Site) -> None:
    page = site.get("jose", "/team").text
    assert "You stand in for Kofi Mensah until" in page
    assert page.count("for Kofi Mensah</strong>") == 2
    for absent in ("Rate Amina", "Targets", "/team/levels", "/team/away", "/team/plans"):
        assert absent not in page
    assert "José García stands in until" in site.get("amina", "/profile").text
    path = f"/applications/{site.refs['completion']['amina']}"
    assert "José García stands in for Kofi Mensah and is asked" in site.get("amina", path).text
    assert "José García" in site.get("nadia", "/hr/deputies").text
    assert "Sam Otieno" not in site.get("nadia", "/hr/deputies").text  # Ingrid's deputy: out of scope


def _hand_in(site: Site) -> str:
    path = f"/applications/{site.refs['completion']['amina']}"
    assert site.post("amina", path, {"situation": "River", "words": "We met."}).status_code == 302
    with site.database.read() as session:
        request = session.scalar(select(ReviewRequest.ref).order_by(ReviewRequest.id.desc()).limit(1))
    return "/r/" + sign(world.SIGNING_KEY, str(request), world.NOW)


def test_the_link_of_a_deputy_opens_while_they_stand_in(site: Site) -> None:
    link = _hand_in(site)
    with Counted(site.database) as counted:
        page = site.get(None, link)
    assert len(counted.statements) <= 3
    assert page.status_code == 200
    assert "You stand in for Kofi Mensah and answer in their place." in page.text
    assert site.get("kofi", link).status_code == 403
    assert site.post(None, link, {"decision": "seen"}).status_code == 302
    told = site.get("amina", f"/applications/{site.refs['completion']['amina']}").text
    assert "José García, deputy of the line manager, for Kofi Mensah" in told
    assert "by the deputy of the line manager (José García, for Kofi Mensah)" in site.get("amina", "/levels/PC1").text


def test_a_link_after_the_delegation_ended(site: Site) -> None:
    link = _hand_in(site)
    assert site.get(None, link).status_code == 200
    assert site.post("kofi", f"/team/away/{site.refs['delegation']['kofi']}/end").status_code == 302
    before = site.checksums()
    for response in (site.get(None, link), site.post(None, link, {"decision": "seen"})):
        assert response.status_code == 410
        assert "You do not stand in any more" in response.text
        assert "whoever the learner reports to is asked" in response.text
        assert "We met." not in response.text
    assert changed(before, site.checksums()) == set()
    assert site.get("jose", "/team").status_code == 403


def test_a_link_after_the_last_day(site: Site) -> None:
    link = _hand_in(site)
    clock = site.app.extensions["lms"]
    for days, status in (((LAST - world.TODAY).days, 200), ((LAST - world.TODAY).days + 1, 410)):
        clock.clock = lambda days=days: world.NOW + timedelta(days=days)
        assert site.get(None, link).status_code == status
