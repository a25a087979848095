"""Facts are appended: the database itself refuses to change or delete one, whoever asks."""

import re

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from lms import migrations
from lms.documents.received import Kind, Received
from lms.models import Attendance, Base, Completion, LevelMove
from lms.models.append_only import EMPTIED, FACTS, HELD, MOVING, SWEPT
from lms.models.reminders import Reminder
from lms.permissions import operator
from lms.rules.mails import Kind as Mailed
from lms.services import delegations, erasing
from lms.services.assignments import withdraw_assignment
from lms.services.data_log import note_people
from lms.services.deciding import take_back
from lms.services.entries import decide_entry, enter_outside, withdraw_entry
from lms.services.exports import begin_export, finish_export
from lms.services.focus import choose_focus
from lms.services.jobs import claim_job, finish_job
from lms.services.late_answers import decide_late
from lms.services.mails import News, add_mails, begin_sending, choose_mails, get_letter
from lms.services.peers import answer_request, ask_peer
from lms.services.plan_acts import act_on_own_plan
from lms.services.plan_words import add_item, save_objective, sign_item
from lms.services.plans import get_plan, start_plan
from lms.services.question_reports import report_question, settle_report
from lms.services.quiz_help import ask_for_help, grant_attempt, set_time
from lms.services.ratings import Rated
from lms.services.recall_decisions import carry_out, decide_recall
from lms.services.recalls import recall_question
from lms.services.records import RecordFilter
from lms.services.targets import choose_targets, set_target
from lms.services.writing import log_access
from tests import world
from tests.filled_evidence import FILE
from tests.filled_rules import let_a_rule_through, waive_and_take_back
from tests.services import applying, assessing, deputies, sealing, steps, unions

MAY_CHANGE = {
    "lms_people": "HR corrects names and addresses; the person chooses how they are called",
    "lms_sign_in_identities": "an identity may be unlinked",
    "lms_posts": "HR corrects them, and gives them an end",
    "lms_reporting_lines": "are given an end",
    "lms_role_grants": "are given an end",
    "lms_import_files": "HR's file is gone as soon as it was read",
    "lms_import_details": "the words of a line can be erased",
    "lms_units": "are renamed and moved",
    "lms_closed_days": "offices decide anew when they are closed",
    "lms_partner_organisations": "are renamed",
    "lms_courses": "hold the names that all versions share",
    "lms_course_versions": "`is_current` moves to the next version",
    "lms_attempts": "`is_open` falls once",
    "lms_attempt_results": "`is_current` falls when the attempt is marked again",
    "lms_completion_withdrawals": "`is_current` falls when the completion is reinstated",
    "lms_question_recalls": "`is_current` falls when another recall takes its place, or it is taken back",
    "lms_recall_outcomes": "`is_current` falls when the decision is undone",
    **dict.fromkeys(HELD, "`holder_id` moves where two records are one person's (models.base.Held)"),
    "lms_answer_values": "what was answered can be erased; its hash stays in the event",
    "lms_fact_texts": "words of a fact can be erased; their hash stays in the fact",
    "lms_form_receipts": "tell a double click, no fact of learning; old ones may be swept",
    "lms_item_figures": "a cache, dropped by `flask lms rebuild` and worked out when asked for",
    "lms_unit_tallies": "a cache, counted anew every ten minutes",
    "lms_upload_bodies": "a file's name and bytes can be erased; their hash stays in the upload",
    "lms_review_requests": "`is_open` falls when it is answered, or somebody else is asked",
    "lms_jobs": "`claimable_at` moves with each claim and each end of one; finished ones are deleted in the end",
    "lms_standings": "a cache, computed anew by `flask lms rebuild`",
    "lms_levels": "a cache, computed anew by `flask lms rebuild`",
    "lms_development_plans": "a person's own words",
    "lms_objectives": "a person's own words",
    "lms_plan_items": "a person's own words",
    "lms_plan_notes": "a person's own words, for themselves alone",
}


def one_of_everything(database, who) -> None:
    """A history that puts a row into every table of facts."""
    (ref,) = steps.assign(database, who("kofi"), "amina")
    report_and_settle(database, who, steps.take(database, who("amina")))
    steps.withdraw(database, who("ingrid"), "amina")
    steps.plan_course(database, who("amina"))
    amina, machine = who("amina"), operator(world.NOW)
    take_late(database, who)
    do_a_job(database, who)
    apply_at_work(database, who)
    recall_and_undo(database, who)
    talk_it_over(database, who)
    put_forward(database, who)
    attend(database, who)
    erase_somebody(database, who)
    let_a_rule_through(database, who)
    waive_and_take_back(database, who)
    be_moved(database, who)
    unions.unite_and_part(database, who)
    with database.transaction() as session:
        delegations.take_back(session, who("kofi"), ref=deputies.name(session, who("kofi"), "olga"))
        amina_ref = steps.person(session, "amina").ref
        deputies.go_and_come_back(session, who("kofi"), amina_ref)
        set_target(session, who("kofi"), ref=amina_ref, competency="PC1", level=3, reason="A wider post")
        choose_targets(session, who("rosa"), taken=True)
        withdraw_assignment(session, who("kofi"), ref=ref)
        objective = save_objective(session, amina, ref=None, text="Ask", measure="", due_on=None, competency="")
        item = add_item(session, amina, objective_ref=objective.ref, kind="people", text="Meet", course_slug="")
        sign_item(session, amina, ref=item.ref, done=True)
        close_a_plan(session, who("ingrid"))
        log_access(session, who("ingrid"), amina.person_id, "record")
        begun = begin_export(session, machine, layout="full_v1", format="csv", wanted=RecordFilter(), purpose="Test")
        finish_export(session, machine, begun=begun, rows=1, sha256="0" * 64, at=world.NOW)
        note_people(session, machine, payload={"export": begun.ref}, after=0)


def apply_at_work(database, who) -> None:
    """A task at work with a file, that is confirmed, and the confirmation withdrawn."""
    file = Received("a.pdf", Kind.PDF, b"%PDF")
    applying.give(database, who("kofi"), applying.complete(database, who("kofi")), files=(file,))
    applying.answer(database, who("ingrid"), applying.asked(database))
    with database.transaction() as session:
        take_back(session, who("ingrid"), ref=applying.asked(database), reason="Mixed up")


def talk_it_over(database, who) -> None:
    """Both sides rate somebody, one sees it differently, and a focus is chosen."""
    ref = assessing.both(database, who("wei"), who("kofi"))
    assessing.see_differently(database, who("kofi"), ref)
    with database.transaction() as session:
        choose_focus(session, who("wei"), cycle_start=assessing.CYCLE, competencies=["PC1"])
        ask_peer(session, who("wei"), cycle_start=assessing.CYCLE, email="jose@lantern.example", competencies=["PC1"])
        ref = session.scalar(text("SELECT ref FROM lms_peer_requests"))
        answer_request(session, who("jose"), ref=ref, ratings=[Rated("PC1", 1, "In May", (), "sure")])


def put_forward(database, who) -> None:
    """Something learned elsewhere that is accepted and then withdrawn."""
    with database.transaction() as session:
        ref = enter_outside(
            session, who("amina"), competency="PC1", words="A course", happened_on=world.TODAY, file=FILE
        )
        decide_entry(session, who("kofi"), ref=ref, accepted=True, reason="")
        withdraw_entry(session, who("kofi"), ref=ref, reason="Another person's certificate")


def close_a_plan(session, actor) -> None:
    """The plan of somebody who has no line manager."""
    start_plan(session, actor, cycle_start=steps.CYCLE)
    plan = get_plan(session, actor, cycle_start=steps.CYCLE).view
    act_on_own_plan(session, actor, ref=plan.ref, kind="closed_alone", words=plan.words)


def attend(database, who) -> None:
    """Somebody took part in a session; the sample has no such course, and a course stays as it is completed."""
    with database.transaction() as session:
        completion_id = session.scalars(select(Completion.id).order_by(Completion.id)).first()
        session.add(
            Attendance(
                completion_id=completion_id, held_on=world.TODAY, language="en", recorded_at=world.NOW,
                recorded_by=who("ingrid").person_id, place_hash="0" * 64,
            )
        )  # fmt: skip


def erase_somebody(database, who) -> None:
    """Somebody asks to be erased, HR accepts it, and it is done."""
    with database.transaction() as session:
        ref = erasing.ask_erasure(session, who("jose"), words="I move on")
        erasing.decide_erasure(session, who("ingrid"), ref=ref, accepted=True, reason="They left")
        person = steps.person(session, "jose").ref
        erasing.erase_person(session, operator(world.NOW), person=person, cause="request")


def be_moved(database, who) -> None:
    """Somebody was told that a new framework moved a level of theirs."""
    with database.transaction() as session:
        session.add(
            LevelMove(
                person_id=who("amina").person_id, framework=4, before="PC1", after="PC1", level_before=2, level_after=1,
                moved_at=world.NOW,
            )
        )  # fmt: skip


def do_a_job(database, who) -> None:
    """A job that is done, a mail that is being sent, and what somebody wants of mails."""
    amina, machine = who("amina"), operator(world.NOW)
    with database.transaction() as session:
        choose_mails(session, amina, wanted=())
        add_mails(session, Mailed.INVITATION, [News(amina.person_id, "one")], world.NOW)
        claim = claim_job(session, machine, worker="one")
        finish_job(session, machine, claim)
        ref = session.scalar(text("SELECT ref FROM lms_mails"))
        mail, enrolment = (
            session.scalar(text(f"SELECT min(id) FROM {name}")) for name in ("lms_mails", "lms_enrolments")
        )
        session.add(Reminder(mail_id=mail, enrolment_id=enrolment, audience="learner", step=-7, target_on=world.DUE))
        letter, claim = get_letter(session, machine, ref=ref), claim_job(session, machine, worker="one")
        begin_sending(session, machine, letter, claim, language="en")


def take_late(database, who) -> None:
    """Late answers that HR lets count, extra time, help and one more attempt."""
    for number in range(3):
        ref = steps.begin(database, steps.later(who("wei"), hours=number))
        steps.answer(database, steps.later(who("wei"), hours=number + 0.9), ref)
        steps.submit(database, steps.later(who("wei"), hours=number + 0.9), ref)
    wei, hr = steps.later(who("wei"), hours=3), steps.later(who("ingrid"), hours=3)
    record = steps.record_ref(database, "wei")
    with database.transaction() as session:
        ask_for_help(session, wei, slug="basics")
        grant_attempt(session, hr, ref=record)
        set_time(session, hr, ref=record, factor="2")
        decide_late(session, hr, ref=ref, accepted=True, reason="The line was down")


def recall_and_undo(database, who) -> None:
    """A question that everybody earns the mark of: somebody passes by it, does not, and passes again."""
    steps.take(database, who("jose"), right=False)
    for version_question in ("late-form", "good-signs"):
        with database.transaction() as session:
            made = recall_question(
                session, who("olga"), slug="basics", number=2, key=version_question, kind="credit", reason="Both fit"
            )
            session.flush()
            ref = made.ref
        for what in ("applied", "undone", "applied"):
            with database.transaction() as session:
                decision = decide_recall(
                    session, who("ingrid"), ref=ref, act=what, policy="never_worsen", reason="Fair"
                )
            with database.transaction() as session:
                carry_out(session, who("ingrid"), ref=decision)


def report_and_settle(database, who, attempt) -> None:
    """A report of a question, and the author's answer to it."""
    with database.transaction() as session:
        report_question(session, who("amina"), ref=attempt, position=1, reason="unclear", text="Which?")
        ref = session.scalar(text("SELECT ref FROM lms_question_reports"))
        settle_report(session, who("olga"), slug="basics", number=2, ref=ref, reply="It is changed.")


def refusal(database, statement: str) -> str:
    with pytest.raises(DBAPIError) as refused, database.transaction() as session:
        session.execute(text(statement))
    return str(refused.value.orig)


def assert_facts_stand(database) -> None:
    for table in FACTS:
        with database.engine.connect() as connection:
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")), f"{table} has no row to try it on"
        column = next(iter(Base.metadata.tables[table].columns)).name
        statements = [f"UPDATE {table} SET {column} = {column}"]
        statements += [] if table in SWEPT else [f"DELETE FROM {table}"]
        statements += [] if database.is_sqlite else [f"TRUNCATE {table} CASCADE"]
        for statement in statements:
            assert "is append-only" in refusal(database, statement), statement


def test_no_fact_is_changed_or_deleted_also_after_another_upgrade(database, who) -> None:
    one_of_everything(database, who)
    sealing.make_key(database)
    sealing.seal(database)
    sealing.check(database)
    with steps.unchanged(database):
        assert_facts_stand(database)
    migrations.upgrade(database)
    with steps.unchanged(database):
        assert_facts_stand(database)


def test_every_table_is_a_fact_or_has_a_reason() -> None:
    tables = set(Base.metadata.tables)
    assert set(FACTS) | set(MAY_CHANGE) == tables
    assert not set(FACTS) & set(MAY_CHANGE)
    assert all(name.startswith("lms_") for name in tables)
    swept = "lms_(jobs|job_|mails|mail_events|import_lines|reminders)"
    assert {name for name in tables if re.match(swept, name)} == set(SWEPT)


@pytest.mark.parametrize("table", MOVING)
def test_of_some_tables_one_column_moves_and_nothing_else(database, who, table) -> None:
    one_of_everything(database, who)
    with database.transaction() as session:
        session.execute(text(f"UPDATE {table} SET {MOVING[table]} = {MOVING[table]}"))
    may = (MOVING[table], EMPTIED.get(table))
    fixed = [column.name for column in Base.metadata.tables[table].columns if column.name not in may]
    deleting = [] if table in SWEPT else [f"DELETE FROM {table}"]
    for act in (*(f"UPDATE {table} SET {name} = {name}" for name in fixed), *deleting):
        with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
            session.execute(text(act))


def test_words_in_a_fact_may_be_emptied_and_not_filled(database, who) -> None:
    one_of_everything(database, who)
    for table, column in EMPTIED.items():
        with database.transaction() as session:
            session.execute(text(f"UPDATE {table} SET {column} = ''"))
        assert "append-only" in refusal(database, f"UPDATE {table} SET {column} = 'other words'")
