"""Which of several answers to a question stands, when they come from several pages, tabs and devices.

The rule: an answer takes effect unless, since the answer that its page knew of, another was given elsewhere. So the
page that has not seen the newest answer cannot replace it unknowingly; whoever has seen it can. Answers of one page
come in the order of their numbers, whatever the network does. The same rule is SQL in `services.answers`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Given:
    """An answer as it arrived; `id` is its place in the attempt's log."""

    id: int
    tab: str  # the open page that it was given in
    sequence: int  # its number among the answers of that page
    base: int  # the newest answer to the question that the page knew of; 0 for none
    is_late: bool = False  # it came after the deadline and its grace
    takes_effect: bool = True


def takes_effect(new: Given, before: Iterable[Given]) -> bool:
    """Whether a new answer may stand, after those to the same question that took effect before it."""
    return not any(
        old.id > new.base and not (old.tab == new.tab and old.sequence < new.sequence)
        for old in before
        if old.takes_effect
    )


def standing_answer(log: Sequence[Given], late_count: bool = False) -> Given | None:
    """The answer to one question that counts, from its log in the order of arrival; late ones only where HR said so."""
    able = [given for given in log if given.takes_effect and (late_count or not given.is_late)]
    return able[-1] if able else None
