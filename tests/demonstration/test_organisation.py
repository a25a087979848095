"""Who is there: fixed accounts, all functions, many scripts, a tree of managers; and HR's file."""

import unicodedata
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from lms.content.people_file import read_people_file
from lms.demonstration.cast import ACCOUNTS
from lms.demonstration.cultures import CULTURES
from lms.demonstration.hr_file import hr_csv, hr_file
from lms.demonstration.names import NameBook
from lms.demonstration.organisation import ENTRANCES, LEADS, TEAM, Functions, Member, compose
from lms.demonstration.places import HUB, lay_out
from lms.demonstration.published import published_functions
from lms.demonstration.turnover import Turnover
from lms.models import OrgUnit, PartnerOrganisation, Person, Post, ReportingLine
from lms.services.framework import current_references
from tests.demonstration.made import NOW, Made, MakeDatabase

FUNCTIONS = Functions(("programme", "finance", "leadership"), ("partner-programme", "partner-leadership"))
_OPEN_LINES = select(ReportingLine.person_id, ReportingLine.manager_id).where(ReportingLine.ended_on.is_(None))
DAYS = [NOW.date() + timedelta(days=60 * number) for number in range(ENTRANCES + 1)]


def _members(people: int, seed: int = 1, functions: Functions = FUNCTIONS) -> list[Member]:
    return compose(Random(seed), people=people, places=lay_out(people), functions=functions, days=DAYS)


def test_the_fixed_accounts_come_first_with_a_role_in_words(sixty: Made) -> None:
    first = sixty.accounts[: len(ACCOUNTS)]
    assert [account.email for account in first] == [part.email for part in ACCOUNTS]
    assert first[0].name == "Amina Diallo"
    assert first[0].role_in_words == "member of staff, in the middle of a course"
    with sixty.database.read() as session:
        left = session.scalar(select(func.count()).select_from(Post).where(Post.is_latest, Post.ended_on.is_not(None)))
        assert session.scalar(select(func.count()).select_from(Person)) == 60
    assert left
    assert len(sixty.accounts) == 60 - left  # who has left can no longer sign in
    assert all(account.name and account.role_in_words for account in sixty.accounts)


def test_three_quarters_are_staff_and_every_function_has_somebody(sixty: Made) -> None:
    with sixty.database.read() as session:
        kinds = dict(session.execute(select(Person.kind, func.count()).group_by(Person.kind)).all())
        roles = current_references(session, "roles")["roles"]
        held = set(session.scalars(select(Post.function)))
    assert kinds == {"staff": 45, "partner_staff": 15}
    assert held == {function["code"] for function in roles["functions"]}


def test_addresses_are_ascii_and_names_are_in_many_scripts(sixty: Made) -> None:
    assert all(account.email.isascii() and account.email.endswith(".example") for account in sixty.accounts)
    letters = {
        unicodedata.name(char).split()[0] for account in sixty.accounts for char in account.name if char.isalpha()
    }
    assert {"LATIN", "ARABIC", "DEVANAGARI", "CYRILLIC", "CJK"} <= letters
    assert any(" " not in account.name for account in sixty.accounts)


def test_units_have_tags_and_partners_have_types(sixty: Made) -> None:
    with sixty.database.read() as session:
        units = session.scalars(select(OrgUnit)).all()
        partners = session.scalars(select(PartnerOrganisation)).all()
    tags = [tag for unit in units for tag in unit.tags.split(";")]
    assert (tags.count("global_hub"), tags.count("regional_hub"), tags.count("country_office")) == (1, 2, 5)
    assert all(len(unit.country) == 2 for unit in units)
    assert len(partners) == 4
    assert len({partner.types for partner in partners}) == 4


def test_managers_form_a_tree_and_partners_have_their_own(sixty: Made) -> None:
    with sixty.database.read() as session:
        managers = dict(session.execute(_OPEN_LINES).all())
        partners = dict(session.execute(select(Post.person_id, Post.partner_id).where(Post.is_latest)).all())
    tops = set(partners) - set(managers)
    assert len(tops) == 5  # the executive director, and one leader for each partner
    assert all(partners[person] == partners[manager] for person, manager in managers.items())
    for person in managers:
        seen = [person]
        while seen[-1] in managers:
            seen.append(managers[seen[-1]])
            assert len(seen) == len(set(seen))
        assert seen[-1] in tops


def test_nobody_has_more_reports_than_a_team_and_heads_of_other_places() -> None:
    reports: dict[str, int] = {}
    members = _members(800)
    places = {member.number: member.unit for member in members}
    for member in members:
        if member.manager and places[member.manager] == member.unit:
            reports[member.manager] = reports.get(member.manager, 0) + 1
    assert max(reports.values()) <= TEAM


def test_nobody_reports_to_somebody_who_comes_later() -> None:
    members = _members(800)
    entrances = {member.number: member.entrance for member in members}
    assert len(set(entrances.values())) == ENTRANCES + 1
    assert all(entrances[m.manager] <= m.entrance for m in members if m.manager)


@pytest.mark.parametrize("people", [20, 60, 1000, 10_000])
def test_every_unit_of_any_size_has_a_head_and_every_name_is_its_own(people: int) -> None:
    places, members = lay_out(people), _members(people)
    assert len(members) == people
    assert len({member.email for member in members}) == people
    assert all(member.email.isascii() for member in members)
    for names in ([u.code for u in places.units], [u.name for u in places.units], [p.name for p in places.partners]):
        assert len(set(names)) == len(names)
    if people > 20:
        led = {member.unit for member in members if member.job_title in LEADS}
        assert led == set(places.by_code)
        assert {p.code for p in places.partners} == {m.partner for m in members if m.partner}


def test_a_large_organisation_is_on_several_continents() -> None:
    places = lay_out(10_000)
    assert len(places.tagged("regional_hub")) == 6
    assert len({unit.country for unit in places.units}) > 40
    assert {places.region(unit.code) for unit in places.units} == {HUB, *places.tagged("regional_hub")}


def test_changes_keep_a_tree_of_those_who_are_there() -> None:
    people = 1500
    places, members = lay_out(people), _members(people)
    turnover = Turnover(Random(3), members, places)
    there = {member.number: member for member in members if not member.entrance}
    seen: Counter[str] = Counter()
    for number, day in enumerate(DAYS[1:], start=1):
        change = turnover.next(number, day)
        lines = [member.number for member in change.members]
        assert len(lines) == len(set(lines))
        seen["left"] += len(change.leavers)
        seen["came"] += sum(number not in there for number in lines)
        seen["moved"] += sum(m.number in there and m.unit != there[m.number].unit for m in change.members)
        seen["led"] += sum(m.number in there and m.job_title != there[m.number].job_title for m in change.members)
        there |= {member.number: member for member in change.members}
        there = {number: member for number, member in there.items() if number not in change.leavers}
        _assert_tree(there)
    assert all(seen[what] > 5 for what in ("left", "came", "moved", "led"))


def _assert_tree(there: dict[str, Member]) -> None:
    for member in there.values():
        line = [member.number]
        while there[line[-1]].manager:
            line.append(there[line[-1]].manager)
            assert line[-1] in there
            assert len(line) == len(set(line))


def test_the_hr_file_has_no_fault(tmp_path: Path, make_database: MakeDatabase) -> None:
    with make_database().read() as session:
        functions = published_functions(session)
    path = tmp_path / "people.csv"
    members = _members(300, seed=7, functions=functions)
    path.write_text(hr_csv(members, lay_out(300), {members[-1].number: DAYS[-1]}), encoding="utf-8", newline="")
    assert sum(row.is_person for row in read_people_file(path).rows) == 300


def test_the_same_seed_makes_the_same_file() -> None:
    assert hr_file(_members(60)).sha256 == hr_file(_members(60)).sha256
    assert hr_file(_members(60)).sha256 != hr_file(_members(60, seed=2)).sha256


def test_addresses_stay_different_when_names_run_out() -> None:
    book = NameBook(Random(1))
    addresses = [book.draw("NP").local for _ in range(200)]
    assert len(set(addresses)) == 200


def test_every_name_becomes_an_address() -> None:
    for culture in CULTURES:
        for names in (culture.given, culture.family):
            for name in names.split():
                written, _, latin = name.partition(":")
                assert latin.isascii(), name
                assert latin or unicodedata.name(written[0]).startswith("LATIN"), name
