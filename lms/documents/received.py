"""Files that people hand in, judged by what they hold and never by how they are called.

An image is drawn anew from its pixels, so that nothing else that was in the file is kept. A document is kept as it
came, is never opened by us beyond what these checks need, and leaves only as a download. Everything else is refused in
words that say what to do.
"""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from xml.parsers import expat

from PIL import Image, ImageOps

from lms.errors import N_, Invalid

MEGABYTE = 1024 * 1024
MOST_BYTES = 8 * MEGABYTE
# Of an image as it comes: a JPEG is unpacked no larger than it is wanted, the others as a whole.
MOST_PIXELS, MOST_WHOLE = 25_000_000, 12_000_000
LONGEST_SIDE = 1600  # of an image as it is kept
MOST_NAME = 120
# Of what is packed in an office file: as many parts and bytes as a long report has, and never a bomb.
MOST_PARTS, MOST_UNPACKED, MOST_RATIO = 2000, 100 * MEGABYTE, 100
_AT_ONCE = 64 * 1024
TYPES = "[content_types].xml"


class Kind(StrEnum):
    """What is taken; the value is the ending of the name under which it is kept."""

    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    ODS = "ods"


OFFICE = "application/vnd.openxmlformats-officedocument."
CONTENT_TYPES = {
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.WEBP: "image/webp",
    Kind.PDF: "application/pdf",
    Kind.DOCX: f"{OFFICE}wordprocessingml.document",
    Kind.XLSX: f"{OFFICE}spreadsheetml.sheet",
    Kind.PPTX: f"{OFFICE}presentationml.presentation",
    Kind.ODT: "application/vnd.oasis.opendocument.text",
    Kind.ODS: "application/vnd.oasis.opendocument.spreadsheet",
}
IMAGES = (Kind.JPEG, Kind.PNG, Kind.WEBP)
_FORMATS = ("JPEG", "PNG", "WEBP")
# A phone's JPEG of several pictures is opened with the JPEGs, and its first picture is the photo.
_KINDS = {"JPEG": Kind.JPEG, "MPO": Kind.JPEG, "PNG": Kind.PNG, "WEBP": Kind.WEBP}
_OPEN_DOCUMENT = {CONTENT_TYPES[kind]: kind for kind in (Kind.ODT, Kind.ODS)}

TOO_LARGE = N_("The file is too large: up to 8 MB are taken. Send a smaller one, or part of it.")
EMPTY = N_("The file is empty. Look whether it opens on your device, and choose it again.")
BAD_NAME = N_("The name of the file holds a path or characters that cannot be seen. Give it a simple name.")
WEB_PAGE = N_("Web pages and drawings that can hold programs (HTML, SVG) are not taken. Save it as PDF or as an image.")
UNKNOWN = N_(
    "This kind of file is not taken. Take a photo (JPEG, PNG, WebP), or save it as PDF, Word, Excel, PowerPoint or "
    "OpenDocument."
)
BROKEN = N_("The file cannot be read: it is damaged or incomplete. Save it anew and choose it again.")
MIXED = N_("The file pretends to be of two kinds at once. Save it anew from the program that made it.")
HUGE_IMAGE = N_(
    "The image has more than 25 million pixels, or 12 million as PNG or WebP. Make it smaller, or save it as JPEG."
)
MACROS = N_("The file holds macros or other programs. Save it without them, or as PDF.")
BOMB = N_("The file unpacks to far more than it seems. Save it anew, or as PDF.")
LOCKED = N_("The file is locked with a password. Save it without one.")
FROM_ELSEWHERE = N_("The file would fetch parts from elsewhere when it is opened. Save it as PDF.")


@dataclass(frozen=True)
class Received:
    """A file that may be kept: its name ends as its kind does."""

    name: str
    kind: Kind
    body: bytes


def receive(name: str, data: bytes) -> Received:
    """The file as it may be kept. Raises Invalid, with words for whoever sent it."""
    stem = _stem(name)
    if not data:
        raise Invalid(EMPTY)
    if len(data) > MOST_BYTES:
        raise Invalid(TOO_LARGE)
    if data.startswith(b"%PDF-"):
        _check_pdf(data)
        kind, body = Kind.PDF, data
    elif data.startswith(b"PK\x03\x04"):
        kind, body = _office(data), data
    elif data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or data[:4] + data[8:12] == b"RIFFWEBP":
        kind, body = _drawn_anew(data)
    else:
        raise Invalid(WEB_PAGE if _is_markup(data) else MACROS if data.startswith(b"\xd0\xcf\x11\xe0") else UNKNOWN)
    return Received(f"{stem}.{kind}", kind, body)


def _stem(name: str) -> str:
    """The name without its ending; one that could lead elsewhere or deceive the eye is refused."""
    plain = unicodedata.normalize("NFC", name).strip()
    hidden = any(unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp", "Cs", "Co") for sign in plain)
    if hidden or re.search(r'[/\\:*?"<>|]', plain) or len(plain) > MOST_NAME:
        raise Invalid(BAD_NAME)
    stem = PurePosixPath(plain).stem.strip(". ")
    if not stem:
        raise Invalid(BAD_NAME)
    return stem


def _is_markup(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def _drawn_anew(data: bytes) -> tuple[Kind, bytes]:
    """The pixels alone, upright and at most LONGEST_SIDE wide and high, written anew in the same format."""
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            kind = _KINDS[image.format or ""]
            if image.width * image.height > (MOST_PIXELS if kind is Kind.JPEG else MOST_WHOLE):
                raise Invalid(HUGE_IMAGE)
            if kind is Kind.JPEG:
                image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # unpacks no more pixels than are wanted
            clear = kind is not Kind.JPEG and (image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info)
            drawn = _in_mode(image, "RGBA" if clear else "RGB")
            drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # first: what follows copies it
            ImageOps.exif_transpose(drawn, in_place=True)
    except Invalid:
        raise
    except Exception as error:  # of Pillow and its kind, of whatever the file says of itself
        raise Invalid(BROKEN) from error
    bare = Image.new(drawn.mode, drawn.size)  # without what the file said beside its pixels
    bare.paste(drawn)
    written = io.BytesIO()
    bare.save(written, format=kind.name, **({} if kind is Kind.PNG else {"quality": 85}))
    return kind, written.getvalue()


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    """The image itself where it is of that mode already; greys of 16 bits lose their finer half."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L").convert(mode)
    return image if image.mode == mode else image.convert(mode)


_STREAM = re.compile(rb">>\s*stream\r?\n")
_ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")


def _check_pdf(data: bytes) -> None:
    """One document and nothing behind it. Programs in its packed parts are the reader's to refuse: it is a download."""
    end = data.rfind(b"%%EOF")
    if end < 0:
        raise Invalid(BROKEN)
    if data[end + 5 :].strip(b"\r\n\t \0") or zipfile.is_zipfile(io.BytesIO(data)):
        raise Invalid(MIXED)
    *before, rest = data.split(b"endstream")  # what is packed may hold any bytes, and with them any word
    if _ACTIVE_PDF.search(b" ".join([*(_STREAM.split(piece, 1)[0] for piece in before), rest])):
        raise Invalid(MACROS)


def _office(data: bytes) -> Kind:
    """Which office file it is. Every part is unpacked once and thrown away, to know how large it really is."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            _check_frame(data, packed, parts)
            kept = _unpack(packed, parts, len(data))
    except Invalid:
        raise
    except Exception as error:  # of zipfile, zlib, lzma and their kind, of whatever the file names
        raise Invalid(BROKEN) from error
    names = [part.filename for part in parts]
    return _open_document(parts, kept, names) if "mimetype" in kept else _open_xml(kept, names)


def _check_frame(data: bytes, packed: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """One archive from the first byte to the last, of parts that lead nowhere else."""
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Invalid(BOMB)
    if min((part.header_offset for part in parts), default=-1) != 0:
        raise Invalid(MIXED)
    if data.rfind(b"PK\x05\x06") + 22 + len(packed.comment) != len(data) or packed.comment:
        raise Invalid(MIXED)
    if any(part.flag_bits & 1 for part in parts):
        raise Invalid(LOCKED)
    names = [part.filename.lower() for part in parts]
    astray = any(name.startswith("/") or ".." in name.split("/") or "\\" in name or "\0" in name for name in names)
    if astray or len(set(names)) != len(names):
        raise Invalid(MIXED)


def _unpack(packed: zipfile.ZipFile, parts: list[zipfile.ZipInfo], size: int) -> dict[str, bytes]:
    """The few parts that say what the file is; of all the others, how much they unpack to."""
    total, kept = 0, {}
    for part in parts:
        name = part.filename.lower()  # as the programs read them
        says = name in ("mimetype", TYPES) or name.endswith(".rels")
        text = bytearray()
        with packed.open(part) as stream:
            while piece := stream.read(_AT_ONCE):
                total += len(piece)
                if total > MOST_UNPACKED or (total > MEGABYTE and total > MOST_RATIO * size):
                    raise Invalid(BOMB)
                if says:
                    text += piece
        if says:
            kept[name] = bytes(text)
    return kept


_PROGRAM = re.compile(r"vbaProject|vbaData|activeX|macrosheets|oleObject.*\.bin$", re.IGNORECASE)
_MAIN = {
    f"{OFFICE}wordprocessingml.document.main+xml": Kind.DOCX,
    f"{OFFICE}spreadsheetml.sheet.main+xml": Kind.XLSX,
    f"{OFFICE}presentationml.presentation.main+xml": Kind.PPTX,
}


def _open_xml(kept: dict[str, bytes], names: list[str]) -> Kind:
    if TYPES not in kept:
        raise Invalid(UNKNOWN)
    types = {said.get("ContentType", "") for said in _elements(kept[TYPES])}
    if any("macroenabled" in said.lower() or "vbaproject" in said.lower() for said in types):
        raise Invalid(MACROS)
    if any(map(_PROGRAM.search, names)):
        raise Invalid(MACROS)
    if any(_is_fetched(said) for name, text in kept.items() if name.endswith(".rels") for said in _elements(text)):
        raise Invalid(FROM_ELSEWHERE)
    kinds = {kind for main, kind in _MAIN.items() if main in types}
    if len(kinds) != 1:
        raise Invalid(MIXED if kinds else UNKNOWN)
    return kinds.pop()


def _is_fetched(said: dict[str, str]) -> bool:
    """Whether a program fetches it by itself; a link that a reader follows is harmless."""
    return said.get("TargetMode", "").lower() == "external" and not said.get("Type", "").endswith("/hyperlink")


def _elements(text: bytes) -> list[dict[str, str]]:
    """The attributes of each element of XML without a DOCTYPE, so without entities and with nothing fetched."""
    found: list[dict[str, str]] = []

    def refuse(*_given: object) -> None:
        raise Invalid(BROKEN)

    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _name, attributes: found.append(attributes)
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Invalid(BROKEN) from error
    return found


def _open_document(parts: list[zipfile.ZipInfo], kept: dict[str, bytes], names: list[str]) -> Kind:
    kind = _OPEN_DOCUMENT.get(kept["mimetype"].decode("ascii", "replace"))
    if kind is None or parts[0].filename != "mimetype":
        raise Invalid(UNKNOWN)
    if TYPES in kept:
        raise Invalid(MIXED)
    if any(name.startswith(("Basic/", "Scripts/", "Object ")) for name in names):
        raise Invalid(MACROS)
    return kind
