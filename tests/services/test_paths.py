"""A path shows to those for whom it is meant the courses of it that are open to them, with what they have done."""

from lms.content import load_library
from lms.permissions import operator
from lms.services.catalogue import CatalogueFilter, list_courses, list_paths
from lms.services.publishing import publish_library
from tests import world
from tests.content.sample import GOOD, write_library
from tests.services import steps

PATHS = """version: 2
paths:
  - {code: induction, name: Induction, line: For all, courses: [M02, M01, M99]}
  - {code: welcome, name: Welcome, line: For partners, audience: [partner_staff], courses: [M01]}
  - {code: later, name: Later, line: For all, audience: [staff], courses: [M99]}
"""


def paths(database, actor):
    with database.read() as session:
        found = list_paths(session, actor, courses=list_courses(session, actor, wanted=CatalogueFilter()))
    return [(path.name, [course.code for course in path.courses], path.done, path.total) for path in found]


def test_paths_of_ones_audience_with_ones_progress(database, who, tmp_path) -> None:
    assert paths(database, who("amina")) == [("Induction", ["M01"], 0, 2)]
    with database.transaction() as session:
        library = load_library(write_library(tmp_path / "courses", {**GOOD, "paths.yaml": PATHS}))
        publish_library(session, operator(world.NOW), library=library)
    steps.take(database, who("amina"))
    assert paths(database, who("amina")) == [("Induction", ["M02", "M01"], 1, 3)]
    assert ("Welcome", ["M01"], 0, 1) in paths(database, who("rosa"))
    assert all(name != "Later" for name, *_ in paths(database, who("rosa")))
