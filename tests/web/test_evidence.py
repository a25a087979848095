"""Evidence on its pages."""

import pytest
from sqlalchemy import func, select

from lms.models import EvidenceEntry
from tests.permissions.policy import POLICY
from tests.site import Site


def count(site: Site) -> int:
    with site.database.read() as session:
        return session.scalar(select(func.count()).select_from(EvidenceEntry)) or 0


@pytest.mark.parametrize(
    ("endpoint", "person", "kind", "owner"),
    [
        ("enter_evidence", "amina", "", "PC1"),
        ("observe", "kofi", "person", "amina"),
        ("equate", "ingrid", "record", "amina"),
    ],
)
def test_sent_twice_it_is_recorded_once(site: Site, endpoint: str, person: str, kind: str, owner: str) -> None:
    cell, before = POLICY[endpoint, "POST"], count(site)
    path = cell.path.format(site.refs[kind][owner] if kind else owner)
    for _ in range(2):
        assert site.post(person, path, {**cell.send, "form_id": "one"}).status_code == 302
    assert count(site) == before + 1
    site.post(person, path, {**cell.send, "words": "Another diploma", "form_id": "one"})
    assert count(site) == before + 2
