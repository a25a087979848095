"""The units and partner organisations that HR's file names: what it changes of them, and writing that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.errors import N_, CellFault
from lms.models import OrgUnit, PartnerOrganisation
from lms.rules.people_changes import Change, Fields
from lms.services.import_lines import Line

if TYPE_CHECKING:
    from lms.content.people_file import PeopleFile, PeopleRow

REGIONAL_HUB = "regional_hub"
_UNIT = ("unit_name", "unit_parent_code", "unit_country", "unit_tags", "unit_plan_start")
_PARTNER = ("partner_name", "partner_types", "partner_country", "partner_plan_start")
_ABOVE = "unit_parent_code"
_NAMELESS = {
    Change.UNIT: N_("unit %(code)r is new and has no unit_name in any line"),
    Change.PARTNER: N_("partner %(code)r is new and has no partner_name in any line"),
}
Cells = dict[str, str]


@dataclass
class Organisation:
    """Units and partners by code as they will be; `bad` are the codes that cannot be taken."""

    units: dict[str, Cells]
    partners: dict[str, Cells]
    lines: list[Line] = field(default_factory=list)
    bad: set[tuple[str, str]] = field(default_factory=set)

    def path(self, code: str) -> list[str]:
        """The codes from the top to the unit; it stops where a circle begins anew."""
        above: list[str] = []
        while code and code in self.units and code not in above:
            above.insert(0, code)
            code = self.units[code].get(_ABOVE, "")
        return above

    def is_circle(self, code: str) -> bool:
        """Whether the unit, or one above it, would stand above itself."""
        return self.units[self.path(code)[0]].get(_ABOVE, "") in self.units


def plan_organisation(
    session: Session, file: PeopleFile, faults: list[CellFault], refused: set[int], within: str = ""
) -> Organisation:
    """What the file makes of units and partners; what contradicts itself or points nowhere becomes a fault.

    `within` is the code of the unit that the file is about: it changes nothing above or beside it, and no partner.
    """
    stored = session.scalars(select(OrgUnit)).all()
    codes = {unit.id: unit.code for unit in stored}
    units = {unit.code: _unit_cells(unit, codes) for unit in stored}
    partners = {one.code: _partner_cells(one) for one in session.scalars(select(PartnerOrganisation))}
    made = Organisation(units, partners)
    known = set(units), set(partners)
    new_units = _merged(file, "unit_", _UNIT, faults, refused)
    _refuse_nameless(file, made, Change.UNIT, new_units, faults)
    units |= {code: {} for code in new_units if code not in units and ("unit", code) not in made.bad}
    new_partners = _merged(file, "partner_", _PARTNER, faults, refused)
    _refuse_nameless(file, made, Change.PARTNER, new_partners, faults)
    before = {code: dict(cells) for code, cells in units.items()}
    for code, (row, cells) in new_units.items():
        if code in units:
            units[code].update(cells)
            if (above := cells.get(_ABOVE)) and above not in units:
                told = N_("unit %(code)r is neither here nor known: add a line for it")
                faults.append(file.fault(row, _ABOVE, told, code=above))
                made.bad.add(("unit", code))
    _find_circles(file, made, new_units, faults)
    if within:
        _keep_within(file, made, new_units, new_partners, known, before, within, faults)
    _add_lines(made, new_units, new_partners, before, known)
    return made


def _unit_cells(unit: OrgUnit, codes: dict[int, str]) -> Cells:
    return {
        "unit_name": unit.name, _ABOVE: codes.get(unit.parent_id or 0, ""), "unit_country": unit.country,
        "unit_tags": unit.tags, "unit_plan_start": unit.plan_start,
    }  # fmt: skip


def _partner_cells(partner: PartnerOrganisation) -> Cells:
    return {
        "partner_name": partner.name, "partner_types": partner.types, "partner_country": partner.country,
        "partner_plan_start": partner.plan_start,
    }  # fmt: skip


Merged = dict[str, tuple["PeopleRow", Cells]]


def _merged(file: PeopleFile, prefix: str, names: Sequence[str], faults: list[CellFault], refused: set[int]) -> Merged:
    """Code -> first row and the cells given for it anywhere; two different cells for one code are a fault."""
    merged: Merged = {}
    columns = [name for name in names if name in file.columns]
    if f"{prefix}code" not in file.columns:
        return merged
    for row in file.rows:
        code = row[f"{prefix}code"]
        if not code or row.line in refused:
            continue
        first, cells = merged.setdefault(code, (row, {}))
        for column in columns:
            if row[column] and cells.setdefault(column, row[column]) != row[column]:
                told = N_("%(value)r, but %(code)s has %(other)r in another line (first named in line %(line)s)")
                faults.append(
                    file.fault(row, column, told, value=row[column], code=code, other=cells[column],
                               line=str(first.line))
                )  # fmt: skip
    return merged


def _refuse_nameless(
    file: PeopleFile, made: Organisation, change: Change, merged: Merged, faults: list[CellFault]
) -> None:
    known = made.units if change is Change.UNIT else made.partners
    for code, (row, cells) in merged.items():
        if code not in known and f"{change}_name" not in cells:
            faults.append(file.fault(row, f"{change}_code", _NAMELESS[change], code=code))
            made.bad.add((change.value, code))


def _find_circles(file: PeopleFile, made: Organisation, merged: Merged, faults: list[CellFault]) -> None:
    for code in made.units:
        if made.is_circle(code):
            row = merged[code][0] if code in merged else next(iter(merged.values()))[0]
            faults.append(file.fault(row, _ABOVE, N_("unit %(code)r would stand above itself"), code=code))
            made.bad.add(("unit", code))


def _keep_within(
    file: PeopleFile, made: Organisation, merged: Merged,
    partners: Merged, known: tuple[set[str], set[str]], before: dict[str, Cells],
    within: str, faults: list[CellFault],
) -> None:  # fmt: skip
    """Refuse changes of what is not below the unit, and a unit's own place."""
    for code, (row, cells) in merged.items():
        changes = code not in known[0] or any(before.get(code, {}).get(name, "") != cells[name] for name in cells)
        was = Organisation(before, {}).path(code) if code in known[0] else made.path(code)
        is_inside = within in was and within in made.path(code) and (code != within or _ABOVE not in cells)
        if changes and not is_inside:
            told = N_("unit %(code)r is not below %(within)s, which this file is about")
            faults.append(file.fault(row, "unit_code", told, code=code, within=within))
            made.bad.add(("unit", code))
    for code, (row, cells) in partners.items():
        stood = made.partners.get(code, {}) if code in known[1] else {}
        if any(stood.get(name, "") != cells[name] for name in cells):
            told = N_("only a file about everybody changes partner organisations")
            faults.append(file.fault(row, "partner_code", told))
            made.bad.add(("partner", code))


def _add_lines(
    made: Organisation, units: Merged, partners: Merged, before: dict[str, Cells], known: tuple[set[str], set[str]]
) -> None:
    for change, merged, now, codes in (
        (Change.UNIT, units, before, known[0]), (Change.PARTNER, partners, made.partners, known[1]),
    ):  # fmt: skip
        for code, (row, cells) in merged.items():
            if (change.value, code) in made.bad:
                continue
            was = now.get(code, {}) if code in codes else {}
            fields: Fields = {n: (was.get(n, ""), cells[n]) for n in cells if was.get(n, "") != cells[n]}
            if fields:
                name = cells.get(f"{change}_name") or was.get(f"{change}_name", "")
                made.lines.append(Line(row.line, change, name, fields, code=code))
            if change is Change.PARTNER:
                made.partners.setdefault(code, {}).update(cells)


def write_organisation(session: Session, lines: Sequence[Line]) -> None:
    """Write what lines change of units and partners; units above are found by their codes."""
    units = {unit.code: unit for unit in session.scalars(select(OrgUnit))}
    partners = {one.code: one for one in session.scalars(select(PartnerOrganisation))}
    for line in lines:
        target: Any = (units if line.change is Change.UNIT else partners).get(line.code)
        values = {name.removeprefix(f"{line.change}_"): after for name, (_, after) in line.fields.items()}
        values.pop("parent_code", None)
        if target is None:
            target = OrgUnit(code=line.code) if line.change is Change.UNIT else PartnerOrganisation(code=line.code)
            (units if line.change is Change.UNIT else partners)[line.code] = target
            session.add(target)
        for name, value in values.items():
            setattr(target, name, value)
    session.flush()
    for line in lines:
        if _ABOVE in line.fields:
            units[line.code].parent_id = units[line.fields[_ABOVE][1]].id
    _set_paths(units)
    session.flush()


def _set_paths(units: dict[str, OrgUnit]) -> None:
    by_id = {unit.id: unit for unit in units.values()}
    for unit in units.values():
        line = list(_upwards(unit, by_id))
        unit.path = "/" + "".join(f"{above.id}/" for above in reversed(line))
        unit.region_code = next((above.code for above in line if REGIONAL_HUB in (above.tags or "").split(";")), "")


def _upwards(unit: OrgUnit, by_id: dict[int, OrgUnit]) -> Iterator[OrgUnit]:
    at: OrgUnit | None = unit
    while at is not None:
        yield at
        at = by_id[at.parent_id] if at.parent_id is not None else None
