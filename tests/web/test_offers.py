"""Lists to choose from read as WTForms writes them, and choose as it chooses."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import Select

from lms.web.forms import LmsForm
from lms.web.offers import SelectField, offer

PAIRS = [("KE", "Kenya & more"), ('"q"', "<b>Quote</b>"), ("NONAME", ""), ("KE-1", "Kenya")]


class Filter(LmsForm):
    unit = SelectField("Unit", default="")


@pytest.mark.parametrize("chosen", ["", "KE", '"q"', "KE-1", "NONAME", "absent", "KE\"><option value='x'>"])
def test_a_prepared_list_is_what_wtforms_writes(app, chosen) -> None:
    with app.test_request_context():
        prepared, plain = (Filter(MultiDict({"unit": chosen})) for _ in range(2))
        offer(prepared.unit, PAIRS, "All")
        plain.unit.choices = [SelectChoice("", "All"), *(SelectChoice(*pair) for pair in PAIRS)]
        written = Select()(plain.unit, id="u", **{"class": "form-select", "aria-invalid": "true"})
        shown = prepared.unit(id="u", **{"class": "form-select", "aria-invalid": "true"})
        assert str(shown) == str(written)
        assert prepared.validate() == plain.validate() == (chosen in {"", *(value for value, _ in PAIRS)})
        assert prepared.errors == plain.errors


def test_lists_of_two_pages_do_not_touch_each_other(app) -> None:
    with app.test_request_context():
        one, other = Filter(MultiDict({"unit": "KE"})), Filter(MultiDict({"unit": "KE-1"}))
        offer(one.unit, PAIRS)
        offer(other.unit, PAIRS[:1])
        assert (one.validate(), other.validate()) == (True, False)
        assert 'selected value="KE"' in one.unit()
        assert "selected" not in other.unit()
