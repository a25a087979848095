"""The catalogue, a course, its task sheet, its pictures, its sections."""

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, NotFound
from lms.services.catalogue import CatalogueFilter, list_courses, list_paths
from lms.services.courses import get_course, get_media, get_section
from lms.services.enrolments import finish_section as finish
from lms.services.enrolments import refresh_course as refresh
from lms.services.enrolments import start_course as start
from lms.services.framework import current_framework
from lms.web.forms import CatalogueForm
from lms.web.gate import say, view
from lms.web.language import gettext
from lms.web.offers import offer
from lms.web.pages import render
from lms.web.plugin import actor, reading, transaction

# A picture may be an SVG that an author drew: shown, but never a page that can act.
MEDIA_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
LENGTHS = (30, 45)


def picture(content_type: str, body: str | bytes) -> Response:
    """A picture under its own policy."""
    response = Response(body, content_type=content_type)
    response.headers["Content-Security-Policy"] = MEDIA_POLICY
    return response


@view("/courses")
def courses() -> ResponseReturnValue:
    """The catalogue with search and filters, and with paths through it where nothing is looked for."""
    framework = current_framework(reading())
    form = CatalogueForm(request.args)
    named = [(c["code"], f"{c['code']} {c['name']}") for c in framework["competencies"]]
    offer(form.competency, named, N_("Any competency"))
    lengths = [(str(length), gettext("Up to %(minutes)d minutes", minutes=length)) for length in LENGTHS]
    offer(form.minutes, lengths, N_("Any length"))
    form.validate()
    minutes = next((length for length in LENGTHS if str(length) == form.minutes.data), None)
    wanted = CatalogueFilter((form.q.data or "")[:100], form.competency.data or "", minutes)
    found = list_courses(reading(), actor(), wanted=wanted)
    paths = list_paths(reading(), actor(), courses=found) if wanted == CatalogueFilter() else []
    return render("courses.html", form=form, courses=found, paths=paths)


@view("/courses/<slug>")
def course(slug: str) -> ResponseReturnValue:
    """What a course gives, how long and how big it is, what it counts for, and where I stand in it."""
    return render("course.html", course=get_course(reading(), actor(), slug=slug))


@view("/courses/<slug>/task")
def task_sheet(slug: str) -> ResponseReturnValue:
    """The workplace task as a sheet to print."""
    page = get_course(reading(), actor(), slug=slug)
    if not page.task:
        raise NotFound()
    return render("task_sheet.html", course=page)


@view("/courses/<slug>/refresh", "POST")
def refresh_course(slug: str) -> ResponseReturnValue:
    """Take the quiz again before the course runs out."""
    with transaction() as session:
        refresh(session, actor(), slug=slug)
    return redirect(url_for("lms.course", slug=slug))


@view("/courses/<slug>/start", "POST")
def start_course(slug: str) -> ResponseReturnValue:
    """Begin, or go on with the first section that is not read."""
    with transaction() as session:
        start(session, actor(), slug=slug)
    page = get_course(reading(), actor(), slug=slug)
    target = page.next_section
    if target is None:
        return redirect(url_for("lms.course", slug=slug))
    return redirect(url_for("lms.section", slug=slug, key=target.key))


@view("/courses/<slug>/sections/<key>")
def section(slug: str, key: str) -> ResponseReturnValue:
    """One section to read."""
    return render("section.html", page=get_section(reading(), actor(), slug=slug, key=key))


@view("/courses/<slug>/sections/<key>", "POST")
def finish_section(slug: str, key: str) -> ResponseReturnValue:
    """Keep that the section was read, and go on to the next, or to the course page after the last."""
    with transaction() as session:
        finish(session, actor(), slug=slug, key=key)
    page = get_section(reading(), actor(), slug=slug, key=key)
    if page.following is not None:
        return redirect(url_for("lms.section", slug=slug, key=page.following.key))
    say(N_("You have read the last section."))
    return redirect(url_for("lms.course", slug=slug))


@view("/courses/<slug>/sections/media/<path>")
def course_media(slug: str, path: str) -> ResponseReturnValue:
    """A picture of the course; sections refer to it as `media/name`."""
    content_type, body, version = get_media(reading(), actor(), slug=slug, path=path)
    response = picture(content_type, body)
    response.set_etag(version[:16])
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response.make_conditional(request)
