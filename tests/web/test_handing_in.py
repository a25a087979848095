"""Handing in as a form: files with limits, what was typed stays, and only its owner reads it."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from lms.models import Upload, UploadBody
from tests import world
from tests.documents.test_received import PDF, office
from tests.filled import email
from tests.services import steps
from tests.site import PREFIX, Site, changed

FIELDS = {"situation": "Budget talk", "words": "We asked <b>first</b> & listened.", "with_partner": "y"}


def photo(size: tuple[int, int] = (4000, 3000)) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "green").save(written, "JPEG")
    return written.getvalue()


def path(site: Site) -> str:
    return f"/applications/{site.refs['completion']['amina']}"


def send(site: Site, files: list[tuple[str, bytes]], **more: str):
    chosen = [(io.BytesIO(data), name) for name, data in files]
    response = site.post("amina", path(site), {**FIELDS, **more, "files": chosen})
    response.request.environ["wsgi.input"].close()  # a file, where the browser of the tests sent much
    return response


def test_handed_in_with_files_shown_to_the_learner_and_the_reviewer(site: Site) -> None:
    assert send(site, [("a.jpg", photo()), ("b.exe", PDF), ("c.docm", office())]).location == PREFIX + path(site)
    page = site.get("amina", path(site)).text
    assert "We asked &lt;b&gt;first&lt;/b&gt; &amp; listened." in page
    assert "waits for your reviewer" in page
    for name in ("a.jpg", "b.pdf", "c.docx"):
        assert name in page
    files = re.findall(rf'<a href="{PREFIX}({path(site)}/files/[^"]+)">([abc][^<]+)</a>', page)
    kinds = {}
    for address, name in files:
        response = site.get("amina", address)
        kinds[name] = (response.content_type, response.headers["Content-Disposition"].partition(";")[0])
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store"
        for other in ("wei", "kofi", "ingrid", "sam"):
            assert site.get(other, address).status_code == 404
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert kinds == {
        "a.jpg": ("image/jpeg", "inline"), "b.pdf": ("application/pdf", "attachment"), "c.docx": (word, "attachment"),
    }  # fmt: skip
    with site.database.read() as session:
        kept = session.scalars(select(Upload).order_by(Upload.id.desc()).limit(3)).all()
        assert max(upload.size for upload in kept) < 100_000
    assert "Waiting for you" in site.get("jose", "/").text  # who stands in for her manager
    assert "Amina Diallo" in site.get("jose", "/reviews").text


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("page.pdf", b"<!doctype html><script>alert(1)</script>")], "page.pdf: Web pages and drawings"),
        ([("m.docx", office(**{"word/vbaProject.bin": b"x"}))], "m.docx: The file holds macros"),
        ([("a\u202egpj.exe", photo((9, 9)))], "The name of the file holds a path"),
        ([("big.pdf", b"%PDF-" + b"0" * 8 * 1024 * 1024 + b"%%EOF")], "big.pdf: The file is too large"),
        ([(f"{n}.pdf", b"%PDF-" + b"0" * 15_000_000) for n in range(3)], "2.pdf: The file is too large"),
        ([(f"{n}.jpg", photo((9, 9))) for n in range(4)], "Hand in up to 3 files."),
        ([("good.jpg", photo((9, 9))), ("empty.pdf", b"")], "empty.pdf: The file is empty"),
    ],
)
def test_a_file_that_is_refused_is_named_and_what_was_typed_stays(site: Site, files, said) -> None:
    before = site.checksums()
    response = send(site, files)
    assert response.status_code == 422
    assert said in response.text
    assert "Choose your files again" in response.text
    assert 'value="Budget talk"' in response.text
    assert "We asked &lt;b&gt;first&lt;/b&gt; &amp; listened.</textarea>" in response.text
    assert 'href="#files"' in response.text
    assert changed(before, site.checksums()) == set()


def test_a_request_that_is_too_large_is_refused_before_it_is_read(site: Site) -> None:
    """By what it says of itself, and nobody who is not signed in may send more than a form."""
    before = site.checksums()
    for person, size in (("amina", 65_000_000), (None, 1_100_000), ("amina", 1_100_000)):
        address = path(site) if size > 2_000_000 or person is None else "/plan/objectives"
        response = site.browser(person).post(
            PREFIX + address, data={"situation": "x"}, content_type="multipart/form-data",
            environ_overrides={"CONTENT_LENGTH": str(size)},
        )  # fmt: skip
        assert response.status_code == 413, (person, size)
    assert changed(before, site.checksums()) == set()


def test_sent_twice_it_is_one(site: Site) -> None:
    first = site.post("amina", path(site), {**FIELDS, "form_id": "f"})
    before = site.checksums()
    second = site.post("amina", path(site), {**FIELDS, "form_id": "f"})
    assert (first.status_code, second.status_code) == (302, 302)
    assert changed(before, site.checksums()) == set()


def test_sent_again_with_another_file_it_is_another(site: Site) -> None:
    assert send(site, [("a.jpg", photo((9, 9)))], form_id="f").status_code == 302
    assert send(site, [("a.jpg", photo((9, 9)))], form_id="f").status_code == 302
    assert send(site, [("a.jpg", photo((8, 8)))], form_id="f").status_code == 409  # it waits: nothing is taken


def test_what_was_erased_is_said_to_be_so(site: Site) -> None:
    send(site, [("a.jpg", photo((9, 9)))])
    with site.database.transaction() as session:
        for body in session.scalars(select(UploadBody)):
            session.delete(body)
    assert "A file that was erased" in site.get("amina", path(site)).text


def test_the_way_from_the_course_and_the_records(site: Site) -> None:
    for page in ("/courses/basics", "/records", "/"):
        assert f'href="{PREFIX}{path(site)}"' in site.get("amina", page).text, page
    assert "Hand in the task" in site.get("amina", "/courses/basics").text
    assert "Look at what you handed in" in site.get("wei", "/courses/basics").text
    assert "Certified" in site.get("nadia", "/records").text


def test_the_task_stays_in_sight_beside_the_offer_to_refresh(site: Site) -> None:
    with site.database.transaction() as session:
        steps.standing(session, "amina").expires_on = world.TODAY + timedelta(days=30)
    page = site.get("amina", "/courses/basics").text
    assert "Refresh it now" in page
    assert "Hand in the task" in page


def test_hr_reads_states_and_roles_but_nothing_that_was_handed_in(site: Site) -> None:
    record = site.get("ingrid", f"/hr/records/{site.refs['record']['kofi']}").text
    assert "Seen in practice on" in record
    assert "another reviewer" in record
    for page in (record, site.get("ingrid", "/hr/applications").text):
        for text in ("Work of", "Budget talk", "photo.jpg"):
            assert text not in page
    rates = site.get("ingrid", "/hr/applications").text
    assert "Tupac Flores" in rates
    assert f"{email('kofi')}" not in rates


def test_whoever_checks_a_certificate_reads_that_it_was_confirmed_at_work(site: Site) -> None:
    for person, said in (("nadia", "Completed and confirmed at work"), ("jose", "Completed, not confirmed at work")):
        assert said in site.get(None, f"/verify/{site.refs['certificate'][person]}").text
        assert said in site.get(person, f"/certificates/{site.refs['completion'][person]}").text
