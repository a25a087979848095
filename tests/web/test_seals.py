"""The page of the seals, from the first look to a record that somebody changed; and the page for everybody."""

import re
from datetime import timedelta

from sqlalchemy import select

from lms.models import Job, SealCheck
from lms.permissions import operator
from lms.services import jobs
from lms.services.chain import public_of
from lms.services.seal_checks import VERIFY
from tests import world
from tests.services.sealing import KEY, make_key, seal
from tests.site import Site
from tests.working import make_worker

LATER = world.NOW + timedelta(days=3)


def _pairs(page: str) -> dict[str, str]:
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page)
    return {term: re.sub("<[^>]*>", "", said) for term, said in found}


def _work(site: Site) -> None:
    make_worker(site.database, 1, LATER).run(once=True)


def test_what_is_sealed_is_verified_by_a_job_and_its_result_stands_on_the_page(site: Site) -> None:
    before = _pairs(site.get("sam", "/seals").text)
    assert before["Records sealed"] == "0"
    make_key(site.database)
    seal(site.database)
    after = _pairs(site.get("nadia", "/seals").text)
    assert int(after["Records sealed"]) == int(before["Records that wait"]) + 1  # that a key was made is one more
    assert after["Records that wait"] == "0"
    assert "A head is a number" in site.post("nadia", "/seals/check", {"head": "7:abc"}).text
    assert site.post("nadia", "/seals/check", {"head": after["Head"]}).status_code == 302
    _work(site)
    page = site.get("sam", "/seals").text
    assert "as sealed" in page
    assert f"with the head of record {after['Head'].partition(':')[0]}" in page


def test_a_long_check_holds_its_lease_and_says_what_is_wrong(site: Site) -> None:
    make_key(site.database)
    seal(site.database)
    site.post("sam", "/seals/check", {"head": "3:" + "0" * 64})
    times = iter(range(1, 10_000))
    worker = make_worker(site.database, 1, clock=lambda: world.NOW + jobs.LEASE / 4 * next(times))
    with site.database.transaction() as session:
        others = session.scalars(select(Job.kind).where(Job.kind != VERIFY).distinct()).all()
        claim = jobs.claim_job(session, operator(world.NOW), worker="one", but=others)
    assert claim
    worker.verify_seals(claim)
    with site.database.read() as session:
        assert session.scalar(select(SealCheck.fault)) == "cut"
        assert session.scalar(select(Job.claimable_at).where(Job.kind == "verify_seals")) is None
    assert "the end was cut off" in site.get("sam", "/seals").text


def test_everybody_reads_how_a_file_is_checked_and_with_which_keys(site: Site) -> None:
    assert "There is none yet" in site.get(None, "/verify/records").text
    make_key(site.database)
    page = site.get(None, "/verify/records").text
    assert public_of(KEY) in page
    assert "amina" not in page.lower()
