"""One template of the host, `lms/layout.html`, dresses every page of the plugin, failures included."""

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from lms.db import Database
from tests.filled import Filled, email
from tests.permissions.policy import KNOWN, LINK, POLICY, PUBLIC, Cell
from tests.plugin.conftest import Move
from tests.plugin.houses import HOUSES, House
from tests.plugin.visitor import Visitor

# Files and data: nothing there wears a frame.
NO_PAGES = {
    "static", "course_media", "preview_media", "export_manifest", "export_schema", "level_data", "entry_file",
    "application_file",    "review_file", "link_file", "own_data", "refused_people",
}  # fmt: skip


@pytest.fixture(params=HOUSES)
def busy(request: pytest.FixtureRequest, filled_world: Filled, tmp_path: object, furnish: Move) -> House:
    """Each host over the small organisation at work: everything that has a page is there."""
    return furnish(request.param, filled_world.copy(tmp_path))  # type: ignore[arg-type]


def is_dressed(house: House, page: TestResponse) -> bool:
    """Whether the page has the host's frame, once, around what is the plugin's."""
    return page.text.count(house.frame) == 1 and 'class="lms-' in page.text


def pages(house: House) -> list[str]:
    """Every endpoint of the plugin that is asked for by GET, as the host's URL map has them."""
    rules = [rule for rule in house.app.url_map.iter_rules() if rule.endpoint.startswith("lms.")]
    return sorted({rule.endpoint.removeprefix("lms.") for rule in rules if "GET" in rule.methods} - NO_PAGES)


def somebody_with_an_object(cell: Cell, made: Filled) -> tuple[str, str]:
    """Who may open such a page, and the public name of what is on it."""
    objects = KNOWN.get(cell.kind) or made.refs.get(cell.kind, {"": ""})
    able = [
        (who, ref)
        for who in sorted(cell.who)
        for owner, ref in objects.items()
        if cell.door == PUBLIC or owner in {"", *cell.reach(who)}
    ]
    assert able, f"the filled world has no {cell.kind!r}"
    return able[0]


def test_every_page_is_dressed(busy: House, filled_world: Filled) -> None:
    visitors: dict[str, Visitor] = {}
    assert len(pages(busy)) > 20
    for endpoint in pages(busy):
        cell = POLICY[endpoint, "GET"]
        person, ref = somebody_with_an_object(cell, filled_world)
        if person not in visitors:
            visitors[person] = Visitor(busy)
            visitors[person].sign_in(email(person))
        page = visitors[person].get(cell.path.format(ref))
        # A link is signed by another host's key here: its refusal wears the frame as well.
        assert page.status_code in cell.ends or cell.ends == (302,) or cell.door == LINK, endpoint
        assert is_dressed(busy, page), f"{endpoint}\n{page.text}"
        if cell.door == PUBLIC:
            assert is_dressed(busy, Visitor(busy).get(cell.path.format(ref))), endpoint


def test_failures_are_dressed(busy: House) -> None:
    visitor = Visitor(busy)
    guest = visitor.client.post(f"{busy.learning}/plan/objectives", data={"text": "kept"})
    visitor.sign_in(email("amina"))
    answers = {
        401: guest,
        400: visitor.client.post(f"{busy.learning}/plan/objectives", data={"text": "kept"}),
        403: visitor.get("/hr/records"),
        404: visitor.get("/attempts/absent"),
        413: visitor.client.post(f"{busy.learning}/plan/objectives", data={"text": "x" * 2_000_000}),
        422: visitor.send(visitor.get("/plan"), "/plan/objectives$", text=""),
    }
    for status, page in answers.items():
        assert page.status_code == status
        assert is_dressed(busy, page), page.text
    for status in (400, 401):
        assert 'value="kept"' in answers[status].text
    script = visitor.client.post(f"{busy.learning}/attempts/absent/answers", json={"answers": []})
    assert script.status_code == 400
    assert set(script.get_json()) == {"error", "csrf_token"}


def test_a_fault_is_dressed(busy: House) -> None:
    visitor = Visitor(busy)
    visitor.sign_in(email("sam"))
    database: Database = busy.app.extensions["lms"].database
    with database.transaction() as session:
        session.execute(text("ALTER TABLE lms_audit_entries RENAME TO lms_gone"))
    page = visitor.get("/audit")
    assert page.status_code == 500
    assert is_dressed(busy, page)
