"""The part of the policy that is about tasks at work; policy.py puts it in.

Row 19 of the matrix and the visibility defaults: what was handed in is read by the learner and the assigned reviewer
alone; HR reads how many, and withdraws. A signed link opens to nobody who is signed in as somebody else.
"""

from typing import Any

# Amina is asked to look at what Wei and Kofi handed in (tests/services/applying.py: everybody).
LOOK_AT_EACH_OTHER = {"amina": {"wei", "kofi"}, "wei": {"amina"}, "kofi": {"amina"}}
ABSENT = dict.fromkeys(("handed in file", "reviewed file", "linked file"), ("absent/files/absent",))
ANSWERED = (
    "review_decisions", "review_requests", "evidence", "levels", "standings", "fact_texts", "mails", "jobs",
    "audit_entries",
)  # fmt: skip
TAKEN_BACK = (
    "confirmation_withdrawals", "evidence_withdrawals", "levels", "standings", "fact_texts", "mails", "jobs",
    "audit_entries",
)  # fmt: skip


def named_by_link(endpoint: str) -> set[str]:
    """Whose names a page shows to whoever holds a reviewer's link."""
    return {"wei", "jose", "rosa"} if endpoint in ("review_link", "decide_link") else set()


def cells() -> dict[tuple[str, str], Any]:
    """One's own tasks, the requests that one is asked, and what HR oversees."""
    from tests.permissions.policy import HR, LINK, WRITTEN, Cell, overseen, own

    seen, again = {"decision": "seen"}, {"reason": "I mixed it up."}
    return {
        ("application", "GET"): Cell("/applications/{}", kind="completion", reach=own),
        ("hand_in", "POST"): Cell(
            "/applications/{}", kind="due task", reach=own, ends=(302,),
            send={"situation": "Budget talk", "words": "We asked first."},
            changes=("hand_ins", "review_requests", "standings", "fact_texts", "mails", "jobs", *WRITTEN),
        ),
        ("application_file", "GET"): Cell("/applications/{}", kind="handed in file", reach=own),
        ("reviews", "GET"): Cell("/reviews"),
        ("review", "GET"): Cell("/reviews/{}", kind="review", reach=own),
        ("decide_review", "POST"): Cell(
            "/reviews/{}", kind="review", reach=own, ends=(302,), send=seen, changes=ANSWERED
        ),
        ("review_file", "GET"): Cell("/reviews/{}", kind="reviewed file", reach=own),
        ("take_back_review", "POST"): Cell(
            "/reviews/{}/withdraw", kind="given review", reach=own, ends=(302,), send=again, changes=TAKEN_BACK
        ),
        ("review_link", "GET"): Cell("/r/{}", kind="link", reach=own, door=LINK),
        ("decide_link", "POST"): Cell(
            "/r/{}", kind="link", reach=own, door=LINK, ends=(302,), send=seen, changes=ANSWERED
        ),
        ("link_file", "GET"): Cell("/r/{}", kind="linked file", reach=own, door=LINK),
        ("hr_applications", "GET"): Cell("/hr/applications", HR),
        ("unit_levels", "GET"): Cell("/hr/levels", HR),
        ("ask_reviewer", "POST"): Cell(
            "/hr/applications/{}/reviewer", HR, "case", overseen, barred=own, ends=(302,),
            send={"email": "kofi@lantern.example"},
            changes=("review_requests", "fact_texts", "mails", "jobs", *WRITTEN),
        ),
        ("withdraw_confirmation", "POST"): Cell(
            "/hr/confirmations/{}/withdraw", HR, "confirmation", overseen, barred=own, ends=(302,), send=again,
            changes=TAKEN_BACK,
        ),
    }  # fmt: skip
