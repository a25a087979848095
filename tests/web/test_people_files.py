"""HR sends a file of people, says what its columns mean, sees what it changes, and has it taken in by the worker."""

import io
import re

from tests.site import Site, fields_of
from tests.working import make_worker

BODY = (
    "Matricule;Prénom;Nom;E-mail;Lieu;Poste;Notes\n"
    "0003;Amina;Diallo;amina@lantern.example;KE;Lead;x\n"
    "0100;=1+1;Ruiz;ana@lantern.example;KE;Officer;\n"
    "0101;Bo;Ru;not an address;KE;Officer;\n"
)

GUESS = re.compile(r'(<label class="form-label" for="column-\d">([^<]*)</label>.*?</select>)', re.DOTALL)


def post(site: Site, person: str, body: str, **more: str) -> str:
    """Send a file; where the browser is led."""
    fields = {"file": (io.BytesIO(body.encode()), "people.csv"), "form_id": "f", **more}
    return site.post(person, "/hr/people", fields, content_type="multipart/form-data").location or ""


def work(site: Site) -> None:
    """Let the worker do what is due, but for mails, for which it has no way out here."""
    carrier, at = site.plugin.mailing.carrier, site.plugin.clock()
    make_worker(site.database, 0, at, carrier=carrier, import_share=100).run(once=True)


def test_from_a_file_with_its_own_headers_to_the_records(site: Site) -> None:
    path = post(site, "ingrid", BODY).removeprefix("/learn")
    assert path.endswith("/columns")
    page = site.get("ingrid", path).text
    found = [(header, re.search(r'value="(\w+)" selected', part)) for part, header in GUESS.findall(page)]
    guessed = {header: name.group(1) for header, name in found if name}
    assert guessed == {
        "Matricule": "employee_number", "Prénom": "given_name", "Nom": "family_name", "E-mail": "work_email",
        "Poste": "job_title",
    }  # fmt: skip
    chosen = {f"column-{place}": name for place, name in enumerate((*guessed.values(), ""))}
    refused = site.post("ingrid", path, chosen)
    assert refused.status_code == 422
    assert "Needed, and meant by no header: unit_code" in refused.text
    right = ("employee_number", "given_name", "family_name", "work_email", "unit_code", "job_title", "")
    ref_path = site.post("ingrid", path, {f"column-{n}": name for n, name in enumerate(right)}).location
    ref_path = ref_path.removeprefix("/learn")
    assert "A worker is at it" in site.get("ingrid", ref_path).text
    work(site)
    page = site.get("ingrid", ref_path).text
    assert "1 row is refused." in page
    assert "<del><bdi>Officer</bdi></del> → <ins><bdi>Lead</bdi></ins>" in page
    assert "&#39;not an address&#39; is not an e-mail address" in page
    csv = site.get("ingrid", f"{ref_path}/refused.csv")
    assert csv.get_data().decode("utf-8-sig").splitlines()[1].startswith("4,work_email: 'not an address' is not")
    sent = site.post("ingrid", f"{ref_path}/decide", fields_of(page, f"/learn{ref_path}/decide"))
    assert sent.location == f"/learn{ref_path}"
    work(site)
    assert "Added: 1. Changed: 1. As before: 0." in site.get("ingrid", ref_path).text
    assert "Lead" in site.get("ingrid", f"{ref_path}?change=moved").text
    again = post(site, "ingrid", BODY, form_id="g").removeprefix("/learn")
    assert 'value="unit_code" selected' in site.get("ingrid", again).text, "what was chosen is remembered"


def test_what_is_no_file_of_people_is_said_at_its_field(site: Site) -> None:
    for body, told in (("", "Choose a CSV file"), ("a,,b\n1,2,3", "Its first line is no header")):
        fields = {"file": (io.BytesIO(body.encode()), "people.csv")}
        page = site.post("ingrid", "/hr/people", fields, content_type="multipart/form-data")
        assert (page.status_code, told in page.text) == (422, True)
    body = "given_name,family_name,work_email,unit_code\n" + '"Ana,Ruiz\n'
    path = post(site, "ingrid", body).removeprefix("/learn")
    work(site)
    page = site.get("ingrid", path).text
    assert "Could not be read" in page
    assert "Line 2: not CSV" in page


def test_a_colleague_approves_and_the_sender_cannot(site: Site) -> None:
    body = "employee_number,given_name,family_name,work_email,unit_code,job_title,manager\n"
    path = post(site, "nadia", body + "0003,Amina,Diallo,amina@lantern.example,KE,Officer,0006\n", unit="EAST")
    path = path.removeprefix("/learn")
    work(site)
    page = site.get("nadia", path).text
    assert "It makes whoever sent it somebody's manager." in page
    assert site.post("nadia", f"{path}/decide", {"act": "take"}).status_code == 302
    assert site.post("nadia", f"{path}/decide", {"act": "approve"}).status_code == 403
    assert "waits for a second person" in site.get("nadia", path).text.lower()
    assert 'value="approve"' in site.get("sam", path).text
    assert site.post("sam", f"{path}/decide", {"act": "approve"}).status_code == 302
    work(site)
    assert "Added: 0. Changed: 1." in site.get("sam", path).text
