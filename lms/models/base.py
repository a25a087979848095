"""The declarative base: own metadata, names with the prefix `lms_`, UTC instants."""

import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, ForeignKey, Identity, MetaData, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

PREFIX = "lms_"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant; SQLite keeps it without zone, PostgreSQL as timestamptz. A naive one is refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table of the plugin."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}


def new_ref() -> str:
    """An unguessable name for a row, as pages and exports show it: 22 characters, 128 bits.

    It never begins with a hyphen: a spreadsheet would take it for a formula.
    """
    while (ref := secrets.token_urlsafe(16)).startswith("-"):
        pass
    return ref


def _person_of(context: Any) -> int:
    """Of a row that is inserted: the person, whichever of the two columns of Held names them."""
    given = context.get_current_parameters()
    return int(given.get("holder_id") or given["person_id"])


class Held:
    """A fact about somebody: in the table `person_id` is whom it was recorded for, and never changes.

    What services ask for as `person_id` is the column `holder_id`: whose it is today. That is the same person, but
    where two records are one human being's (models.unions). It is a cache of the unions (services.uniting), so that
    every query finds in one column what is theirs.
    """

    recorded_for_id: Mapped[int] = mapped_column("person_id", ForeignKey("lms_people.id"), default=_person_of)
    # Never empty; only a column that may be can be given to a table that others refer to.
    person_id: Mapped[int] = mapped_column("holder_id", ForeignKey("lms_people.id"), nullable=True, default=_person_of)


def where(flag: str) -> dict[str, Any]:
    """What makes an index one of those rows alone of which a flag holds, as each database has to be told it.

    SQLite takes a partial index only where a query says the index's very words, and a query says `flag = 1`.
    """
    return {"sqlite_where": text(f"{flag} = 1"), "postgresql_where": text(flag)}


class Keyed:
    """A row with a private number and an unguessable public name."""

    id: Mapped[int] = mapped_column(Identity(), primary_key=True, sort_order=-2)
    ref: Mapped[str] = mapped_column(String(32), unique=True, default=new_ref, sort_order=-1)
