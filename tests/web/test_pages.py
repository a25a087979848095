"""Every page opens for whom it is meant."""

import pytest

PAGES = {
    "amina": ["/", "/courses", "/courses/basics", "/records", "/levels", "/levels/PC1", "/plan", "/profile"],
    "kofi": ["/team", "/assignments", "/assignments/new"],
    "ingrid": ["/hr/records", "/exports", "/assignments", "/assignments/new"],
    "olga": ["/authoring"],
    "sam": ["/roles", "/audit"],
}


@pytest.mark.parametrize(("person", "path"), [(person, path) for person, paths in PAGES.items() for path in paths])
def test_page_opens(browse, person, path) -> None:
    response = browse(person).get(f"/learn{path}")
    assert response.status_code == 200, response.text[:2000]
