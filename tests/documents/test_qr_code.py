"""The picture that stands beside an address."""

from urllib.parse import unquote
from xml.etree import ElementTree

import segno

from lms.documents.qr_code import qr_code

ADDRESS = "https://learn.example/learn/verify/7K3M-Q2ZD-0V8R-XW5T"


def drawn(address: str) -> ElementTree.Element:
    """The picture behind a `data:` address."""
    kind, _, body = qr_code(address).partition(",")
    assert kind == "data:image/svg+xml;charset=utf-8"
    return ElementTree.fromstring(unquote(body))


def dark(element: ElementTree.Element) -> int:
    """How many modules a path of strokes darkens: it moves by `m` and `M`, and draws by `h`."""
    path = element[0].attrib["d"]
    return sum(int(run.split("m")[0].split("M")[0]) for run in path.split("h")[1:])


def test_it_draws_the_modules_of_the_address_and_nothing_else() -> None:
    picture = drawn(ADDRESS)
    assert {element.tag.partition("}")[2] for element in picture.iter()} == {"svg", "path"}
    assert not {name for element in picture.iter() for name in element.attrib} & {"style", "onload", "href"}
    assert dark(picture) == sum(map(sum, segno.make(ADDRESS, error="m", micro=False, boost_error=False).matrix))


def test_it_has_its_quiet_zone_and_takes_any_size() -> None:
    picture = drawn(ADDRESS)
    assert picture.attrib["viewBox"] == "0 0 41 41", "33 modules, and 4 of silence at each side"
    assert "width" not in picture.attrib


def test_a_longer_address_still_fits() -> None:
    assert drawn("https://" + "a" * 200 + ".example/learn/verify/7K3M-Q2ZD-0V8R-XW5T").attrib["viewBox"]
