"""The words of reviews of tasks at work, and of who stands in for a line manager."""

from lms.errors import N_

REVIEWER = {
    "line_manager": N_("line manager"),
    "deputy": N_("deputy of the line manager"),
    "reviewer": N_("another reviewer"),
    "peer": N_("a colleague"),
    "other_side": N_("the other side"),
}
DECISION = {
    "seen": N_("Seen in practice"),
    "not_yet": N_("Not yet"),
    "passed_on": N_("Passed on"),
}
DELEGATION = {
    "planned": N_("Still to come"),
    "running": N_("Stands in now"),
    "over": N_("Over"),
    "taken_back": N_("Taken back"),
}
# Why a reviewer's link does not open: what it is, and what to do.
LINK_REFUSED = {
    "altered": (
        N_("This link is not complete"),
        N_("Something of its address is missing or was changed. Open it from the mail itself, or copy all of it."),
    ),
    "expired": (
        N_("This link is too old"),
        N_("For safety a link opens for 30 days. Sign in to find what waits for you; each reminder brings a new link."),
    ),
    "other_person": (
        N_("This link is for somebody else"),
        N_("You are signed in as another person than the one who was asked. Sign out first if the mail came to you."),
    ),
    "sign_in": (
        N_("Sign in to answer"),
        N_("Your organisation asks reviewers to sign in. After that you find it among what waits for you."),
    ),
    "moved": (
        N_("Somebody else is asked now"),
        N_("The learner reports to somebody else, or it was passed on. You need not do anything."),
    ),
    "stood_in": (
        N_("You do not stand in any more"),
        N_(
            "You were asked in the place of a line manager. That is over, or the learner reports to somebody else now. "
            "You need not do anything: whoever the learner reports to is asked."
        ),
    ),
    "decided": (
        N_("Your answer is kept"),
        N_("A link takes one answer, and this one has it. To take a confirmation back, sign in."),
    ),
    "over": (
        N_("There is nothing to answer any more"),
        N_("The completion behind this does not count any more. You need not do anything."),
    ),
}
