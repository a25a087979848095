"""Item analysis for authors: worked out from the log when asked for, kept as a cache, never of fewer than ten."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Executable, and_, bindparam, delete, func, select
from sqlalchemy.orm import Session

from lms.errors import NotFound
from lms.models import (
    Attempt,
    AttemptResult,
    Course,
    CourseText,
    CourseVersion,
    Enrolment,
    ItemFigures,
    LateDecision,
    Question,
    QuestionKey,
    QuestionText,
    in_source_language,
)
from lms.permissions import Actor, require
from lms.questions import TYPES, Value
from lms.rules.items import Analysis, Event, Item, Response, analyse, times
from lms.rules.statistics import steady_count
from lms.services import keys
from lms.services.answer_logs import select_log
from lms.services.authoring import authored
from lms.services.keys import Correction, Corrections
from lms.services.question_reports import Report, list_reports
from lms.services.scope import rows as rows_of
from lms.services.submitting import mark_answer
from lms.services.writing import audit


@dataclass(frozen=True)
class AnalysedQuestion:
    """A question in the author's words, with its figures (rules.items.Figures as plain data) where there are any."""

    key: str
    pool: str
    prompt: str
    options: dict[str, str]  # id -> HTML, of what can be picked
    figures: dict[str, Any] | None
    reports: list[Report]
    recalled: Correction | None  # how it is marked now, where its key was wrong
    is_marked: bool


@dataclass(frozen=True)
class AnalysisPage:
    """The questions of one version of a course."""

    slug: str
    title: str
    number: int
    language: str
    handed_in: int | None  # first attempts so far, in steps of ten; None below ten
    worked_out_at: datetime | None
    analysis: dict[str, Any] | None
    questions: list[AnalysedQuestion]


def get_analysis(session: Session, actor: Actor, *, slug: str, number: int) -> AnalysisPage:
    """What was worked out last for a version of one of the actor's courses; NotFound for another. Five queries."""
    require(actor, "authoring.read")
    version = _find(session, actor, "authoring.read", slug, number)
    analysis = version.figures
    figures = {item["id"]: item for item in analysis["items"]} if analysis else {}
    recalled = keys.read_in_force(session, version.id)
    reports = list_reports(session, actor, version_id=version.id)
    questions = [
        AnalysedQuestion(
            row.key, row.pool, row.body["prompt"], TYPES[row.type].pick_texts(row.body), figures.get(row.id),
            reports.get(row.id, []), recalled.get(row.id), TYPES[row.type].is_marked,
        )
        for row in session.execute(_questions(), {"version": version.id})
    ]  # fmt: skip
    handed_in = steady_count(session.scalar(_handed_in_count(), {"version": version.id}) or 0)
    return AnalysisPage(
        slug, version.title, number, version.source_language, handed_in or None, version.worked_out_at, analysis,
        questions,
    )  # fmt: skip


def get_thirds(session: Session, actor: Actor, *, slug: str, number: int, key: str) -> list[dict[str, Any]]:
    """What each third chose of a question (rules.items.Pick as plain data); NotFound where that is not shown."""
    require(actor, "authoring.read")
    version = _find(session, actor, "authoring.read", slug, number)
    asked = select(Question.id).where(Question.version_id == version.id, Question.key == key)
    question_id = session.scalar(asked)
    for figures in version.figures["items"] if version.figures else ():
        if figures["id"] == question_id and figures["thirds"]:
            picks: list[dict[str, Any]] = figures["picks"]
            return picks
    raise NotFound()


def work_out(session: Session, actor: Actor, *, slug: str, number: int) -> Analysis:
    """The analysis as the log has it now; it only reads, since it may take some seconds."""
    require(actor, "authoring.write")
    version = _find(session, actor, "authoring.write", slug, number)
    questions = session.execute(_questions(), {"version": version.id}).all()
    corrections = keys.read_in_force(session, version.id)
    items = [_item(row, keys.right_of(row, corrections)) for row in questions]
    return analyse(items, _attempts(session, version.id, questions, corrections), seed=version.id)


def _item(row: Any, right: dict[str, Any]) -> Item:
    kind = TYPES[row.type]
    return Item(row.id, tuple(kind.pick_texts(row.body)), frozenset(kind.picks(kind.best(right))), kind.is_marked)


def keep_analysis(session: Session, actor: Actor, *, slug: str, number: int, analysis: Analysis) -> None:
    """Keep what `work_out` found, in the place of what was found before."""
    require(actor, "authoring.write")
    version = _find(session, actor, "authoring.write", slug, number)
    session.execute(select(CourseVersion.id).where(CourseVersion.id == version.id).with_for_update(key_share=True))
    session.execute(delete(ItemFigures).where(ItemFigures.version_id == version.id))
    session.add(ItemFigures(version_id=version.id, worked_out_at=actor.at, body=asdict(analysis)))
    audit(session, actor, "authoring.analyse", "course_version", f"{slug} {number}")


def drop_figures(session: Session, actor: Actor) -> None:
    """Forget every analysis; it is worked out again when an author asks."""
    require(actor, "records.rebuild")
    session.execute(delete(ItemFigures))


def _find(session: Session, actor: Actor, action: str, slug: str, number: int) -> Any:
    row = session.execute(
        select(CourseVersion.id, CourseVersion.source_language, CourseText.title)
        .add_columns(ItemFigures.worked_out_at, ItemFigures.body.label("figures"))
        .join(Course, Course.id == CourseVersion.course_id)
        .join(CourseText, in_source_language(CourseText))
        .outerjoin(ItemFigures, ItemFigures.version_id == CourseVersion.id)
        .where(Course.slug == slug, CourseVersion.number == number, authored(actor, action))
    ).first()
    if row is None:
        raise NotFound()
    return row


def _attempts(
    session: Session, version_id: int, questions: Sequence[Any], corrections: Corrections
) -> list[dict[int, Response]]:
    """The counted attempts: what each did with the questions that it met, in the order of handing in."""
    handed_in = session.execute(_handed_in(), {"version": version_id}).all()
    counted = {row.id: row for row in handed_in[: steady_count(len(handed_in))]}
    marks = _Marks({row.id: row for row in questions}, corrections)
    asked = rows_of(session, _log(), {"version": version_id})
    found = {
        number: _responses(counted[number], list(rows), marks)
        for number, rows in groupby(asked, key=attrgetter("attempt_id")) if number in counted
    }  # fmt: skip
    return [found[number] for number in counted if number in found]


class _Marks:
    """The marks of answers, each kind of answer marked once."""

    def __init__(self, questions: Mapping[int, Any], corrections: Corrections) -> None:
        self.questions, self.corrections = questions, corrections
        self.known: dict[tuple[int, str], tuple[float, tuple[str, ...]]] = {}

    def of(self, question_id: int, value: Value) -> tuple[float, tuple[str, ...]]:
        """The mark of an answer and what was picked."""
        key = question_id, repr(value)
        if key not in self.known:
            row = self.questions[question_id]
            mark = mark_answer(row.type, keys.right_of(row, self.corrections), value)
            self.known[key] = float(mark or 0), tuple(TYPES[row.type].picks(value)) if value is not None else ()
        return self.known[key]


def _responses(attempt: Any, rows: Sequence[Any], marks: _Marks) -> dict[int, Response]:
    """Of one attempt; a late answer counts where HR said so."""
    log = [row for row in rows if row.answer_id is not None and (attempt.accepted or not row.is_late)]
    values = {row.question_id: row.value for row in log}
    seconds = times(attempt.started_at, [Event(r.position, r.tab, r.received_at, r.given_at) for r in log])
    found = {}
    for row in rows:
        if row.question_id not in found:
            value = values.get(row.question_id)
            mark, picks = marks.of(row.question_id, value)
            found[row.question_id] = Response(mark, picks, value is not None, seconds.get(row.position))
    return found


@cache
def _questions() -> Executable:
    """A version's questions in the author's language."""
    text = and_(QuestionText.question_id == Question.id, QuestionText.language == CourseVersion.source_language)
    return (
        select(Question.id, Question.key, Question.pool, Question.type, QuestionText.body)
        .add_columns(QuestionKey.body.label("right"))
        .join(CourseVersion, CourseVersion.id == Question.version_id)
        .join(QuestionText, text)
        .join(QuestionKey, QuestionKey.question_id == Question.id)
        .where(Question.version_id == bindparam("version"))
        .order_by(Question.id)
    )


def _first_attempts() -> Any:
    """Who takes a quiz again has seen it: of each person the first attempt at the version speaks for the questions."""
    first = select(func.min(Attempt.id)).join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    return first.where(Attempt.version_id == bindparam("version")).group_by(Enrolment.person_id)


@cache
def _handed_in() -> Executable:
    """The counted attempts in the order in which they were first handed in."""
    order = func.min(AttemptResult.id)
    return (
        select(Attempt.id, Attempt.started_at, LateDecision.accepted)
        .join(AttemptResult, AttemptResult.attempt_id == Attempt.id)
        .outerjoin(LateDecision, LateDecision.attempt_id == Attempt.id)
        .where(Attempt.id.in_(_first_attempts()))
        .group_by(Attempt.id, Attempt.started_at, LateDecision.accepted)
        .order_by(order)
    )


@cache
def _handed_in_count() -> Any:
    return select(func.count()).where(Attempt.id.in_(_first_attempts()), ~Attempt.is_open)


@cache
def _log() -> Executable:
    """What first attempts at the version met, with the answers that took effect, as they arrived."""
    log: Executable = select_log().where(Attempt.id.in_(_first_attempts()))
    return log
