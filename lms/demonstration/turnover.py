"""How the organisation changes: who comes, goes, moves and hands over, file by file of HR's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

from lms.demonstration.cast import ACCOUNTS, HEADS
from lms.demonstration.organisation import ENTRANCES, Member
from lms.demonstration.places import Places

_LEAVE, _MOVE, _HAND_OVER = 0.01, 0.005, 0.06  # of the people, the people and the programme units, in each file
_HEAD = "Programme Unit Manager"
_FIXED = {part.email for part in (*HEADS, *ACCOUNTS)}


@dataclass
class Change:
    """One later file of HR's: the lines of those who are new or of whom something changed; and who goes, by number."""

    day: date
    members: list[Member] = field(default_factory=list)
    leavers: dict[str, date] = field(default_factory=dict)


class Turnover:
    """The organisation as it is after each file; nobody leaves who leads or will lead somebody."""

    def __init__(self, random: Random, members: Sequence[Member], places: Places) -> None:
        self._random, self._members, self._places = random, members, places
        self._there = {member.number: member for member in members if not member.entrance}
        self._leading = {member.manager for member in members}
        self._successors: dict[str, str] = {}
        self._has_left = False
        self._busy: set[str] = set()  # one line each in a file
        countries: dict[str, list[str]] = {}
        for code in places.tagged("programme_unit"):
            countries.setdefault(places.by_code[code].parent, []).append(code)
        self._countries = countries

    def next(self, number: int, day: date) -> Change:
        """What HR's file of that number and day holds."""
        change = Change(day)
        for moving in (self._handovers, self._moves):
            for member in list(moving(day)):
                self._there[member.number] = member
                self._busy.add(member.number)
                change.members.append(member)
        for member in self._leavers(is_half_time=number == ENTRANCES // 2):
            change.leavers[member.number] = day
            change.members.append(self._there.pop(member.number))
        self._busy.clear()
        for member in (m for m in self._members if m.entrance == number):
            newcomer = replace(member, manager=self._successors.get(member.manager, member.manager))
            self._there[member.number] = newcomer
            change.members.append(newcomer)
        return change

    def _free(self) -> Iterator[Member]:
        """Those who lead nobody, have no part of their own in the story and no line in the file yet."""
        bound = self._leading | self._busy
        return (m for m in self._there.values() if m.number not in bound and m.email not in _FIXED)

    def _leavers(self, *, is_half_time: bool) -> list[Member]:
        """Somebody at least, by half-time, however small the organisation is."""
        free = list(self._free())
        leaving = [member for member in free if self._random.random() < _LEAVE]
        self._has_left |= bool(leaving)
        return free[:1] if is_half_time and not self._has_left else leaving

    def _handovers(self, day: date) -> Iterator[Member]:
        """The head of a programme unit becomes adviser in the country office, and one of the team leads it."""
        teams: dict[str, list[Member]] = {}
        for member in self._there.values():
            teams.setdefault(member.manager, []).append(member)
        heads = [m for m in self._there.values() if m.job_title == _HEAD and m.email not in _FIXED]
        for head in heads:
            team = [m for m in teams.get(head.number, []) if m.number not in teams and not m.partner]
            if len(team) < 3 or len(team) < len(teams[head.number]) or self._random.random() > _HAND_OVER:
                continue
            office = self._places.by_code[head.unit].parent
            first, *others = sorted(team, key=lambda member: member.starts_on)
            self._leading.add(first.number)
            for number, successor in [*self._successors.items(), (head.number, head.number)]:
                if successor == head.number:
                    self._successors[number] = first.number
            yield replace(first, job_title=_HEAD, manager=head.manager, starts_on=day)
            yield replace(head, job_title="Programme Adviser", unit=office, starts_on=day)
            yield from (replace(member, manager=first.number) for member in others)

    def _moves(self, day: date) -> Iterator[Member]:
        """Somebody goes to another programme unit of the country."""
        heads = {m.unit: m.number for m in self._there.values() if m.job_title == _HEAD}
        for member in [m for m in self._free() if not m.partner]:
            office = self._places.by_code[member.unit].parent
            others = [unit for unit in self._countries.get(office, ()) if unit != member.unit and unit in heads]
            if others and self._random.random() < _MOVE:
                unit = self._random.choice(others)
                yield replace(member, unit=unit, manager=heads[unit], starts_on=day)
