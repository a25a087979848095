"""What a course should do better is told at its place, and keeps nothing from being loaded."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lms.content import load_library, read_whole_or_one
from lms.content.reading_level import HARDEST, LONGEST_SENTENCE, LONGEST_TRANSLATED
from tests.content.sample import FIRST, GOOD, SECOND, write_library

Warned = Callable[..., list[str]]
LONG = " ".join(["word"] * (LONGEST_SENTENCE + 1))
GIVEN = {  # what the sample library says by itself
    "basics/quiz.yaml:3:11: pool 'basics' has 2 questions for a draw of 1; 3 or more make attempts differ",
    "basics/quiz.yaml:19:13: no comment `# belief: …` says what leads to this choice",
    "basics/quiz.yaml:31:64: the same feedback as on line 30; say what this choice teaches",
    "basics/fr/quiz.yaml:12:41: the same feedback as on line 11; say what this choice teaches",
    "basics/fr/course.yaml:1:1: nobody has noted which source this was made from; when it says the same: "
    "flask lms translated basics fr",
    "other/quiz.yaml:3:11: pool 'all' has 1 questions for a draw of 1; 3 or more make attempts differ",
}


@pytest.fixture
def warned(tmp_path: Path) -> Warned:
    """The warnings of a library with these files, but for those of the sample."""

    def warnings(**files: str) -> list[str]:
        changed = {name.replace("__", "/"): text for name, text in files.items()}
        folder = write_library(tmp_path / "courses", {**GOOD, **changed})
        library = load_library(folder)
        found = [str(warning).removeprefix(f"{folder}/") for warning in library.warnings]
        return [line for line in found if line not in GIVEN]

    return warnings


def test_the_sample_has_its_own(library: Path) -> None:
    found = {str(warning).removeprefix(f"{library}/") for warning in load_library(library).warnings}
    assert found == GIVEN


def test_warnings_of_one_course_alone(library: Path) -> None:
    one, faults = read_whole_or_one(library / "other")
    assert ([course.slug for course in one.courses], len(one.warnings), faults) == (["other"], 1, [])


def test_a_long_sentence_of_a_section(warned: Warned) -> None:
    found = warned(**{"basics/02-listen-first.md": f"{SECOND}\nShort: so.\n- {LONG}.\n"})
    message = "a sentence of 26 words, at most 25: 'word word word word word word …'; make two of it"
    assert found == [f"basics/02-listen-first.md:8:1: {message}"]


@pytest.mark.parametrize("ending", [".", "?", ";", ":", "!”", " …"])
def test_every_mark_at_which_a_reader_rests_ends_a_sentence(warned: Warned, ending: str) -> None:
    half = " ".join(["word"] * LONGEST_SENTENCE)
    assert warned(**{"basics/02-listen-first.md": f"{SECOND}\n{half}{ending} {half}.\n"}) == []


def test_long_sentences_of_a_course_file_and_a_quiz(warned: Warned) -> None:
    course = str(GOOD["basics/course.yaml"]).replace(
        "    Ask a partner", f"    Ask.\n\n    {LONG}.\n\n    Ask a partner"
    )
    quiz = str(GOOD["basics/quiz.yaml"]).replace("Rules are rules", LONG)
    found = warned(**{"basics/course.yaml": course, "basics/quiz.yaml": quiz})
    assert [line.split(": a sentence of 26")[0] for line in found] == [
        "basics/course.yaml:24:5",
        "basics/quiz.yaml:19:19",
    ]


def test_other_languages_have_room_for_more_words(warned: Warned) -> None:
    french = str(GOOD["basics/fr/02-listen-first.md"])
    assert warned(**{"basics/fr/02-listen-first.md": f"{french}\n{LONG}.\n"}) == []
    longer = " ".join(["mot"] * (LONGEST_TRANSLATED + 1))
    (found,) = warned(**{"basics/fr/02-listen-first.md": f"{french}\n{longer}.\n"})
    assert found.startswith("basics/fr/02-listen-first.md:6:1: a sentence of 31 words, at most 30: 'mot mot")


def test_a_hard_section_and_its_terms_explained(warned: Warned) -> None:
    hard = "Proportionate safeguarding arrangements protect people.\n\n" * 30
    (found,) = warned(**{"basics/01-why-we-partner.md": FIRST + hard})
    assert found.startswith("basics/01-why-we-partner.md:1:1: hard to read: LIX ")
    assert f"at most {HARDEST}; write shorter sentences" in found
    explained = "**Proportionate** means: sized. **Safeguarding arrangements** keep people safe.\n\n"
    assert warned(**{"basics/01-why-we-partner.md": FIRST + explained + hard}) == []


def test_a_short_section_and_another_language_have_no_level(warned: Warned) -> None:
    hard = "Proportionate safeguarding arrangements protect everybody.\n\n"
    assert warned(**{"basics/02-listen-first.md": SECOND + hard * 5}) == []
    assert warned(**{"basics/fr/02-listen-first.md": str(GOOD["basics/fr/02-listen-first.md"]) + hard * 30}) == []


def test_each_share_of_a_draw_has_three_times_its_questions(warned: Warned) -> None:
    question = str(GOOD["other/quiz.yaml"]).split("questions:\n")[1]
    many = "".join(
        question.replace("id: one", f"id: q{n}\n        difficulty: {'easy' if n < 4 else 'hard'}") for n in range(12)
    )
    draws = "    draw:\n      - {{count: {}, difficulty: easy}}\n      - {{count: 2}}\n"
    quiz = f"pools:\n  - id: all\n{draws}    questions:\n"
    assert warned(**{"other/quiz.yaml": quiz.format(1) + many}) == []
    (found,) = warned(**{"other/quiz.yaml": quiz.format(2) + many})
    assert found.startswith("other/quiz.yaml:4:7: pool 'all' has 4 questions for a draw of 2; 6 or more")
    both = quiz.replace("count: 2", "count: 4").format(1) + many
    (found,) = warned(**{"other/quiz.yaml": both})
    assert "pool 'all' has 12 questions for a draw of 5; 15 or more" in found


BELIEFS = """pools:
  - id: all
    draw: 1
    questions:
      - id: steps
        type: scenario
        competency: PC1
        section: ears
        scenario: true
        prompt: Who speaks?
        steps:
          - ask: First?
            options:
              - {text: They, right: true, feedback: Yes.}
              # belief: Who pays speaks.
              - text: The donor
                feedback: Late.
              - text: I
                # belief: Who knows speaks.
                feedback: Later.
              - text: Nobody
                feedback: Never.
                then:
                  - ask: And then?
                    options:
                      - {text: They, right: true, feedback: Good.}
                      # belief: It is too late.
                      - {text: Still nobody, feedback: Why}
      - id: gaps
        type: gap_fill
        competency: PC1
        section: ears
        scenario: true
        prompt: Fill.
        text: "[[1]] ears and [[2]] mouth."
        gaps:
          # belief (One): Half is enough.
          - {choices: [One, Two], right: Two, feedback: Count it.}
          - choices:
              - one
              - two
            right: one
            feedback: Count again.
      - id: judged
        type: true_false
        competency: PC1
        section: ears
        scenario: true
        prompt: Donors listen.
        right: false
        if_true: Some do.
        if_false: Some do not.
"""


def test_each_wrong_choice_has_a_belief_above_it_or_inside(warned: Warned) -> None:
    message = "no comment `# belief: …` says what leads to this choice"
    found = [line for line in warned(**{"other/quiz.yaml": BELIEFS}) if "belief" in line]
    assert found == [f"other/quiz.yaml:{place}: {message}" for place in ("21:17", "41:17", "51:18")]
    held = (
        BELIEFS.replace("text: Nobody", "text: Nobody  # belief: Silence is polite.")
        .replace("              - two\n", "              # belief: All pairs are alike.\n              - two\n")
        .replace("if_true: Some do.", "if_true: Some do.  # belief: They say so.")
    )
    assert [line for line in warned(**{"other/quiz.yaml": held}) if "belief" in line] == []
    bare = BELIEFS.replace("# belief", "# believed")
    first = next(line for line in warned(**{"other/quiz.yaml": bare}) if "belief" in line)
    assert first == f"other/quiz.yaml:16:17: {message}, nor to that of line 18, 21, 28"
