"""The author's page of figures and its pictures; the learner's report, and what is refused of either."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from lms.web.item_analysis import letter_at
from tests.many_attempts import publish_wide, take_many
from tests.site import Counted, Site

PAGE = "/authoring/wide/versions/1/questions"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def busy(site: Site, tmp_path: Path) -> Site:
    """A hundred and fifty people have taken the quiz of the course `wide`."""
    publish_wide(site.database, tmp_path / "wide")
    take_many(site.database, 150)
    return site


def test_figures_warnings_and_pictures(busy: Site) -> None:
    before = busy.get("olga", PAGE).text
    assert "150 first attempts are handed in" in before
    assert "No figures yet." in before
    assert busy.post("olga", PAGE).status_code == 302
    with Counted(busy.database) as counted:
        page = busy.get("olga", PAGE).text
    assert len(counted.statements) <= 6
    assert "Worked out from 150 first attempts" in page
    assert "Option C draws the best people" in page
    assert "Nobody chooses option C" in page
    assert "People who know the rest get this wrong" in page
    assert "alpha) of the 6 questions that everybody met" in page
    assert page.count("<img ") == page.count("<caption") == 6
    assert "Somebody" not in page


def test_a_picture_holds_bars_and_nothing_that_runs(busy: Site) -> None:
    address = PAGE + "/q1.svg"
    assert busy.get("olga", address).status_code == 404
    busy.post("olga", PAGE)
    response = busy.get("olga", address)
    assert response.content_type.startswith("image/svg+xml")
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    root = ElementTree.fromstring(response.data)  # our own, made a moment ago
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {"svg", "style", "text", "rect"}
    widths = [float(bar.get("width", 0)) for bar in root.iter(SVG + "rect") if bar.get("class") != "t"]
    assert len(widths) == 9
    assert all(0 <= width <= 244 for width in widths)
    assert busy.get("olga", PAGE + "/absent.svg").status_code == 404


def test_fewer_than_ten_are_nothing(site: Site, tmp_path: Path) -> None:
    publish_wide(site.database, tmp_path / "wide")
    take_many(site.database, 9)
    page = site.get("olga", PAGE).text
    assert "Fewer than ten people have handed in" in page
    assert "Work the figures out" not in page
    site.post("olga", PAGE)
    assert "fewer than ten people had handed in" in site.get("olga", PAGE).text


def test_the_course_page_leads_there(site: Site) -> None:
    page = site.get("olga", "/authoring/basics").text
    assert "/authoring/basics/versions/2/questions" in page
    assert "/authoring/basics/preview" in page


def test_a_report_travels_and_its_answer_comes_back(site: Site) -> None:
    ref = site.refs["result"]["kofi"]
    sent = {"reason": "wrong_key", "text": "I think <b>both</b> are right", "form_id": "one"}
    for _ in range(2):  # clicked twice
        assert site.post("kofi", f"/attempts/{ref}/questions/1/report", sent).status_code == 302
    page = site.get("kofi", f"/attempts/{ref}/result").text
    assert "I think &lt;b&gt;both&lt;/b&gt; are right" in page
    assert "The author has not answered yet." in page
    author = site.get("olga", "/authoring/basics/versions/2/questions").text
    assert author.count("I think &lt;b&gt;both&lt;/b&gt; are right") == 1
    assert "Mensah" not in author
    settle = site.refs["report"]["basics"]
    assert site.post("olga", f"/authoring/{settle}", {"reply": "It is clearer now."}).status_code == 302
    assert "It is clearer now." in site.get("amina", f"/attempts/{site.refs['result']['amina']}/result").text
    assert site.post("olga", f"/authoring/{settle}", {"reply": "Again."}).status_code == 409


@pytest.mark.parametrize(
    ("fields", "told"),
    [({"text": "Kept words"}, "Choose what is wrong."), ({"reason": "boring", "text": "Kept words"}, "Choose what is"),
     ({"reason": "unclear", "text": "Kept words" + "x" * 500}, "Write up to 500 characters.")],
)  # fmt: skip
def test_a_faulty_report_is_asked_again_with_what_was_written(site: Site, fields: dict[str, str], told: str) -> None:
    response = site.post("kofi", f"/attempts/{site.refs['result']['kofi']}/questions/1/report", fields)
    assert response.status_code == 422
    assert told in response.text
    assert "Kept words" in response.text


def test_a_faulty_reply_is_asked_again_with_what_was_written(site: Site) -> None:
    for reply in ("", "Kept words" + "x" * 300):
        response = site.post("olga", f"/authoring/{site.refs['report']['basics']}", {"reply": reply})
        assert response.status_code == 422
        assert "Write one sentence" in response.text
        assert reply[:10] in response.text


def test_every_option_has_a_letter_of_its_own() -> None:
    """Matching eight parts has 96 possible picks."""
    letters = [letter_at(place) for place in range(96)]
    assert (letters[0], letters[25], letters[26], letters[52]) == ("A", "Z", "AA", "AAA")
    assert len(set(letters)) == 96
