"""Faults of pictures."""

from tests.content.case import Case
from tests.content.sample import SVG

PIC = "basics/media/hands.svg"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)

MEDIA_CASES = [
    Case("unused picture", "basics/media/cat.png", "", PNG, 1, 1, "no section shows this file"),
    Case("name of a picture", "basics/media/My Cat.gif", "", PNG, 1, 1, "not a picture's name", alone=False),
    Case("bytes of a PNG", "basics/media/cat.png", "", b"GIF89a", 1, 1, "not those of a .png file", alone=False),
    Case("bytes of a JPEG", "basics/media/cat.jpg", "", PNG, 1, 1, "not those of a .jpg file", alone=False),
    Case("bytes of a WebP", "basics/media/cat.webp", "", PNG, 1, 1, "not those of a .webp file", alone=False),
    Case("too large", "basics/media/cat.png", "", PNG + bytes(300 * 1024), 1, 1, "larger than 300 KB", alone=False),
    Case("HTML as SVG", PIC, "", "<html/>", 1, 1, "the first element is <html>"),
    Case("broken SVG", PIC, "</svg>", "", 5, 1, "not a well-formed SVG: no element found"),
    Case("script in an SVG", PIC, "<defs>", "<script>x</script><defs>", 2, 1, "<script> is refused in a picture"),
    Case("prefixed script", PIC, "<defs>", '<s:script xmlns:s="x"/><defs>', 2, 1, "<s:script> is refused"),
    Case("handler in an SVG", PIC, "<rect ", '<rect onload="x()" ', 3, 1, "'onload' of <rect> runs a program"),
    Case("foreignObject", PIC, "<defs>", "<foreignObject/><defs>", 2, 1, "<foreignObject> is refused"),
    Case(
        "SVG with a link",
        PIC,
        "<rect ",
        '<image href="https://x.org/a.png"/><rect ',
        3,
        1,
        "refers to 'https://x.org/a.png'",
    ),
    Case("SVG with javascript", PIC, "<rect ", '<set to="javascript:x"/><rect ', 3, 1, "'to' of <set> refers outside"),
    Case("SVG with a foreign url", PIC, "url(#g)", "url(https://x.org)", 3, 1, "'fill' of <rect> refers outside"),
    Case("SVG with an import", PIC, "<defs>", "<style>@import 'x';</style><defs>", 2, 20, "<style> refers outside"),
    Case("SVG with a DOCTYPE", PIC, "", "<!DOCTYPE svg [<!ENTITY a 'b'>]>\n" + SVG, 1, 15, "a DOCTYPE is refused"),
    Case(
        "SVG with a stylesheet", PIC, "", "<?xml-stylesheet href='x'?>\n" + SVG, 1, 1, "`<?xml-stylesheet` is refused"
    ),
    Case(
        "SVG of unknown encoding",
        PIC,
        "",
        "<?xml version='1.0' encoding='x-y'?>\n" + SVG,
        1,
        1,
        "an encoding that is not known",
    ),
]
