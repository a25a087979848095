"""Stored levels follow the evidence: after every act, after a day that changes them, after another rule; and random
histories of evidence of every kind leave what a computation from the facts alone gives."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import delete, select, update

from lms.errors import LmsError
from lms.models import Person, ReferenceVersion, StoredLevel
from lms.permissions import operator
from lms.rules.levels import Verdict, explain, level_and_change
from lms.rules.needs import Kind
from lms.services import stored_levels
from lms.services.entries import Seen, decide_entry, enter_outside, equate, observe, withdraw_entry
from lms.services.entry_pages import list_entries
from lms.services.evidence import record_evidence, withdraw_evidence
from lms.services.framework import current_rule
from lms.services.levels import get_level
from lms.services.proofs import read_proofs
from tests import world
from tests.services import steps


def stored(database, person) -> dict[str, tuple[int, object]]:
    with database.read() as session:
        of_them = select(StoredLevel).where(StoredLevel.person_id == person.person_id)
        return {row.competency: (row.level, row.changes_on) for row in session.scalars(of_them)}


def from_facts(database, person, today) -> dict[str, tuple[int, object]]:
    with database.read() as session:
        rule, _version, moves = current_rule(session)
        proofs = read_proofs(session, [person.person_id], moves)
        return {competency: level_and_change(of_it, today, rule) for (_, competency), of_it in proofs.items()}


def record(database, person, *, source: str, kind: Kind = Kind.TASK, days: float = 0, **more) -> str | None:
    actor = steps.later(person, days=days)
    with database.transaction() as session:
        return record_evidence(
            session, actor, person_id=person.person_id, competency="PC1", kind=kind, level_aimed_at=2,
            source_ref=source, confirmed_by=None, confirmed_as="reviewer", effective_at=actor.at, **more,
        )  # fmt: skip


def test_a_level_is_stored_with_the_day_on_which_it_changes(database, who) -> None:
    amina = who("amina")
    record(database, amina, source="one")
    assert stored(database, amina)["PC1"][0] == 2
    day = stored(database, amina)["PC1"][1]
    assert day == world.TODAY.replace(year=2029)
    with database.transaction() as session:
        stored_levels.refresh_slice(session, operator(world.NOW + timedelta(days=3 * 366)), payload={}, after=0)
    assert stored(database, amina)["PC1"] == (0, None)


def test_the_same_source_gives_evidence_once(database, who) -> None:
    assert record(database, who("amina"), source="one") is not None
    assert record(database, who("amina"), source="one", days=1) is None


def test_a_withdrawal_takes_the_level_back_and_says_why(database, who) -> None:
    amina = who("amina")
    record(database, amina, source="one", words="A first talk")
    with database.transaction() as session:
        assert len(withdraw_evidence(session, who("ingrid"), source_ref="one", reason="It was somebody else")) == 1
    with database.transaction() as session:
        assert withdraw_evidence(session, who("ingrid"), source_ref="one", reason="Again") == []
    assert stored(database, amina)["PC1"] == (0, None)
    with database.read() as session:
        level = get_level(session, amina, code="PC1")[1]
    (judged,) = level.explanation.judged
    assert judged.verdict is Verdict.WITHDRAWN
    source = level.sources[judged.proof.ref]
    assert (source.words, source.why_withdrawn) == ("A first talk", "It was somebody else")


def test_another_framework_has_the_levels_computed_anew(database, who) -> None:
    record(database, who("amina"), source="one")
    with database.transaction() as session:
        newest = session.scalars(
            select(ReferenceVersion).where(ReferenceVersion.kind == "framework").order_by(ReferenceVersion.id.desc())
        ).first()
        harder = [dict(level) for level in newest.body["levels"]]
        harder[1]["needs"] = {"kinds": ["task"], "pieces": 2}
        session.add(
            ReferenceVersion(
                kind="framework", number=newest.number + 1, content_hash="0" * 64, published_at=world.NOW,
                body={**newest.body, "levels": harder},
            )
        )  # fmt: skip
    with database.transaction() as session:
        assert stored_levels.refresh_slice(session, operator(world.NOW), payload={}, after=0) is not None
    with database.transaction() as session:
        assert stored_levels.refresh_slice(session, operator(world.NOW), payload={}, after=0) is None
    assert stored(database, who("amina"))["PC1"][0] == 1


ACTS = ("take", "withdraw", "task", "outside", "observe", "equate", "decide", "agreed", "gone", "undo")


def live(database, who, seed: int, acts: int = 25):
    """A history of evidence of every kind about one person, over some four years; returns the last moment."""
    random, days, sources = Random(seed), 0.0, []
    amina = who("amina")
    steps.take(database, amina)
    for number in range(acts):
        days += random.choice([0.01, 1, 20, 90])
        learner, manager, hr = (steps.later(who(name), days=days) for name in ("amina", "kofi", "ingrid"))
        try:
            do(database, random, random.choice(ACTS), learner, manager, hr, f"s{number}", sources)
        except (LmsError, IndexError):  # refused, or there is nothing to do it to
            continue
    return steps.later(amina, days=days)


def do(database, random, act, learner, manager, hr, source, sources) -> None:
    where = {"situation": random.choice(["one", "two", ""]), "partner_voice": random.random() < 0.4}
    if act == "take":
        steps.take(database, learner, right=random.random() < 0.8)
    elif act == "withdraw":
        steps.withdraw(database, hr, "amina")
    elif act in ("task", "agreed"):
        kind = Kind.TASK if act == "task" else Kind.AGREED
        record(database, learner, source=source, kind=kind, beyond_own_team=random.random() < 0.2, **where)
        sources.append(source)
    else:
        with database.transaction() as session:
            if act == "outside":
                enter_outside(session, learner, competency="PC1", words="Read", happened_on=learner.today)
            elif act == "observe":
                where["situation"] = where["situation"] or "three"
                seen = Seen("PC1", ["2a"], "Seen", happened_on=learner.today, **where)
                observe(session, manager, person=ref_of(session, learner), seen=seen)
            elif act == "equate":
                record_ref = steps.record_ref(database, "amina")
                equate(session, hr, record=record_ref, words="A diploma", happened_on=learner.today)
            elif act == "decide":
                waiting = [one for one in list_entries(session, manager) if one.accepted is None]
                accepted = random.random() < 0.8
                decide_entry(session, manager, ref=random.choice(waiting).ref, accepted=accepted, reason="No proof")
            elif act == "gone":
                withdraw_evidence(session, hr, source_ref=random.choice(sources), reason="Mistaken")
            else:
                withdraw_entry(session, hr, ref=random.choice(list_entries(session, hr)).ref, reason="Mistaken")


def ref_of(session, actor) -> str:
    return session.scalar(select(Person.ref).where(Person.id == actor.person_id))


@pytest.mark.parametrize("seed", range(4))
def test_random_histories_leave_what_the_facts_say(database, who, seed: int) -> None:
    amina = live(database, who, seed)
    with database.transaction() as session:
        stored_levels.refresh(session, [amina.person_id], amina.today)
    kept = stored(database, amina)
    assert kept == from_facts(database, amina, amina.today)
    with database.transaction() as session:  # what stood there is dropped, and something false is put in its place
        session.execute(delete(StoredLevel).where(StoredLevel.competency != "PC1"))
        session.execute(update(StoredLevel).values(level=4, changes_on=None))
        session.add(StoredLevel(person_id=who("wei").person_id, competency="PC1", level=3, framework=1))
    machine = replace(operator(amina.at))
    database.in_slices(lambda session, after: stored_levels.rebuild_slice(session, machine, after))
    with database.transaction() as session:
        stored_levels.finish_rebuild(session, machine)
    assert stored(database, amina) == kept
    assert stored(database, who("wei")) == {}


@pytest.mark.parametrize("seed", range(4))
def test_every_piece_that_counts_is_needed_or_said_to_be_redundant(database, who, seed: int) -> None:
    amina = live(database, who, seed + 100)
    with database.read() as session:
        rule = current_rule(session).rule
        explanation = get_level(session, amina, code="PC1")[1].explanation
        proofs = read_proofs(session, [amina.person_id], {})[amina.person_id, "PC1"]
    assert explanation == explain(proofs, amina.today, rule)
    for judged in explanation.judged:
        without = explain([proof for proof in proofs if proof.ref != judged.proof.ref], amina.today, rule).level
        assert (without < explanation.level) == (judged.verdict is Verdict.NEEDED)
    counting = [j for j in explanation.judged if j.verdict in (Verdict.NEEDED, Verdict.SUPPORTS)]
    assert bool(counting) == bool(explanation.level)
