"""The page of the figure of one date as it was known on another."""

import re
from datetime import timedelta

from tests import world
from tests.site import Site

BOTH = "/hr/known-on?as_of={}&known_on={}"


def test_figures_and_names_of_the_scope_stand_on_the_page(site: Site) -> None:
    site.plugin.clock = lambda: world.NOW + timedelta(days=2)
    path = BOTH.format(world.TODAY, world.TODAY - timedelta(days=1))
    page = site.get("nadia", path).text
    assert "Country office east" in page
    assert "Country office west" not in page
    names = set(re.findall(r'class="lms-title" href="/learn/hr/records/[^"]*">([^<]*)<', page))
    assert "Amina Diallo" in names
    assert "José García" not in names
    assert "Nothing: what is known of that date today was known then." in site.get(
        "nadia", BOTH.format(world.TODAY, world.TODAY)
    ).text  # fmt: skip


def test_what_cannot_be_reported_is_said_at_its_field(site: Site) -> None:
    assert "Choose by when it was known." in site.get("nadia", "/hr/known-on?as_of=2026-11-23").text
    later = site.get("nadia", BOTH.format(world.TODAY, world.TODAY + timedelta(days=1)))
    assert later.status_code == 422
    assert "is not known yet" in later.text
    assert site.get("nadia", BOTH.format(world.TODAY, world.TODAY) + "&unit=PE").status_code == 404
    assert site.get("nadia", "/hr/known-on").status_code == 200
