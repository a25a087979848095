"""A form that our own page did not make is refused, and what was entered in it is kept."""

import pytest

from tests.permissions.policy import KNOWN, LINK, POLICY
from tests.site import PREFIX, Site, changed, fields_of

# The link of a mail stops mails at one press in the mail program (RFC 8058): signed, and no form of ours.
POSTS = {endpoint: cell for (endpoint, method), cell in POLICY.items() if method == "POST" and endpoint != "stop_mails"}
LONG = "To agree with two partners how we meet, <b>and</b> to keep to it for a year & more."
ENTERED = {"text": LONG, "reason": LONG, "purpose": LONG, "q1": "1", "record": "r", "done": "1"}


def allowed_path(site: Site, endpoint: str) -> tuple[str, str]:
    """A person who may, and the address of an object that they may touch."""
    cell = POSTS[endpoint]
    objects = KNOWN.get(cell.kind) or site.refs.get(cell.kind, {})
    people = [person for person in ("amina", "nadia", *sorted(cell.who)) if person in cell.who]
    able = [(person, ref) for person in people for owner, ref in objects.items()
            if owner in cell.reach(person) - cell.barred(person)]  # fmt: skip
    person, ref = able[0] if able else (people[0], "")
    return person, cell.path.format(ref)


def bad_tokens(site: Site, person: str) -> dict[str, str | None]:
    good = site.token(person)
    return {
        "missing": None, "empty": "", "foreign": site.token("sam" if person != "sam" else "olga"),
        "altered": ("A" if good[0] != "A" else "B") + good[1:], "cut": good[:-3], "no token": "x" * 60,
    }  # fmt: skip


@pytest.mark.parametrize("endpoint", POSTS)
def test_a_form_that_is_not_ours_is_refused_and_keeps_its_fields(site: Site, endpoint: str) -> None:
    person, path = allowed_path(site, endpoint)
    before = site.checksums()
    for name, token in bad_tokens(site, person).items():
        data = dict(ENTERED) if token is None else {**ENTERED, "csrf_token": token}
        response = site.browser(person).post(PREFIX + path, data=data)
        assert response.status_code == 400, name
        kept = fields_of(response.text, PREFIX + path)
        assert kept.pop("csrf_token").partition(".")[0] == site.token(person).partition(".")[0]  # but for its time
        assert kept.pop("form_id")
        assert kept == {name: value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                        for name, value in ENTERED.items()}, name  # fmt: skip
    assert changed(before, site.checksums()) == set()


def test_what_was_kept_can_be_sent_again(site: Site) -> None:
    refused = site.browser("amina").post(f"{PREFIX}/plan/objectives", data={"text": LONG, "csrf_token": "stale"})
    token = fields_of(refused.text, f"{PREFIX}/plan/objectives")["csrf_token"]
    again = site.browser("amina").post(f"{PREFIX}/plan/objectives", data={"text": LONG, "csrf_token": token})
    assert again.status_code == 302
    assert "<b>and</b>" not in site.get("amina", "/plan").text
    assert "To agree with two partners how we meet, &lt;b&gt;and" in site.get("amina", "/plan").text


@pytest.mark.parametrize("endpoint", [endpoint for endpoint, cell in POSTS.items() if cell.door != LINK])
def test_signed_out_keeps_the_fields(site: Site, endpoint: str) -> None:
    _person, path = allowed_path(site, endpoint)
    response = site.browser(None).post(PREFIX + path, data=ENTERED)
    assert response.status_code == 401
    assert set(fields_of(response.text, PREFIX + path)) == {"csrf_token", "form_id", *ENTERED}
    assert "Sign in in a new window" in response.text


def test_after_signing_in_the_kept_form_can_be_sent(site: Site) -> None:
    browser = site.app.test_client()
    refused = browser.post(f"{PREFIX}/plan/objectives", data={"text": LONG})
    assert refused.status_code == 401
    with browser.session_transaction() as session:  # the person signs in in another window of the same browser
        session["_user_id"], session["_fresh"] = "amina@lantern.example", True
    kept = {"text": LONG, "csrf_token": fields_of(refused.text, f"{PREFIX}/plan/objectives")["csrf_token"]}
    assert browser.post(f"{PREFIX}/plan/objectives", data=kept).status_code == 302
    assert "To agree with two partners" in browser.get(f"{PREFIX}/plan").text


def test_json_without_token_is_refused_as_json(site: Site) -> None:
    path = f"{PREFIX}/attempts/{site.refs['open attempt']['amina']}/answers"
    body = {"answers": [{"id": "0c7f1d7e-4b3c-4f3a-9f43-7a6a9b3b2f01", "question": 1, "values": ["1"]}]}
    for person, status in (("amina", 400), (None, 401)):
        response = site.browser(person).post(path, json=body)
        assert response.status_code == status
        # Who is signed in gets a new token, so that the script can send the same answers again.
        assert set(response.get_json()) == ({"error", "csrf_token"} if person else {"error"})
    assert changed(site.checksums(), site.checksums()) == set()


def test_a_saved_answer_brings_a_token_that_works(site: Site) -> None:
    path = f"/attempts/{site.refs['open attempt']['amina']}/answers"
    body = {"answers": [{"id": "0c7f1d7e-4b3c-4f3a-9f43-7a6a9b3b2f01", "question": 1, "values": ["1"]}]}
    token = site.send("amina", path, body).get_json()["csrf_token"]
    again = site.browser("amina").post(PREFIX + path, json=body, headers={"X-CSRF-Token": token})
    assert list(again.get_json()["stored"]) == ["0c7f1d7e-4b3c-4f3a-9f43-7a6a9b3b2f01"]


def test_the_kept_form_goes_back_to_where_the_app_is_mounted(site: Site) -> None:
    refused = site.browser("amina").post(
        f"{PREFIX}/plan/objectives", data={"text": "x"}, environ_overrides={"SCRIPT_NAME": "/office"}
    )
    assert fields_of(refused.text, f"/office{PREFIX}/plan/objectives")["text"] == "x"
