"""Questions that are made from the step model in steps.yaml, so that they say what it says: `made_of` in quiz.yaml."""

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from lms.content.draft import Draft
from lms.content.reference_schema import Step, Steps
from lms.content.schema import MADE_OF
from lms.content.validation import suggestion, validate
from lms.content.yaml_files import Document, read_yaml

FILE = "steps.yaml"
PAIRS = 4


def make_questions(draft: Draft, document: Document) -> None:
    """Put the parts of such questions into the document; they have no place of their own in the file."""
    asked = {key: path for key, path in draft.quiz_ids.items() if "made_of" in document.at(path)}
    model = _model(draft) if asked else None
    for key, path in asked.items():
        question, place = document.at(path), (*path, "made_of")
        of, kind = question.pop("made_of"), question.get("type")
        if of not in MADE_OF:
            draft.faults.append(document.fault(place, f"nothing is made of '{of}'{suggestion(str(of), MADE_OF)}"))
        elif kind != MADE_OF[of]:
            draft.faults.append(document.fault(place, f"made of {of}, a question is of the type {MADE_OF[of]}"))
        elif model is None:
            draft.faults.append(document.fault(place, f"{FILE} beside the course has faults or is missing; mend it"))
        else:
            question |= _ordered(model) if of == "steps" else _matched(model, Random(key))


def _model(draft: Draft) -> Sequence[Step] | None:
    path = Path(draft.folder).parent / FILE
    try:
        body = path.read_bytes()
    except OSError:
        return None
    document, faults = read_yaml(str(path), body.decode("utf-8", "replace"))
    found = validate(document, Steps)[0] if document else None
    draft.beside[f"../{FILE}"] = body  # part of what the course says
    return None if faults or found is None else found.steps


def _ordered(model: Sequence[Step]) -> dict[str, Any]:
    return {"items": [{"text": f"*{short(step.name)}*", "feedback": f"{step.line}."} for step in model]}


def _matched(model: Sequence[Step], random: Random) -> dict[str, Any]:
    """One tool each of some steps, and a step that is left over; the same id gives the same ones."""
    with_tools = [step for step in model if step.tools]
    *chosen, over = random.sample(with_tools, min(PAIRS + 1, len(with_tools)))
    pairs = [
        {
            "left": f"*{short(random.choice(step.tools))}*",
            "right": short(step.name),
            "feedback": f"{short(step.name)}: {step.line}.",
        }
        for step in sorted(chosen, key=model.index)
    ]
    return {"pairs": pairs, "distractors": [short(over.name)]}


def short(name: str) -> str:
    """As people say it: "Get clear: context and purpose" is "Get clear", "RACI (who does …)" is "RACI"."""
    return name.partition(":")[0].partition(" (")[0]
