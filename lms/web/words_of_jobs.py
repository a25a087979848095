"""Codes of jobs and mails in words; `words` holds them with all others."""

from lms.errors import N_

JOB = {
    "send_mail": N_("Send a mail"),
    "announce_assignment": N_("Write the mails on a course that was assigned"),
    "apply_rules": N_("Apply the rules of assignment"),
    "sweep_jobs": N_("Delete what was finished long ago"),
    "write_invitations": N_("Write the invitations of people who came in"),
    "announce_lapses": N_("Look whose levels will fall, and write the mails"),
    "announce_level_moves": N_("Tell whose level a new framework made another"),
    "remind_learners": N_("Remind people of tasks at work"),
    "follow_up_reviews": N_("Remind reviewers, and ask others instead"),
    "read_people": N_("Read a file of people"),
    "take_people": N_("Take a file of people in"),
    "remind": N_("Remind people of what is due, late or runs out"),
    "retain": N_("Let go what is kept no longer"),
    "erase_person": N_("Erase a person"),
    "note_exported": N_("Write down of whom an export held records"),
    "count_units": N_("Count for HR's overview"),
    "seal_records": N_("Seal the records that wait for it"),
    "verify_seals": N_("Verify what is sealed"),
    "refresh_levels": N_("Compute levels anew that have come to their day, or follow another framework"),
}
JOB_STATE = {"waiting": N_("Waiting"), "running": N_("Under way"), "failed": N_("Failed"), "done": N_("Done")}
OUTCOME = {
    "done": N_("done"),
    "error": N_("did not work; tried again later"),
    "silent": N_("the worker fell silent"),
    "given_back": N_("the worker was stopped, and gave it back"),
    "gave_up": N_("did not work; given up"),
}
MAIL = {
    "invitation": N_("the invitation to sign in"),
    "course_assigned": N_("a course was assigned"),
    "level_lapses": N_("a level will fall"),
    "levels_moved": N_("a new framework made a level another"),
    "marked_again": N_("a quiz was marked again"),
    "application_due": N_("a task at work is to be handed in"),
    "review_asked": N_("a task at work waits for an answer"),
    "reviewed": N_("a task at work was answered"),
    "confirmation_withdrawn": N_("a confirmation was withdrawn"),
    "reminder": N_("what is due, late or runs out"),
    "entry_settled": N_("evidence was accepted, refused or withdrawn"),
    "plan": N_("a word on a development plan"),
    "both_rated": N_("both ratings are in"),
    "delegation": N_("who stands in for a line manager"),
    "peer_asked": N_("a colleague is asked what they saw"),
}
TOLD_AS = {"manager": N_("told as their line manager"), "hr": N_("told as HR of their unit")}
MAIL_CHOICE = {
    "level_lapses": N_("Sixty days before a level of mine falls"),
    "reminder": N_("Reminders of courses that are not mandatory"),
    "weekly": N_("Reminders once a week instead of once a day; what is due tomorrow comes at once"),
}
MAIL_EVENT = {
    "sending": N_("being sent"),
    "sent": N_("sent"),
    "kept": N_("kept as a file: there is no mail server"),
    "put_off": N_("not taken by the mail server yet"),
    "perhaps_sent": N_("perhaps sent: the line or the worker broke in the middle"),
    "not_sent": N_("not sent"),
}
MAIL_REASON = {
    "out_of_reach": N_("there was no line to it, or it did not let us in"),
    "erased": N_("what it was to say was erased"),
    "no_address": N_("the person has no e-mail address"),
    "bad_address": N_("the address is none to which mails can be sent"),
    "left": N_("the person has left"),
    "too_old": N_("it had waited for more than 14 days"),
    "quiet": N_("it was night or a day of rest where the person works; it is told later"),
    "switched_off": N_("the person does not want such mails"),
    "not_true": N_("it was no longer so"),
    "no_link": N_("no link was needed, or the host gave none"),
    "refused": N_("the mail server refused the address"),
}
