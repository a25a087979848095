"""`attempts_v1`: for authors, one row a question of a course version; nobody's name, and no group under five.

The figures rest on the first attempts of whole groups of five people, in the order in which they were handed in: what
two exports differ by is then five people, or none.
"""

from typing import Any

from sqlalchemy import Select, case, func, select

from lms.exports.layout import Column, Conditions, Layout, Pack, Run, apart, code, number, words
from lms.models import Attempt, AttemptQuestion, AttemptResult, Course, CourseVersion, Enrolment, Question

GROUP = 5


def _counted(bounds: Conditions) -> Any:
    """Question, people and their mean percent, of whole groups."""
    first = (
        select(AttemptQuestion.question_id, AttemptResult.percent)
        .add_columns(
            func.row_number().over(partition_by=AttemptQuestion.question_id, order_by=AttemptResult.id).label("place")
        )
        .add_columns(func.count().over(partition_by=AttemptQuestion.question_id).label("all_of_them"))
        .join(Question, Question.id == AttemptQuestion.question_id)
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(AttemptResult, AttemptResult.attempt_id == Attempt.id)
        .where(Attempt.number == 1, Enrolment.period == 1, AttemptResult.cause == "submitted", *bounds)
        .subquery("first")
    )
    people = func.count()
    return (
        select(first.c.question_id, people.label("people"))
        .add_columns(((func.sum(first.c.percent) * 2 + people) // (people * 2)).label("mean_percent"))
        .where(first.c.place <= first.c.all_of_them // GROUP * GROUP)
        .group_by(first.c.question_id)
        .subquery("counted")
    )


def _build(run: Run, conditions: Conditions, bounds: Conditions = (), pack: Pack = apart) -> Select[Any]:
    counted = _counted(bounds)
    columns = [
        words("course_code", Course.code),
        Column("course_version", number(CourseVersion.number)),
        words("question_key", Question.key),
        words("pool", Question.pool),
        code("question_type", Question.type),
        words("competency", Question.competency),
        Column("critical", case((Question.critical, "Y"), else_="N")),
        Column("people", number(counted.c.people)),
        Column("mean_percent", number(counted.c.mean_percent)),
    ]
    return (
        select(*(column.cell.label(column.name) for column in pack(columns)))
        .select_from(Question)
        .join(counted, counted.c.question_id == Question.id)
        .join(CourseVersion, CourseVersion.id == Question.version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(*bounds)
        .order_by(Question.id)
    )


def _count(run: Run, conditions: Conditions) -> Select[Any]:
    counted = _counted(())
    return (
        select(Course.code, func.count().label("rows"), func.sum(counted.c.people).label("people"))
        .select_from(Question)
        .join(counted, counted.c.question_id == Question.id)
        .join(CourseVersion, CourseVersion.id == Question.version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .group_by(Course.code)
        .order_by(Course.code)
    )


_NAMES = (
    "course_code", "course_version", "question_key", "pool", "question_type", "competency", "critical", "people",
    "mean_percent",
)  # fmt: skip
LAYOUT = Layout("attempts_v1", "1.0.0", _NAMES, Question.id, _build, _count, filters=frozenset())
