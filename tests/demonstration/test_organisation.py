"""Who is there: fixed accounts, all functions, many scripts, a tree of managers; and HR's file."""

import unicodedata
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from lms.content.people_file import read_people_file
from lms.demonstration.cast import ACCOUNTS
from lms.demonstration.hr_file import hr_csv, hr_file
from lms.demonstration.names import CULTURES, NameBook
from lms.demonstration.organisation import TEAM, Functions, Member, compose
from lms.demonstration.world import published_functions
from lms.models import OrgUnit, PartnerOrganisation, Person, Post, ReportingLine
from lms.services.levels import current_references
from tests.demonstration.made import NOW, Made, MakeDatabase

FUNCTIONS = Functions(("programme", "finance", "leadership"), ("partner-programme", "partner-leadership"))


def _members(people: int, seed: int = 1) -> list[Member]:
    return compose(Random(seed), people=people, functions=FUNCTIONS, first_day=NOW.date(), late_day=NOW.date())


def test_the_fixed_accounts_come_first_with_a_role_in_words(sixty: Made) -> None:
    first = sixty.accounts[: len(ACCOUNTS)]
    assert [account.email for account in first] == [part.email for part in ACCOUNTS]
    assert first[0].name == "Amina Diallo"
    assert first[0].role_in_words == "member of staff, in the middle of a course"
    assert len(sixty.accounts) == 60
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
        managers = dict(session.execute(select(ReportingLine.person_id, ReportingLine.manager_id)).all())
        partners = dict(session.execute(select(Post.person_id, Post.partner_id)).all())
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


def test_newcomers_manage_nobody_of_the_first_file() -> None:
    members = _members(800)
    late = {member.number for member in members if member.joins_late}
    assert late
    assert not [member for member in members if member.manager in late and not member.joins_late]


def test_the_hr_file_has_no_fault(tmp_path: Path, make_database: MakeDatabase) -> None:
    with make_database().read() as session:
        functions = published_functions(session)
    members = compose(Random(7), people=300, functions=functions, first_day=NOW.date(), late_day=NOW.date())
    path = tmp_path / "people.csv"
    path.write_text(hr_csv(members), encoding="utf-8", newline="")
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
