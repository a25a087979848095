"""Whom a rule means, written as SQL and as Python, is one and the same."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.orm import Session

from lms.models import OrgUnit, PartnerOrganisation, Person, Post
from lms.rules.audiences import Conditions, failing, joined_on
from lms.rules.targets import role_of
from lms.services.audience_people import meant_people, read_attributes
from tests import world

FUNCTIONS, TAGS, KINDS = ("finance", "programme", "it", "F%"), ("hub", "HUB", "u_it", ""), ("staff", "partner_staff")
ROLES = {
    "roles": [
        {"code": "everyone", "audience": "everyone", "functions": ["it"]},
        {"code": "money", "audience": "staff", "functions": ["finance"]},
        {"code": "partners", "audience": "partner_staff", "functions": ["finance", "programme"]},
    ]
}
PROFILES = ("everyone", "money", "partners", "nobody", "")
DAYS = st.sampled_from([-30, -10, -1, 0, 1])
POST = st.tuples(DAYS, st.none() | DAYS)


def some(values):
    return st.lists(st.sampled_from(values), unique=True, max_size=2).map(tuple)


PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(KINDS), "unit": st.integers(0, 3), "partner": st.integers(0, 2),
            "function": st.sampled_from((*FUNCTIONS, "")), "profile": st.sampled_from(PROFILES),
            "posts": st.lists(POST, max_size=3),
        }
    ),
    min_size=20, max_size=30,
)  # fmt: skip
DATES = st.none() | DAYS.map(lambda number: day(number))
WANTED = st.builds(
    Conditions, st.sampled_from(["/1/", "/1/2/", "/1/20/"]), some(KINDS), some(FUNCTIONS),
    some([name for name in PROFILES if name]), some(["network", "cso"]), some(["hub", "HUB", "u_it"]), DATES, DATES,
)  # fmt: skip
PATHS = ("/1/", "/1/2/", "/1/20/", "/1/2/3/")


def number_of(session, model, **values) -> int:
    return session.scalar(insert(model).values(**values).returning(model.id))


def fill(session, people):
    """The session is never committed: each example begins with the small organisation. Person -> (row, posts)."""
    units = [number_of(session, OrgUnit, code=f"U{n}", name="", path=p, tags=TAGS[n]) for n, p in enumerate(PATHS)]
    types = ("cso;net", "network")
    partners = [None, *(number_of(session, PartnerOrganisation, code=kind, name="", types=kind) for kind in types)]
    made = {}
    for row in people:
        person = Person(kind=row["kind"], display_name="", created_at=world.NOW, changed_at=world.NOW)
        session.add(person)
        session.flush()
        posts = [(day(start), day(end)) for start, end in row["posts"]]
        for place, (start, end) in enumerate(posts, start=1):
            about = {"unit_id": units[row["unit"]], "partner_id": partners[row["partner"]]}
            about |= {"function": row["function"], "role_profile": row["profile"], "is_latest": place == len(posts)}
            session.add(Post(person_id=person.id, started_on=start, ended_on=end, **about))
        made[person.id] = (row, posts)
    session.flush()
    return made


def day(number):
    return None if number is None else world.TODAY + timedelta(days=number)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=PEOPLE, wanted=WANTED)
def test_sql_and_python_agree(database, people, wanted) -> None:
    with Session(database.engine) as session:
        made = fill(session, people)
        known = read_attributes(session, list(made), ROLES)
        meant = set(
            session.scalars(meant_people(wanted, ROLES, world.TODAY, Person.id).where(Person.id.in_(list(made))))
        )
        session.rollback()
    for number, (row, posts) in made.items():
        role = role_of(row["kind"], row["profile"] if posts else "", row["function"] if posts else "", ROLES)
        who = replace(known[number], profile=role["code"], joined_on=joined_on(posts))
        assert known[number] == who
        assert (number in meant) == (failing(wanted, who, world.TODAY) == []), (who, wanted)
