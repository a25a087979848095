"""The question types: one file each, listed here; nothing elsewhere knows a type's name."""

from lms.questions import (
    choose_then_justify,
    confidence,
    gap_fill,
    matching,
    multiple_response,
    numeric,
    ordering,
    scenario,
    self_rating,
    short_text,
    single_choice,
    true_false,
)
from lms.questions.base import QuestionType, SourceFault, Value

_MODULES = (
    single_choice,
    multiple_response,
    true_false,
    confidence,
    choose_then_justify,
    scenario,
    matching,
    ordering,
    numeric,
    short_text,
    gap_fill,
    self_rating,
)
TYPES: dict[str, QuestionType] = {module.TYPE.name: module.TYPE for module in _MODULES}

__all__ = ["TYPES", "QuestionType", "SourceFault", "Value"]
