"""The task at work as its learner meets it: what is asked, what was handed in, and handing in."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Executable, bindparam, func, select
from sqlalchemy.orm import Session

from lms.documents.received import Received
from lms.errors import N_, Conflict, Invalid, NotFound
from lms.models import (
    Completion,
    Course,
    CourseVersion,
    Enrolment,
    HandIn,
    HandInUpload,
    Person,
    ReviewRequest,
    Standing,
    Upload,
    named_completion,
    new_ref,
)
from lms.permissions import Actor, require
from lms.rules import standing as rule
from lms.rules.applying import (
    MOST_FILES,
    MOST_LINK,
    MOST_SITUATION,
    MOST_WORDS,
    As,
    Cause,
    Evidence,
    Side,
    State,
)
from lms.services import standings
from lms.services.courses import join_texts, localised
from lms.services.hand_ins import Round, kept_words, read_rounds
from lms.services.review_requests import ask, close
from lms.services.reviewers import PARTNER, find_colleague, find_other_side, manager_of
from lms.services.scope import ME, TODAY, own
from lms.services.stand_ins import deputy_of
from lms.services.standings import COLUMNS, read_standing
from lms.services.uploads import Content, as_content, keep_upload, select_content
from lms.services.writing import audit, keep_text

NOT_NOW = {
    State.NONE: N_("There is nothing to hand in here: the course asks for no task, or its completion does not count."),
    State.HANDED_IN: N_("What you handed in waits for your reviewer. When they answer, you are told by mail."),
    State.CONFIRMED: N_("This task is confirmed already. There is nothing more to hand in."),
}


@dataclass(frozen=True)
class ApplicationPage:
    """A learner's task at work for one completion."""

    ref: str  # the completion's
    completion_id: int
    enrolment_id: int
    slug: str
    title: str
    language: str
    task: dict[str, Any]
    version: CourseVersion
    completed_at: datetime
    standing: rule.Standing
    state: State
    manager: str  # the name of who will be asked; "" where the reporting line names nobody
    manager_id: int | None
    deputy: str  # the name of who stands in for the manager today, and is asked; "" for nobody
    deputy_id: int | None
    names_peer: bool  # partner staff without a supervisor name somebody
    rounds: list[Round]  # the newest first

    @property
    def may_hand_in(self) -> bool:
        """Whether something can be handed in now."""
        return self.state not in NOT_NOW

    def takes(self, kind: str) -> bool:
        """Whether the task takes this kind of evidence."""
        return kind in self.task["evidence"]


@dataclass(frozen=True)
class Given:
    """What a learner hands in. `reviewer` and `other_side` are e-mails, or empty."""

    words: str
    situation: str
    link: str = ""
    is_observed: bool = False
    with_partner: bool = False
    files: tuple[Received, ...] = ()
    reviewer: str = ""
    other_side: str = ""


def get_application(session: Session, actor: Actor, *, ref: str) -> ApplicationPage:
    """The actor's own task at work by its completion; NotFound otherwise, and where the course has none. Three
    queries."""
    require(actor, "applications.write")
    row = session.execute(_application(), own(actor, ref=ref)).first()
    task = row and (row.preferred or row.source).task
    if row is None or not task:
        raise NotFound()
    text = row.preferred or row.source
    standing = read_standing([getattr(row, f"s_{column.key}") for column in COLUMNS])
    assert standing is not None
    state = rule.application_state(standing, actor.today) if row.named == row.Completion.id else State.NONE
    return ApplicationPage(
        ref=ref, completion_id=row.Completion.id, enrolment_id=row.Completion.enrolment_id, slug=row.slug,
        title=text.title, language=text.language, task=task, version=row.CourseVersion,
        completed_at=row.Completion.effective_at, standing=standing, state=state, manager=row.manager or "",
        manager_id=row.manager_id, deputy=row.deputy or "", deputy_id=row.deputy_id,
        names_peer=actor.kind == PARTNER and row.manager_id is None,
        rounds=read_rounds(session, row.Completion.id),
    )  # fmt: skip


@cache
def _application() -> Executable:
    preferred, source = localised()
    manager, deputy = (select(Person.id, Person.display_name).subquery(one) for one in ("manager", "deputy"))
    query = (
        select(Completion, CourseVersion, Course.slug, preferred, source, named_completion().label("named"))
        .add_columns(manager.c.id.label("manager_id"), manager.c.display_name.label("manager"))
        .add_columns(deputy.c.id.label("deputy_id"), deputy.c.display_name.label("deputy"))
        .add_columns(*(column.label(f"s_{column.key}") for column in COLUMNS))
        .select_from(Completion)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .join(Standing, Standing.enrolment_id == Enrolment.id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CourseVersion.id == Completion.version_id)
        .outerjoin(manager, manager.c.id == manager_of(ME, TODAY))
        .outerjoin(deputy, deputy.c.id == deputy_of(ME, TODAY))
        .where(Completion.ref == bindparam("ref"), Enrolment.person_id == ME)
    )
    return join_texts(query, preferred, source)


def get_own_file(session: Session, actor: Actor, *, ref: str, file: str) -> Content:
    """A file that the actor handed in for a completion of theirs; NotFound otherwise."""
    require(actor, "applications.write")
    query = (
        select_content()
        .join(HandInUpload, HandInUpload.upload_id == Upload.id)
        .join(HandIn, HandIn.id == HandInUpload.hand_in_id)
        .join(Completion, Completion.id == HandIn.completion_id)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .where(Completion.ref == ref, Upload.ref == file, Enrolment.person_id == actor.person_id)
    )
    row = session.execute(query).first()
    if row is None:
        raise NotFound()
    return as_content(row)


def hand_in(session: Session, actor: Actor, *, ref: str, given: Given) -> HandIn:
    """Hand in for a completion of the actor's own, and ask the reviewer to look at it.

    Raises NotFound, Conflict where nothing can be handed in now, Invalid with what is wrong at which field.
    """
    require(actor, "applications.write")
    standings.lock(session, [get_application(session, actor, ref=ref).enrolment_id])
    page = get_application(session, actor, ref=ref)
    if page.state in NOT_NOW:
        raise Conflict(NOT_NOW[page.state])
    peer, other = _named(session, actor, page, given)
    number = (session.scalar(_newest(), {"completion": page.completion_id}) or 0) + 1
    before = select(HandIn.id).where(HandIn.completion_id == page.completion_id)
    close(session, ReviewRequest.hand_in_id.in_(before))
    made_ref = new_ref()
    made = HandIn(
        ref=made_ref, completion_id=page.completion_id, number=number, handed_in_at=actor.at,
        is_observed=given.is_observed, with_partner=given.with_partner,
        words_hash=keep_text(session, made_ref, kept_words(given.words, given.link, given.situation)),
    )  # fmt: skip
    session.add(made)
    session.flush()
    for position, received in enumerate(given.files, 1):
        kept = keep_upload(session, actor, received)
        session.add(HandInUpload(upload_id=kept.id, hand_in_id=made.id, position=position))
    _ask(session, actor, made, page, peer, other)
    standings.refresh(session, [page.enrolment_id], actor.at, is_locked=True)
    audit(session, actor, "applications.hand_in", "hand_in", made_ref)
    return made


@cache
def _newest() -> Executable:
    return select(func.max(HandIn.number)).where(HandIn.completion_id == bindparam("completion"))


def _ask(
    session: Session, actor: Actor, made: HandIn, page: ApplicationPage, peer: int | None, other: int | None
) -> None:
    """Ask whoever looks at it; nobody speaks for both sides. Where there is nobody, it is a case for HR."""
    asked = {"cause": Cause.HANDED_IN, "by": actor.person_id, "at": actor.at}
    if page.deputy_id is not None and page.deputy_id != other:
        ask(session, made.id, page.deputy_id, side=Side.OWN, role=As.DEPUTY, **asked)  # type: ignore[arg-type]
    elif page.manager_id is not None:
        ask(session, made.id, page.manager_id, side=Side.OWN, role=As.LINE_MANAGER, **asked)  # type: ignore[arg-type]
    elif peer is not None:
        ask(session, made.id, peer, side=Side.OWN, role=As.PEER, **asked)  # type: ignore[arg-type]
    if other is not None:
        ask(session, made.id, other, side=Side.OTHER, role=As.OTHER_SIDE, **asked)  # type: ignore[arg-type]


def _named(session: Session, actor: Actor, page: ApplicationPage, given: Given) -> tuple[int | None, int | None]:
    """The people named by e-mail: a peer, somebody of the other side. Raises Invalid, with all that is wrong."""
    faults, me = _faults(page, given), actor.person_id or 0
    peer = other = None
    if page.names_peer and given.reviewer:
        peer = find_colleague(session, given.reviewer, of=me, on=actor.today, but=(me,))
        if peer is None:
            faults["reviewer"] = N_("Nobody in your organisation's learning records has this e-mail. Check it.")
    if page.task.get("other_side") and given.other_side:
        other = find_other_side(session, given.other_side, of=me, on=actor.today)
        if other is None:
            faults["other_side"] = N_("Nobody of the other side has this e-mail. Check it, or leave it out.")
    if faults:
        raise Invalid(N_("Nothing was handed in yet."), faults)
    return peer, other


def _faults(page: ApplicationPage, given: Given) -> dict[str, str]:
    faults = {}
    if not given.situation or len(given.situation) > MOST_SITUATION:
        faults["situation"] = N_("Say in a few words where it was, in up to 80 characters.")
    if len(given.words) > MOST_WORDS:
        faults["words"] = N_("Write up to 4,000 characters; a longer text can be handed in as a file.")
    elif not (given.words or given.link or given.files or given.is_observed):
        faults["words"] = N_("Hand in something to look at: say what you did, or add one of the other kinds.")
    if given.link and (not page.takes(Evidence.LINK) or not _is_link(given.link)):
        faults["link"] = N_("Give an address that begins with https:// or http://, in up to 500 characters.")
    if given.files and (not page.takes(Evidence.FILE) or len(given.files) > MOST_FILES):
        faults["files"] = N_("Hand in up to 3 files.")
    if given.is_observed and not page.takes(Evidence.OBSERVATION):
        faults["is_observed"] = N_("This task is not shown by being seen at work.")
    return faults


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and len(text) <= MOST_LINK and text.isprintable()
