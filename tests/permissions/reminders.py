"""The part of the policy that is about stopping mails and seeing what people were told; policy.py puts it in."""

from typing import Any


def cells() -> dict[tuple[str, str], Any]:
    """By the signed link of a mail; HR by their scope."""
    from tests.permissions.policy import HR, LINK, Cell, overseen, own

    return {
        ("hr_messages", "GET"): Cell("/hr/messages", HR),
        ("hr_person", "GET"): Cell("/hr/person/{}", HR, "person", overseen),
        # Whoever holds the link of a mail may stop others of its kind: tests/web/test_stopping.py.
        ("stop_mails", "GET"): Cell("/stop/{}", kind="mail to stop", reach=own, door=LINK),
        ("stop_mails", "POST"): Cell(
            "/stop/{}", kind="mail to stop", reach=own, door=LINK, ends=(302,),
            changes=("mail_choices", "audit_entries"),
        ),
    }  # fmt: skip
