"""Checks over several files: what would give answers away, what weighs too much, what nobody uses, who needs whom."""

import gzip
import re
from collections.abc import Mapping, Sequence

from lms.content.codes import unknown
from lms.content.draft import Draft, QuestionDraft, SectionDraft
from lms.content.quiz import shown_texts
from lms.errors import Fault

SECTION_BYTES = 40 * 1024
COURSE_BYTES = 150 * 1024
SHORTEST_QUOTE = 20
_MARKER = re.compile(
    r"\bright\s*:\s*true\b|\((?:the\s+)?(?:correct|right)(?:\s+(?:answer|option|choice))?\)", re.IGNORECASE
)
_TICK = re.compile("[\u2713\u2714\u2611\u2705\U0001f5f8]")


def check_media_use(draft: Draft) -> None:
    """A picture that no section shows travels for nothing."""
    used = {name for section in draft.sections for reading in section.readings.values() for name, _, _ in reading.media}
    for name in draft.files:
        if name.startswith("media/") and name.count("/") == 1 and name[6:] not in used:
            draft.fault(name, f"no section shows this file; refer to it as `![what it shows]({name})`, or take it out")


def check_leaks(draft: Draft) -> None:
    """Nothing that a learner sees before answering may tell what is right."""
    for section in draft.sections:
        for language in section.readings:
            name = draft.inside(language, section.name)
            for number, line in enumerate(draft.files[name].decode("utf-8", "replace").splitlines(), 1):
                found = _MARKER.search(line)
                if found:
                    message = f"'{found.group()}' tells the answer to whoever reads the section; take it out"
                    draft.fault(name, message, number, found.start() + 1)
            _check_quotes(draft, section, language)


def check_question_leaks(draft: Draft) -> None:
    """The same for prompts and options, in every language."""
    for question, language, document, path in draft.placed_questions():
        shown = shown_texts(question.type, question.sources[language])
        for place, text in document.texts(path):
            marker = _MARKER.search(text) or _TICK.search(text)
            if text in shown and marker:
                line = text.count("\n", 0, marker.start()) + 1
                column = marker.start() - text.rfind("\n", 0, marker.start())
                message = f"'{marker.group()}' tells the answer; take it out"
                draft.faults.append(document.fault_inside(place, line, column, message))


def _check_quotes(draft: Draft, section: SectionDraft, language: str) -> None:
    reading = section.readings[language]
    whole = _squeezed(" ".join(words for _, words in reading.blocks))
    for pool in draft.pools:
        for question in pool.questions:
            prompt, rights = _prompt_and_rights(question, language)
            if len(prompt) < SHORTEST_QUOTE or prompt not in whole or not any(right in whole for right in rights):
                continue
            begins = prompt[:SHORTEST_QUOTE]
            line = next((line for line, words in reading.blocks if begins in _squeezed(words)), 1)
            message = f"quotes question '{question.head.id}' with its right option; use another example"
            draft.fault(draft.inside(language, section.name), message, line)


def _prompt_and_rights(question: QuestionDraft, language: str) -> tuple[str, list[str]]:
    source = question.sources.get(language)
    if source is None:
        return "", []
    body = question.type.body(source, _squeezed)
    right = question.type.right(source).get("right", ())
    options = [option["html"] for option in body.get("options", ()) if option["id"] in right]
    return str(body.get("prompt", "")), [text for text in options if text]


def _squeezed(text: str) -> str:
    """The words alone, so that markup, case and line ends make no difference."""
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


def check_budgets(draft: Draft) -> None:
    """A section, and a course in each language, must load over a slow line."""
    heavy: set[str] = set()
    for language in draft.languages:
        total = sum(compressed(body) for name, body in draft.files.items() if name.startswith("media/"))
        for section in draft.sections:
            html = compressed(section.html.get(language, "").encode())
            total += html
            size = html + _pictures(draft, section, language)
            name = draft.inside(language, section.name)
            if size > SECTION_BYTES:
                message = f"{_kb(size)} KB compressed with its pictures; at most {_kb(SECTION_BYTES)} are allowed"
                draft.fault(name, message)
        if total > COURSE_BYTES and not heavy:
            heavy.add(language)
            message = f"the course has {_kb(total)} KB compressed ({language}); at most {_kb(COURSE_BYTES)} are allowed"
            draft.fault("course.yaml", message)


def _pictures(draft: Draft, section: SectionDraft, language: str) -> int:
    reading = section.readings.get(language)
    names = {f"media/{name}" for name, _, _ in reading.media} if reading else set()
    return sum(compressed(draft.files[name]) for name in names if name in draft.files)


def compressed(body: bytes) -> int:
    """The size on the line."""
    return min(len(body), len(gzip.compress(body, mtime=0)))


def _kb(size: int) -> int:
    return -(-size // 1024)


def check_between(drafts: Sequence[Draft]) -> list[Fault]:
    """Codes that two courses share, prerequisites that do not exist, and prerequisites that wait for each other."""
    faults: list[Fault] = []
    first: dict[str, Draft] = {}
    for draft in drafts:
        if draft.course is None or draft.document is None:
            continue
        code = draft.course.code
        if code in first:
            message = f"code '{code}' twice (first in {first[code].shown('course.yaml')}); give this course another"
            faults.append(draft.document.fault(("code",), message))
        first.setdefault(code, draft)
    # A course file with faults may still say its code; where one says none, nobody can tell which codes exist.
    codes = [draft.declared.get("code") for draft in drafts]
    stated = {str(code) for code in codes} if all(codes) else None
    needs = {code: list(draft.course.prerequisites) for code, draft in first.items() if draft.course}
    for code, draft in first.items():
        if draft.document:
            entries = [(("prerequisites", i), needed) for i, needed in enumerate(needs[code])]
            faults += unknown(draft.document, "prerequisite", entries, stated)
            loop = _loop(code, needs)
            if loop and code == min(loop):
                message = f"prerequisites in a circle: {' -> '.join([*loop, code])}; take one out"
                faults.append(draft.document.fault(("prerequisites",), message))
    return faults


def _loop(start: str, needs: Mapping[str, Sequence[str]]) -> list[str]:
    """The shortest chain of prerequisites that leads from a course back to itself, or nothing."""
    chains = [[start]]
    seen: set[str] = set()
    for chain in chains:
        for needed in needs.get(chain[-1], ()):
            if needed == start:
                return chain
            if needed not in seen:
                seen.add(needed)
                chains.append([*chain, needed])
    return []
