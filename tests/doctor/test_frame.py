"""A host's frame that cannot show the pages is named, with what to put where."""

import pytest
from flask import Flask

from lms.doctor import State
from lms.doctor.hosts import check_frame

SHOWN = "{% block lms_title %}{% endblock %}{% block lms_content %}{% endblock %}{% block lms_scripts %}{% endblock %}"
FRAMES = {
    SHOWN: (State.OK, "the pages wear the host's"),
    "{% trans %}Ours{% endtrans %}" + SHOWN: (State.OK, "the pages wear the host's"),
    SHOWN.replace("lms_content", "content"): (State.WRONG, "has no block lms_content"),
    SHOWN.replace("endblock", "endblok", 1): (State.WRONG, "line 1"),
    '{% extends "base.html" %}': (State.OK, "the pages wear the host's"),
    "": (State.WRONG, "lms_content and no lms_scripts and no lms_title"),
}


@pytest.mark.parametrize("frame", FRAMES)
def test_a_frame_is_read(tmp_path, frame) -> None:
    folder = tmp_path / "templates" / "lms"
    folder.mkdir(parents=True)
    (folder / "layout.html").write_text(frame, encoding="utf-8")
    (tmp_path / "templates" / "base.html").write_text(SHOWN, encoding="utf-8")
    host = Flask("host", root_path=str(tmp_path))
    (found,) = check_frame(host)
    state, said = FRAMES[frame]
    assert (found.state, said in found.text) == (state, True), found
