"""The same acts in bulk: by the rules and row builders of the services, kept in memory and written in slices.

What happens once for many people (HR's file, an assignment) or seldom goes through the service itself, between two
slices.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms.content.people_file import PeopleFile
from lms.db import Database
from lms.demonstration.acts import Acts, Try
from lms.demonstration.memory import Memory, Record, Running
from lms.demonstration.published import BankQuestion, PublishedCourse
from lms.demonstration.slices import Slices
from lms.errors import N_, Conflict
from lms.models import (
    AnswerEvent,
    AnswerValue,
    Assignment,
    Attempt,
    AttemptQuestion,
    AttemptResult,
    AuditEntry,
    Completion,
    DevelopmentPlan,
    Enrolment,
    EnrolmentAssignment,
    EnrolmentStart,
    Evidence,
    Objective,
    PlanItem,
    PlanItemSignature,
    SectionReading,
    new_ref,
)
from lms.permissions import Actor, Grant, Role
from lms.rules import standing as rule
from lms.rules.attempting import Readiness, counts, obstacle
from lms.rules.grading import Grade, grade
from lms.rules.plans import Condition, cycle
from lms.services import attempt_rows, enrolments, plan_words, plans, submitting
from lms.services.answers import Answer, parse_value
from lms.services.attempts import OBSTACLES, Drawn
from lms.services.evidence import course_evidence
from lms.services.profile import profile_row
from lms.services.standings import standing_row
from lms.services.writing import audit_row

_LEARNER = (Grant(Role.LEARNER),)
_DONE = (rule.Status.COMPLETED, rule.Status.CERTIFIED, rule.Status.WAIVED)


class BulkActs(Acts):
    """Needs the database for itself: ids are counted, and what others write in between is not seen."""

    rows_in_a_slice = 20_000  # written in one transaction: about half a second

    def __init__(self, database: Database, operator: Actor, courses: Sequence[PublishedCourse]) -> None:
        super().__init__(database, operator, courses)
        self._slices, self._memory = Slices(database), Memory()
        self._running: dict[str, Running] = {}
        self._steps: dict[str, int] = {}  # ref of a plan's step -> its id

    # Through the services, between two slices.

    @contextmanager
    def operating(self, at: datetime) -> Iterator[tuple[Session, Actor]]:
        self._slices.write()
        with super().operating(at) as pair:
            yield pair

    @contextmanager
    def acting(self, email: str, at: datetime) -> Iterator[tuple[Session, Actor]]:
        self._slices.write()
        with super().acting(email, at) as pair:
            yield pair

    def take_in(self, at: datetime, file: PeopleFile) -> None:
        super().take_in(at, file)
        with self.database.read() as session:
            self._memory.read_people(session, at)
        self._look_up(select(EnrolmentAssignment.enrolment_id).where(EnrolmentAssignment.assigned_at == at))

    def assign(self, *args: Any, **values: Any) -> list[str]:
        refs = super().assign(*args, **values)
        self._look_up(_asked().where(Assignment.ref.in_(refs)))
        return refs

    def take_back(self, email: str, at: datetime, ref: str) -> None:
        super().take_back(email, at, ref)
        self._look_up(_asked().where(Assignment.ref == ref))

    def withdraw(self, officer: str, at: datetime, email: str, course: PublishedCourse, reason: str) -> None:
        super().withdraw(officer, at, email, course, reason)
        person = self._memory.people[email]
        self._look_up(select(Enrolment.id).where(Enrolment.id == self._memory.records[person.id, course.id].id))

    def finish(self) -> None:
        self._slices.write()

    def _look_up(self, touched: Select[int]) -> None:
        with self.database.read() as session:
            self._memory.read_records(session, touched)

    # In memory.

    def save_profile(self, email: str, at: datetime, *, name: str, language: str) -> None:
        actor, known = self._learner(email, at), self._memory.people[email]
        self._slices.change_person(known.id, profile_row(actor, name, language))
        self._note(actor, "profile.save", "person", known.ref)

    def start_course(self, email: str, at: datetime, course: PublishedCourse) -> None:
        actor = self._learner(email, at)
        record = self._memory.records.get((actor.person_id or 0, course.id))
        period = enrolments.period_to_open(actor, record, record.standing if record else None)
        if period or record is None:
            record = self._open(actor, course, period or 1)
        self._begin(actor, record)

    def _open(self, actor: Actor, course: PublishedCourse, period: int) -> Record:
        row = enrolments.enrolment_row(actor, actor.person_id, course.id, period, own_choice=True)
        row |= {"id": self._slices.number(Enrolment), "ref": new_ref()}
        self._slices.add(Enrolment, [row])
        self._note(actor, "enrolments.open", "enrolment", row["ref"])
        facts = rule.EnrolmentFacts(enrolled_at=actor.at, own_choice=True)
        record = self._memory.records[actor.person_id or 0, course.id] = Record(row["id"], period, facts)
        return record

    def _begin(self, actor: Actor, record: Record) -> None:
        if record.facts.started_at is None:
            self._slices.add(EnrolmentStart, [enrolments.start_row(actor, record.id)])
            record.learn(started_at=actor.at)
            self._refresh(record, actor.at)

    def finish_section(self, email: str, at: datetime, course: PublishedCourse, key: str) -> None:
        actor = self._learner(email, at)
        record = self._memory.records[actor.person_id or 0, course.id]
        self._begin(actor, record)
        if key not in record.read:
            record.read.add(key)
            self._slices.add(SectionReading, [enrolments.reading_row(actor, record.id, key)])

    def start_attempt(self, email: str, at: datetime, course: PublishedCourse, seed: int) -> Try:
        actor = self._learner(email, at)
        record = self._memory.records[actor.person_id or 0, course.id]
        self._refuse(actor, course, record)
        language = course.language(actor.language)
        row = attempt_rows.attempt_row(
            actor, record.id, course.version, number=len(record.facts.attempts) + 1, language=language, seed=seed
        )
        row |= {"id": self._slices.number(Attempt), "ref": new_ref()}
        met = attempt_rows.Met(record.seen, record.last, self._memory.people[email].function)
        drawn = list(attempt_rows.drawn_rows(row["id"], seed, course.version, course.questions[language], met))
        self._slices.add(Attempt, [row])
        self._slices.add(AttemptQuestion, drawn)
        record.last = frozenset(item["question_id"] for item in drawn)
        record.seen.update(record.last)
        record.learn(attempts=(*record.facts.attempts, rule.AttemptFact(at)))
        self._refresh(record, at)
        self._note(actor, "attempts.start", "attempt", row["ref"])
        tried = Try(row["ref"], language, [_shown(item, course.by_id[language]) for item in drawn])
        self._running[tried.ref] = record.running = Running(row, tried, record, course)
        return tried

    def _refuse(self, actor: Actor, course: PublishedCourse, record: Record) -> None:
        """By the rule of the course's page: an attempt may start now, or Conflict."""
        status = rule.status(record.standing, actor.today) if record.standing else None
        withdrawn = max((c.withdrawn_at for c in record.facts.completions if c.withdrawn_at), default=None)
        used = [a for a in record.facts.attempts if withdrawn is None or a.started_at > withdrawn]
        missing = [code for code in course.version.prerequisites if not self._has_passed(actor, code)]
        why = obstacle(
            Readiness(
                has_open_attempt=record.running is not None, is_completed=status in _DONE,
                prerequisites_missing=len(missing), sections_left=len(set(course.sections) - record.read),
                attempts_used=len(used), attempts_allowed=course.version.attempts_allowed, at=actor.at,
                is_expired=status is rule.Status.EXPIRED, opens_on=course.version.quiz_opens_on,
                closes_on=course.version.quiz_closes_on,
            )
        )  # fmt: skip
        if why:
            raise Conflict(OBSTACLES[why])

    def _has_passed(self, actor: Actor, code: str) -> bool:
        course = self.courses.get(code)
        record = self._memory.records.get((actor.person_id or 0, course.id)) if course else None
        return bool(record and record.standing and rule.status(record.standing, actor.today) in _DONE)

    def record_answers(self, email: str, at: datetime, ref: str, answers: Sequence[Answer]) -> None:
        actor, running = self._learner(email, at), self._running[ref]
        drawn = {item.position: item for item in running.tried.drawn}
        events, values = [], []
        for answer in answers:
            item = drawn[answer.position]
            value = parse_value(item.type, item.body, item.option_order, answer.values)
            row = attempt_rows.answer_row(
                actor, running.row["id"], item.question_id, running.row["deadline_at"], answer, value
            )
            row["id"] = self._slices.number(AnswerEvent)
            events.append(row)
            values.append(attempt_rows.value_row(row["id"], answer.event_id, value))
            if counts(at, running.row["deadline_at"]):
                running.values[item.question_id] = value
        self._slices.add(AnswerEvent, events)
        self._slices.add(AnswerValue, values)

    def submit(self, email: str, at: datetime, ref: str) -> None:
        actor, running = self._learner(email, at), self._running.pop(ref)
        record, attempt_id = running.record, running.row["id"]
        grades = _graded(running)
        result = submitting.result_row(actor, attempt_id, running.row["deadline_at"], grades)
        self._slices.add(AttemptResult, [result])
        self._slices.close_attempt(running.row)
        record.running = None
        closed = rule.AttemptFact(running.row["started_at"], grades.percent, grades.passed)
        record.learn(attempts=(*(a for a in record.facts.attempts if a.percent is not None), closed))
        if grades.passed and running.course.version.completes_by == submitting.BY_QUIZ:
            self._complete(actor, running, result["finished_at"], grades)
        self._refresh(record, at)
        self._note(actor, "attempts.submit", "attempt", ref)

    def _complete(self, actor: Actor, running: Running, finished: datetime, grades: Grade) -> None:
        record, version = running.record, running.course.version
        row = submitting.completion_row(actor, record.id, running.row["id"], version, finished)
        row["id"] = self._slices.number(Completion)
        self._slices.add(Completion, [row])
        lapses, apply_by = row["expires_on"], row["application_due_on"]
        self._slices.add(Evidence, course_evidence(actor, actor.person_id or 0, row, version))
        fact = rule.CompletionFact(finished, version.id, grades.percent, running.tried.language, lapses, apply_by)
        record.learn(completions=(*record.facts.completions, fact))

    def make_plan(
        self, email: str, at: datetime, *, cycle_start: str, words: dict[str, Any],
        steps: Sequence[tuple[str, str]], course: PublishedCourse,
    ) -> list[str]:  # fmt: skip
        actor = self._learner(email, at)
        row = plans.plan_row(actor, *cycle(actor.today, cycle_start))
        plan = self._put(actor, DevelopmentPlan, row, "plans.start", "plan")
        row = plan_words.objective_row(actor, plan["id"], words)
        objective = self._put(actor, Objective, row, "plans.save_objective", "objective")["id"]
        rows = [plan_words.item_row(actor, objective, kind, text, None, Condition.SIGNED) for kind, text in steps]
        rows.append(plan_words.item_row(actor, objective, "course", "", course.id, Condition.COMPLETED))
        for row in rows:
            self._steps[row["ref"]] = self._put(actor, PlanItem, row, "plans.add_item", "plan_item")["id"]
        return [row["ref"] for row in rows[:-1]]

    def sign(self, email: str, at: datetime, ref: str) -> None:
        actor = self._learner(email, at)
        self._slices.add(PlanItemSignature, [plan_words.signature_row(actor, self._steps.pop(ref), done=True)])
        self._note(actor, "plans.sign_item", "plan_item", ref)

    def _put(self, actor: Actor, model: Any, row: dict[str, Any], action: str, kind: str) -> dict[str, Any]:
        row["id"] = self._slices.number(model)
        self._slices.add(model, [row])
        self._note(actor, action, kind, row["ref"])
        return row

    def _learner(self, email: str, at: datetime) -> Actor:
        if self._slices.count > self.rows_in_a_slice:
            self._slices.write()
        known = self._memory.people.get(email)
        if known is None or (known.ended_on and known.ended_on <= at.date()):
            raise Conflict(N_("%(email)s is not in the records: was HR's file changed meanwhile?"), email=email)
        return Actor(known.id, at, _LEARNER, known.kind, "", known.language)

    def _refresh(self, record: Record, at: datetime) -> None:
        new = rule.derive(record.facts)
        if new != record.standing:
            record.standing = new
            self._slices.set_standing(standing_row(record.id, new, at))

    def _note(self, actor: Actor, action: str, kind: str, ref: str) -> None:
        self._slices.add(AuditEntry, [audit_row(actor, action, kind, ref)])


def _asked() -> Select[int]:
    """The enrolments that assignments ask for."""
    return select(EnrolmentAssignment.enrolment_id).join(Assignment)


def _shown(row: dict[str, Any], bank: Mapping[int, BankQuestion]) -> Drawn:
    question = bank[row["question_id"]]
    return Drawn(question.id, row["position"], question.type, question.body, row["option_order"], None)


def _graded(running: Running) -> Grade:
    bank = running.course.by_id[running.tried.language]
    drawn = [bank[item.question_id] for item in running.tried.drawn]
    return grade(list(submitting.marks(drawn, running.values)), running.row["pass_percent"])
