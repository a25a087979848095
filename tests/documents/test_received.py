"""Files that people hand in: judged by what they hold; images drawn anew; hostile ones refused in words."""

import io
import struct
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from lms.documents import received
from lms.documents.received import LONGEST_SIDE, MOST_BYTES, Kind, receive
from lms.errors import Invalid

OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN = {
    Kind.DOCX: "wordprocessingml.document.main+xml", Kind.XLSX: "spreadsheetml.sheet.main+xml",
    Kind.PPTX: "presentationml.presentation.main+xml",
}  # fmt: skip
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def image(kind: str = "JPEG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **more) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, "red").save(written, kind, **more)
    return written.getvalue()


def packed(parts: dict[str, bytes | str], stored: tuple[str, ...] = ()) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return written.getvalue()


def office(kind: Kind = Kind.DOCX, **more: bytes | str) -> bytes:
    types = f'<Types><Override ContentType="{OFFICE}{MAIN[kind]}"/></Types>'
    return packed({"[Content_Types].xml": types, "word/document.xml": "<w/>", **more})


def open_document(kind: str = "text", **more: str) -> bytes:
    mime = f"application/vnd.oasis.opendocument.{kind}"
    return packed({"mimetype": mime, "content.xml": "<o/>", **more}, stored=("mimetype",))


@pytest.mark.parametrize(
    ("name", "data", "kept_as", "kind"),
    [
        ("photo.jpg", image(), "photo.jpg", Kind.JPEG),
        ("photo.exe", image(), "photo.jpg", Kind.JPEG),
        ("Été à Bénin.PNG", image("PNG"), "Été à Bénin.png", Kind.PNG),
        ("x.webp", image("WEBP"), "x.webp", Kind.WEBP),
        ("report.final.doc", PDF, "report.final.pdf", Kind.PDF),
        ("r.docm", office(), "r.docx", Kind.DOCX),
        ("r", office(Kind.XLSX), "r.xlsx", Kind.XLSX),
        ("r.zip", office(Kind.PPTX), "r.pptx", Kind.PPTX),
        ("r.odt", open_document(), "r.odt", Kind.ODT),
        ("r.ods", open_document("spreadsheet"), "r.ods", Kind.ODS),
    ],
)
def test_taken_by_what_they_hold(name, data, kept_as, kind) -> None:
    found = receive(name, data)
    assert (found.name, found.kind) == (kept_as, kind)
    assert found.body == data or kind in received.IMAGES


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb_png(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def encrypted() -> bytes:
    data = bytearray(office())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        data[place + offset] |= 1
    return bytes(data)


def related(kind: str, mode: str = "External") -> str:
    return f'<R><Relationship Type="{kind}" Target="https://x.example" TargetMode = "{mode}"/></R>'


REFUSED = {
    "empty": (b"", received.EMPTY),
    "large": (b"%PDF-" + b"0" * MOST_BYTES, received.TOO_LARGE),
    "html": (b"\n <!DOCTYPE html><script>alert(1)</script>", received.WEB_PAGE),
    "svg": (b"\xef\xbb\xbf<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", received.WEB_PAGE),
    "program": (b"MZ\x90\0" + b"\0" * 100, received.UNKNOWN),
    "gif": (b"GIF89a" + b"\0" * 50, received.UNKNOWN),
    "old office file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, received.MACROS),
    "broken image": (image()[:200], received.BROKEN),
    "image that is none": (b"\xff\xd8\xff<script>", received.BROKEN),
    "image of too many pixels": (bomb_png(6000, 6000), received.HUGE_IMAGE),
    "image bomb": (bomb_png(60000, 60000), received.BROKEN),
    "pdf without end": (b"%PDF-1.7\n1 0 obj", received.BROKEN),
    "pdf with a page behind it": (PDF + b"<script>alert(1)</script>", received.MIXED),
    "pdf with an archive behind it": (PDF + packed({"a": "b"}), received.MIXED),
    "pdf with a program": (PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript >>"), received.MACROS),
    "pdf that starts programs": (PDF.replace(b"/Catalog", b"/Catalog /A << /S /Launch >>"), received.MACROS),
    "archive": (packed({"a.txt": "b"}), received.UNKNOWN),
    "macros": (office(**{"word/vbaProject.bin": b"x"}), received.MACROS),
    "declared macros": (
        packed({"[Content_Types].xml": '<T><O ContentType="application/vnd.ms-word.macroEnabled.main+xml"/></T>'}),
        received.MACROS),
    "active controls": (office(**{"word/activeX/activeX1.xml": b"x"}), received.MACROS),
    "embedded program": (office(**{"word/embeddings/oleObject1.bin": b"x"}), received.MACROS),
    "template from elsewhere": (
        office(**{"word/_rels/settings.xml.rels":
                  '<Relationship Type="x/attachedTemplate" Target="https://evil.example" TargetMode="External"/>'}),
        received.FROM_ELSEWHERE),
    "two kinds of office file": (
        packed({"[Content_Types].xml": f'<T><O ContentType="{OFFICE}{MAIN[Kind.DOCX]}"/>'
                                       f'<O ContentType="{OFFICE}{MAIN[Kind.XLSX]}"/></T>'}), received.MIXED),
    "image from elsewhere": (office(**{"word/_rels/document.xml.rels": related("x/image")}), received.FROM_ELSEWHERE),
    "relations in capitals": (office(**{"word/_RELS/x.xml.RELS": related("x/image")}), received.FROM_ELSEWHERE),
    "relations in another encoding": (
        office(**{"word/_rels/x.xml.rels": related("x/image").encode("utf-16")}), received.FROM_ELSEWHERE),
    "relations behind entities": (
        office(**{"_rels/.rels": '<!DOCTYPE r [<!ENTITY e "External">]>' + related("x/image", "&e;")}),
        received.BROKEN),
    "relations that are no XML": (office(**{"_rels/.rels": "<a"}), received.BROKEN),
    "png of too many pixels to unpack": (bomb_png(4001, 3000), received.HUGE_IMAGE),
    "bomb": (office(**{"word/media/zeros": b"\0" * 60_000_000}), received.BOMB),
    "larger bomb": (office(**{"a": b"\0" * 60_000_000, "b": b"\1" * 60_000_000}), received.BOMB),
    "many parts": (office(**{f"p{n}": b"" for n in range(2001)}), received.BOMB),
    "part that leads elsewhere": (office(**{"../../etc/passwd": b"x"}), received.MIXED),
    "absolute part": (office(**{"/etc/passwd": b"x"}), received.MIXED),
    "part with backslashes": (office(**{"..\\x": b"x"}), received.MIXED),
    "bytes before": (b"PK\x03\x04junk" + office(), received.MIXED),
    "bytes behind": (office() + b"<script>", received.MIXED),
    "password": (encrypted(), received.LOCKED),
    "damaged": (office().replace(b"word/document.xml", b"word/document.xmx", 1), received.BROKEN),
    "cut off": (office()[:-30], received.BROKEN),
    "macros of an open document": (open_document(**{"Basic/script.xml": "x"}), received.MACROS),
    "open document and office file": (open_document(**{"[Content_Types].xml": "x"}), received.MIXED),
    "other open document": (open_document("graphics"), received.UNKNOWN),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_hostile_files_are_refused_in_words(what) -> None:
    data, message = REFUSED[what]
    with pytest.raises(Invalid) as refused:
        receive("file.docx", data)
    assert refused.value.message == message


NAMES = (
    "a/b.pdf", "..\\b.pdf", "a\0.pdf", "a\n.pdf", "a\u202efdp.exe", "\u200b.pdf", "", " ", "...", "c:x.pdf", "x" * 121,
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_that_lead_elsewhere_or_deceive_are_refused(name) -> None:
    with pytest.raises(Invalid) as refused:
        receive(name, PDF)
    assert refused.value.message == received.BAD_NAME


def test_of_an_image_only_the_pixels_are_kept() -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "SECRETPLACE", 6  # a description, and a turn by a quarter
    turned = receive("p.jpg", image(size=(40, 30), exif=exif, comment=b"SECRETWORDS") + b"<script>SECRET</script>")
    assert b"SECRET" not in turned.body
    with Image.open(io.BytesIO(turned.body)) as kept:
        assert (kept.size, dict(kept.getexif())) == ((30, 40), {})
    text = PngInfo()
    text.add_text("Comment", "SECRETWORDS")
    clear = receive("p.png", image("PNG", mode="RGBA", pnginfo=text))
    assert b"SECRET" not in clear.body
    with Image.open(io.BytesIO(clear.body)) as kept:
        assert (kept.mode, kept.text) == ("RGBA", {})


def test_an_image_that_lies_of_itself_is_refused_in_words() -> None:
    """Its orientation is a text, a number that none has, or nothing that can be read at all."""
    for exif in (b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x02\0\0\0\x02x\0\0\0\0\0\0\0", b"Exif\0\0MM\0*\xff"):
        with suppress(Invalid):
            receive("p.jpg", image(exif=exif))


def test_any_fault_of_reading_an_image_is_said_in_words(monkeypatch) -> None:
    monkeypatch.setattr(Image.Image, "thumbnail", lambda *_given, **_more: {}["as Pillow does on some lies"])
    with pytest.raises(Invalid) as refused:
        receive("p.jpg", image())
    assert refused.value.message == received.BROKEN


def test_a_link_that_a_reader_follows_is_taken() -> None:
    assert receive("r", office(**{"word/_rels/document.xml.rels": related("x/hyperlink")})).kind is Kind.DOCX


def test_a_grey_of_sixteen_bits_stays_grey() -> None:
    written = io.BytesIO()
    Image.new("I;16", (9, 9), 128 * 256).save(written, "PNG")
    with Image.open(io.BytesIO(receive("p", written.getvalue()).body)) as kept:
        assert kept.getpixel((4, 4)) == (128, 128, 128)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_large_image_is_made_smaller(kind) -> None:
    kept = receive("p", image(kind, (4800, 2400)))
    with Image.open(io.BytesIO(kept.body)) as small:
        assert small.size == (LONGEST_SIDE, LONGEST_SIDE // 2)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "I;16", "LA"])
def test_images_of_every_mode_are_taken(mode) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    written = io.BytesIO()
    Image.new(mode, (9, 9)).save(written, kind)
    assert receive("p", written.getvalue()).kind == (Kind.JPEG if mode == "CMYK" else Kind.PNG)


def test_a_phones_photo_of_several_pictures_is_taken() -> None:
    data = image("MPO", save_all=True, append_images=[Image.new("RGB", (40, 30), "blue")])
    kept = receive("p.jpg", data)
    with Image.open(io.BytesIO(kept.body)) as first:
        assert (kept.kind, first.format, first.getpixel((9, 9))[0] > 200) == (Kind.JPEG, "JPEG", True)


def test_what_is_packed_in_a_pdf_may_hold_any_word() -> None:
    packed_part = b"4 0 obj\n<< /Length 9 >>\nstream\n\x00/JS \xff/XFA\nendstream\nendobj\n"
    sound = PDF.replace(b"trailer", packed_part + b"trailer")
    assert receive("r.pdf", sound).kind is Kind.PDF
    for place in (b"4 0 obj", b"trailer"):
        with pytest.raises(Invalid) as refused:
            receive("r.pdf", sound.replace(place, b"5 0 obj\n<< /S /JavaScript /JS (x) >>\nendobj\n" + place))
        assert refused.value.message == received.MACROS


@given(data=st.binary(max_size=400), start=st.sampled_from([b"", b"%PDF-", b"PK\x03\x04", b"\xff\xd8\xff", b"RIFF"]))
def test_whatever_comes_is_taken_or_refused_in_words(data, start) -> None:
    with suppress(Invalid):
        receive("a", start + data)
