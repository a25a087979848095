"""The part of the policy that is about rules of assignment and what follows from them; policy.py puts it in."""

from typing import Any


def cells() -> dict[tuple[str, str], Any]:
    """Rules are written by HR for units in scope; on a large change somebody else of HR in scope decides."""
    from tests.permissions.policy import HR, OVERSEEN_UNITS, WRITTEN, Cell, open_courses, overseen, own

    def in_scope(person: str) -> set[str]:
        return OVERSEEN_UNITS.get(person, set())

    def of_hr(_person: str) -> set[str]:
        return set(HR)

    written = ("rule_versions", "jobs", *WRITTEN)
    return {
        ("course_why", "GET"): Cell("/courses/{}/why", kind="course", reach=open_courses),
        ("hr_why", "GET"): Cell("/hr/records/{}/why", HR, "record", overseen),
        ("waive_course", "POST"): Cell(
            "/hr/records/{}/waive", HR, "waiting record", overseen, barred=own, ends=(302,),
            send={"reason": "Learned elsewhere."}, changes=("waivers", "fact_texts", "standings", *WRITTEN),
        ),
        ("withdraw_waiver", "POST"): Cell(
            "/hr/waivers/{}/withdraw", HR, "waiver", overseen, barred=own, ends=(302,),
            send={"reason": "It was somebody else."},
            changes=("waiver_withdrawals", "fact_texts", "standings", *WRITTEN),
        ),
        ("rules", "GET"): Cell("/assignments/rules", HR),
        ("new_rule", "GET"): Cell("/assignments/rules/new", HR),
        ("new_rule", "POST"): Cell("/assignments/rules/new", HR, ends=(422,)),  # empty; filled: test_writes
        ("rule", "GET"): Cell("/assignments/rules/{}", HR, "rule", in_scope),
        ("edit_rule", "GET"): Cell("/assignments/rules/{}/edit", HR, "rule", in_scope),
        ("edit_rule", "POST"): Cell("/assignments/rules/{}/edit", HR, "rule", in_scope, ends=(422,)),
        ("decide_rule", "POST"): Cell(
            "/assignments/rules/{}/decide", HR, "waiting rule", of_hr, barred=own, ends=(302,),
            send={"number": "1", "approve": "yes"}, changes=("rule_decisions", "jobs", *WRITTEN),
        ),
        ("end_rule", "POST"): Cell(
            "/assignments/rules/{}/end", HR, "rule", in_scope, ends=(302,), changes=written,
        ),
    }  # fmt: skip
