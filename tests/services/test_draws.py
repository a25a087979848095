"""Draws by tag, competency and difficulty, attempt after attempt; and what a result says to read again."""

from pathlib import Path

import pytest
from sqlalchemy import select

from lms.content import load_library
from lms.models import Attempt, AttemptQuestion, Course, CourseVersion, Question
from lms.permissions import operator
from lms.services.publishing import publish_library
from lms.services.results import get_result
from tests import world
from tests.content.sample import GOOD, OTHER_COURSE, write_library
from tests.services import steps

KINDS = (("hard", "money"), ("hard", "field"), ("easy", "money"), ("easy", "field"), ("easy", "money"), ("", "field"))
DRAW = "[{count: 1, difficulty: hard}, {count: 1, tag: money}, {count: 1, competency: PC2, tag: field}]"


def question(number: int, own: str = "any") -> str:
    """A question of the bank; PC2 asks of the second section. `own` is one more tag."""
    difficulty, tag = KINDS[number]
    lines = [
        f"      - id: q{number}",
        "        type: single_choice",
        f"        competency: PC{1 + number % 2}",
        f"        section: {('first', 'second')[number % 2]}",
        "        scenario: true",
        f"        tags: [{tag}, {own}]",
        f"        prompt: Question {number}?",
        "        options: [{text: Yes, right: true, feedback: So.}, {text: No, feedback: Not so.}]",
    ]
    return "\n".join([*lines, f"        difficulty: {difficulty}"] if difficulty else lines) + "\n"


def files(version: int = 1, draw: str = DRAW, own: tuple[int, ...] = ()) -> dict[str, str | bytes]:
    course = OTHER_COURSE.replace("M02", "M04").replace("[M01]", "[]").replace("attempts: 2", "attempts: 9")
    course = course.replace("version: 1", f"version: {version}").replace("{PC1: 1}", "{PC1: 1, PC2: 1}")
    framework = str(GOOD["framework.yaml"])
    second = framework.split("competencies:\n")[1].replace("PC1", "PC2").replace("Relationship", "Openness")
    return GOOD | {
        "framework.yaml": framework.replace("version: 3", "version: 4") + second,
        "bank/course.yaml": course,
        "bank/01-first.md": "---\ntitle: First\nminutes: 5\n---\nRead.\n",
        "bank/02-second.md": "---\ntitle: Second\nminutes: 5\n---\nRead on.\n",
        "bank/quiz.yaml": f"pools:\n  - id: all\n    draw: {draw}\n    questions:\n"
        + "".join(question(number, "for-grants" if number in own else "any") for number in range(6)),
    }


@pytest.fixture
def publish(database, tmp_path: Path):
    def publish(**changed) -> None:
        library = load_library(write_library(tmp_path / "library", files(**changed)))
        with database.transaction() as session:
            publish_library(session, operator(world.NOW), library=library)

    return publish


def take(database, actor, *, right: bool = False) -> tuple[str, list[str]]:
    """One attempt at the bank: its ref, and the keys of what was drawn."""
    ref = steps.take(database, actor, "bank", right)
    with database.read() as session:
        query = select(Question.key).join(AttemptQuestion).join(Attempt).where(Attempt.ref == ref)
        return ref, sorted(session.scalars(query))


def test_every_attempt_gets_each_kind_and_repeats_only_what_it_must(database, who, publish) -> None:
    publish()
    actor, last, money = who("amina"), set(), {"q0", "q2", "q4"}
    for number in range(6):
        _, drawn = take(database, steps.later(actor, hours=number))
        now = set(drawn)
        assert len(now) == 3
        assert now & {"q0", "q1"}
        assert now & money
        assert now & {"q1", "q3", "q5"}
        assert len(now & last) == (1 if {"q0", "q1"} <= last else 0), (number, now, last)
        last = now


def test_a_new_version_of_a_question_is_no_new_question(database, who, publish) -> None:
    publish(draw="3")
    _, first = take(database, who("amina"))
    publish(version=2, draw="3")
    _, second = take(database, steps.later(who("amina"), hours=1))
    assert sorted(first + second) == [f"q{number}" for number in range(6)]


def test_the_seed_and_the_drawn_order_are_kept(database, who, publish) -> None:
    publish()
    take(database, who("amina"))
    with database.read() as session:
        attempt = session.scalars(select(Attempt).join(CourseVersion).join(Course).where(Course.slug == "bank")).one()
        version = session.get(CourseVersion, attempt.version_id)
        assert attempt.seed >= 0
        assert [one["count"] for one in version.draws["all"]] == [1, 1, 1]
        key = session.scalars(select(Question).where(Question.version_id == version.id, Question.key == "q0")).one()
        assert (key.tags, key.difficulty, key.pool_draw) == (["money", "any"], "hard", 3)


def test_a_result_says_section_by_section_what_was_right(database, who, publish) -> None:
    publish(draw="6")
    ref, _ = take(database, who("amina"))
    with database.read() as session:
        again = get_result(session, who("amina"), ref=ref).read_again
        assert [told(section) for section in again] == [
            ("first", "First", 0, 3, ["PC1"]), ("second", "Second", 0, 3, ["PC2"]),
        ]  # fmt: skip
    ref, _ = take(database, steps.later(who("amina"), hours=1), right=True)
    with database.read() as session:
        assert get_result(session, who("amina"), ref=ref).read_again == []


def told(section) -> tuple[str, str, int, int, list[str]]:
    return section.key, section.title, section.right, section.questions, section.competencies


def test_who_works_in_a_function_gets_its_questions_first(database, who, publish) -> None:
    """Amina works in grants."""
    publish(draw="2", own=(3, 4))
    assert take(database, who("amina"))[1] == ["q3", "q4"]
    again = take(database, steps.later(who("amina"), hours=1))[1]
    assert set(again).isdisjoint({"q3", "q4"}), "what is new comes before what is one's own"
    rest = take(database, steps.later(who("amina"), hours=2))[1]
    assert sorted([*again, *rest]) == ["q0", "q1", "q2", "q5"], "nothing is kept from anybody"
