"""Certificates: whose they are, what they say on which day, and what a number tells a stranger."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update

from lms.content import load_library
from lms.errors import Forbidden, NotFound
from lms.models import AccessEntry, AuditEntry, Completion, RoleGrant, Standing
from lms.permissions import operator
from lms.rules.certificates import Verdict
from lms.services.certificates import Aim, Certificate, Later, Verified, find_certificate, get_certificate
from lms.services.profile import save_profile
from lms.services.publishing import publish_library
from tests import world
from tests.content.sample import COURSE, GOOD, write_library
from tests.services import steps


def ref_of(database, person: str, slug: str = "basics", number: int = -1) -> str:
    with database.read() as session:
        return steps.completions(session, person, slug)[number].ref


def get(database, actor, ref: str) -> Certificate:
    with database.read() as session:
        return get_certificate(session, actor, ref=ref)


def check(database, typed: str, on: date = world.TODAY) -> Verified | None:
    with database.read() as session:
        return find_certificate(session, typed=typed, today=on)


def number_of(database, person: str, slug: str = "basics", number: int = -1) -> str:
    with database.read() as session:
        return str(steps.completions(session, person, slug)[number].certificate_number)


def confirm(database, person: str, on: date) -> None:
    """As the confirmation of a task will write it."""
    with database.transaction() as session:
        enrolment = steps.standing(session, person).enrolment_id
        session.execute(update(Standing).where(Standing.enrolment_id == enrolment).values(certified_on=on))


def publish_again(database, folder: Path) -> None:
    """The course in its next version, a month later."""
    files = {**GOOD, "basics/course.yaml": COURSE.replace("version: 2", "version: 3")}
    with database.transaction() as session:
        at = steps.later(operator(world.NOW), days=30)
        publish_library(session, at, library=load_library(write_library(folder / "again", files)))


def test_a_certificate_says_who_what_and_when(database, who) -> None:
    steps.take(database, who("amina"))
    found = get(database, who("amina"), ref_of(database, "amina"))
    verified = found.verified
    assert (verified.name, verified.code, verified.title, verified.language) == (
        "Amina Diallo", "M01", "Why we partner", "en",
    )  # fmt: skip
    assert verified.number == number_of(database, "amina")
    assert (found.version, found.published_at, found.minutes) == (2, world.NOW, 20)
    assert found.aims == [Aim("Relationship", 1, "Aware")]
    assert (found.is_own, found.renewed, found.replaced) == (True, None, None)
    assert (verified.truth.completed_on, verified.truth.verdict) == (world.TODAY, Verdict.UNCONFIRMED)


def test_the_title_stays_in_the_language_of_the_completion(database, who) -> None:
    with database.transaction() as session:
        save_profile(session, who("amina"), display_name="Amina", language="fr", known={"en", "fr"})
    steps.take(database, who("amina"))
    with database.transaction() as session:
        save_profile(session, who("amina"), display_name="أمينة ديالو", language="en", known={"en", "fr"})
    found = check(database, number_of(database, "amina"))
    assert found is not None
    assert (found.title, found.language) == ("Pourquoi", "fr")
    assert found.name == "أمينة ديالو", "the name is that of today"


def test_who_may_open_it(database, who) -> None:
    """The learner, and HR of the units; to everybody else it is not there."""
    for person in ("amina", "jose"):
        steps.take(database, who(person))
    amina, jose = ref_of(database, "amina"), ref_of(database, "jose")
    for reader, ref in (("amina", amina), ("ingrid", amina), ("ingrid", jose), ("nadia", amina)):
        assert get(database, who(reader), ref).is_own == (reader == "amina")
    for reader, ref in (("jose", amina), ("kofi", amina), ("nadia", jose), ("sam", amina), ("olga", amina)):
        with pytest.raises(NotFound):
            get(database, who(reader), ref)
    with pytest.raises(NotFound):
        get(database, who("ingrid"), "absent")
    with pytest.raises(Forbidden):
        get(database, operator(world.NOW), amina)


def test_hr_whose_role_ended_reads_it_no_longer(database, who) -> None:
    steps.take(database, who("amina"))
    with database.transaction() as session:
        session.execute(delete(RoleGrant))
    with pytest.raises(NotFound):
        get(database, who("ingrid"), ref_of(database, "amina"))


def test_a_number_tells_the_name_the_course_and_what_holds(database, who) -> None:
    steps.take(database, who("amina"))
    number = number_of(database, "amina")
    found = check(database, number.lower().replace("-", " ").replace("0", "o").replace("1", "l"))
    assert found == get(database, who("amina"), ref_of(database, "amina")).verified
    assert set(Verified.__dataclass_fields__) == {"number", "name", "code", "title", "language", "truth"}


@pytest.mark.parametrize("typed", ["", "0000-0000-0000-0000", "nothing", "x" * 5000, "%", "\0", "' OR 1=1 --"])
def test_no_other_number_tells_anything(database, who, typed: str) -> None:
    steps.take(database, who("amina"))
    assert check(database, typed) is None
    assert check(database, number_of(database, "amina")[:-1]) is None


def test_checking_leaves_no_trace(database, who) -> None:
    steps.take(database, who("amina"))
    number = number_of(database, "amina")
    with steps.unchanged(database):
        assert check(database, number)
    with database.read() as session:
        assert not session.scalar(select(func.count()).select_from(AccessEntry))
        assert not session.scalar(select(func.count()).where(AuditEntry.action.startswith("certificates")))


def test_a_withdrawn_one_says_so_in_both_places(database, who) -> None:
    steps.take(database, who("amina"))
    steps.withdraw(database, who("ingrid"), "amina")
    found = check(database, number_of(database, "amina"))
    assert found is not None
    assert (found.truth.verdict, found.truth.withdrawn_on) == (Verdict.WITHDRAWN, world.TODAY)
    assert get(database, who("amina"), ref_of(database, "amina")).verified == found


def test_taken_again_after_a_withdrawal_each_keeps_its_own_truth(database, who) -> None:
    steps.take(database, who("amina"))
    steps.withdraw(database, steps.later(who("ingrid"), days=1), "amina")
    steps.take(database, steps.later(who("amina"), days=2))
    confirm(database, "amina", date(2026, 11, 30))
    first, second = (check(database, number_of(database, "amina", number=n), date(2026, 12, 1)) for n in (0, 1))
    assert first is not None
    assert second is not None
    assert (first.truth.verdict, first.truth.certified_on) == (Verdict.WITHDRAWN, None)
    assert (second.truth.verdict, second.truth.certified_on) == (Verdict.CERTIFIED, date(2026, 11, 30))
    later = get(database, steps.later(who("amina"), days=9), ref_of(database, "amina", number=0)).renewed
    assert later == Later(date(2026, 11, 25), ref_of(database, "amina", number=1))


def test_the_truth_of_each_day(database, who) -> None:
    steps.take(database, who("amina"))
    confirm(database, "amina", date(2026, 12, 15))
    steps.take(database, who("amina"), "other")
    basics, other = number_of(database, "amina"), number_of(database, "amina", "other")
    worth = {
        (number, day): found.truth.verdict
        for number in (basics, other)
        for day in (date(2026, 11, 23), date(2026, 12, 14), date(2026, 12, 15), date(2029, 11, 22), date(2029, 11, 23))
        if (found := check(database, number, day))
    }
    assert list(worth.values()) == [
        Verdict.UNCONFIRMED, Verdict.UNCONFIRMED, Verdict.CERTIFIED, Verdict.CERTIFIED, Verdict.CERTIFIED,
        Verdict.COMPLETED, Verdict.COMPLETED, Verdict.COMPLETED, Verdict.COMPLETED, Verdict.EXPIRED,
    ]  # fmt: skip


def test_a_renewed_period_names_the_later_certificate(database, who) -> None:
    for slug in ("basics", "other"):
        steps.take(database, who("amina"), slug)
    after = steps.later(who("amina"), days=1200)
    steps.take(database, after, "other")
    old, new = (get(database, after, ref_of(database, "amina", "other", number=n)) for n in (0, 1))
    assert old.verified.truth.verdict is Verdict.EXPIRED
    assert old.renewed == Later(after.today, ref_of(database, "amina", "other"))
    assert (new.verified.truth.verdict, new.renewed) == (Verdict.COMPLETED, None)
    assert old.verified.number != new.verified.number


def test_a_completion_that_was_renewed_and_withdrawn_again_is_no_later_one(database, who) -> None:
    for slug in ("basics", "other"):
        steps.take(database, who("amina"), slug)
    after = steps.later(who("amina"), days=1200)
    steps.take(database, after, "other")
    steps.withdraw(database, steps.later(who("ingrid"), days=1201), "amina", "other")
    assert get(database, after, ref_of(database, "amina", "other", number=0)).renewed is None


def test_an_older_version_is_named_beside_the_one_in_force(database, who, tmp_path: Path) -> None:
    steps.take(database, who("amina"))
    publish_again(database, tmp_path)
    found = get(database, who("amina"), ref_of(database, "amina"))
    assert (found.version, found.replaced) == (2, Later(date(2026, 12, 23), version=3))
    steps.take(database, steps.later(who("wei"), days=31))
    assert get(database, who("wei"), ref_of(database, "wei")).replaced is None


def test_nobody_else_with_the_same_course_is_named(database, who) -> None:
    """The later completion is the same person's."""
    steps.take(database, who("amina"))
    steps.take(database, steps.later(who("wei"), days=1))
    assert get(database, who("amina"), ref_of(database, "amina")).renewed is None


def test_every_completion_has_a_number_of_its_own(database, who) -> None:
    for person in ("amina", "wei", "jose", "kofi"):
        steps.take(database, who(person))
    with database.read() as session:
        numbers = list(session.scalars(select(Completion.certificate_number)))
        assert len(set(numbers)) == len(numbers) == 4
