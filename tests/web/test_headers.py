"""What every answer of the plugin carries, and where no answer ever leads."""

import pytest

from tests.permissions.policy import ABSENT, KNOWN, POLICY
from tests.site import PREFIX, Site, fields_of

POLICY_TEXT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; media-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
MEDIA_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
# The number of a certificate is in the address: no site that a visitor goes on to may learn it.
BY_LINK = ("review_link", "decide_link", "link_file", "stop_mails")  # so is what opens a reviewer's request
REFERRER = dict.fromkeys(("verify", "verify_number", *BY_LINK), "no-referrer")
FILE_POLICY, FILES = "default-src 'none'; sandbox", ("application_file", "review_file", "link_file", "entry_file")
CACHED = {"static": "no-cache", "course_media": "private, max-age=3600"}
ELSEWHERE = (
    "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "https:evil.example",
    "javascript:alert(1)", "http://evil.example@lantern.example", "/%2F/evil.example", "\t//evil.example",
)  # fmt: skip


@pytest.mark.parametrize(("endpoint", "method"), POLICY, ids=[f"{method} {endpoint}" for endpoint, method in POLICY])
def test_every_answer_carries_the_headers(site: Site, endpoint: str, method: str) -> None:
    cell = POLICY[endpoint, method]
    objects = KNOWN.get(cell.kind) or site.refs.get(cell.kind, {"": ""})
    for person in ("amina", "ingrid", "sam", "olga", "stranger", None):
        for ref in (objects.get(person or "", next(iter(objects.values()))), ABSENT.get(cell.kind, ("absent",))[-1]):
            send = site.get if method == "GET" else site.post
            response = send(person, cell.path.format(ref))
            shown = response.status_code == 200
            wanted = MEDIA_POLICY if shown and endpoint in ("course_media", "preview_media") else POLICY_TEXT
            wanted = FILE_POLICY if shown and endpoint in FILES else wanted
            assert response.headers["Content-Security-Policy"] == wanted
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Referrer-Policy"] == REFERRER.get(endpoint, "same-origin")
            if endpoint not in CACHED:
                assert response.headers["Cache-Control"] == "no-store"
            elif response.status_code == 200 and endpoint == "course_media":
                assert response.headers["Cache-Control"] == CACHED[endpoint]
            response.close()


def test_a_picture_cannot_act(site: Site) -> None:
    path = "/courses/basics/sections/media/hands.svg"
    response = site.get("amina", path)
    assert response.content_type == "image/svg+xml"
    assert response.headers["Content-Security-Policy"] == MEDIA_POLICY
    again = site.get("amina", path, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Content-Security-Policy"] == MEDIA_POLICY


def test_a_failure_carries_the_headers_too(site: Site) -> None:
    for response in (
        site.browser("amina").post(f"{PREFIX}/plan/objectives", data={"text": "x"}),  # 400
        site.get("amina", "/hr/records"),  # 403
        site.get("amina", "/attempts/absent"),  # 404
        site.browser("amina").post(f"{PREFIX}/attempts/absent/answers", json={}),  # 400 as JSON
        site.post("amina", "/plan/objectives", {"text": "x" * 3_000_000}),  # 413
    ):
        assert response.status_code >= 400
        assert response.headers["Content-Security-Policy"] == POLICY_TEXT
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_parameter_leads_elsewhere(site: Site, target: str) -> None:
    given = dict.fromkeys(("next", "url", "return_to", "continue", "redirect", "record", "ref", "page"), target)
    forms = {"/plan/start": "amina", "/courses/basics/start": "amina", "/profile": "amina", "/welcome": "amina"}
    forms |= {f"/plan/items/{site.refs['experience item']['amina']}/sign": "amina", "/assignments/new": "kofi"}
    for path, person in forms.items():
        fields = {**given, "done": "1", "display_name": "A", "language": "en"}
        response = site.post(person, path, fields, query_string=given)
        location = response.headers.get("Location", PREFIX)
        assert location.startswith(PREFIX), (path, location)
    for path in ("/", "/courses", "/plan", "/hr/records", "/assignments/new", "/exports"):
        response = site.get("ingrid", path, query_string=given)
        assert response.status_code == 200
        assert 'href="' + target not in response.text
        assert 'action="' + target not in response.text
        anonymous = site.get(None, path, query_string=given)
        assert anonymous.location.startswith("/sign-in?next=%2Flearn")


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/evil"},
        {"Forwarded": "host=evil.example;proto=https", "X-Original-URL": "/evil", "X-Rewrite-URL": "/evil"},
        {"Referer": "https://evil.example/", "Origin": "https://evil.example"},
    ],
)
def test_no_header_leads_elsewhere(site: Site, headers: dict[str, str]) -> None:
    for person in ("ingrid", "amina", None):
        for path in ("/", "/plan", "/courses/basics", "/hr/records"):
            response = site.get(person, path, headers=headers)
            assert "evil" not in response.text
            assert "evil" not in response.headers.get("Location", "").replace("http%3A%2F%2Fevil.example", "")
    response = site.post("amina", "/plan/start", headers=headers)
    # under another name the browser has no cookie, and the form is kept
    assert response.status_code == 401 if "Host" in headers else response.location == f"{PREFIX}/plan"
    refused = site.browser(None).post(f"{PREFIX}/plan/start", headers=headers, data={"a": "b"})
    assert fields_of(refused.text, f"{PREFIX}/plan/start")["a"] == "b"
    assert "evil" not in refused.text
