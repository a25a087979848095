"""The part of the policy that is about evidence beside courses and tasks; policy.py puts it in.

Row 13 of the matrix: one's own, which waits; confirmed by the line manager and by HR in scope, never for oneself.
"""

from typing import Any


def confirmed(person: str) -> set[str]:
    """What the manager decided is not their deputy's to read."""
    from tests.permissions.policy import overseen, reports

    return reports(person) | overseen(person)


def cells() -> dict[tuple[str, str], Any]:
    """Who puts forward, who decides, and what each writes."""
    from tests.permissions.policy import ASSIGNING, HR, LEADING, WRITTEN, Cell, led, overseen, own

    def over(person: str) -> set[str]:
        return led(person) | overseen(person)

    return {
        ("enter_evidence", "GET"): Cell("/levels/{}/elsewhere", kind="level"),
        ("enter_evidence", "POST"): Cell(
            "/levels/{}/elsewhere", kind="level", ends=(302,), send={"words": "A diploma", "happened_on": "2026-11-02"},
            changes=("evidence_entries", "fact_texts", *WRITTEN),
        ),
        ("observe", "GET"): Cell("/team/{}/observe", LEADING, "person", led),
        ("observe", "POST"): Cell(
            "/team/{}/observe", LEADING, "person", led, ends=(302,),
            send={"competency": "PC1", "indicators": "1a", "words": "Asked first", "situation": "A first meeting",
                  "happened_on": "2026-11-02"},
            changes=("evidence_entries", "evidence", "fact_texts", *WRITTEN), follows=("levels",),
        ),
        ("equate", "GET"): Cell("/hr/records/{}/equal", HR, "record", overseen),
        ("equate", "POST"): Cell(
            "/hr/records/{}/equal", HR, "record", overseen, barred=own, ends=(302,),
            send={"words": "A diploma", "happened_on": "2026-11-02"},
            changes=("evidence_entries", "evidence", "fact_texts", *WRITTEN), follows=("levels",),
        ),
        ("entry_file", "GET"): Cell(
            "/evidence/{}/file", kind="entry", reach=lambda person: own(person) | over(person)
        ),
        ("evidence", "GET"): Cell("/evidence", ASSIGNING),
        ("decide_entry", "POST"): Cell(
            "/evidence/{}/decide", ASSIGNING, "entry", over, barred=own, ends=(302,), send={"accepted": "1"},
            changes=("entry_decisions", "evidence", "fact_texts", "jobs", "mails", *WRITTEN), follows=("levels",),
        ),
        ("withdraw_entry", "POST"): Cell(
            "/evidence/{}/withdraw", ASSIGNING, "accepted entry", confirmed, barred=own, ends=(302,),
            send={"reason": "It was somebody else's."},
            changes=("evidence_withdrawals", "fact_texts", "jobs", "mails", *WRITTEN), follows=("levels",),
        ),
    }  # fmt: skip
