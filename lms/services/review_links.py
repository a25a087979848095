"""The signed link by which a reviewer answers from a mail: it names one request, and until when it opens it.

The link is made when a mail is sent and is kept nowhere: whoever reads the tables cannot answer for somebody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

LINK_DAYS = 30
_SALT = "lms-review"
_LONGEST = 500


@dataclass(frozen=True)
class ReviewLink:
    """What a link says that we signed."""

    request: str  # the ref of the request: of one reviewer, one hand-in, one round
    is_over: bool


def sign(keys: str | Sequence[str], request: str, at: datetime) -> str:
    """The token of a link that opens a request for LINK_DAYS from now. `keys` are the host's, the newest last."""
    until = at + timedelta(days=LINK_DAYS)
    return str(URLSafeSerializer(keys, salt=_SALT).dumps([request, int(until.timestamp())]))


def read(keys: str | Sequence[str], token: str, at: datetime) -> ReviewLink | None:
    """What a token says; None where we never signed it so."""
    try:
        request, until = URLSafeSerializer(keys, salt=_SALT).loads(token[:_LONGEST])
    except (BadData, ValueError, TypeError):
        return None
    return ReviewLink(str(request), at.timestamp() > until)
