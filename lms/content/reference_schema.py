"""The keys of the reference files beside the courses: what `check` enforces and the JSON schemas publish."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from lms.content.schema import Action, Audience, Code, Keys, Level, Line, Paragraph, Version, WordCode

EvidenceKind = Literal["course", "task", "observation", "outside", "equivalency", "agreed"]
_Few = Annotated[int, Field(ge=1, le=20)]


class Need(Keys):
    """A condition on evidence: pieces of some kinds, or so many of other conditions (lms/rules/needs.py)"""

    all: Annotated[list["Need"], Field(min_length=1)] | None = None
    any: Annotated[list["Need"], Field(min_length=1)] | None = None
    at_least: _Few | None = None
    of: Annotated[list["Need"], Field(min_length=1)] | None = None
    level: Level | None = None
    kinds: Annotated[list[EvidenceKind], Field(min_length=1)] | None = None
    pieces: _Few | None = None
    situations: _Few | None = None
    partner_voice: bool = False
    beyond_own_team: bool = False


class FrameworkLevel(Keys):
    """One proficiency level; `needs` is what evidence must show, that of the product where it is left out."""

    level: Level
    name: Line
    line: Paragraph
    proof: Paragraph
    needs: Need | None = None


class Indicator(Keys):
    """What somebody at a level does, and the question that asks for evidence of it."""

    text: Paragraph
    prompt: Paragraph


class Competency(Keys):
    """One competency with its indicators by level."""

    code: Code
    name: Line
    line: Paragraph
    actions: Annotated[list[Action], Field(min_length=1)]
    steps: Annotated[list[Code], Field(min_length=1)]
    levels: dict[Level, Annotated[list[Indicator], Field(min_length=1, max_length=26)]]


class Move(Keys):
    """Where a competency went that an earlier version had: to new codes, or to none, with a reason."""

    old: Code
    new: list[Code]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""


class Framework(Keys):
    """framework.yaml"""

    version: Version
    title: Line
    levels: Annotated[list[FrameworkLevel], Field(min_length=4, max_length=4)]
    aggregation: Literal["highest", "cumulative"] | None = None
    ageing: dict[EvidenceKind, Annotated[int, Field(ge=1, le=600)]] | None = None
    competencies: Annotated[list[Competency], Field(min_length=1)]
    mapping: list[Move] = []


class Named(Keys):
    """A code and its name."""

    code: WordCode
    name: Line


class RoleProfile(Keys):
    """The levels that a role aims at."""

    code: WordCode
    name: Line
    audience: Literal["staff", "partner_staff", "everyone"]
    functions: list[WordCode] = []
    offered: bool = False
    targets: dict[Code, Level]


class Roles(Keys):
    """roles.yaml"""

    version: Version
    roles: Annotated[list[RoleProfile], Field(min_length=1)]
    functions: Annotated[list[Named], Field(min_length=1)]


class Step(Keys):
    """One step of the partnership's way of working."""

    id: Code
    name: Line
    line: Paragraph
    tools: list[Line] = []


class Steps(Keys):
    """steps.yaml"""

    version: Version
    steps: Annotated[list[Step], Field(min_length=1)]
    partner_types: list[Named] = []
    purposes: list[Named] = []
    stages: list[Named] = []


class LearningPath(Keys):
    """Courses in the order in which somebody takes them."""

    code: WordCode
    name: Line
    line: Paragraph
    audience: Annotated[list[Audience], Field(min_length=1)] = ["staff", "partner_staff"]
    courses: Annotated[list[Code], Field(min_length=1)]


class Paths(Keys):
    """paths.yaml"""

    version: Version
    paths: list[LearningPath]


REFERENCES: dict[str, type[Framework] | type[Roles] | type[Steps] | type[Paths]] = {
    "framework": Framework,
    "roles": Roles,
    "steps": Steps,
    "paths": Paths,
}
