"""Codes of rules and services in words; translated where they are shown."""

from lms.errors import N_
from lms.web.words_of_assignments import RULE_CONDITION, RULE_DUE, RULE_ORDER, RULE_STATE, TAKEN_BACK  # noqa: F401
from lms.web.words_of_facts import FACT, RESULT_CAUSE  # noqa: F401
from lms.web.words_of_jobs import (  # noqa: F401  (templates find all words in one place)
    JOB,
    JOB_STATE,
    MAIL,
    MAIL_CHOICE,
    MAIL_EVENT,
    MAIL_REASON,
    OUTCOME,
    TOLD_AS,
)
from lms.web.words_of_people import CHANGE, IMPORT_STATE, IMPORT_STEP, PERSON_COLUMN, WAITS_FOR  # noqa: F401
from lms.web.words_of_reviews import DECISION, DELEGATION, LINK_REFUSED, REVIEWER  # noqa: F401
from lms.web.words_of_seals import SEAL_FAULT  # noqa: F401
from lms.web.words_of_teams import (  # noqa: F401
    WEEK,
    WEEK_DO,
    WEEK_EMPTY,
    WEEK_WHAT,
)

MENU_HOME = N_("My page")
MENU_COURSES = N_("Courses")
MENU_LEVELS = N_("My levels")
MENU_PLAN = N_("My plan")
MENU_PEOPLE = N_("People")
MENU_RECORDS = N_("My records")
MENU_TEAM = N_("My team")
MENU_EVIDENCE = N_("Evidence to confirm")
MENU_ASSIGNMENTS = N_("Assignments")
MENU_OVERVIEW = N_("Overview")
MENU_HR = N_("Records")
MENU_PLANS = N_("Plans")
MENU_UNIT_LEVELS = N_("Levels of units")
MENU_EXPORTS = N_("Exports")
MENU_QUIZZES = N_("Quizzes")
MENU_APPLICATIONS = N_("Tasks at work")
MENU_AUTHORING = N_("My courses as author")
MENU_ROLES = N_("Roles")
MENU_ERASURES = N_("Requests to be erased")
MENU_AUDIT = N_("Log of acts")
MENU_JOBS = N_("Jobs")
MENU_SEALS = N_("Seals")
MENU_FRAMEWORKS = N_("Framework")

STATUS = {
    "assigned": N_("Not started"),
    "in_progress": N_("In progress"),
    "completed": N_("Completed"),
    "certified": N_("Certified"),
    "waived": N_("Waived"),
    "withdrawn": N_("Withdrawn"),
    "expired": N_("Expired"),
    "overdue": N_("Overdue"),
}
KIND = {"staff": N_("Staff"), "partner_staff": N_("Partner staff"), "associate": N_("Associate")}
ROLE = {
    "hr_officer": N_("HR officer"),
    "author": N_("Author"),
    "administrator": N_("Administrator"),
}
AS_PROFILE = N_("As the profile of the post says")
NO_TARGET = N_("No target")
DIFFERENCE = {
    "level": N_("Levels"),
    "rule": N_("Rule of the levels"),
    "competency": N_("Competencies"),
    "indicator": N_("Indicators"),
    "prompt": N_("Questions that ask for evidence"),
    "role": N_("Role profiles"),
    "target": N_("Targets of roles"),
}
CHANGED = {
    "added": N_("new"),
    "removed": N_("taken out"),
    "renamed": N_("new code"),
    "moved": N_("became others"),
    "reworded": N_("other words"),
    "changed": N_("changed"),
}
ITEM_KIND = {
    "experience": N_("By experience at work"),
    "people": N_("With other people"),
    "course": N_("With a course"),
}
CONDITION = {
    "completed": N_("when the course is completed"),
    "certified": N_("when the course is certified: its task at work is confirmed"),
    "attended": N_("when HR has recorded that you took part in the course’s live session"),
    "level": N_("when a level of a competency is reached"),
    "task": N_("when a task at work is confirmed for a competency"),
    "signed": N_("when you sign it by hand"),
}
PLAN_STAGE = {
    "draft": N_("Draft"),
    "shared": N_("Shared"),
    "agreed": N_("Agreed by both"),
    "changed": N_("Changed since it was agreed"),
    "noted": N_("Agreed, and its middle noted"),
    "closed": N_("Closed"),
}
PLAN_ACT = {
    "shared": N_("shared the plan"),
    "agreed": N_("agreed to the plan"),
    "noted": N_("noted the middle of the year"),
    "closed": N_("signed the end of the plan"),
    "closed_alone": N_("closed the plan alone, without a line manager"),
}
PLAN_ACT_BACK = {
    "shared": N_("took the sharing back"),
    "agreed": N_("took the agreement back"),
    "closed": N_("took the signature of the end back"),
}
PLAN_HINT = {
    "vague": N_("Nobody can see somebody “%(word)s”. What would a colleague see you do?"),
    "no_measure": N_("By what will you and others see it? A number, a date or somebody’s word is enough."),
    "no_date": N_("By when? A date helps both of you to come back to it."),
    "date_outside": N_("Its date lies outside the year of this plan."),
    "no_practice": N_("Courses alone change little: think of one step at work or with people."),
}
VERDICT = {
    "needed": N_("Counts: without it the level would be lower."),
    "supports": N_("Counts, but the level would stand without it."),
    "towards": N_("Does not count yet: it counts towards level %(level)d, which needs more."),
    "unused": N_("Is kept, but the rule of the framework asks for nothing of its kind."),
    "withdrawn": N_("Does not count: it was withdrawn."),
    "expired": N_("Does not count any more: it has run out."),
    "not_yet": N_("Does not count yet: its date is still to come."),
}
EVIDENCE_KIND = {
    "course": N_("Passed course"),
    "task": N_("Workplace task, seen in practice"),
    "observation": N_("Observation at work"),
    "outside": N_("Learned elsewhere"),
    "equivalency": N_("Taken as equal to a course"),
    "agreed": N_("Level agreed in conversation"),
}
CONFIRMED_AS = {
    "quiz": N_("by passing the quiz"),
    "session": N_("by taking part in the session"),
    "line_manager": N_("by the line manager"),
    "deputy": N_("by the deputy of the line manager"),
    "reviewer": N_("by the reviewer"),
    "peer": N_("by a colleague"),
    "other_side": N_("by the other side of the partnership"),
    "hr_officer": N_("by HR"),
    "both_sides": N_("by both sides"),
}
TO_DO = {
    "course": N_("complete a course that names this competency"),
    "task": N_("have a workplace task seen in practice"),
    "observation": N_("have somebody note by checklist what they saw you do"),
    "outside": N_("have confirmed what you learned elsewhere"),
    "equivalency": N_("have HR take something as equal to a course"),
    "agreed": N_("agree on your level in the conversation"),
}
FRESHNESS = {
    "lasting": N_("It does not run out."),
    "fresh": N_("It counts until %(day)s."),
    "ageing": N_("It runs out soon: it counts until %(day)s."),
    "run_out": N_("It counted until %(day)s."),
}
# Of an assessment from two sides: as the person reads it, and as their manager does.
MY_ASSESSMENT = {
    "open": N_("not begun"),
    "self_in": N_("waiting for your manager"),
    "manager_in": N_("waiting for you: your manager has handed in"),
    "both_in": N_("both are in: talk it over"),
}
MEMBER_ASSESSMENT = {
    "open": N_("not begun"),
    "self_in": N_("waiting for your rating"),
    "manager_in": N_("waiting for the self-rating"),
    "both_in": N_("both are in: talk it over"),
}
CONFIDENCE = {"sure": N_("Sure"), "fairly": N_("Fairly sure"), "unsure": N_("Not sure")}
NO_LEVEL = N_("0: not yet")
INDICATOR = N_("Level %(level)d: %(text)s")
ASSESSMENT_ACT = {
    "propose": N_("proposed"),
    "accept": N_("accepted"),
    "differ": N_("sees it differently"),
}
PEER_OUTCOME = {"": N_("waits for an answer"), "rated": N_("has answered"), "declined": N_("declined")}
SIDE = {"self": N_("Self-rating"), "manager": N_("Manager's rating")}
OBSTACLE = {
    "open_attempt": N_("You have begun an attempt. Your answers are kept; go on where you stopped."),
    "completed": N_("You have completed this course."),
    "expired": N_("What you completed no longer counts. Take the course again to renew it: your earlier record stays."),
    "prerequisites": N_("Complete first the courses that this one builds on."),
    "sections": N_("The quiz opens when every section is marked as read."),
    "no_attempts_left": N_(
        "You have used all attempts. That happens; talk to your line manager or HR, who can help you from here."
    ),
    "not_yet_open": N_("The quiz is not open yet."),
    "closed": N_("The last day of this quiz is over. Ask your line manager or HR what you can do."),
    "too_soon": N_("Between two attempts there is time to read again."),
}
TIME_FACTOR = {
    "1": N_("the ordinary time"),
    "1.25": N_("a quarter more"),
    "1.5": N_("half as much again"),
    "2": N_("twice the time"),
    "none": N_("no time limit"),
}
RECALL_KIND = {
    "key": N_("by the key of a later version"),
    "credit": N_("everybody earns its whole mark"),
    "drop": N_("it is left out of the total"),
}
RECALL_ACT = {
    "applied": N_("Marked again"),
    "refused": N_("Left as it was"),
    "undone": N_("Undone"),
}
RECALL_POLICY = {
    "never_worsen": N_("for everybody whose result does not become worse by it"),
    "as_marked": N_("for everybody, also where the result becomes worse"),
}
LOOK = {"record": N_("looked at a learning record"), "certificate": N_("looked at a certificate")}
VERDICT_OF_CERTIFICATE = {
    "completed": N_("Completed"),
    "unconfirmed": N_("Completed, not confirmed at work"),
    "certified": N_("Completed and confirmed at work"),
    "expired": N_("Expired: it no longer counts"),
    "withdrawn": N_("Withdrawn: it does not count"),
}
APPLICATION = {
    "due": N_("To be handed in"),
    "overdue": N_("Not handed in, overdue"),
    "returned": N_("To be handed in again"),
    "handed_in": N_("Waits for a reviewer"),
    "confirmed": N_("Confirmed"),
}
MY_APPLICATION = {
    "due": N_("Hand in what you did at work."),
    "overdue": N_("The day is over; hand it in now, it still counts."),
    "returned": N_("Your reviewer asks for more: read the comment, and hand in again."),
    "handed_in": N_("What you handed in waits for your reviewer."),
    "confirmed": N_("Your task is confirmed at work."),
}
REPORT = {
    "several_right": N_("More than one answer is right"),
    "unclear": N_("The wording is unclear"),
    "wrong_key": N_("The answer that counts as right seems wrong"),
    "other": N_("Something else"),
}
ITEM_WARNING = {
    "too_easy": N_("Nearly everybody is right: it tells little."),
    "too_hard": N_("Few are right: look at the wording, the key, and what the section says of it."),
    "check_key": N_("People who know the rest get this wrong: check the key."),
    "draws_best": N_("Option %(option)s draws the best people: look at its wording."),
    "unchosen": N_("Nobody chooses option %(option)s: write one that tempts who does not know."),
}
LANGUAGE_UNREVIEWED = N_("This translation was not yet reviewed by a speaker of the language.")
PURPOSE_EXAMPLE = N_("For example: quarterly report to the country board")
EVIDENCE = {
    "text": N_("a text"),
    "file": N_("a file"),
    "link": N_("a link"),
    "observation": N_("being seen at work"),
}
