"""Our own export read back gives the same questions and an empty report, or says why a question is not in it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from lms.content import check_library
from lms.content.draft import QuestionDraft
from lms.content.exporters import FORMATS, export_questions, write_question
from lms.content.exporters.written import CannotWrite
from lms.content.importers import Fate, plan_import, write_import
from lms.content.markdown import render_phrase
from lms.content.reader import read_draft
from lms.content.references import KnownCodes
from lms.content.schema import QuestionHead
from lms.questions import TYPES
from tests.content.banks.reading import read, told
from tests.content.sample import GOOD, write_library
from tests.faults.sizes import FORM
from tests.questions import samples, samples_fields

ROOT = Path(__file__).parents[3]
SAMPLES = samples.SAMPLES | samples_fields.SAMPLES
# What no question of the format can say.
WITHOUT = {
    "gift": {"confidence", "choose_then_justify", "scenario", "ordering", "gap_fill", "self_rating"},
    "moodle-xml": {"confidence", "choose_then_justify", "scenario", "self_rating"},
}
# What keeps a question of another type from being written.
EXCUSES = {"GIFT knows no units"}


def real_courses() -> list[str]:
    """In the long form all of ours; else as few as hold every type of question that ours hold."""
    quizzes = {path.parent.name: path.read_text(encoding="utf-8") for path in (ROOT / "courses").glob("*/quiz.yaml")}
    types = {slug: set(re.findall(r"^ *type: (\w+)$", text, re.MULTILINE)) for slug, text in sorted(quizzes.items())}
    if FORM == "long":
        return list(types)
    chosen: list[str] = []
    missing = set().union(*types.values())
    while missing:
        chosen.append(max(types, key=lambda slug: len(types[slug] & missing)))
        missing -= types[chosen[-1]]
    return chosen


def questions(folder: Path) -> dict[str, QuestionDraft]:
    draft = read_draft(folder, KnownCodes())
    return {question.head.id: question for pool in draft.pools for question in pool.questions}


def shown(question: QuestionDraft) -> tuple[Any, ...]:
    source = question.sources["en"]
    kind = question.type
    return kind.body(source, render_phrase), kind.right(source), kind.feedback(source, render_phrase)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("slug", real_courses())
def test_a_real_course_comes_back_whole(slug: str, format: str, tmp_path: Path) -> None:
    folder = ROOT / "courses" / slug
    made = export_questions(folder, format)
    before = questions(folder)
    left_out = dict(note.split(": left out: ") for note in made.notes if ": left out: " in note)
    assert (made.count, made.left_out) == (len(before) - len(left_out), len(left_out))
    assert all(before[name].type.name in WITHOUT[format] or why in EXCUSES for name, why in left_out.items())
    assert told(read(format, made.text)) == []
    # Back into a copy of the course whose quiz has one question of another name.
    files = {path.relative_to(folder.parent).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}
    library = write_library(tmp_path, files | {f"{slug}/quiz.yaml": GOOD["other/quiz.yaml"]})
    (tmp_path / "bank").write_text(made.text, encoding="utf-8")
    planned = plan_import(tmp_path / "bank", format, folder=library / slug, pool="back")
    assert planned.ledger.count(Fate.CARRIED) == len(list(planned.ledger.entries()))
    write_import(planned)
    after = questions(library / slug)
    unfinished = {note.partition(":")[0] for note in made.notes if "the feedback of its pairs" in note}
    assert all(before[name].type.name == "matching" for name in unfinished)
    assert len(after) == made.count + 1 - len(unfinished)
    for name in before.keys() - left_out.keys() - unfinished:
        assert (after[name].head, shown(after[name])) == (before[name].head, shown(before[name]))


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_written_back_needs_nothing_more(format: str, tmp_path: Path) -> None:
    """An export read into the course that it came from, in the place of its questions: `check` finds no fault."""
    library = write_library(tmp_path / "courses", GOOD)
    made = export_questions(library / "other", format)
    (tmp_path / "bank").write_text(made.text, encoding="utf-8")
    (library / "other" / "quiz.yaml").unlink()
    write_import(plan_import(tmp_path / "bank", format, folder=library / "other", pool="all"))
    assert check_library(library) == []


HEADS = st.builds(
    QuestionHead,
    id=st.sampled_from(["a", "late-form", "0-9"]),
    type=st.just(""),
    competency=st.sampled_from(["PC1", "X-9"]),
    section=st.sampled_from(["ears", "a-b-c"]),
    scenario=st.booleans(),
    critical=st.booleans(),
    tags=st.lists(st.sampled_from(["a_b", "money", "x-1"]), unique=True),
    difficulty=st.sampled_from([None, "easy", "hard"]),
)


def written(name: str, head: QuestionHead, source: dict[str, Any], format: str) -> str:
    """The question as the export writes it, after its own check that it comes back; what was lost is in the notes."""
    parsed: Any = TypeAdapter(TYPES[name].source).validate_json(json.dumps(source), strict=True)
    question = QuestionDraft(head.model_copy(update={"type": name}), TYPES[name], (), {"en": parsed})
    return write_question(question, "en", format).text


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_type_comes_back_or_says_that_it_cannot(name: str, format: str, data: st.DataObject) -> None:
    head, source = data.draw(HEADS), data.draw(SAMPLES[name].sources)
    source = json.loads(json.dumps(source))
    if name in WITHOUT[format]:
        with pytest.raises(CannotWrite, match=f"no questions of the type `{name}`"):
            written(name, head, source, format)
        return
    try:
        text = written(name, head, source, format)
    except CannotWrite as reason:
        text, why = "", str(reason)
    if not text:
        assert is_excused(format, source, why)
        return
    ledger = read(format, f"{FORMATS[format].begin}{text}{FORMATS[format].end}")
    assert told(ledger) == []
    assert [question.type for question in ledger.taken] == [name]


def is_excused(format: str, source: dict[str, Any], reason: str) -> bool:
    """Whether the sample has what the format cannot say, and the reason names it."""
    if "begins with spaces" in reason:
        return '": "    ' in json.dumps(source)  # as code does in Markdown
    if "units" in source:
        return "units" in reason if format == "gift" else "too many digits" in reason
    if "too many digits" in reason:
        return "answer" in source
    return any("accents" in gap.get("ignore", []) for gap in source.get("gaps", []))


TRICKY = [
    *(
        "[html]a",
        "%50%a",
        "a -> b",
        "####",
        "a\\",
        "\\n",
        "= ~ # { } : \\",
        "a\n\nb",
        "// a",
        "::a::",
        "{1:SA:=x}",
        "]]>",
    ),
    *("&amp;", "<b>", "[[1]]", "a\n\n---\n\nb", "$CATEGORY: x", "  a", "*", "\\*", "T", "1..2", "# a"),
]


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.lists(st.sampled_from(TRICKY), min_size=6, max_size=6, unique=True), kind=st.integers(0, 3))
def test_texts_that_look_like_signs(format: str, texts: list[str], kind: int) -> None:
    """What the writer lets through comes back: it compares. Here the comparison is done once more, from outside."""
    prompt, first, second, taught, other, general = texts
    options = [{"text": first, "right": True, "feedback": taught}, {"text": second, "feedback": other}]
    name, source = [
        ("single_choice", {"prompt": prompt, "options": options, "feedback": general}),
        ("true_false", {"prompt": prompt, "right": True, "if_true": taught, "if_false": other, "feedback": general}),
        ("short_text", {"prompt": prompt, "accept": [first, second], "feedback": general}),
        ("matching", {"prompt": prompt, "pairs": [{"left": first, "right": second, "feedback": ""},
                                                  {"left": taught, "right": other, "feedback": ""}]}),
    ][kind]  # fmt: skip
    head = QuestionHead(id="a", type=name, competency="PC1", section="ears")
    try:
        text = written(name, head, source, format)
    except CannotWrite:
        return
    ledger = read(format, f"{FORMATS[format].begin}{text}{FORMATS[format].end}")
    assert told(ledger) == []
    parsed, back = (
        TypeAdapter(TYPES[name].source).validate_json(json.dumps(one), strict=True)
        for one in (source, ledger.taken[0].body)
    )
    assert TYPES[name].body(back, render_phrase) == TYPES[name].body(parsed, render_phrase)
    assert TYPES[name].right(back) == TYPES[name].right(parsed)


def test_notes_say_what_stays_behind(tmp_path: Path) -> None:
    quiz = str(GOOD["basics/quiz.yaml"]) + (
        "      - id: rated\n        type: self_rating\n        competency: PC1\n        section: listen-first\n"
        "        prompt: p\n        statements: [a]\n        scale: [b, c]\n        feedback: f\n"
        "      - {id: broken, type: single_choice}\n"
    )
    library = write_library(tmp_path, {**GOOD, "basics/quiz.yaml": quiz})
    made = export_questions(library / "basics", "gift")
    assert made.notes == (
        "pool basics: its name and what it draws are left out",
        "fr/quiz.yaml: translations are left out",
        "late-form: `critical` travels as a tag, which other programs do not act on",
        "good-signs: `pinned` travels as a tag, which other programs do not act on",
        "rated: left out: GIFT has no questions of the type `self_rating`",
        "broken: left out: it has faults; `flask lms check` names them",
    )
    assert (made.count, made.left_out) == (2, 2)
