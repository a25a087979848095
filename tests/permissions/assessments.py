"""The part of the policy that is about assessments from two sides; policy.py puts it in."""

from typing import Any

RATED = {"PC1-level": "1", "PC1-words": "I ask first.", "hand_in": "1"}
ASKED = {"email": "olga@lantern.example", "competencies": "PC1"}
SHEET = ("assessments", "rating_sheets", "ratings", "fact_texts", "audit_entries")


def cells() -> dict[tuple[str, str], Any]:
    """What the matrix of security.md says of rows 17 and 18: one's own, and of whom one manages today."""
    from tests.permissions.policy import MANAGERS, WRITTEN, Cell, own, reports

    def own_and_reports(person: str) -> set[str]:
        return own(person) | reports(person)

    return {
        ("assessment", "GET"): Cell("/assessment"),
        ("assessment", "POST"): Cell(
            "/assessment", ends=(302,), send={**RATED, "PC1-confidence": "sure"},
            changes=SHEET,
        ),
        ("rate_member", "GET"): Cell("/team/{}/assessment", MANAGERS, "person", reports),
        ("rate_member", "POST"): Cell(
            "/team/{}/assessment", MANAGERS, "person", reports, ends=(302,), send=RATED,
            changes=SHEET,
        ),
        # Whom one can ask depends on who one is: tests/services/test_peers.py says what is written.
        ("ask_peers", "GET"): Cell("/peers"),
        ("ask_peers", "POST"): Cell("/peers", ends=(302, 422), send=ASKED),
        ("ask_member_peers", "GET"): Cell("/team/{}/peers", MANAGERS, "person", reports),
        ("ask_member_peers", "POST"): Cell(
            "/team/{}/peers", MANAGERS, "person", reports, ends=(302, 422), send=ASKED
        ),
        ("rate_as_peer", "GET"): Cell("/peers/{}", kind="peer request", reach=own),
        ("rate_as_peer", "POST"): Cell(
            "/peers/{}", kind="peer request", reach=own, ends=(302,), send={**RATED, "PC1-confidence": "sure"},
            changes=("peer_answers", "peer_ratings", "fact_texts", *WRITTEN),
        ),
        ("choose_focus", "POST"): Cell(
            "/focus", ends=(302,), send={"competencies": "PC1"}, changes=("assessments", "focus_choices", *WRITTEN)
        ),
        ("conversation", "GET"): Cell("/assessments/{}", kind="assessment", reach=own_and_reports),
        ("move", "POST"): Cell(
            "/assessments/{}/PC1", kind="assessment", reach=own_and_reports, ends=(302,),
            send={"act": "propose", "level": "1", "reason": "We saw it."},
            changes=("assessment_moves", "fact_texts", *WRITTEN),
        ),
    }  # fmt: skip
