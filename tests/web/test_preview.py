"""The preview: a course as its learner meets it, with every type, marked on every page, and never counted."""

import re
from pathlib import Path

import pytest

from lms.content import load_library
from lms.permissions import operator
from lms.questions import TYPES
from lms.services.preview import PreviewQuiz, draw_preview
from lms.services.publishing import publish_library
from tests import world
from tests.content.sample import GOOD, OTHER_COURSE, write_library
from tests.filled import email
from tests.site import Site, changed

COMMON = "        competency: PC1\n        section: ears\n        scenario: true\n        prompt: What now?\n"
TWO = "          - {text: This, right: true, feedback: Yes.}\n          - {text: That, feedback: No.}\n"
OPTIONS = "        options:\n" + TWO
KINDS = {
    "single_choice": OPTIONS,
    "multiple_response": OPTIONS,
    "true_false": "        right: true\n        if_true: Yes.\n        if_false: No.\n",
    "confidence": OPTIONS,
    "choose_then_justify": OPTIONS + "        model: Because.\n",
    "scenario": "        steps:\n          - ask: First?\n            options:\n" + TWO.replace("  -", "      -"),
}
SEED = "/authoring/mixed/preview/quiz?seed=7"


@pytest.fixture
def mixed(site: Site, tmp_path: Path) -> Site:
    """A course whose quiz has a question of each of these types, two in an attempt."""
    quiz = "pools:\n  - id: all\n    draw: 2\n    questions:\n" + "".join(
        f"      - id: {kind.replace('_', '-')}\n        type: {kind}\n{COMMON}{own}" for kind, own in KINDS.items()
    )
    course = OTHER_COURSE.replace("M02", "M07").replace("Listening", "Mixed").replace("[M01]", "[]")
    files: dict[str, str | bytes] = {
        **GOOD, "mixed/course.yaml": course, "mixed/quiz.yaml": quiz,
        "mixed/01-ears.md": "---\ntitle: Ears\nminutes: 5\n---\nTwo ears.\n",
    }  # fmt: skip
    with site.database.transaction() as session:
        publish_library(session, operator(world.NOW), library=load_library(write_library(tmp_path / "mixed", files)))
    return site


def drawn(site: Site, whole: bool) -> PreviewQuiz:
    with site.database.read() as session:
        author = world.actor(site.database, email("olga"))
        return draw_preview(session, author, slug="mixed", seed=7, whole=whole)


def best(site: Site, quiz: PreviewQuiz) -> dict[str, object]:
    """The form with an answer to each question that earns everything, in the fields that the page has."""
    fields: dict[str, list[str]] = {}
    page = site.get("olga", SEED + "&whole=1").text
    for question in quiz.drawn:
        kind, row = TYPES[question.type], quiz.rows[question.question_id]
        names = re.findall(rf'name="(q{question.position}(?:\.\w+)?)"', page)
        sent = kind.sent(kind.best(row.right), question.body, question.option_order)
        for value in sent:
            fields.setdefault(names[0], []).append(value)
    return dict(fields)


def test_every_page_says_that_it_is_a_preview_and_nothing_is_written(mixed: Site) -> None:
    before, number = mixed.checksums(), mixed.write_number()
    for path in ("", "/sections/ears", "/quiz?seed=7", "/quiz?seed=7&whole=1"):
        page = mixed.get("olga", f"/authoring/mixed/preview{path}").text
        assert "Nothing that you do here is kept or counted." in page
    result = mixed.post("olga", SEED + "&whole=1", best(mixed, drawn(mixed, whole=True)))
    assert result.status_code == 200
    assert "Nothing that you do here is kept or counted." in result.text
    assert mixed.write_number() == number
    assert changed(before, mixed.checksums()) == set()


def test_every_type_is_answered_and_reviewed(mixed: Site) -> None:
    quiz = drawn(mixed, whole=True)
    assert {question.type for question in quiz.drawn} == set(KINDS)
    result = mixed.post("olga", SEED + "&whole=1", best(mixed, quiz)).text
    assert "100 % of the marks" in result
    assert result.count('<article class="lms-question">') == len(KINDS)
    nothing = mixed.post("olga", SEED + "&whole=1").text
    assert "Not passed yet" in nothing


def test_a_seed_draws_the_same_again_and_as_many_as_an_attempt(mixed: Site) -> None:
    assert [q.question_id for q in drawn(mixed, False).drawn] == [q.question_id for q in drawn(mixed, False).drawn]
    assert len(drawn(mixed, False).drawn) == 2
    first = mixed.get("olga", "/authoring/mixed/preview/quiz")
    assert first.status_code == 302
    assert "seed=" in first.headers["Location"]
    assert mixed.get("olga", "/authoring/mixed/preview/quiz?seed=x").status_code == 200
    assert mixed.get("olga", "/authoring/mixed/preview/quiz?seed=99999999999").status_code == 200


def test_what_no_form_sends_is_refused(mixed: Site) -> None:
    assert mixed.post("olga", SEED, {"q1": "99", "q2": "99"}).status_code == 422


def test_the_key_is_on_no_page_before_the_result(mixed: Site) -> None:
    page = mixed.get("olga", SEED + "&whole=1").text
    assert "Because." not in page
    assert "Yes." not in page


def test_an_unreadable_number_can_be_sent_as_a_learner_can(mixed: Site) -> None:
    """The browser must not stop at a field's pattern: what a learner meets is a mark of nothing and a word on it."""
    assert re.search(r'<form method="post"[^>]* novalidate>', mixed.get("olga", SEED).text)
