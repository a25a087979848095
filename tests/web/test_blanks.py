"""An empty field reads as WTForms writes it, however often; what somebody typed is never kept for others."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Form, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from lms.web import blanks
from lms.web.forms import LmsForm


class Plain(Form):
    text = TextAreaField("Text", [InputRequired(), Length(max=500)])
    name = StringField("Name", [Length(max=80)])
    day = DateField("Day")


class Ours(LmsForm):
    text = TextAreaField("Text", [InputRequired(), Length(max=500)])
    name = StringField("Name", [Length(max=80)])
    day = DateField("Day")


class Shorter(LmsForm):
    text = TextAreaField("Text", [Length(max=20)])


ATTRIBUTES = [
    {},
    {"class": "form-control", "id": "i1-x", "rows": 3},
    {"aria-describedby": 'a"b<c', "aria-invalid": "true"},
]
TYPED = ["", "a word", '<b>"mine"</b>', "2026-11-23"]


@pytest.mark.parametrize("attributes", ATTRIBUTES, ids=["bare", "classes", "faulty"])
@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("name", ["text", "name", "day"])
def test_a_field_reads_as_wtforms_writes_it(app, name, typed, attributes) -> None:
    with app.test_request_context():
        for _time in range(2):
            ours, plain = (form(MultiDict({name: typed}))[name] for form in (Ours, Plain))
            assert str(ours(**attributes)) == str(plain(**attributes))


def test_what_is_typed_is_not_kept(app) -> None:
    with app.test_request_context():
        Ours(MultiDict({"text": "a secret plan", "name": "Åsa"})).text()
        Ours(MultiDict({"name": "Åsa"})).name()
    assert not [written for written in blanks._written.values() if "secret" in written or "Åsa" in written]


def test_fields_of_one_name_with_other_rules_differ(app) -> None:
    with app.test_request_context():
        assert 'maxlength="500"' in Ours().text()
        assert 'maxlength="20"' in Shorter().text()
        assert "required" not in Shorter().text()
