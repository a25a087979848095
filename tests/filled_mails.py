"""What the filled world asks and is told: a request to be erased, and a mail that can be stopped."""

from collections.abc import Iterator

from lms.db import Database
from lms.rules.mails import Kind
from lms.services.mails import REF_LENGTH, News, add_mails, digest
from lms.services.stopping import sign
from tests import world
from tests.filled_privacy import ask_to_be_erased


def ask_and_write(database: Database) -> Iterator[tuple[str, str, str]]:
    """(kind of object, owner, ref): Kofi's request, and the token by which Amina stops a kind of mail."""
    yield from ask_to_be_erased(database)
    amina = world.actor(database, "amina@lantern.example").person_id or 0
    news = News(amina, "a mail to stop", {"competency": "PC1", "lapses_on": world.DUE.isoformat()})
    with database.transaction() as session:
        add_mails(session, Kind.LEVEL_LAPSES, [news], world.NOW)
    yield "mail to stop", "amina", sign(world.SIGNING_KEY, digest(news)[:REF_LENGTH])
