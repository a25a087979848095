"""What the tests of the documents read: the pages, their fenced blocks, their tables, their links."""

import re
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").rglob("*.md"))]

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CELL = re.compile(r"^\| (?:\d+ \| )?`(\w+)` \| (.*) \|$", re.MULTILINE)


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    return [text for name, text in _BLOCK.findall(read(page)) if name == language]


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return _BLOCK.sub("", read(page))


def table_after(page: Path, heading: str) -> list[tuple[str, str]]:
    """Name and meaning of each line of the tables between a heading and the next one of its level."""
    level = heading.split(" ")[0]
    part = prose(page).split(f"\n{heading}\n", 1)[1].split(f"\n{level} ", 1)[0]
    return _CELL.findall(part)


def command_table(group: click.Group) -> str:
    """The commands of a group, as docs/operators.md shows them."""
    return "\n".join(["| command | what it does | options |", "|---|---|---|", *_command_lines(group, str(group.name))])


def _command_lines(group: click.Group, words: str) -> Iterator[str]:
    """A line for each command; a group inside is given by its commands."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from _command_lines(command, f"{words} {name}")
        else:
            yield _command_line(f"{words} {name}", command)


def _command_line(words: str, command: click.Command) -> str:
    arguments = [part for part in command.params if isinstance(part, click.Argument)]
    parts = [f"{part.name}".upper() if part.required else f"[{part.name}]".upper() for part in arguments]
    call = " ".join([words, *parts])
    options = [part for part in command.params if isinstance(part, click.Option)]
    given = ", ".join(f"`{name}`" for option in options for name in [*option.opts, *option.secondary_opts]) or "–"
    text = " ".join((command.help or "").split())
    return f"| `{call}` | {text} | {given} |"
