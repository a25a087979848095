"""A planted fault: the change that plants it, and where and how it must be reported."""

from dataclasses import dataclass
from pathlib import Path

from lms.errors import Fault
from tests.content.sample import GOOD


@dataclass(frozen=True)
class Case:
    """Replace `old` by `new` in a file (`old` empty: write the file; `new` None: remove it), expect one fault."""

    name: str
    file: str
    old: str
    new: str | bytes | None
    line: int
    column: int
    message: str
    where: str = ""
    alone: bool = True

    def files(self) -> dict[str, str | bytes]:
        """The library with the fault planted."""
        files = dict(GOOD)
        if self.new is None:
            del files[self.file]
        elif self.old:
            text = files[self.file]
            assert isinstance(text, str), self.name
            assert isinstance(self.new, str), self.name
            assert self.old in text, self.name
            files[self.file] = text.replace(self.old, self.new, 1)
        else:
            files[self.file] = self.new
        return files

    def met(self, fault: Fault, folder: Path) -> bool:
        """Whether this is the fault that the case expects."""
        place = (f"{folder}/{self.where or self.file}", self.line, self.column)
        return (fault.file, fault.line, fault.column) == place and self.message in fault.message
