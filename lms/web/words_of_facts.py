"""Facts of a person's record in words; `words` holds them with all others."""

from lms.errors import N_

FACT = {
    "chosen": N_("chosen by the person"),
    "asked": N_("asked"),
    "demand_withdrawn": N_("no longer asked"),
    "started": N_("opened for the first time"),
    "attempt": N_("attempt begun"),
    "result": N_("attempt marked"),
    "late_answers": N_("answers that came late: decided"),
    "extra_attempt": N_("one more attempt allowed"),
    "completed": N_("completed"),
    "completion_withdrawn": N_("completion withdrawn"),
    "reinstated": N_("completion counts again"),
    "handed_in": N_("task at work handed in"),
    "confirmed": N_("task at work confirmed"),
    "confirmation_withdrawn": N_("confirmation withdrawn"),
    "waived": N_("waived"),
    "waiver_withdrawn": N_("waiver taken back"),
}
RESULT_CAUSE = {
    "submitted": N_("handed in"),
    "late_answers": N_("with late answers"),
    "recall": N_("after a question was recalled"),
    "undone": N_("a recall was taken back"),
}
