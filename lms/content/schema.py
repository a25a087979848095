"""The keys of a course's YAML files: what `check` enforces and the JSON schemas publish."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag

_CODE, _SLUG = r"^[A-Z][A-Z0-9-]{0,19}$", r"^[a-z0-9][a-z0-9-]{0,79}$"
_WORD_CODE, _LANGUAGE = r"^[a-z0-9][a-z0-9_-]{0,39}$", r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$"
_HASH = r"^[0-9a-f]{64}$"
# What the patterns say, in words for authors.
PATTERNS = {
    _CODE: "a code of A-Z, 0-9 and hyphens like 'M01', at most 20 characters",
    _SLUG: "a name of a-z, 0-9 and hyphens, at most 80 characters",
    _WORD_CODE: "a code of a-z, 0-9, hyphens and underscores, at most 40 characters",
    _HASH: "the content's hash, 64 of 0-9 and a-f",
    _LANGUAGE: "the code of a language like 'fr' or 'pt-BR'",
}

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Markdown = Annotated[str, StringConstraints(min_length=1)]
Code = Annotated[str, StringConstraints(pattern=_CODE)]
Slug = Annotated[str, StringConstraints(pattern=_SLUG)]
WordCode = Annotated[str, StringConstraints(pattern=_WORD_CODE)]
Language = Annotated[str, StringConstraints(pattern=_LANGUAGE)]
Level = Annotated[int, Field(ge=1, le=4)]
LAST_ACTION = 7
Action = Annotated[int, Field(ge=1, le=LAST_ACTION)]
Day = Annotated[date, Field(strict=False)]
Version = Annotated[int, Field(ge=1, le=1_000_000)]
Audience = Literal["staff", "partner_staff"]
Difficulty = Literal["easy", "medium", "hard"]
Evidence = Literal["text", "file", "link", "observation"]
CompletesBy = Literal["quiz", "attendance"]


class Keys(BaseModel):
    """A mapping in which only the named keys may stand."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Task(Keys):
    """The workplace task that makes a completion final."""

    days: Annotated[int, Field(ge=1, le=365)] = 28
    title: Line
    brief: Markdown
    evidence: Annotated[list[Evidence], Field(min_length=1)]
    criteria: Annotated[list[Paragraph], Field(min_length=2, max_length=4)]
    other_side: bool = False


class Course(Keys):
    """course.yaml"""

    code: Code
    title: Line
    summary: Paragraph
    version: Version
    authors: Annotated[list[Line], Field(min_length=1)]
    minutes: Annotated[int, Field(ge=1, le=1000)]
    audience: Annotated[list[Audience], Field(min_length=1)]
    actions: Annotated[list[Action], Field(min_length=1)]
    steps: Annotated[list[Code], Field(min_length=1)]
    competencies: Annotated[dict[Code, Level], Field(min_length=1, max_length=20)]
    objectives: Annotated[list[Paragraph], Field(min_length=1)]
    completes_by: CompletesBy = "quiz"
    pass_mark: Annotated[int, Field(ge=1, le=100)]
    attempts: Annotated[int, Field(ge=1, le=10)]
    time_limit_minutes: Annotated[int, Field(ge=1, le=600)] | None = None
    retry_delay_hours: Annotated[int, Field(ge=0, le=720)] = 0
    quiz_opens_on: Day | None = None
    quiz_closes_on: Day | None = None
    renewal_months: Annotated[int, Field(ge=1, le=120)] | None = None
    prerequisites: list[Code] = []
    languages: Annotated[list[Language], Field(min_length=1)]
    sign_off: Line = ""
    task: Task | None = None


class Signed(Keys):
    """One sign-off: who, as what, when, and of which content."""

    by: Line
    role: Line
    on: Day
    version: Version
    content: Annotated[str, StringConstraints(pattern=_HASH)]


class SignOffs(Keys):
    """sign-off.yaml"""

    signed: Annotated[list[Signed], Field(min_length=1)]


class TaskTranslation(Keys):
    """The task's texts in another language."""

    title: Line
    brief: Markdown
    criteria: Annotated[list[Paragraph], Field(min_length=2, max_length=4)]


class CourseTranslation(Keys):
    """course.yaml in a language folder"""

    title: Line
    summary: Paragraph
    objectives: Annotated[list[Paragraph], Field(min_length=1)]
    task: TaskTranslation | None = None
    reviewed_by: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


class MadeFrom(Keys):
    """made-from.yaml in a language folder: hashes by the name of a file, or by the id of a question"""

    made_from: dict[str, str]


class SectionHead(Keys):
    """The front matter of a section"""

    title: Line
    minutes: Annotated[int, Field(ge=1, le=240)]


class SectionHeadTranslation(Keys):
    """The front matter of a section in a language folder"""

    title: Line


class QuestionHead(Keys):
    """What every question has, whatever its type; the type adds its own keys."""

    id: Slug
    type: str
    competency: Code
    section: Slug
    scenario: bool = False
    critical: bool = False
    tags: Annotated[list[WordCode], Field(max_length=20)] = []
    difficulty: Difficulty | None = None


# What a question can be made of instead of writing its parts, and the type that it then is.
MADE_OF = {"steps": "ordering", "tools": "matching"}

_Count = Annotated[int, Field(ge=1, le=200)]


class Draw(Keys):
    """How many questions are drawn of those that have all that is named."""

    count: _Count
    tag: WordCode | None = None
    competency: Code | None = None
    difficulty: Difficulty | None = None


_Draws = Annotated[list[Draw], Field(min_length=1, max_length=20)]
DRAW_FORMS = ("(a number)", "(a list)")  # names inside pydantic; the places of faults leave them out
CountOrDraws = Annotated[
    Annotated[_Count, Tag(DRAW_FORMS[0])] | Annotated[_Draws, Tag(DRAW_FORMS[1])],
    Discriminator(lambda given: DRAW_FORMS[isinstance(given, list)]),
]


class Pool(Keys):
    """Questions of which every attempt draws some."""

    id: Slug
    draw: CountOrDraws
    questions: Annotated[list[dict[str, Any]], Field(min_length=1)]


class Quiz(Keys):
    """quiz.yaml"""

    pools: Annotated[list[Pool], Field(min_length=1)]


class QuizTranslation(Keys):
    """quiz.yaml in a language folder: each question's texts by its id"""

    questions: dict[str, dict[str, Any]]
