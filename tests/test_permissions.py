"""The policy table itself: complete, closed by default, and told in docs/permissions.md as it is."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from lms import permissions
from lms.errors import ConfigurationError, Forbidden
from lms.permissions import ACTIONS, Actor, Grant, Role, Scope, operator
from lms.web import gate
from lms.web.routes import LINK, PUBLIC, ROUTES, SIGNED_IN
from tests.conftest import make_host

PAGE = Path(__file__).parents[1] / "docs" / "permissions.md"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
ROLE_NAMES = [role.value for role in Role]
# Granted roles read other people's records and courses by scope; nobody is granted what is a person's own.
OWN_ALONE = {
    "home.read",
    "attempts.take",
    "records.read",
    "levels.read",
    "plans.write",
    "profile.write",
    "targets.choose",
    "assessments.write",
}


def tables() -> str:
    """What docs/permissions.md has to hold: actions by role, then routes by action."""
    head = ["| action | " + " | ".join(name.replace("_", " ") for name in ROLE_NAMES) + " |"]
    head.append("|---" * (len(ROLE_NAMES) + 1) + "|")
    rows = [
        f"| `{action}` | " + " | ".join(allowed[role].value if role in allowed else "–" for role in Role) + " |"
        for action, allowed in ACTIONS.items()
    ]
    routes = ["| route | methods | what it asks for |", "|---|---|---|"]
    views = sorted(gate.VIEWS, key=lambda view: (view.rule, view.methods))
    routes += [f"| `{v.rule}` | {', '.join(v.methods)} | {_asked(ROUTES[v.endpoint])} |" for v in views]
    return "\n".join([*head, *rows, "", *routes])


def _asked(policy: str) -> str:
    named = {PUBLIC: "nothing: open to all", SIGNED_IN: "to be signed in with the host", LINK: "a link that we signed"}
    return named.get(policy, f"`{policy}`")


def test_the_page_tells_what_is() -> None:
    for table in tables().split("\n\n"):
        assert f"\n\n{table}\n" in PAGE.read_text(), f"put this into {PAGE.name}:\n{table}"


def test_the_page_explains_every_scope() -> None:
    text = PAGE.read_text()
    assert [scope.value for scope in Scope if f"**{scope.value}**" not in text] == []


def test_every_view_has_a_policy_and_every_policy_a_view(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("lms.")}
    assert {endpoint.removeprefix("lms.") for endpoint in endpoints} == set(ROUTES)
    assert set(ROUTES.values()) - {PUBLIC, LINK, SIGNED_IN} <= set(ACTIONS)


@pytest.fixture
def stray_view() -> Iterator[None]:
    """Somebody adds a view and forgets the policy."""

    @gate.view("/stray", "GET", "POST")
    def stray() -> str:
        return "open"

    yield
    gate.VIEWS.pop()


def test_a_view_without_a_policy_keeps_the_app_from_starting(sqlite, stray_view) -> None:
    with pytest.raises(ConfigurationError, match=r"view 'stray' has no entry in lms\.web\.routes"):
        make_host(sqlite)


def test_a_policy_for_no_view_and_one_for_no_action_too(sqlite, monkeypatch) -> None:
    monkeypatch.setitem(ROUTES, "ghost", "home.read")
    monkeypatch.setitem(ROUTES, "home", "home.fly")
    with pytest.raises(ConfigurationError) as error:
        make_host(sqlite)
    assert "names 'ghost', which is no view" in str(error.value)
    assert "names the unknown action 'home.fly'" in str(error.value)


def test_a_route_that_slips_past_is_closed_at_run_time(browse, monkeypatch) -> None:
    browser = browse("amina")
    assert browser.get("/learn/plan").status_code == 200
    monkeypatch.delitem(ROUTES, "plan")
    for person in ("amina", "sam", None):
        response = browse(person).get("/learn/plan")
        assert response.status_code == 403
        assert "no rule of access" in response.text


def test_an_action_that_no_role_has_is_refused(browse, monkeypatch) -> None:
    monkeypatch.setitem(ACTIONS, "plans.write", {})
    assert browse("amina").get("/learn/plan").status_code == 403


def test_the_gate_asks_before_the_service_does(browse, monkeypatch) -> None:
    monkeypatch.setitem(ROUTES, "plan", "audit.read")  # the service would still let everybody in
    assert browse("amina").get("/learn/plan").status_code == 403
    assert browse("sam").get("/learn/plan").status_code == 200


@pytest.mark.parametrize("action", ACTIONS)
def test_roles_open_what_the_table_says_and_nothing_else(action: str) -> None:
    for role in Role:
        actor = Actor(1, NOW, (Grant(role),))
        assert permissions.may(actor, action) == (role in ACTIONS[action])
        if role not in ACTIONS[action]:
            with pytest.raises(Forbidden, match="Your roles do not include this"):
                permissions.require(actor, action)
    assert not permissions.may(Actor(1, NOW, ()), action)
    assert not permissions.scopes(Actor(1, NOW, ()), action)


def test_roles_add_up_each_with_its_own_scope() -> None:
    grants = (Grant(Role.LEARNER), Grant(Role.HR_OFFICER, unit_path="/1/2/"), Grant(Role.LINE_MANAGER))
    found = permissions.scopes(Actor(1, NOW, grants), "assignments.write")
    assert found == [(Scope.UNITS, grants[1]), (Scope.REPORTS, grants[2])]
    assert permissions.scopes(Actor(1, NOW, grants), "plans.write") == [(Scope.OWN, grants[0])]


def test_what_is_a_persons_own_is_open_to_learners_alone() -> None:
    for action in OWN_ALONE:
        assert ACTIONS[action] == {Role.LEARNER: Scope.OWN}, action


def test_the_operator_is_nobody_and_reads_nothing_personal() -> None:
    actor = operator(NOW)
    assert actor.person_id is None
    opened = {action for action in ACTIONS if permissions.may(actor, action)}
    assert opened.isdisjoint(OWN_ALONE | {"records.oversee", "team.read", "completions.withdraw", "audit.read"})
    reached_by_web = {policy for policy in ROUTES.values() if policy in ACTIONS}
    only_by_command = {action for action, allowed in ACTIONS.items() if set(allowed) == {Role.OPERATOR}}
    assert only_by_command.isdisjoint(reached_by_web)


def test_nobody_can_become_someone_else() -> None:
    assert not [name for name in (*ACTIONS, *ROUTES) if re.search("impersonate|sudo|become|login_as", name)]


def test_the_table_is_pure() -> None:
    assert permissions.__file__ is not None
    assert len(Path(permissions.__file__).read_text().splitlines()) <= 300


if __name__ == "__main__":
    import lms.web  # noqa: F401  (registers the views)

    print(tables())
