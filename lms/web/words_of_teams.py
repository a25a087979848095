"""Texts by code of what a manager's week holds."""

from lms.errors import N_

WEEK = {"now": N_("Now"), "week": N_("In the next seven days"), "ahead": N_("In the next 60 days")}
WEEK_EMPTY = {
    "now": N_("Nothing waits, and nothing is overdue."),
    "week": N_("Nothing is due in the next seven days."),
    "ahead": N_("Nothing runs out or ends in the next 60 days."),
}
WEEK_WHAT = {
    "review": N_("handed in a task at work"),
    "rate": N_("has rated their levels, and waits for your rating"),
    "talk": N_("and you have both rated: talk it over"),
    "agree": N_("shares a plan that you have not agreed to"),
    "agree_again": N_("has a plan that was changed since you agreed to it"),
    "answer": N_("names you in a comment on their plan"),
    "decide": N_("put forward what they learned elsewhere"),
    "sign": N_("has signed the end of their plan"),
    "note": N_("is in the middle of their plan: note what has moved"),
    "close": N_("comes to the end of their plan’s year: sign it together"),
    "help": N_("has used all attempts at the quiz and asks for help"),
    "task": N_("has a task at work to hand in"),
    "course": N_("has a course to complete"),
    "expires": N_("has a completion that runs out"),
    "share": N_("shares no plan of this year with you"),
}
WEEK_DO = {
    "review": N_("Look at it"),
    "rate": N_("Rate"),
    "talk": N_("Talk it over"),
    "agree": N_("Read it and agree"),
    "agree_again": N_("Read it again"),
    "answer": N_("Answer"),
    "decide": N_("Decide"),
    "sign": N_("Read it and sign"),
    "note": N_("Note it"),
    "close": N_("Read it and sign"),
    "help": N_("Ask HR for one more attempt"),
    "task": N_("Write a mail"),
    "course": N_("Write a mail"),
    "expires": N_("Assign it again"),
    "share": N_("Write a mail"),
}
