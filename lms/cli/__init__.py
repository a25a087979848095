"""`flask lms ...`: the operator's commands. Each act is logged; each refusal says what to do."""

from lms.cli.group import lms_commands

__all__ = ["lms_commands"]
