"""Finds the people whom the lines of HR's file may mean, by each of the keys that HR may use."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lms.content.people_file import PeopleRow
from lms.models import Person
from lms.rules.people import email_key

KEYS = ("employee_number", "external_ref", "work_email")
_SLICE = 500


class KnownPeople:
    """The people whom the rows may mean, by each of their keys."""

    def __init__(self, session: Session, rows: list[PeopleRow]) -> None:
        self._by_key: dict[str, dict[str, Person]] = {column: {} for column in KEYS}
        for start in range(0, len(rows), _SLICE):
            for person in session.scalars(_keys_query(rows[start : start + _SLICE])):
                keys = (person.employee_number, person.external_ref, person.email_key)
                for column, key in zip(KEYS, keys, strict=True):
                    if key:
                        self._by_key[column][key] = person

    def _holder(self, row: PeopleRow, column: str) -> Person | None:
        key = email_key(row[column]) if column == "work_email" else row[column]
        return self._by_key[column].get(key)

    def find(self, row: PeopleRow) -> Person | None:
        """By number first, then by reference, then by e-mail."""
        return next((person for column in KEYS if (person := self._holder(row, column))), None)

    def contradictions(self, row: PeopleRow) -> Iterator[tuple[str, str]]:
        """Column and reason for each key of the row that is another person's than the one found."""
        person = self.find(row)
        for column in KEYS:
            if self._holder(row, column) not in (None, person):
                yield column, f"{row[column]!r} belongs to somebody else already"
        number = row["employee_number"]
        if person is not None and number and person.employee_number not in (None, number):
            # An address that was given on to a newcomer must not give them the learning record with it.
            found_by = "reference" if self._holder(row, "external_ref") is person else "e-mail"
            yield "employee_number", f"the person with this {found_by} has the number {person.employee_number!r}"


def _keys_query(rows: list[PeopleRow]) -> Any:
    return select(Person).where(
        or_(
            Person.employee_number.in_([row["employee_number"] for row in rows if row["employee_number"]]),
            Person.external_ref.in_([row["external_ref"] for row in rows if row["external_ref"]]),
            Person.email_key.in_([email_key(row["work_email"]) for row in rows if row["work_email"]]),
        )
    )


class KnownManagers:
    """Finds a manager by any of the keys that HR may use."""

    def __init__(self, session: Session, rows: list[PeopleRow]) -> None:
        keys = sorted({row["manager"] for row in rows if row["manager"]})
        self.ids: dict[str, int] = {}
        columns = (Person.email_key, Person.external_ref, Person.employee_number)  # the last one wins
        for column in columns:
            for start in range(0, len(keys), _SLICE):
                part = [email_key(key) if column is Person.email_key else key for key in keys[start : start + _SLICE]]
                found = session.execute(select(column, Person.id).where(column.in_(part)))
                self.ids |= {str(key): person_id for key, person_id in found}

    def find(self, key: str) -> int | None:
        """The person's id, or None."""
        return self.ids.get(key) or self.ids.get(email_key(key))
