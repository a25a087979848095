"""Targets on their pages: set by a manager, read by the person; an offer that is taken; versions for administrators."""

import re
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lms.content import load_library
from lms.models import Target, TargetChoice
from lms.permissions import operator
from lms.services.framework_versions import Counts
from lms.services.publishing import publish_library
from tests import world
from tests.content.sample import FRAMEWORK, GOOD, ROLES, write_library
from tests.site import Site
from tests.web.test_faulty_forms import check

GIVEN = {"competency": "PC1", "level": "3", "reason": "She leads the pilot <now>."}


def page_of(site: Site, person: str) -> str:
    return f"/people/{site.refs['person'][person]}/targets"


def words(site: Site, person: str, path: str) -> str:
    """A page as it reads."""
    text = re.sub(r"<[^>]+>", " ", site.get(person, path).text)
    return " ".join(unescape(text).split())


def test_a_manager_sets_it_and_the_person_reads_from_whom_and_why(site: Site) -> None:
    assert page_of(site, "amina") in site.get("kofi", "/team").text
    assert site.post("kofi", page_of(site, "amina"), GIVEN).status_code == 302
    assert "She leads the pilot <now>." in words(site, "kofi", page_of(site, "amina"))
    told = words(site, "amina", "/levels/PC1")
    assert (
        "Your target is level 3. Set for you by Kofi Mensah on Nov 23, 2026. Reason: She leads the pilot <now>." in told
    )
    assert "target 3, set for you" in words(site, "amina", "/levels")
    site.post("kofi", page_of(site, "amina"), {**GIVEN, "level": "profile"})
    assert "Your target is level 2, as the profile of your post says: Finance." in words(site, "amina", "/levels/PC1")


def test_each_indicator_stands_with_its_question(site: Site) -> None:
    assert "Says why What shows it" in words(site, "amina", "/levels/PC1")


def test_a_form_with_every_field_wrong(site: Site) -> None:
    response = site.post("kofi", page_of(site, "amina"), {"competency": "PC9", "level": "7", "reason": "x" * 1001})
    assert response.status_code == 422
    check(response.text, {"competency", "level", "reason"})
    assert "x" * 1001 in response.text


def test_sent_twice_it_is_set_once(site: Site) -> None:
    for _ in range(2):
        assert site.post("kofi", page_of(site, "amina"), {**GIVEN, "form_id": "one"}).status_code == 302
    with site.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Target)) == 1


def test_hr_finds_the_page_beside_a_record_but_for_partner_staff_and_themselves(site: Site) -> None:
    for owner, is_linked in (("amina", True), ("rosa", False), ("ingrid", False)):
        record = site.get("ingrid", f"/hr/records/{site.refs['record'][owner]}").text
        assert (page_of(site, owner) in record) == is_linked, owner


def test_an_offer_is_taken_and_switched_off_again(site: Site) -> None:
    assert "Until you decide they are not yours." in words(site, "rosa", "/levels")
    assert "It is offered, not imposed: you decide." in words(site, "rosa", "/levels/PC1")
    site.post("rosa", "/targets", {"taken": "1"})
    assert "You took them." in words(site, "rosa", "/levels")
    assert "offers it, and you took it." in words(site, "rosa", "/levels/PC1")
    site.post("rosa", "/targets", {"taken": "0"})
    assert "You switched them off." in words(site, "rosa", "/levels")
    assert "You switched its targets off." in words(site, "rosa", "/levels/PC1")
    with site.database.read() as session:
        assert session.scalar(select(func.count()).select_from(TargetChoice)) == 2


@pytest.fixture
def three(site: Site, tmp_path: Path) -> Site:
    """Three versions: the second changed few people, the third many."""
    library = write_library(tmp_path / "versions", dict(GOOD))
    for number, (text, counts) in enumerate((("Says <why>", Counts(4, 5)), ("Says how", Counts(0, 17))), start=1):
        framework = FRAMEWORK.replace("Says why", f"'{text}'").replace("version: 3", f"version: {3 + number}")
        (library / "framework.yaml").write_text(framework, encoding="utf-8")
        at = world.NOW.replace(hour=10 + number)
        with site.database.transaction() as session:
            publish_library(session, operator(at), library=load_library(library), changed=counts)
    roles = ROLES.replace("version: 1", "version: 2").replace("PC1: 2", "PC1: 4")
    (library / "roles.yaml").write_text(roles, encoding="utf-8")
    with site.database.transaction() as session:
        publish_library(session, operator(world.NOW.replace(hour=14)), library=load_library(library))
    return site


def test_versions_and_what_differs(three: Site) -> None:
    told = words(three, "sam", "/frameworks")
    assert "roles 2 not counted not counted" in told
    assert "framework 5, roles 1 fewer than five people 17 people" in told
    assert "framework 4, roles 1 fewer than five people 5 people" in told
    assert "1 difference Targets of roles finance:PC1 changed Before 2 Now 4" in told
    asked = words(three, "sam", "/frameworks?earlier=1&later=3")
    assert "1 difference Indicators PC1.1a other words Before Says why Now Says how" in asked
    assert "Nothing." in words(three, "sam", "/frameworks?earlier=2&later=2")
    assert three.get("sam", "/frameworks?earlier=1&later=9").status_code == 404
    assert "Says <why>" in words(three, "sam", "/frameworks?earlier=1&later=2")
    assert three.get("sam", "/frameworks?earlier=%C2%B2&later=x").status_code == 200
