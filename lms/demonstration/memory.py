"""What is known of people and their learning while a demonstration is written in bulk: read once, then kept."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from lms.demonstration.acts import Try
from lms.demonstration.published import PublishedCourse
from lms.models import Enrolment, Person, Post, Standing
from lms.rules import standing as rule
from lms.services.standings import read_facts

_SLICE = 500


@dataclass(frozen=True)
class Known:
    """A person as acts need them."""

    id: int
    ref: str
    kind: str
    language: str
    function: str
    ended_on: date | None


@dataclass
class Running:
    """An open attempt: its row, what was drawn, and the answers that came in time, by question."""

    row: dict[str, Any]
    tried: Try
    record: "Record"
    course: PublishedCourse
    values: dict[int, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Record:
    """Somebody's newest period of a course."""

    id: int
    period: int
    facts: rule.EnrolmentFacts
    standing: rule.Standing | None = None
    read: set[str] = field(default_factory=set)
    seen: Counter[int] = field(default_factory=Counter)  # question id -> how often it was drawn
    last: frozenset[int] = frozenset()  # those of the last attempt
    running: Running | None = None

    def learn(self, **facts: Any) -> None:
        """Replace some of the facts."""
        self.facts = replace(self.facts, **facts)


class Memory:
    """People by e-mail, and records by the ids of person and course."""

    def __init__(self) -> None:
        self.people: dict[str, Known] = {}
        self.records: dict[tuple[int, int], Record] = {}

    def read_people(self, session: Session, changed_at: datetime) -> None:
        """Whom HR's file of that moment changed, by the key of the e-mail, which in a demonstration is the e-mail."""
        query = (
            select(Person.email_key, Person.id, Person.ref, Person.kind, Person.language)
            .add_columns(func.coalesce(Post.function, ""), Post.ended_on)
            .outerjoin(Post, and_(Post.person_id == Person.id, Post.is_latest))
            .where(Person.email_key.is_not(None), Person.changed_at == changed_at)
        )
        self.people |= {str(row[0]): Known(*row[1:]) for row in session.execute(query)}

    def read_records(self, session: Session, touched: Select[int]) -> None:
        """The records of some enrolments; what was read and drawn in them is known already."""
        ids = session.scalars(touched).all()
        for part in (ids[start : start + _SLICE] for start in range(0, len(ids), _SLICE)):
            facts = read_facts(session, part)
            for row, standing in _enrolments(session, part):
                known = self.records.get((row.person_id, row.course_id))
                if known is None or known.id != row.id:
                    if known is not None and known.period > row.period:
                        continue
                    known = self.records[row.person_id, row.course_id] = Record(row.id, row.period, facts[row.id])
                known.facts, known.standing = facts[row.id], standing


def _enrolments(session: Session, ids: Sequence[int]) -> Iterator[tuple[Any, rule.Standing]]:
    names = list(rule.Standing.__dataclass_fields__)
    query = (
        select(Enrolment.id, Enrolment.person_id, Enrolment.course_id, Enrolment.period)
        .add_columns(*(getattr(Standing, name) for name in names))
        .join(Standing, Standing.enrolment_id == Enrolment.id)
        .where(Enrolment.id.in_(ids))
    )
    for row in session.execute(query):
        yield row, rule.Standing(**dict(zip(names, row[4:], strict=True)))
