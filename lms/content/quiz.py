"""Reads quiz.yaml and its translations; what a question holds beside the common keys is its type's business."""

from functools import partial
from typing import Any

from lms.content.codes import repeated
from lms.content.draft import Draft, PoolDraft, QuestionDraft
from lms.content.draws import check_draw, wanted
from lms.content.made_questions import make_questions
from lms.content.markdown import render_phrase
from lms.content.markdown_checks import check_phrase
from lms.content.schema import QuestionHead, Quiz, QuizTranslation
from lms.content.validation import suggestion, validate
from lms.content.yaml_files import Document
from lms.questions import TYPES, QuestionType, SourceFault

SCENARIO_PERCENT = 60
HEAD_KEYS = tuple(QuestionHead.model_fields)
Path = tuple[str | int, ...]


def read_quiz(draft: Draft) -> None:
    """Fill the draft's pools with the valid questions in every language; note every fault."""
    document = draft.yaml("quiz.yaml")
    if document is None:
        return
    draft.quiz_ids = _ids(document.data)
    make_questions(draft, document)
    quiz, faults = validate(document, Quiz)
    draft.faults += faults
    if quiz is not None:
        for position, pool in enumerate(quiz.pools):
            draft.faults += check_draw(document, position, pool)
            paths: list[Path] = [("pools", position, "questions", number) for number in range(len(pool.questions))]
            questions = [question for path in paths if (question := _read_question(draft, document, path))]
            draft.pools.append(PoolDraft(pool.id, wanted(pool.draw), questions))
        _check_ids(draft, document, quiz)
        _check_scenarios(draft, document, quiz)
        _check_marked(draft, document, quiz)
    for language in draft.languages[1:]:
        _read_translation(draft, language)


def _ids(data: Any) -> dict[str, Path]:
    """Every question id with its path, also where the quiz has faults."""
    found: dict[str, Path] = {}
    pools = data.get("pools") if isinstance(data, dict) else None
    for i, pool in enumerate(pools if isinstance(pools, list) else ()):
        questions = pool.get("questions") if isinstance(pool, dict) else None
        for j, question in enumerate(questions if isinstance(questions, list) else ()):
            if isinstance(question, dict) and isinstance(question.get("id"), str):
                found.setdefault(question["id"], ("pools", i, "questions", j))
    return found


def _check_ids(draft: Draft, document: Document, quiz: Quiz) -> None:
    pools = [(("pools", i, "id"), pool.id) for i, pool in enumerate(quiz.pools)]
    questions = [
        (("pools", i, "questions", j, "id"), str(question["id"]))
        for i, pool in enumerate(quiz.pools)
        for j, question in enumerate(pool.questions)
        if "id" in question
    ]
    draft.faults += repeated(document, "pool", pools) + repeated(document, "question", questions)


def _check_scenarios(draft: Draft, document: Document, quiz: Quiz) -> None:
    flags = [question.get("scenario") is True for pool in quiz.pools for question in pool.questions]
    if sum(flags) * 100 < SCENARIO_PERCENT * len(flags):
        message = f"{sum(flags)} of {len(flags)} questions are scenarios; at least {SCENARIO_PERCENT} % are needed"
        draft.faults.append(document.fault(("pools",), message, at_key=True))


def _check_marked(draft: Draft, document: Document, quiz: Quiz) -> None:
    """No draw is without marks: a pool holds questions of one kind, and one pool at least has marks."""
    kinds = []
    for i, pool in enumerate(quiz.pools):
        marked = [TYPES[name].is_marked if (name := str(q.get("type"))) in TYPES else None for q in pool.questions]
        kinds += marked
        if True in marked and False in marked:
            message = "questions with a mark and without one in one pool; give those without a pool of their own"
            draft.faults.append(document.fault(("pools", i, "questions", marked.index(False), "type"), message))
        for j, question in enumerate(pool.questions):
            if marked[j] is False and question.get("critical") is True:
                message = "a question without a mark cannot have to be right; take `critical` out"
                draft.faults.append(document.fault(("pools", i, "questions", j, "critical"), message))
    if set(kinds) == {False}:
        draft.faults.append(
            document.fault(("pools",), "no question has a mark; add a pool of some that do", at_key=True)
        )


def _read_question(draft: Draft, document: Document, path: Path) -> QuestionDraft | None:
    data: dict[str, Any] = document.at(path)
    head, faults = validate(document, QuestionHead, path, {key: data[key] for key in HEAD_KEYS if key in data})
    draft.faults += faults
    kind = TYPES.get(data["type"]) if isinstance(data.get("type"), str) else None
    if kind is None:
        if isinstance(data.get("type"), str):
            message = f"unknown question type '{data['type']}'{suggestion(data['type'], TYPES)}"
            draft.faults.append(document.fault((*path, "type"), message))
        return None
    rest = {key: value for key, value in data.items() if key not in HEAD_KEYS}
    source, faults = validate(document, kind.source, path, rest, HEAD_KEYS)
    draft.faults += faults
    if source is None:
        return None
    wrong = _check_source(kind, source)
    draft.faults += [document.fault((*path, *found.path), found.message) for found in wrong]
    _check_texts(draft, document, path, kind, source)
    if head is None or wrong:
        return None
    _check_head(draft, document, path, head)
    return QuestionDraft(head, kind, path, {draft.languages[0]: source})


def _check_source(kind: QuestionType, source: Any) -> list[SourceFault]:
    """What the type finds wrong; what shows in the HTML alone only where the rest is sound."""
    return list(kind.check(source)) or list(kind.check_body(kind.body(source, render_phrase)))


def _check_head(draft: Draft, document: Document, path: Path, head: QuestionHead) -> None:
    declared = draft.declared.get("competencies")
    if isinstance(declared, dict) and head.competency not in declared:
        found = suggestion(head.competency, declared)
        message = f"competency '{head.competency}' is not one of the course{found}"
        draft.faults.append(document.fault((*path, "competency"), message))
    keys = [section.key for section in draft.sections]
    if head.section not in keys:
        message = f"unknown section '{head.section}'{suggestion(head.section, keys)}"
        draft.faults.append(document.fault((*path, "section"), message))


def _check_texts(draft: Draft, document: Document, path: Path, kind: QuestionType, source: Any) -> None:
    """Check the Markdown of a question, found through what its type renders, at the places where it is written."""
    shown, taught = shown_texts(kind, source), taught_texts(kind, source)
    for place, text in document.texts(path):
        is_own = place[-1] in ("text", "feedback") or place[-1].isdigit()  # its type says so
        if text in shown and not text.strip() and not is_own:
            draft.faults.append(document.fault(place, f"{place[-1]} is empty; write it"))
        if text in shown or text in taught:
            for line, column, message in check_phrase(text).faults:
                draft.faults.append(document.fault_inside(place, line, column, message))


def shown_texts(kind: QuestionType, source: Any) -> list[str]:
    """The Markdown that a learner sees of a question before answering."""
    texts: list[str] = []
    kind.body(source, partial(_collect, texts))
    return texts


def taught_texts(kind: QuestionType, source: Any) -> list[str]:
    """The Markdown that a learner sees after the attempt."""
    texts: list[str] = []
    kind.feedback(source, partial(_collect, texts))
    return texts


def _collect(texts: list[str], text: str) -> str:
    texts.append(text)
    return text


def _read_translation(draft: Draft, language: str) -> None:
    document = draft.yaml(f"{language}/quiz.yaml")
    if document is None:
        return
    translation, faults = validate(document, QuizTranslation)
    draft.faults += faults
    if translation is None:
        return
    for key in translation.questions:
        if key not in draft.quiz_ids:
            message = f"the source has no question '{key}'{suggestion(key, draft.quiz_ids)}"
            draft.faults.append(document.fault(("questions", key), message, at_key=True))
    for key in draft.quiz_ids:
        if key not in translation.questions:
            draft.faults.append(document.fault(("questions",), f"question '{key}' is not translated", at_key=True))
    for pool in draft.pools:
        for question in pool.questions:
            if question.head.id in translation.questions:
                _translate(draft, document, question, language)


def _translate(draft: Draft, document: Document, question: QuestionDraft, language: str) -> None:
    path: Path = ("questions", question.head.id)
    kind, source = question.type, question.sources[draft.languages[0]]
    given, faults = validate(document, kind.translation, path)
    draft.faults += faults
    if given is None:
        return
    wrong = list(kind.check_translation(source, given))
    if not wrong:
        translated = kind.translate(source, given)
        wrong = _check_source(kind, translated)
        _check_texts(draft, document, path, kind, translated)
        question.sources[language] = translated
    draft.faults += [document.fault((*path, *found.path), found.message) for found in wrong]
