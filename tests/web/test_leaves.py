"""Leave in the browser: entered once, what is wrong at its field, back earlier."""

from tests.site import Site


def test_entering_once_and_back_earlier(site: Site) -> None:
    path = f"/people/{site.refs['person']['amina']}/leave"
    for _twice in range(2):
        sent = {"first": "2027-01-04", "last": "2027-01-15", "form_id": "f"}
        assert site.post("kofi", path, sent).location == f"/learn{path}"
    page = site.get("kofi", path).text
    assert page.count("Back earlier, or entered by mistake") == 1
    assert path in site.get("kofi", "/team").text
    assert path in site.get("nadia", f"/hr/records/{site.refs['record']['amina']}").text
    leave = page.split('name="leave" value="')[1].split('"')[0]
    wrong = site.post("kofi", path, {"leave": leave, "back_on": "2027-02-01"})
    assert wrong.status_code == 422
    for text in (f'href="#back-{leave}"', "a day of this leave", 'value="2027-02-01"'):
        assert text in wrong.text
    assert site.post("nadia", path, {"leave": leave, "back_on": "2027-01-11"}).status_code == 302
    assert "back on" in site.get("kofi", path).text
    assert "Leave from" in site.get("amina", "/courses/basics/why").text


def test_what_is_wrong_stands_at_its_field(site: Site) -> None:
    page = site.post(
        "kofi", f"/people/{site.refs['person']['amina']}/leave", {"first": "2027-01-04", "last": "2027-01-03"}
    )
    assert page.status_code == 422
    for text in ('href="#last"', 'value="2027-01-04"', "the first day itself, or a later one"):
        assert text in page.text
