"""The part of the policy that is about courses as their authors see them; policy.py puts it in."""

from typing import Any


def cells() -> dict[tuple[str, str], Any]:
    """What authors preview, measure and recall, of their own courses alone."""
    from tests.permissions.policy import AUTHORS, WRITTEN, Cell, authored

    return {
        ("authoring", "GET"): Cell("/authoring", AUTHORS),
        ("authoring_course", "GET"): Cell("/authoring/{}", AUTHORS, "course", authored),
        ("preview_course", "GET"): Cell("/authoring/{}/preview", AUTHORS, "course", authored),
        ("preview_section", "GET"): Cell("/authoring/{}", AUTHORS, "previewed section", authored),
        ("preview_media", "GET"): Cell("/authoring/{}", AUTHORS, "previewed media", authored),
        ("preview_quiz", "GET"): Cell("/authoring/{}/preview/quiz?seed=7", AUTHORS, "course", authored),
        ("mark_preview", "POST"): Cell(
            "/authoring/{}/preview/quiz?seed=7", AUTHORS, "course", authored, send={"q1": "1"}
        ),  # nothing is written
        ("item_analysis", "GET"): Cell("/authoring/{}/questions", AUTHORS, "version", authored),
        ("work_out_figures", "POST"): Cell(
            "/authoring/{}/questions", AUTHORS, "version", authored, ends=(302,), changes=("item_figures", *WRITTEN)
        ),
        # There is none of ten people; with one: tests/web/test_item_analysis.py
        ("item_chart", "GET"): Cell("/authoring/{}/questions/one.svg", AUTHORS, "version", authored, ends=(404,)),
        ("recall_question", "GET"): Cell("/authoring/{}/recall", AUTHORS, "question", authored),
        ("recall_question", "POST"): Cell(
            "/authoring/{}/recall", AUTHORS, "question", authored, ends=(302,),
            send={"kind": "credit", "reason": "Both are right."}, changes=("question_recalls", "fact_texts", *WRITTEN),
        ),
        ("end_recall", "POST"): Cell(  # where something is recalled
            "/authoring/{}/recall/end", AUTHORS, "question", authored, ends=(302, 409),
        ),
        ("settle_report", "POST"): Cell(
            "/authoring/{}", AUTHORS, "report", authored, ends=(302,), send={"reply": "It is changed."},
            changes=("report_replies", "fact_texts", *WRITTEN),
        ),
    }  # fmt: skip
