"""Versions of the framework: evidence under old codes, codes that would be lost, and whose level or gap changes."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.content import load_library
from lms.errors import Conflict, Forbidden, NotFound
from lms.models import Job, StoredLevel
from lms.permissions import operator
from lms.services import stored_levels
from lms.services.framework_versions import (
    Counts,
    compare_editions,
    count_changes_of,
    find_changes,
    list_editions,
    list_lost_codes,
    sides_in_force,
    sides_of,
)
from lms.services.lapses import find_lapses
from lms.services.levels import get_level, get_levels
from lms.services.publishing import publish_library
from lms.services.team_levels import get_team_levels
from tests import world
from tests.content.sample import (
    COURSE,
    FRAMEWORK,
    GOOD,
    OTHER_COURSE,
    OTHER_QUIZ,
    QUIZ,
    ROLES,
    TEMPLATES,
    write_library,
)
from tests.services import steps


class Published:
    """Publishes one version after the other, each an hour later."""

    def __init__(self, database, folder: Path) -> None:
        self.database, self.folder, self.number = database, folder, 3

    def library(self, framework: str, roles: str = ROLES, code: str = "PC1", also: str = ""):
        """A library whose courses aim at a competency (the first one also at another), so that they fit a framework."""
        self.number += 1
        number = f"version: {self.number}"
        files = {**GOOD, "framework.yaml": framework.replace("version: 3", number)}
        files["roles.yaml"] = roles.replace("version: 1", number)
        files["plan-templates.yaml"] = TEMPLATES.replace("PC1", code).replace("version: 1", number)
        files["basics/course.yaml"] = COURSE.replace("PC1: 1", f"{code}: 1{also}").replace("version: 2", number)
        files["basics/quiz.yaml"] = QUIZ.replace("PC1", code)
        files["other/course.yaml"] = OTHER_COURSE.replace("PC1", code).replace("version: 1", number)
        files["other/quiz.yaml"] = OTHER_QUIZ.replace("PC1", code)
        templates = GOOD["plan-templates.yaml"].replace("version: 1", number)
        files["plan-templates.yaml"] = templates.replace("PC1", code)
        return load_library(write_library(self.folder / str(self.number), files))

    def publish(self, library, changed: Counts | None = None) -> None:
        at = operator(world.NOW + timedelta(hours=self.number))
        with self.database.transaction() as session:
            publish_library(session, at, library=library, changed=changed)


@pytest.fixture
def published(database, tmp_path: Path) -> Published:
    return Published(database, tmp_path / "published")


def renamed(*codes: str) -> str:
    """The sample framework after PC1 was given each of the codes in turn."""
    chain = ["PC1", *codes]
    mapping = [f"  - {{old: {old}, new: [{new}]}}\n" for old, new in pairwise(chain)]
    return f"{FRAMEWORK.replace('code: PC1', f'code: {codes[-1]}')}mapping:\n{''.join(mapping)}"


def level(database, actor, code: str) -> int:
    with database.read() as session:
        return get_level(session, actor, code=code)[1].explanation.level


def test_a_new_code_loses_no_evidence_over_several_versions(database, who, published) -> None:
    steps.take(database, who("amina"))
    before = level(database, who("amina"), "PC1")
    assert before == 1
    for codes in (("PX1",), ("PX1", "PY1"), ("PX1", "PY1", "PZ1")):
        roles = ROLES.replace("PC1", codes[-1])
        published.publish(published.library(renamed(*codes), roles, code=codes[-1]))
        assert level(database, who("amina"), codes[-1]) == before
        with pytest.raises(NotFound):
            level(database, who("amina"), "PC1")
    with database.read() as session:
        (only,) = get_levels(session, who("amina")).levels
    assert (only.target.level, len(only.explanation.judged)) == (2, 1)


def test_versions_may_be_left_out(database, who, published) -> None:
    steps.take(database, who("amina"))
    roles = ROLES.replace("PC1", "PZ1")
    published.publish(published.library(renamed("PX1", "PY1", "PZ1"), roles, code="PZ1"))
    assert level(database, who("amina"), "PZ1") == 1


def test_evidence_of_two_codes_that_became_one_counts_once(database, who, published) -> None:
    """A course that named both gives one piece of evidence of the one that they became."""
    second = FRAMEWORK.split("competencies:\n")[1].replace("code: PC1", "code: PC2")
    both = published.library(f"{FRAMEWORK}{second}", also=", PC2: 1")
    published.publish(both)
    steps.take(database, who("amina"))
    assert (level(database, who("amina"), "PC1"), level(database, who("amina"), "PC2")) == (1, 1)
    merged = f"{FRAMEWORK}mapping:\n  - {{old: PC2, new: [PC1]}}\n"
    published.publish(published.library(merged))
    with database.read() as session:
        (only,) = get_levels(session, who("amina")).levels
    assert len(only.explanation.judged) == 1


def team_level(database, manager, name: str) -> int:
    with database.read() as session:
        return next(line.cells[0].level for line in get_team_levels(session, manager).lines if line.name == name)


def stored(database, actor) -> dict[str, int]:
    with database.read() as session:
        query = select(StoredLevel.competency, StoredLevel.level).where(StoredLevel.person_id == actor.person_id)
        return {row.competency: row.level for row in session.execute(query)}


def refresh(database, act=stored_levels.refresh_slice, **payload) -> None:
    """As the worker does after a new framework, or `flask lms rebuild`."""
    with database.transaction() as session:
        act(session, operator(world.NOW), after=0, **payload)
    with database.transaction() as session:
        stored_levels.finish_rebuild(session, operator(world.NOW))


def test_stored_levels_follow_the_mapping_and_come_back_with_it(database, who, published) -> None:
    steps.take(database, who("amina"))
    assert stored(database, who("amina")) == {"PC1": 1}
    published.publish(published.library(renamed("PX1"), ROLES.replace("PC1", "PX1"), code="PX1"))
    assert team_level(database, who("kofi"), "Amina Diallo") == 1  # before the job has run
    with database.read() as session:
        payload = session.scalars(select(Job.payload).where(Job.kind == stored_levels.REFRESH)).one()
    refresh(database, payload=payload)
    assert stored(database, who("amina")) == {"PX1": 1}
    steps.take(database, who("wei"))  # evidence of today, under the new code
    assert stored(database, who("wei")) == {"PX1": 1}
    refresh(database, stored_levels.rebuild_slice)
    assert (stored(database, who("amina")), stored(database, who("wei"))) == ({"PX1": 1}, {"PX1": 1})
    gone = f"{FRAMEWORK.replace('code: PC1', 'code: PY1')}mapping:\n  - {{old: PX1, new: [], reason: Gone}}\n"
    gone += "  - {old: PC1, new: [PX1]}\n"
    published.publish(published.library(gone, ROLES.replace("PC1", "PY1"), code="PY1"))
    refresh(database, payload=payload)
    assert stored(database, who("amina")) == {}
    published.publish(published.library(renamed("PX1", "PY1"), ROLES.replace("PC1", "PY1"), code="PY1"))
    refresh(database, payload=payload)
    assert stored(database, who("amina")) == {"PY1": 1}


def test_a_corrected_mapping_leaves_no_level_under_the_wrong_code(database, who, published) -> None:
    steps.take(database, who("amina"))
    first, second = (FRAMEWORK.replace("code: PC1", f"code: {code}") for code in ("PX1", "PY1"))
    both = first + second.split("competencies:\n")[1]
    for became in ("PX1", "PY1"):
        mapped = f"{both}mapping:\n  - {{old: PC1, new: [{became}]}}\n"
        published.publish(published.library(mapped, ROLES.replace("PC1", became), code=became))
        with database.transaction() as session:
            payload = {stored_levels.EVERYBODY: True}
            stored_levels.refresh_slice(session, operator(world.NOW), after=0, payload=payload)
        assert stored(database, who("amina")) == {became: 1}


def test_lapses_are_found_under_the_new_code(database, who, published) -> None:
    steps.take(database, who("amina"))
    steps.take(database, who("amina"), "other")
    steps.withdraw(database, who("ingrid"), "amina")  # what stays runs out after 36 months
    published.publish(published.library(renamed("PX1"), ROLES.replace("PC1", "PX1"), code="PX1"))
    with database.read() as session:
        found = find_lapses(session, [who("amina").person_id], world.TODAY.replace(year=2029, month=11, day=1))
    assert [lapse.competency for lapse in found] == ["PX1"]


def test_a_code_that_is_lost_is_refused_with_what_to_write(database, published) -> None:
    lost = FRAMEWORK.replace("code: PC1", "code: PX1")
    library = published.library(lost, ROLES.replace("PC1", "PX1"), code="PX1")
    with database.read() as session:
        assert list_lost_codes(session, sides_of(library).framework) == ["PC1"]
    with steps.unchanged(database), pytest.raises(Conflict) as refused:
        published.publish(library)
    assert "`old: PC1` with `new: [CODE]`, or with `new: []` and a `reason`" in str(refused.value)
    dropped = f"{lost}mapping:\n  - {{old: PC1, new: [], reason: No longer asked}}\n"
    published.publish(published.library(dropped, ROLES.replace("PC1", "PX1"), code="PX1"))
    # A later version may not forget what became of it.
    with pytest.raises(Conflict, match="PC1"):
        published.publish(published.library(lost, ROLES.replace("PC1", "PX1"), code="PX1"))


def changes(database, library) -> dict[str, tuple[int, ...]]:
    with database.read() as session:
        old, names = sides_in_force(session), {}
        for person in ("amina", "kofi", "rosa"):
            names[steps.person(session, person).id] = person
        found = find_changes(session, operator(world.NOW), old=old, new=sides_of(library))
        return {names[one.person_id]: one[3:] for one in found if one.person_id in names}


def test_whose_gap_changes_by_a_target(database, who, published) -> None:
    steps.take(database, who("amina"))
    library = published.library(FRAMEWORK, ROLES.replace("{PC1: 2}", "{PC1: 3}"))
    # Level before and after, gap before and after; the offer is no target, so partner staff have no gap.
    assert changes(database, library) == {"amina": (1, 1, 1, 2), "kofi": (0, 0, 2, 3)}
    with database.read() as session:
        counts = count_changes_of(session, operator(world.NOW), library=library)
    assert counts == Counts(levels=0, gaps=8)


def test_whose_level_changes_by_a_code_that_is_dropped(database, who, published) -> None:
    steps.take(database, who("amina"))
    steps.take(database, who("rosa"))
    dropped = f"{FRAMEWORK.replace('code: PC1', 'code: PX1')}mapping:\n  - {{old: PC1, new: [], reason: Gone}}\n"
    library = published.library(dropped, ROLES.replace("PC1", "PX1"), code="PX1")
    found = changes(database, library)
    assert found["rosa"] == (1, 0, 0, 0)
    assert found["kofi"] == (0, 0, 0, 2)  # the new competency's target; the old one's gap is told on a line of its own
    with database.read() as session:
        everything = list(
            find_changes(session, operator(world.NOW), old=sides_in_force(session), new=sides_of(library))
        )
    amina = [one for one in everything if one.person_id == who("amina").person_id]
    assert [(one.before, one.after, *one[3:]) for one in amina] == [("PC1", "", 1, 0, 1, 0), ("", "PX1", 0, 0, 0, 2)]


def test_a_new_code_changes_nobody(database, who, published) -> None:
    steps.take(database, who("amina"))
    assert changes(database, published.library(renamed("PX1"), ROLES.replace("PC1", "PX1"), code="PX1")) == {}


def test_other_words_are_no_reason_to_read_anybodys_evidence(database, published) -> None:
    library = published.library(FRAMEWORK.replace("Says why", "Says why and when"))
    with database.read() as session:
        old = sides_in_force(session)
        session.close()  # what would be read now opens it anew
        assert list(find_changes(session, operator(world.NOW), old=old, new=sides_of(library))) == []
        assert not session.in_transaction()


def test_editions_and_what_differs_between_two(database, who, published) -> None:
    published.publish(published.library(renamed("PX1"), ROLES.replace("PC1", "PX1"), code="PX1"), Counts(3, 12))
    published.publish(published.library(renamed("PX1"), ROLES.replace("PC1", "PX1").replace("2}", "4}"), code="PX1"))
    sam = who("sam")
    with database.read() as session:
        editions = list_editions(session, sam)
        assert [edition[2:] for edition in editions] == [(3, 1, None, None), (4, 4, 0, 12), (5, 5, None, None)]
        last = compare_editions(session, sam, editions=editions, earlier=2, later=3)
        whole = compare_editions(session, sam, editions=editions, earlier=1, later=3)
        with pytest.raises(NotFound):
            compare_editions(session, sam, editions=editions, earlier=1, later=4)
    assert [(one.what, one.code, one.before, one.after) for one in last.differences] == [
        ("target", "finance:PX1", "2", "4")
    ]
    assert [(one.what, one.how, one.code) for one in whole.differences] == [
        ("competency", "renamed", "PC1"), ("target", "changed", "finance:PX1"),
    ]  # fmt: skip


@pytest.mark.parametrize("person", ["amina", "kofi", "ingrid", "olga", "tupac"])
def test_versions_are_the_administrators(database, who, person) -> None:
    with pytest.raises(Forbidden), database.read() as session:
        list_editions(session, who(person))
    with pytest.raises(Forbidden), database.read() as session:
        list(find_changes(session, who(person), old=sides_in_force(session), new=sides_in_force(session)))
