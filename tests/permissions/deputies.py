"""The part of the policy that is about deputies of line managers; policy.py puts it in.

Row 27 of the matrix: a line manager delegates their own reports, with a first and a last day. José stands in for Kofi
today (tests/filled.py): he reaches what a deputy may, of Amina and Wei, and nothing of Kofi himself.
"""

from typing import Any

DEPUTIES = frozenset({"jose"})
STOOD_IN = {"jose": {"amina", "wei"}}
# The deputy knows the team and in whose name he acts; they, HR of the region and the manager know the deputy.
SEEN = {"jose": {"amina", "wei", "kofi"}, "amina": {"jose"}, "wei": {"jose"}, "kofi": {"jose"}, "nadia": {"jose"}}


def cells() -> dict[tuple[str, str], Any]:
    """The team, and who stands in: naming, taking back, overseeing."""
    from tests.permissions.policy import HR, LEADING, MANAGERS, WRITTEN, Cell, led, own

    return {
        ("team", "GET"): Cell("/team", LEADING),
        ("team_levels", "GET"): Cell("/team/levels", MANAGERS),
        ("request_attempt", "POST"): Cell(
            "/team/records/{}/attempts", LEADING, "waiting record", led, ends=(302,),
            changes=("help_requests", *WRITTEN),
        ),
        ("away", "GET"): Cell("/team/away", MANAGERS),
        ("away", "POST"): Cell("/team/away", MANAGERS, ends=(422,)),  # empty; filled: tests/web/test_deputies.py
        ("take_back_delegation", "POST"): Cell(
            "/team/away/{}/end", MANAGERS, "delegation", own, ends=(302,),
            changes=("delegation_ends", "fact_texts", "mails", "jobs", *WRITTEN),
        ),
        ("delegations", "GET"): Cell("/hr/deputies", HR),
    }  # fmt: skip
