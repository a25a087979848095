"""How a host's user becomes a person of the learning records: one file per way, listed in the extension."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """What a host vouches for: an id that never changes, a verified e-mail (or None), and a name.

    The e-mail links a first sign-in to the person that HR's file names, so a host that lets its users type any
    address must give None.
    """

    subject: str
    email: str | None
    name: str
    provider: str = "host"

    def __post_init__(self) -> None:
        """Whoever has no subject would be one person with all others who have none."""
        if not isinstance(self.subject, str) or not self.subject:
            raise ValueError(
                f"identify() gave the subject {self.subject!r}: it must be a string that names this user and nobody "
                "else, such as str(user.id)"
            )
