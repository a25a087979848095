"""The worker: claims one job after the other, does it, and stops when asked.

It may be killed at any moment. What a job does in the database and that it is done are one transaction; a mail is
recorded as being sent before the mail server hears of it, and is sent again under the same Message-ID where that is all
that is known (docs/decisions/0024-jobs-and-mails.md).
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from lms.db import Database
from lms.delivery.host import Invitation
from lms.delivery.letters import Letters
from lms.delivery.mail import Carrier
from lms.delivery.seal_key import read_key
from lms.jobs.mailing import send_mail
from lms.permissions import Actor, operator
from lms.services import (
    announcing,
    assignment_rules,
    data_log,
    erasing,
    following_up,
    jobs,
    mails,
    people,
    people_imports,
    reminders,
    retention,
    seal_checks,
    seals,
    stored_levels,
    tallies,
)
from lms.services.jobs import Claim, LeaseLost
from lms.services.people_reading import reading_step
from lms.services.rule_application import apply_rules

PAUSE = 2.0  # seconds until it looks again, where nothing was due
PAUSE_AFTER_ERROR = 10.0  # where the database did not answer
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PERIODIC = {
    announcing.LAPSES: DAY,
    following_up.LEARNERS: DAY,
    following_up.REVIEWERS: DAY,
    stored_levels.REFRESH: DAY,
    retention.SWEEP: DAY,
    reminders.REMIND: HOUR,
    retention.RETAIN: DAY,
    assignment_rules.APPLY: DAY,
    seals.SEAL: HOUR,
    tallies.COUNT: tallies.EVERY,
}
_log = logging.getLogger(__name__)

Step = Callable[..., int | None]


@dataclass
class Worker:
    """One worker; its clock and its waiting are given to it."""

    database: Database
    carrier: Carrier
    letters: Letters
    sender: str  # From: of mails
    invite: Callable[[list[tuple[str, str]]], list[Invitation]]
    sign: Callable[[str], str]  # makes the token of a reviewer's link: when it is sent, so that it is kept nowhere
    sign_stop: Callable[[str], str]  # makes the token of a link that stops mails, of the ref of the mail
    clock: Callable[[], datetime]
    wait: Callable[[float], object]  # for so many seconds, or until it is asked to stop
    is_stopping: Callable[[], bool]
    name: str  # as the history of jobs shows it
    keep: timedelta  # for so long finished jobs and their mails are kept
    months: Mapping[str, int]  # for so long the classes of data (rules.privacy.Keep) are kept
    seal_key: Path  # the private key that records are sealed with; without one none are, and the doctor says it
    forget: Callable[[list[str]], None]  # has the host delete the accounts of these addresses
    import_share: int = 10  # percent of people whom a file may move or end without a second person

    def run(self, once: bool = False) -> int:
        """Work until it is asked to stop; with `once`, until nothing is due. Returns how many jobs it took."""
        taken = 0
        try:
            while not self.is_stopping():
                found = self._work(once)
                taken += found
                if once and not found:
                    break
        finally:
            self.carrier.close()
        return taken

    def _work(self, once: bool) -> bool:
        """One round; whether there was something to do."""
        try:
            self._add_periodic()
            claim = self._claim()
            if claim is not None:
                self._do(claim)
                return True
            pause = PAUSE
        except Exception as error:  # the database is away; a job's own errors never come here
            if once:
                raise
            _log.error("The worker could not reach its jobs (%s); it will look again.", type(error).__name__)
            pause = PAUSE_AFTER_ERROR
        if not once:
            self.wait(pause)
        return False

    def actor(self) -> Actor:
        """Who works: the operator, at this moment."""
        return operator(self.clock())

    def _add_periodic(self) -> None:
        with self.database.read() as session:
            missing = jobs.missing_periodic(session, self.clock(), PERIODIC)
        for kind in missing:
            with self.database.transaction() as session:
                jobs.add_periodic(session, self.actor(), kind=kind, every=PERIODIC[kind])

    def _claim(self) -> Claim | None:
        with self.database.read() as session:  # without a write transaction for each look
            now = self.clock()
            resting = mails.resting_kinds(session, now)
            if not jobs.is_any_claimable(session, now, but=resting):
                return None
        with self.database.transaction() as session:
            return jobs.claim_job(session, self.actor(), worker=self.name, but=resting)

    def _do(self, claim: Claim) -> None:
        """Do the job, or record that it failed. A job that was lost is its new worker's."""
        try:
            if step := SLICED.get(claim.kind):
                self._in_slices(claim, step)
            else:
                HANDLERS[claim.kind](self, claim)
        except LeaseLost:
            _log.warning("A job (%s) took longer than its lease, and another worker has it.", claim.kind)
        except Exception as error:  # whatever it is: one job must not end the worker
            _log.error("A job (%s) failed: %s", claim.kind, type(error).__name__)
            try:
                with self.database.transaction() as session:
                    jobs.fail_job(session, self.actor(), claim, error=type(error).__name__)
            except LeaseLost:
                _log.warning("A job (%s) failed after its lease; another worker has it.", claim.kind)

    def sweep_jobs(self, claim: Claim) -> None:
        """Delete what was finished long ago."""
        self._in_slices(claim, partial(retention.sweep_jobs, keep=self.keep))

    def retain(self, claim: Claim) -> None:
        """Erase what is kept no longer: old answers now, people who left by a job each."""
        self._in_slices(claim, partial(retention.retain, months=self.months))

    def count_units(self, claim: Claim) -> None:
        """Count for HR's pages: read first, so that the transaction that keeps it is short."""
        with self.database.snapshot() as reading:
            counted = tallies.count_for_all(reading, self.actor())
        with self.database.transaction() as session:
            tallies.keep(session, self.actor(), counted)
            jobs.finish_job(session, self.actor(), claim)

    def erase_person(self, claim: Claim) -> None:
        """Erase one person here, at the host, and in the files of the database; killed in between, all of it again."""
        with self.database.read() as session:
            addresses = erasing.get_addresses(session, self.actor(), payload=claim.payload)
        self.forget(addresses)
        with self.database.transaction() as session:
            erasing.erase_person(session, self.actor(), **claim.payload)
        self.database.scrub(erasing.TOUCHED)
        with self.database.transaction() as session:
            jobs.finish_job(session, self.actor(), claim)

    def seal_records(self, claim: Claim) -> None:
        """Give records their place in the one order, and seal them."""
        self._in_slices(claim, partial(seals.seal_slice, private=read_key(self.seal_key)))

    def verify_seals(self, claim: Claim) -> None:
        """Verify all that is sealed, in one snapshot, and keep what came of it."""
        held = claim

        def meanwhile() -> None:
            nonlocal held
            if held.until - self.clock() < jobs.LEASE / 2:
                with self.database.transaction() as session:
                    held = jobs.extend_lease(session, self.actor(), held)

        with self.database.snapshot() as reading:
            head = claim.payload["head"]
            found = seal_checks.check(reading, self.actor(), head=head, meanwhile=meanwhile)
        with self.database.transaction() as session:
            seal_checks.keep_check(session, self.actor(), found=found)
            jobs.finish_job(session, self.actor(), held)

    def read_people(self, claim: Claim) -> None:
        """Read a file of people and write down what it would change."""
        with self.database.snapshot() as reading:
            ref = claim.payload["import"]
            self._in_slices(claim, reading_step(reading, self.actor(), ref=ref, percent=self.import_share))

    def _in_slices(self, claim: Claim, step: Step) -> None:
        """Part by part, each a transaction that begins the lease anew; asked to stop, it gives the job back."""
        after: int | None = 0
        while after is not None:
            with self.database.transaction() as session:
                actor = self.actor()
                after = step(session, actor, payload=claim.payload, after=after)
                if after is None:
                    jobs.finish_job(session, actor, claim)
                elif self.is_stopping():
                    jobs.give_back(session, actor, claim)
                    return
                else:
                    claim = jobs.extend_lease(session, actor, claim)
            self.database.step_aside()


# Work that is done part by part, and needs nothing of the worker.
SLICED: dict[str, Step] = {
    assignment_rules.APPLY: apply_rules,
    announcing.ASSIGNMENT: announcing.announce_assignment,
    announcing.INVITATIONS: announcing.write_invitations,
    announcing.LAPSES: announcing.announce_lapses,
    data_log.NOTE: data_log.note_people,
    announcing.LEVEL_MOVES: announcing.announce_level_moves,
    following_up.LEARNERS: following_up.remind_learners,
    following_up.REVIEWERS: following_up.follow_up_reviews,
    people_imports.TAKE: people.take_step,
    reminders.REMIND: reminders.remind,
    stored_levels.REFRESH: stored_levels.refresh_slice,
}
HANDLERS: dict[str, Callable[[Worker, Claim], None]] = {
    people_imports.READ: Worker.read_people,
    tallies.COUNT: Worker.count_units,
    retention.SWEEP: Worker.sweep_jobs,
    retention.RETAIN: Worker.retain,
    erasing.ERASE: Worker.erase_person,
    mails.SEND: send_mail,
    seals.SEAL: Worker.seal_records,
    seal_checks.VERIFY: Worker.verify_seals,
}
