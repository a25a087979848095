"""A course with one question of each type, and how a person answers any of them: by keyboard, or as a hand would."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import select

from lms.models import Attempt, AttemptQuestion, Question, QuestionKey, QuestionText
from lms.questions import TYPES
from tests.browser.conftest import Site
from tests.browser.quiz import question
from tests.browser.taking import SAVED, line, load_changed

SECTION = "five-principles"
QUESTIONS: dict[str, str] = {
    "single_choice": """options:
  - {text: The partner, right: true, feedback: They know the place.}
  - {text: The donor, feedback: They are far away.}
""",
    "multiple_response": """options:
  - {text: They ask early, right: true, feedback: "Yes."}
  - {text: They share bad news, right: true, feedback: "Yes."}
  - {text: They never write, feedback: "No."}
""",
    "true_false": """right: true
if_true: They do.
if_false: Look again.
""",
    "confidence": """options:
  - {text: In April, right: true, feedback: Before the rains.}
  - {text: In June, feedback: The roads are closed.}
""",
    "choose_then_justify": """options:
  - {text: We ask first, right: true, feedback: "Yes."}
  - {text: We decide alone, feedback: "No."}
model: They know what we cannot see.
""",
    "scenario": """steps:
  - ask: What do you do first?
    options:
      - text: Call them
        right: true
        feedback: "Yes."
        then:
          - ask: Nobody answers. And now?
            options:
              - {text: Write a short message, right: true, feedback: "Yes."}
              - {text: Stop the payment, feedback: "No."}
      - {text: Wait a week, feedback: "No."}
""",
    "matching": """pairs:
  - {left: A **memorandum**, right: says what both want, feedback: It is no contract.}
  - {left: A budget, right: says what it costs, feedback: It needs both sides.}
distractors: [says who is to blame]
""",
    "ordering": """items:
  - {text: Listen to everybody at the table, feedback: First.}
  - {text: Plan together, feedback: Then.}
  - {text: Begin the work, feedback: Last.}
""",
    "numeric": """answer: 1250.5
tolerance: 2 %
units:
  - {text: kg}
  - {text: t, factor: 1000}
feedback: Count the sacks.
""",
    "short_text": """accept: [trust, confiance]
feedback: It takes time.
""",
    "gap_fill": """text: |
  Partners [[1]] early, and they share the [[2]].

  They decide [[3]].
gaps:
  - {accept: [ask], feedback: Before it is decided.}
  - {choices: [good news, bad news, blame], right: bad news, feedback: It is the harder one.}
  - {accept: [together], feedback: Both sides.}
""",
    "self_rating": """statements: [I ask before I decide., I share bad news early.]
scale: [never, at times, often, always]
feedback: Talk about it with somebody.
""",
}
# What the ruler measures on a phone has to hold long words, too.
LONG = "Which of these would a partner of yours in Ouagadougou or Antananarivo call fair?"


def quiz_yaml(types: Mapping[str, str] = QUESTIONS) -> str:
    """A pool of everything with a mark, and one of everything without."""
    pools: dict[bool, list[str]] = {True: [], False: []}
    for name, keys in types.items():
        head = f"id: q-{name.replace('_', '-')}\ntype: {name}\ncompetency: PC1\nsection: {SECTION}\nscenario: true\n"
        lines = (head + f"prompt: {LONG}\n" + keys).splitlines()
        pools[TYPES[name].is_marked].append(
            "\n".join(["      - " + lines[0], *("        " + one for one in lines[1:])])
        )
    return "pools:\n" + "".join(
        f"  - id: {'with' if is_marked else 'without'}-marks\n    draw: {len(found)}\n    questions:\n"
        + "\n".join(found) + "\n"
        for is_marked, found in pools.items()
    )  # fmt: skip


def load_every_type(site: Site, folder: Path) -> None:
    """The first course has these questions now."""

    def change(course: Path) -> None:
        (course / "quiz.yaml").write_text(quiz_yaml(), encoding="utf-8")
        for translated in course.glob("*/quiz.yaml"):  # these questions are in English alone
            shutil.rmtree(translated.parent)
        for picture in course.glob("media/*-ar.svg"):
            picture.unlink()
        text = (course / "course.yaml").read_text(encoding="utf-8")
        (course / "course.yaml").write_text(re.sub(r"languages: .*", "languages: [en]", text), encoding="utf-8")

    load_changed(site, folder, change)


def right_strings(site: Site, ref: str) -> dict[int, tuple[str, list[str]]]:
    """Position -> the type's name, and what the form sends for an answer that earns everything."""
    with site.app.extensions["lms"].database.read() as session:
        rows = session.execute(
            select(AttemptQuestion.position, AttemptQuestion.option_order, Question.type)
            .add_columns(QuestionText.body, QuestionKey.body.label("key"))
            .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
            .join(Question, Question.id == AttemptQuestion.question_id)
            .join(QuestionKey, QuestionKey.question_id == Question.id)
            .join(QuestionText, (QuestionText.question_id == Question.id) & (QuestionText.language == Attempt.language))
            .where(Attempt.ref == ref)
        )
        return {
            row.position: (row.type, TYPES[row.type].sent(TYPES[row.type].best(row.key), row.body, row.option_order))
            for row in rows
        }


FIELDS = """(position) => [...document.querySelectorAll(`[name="q${position}"], [name^="q${position}."]`)]"""
HELD = f"""(position) => ({FIELDS})(position)
  .filter((one) => !["radio", "checkbox"].includes(one.type) || one.checked).map((one) => one.value)"""
FOCUS = """() => {
  const at = document.activeElement;
  const group = [...document.querySelectorAll(`[name="${at.name}"]`)];
  const fields = group.filter((one) => !["radio", "checkbox", "hidden"].includes(one.type));
  return { name: at.name ?? "", value: at.value, kind: at.type, checked: at.checked, place: fields.indexOf(at),
    group: group.map((one) => one.value) };
}"""


def held(page: Page, position: int) -> list[str]:
    """What the form would send of a question now."""
    found: list[str] = page.evaluate(HELD, position)
    return found


def answer_by_keyboard(page: Page, position: int, strings: list[str]) -> None:
    """Tab through the question and give each field what is wanted; ends behind the question."""
    texts = _of_fields(page, position, strings)
    for _step in range(80):
        at = page.evaluate(FOCUS)
        if at["name"] == f"q{position}" or at["name"].startswith(f"q{position}."):
            _give(page, at, strings, texts)
        elif all(one in held(page, position) for one in strings):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"question {position} cannot be answered with the keyboard: {held(page, position)}, {strings}")


def _of_fields(page: Page, position: int, strings: list[str]) -> list[str]:
    """The strings of what is written or selected: the last ones."""
    fields = page.locator(f"[name='q{position}']:not([type=radio], [type=checkbox])").count()
    return strings[len(strings) - fields :]


def _give(page: Page, at: dict[str, Any], strings: list[str], texts: list[str]) -> None:
    if at["kind"] in ("radio", "checkbox"):
        if at["value"] in strings and not at["checked"]:
            page.keyboard.press("Space")
        elif at["kind"] == "radio" and set(at["group"]) & set(strings):
            for _step in range(10):
                if page.evaluate(FOCUS)["value"] in strings and page.evaluate(FOCUS)["checked"]:
                    break
                page.keyboard.press("ArrowDown")
    elif at["kind"] == "select-one":
        for _step in range(12):
            if page.evaluate(FOCUS)["value"] == texts[at["place"]]:
                break
            page.keyboard.press("ArrowDown")
    else:
        page.keyboard.type(texts[at["place"]])


def answer_by_hand(page: Page, position: int, strings: list[str]) -> None:
    """The same with the pointer, for a page without script."""
    box, texts = question(page, position), _of_fields(page, position, strings)
    for text in strings[: len(strings) - len(texts)]:
        box.locator(f"input[value='{text}']:visible").check()
    for place, text in enumerate(texts):
        field = box.locator(f"[name='q{position}']:not([type=radio], [type=checkbox])").nth(place)
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(text)
        elif field.get_attribute("type") != "hidden":
            field.fill(text)


def answer_all_by_keyboard(page: Page, right: Mapping[int, tuple[str, list[str]]]) -> None:
    """Each question, with the server's receipt."""
    for position, (_name, strings) in right.items():
        answer_by_keyboard(page, position, strings)
        expect(line(page, position)).to_have_text(SAVED)
