"""What a certificate says on a date, and how its number is read from what somebody typed."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# Crockford's base 32: no I, L, O or U, so that a number can be read out and typed.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, SIGNS = 4, 4
_TAKEN_FOR = str.maketrans("OIL", "011")
_LONGEST = 100


def in_groups(signs: str) -> str:
    """The signs of a number as they are printed: XXXX-XXXX-XXXX-XXXX."""
    return "-".join(signs[start : start + SIGNS] for start in range(0, GROUPS * SIGNS, SIGNS))


def read_number(typed: str) -> str | None:
    """The number that was meant, as it is printed; None where the text cannot be one.

    Case does not matter, nor does anything between the signs: blanks, hyphens, the invisible marks of direction that
    come along when a number is copied out of Arabic text. O is read as 0, I and L as 1, the digits and wide letters of
    other keyboards as ours.
    """
    plain = unicodedata.normalize("NFKC", typed[:_LONGEST]).upper().translate(_TAKEN_FOR)
    signs = "".join(str(unicodedata.decimal(sign, sign)) for sign in plain if sign.isalnum())
    return in_groups(signs) if len(signs) == GROUPS * SIGNS and set(signs) <= set(ALPHABET) else None


class Verdict(StrEnum):
    """What a certificate is worth on a date, in one word."""

    COMPLETED = "completed"  # the course asks for nothing more
    UNCONFIRMED = "unconfirmed"  # completed; the task at work was not confirmed
    CERTIFIED = "certified"  # completed, and confirmed at work
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Truth:
    """What holds of a completion on a day: never more than its dates."""

    on: date
    completed_on: date
    asks_task: bool  # whether the version that was completed asks for a task at work
    certified_on: date | None = None  # when that task was confirmed
    expires_on: date | None = None  # the first day on which it no longer counts
    withdrawn_on: date | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether the task at work was confirmed by that day."""
        return self.certified_on is not None and self.certified_on <= self.on

    @property
    def verdict(self) -> Verdict:
        """Withdrawn outweighs expired, and expired outweighs whatever was reached."""
        if self.withdrawn_on is not None and self.withdrawn_on <= self.on:
            return Verdict.WITHDRAWN
        if self.expires_on is not None and self.expires_on <= self.on:
            return Verdict.EXPIRED
        if self.is_confirmed:
            return Verdict.CERTIFIED
        return Verdict.UNCONFIRMED if self.asks_task else Verdict.COMPLETED

    @property
    def counts(self) -> bool:
        """Whether it is neither withdrawn nor expired."""
        return self.verdict not in (Verdict.WITHDRAWN, Verdict.EXPIRED)
