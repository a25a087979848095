"""The units and partner organisations that HR's file names."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.people_file import PeopleFile, PeopleRow
from lms.errors import Fault
from lms.models import OrgUnit, PartnerOrganisation

REGIONAL_HUB = "regional_hub"


@dataclass(frozen=True)
class Organisation:
    """Ids by code, of what is known and what the file brings; and the units that stand elsewhere now."""

    units: dict[str, int]
    partners: dict[str, int]
    moved: set[int]


def take_organisation(session: Session, file: PeopleFile, faults: list[Fault]) -> Organisation:
    """Write the units and partners of the file; what contradicts itself or points nowhere becomes a fault."""
    units = {unit.code: unit for unit in session.scalars(select(OrgUnit))}
    partners = {partner.code: partner for partner in session.scalars(select(PartnerOrganisation))}
    moved = _take_units(session, file, units, faults)
    _take_partners(session, file, partners, faults)
    session.flush()
    return Organisation({c: u.id for c, u in units.items()}, {c: p.id for c, p in partners.items()}, moved)


def _merged(file: PeopleFile, prefix: str, faults: list[Fault]) -> dict[str, tuple[PeopleRow, dict[str, str]]]:
    """Code -> first row and the cells given for it anywhere; two different cells for one code are a fault."""
    merged: dict[str, tuple[PeopleRow, dict[str, str]]] = {}
    columns = [name for name in file.columns if name.startswith(prefix) and name != f"{prefix}code"]
    for row in file.rows:
        code = row[f"{prefix}code"]
        if not code:
            continue
        first, cells = merged.setdefault(code, (row, {}))
        for column in columns:
            if row[column] and cells.setdefault(column, row[column]) != row[column]:
                told = f"{code} has {cells[column]!r} in another line (first named in line {first.line})"
                faults.append(file.fault(row, column, f"{row[column]!r}, but {told}"))
    return merged


def _take_units(session: Session, file: PeopleFile, units: dict[str, OrgUnit], faults: list[Fault]) -> set[int]:
    merged = _merged(file, "unit_", faults)
    for code, (row, cells) in merged.items():
        unit = units.get(code)
        if unit is None:
            if "unit_name" not in cells:
                faults.append(file.fault(row, "unit_code", f"unit {code!r} is new and has no unit_name in any line"))
                continue
            unit = units[code] = OrgUnit(code=code, name=cells["unit_name"])
            session.add(unit)
        unit.name = cells.get("unit_name", unit.name)
        unit.country = cells.get("unit_country", unit.country or "")
        unit.tags = cells.get("unit_tags", unit.tags or "")
        unit.plan_start = cells.get("unit_plan_start", unit.plan_start or "")
    session.flush()
    for code, (row, cells) in merged.items():
        parent = cells.get("unit_parent_code")
        if parent and parent not in units:
            known = "add a line for it"
            faults.append(file.fault(row, "unit_parent_code", f"unit {parent!r} is neither here nor known: {known}"))
        elif parent and code in units:
            units[code].parent_id = units[parent].id
    return _set_paths(file, merged, units, faults)


def _set_paths(
    file: PeopleFile,
    merged: dict[str, tuple[PeopleRow, dict[str, str]]],
    units: dict[str, OrgUnit],
    faults: list[Fault],
) -> set[int]:
    moved: set[int] = set()
    by_id = {unit.id: unit for unit in units.values()}
    for unit in units.values():
        line = [unit]
        while line[-1].parent_id is not None and len(line) <= len(by_id):
            line.append(by_id[line[-1].parent_id])
        if len(line) > len(by_id):
            row = merged[unit.code][0] if unit.code in merged else file.rows[0]
            faults.append(file.fault(row, "unit_parent_code", f"unit {unit.code!r} would stand above itself"))
            continue
        path = "/" + "".join(f"{above.id}/" for above in reversed(line))
        if unit.path not in ("", path):
            moved.add(unit.id)
        unit.path = path
        unit.region_code = next((above.code for above in line if REGIONAL_HUB in above.tags.split(";")), "")
    return moved


def _take_partners(
    session: Session, file: PeopleFile, partners: dict[str, PartnerOrganisation], faults: list[Fault]
) -> None:
    for code, (row, cells) in _merged(file, "partner_", faults).items():
        partner = partners.get(code)
        if partner is None:
            if "partner_name" not in cells:
                text = f"partner {code!r} is new and has no partner_name in any line"
                faults.append(file.fault(row, "partner_code", text))
                continue
            partner = partners[code] = PartnerOrganisation(code=code, name=cells["partner_name"])
            session.add(partner)
        partner.name = cells.get("partner_name", partner.name)
        partner.country = cells.get("partner_country", partner.country or "")
        partner.types = cells.get("partner_types", partner.types or "")
        partner.plan_start = cells.get("partner_plan_start", partner.plan_start or "")
