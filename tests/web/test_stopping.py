"""Whoever holds the link of a mail stops others of its kind, by one post without a session; looking changes nothing."""

from lms.permissions import operator
from lms.rules.mails import Kind
from lms.services import mails, stopping
from lms.services.mail_choices import list_choices
from tests import world
from tests.site import PREFIX, Site


def _wanted(site: Site, person: int) -> bool:
    with site.database.read() as session:
        return list_choices(session, person)[Kind.LEVEL_LAPSES]


def test_one_click_stops_mails_of_a_kind_and_nothing_else(site: Site) -> None:
    amina = world.actor(site.database, "amina@lantern.example").person_id or 0
    with site.database.transaction() as session:
        for kind in (Kind.LEVEL_LAPSES, Kind.COURSE_ASSIGNED):
            mails.add_mails(session, kind, [mails.News(amina, f"stop:{kind}")], operator(world.NOW).at)
    refs = {kind: mails.digest(mails.News(amina, f"stop:{kind}"))[:32] for kind in Kind}
    tokens = {kind: stopping.sign(world.SIGNING_KEY, ref) for kind, ref in refs.items()}
    path = f"{PREFIX}/stop/{tokens[Kind.LEVEL_LAPSES]}"
    assert site.browser(None).get(path).status_code == 200
    assert _wanted(site, amina)
    assert site.browser(None).post(f"{PREFIX}/stop/{tokens[Kind.COURSE_ASSIGNED]}").status_code == 404
    assert site.browser(None).post(path + "x").status_code == 404
    answer = site.browser(None).post(path, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, _wanted(site, amina)) == (302, False)
    assert "You get no more of these mails" in site.browser(None).get(path).text
