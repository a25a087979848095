"""For formats that are a file first: written into a folder that nobody else reads, then given out in pieces."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from lms.exports.layout import Piece

SIZE = 256 * 1024


def give_out(write: Callable[[str], int]) -> Iterator[Piece]:
    """What `write` puts into the file of that path; it returns how many records that was."""
    with tempfile.TemporaryDirectory(prefix="lms-export-") as folder:
        path = Path(folder, "export")
        rows = write(str(path))
        with path.open("rb") as file:
            while piece := file.read(SIZE):
                yield piece, 0, 0
    yield b"", rows, 0
