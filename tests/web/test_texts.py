"""Texts in templates are as Jinja's own newer kind: markup and a pattern, and what fills them is escaped."""

import pytest
from jinja2 import Environment
from markupsafe import Markup

from lms.web.pages import own_text
from lms.web.texts import install_texts

CASES = [
    ("{{ _('Due & done') }}", "Due & done"),
    ("{{ _('100 %% of it') }}", "100 % of it"),
    ("{{ _('Hello, %(name)s', name=typed) }}", "Hello, &lt;b&gt; %(x)s"),
    ("{{ gettext('Hello, %(name)s', name=safe) }}", "Hello, <i>"),
    ("{{ _(typed_pattern) }}", "50 % <b>"),
    ("{{ ngettext('%(num)d day of %(who)s', '%(num)d days of %(who)s', 1, who=typed) }}", "1 day of &lt;b&gt; %(x)s"),
    ("{{ ngettext('%(num)d day', '%(num)d days', 2) }}", "2 days"),
    ("{% trans %}A text{% endtrans %}", "A text"),
    ("{% trans who=typed %}Of {{ who }}{% endtrans %}", "Of &lt;b&gt; %(x)s"),
    ("{% trans count=3 %}{{ count }} day{% pluralize %}{{ count }} days{% endtrans %}", "3 days"),
]
GIVEN = {"typed": "<b> %(x)s", "safe": Markup("<i>"), "typed_pattern": "50 %% <b>"}


@pytest.mark.parametrize(("template", "shown"), CASES)
def test_a_text_is_shown_as_jinja_shows_it(app, template, shown) -> None:
    ours, jinjas = (Environment(autoescape=True) for _ in range(2))
    install_texts(ours, Environment(autoescape=True), own_text)
    jinjas.add_extension("jinja2.ext.i18n")
    jinjas.install_null_translations(newstyle=True)
    with app.test_request_context():
        for _time in range(2):
            assert ours.from_string(template).render(GIVEN) == jinjas.from_string(template).render(GIVEN) == shown
