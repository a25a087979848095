"""The organisation's tree of units, and the partner organisations that its units work with."""

from sqlalchemy import ForeignKey, Identity, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base


class OrgUnit(Base):
    """A unit of any depth; `path` is the ids from the root, `/1/4/9/`, so that a subtree is a prefix."""

    __tablename__ = "lms_units"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("lms_units.id"), index=True)
    path: Mapped[str] = mapped_column(String(500), index=True, default="")
    tags: Mapped[str] = mapped_column(String(300), default="")  # separated by ";", e.g. "country_office"
    country: Mapped[str] = mapped_column(String(2), default="")  # ISO 3166-1 alpha-2
    time_zone: Mapped[str] = mapped_column(String(60), server_default="", default="")  # IANA, of it and those below
    # A cache for exports: the code of the nearest unit at or above this one that is tagged "regional_hub".
    region_code: Mapped[str] = mapped_column(String(60), default="")
    # "MM-DD", where the unit and those below have development plans of a year of their own.
    plan_start: Mapped[str] = mapped_column(String(5), default="")


class PartnerOrganisation(Base):
    """An organisation of its own that works with ours."""

    __tablename__ = "lms_partner_organisations"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    types: Mapped[str] = mapped_column(String(300), default="")  # separated by ";"
    country: Mapped[str] = mapped_column(String(2), default="")
    plan_start: Mapped[str] = mapped_column(String(5), default="")  # "MM-DD" of its people's development plans
