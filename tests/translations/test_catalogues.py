"""Every language's file: complete, nothing left over, and nothing in it that could break a page."""

import re
from collections import Counter
from gettext import c2py
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Message
from babel.messages.plurals import get_plural
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from lms.web import evidence_forms, forms, plan_forms, rating_forms
from tests.translations.catalogue import TRANSLATIONS, WTFORMS, Id, extracted, read, updated

FILES = sorted(TRANSLATIONS.glob("*/lms.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%%")
CODE = re.compile(r"`[^`]*`|flask lms \w+|%\(\w+\)[sdr]")

each_file = pytest.mark.parametrize("path", FILES, ids=[path.parent.name for path in FILES])


def texts(path: Path) -> list[tuple[Message, list[tuple[str, str]]]]:
    """Each message with its pairs of English and translation: of a plural, the English plural with every form."""
    found = []
    for message in read(path):
        if isinstance(message.id, str):
            found.append((message, [(message.id, str(message.string))]))
        else:
            found.append((message, [(message.id[1], form) for form in message.string]))
    return [(message, pairs) for message, pairs in found if message.id]


def pairs(path: Path) -> list[tuple[str, str]]:
    return [pair for _, of_message in texts(path) for pair in of_message]


def ids(messages: list[Message]) -> set[Id]:
    return {message.id for message in messages if message.id}


def test_there_is_a_file_in_every_language_folder() -> None:
    assert FILES
    assert {entry.name for entry in TRANSLATIONS.iterdir()} == {path.parent.name for path in FILES}


@each_file
def test_it_holds_exactly_the_texts_that_there_are(path: Path) -> None:
    held, wanted = ids(list(read(path))), ids(list(extracted()))
    hint = "run: python -m tests.translations.catalogue, then translate what is empty"
    assert (held - wanted, wanted - held) == (set(), set()), hint
    assert not read(path).obsolete, hint
    assert not [message.id for message in read(path) if message.fuzzy and message.id]
    assert not [message.id for message, of_message in texts(path) if not all(text for _, text in of_message)]


@each_file
def test_it_holds_no_dates_and_no_line_numbers(path: Path) -> None:
    assert not re.search(r"^#: .*:\d|Creation-Date|Revision-Date", path.read_text(encoding="utf-8"), re.MULTILINE)


@each_file
def test_placeholders_are_those_of_the_english(path: Path) -> None:
    for english, text in pairs(path):
        wanted = set(PLACEHOLDER.findall(english))
        assert set(PLACEHOLDER.findall(text)) == wanted, text
        if wanted:
            assert "%" not in PLACEHOLDER.sub("", text), f"a percent sign beside placeholders is written %%: {text}"


@each_file
def test_plural_forms_are_those_of_the_language(path: Path) -> None:
    """For every number that a page can show: from a million on, versions of Babel differ."""
    catalogue, right = read(path), get_plural(Locale.parse(path.parent.name, sep="-"))
    ours, theirs = c2py(catalogue.plural_expr), c2py(right.plural_expr)
    pairs_of_forms = {(ours(number), theirs(number)) for number in range(100_000)}
    assert len(pairs_of_forms) == len({form for form, _ in pairs_of_forms}) == len({form for _, form in pairs_of_forms})
    for message in catalogue:
        if message.id and not isinstance(message.id, str):
            assert len(message.string) == catalogue.num_plurals, message.id


@each_file
def test_spaces_at_the_edges_are_those_of_the_english(path: Path) -> None:
    def edges(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    assert not [text for english, text in pairs(path) if edges(text) != edges(english)]


@each_file
def test_no_translation_can_become_markup(path: Path) -> None:
    """A marked text is put into pages and attributes as it is, so these signs would end or begin something."""
    for english, text in pairs(path):
        found, known = Counter(re.findall(r'[<>&"]', text)), Counter(re.findall(r'[<>&"]', english))
        assert found == known, text


def test_french_signs_stand_after_a_space_that_does_not_break() -> None:
    for _, text in pairs(TRANSLATIONS / "fr" / "lms.po"):
        plain = CODE.sub("x", text)
        assert not re.search(r"[^\u00a0\u202f][;:?!»]|«[^\u00a0\u202f]|[^\u00a0\u202f%]%|\d \d|'", plain), text


def test_spanish_questions_and_quotations_open_and_close() -> None:
    for _, text in pairs(TRANSLATIONS / "es" / "lms.po"):
        assert [text.count(sign) for sign in "¿¡“"] == [text.count(sign) for sign in "?!”"], text


def test_an_update_keeps_adds_and_drops(tmp_path: Path) -> None:
    path = tmp_path / "pt-BR" / "lms.po"
    path.parent.mkdir()
    path.write_text(updated(path), encoding="utf-8")
    assert ids(list(read(path))) == ids(list(extracted()))
    assert "not yet reviewed" in path.read_text(encoding="utf-8")
    text = path.read_text(encoding="utf-8").replace('msgid "Save"\nmsgstr ""', 'msgid "Save"\nmsgstr "Salvar"')
    path.write_text(text + '\nmsgid "Long gone"\nmsgstr "x"\n', encoding="utf-8")
    assert updated(path) == text


def test_what_the_forms_say_of_themselves_is_in_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[Id] = set()
    monkeypatch.setattr(forms, "gettext", lambda message, **_: asked.add(message) or message)
    monkeypatch.setattr(forms, "plural", lambda one, many, _count: asked.add((one, many)) or many)
    files = (forms, evidence_forms, plan_forms, rating_forms)
    known = [kind for file in files for kind in vars(file).values() if isinstance(kind, type)]
    kinds = {kind for kind in known if issubclass(kind, forms.LmsForm)}
    for kind in kinds - {
        forms.LmsForm,
        plan_forms.SignForm,
        forms.SubmitForm,
    }:  # of the last two no page shows the fields
        for entered in (["x" * 5000], ["x", "y"], [""]):
            form = kind(MultiDict((name, value) for name in kind().data for value in entered))
            for field in form:
                if isinstance(field, SelectField | SelectMultipleField):
                    field.choices = [SelectChoice("a", "a")]
            form.validate()
    assert not asked - ids(list(extracted()))
    assert asked >= set(WTFORMS)
