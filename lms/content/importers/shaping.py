"""From what foreign formats have in common to the questions of quiz.yaml: what fits, what changes on the way.

Foreign formats give answers with a percentage; our types mark by rules of their own. A percentage that a rule gives
anyway is carried; any other is changed, and the reason says what counts here.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from lms.content.folder_files import NOT_TEXT
from lms.content.importers.ledger import Foreign, Part
from lms.content.importers.markup import plain_words, to_markdown

FULL = Fraction(100)
_NEAR = Fraction(1, 100)  # foreign percentages are rounded
_LINE_END = re.compile(r"\\?\s*\n\s*")
_WILDCARD = re.compile(r"(?<!\\)\*")
ONE_FEEDBACK = "a question of this type has one feedback for all answers"


@dataclass(frozen=True)
class Text:
    """A foreign text, with the part that it is and its format."""

    part: Part | None
    text: str
    format: str = "markdown"

    def markdown(self) -> str:
        """As Markdown; its part then says what became of it."""
        return self._taken(to_markdown)

    def words(self) -> str:
        """As plain text, for what learners write."""
        return self._taken(plain_words)

    def _taken(self, convert: Callable[[str, str], tuple[str, list[str]]]) -> str:
        if self.part is None:
            return ""
        try:
            written, changes = convert(_clean(self), self.format)
        except ValueError as error:
            self.part.drop(str(error))
            return ""
        return _told(self.part, written, changes)


NOTHING = Text(None, "")


def _clean(text: Text) -> str:
    """Without the characters that no file of ours may hold."""
    plain = text.text.replace("\r\n", "\n").replace("\r", "\n")
    found = NOT_TEXT.search(plain)
    if found and text.part is not None:
        text.part.change(f"the character U+{ord(found.group()):04X} is no text, and was taken out")
    return NOT_TEXT.sub(" ", plain)


@dataclass(frozen=True, eq=False)
class Answer:
    """A foreign answer; `weight` is the part that gives the percentage, the answer itself where nothing else does."""

    text: Text
    percent: Fraction
    weight: Part
    feedback: Text = NOTHING


def _told(part: Part, written: str, changes: Sequence[str]) -> str:
    part.carry()
    for change in changes:
        part.change(change)
    if not written and part.text.strip():
        part.drop("no text is left of it")
    return written


def begin(question: Foreign, kind: str, prompt: Text) -> None:
    """The type and the prompt, without which there is no question."""
    question.type = kind
    question.body["prompt"] = prompt.markdown()
    if not question.body["prompt"]:
        question.refuse("the question has no text that can be taken")


def _general(question: Foreign, general: Text) -> None:
    if general.part is not None and (written := general.markdown()):
        question.body["feedback"] = written


def choice(
    question: Foreign, prompt: Text, answers: Sequence[Answer], general: Text, *, single: bool, pinned: bool = False
) -> None:
    """Options to choose from: one is right, or several; `pinned`: they keep their order."""
    full = [answer for answer in answers if answer.percent == FULL]
    if not any(answer.percent > 0 for answer in answers):
        question.refuse("no answer is right")
        return
    if single and len(full) > 1:
        for answer in full:
            answer.weight.change("several answers are right, each by itself; here all of them have to be chosen")
    is_one = single and len(full) <= 1
    begin(question, "single_choice" if is_one else "multiple_response", prompt)
    weigh = _weigh_one if is_one else _weigh_several
    chosen, costs = weigh(answers)
    right = set(chosen)
    options = []
    for answer in answers:
        option = {"text": answer.text.markdown(), "right": answer in right, "feedback": answer.feedback.markdown()}
        if not option["text"]:
            question.refuse("an answer has no text that can be taken")
        options.append({key: value for key, value in option.items() if value is not False})
    question.body["options"] = options
    if question.flag("pinned") or pinned:
        question.body["pinned"] = True
    if question.flag("negative") or costs:
        question.body["negative"] = True
    _general(question, general)


def _weigh_one(answers: Sequence[Answer]) -> tuple[list[Answer], bool]:
    """Full mark or none; whether a wrong choice costs what guessing would earn."""
    most = max(answer.percent for answer in answers)
    right = next(answer for answer in answers if answer.percent == most)
    right.weight.carry()
    if most != FULL:
        right.weight.change(f"it earned {_shown(most)} %; here it earns everything")
    wrong = [answer for answer in answers if answer is not right]
    cost = Fraction(-100, len(wrong)) if wrong else Fraction(0)
    costs = bool(wrong) and all(abs(answer.percent - cost) < _NEAR for answer in wrong)
    for answer in wrong:
        answer.weight.carry()
        if answer.percent and not costs:
            answer.weight.change(f"it counted {_shown(answer.percent)} %; here a wrong choice counts nothing")
    return [right], costs


def _weigh_several(answers: Sequence[Answer]) -> tuple[list[Answer], bool]:
    """Each right choice adds 1/n, each wrong one takes 1/n away."""
    right = [answer for answer in answers if answer.percent > 0]
    each = FULL / len(right)
    for answer in answers:
        ours = each if answer.percent > 0 else -each
        answer.weight.carry()
        if abs(answer.percent - ours) >= _NEAR and not answer.weight.reasons:
            answer.weight.change(f"it counted {_shown(answer.percent)} %; here it counts {_shown(ours)} %")
    return right, False


def _shown(percent: Fraction) -> str:
    return f"{float(percent):.5g}"


def true_false(question: Foreign, prompt: Text, *, right: bool, if_true: Text, if_false: Text, general: Text) -> None:
    """A statement to judge."""
    begin(question, "true_false", prompt)
    question.body |= {"right": right, "if_true": if_true.markdown(), "if_false": if_false.markdown()}
    if question.flag("negative"):
        question.body["negative"] = True
    _general(question, general)


def short_text(
    question: Foreign, prompt: Text, answers: Sequence[Answer], general: Text, *, case: bool = False
) -> None:
    """Accepted spellings; `case`: capitals matter."""
    begin(question, "short_text", prompt)
    right = [answer for answer in answers if answer.percent == FULL]
    forms = [answer.text.words() for answer in right]
    for answer in answers:
        if answer.percent == FULL:
            answer.weight.carry()
        else:
            drop(answer, "a spelling here earns everything or nothing, and wrong ones need no list")
    if not forms:
        question.refuse("no spelling earns everything")
    question.body["accept"] = list(dict.fromkeys(forms))
    ignore = question.flag("ignore", [] if case else ["case"])
    if ignore != ["case"]:
        question.body["ignore"] = ignore
    question.body["feedback"] = one_feedback(right, general)


def without_wildcards(answers: Sequence[Answer]) -> list[Answer]:
    """Short answers as we list them: a star stands for anything there, and for itself only behind a backslash."""
    found = []
    for answer in answers:
        if _WILDCARD.search(answer.text.text):
            drop(answer, "a `*` in it stands for anything; here every spelling is listed")
        else:
            plain = replace(answer.text, text=answer.text.text.replace("\\*", "*"))
            found.append(replace(answer, text=plain))
    return found


def drop(answer: Answer, reason: str) -> None:
    """Nothing of an answer comes into our file."""
    for part in (answer.text.part, answer.weight, answer.feedback.part):
        if part is not None:
            part.drop(reason)


def one_feedback(answers: Sequence[Answer], general: Text) -> str:
    """The general feedback, or that of the first right answer."""
    found = general.markdown()
    for answer in answers:
        if answer.feedback.part is None:
            continue
        written = answer.feedback.markdown()
        if found and written != found:
            answer.feedback.part.drop(ONE_FEEDBACK)
        elif not found and written:
            answer.feedback.part.change("it was shown after this answer; here it is shown after every answer")
            found = written
    return found


def matching(question: Foreign, prompt: Text, pairs: Sequence[tuple[Text, Text, Text]], general: Text) -> None:
    """Left half, right half and feedback of pairs; one without a left half is a distractor."""
    begin(question, "matching", prompt)
    found = [(left.markdown(), _one_line(right), feedback) for left, right, feedback in pairs]
    question.body["pairs"] = [
        {"left": left, "right": right, "feedback": feedback.markdown()} for left, right, feedback in found if left
    ]
    if distractors := [right for left, right, _feedback in found if not left and right]:
        question.body["distractors"] = distractors
    if not question.body["pairs"]:
        question.refuse("there is no pair")
    _general(question, general)


def _one_line(text: Text) -> str:
    written = text.markdown()
    if "\n" in written and text.part is not None:
        text.part.change("it was put on one line")
    return _LINE_END.sub(" ", written)


def ordering(question: Foreign, prompt: Text, items: Sequence[tuple[Text, Text]], general: Text) -> None:
    """Items with feedback, in the right order."""
    begin(question, "ordering", prompt)
    question.body["items"] = [{"text": text.markdown(), "feedback": feedback.markdown()} for text, feedback in items]
    if not all(item["text"] for item in question.body["items"]):
        question.refuse("an item has no text that can be taken")
    _general(question, general)
