"""What one side says of a competency, and whether it can be handed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.errors import N_, Invalid
from lms.rules.assessments import Confidence, Side

WORDS_LIMIT = 1000
LEVELS = range(5)


@dataclass(frozen=True)
class Rated:
    """What one side says of one competency; without a level it is not finished, or left out."""

    competency: str
    level: int | None
    words: str = ""
    points: tuple[str, ...] = ()  # what it rests on: refs of evidence, or codes of indicators
    confidence: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the competency was left out."""
        return self.level is None and not (self.words or self.points or self.confidence)


def check_ratings(
    ratings: Sequence[Rated], offered: Mapping[str, Sequence[str]], *, side: Side, hand_in: bool
) -> list[Rated]:
    """What is to be kept: without competencies that were left out. Invalid names each field that cannot be taken."""
    kept = [rated for rated in ratings if not rated.is_empty]
    faults: dict[str, str] = {}
    for rated in kept:
        for name, message in _faults(rated, offered, side, hand_in).items():
            faults[f"{rated.competency}-{name}"] = message
    if faults:
        raise Invalid(N_("Nothing was kept yet."), faults)
    if hand_in and not kept:
        raise Invalid(N_("Nothing was kept yet."), {"": N_("Rate one competency at least.")})
    return kept


def _faults(rated: Rated, offered: Mapping[str, Sequence[str]], side: Side, hand_in: bool) -> dict[str, str]:
    faults = {}
    if len(rated.words) > WORDS_LIMIT:
        faults["words"] = N_("This is too long: at most 1,000 characters.")
    if not set(rated.points) <= set(offered.get(rated.competency, ())):
        faults["points"] = N_("Choose from what is offered.")
    if rated.level not in (None, *LEVELS):
        faults["level"] = N_("Choose a level from 0 to 4.")
    if rated.confidence not in ("", *Confidence):
        faults["confidence"] = N_("Choose from what is offered.")
    if not hand_in:
        return faults
    if rated.level is None:
        faults["level"] = N_("Choose a level, or leave this competency out altogether.")
    elif rated.level and not rated.words and not rated.points:
        faults["words"] = N_("Write in a sentence what the level rests on, or tick what shows it.")
    if side is Side.SELF and rated.level is not None and not rated.confidence:
        faults["confidence"] = N_("Say how sure you are.")
    return faults
