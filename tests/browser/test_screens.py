"""Every screen: no fault that axe can see, no sideways scroll on a phone, nothing that the policy blocks."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Site
from tests.browser.quiz import read_everything

pytestmark = pytest.mark.browser

LEARNER = [
    "/learn/",
    "/learn/courses",
    "/learn/courses/partnership-basics",
    "/learn/courses/partnership-basics/task",
    "/learn/records",
    "/learn/levels",
    "/learn/levels/PC1",
    "/learn/plan",
    "/learn/profile",
    "/learn/no-such-page",
    "/learn/levels/none",
]
SCREENS = {
    "": ["/", "/sign-in", "/password/forgotten"],
    "amina@lantern.example": LEARNER,
    "kofi@lantern.example": ["/learn/team", "/learn/assignments", "/learn/assignments/new"],
    "ingrid@lantern.example": ["/learn/hr/records", "/learn/hr/records?status=overdue", "/learn/exports"],
    "olga@lantern.example": ["/learn/authoring", "/learn/authoring/partnership-basics"],
    "sam@lantern.example": ["/learn/roles", "/learn/audit"],
}


def test_screens(filled: Site, visit: Callable[..., Page]) -> None:
    faults: list[str] = []
    blocked: list[str] = []
    for email, paths in SCREENS.items():
        page = visit(filled, email, width=360)
        page.on("console", lambda message: blocked.append(message.text))
        for path in paths:
            page.goto(path)
            faults += inspect(page, path)
    faults += [text for text in blocked if "Content Security" in text]
    assert not faults, "\n".join(faults)


def test_screens_of_the_learner_on_the_way(filled: Site, visit: Callable[..., Page]) -> None:
    page = visit(filled, "amina@lantern.example", width=360)
    page.goto("/learn/courses/partnership-basics")
    page.get_by_role("button", name="Start").click()
    faults: list[str] = []
    read_everything(page, lambda section: faults.extend(inspect(section, section.url)))
    page.get_by_role("button", name="Start the quiz").click()
    faults += inspect(page, "quiz")
    page.get_by_role("button", name="Hand in").click()
    faults += inspect(page, "quiz with a question about what is unanswered")
    page.get_by_role("button", name="Hand in all the same").click()
    faults += inspect(page, "result")
    page.goto("/learn/plan")
    page.get_by_role("button", name="Start my plan for this year").click()
    page.get_by_label("What do you want to be able to do?").fill("x")
    page.get_by_role("button", name="Add this objective").click()
    faults += inspect(page, "plan with an objective")
    assert not faults, "\n".join(faults)


def inspect(page: Page, name: str) -> list[str]:
    """What axe and the ruler find."""
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    faults = [
        f"{name}: {rule['id']}: {node['html'][:160]}" for rule in found.response["violations"] for node in rule["nodes"]
    ]
    width = page.evaluate("document.documentElement.scrollWidth")
    return faults + ([f"{name}: {width} pixels wide"] if width > 360 else [])
