"""The file of templates of development plans, which a library may be without."""

from typing import Annotated, Literal

from pydantic import Field

from lms.content.schema import Code, Keys, Line, Paragraph, Version, WordCode


class TemplateStep(Keys):
    """A step of a plan's template: a course by its code, or something to do."""

    kind: Literal["experience", "people", "course"]
    text: Annotated[str, Field(max_length=1000)] = ""
    course: Code | Literal[""] = ""


class TemplateObjective(Keys):
    """An objective of a plan's template; its date is left to whoever uses it."""

    text: Paragraph
    measure: Paragraph
    competency: Code | Literal[""] = ""
    steps: list[TemplateStep] = []


class PlanTemplate(Keys):
    """What a development plan can be begun with."""

    code: WordCode
    name: Line
    line: Paragraph
    objectives: Annotated[list[TemplateObjective], Field(min_length=1, max_length=5)]


class PlanTemplates(Keys):
    """plan-templates.yaml"""

    version: Version
    templates: Annotated[list[PlanTemplate], Field(min_length=1)]
