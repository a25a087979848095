"""Reading and taking a quiz as a person does: looking at the page, and here also at the key in the database."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from lms.models import Attempt, AttemptQuestion, QuestionKey
from tests.browser.conftest import Site


def right_places(site: Site, ref: str) -> dict[int, list[int]]:
    """Position of each question -> the places of its right options on the page, 1 being the first."""
    with site.app.extensions["lms"].database.read() as session:
        rows = session.execute(
            select(AttemptQuestion.position, AttemptQuestion.option_order, QuestionKey.body)
            .join(QuestionKey, QuestionKey.question_id == AttemptQuestion.question_id)
            .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
            .where(Attempt.ref == ref)
        )
        return {row.position: [row.option_order.index(i) + 1 for i in row.body["right"]] for row in rows}


def question(page: Page, position: int) -> Locator:
    """The box of a question."""
    return page.locator(f"#question-{position}")


def answer(page: Page, position: int, places: list[int]) -> None:
    """Tick the options at these places."""
    for place in places:
        question(page, position).locator(f"input[name=q{position}][value='{place}']").check()


def attempt_ref(page: Page) -> str:
    """The attempt's ref, from the address."""
    return page.url.rstrip("/").rpartition("/attempts/")[2].partition("/")[0].partition("?")[0]


def read_everything(page: Page, look: Callable[[Page], None] = lambda _page: None) -> None:
    """From the first section to the course page, marking each as read; `look` is called on each."""
    number, is_last = 0, False
    while not is_last:
        number += 1
        expect(page.get_by_text(f"Section {number} of")).to_be_visible()
        button = page.get_by_role("button", name=re.compile("^Read: "))
        is_last = button.inner_text() == "Read: to the quiz"
        look(page)
        button.click()
