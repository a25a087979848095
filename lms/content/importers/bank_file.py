"""The bytes of a question bank: read with a limit, and decoded."""

from pathlib import Path

from lms.content.folder_files import decode
from lms.errors import N_, Fault, FaultyFile

LARGEST_BANK = 8 * 1024 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_bank_file(path: Path) -> bytes:
    """The bytes; raises FaultyFile where they are too many or none, OSError where they cannot be read."""
    with path.open("rb") as stream:
        body = stream.read(LARGEST_BANK + 1)
    if len(body) > LARGEST_BANK:
        message = f"larger than {LARGEST_BANK // 1024**2} MB; split it, or take its pictures out"
        raise refused([Fault(str(path), 1, 1, message)])
    if not body.strip():
        raise refused([Fault(str(path), 1, 1, "the file is empty")])
    return body


def text_of(file: str, body: bytes) -> str:
    """The text, with line feeds only; a byte order mark is passed over. Raises FaultyFile where it is no text."""
    text, faults = decode(file, body.removeprefix(_BYTE_ORDER_MARK))
    if text is None:
        raise refused(faults)
    return text


def refused(faults: list[Fault]) -> FaultyFile:
    """The error of a file of which nothing is taken."""
    return FaultyFile(N_("The file was not taken in: nothing has changed."), faults)
