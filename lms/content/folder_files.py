"""The bytes of a course folder: what may lie there, read once, hashed, decoded."""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from lms.errors import Fault

LARGEST_TEXT = 256 * 1024
LARGEST_MEDIA = 300 * 1024
DEEPEST_FOLDER = 3
# Tab, line feed and carriage return are text; the other controls and the line separators of Unicode are not:
# YAML and Markdown disagree on what they mean.
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def shown_name(name: str) -> str:
    """A file name that can be printed, whatever bytes it has on the disk."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def read_folder(folder: Path) -> tuple[dict[str, bytes], list[Fault]]:
    """Every file below the folder by its relative path with `/`; links, devices and too large files are faults."""
    files: dict[str, bytes] = {}
    faults: list[Fault] = []
    for relative, entry in _walk(folder, ""):
        shown = f"{folder}/{shown_name(relative)}"
        try:
            if entry.is_symlink():
                faults.append(Fault(shown, 1, 1, "a symbolic link is refused; put a copy of the file here"))
            elif not entry.is_file(follow_symlinks=False):
                faults.append(Fault(shown, 1, 1, "neither a file nor a folder of a course; take it out"))
            else:
                body = _read_limited(Path(entry.path))
                files[relative] = body
                faults += _size_faults(shown, relative, body)
        except OSError as error:
            faults.append(Fault(shown, 1, 1, f"cannot be read: {error.strerror}"))
    return files, faults


def _read_limited(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(max(LARGEST_TEXT, LARGEST_MEDIA) + 1)


def _size_faults(shown: str, relative: str, body: bytes) -> Iterator[Fault]:
    limit = LARGEST_MEDIA if relative.startswith("media/") else LARGEST_TEXT
    if len(body) > limit:
        yield Fault(shown, 1, 1, f"larger than {limit // 1024} KB; make it smaller")


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda found: found.name):
            relative = prefix + entry.name
            if entry.is_dir(follow_symlinks=False) and relative.count("/") < DEEPEST_FOLDER:
                yield from _walk(folder / entry.name, relative + "/")
            else:
                yield relative, entry


def content_hash(files: Mapping[str, bytes]) -> str:
    """SHA-256 in hex over the sorted paths and bodies, each with its length before it, so that no two sets agree."""
    digest = hashlib.sha256()
    for path in sorted(files):
        for part in (os.fsencode(path), files[path]):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def decode(file: str, body: bytes) -> tuple[str | None, list[Fault]]:
    """The text with line feeds only, or the faults that make it no text."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        before = body[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        return None, [Fault(file, line, column, f"not UTF-8 (byte 0x{body[error.start]:02x}); save the file as UTF-8")]
    if text.startswith("\ufeff"):
        return None, [Fault(file, 1, 1, "begins with a byte order mark; save the file as UTF-8 without BOM")]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = NOT_TEXT.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        return None, [Fault(file, line, column, f"character U+{ord(found.group()):04X} is not text; take it out")]
    return text, []
