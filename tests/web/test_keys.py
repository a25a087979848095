"""Keys and feedback: nowhere before handing in, and the key of a wrong question nowhere while an attempt is left."""

from uuid import uuid4

from tests.filled import KEY_TOKENS
from tests.permissions.policy import KNOWN, POLICY
from tests.site import Site


def learner_pages(site: Site, person: str) -> dict[str, str]:
    """Every page that the person can open, with every object there is."""
    pages = {}
    for (endpoint, method), cell in POLICY.items():
        if method == "GET" and endpoint not in ("static", "course_media", "preview_media", "own_data"):
            for ref in (KNOWN.get(cell.kind) or site.refs.get(cell.kind, {"": ""})).values():
                pages[f"{endpoint} {ref}"] = site.get(person, cell.path.format(ref)).text
    return pages


def values(site: Site, person: str, *chosen: list[str], ref: str = "") -> list[dict[str, object]]:
    """Answers to the two questions of the course `third`, in whichever order they were drawn."""
    page = site.get(person, f"/attempts/{ref or site.refs['open attempt'][person]}").text
    single_first = page.index("Who decides?") < page.index("Who sits there?")
    ordered = chosen if single_first else chosen[::-1]
    return [{"id": str(uuid4()), "question": n, "values": given} for n, given in enumerate(ordered, 1)]


def hand_in(site: Site, person: str, ref: str, answers: list[dict[str, object]]) -> str:
    assert site.send(person, f"/attempts/{ref}/answers", {"answers": answers}).status_code == 200
    assert site.post(person, f"/attempts/{ref}/submit").status_code == 302
    return site.get(person, f"/attempts/{ref}/result").text


def test_before_handing_in_no_page_holds_a_key(site: Site) -> None:
    for person in ("amina", "ingrid", "olga"):
        found = {name for name, text in learner_pages(site, person).items() if any(t in text for t in KEY_TOKENS)}
        assert found == set(), person
    ref = site.refs["open attempt"]["amina"]
    answers = values(site, "amina", ["2"], ["1", "3"])
    saved = site.send("amina", f"/attempts/{ref}/answers", {"answers": answers}).text
    asked = site.post("amina", f"/attempts/{ref}/submit", {"shown1": "1"}).text
    assert "Some questions have no answer yet" in asked
    assert not any(token in saved + asked for token in KEY_TOKENS)


def test_a_failed_attempt_with_attempts_left_teaches_but_does_not_tell_the_key(site: Site) -> None:
    page = hand_in(site, "amina", site.refs["open attempt"]["amina"], values(site, "amina", ["1"], ["2"]))
    assert "Not passed yet" in page
    assert "TOKENWRONG" in page  # what the chosen answer teaches
    assert "TOKENRIGHT" not in page
    assert "TOKENSECOND" not in page
    assert "Both of us at a table" not in page
    assert "A right answer:" not in page


def test_after_the_last_attempt_the_key_is_told(site: Site) -> None:
    for _attempt in range(3):
        ref = site.post("amina", "/courses/third/attempts").location.rpartition("/")[2]
        page = hand_in(site, "amina", ref, values(site, "amina", ["1"], ["2"], ref=ref))
    assert site.post("amina", "/courses/third/attempts").status_code == 409
    assert "Both of us at a table" in page
    assert "TOKENRIGHT" in page


def test_after_passing_feedback_is_there(site: Site) -> None:
    page = hand_in(site, "amina", site.refs["open attempt"]["amina"], values(site, "amina", ["2"], ["1", "3"]))
    assert "Passed" in page
    assert all(token in page for token in ("TOKENRIGHT", "TOKENGENERAL", "TOKENSECOND"))


def test_another_person_never_reads_the_answers(site: Site) -> None:
    ref = site.refs["open attempt"]["amina"]
    hand_in(site, "amina", ref, values(site, "amina", ["2"], ["1", "3"]))
    for person in ("kofi", "ingrid", "nadia", "olga", "sam", "wei", "rosa"):
        assert site.get(person, f"/attempts/{ref}/result").status_code == 404
    record = site.get("ingrid", f"/hr/records/{site.refs['record']['amina']}").text
    assert "Both of us at a table" not in record
    assert not any(token in record for token in KEY_TOKENS)
