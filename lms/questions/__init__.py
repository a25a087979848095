"""The question types: one file each, listed here; nothing elsewhere knows a type's name."""

from lms.questions import multiple_response, single_choice
from lms.questions.base import QuestionType, SourceFault, Value

TYPES: dict[str, QuestionType] = {kind.name: kind for kind in (single_choice.TYPE, multiple_response.TYPE)}

__all__ = ["TYPES", "QuestionType", "SourceFault", "Value"]
