"""Quizzes that looks give away are found, fair ones are not, and what is found is told."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from lms.content import Played, guess_library, load_library
from tests.content.sample import GOOD, write_library

FAIR = [
    "Tell them on Monday",
    "Call the office now",
    "Wait until the rain",
    "Write a short line.",
]  # as long as each other
HEAD = {"competency": "PC1", "section": "ears", "scenario": True}


def choice(name: str, options: Sequence[str], right: int, prompt: str = "What comes next?", **more: Any) -> Any:
    listed = [
        {"text": text, "feedback": f"Why {n}.", **({"right": True} if n == right else {})}
        for n, text in enumerate(options)
    ]
    return {"id": name, "type": "single_choice", **HEAD, "prompt": prompt, "options": listed, **more}


def played(folder: Path, questions: list[Any], draw: Any = 4, pass_mark: int = 80) -> dict[str, Played]:
    """What each strategy does in a course with this pool."""
    quiz = yaml.safe_dump({"pools": [{"id": "all", "draw": draw, "questions": questions}]}, allow_unicode=True)
    course = str(GOOD["other/course.yaml"]).replace("pass_mark: 80", f"pass_mark: {pass_mark}")
    files = {**GOOD, "other/quiz.yaml": quiz, "other/course.yaml": course}
    library = load_library(write_library(folder / "courses", files))
    return {one.strategy: one for one in guess_library(library) if one.course == "other"}


def faulty(found: dict[str, Played]) -> list[str]:
    return [name for name, one in found.items() if one.is_fault]


def test_a_fair_pool_gives_nothing_away(tmp_path: Path) -> None:
    found = played(tmp_path, [choice(f"q{n}", FAIR, n % 4) for n in range(12)])
    assert faulty(found) == []
    assert all(one.chance == pytest.approx(25, abs=2) for one in found.values())
    assert found["random"].names == ()


@pytest.mark.parametrize(
    ("strategy", "right", "prompt"),
    [
        ("shortest", "Tell them now", "What comes next?"),
        ("longest", "Tell them on Monday on which day your answer will be there", "What comes next?"),
        ("most hedged", "May we ask you once", "What comes next?"),
        ("like the stem", "Open the store soon", "What do you do with the store?"),
    ],
)
def test_what_gives_it_away_is_found_and_named(tmp_path: Path, strategy: str, right: str, prompt: str) -> None:
    given_away = [choice(f"bad-{n}", [right, *FAIR[1:]], 0, prompt) for n in range(6)]
    fair = [choice(f"fair-{n}", FAIR, n % 4) for n in range(6)]
    found = played(tmp_path, given_away + fair)
    assert faulty(found) == [strategy]
    assert found[strategy].right == pytest.approx(50 + 25 / 2, abs=3)
    assert found[strategy].names[:6] == tuple(f"bad-{n}" for n in range(6))


def test_the_middle_of_a_kept_order_is_found(tmp_path: Path) -> None:
    kept = [choice(f"q{n}", FAIR[:3], 1, pinned=True) for n in range(12)]
    assert faulty(played(tmp_path, kept)) == ["middle"]
    shuffled = [choice(f"q{n}", FAIR[:3], 1) for n in range(12)]
    assert faulty(played(tmp_path / "again", shuffled)) == []


def test_a_quiz_that_chance_passes_is_found(tmp_path: Path) -> None:
    coins = [choice(f"q{n}", FAIR[:2], n % 2) for n in range(12)]
    found = played(tmp_path, coins, draw=4, pass_mark=75)
    assert found["random"].passed == pytest.approx(100 * 5 / 16, abs=5)
    assert found["random"].right == found["random"].chance
    assert "random" in faulty(found)
    assert faulty(played(tmp_path / "critical", [{**one, "critical": True} for one in coins], 5, 75)) == []


def test_what_has_to_be_written_is_no_guess_and_counts_in_a_draw(tmp_path: Path) -> None:
    number = {"type": "numeric", **HEAD, "prompt": "How many?", "answer": 4, "feedback": "Two and two."}
    rating = {"type": "self_rating", **HEAD, "prompt": "You?", "statements": ["I ask"], "scale": ["no", "yes"]}
    questions = [{"id": f"n{n}", **number} for n in range(3)] + [choice("long", ["x" * 30, *FAIR[1:]], 0)]
    found = played(tmp_path, questions, draw=4, pass_mark=50)
    assert (found["longest"].right, found["longest"].passed) == (100, 0)
    alone = played(tmp_path / "alone", [{"id": f"n{n}", **number} for n in range(4)])
    assert [(one.right, one.chance, one.passed) for one in alone.values()] == [(0, 0, 0)] * 6
    assert rating["type"] not in {question["type"] for question in questions}


def test_the_same_files_give_the_same_figures(tmp_path: Path) -> None:
    questions = [choice(f"q{n}", FAIR, n % 4) for n in range(12)]
    assert played(tmp_path, questions) == played(tmp_path / "again", questions)


def test_shares_of_a_draw_are_kept(tmp_path: Path) -> None:
    easy = [choice(f"e{n}", ["x" * 30, *FAIR[1:]], 0, difficulty="easy") for n in range(3)]
    hard = [choice(f"h{n}", ["x" * 30, *FAIR[1:]], 1, difficulty="hard") for n in range(3)]
    shares = [{"count": 1, "difficulty": "easy"}, {"count": 1, "difficulty": "hard"}]
    assert played(tmp_path, easy + hard, draw=shares, pass_mark=50)["longest"].passed == 100
    assert played(tmp_path / "both", easy + hard, draw=shares, pass_mark=51)["longest"].passed == 0


def test_each_language_is_played_with_its_own_words(library: Path) -> None:
    french = library / "basics/fr/quiz.yaml"
    french.write_text(french.read_text().replace("La règle", "La règle est la règle pour tous"))
    found = {(one.course, one.language, one.strategy): one for one in guess_library(load_library(library))}
    assert "late-form" in found["basics", "en", "longest"].names
    assert found["basics", "fr", "longest"].names == ()
    assert {language for course, language, _ in found if course == "basics"} == {"en", "fr"}
