"""Every fault that an author can make."""

from tests.content.course_cases import COURSE_CASES
from tests.content.media_cases import MEDIA_CASES
from tests.content.quiz_cases import QUIZ_CASES
from tests.content.reference_cases import REFERENCE_CASES
from tests.content.section_cases import SECTION_CASES
from tests.content.yaml_cases import YAML_CASES

CASES = [*YAML_CASES, *COURSE_CASES, *SECTION_CASES, *QUIZ_CASES, *MEDIA_CASES, *REFERENCE_CASES]
