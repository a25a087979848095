"""The texts of the plugin's pages, as a catalogue: `python -m tests.translations.catalogue` updates every lms.po.

Texts that are gone are dropped, new ones are empty, nothing is guessed. The files carry the names of the sources, but
no line numbers and no dates, so that a change shows only the texts that changed.
"""

import ast
import io
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import IO, Any

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

ROOT = Path(__file__).parents[2]
TRANSLATIONS = ROOT / "lms" / "translations"
# The host's one file whose texts go through the plugin's catalogue, beside the plugin's own templates.
OWN = [path for kind in ("html", "txt") for path in (ROOT / "lms" / "templates").rglob(f"*.{kind}")]
TEMPLATES = (*sorted(OWN), ROOT / "templates" / "lms" / "layout.html")
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}

# What WTForms itself says where our forms give no message of their own: message -> where it can be met.
# Its other messages cannot be: InputRequired has our words everywhere; NumberRange, IntegerField and HiddenField are
# in forms whose faults no page lists; every Length has a maximum over 1, so that only this plural is said.
# LmsForm looks both forms of a plural up as plain messages, so they stand here as such.
WTFORMS: dict[str | tuple[str, str], str] = {
    "Not a valid choice.": "a SelectField was sent what it does not offer, e.g. a course withdrawn meanwhile",
    ("'%(value)s' is not a valid choice for this field.", "'%(value)s' are not valid choices for this field."): (
        "some of AssignmentForm.people are not on offer"
    ),
    "Not a valid date value.": "a DateField was sent what is no date, by a browser without a date picker",
    ("Field cannot be longer than %(max)d character.", "Field cannot be longer than %(max)d characters."): (
        "Length of a text or a search"
    ),
}

Id = str | tuple[str, str]
Found = tuple[int, str, list[Any], list[str]]  # line, keyword, arguments, comments
NEW = "# The plugin's texts in {name} ({code}).\n# This translation was not yet reviewed by a speaker of the language."


def texts() -> Iterator[tuple[Id, str]]:
    """Every marked text with the file that it is in."""
    sources: list[tuple[Path, Callable[..., Any]]] = [(path, babel_extract) for path in TEMPLATES]
    sources += [(path, python_calls) for path in sorted((ROOT / "lms").rglob("*.py"))]
    for path, method in sources:
        with path.open("rb") as file:
            for _, message, *_ in extract(method, file, KEYWORDS, options={"silent": "false"}):
                yield message, str(path.relative_to(ROOT))
    yield from ((message, "WTForms") for message in WTFORMS)


def python_calls(file: IO[bytes], keywords: Collection[str], *_: object, **__: object) -> Iterator[Found]:
    """A method for Babel's `extract`: its own misses a mark inside the call of another, `gettext(x or N_("text"))`."""
    for node in ast.walk(ast.parse(file.read())):
        name = ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
        if name in keywords and isinstance(node, ast.Call):
            given = [argument.value if isinstance(argument, ast.Constant) else None for argument in node.args]
            yield node.lineno, name, given, []


def extracted() -> Catalog:
    """All texts in a stable order: by the first file that a text is in, then by the alphabet."""
    files: dict[Id, set[str]] = {}
    for message, file in texts():
        files.setdefault(message, set()).add(file)
    catalogue = Catalog()
    for message in sorted(files, key=lambda text: (min(files[text]), text if isinstance(text, str) else text[0])):
        catalogue.add(message, locations=[(file, 0) for file in sorted(files[message])])
    return catalogue


def read(path: Path) -> Catalog:
    """A language's file, with what it says about itself."""
    with path.open("rb") as file:
        return read_po(file, locale=str(_locale(path)))


def _locale(path: Path) -> Locale:
    return Locale.parse(path.parent.name, sep="-")


def updated(path: Path) -> str:
    """The language's file as it should be now; for a folder without one, a new file without translations."""
    code, locale = path.parent.name, _locale(path)
    if path.exists():
        catalogue = read(path)
        comment = catalogue.header_comment
    else:
        catalogue = Catalog(locale=str(locale))
        comment = NEW.format(name=locale.english_name, code=code)
    catalogue.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
    body = io.BytesIO()
    write_po(body, catalogue, width=110, omit_header=True, ignore_obsolete=True, include_lineno=False)
    about = [f"Language: {locale}", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
             "Content-Transfer-Encoding: 8bit", f"Plural-Forms: {catalogue.plural_forms}"]  # fmt: skip
    header = "".join(f'"{line}\\n"\n' for line in about)
    return f'{comment}\nmsgid ""\nmsgstr ""\n{header}\n{body.getvalue().decode().strip()}\n'


def main() -> None:
    """Update the file of every language's folder and say what is left to translate."""
    for folder in sorted(entry for entry in TRANSLATIONS.iterdir() if entry.is_dir()):
        path = folder / "lms.po"
        path.write_text(updated(path), encoding="utf-8")
        catalogue = read(path)
        empty = [message for message in catalogue if message.id and not all(_forms(message.string))]
        print(f"{folder.name}: {len(catalogue)} texts, {len(empty)} to translate")


def _forms(string: str | tuple[str, ...] | list[str]) -> list[str]:
    return [string] if isinstance(string, str) else list(string)


if __name__ == "__main__":
    main()
