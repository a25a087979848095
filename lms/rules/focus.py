"""Which competencies to work on in a cycle, suggested from the gaps to the role's targets."""

from collections.abc import Sequence
from dataclasses import dataclass

FEWEST, MOST = 2, 3  # one keeps the others out of sight, and more than three are none


@dataclass(frozen=True)
class Gap:
    """A competency, the level that evidence supports, and the role's target; 0 where the role has none."""

    competency: str
    level: int
    target: int

    @property
    def size(self) -> int:
        """How many levels are missing."""
        return max(0, self.target - self.level)


def suggest(gaps: Sequence[Gap]) -> list[str]:
    """At most three competencies: the largest gap first; of gaps alike, that of which the role asks more.

    Where that is alike too, the order of the framework decides. Without gaps nothing is suggested.
    """
    open_gaps = [gap for gap in gaps if gap.size]
    return [gap.competency for gap in sorted(open_gaps, key=lambda gap: (-gap.size, -gap.target))[:MOST]]
