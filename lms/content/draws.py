"""What a pool draws: by number, or by tag, competency and difficulty; and whether its questions can fill that."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lms.content.schema import Draw, Pool
from lms.content.validation import suggestion
from lms.content.yaml_files import Document
from lms.errors import Fault
from lms.rules.drawing import Share, Wanted, shortfall


def wanted(draw: int | Sequence[Draw]) -> tuple[Wanted, ...]:
    """What a pool's `draw` asks for."""
    if isinstance(draw, int):
        return (Wanted(draw),)
    return tuple(Wanted(**one.model_dump(exclude_none=True)) for one in draw)


def check_draw(document: Document, position: int, pool: Pool) -> Iterable[Fault]:
    """Faults of a pool's draw, by the questions as they are written, valid or not."""
    path = ("pools", position, "draw")
    asked = wanted(pool.draw)
    if isinstance(pool.draw, int):
        if len(pool.questions) < pool.draw:
            message = f"draws {pool.draw} of {len(pool.questions)} questions; add questions or draw fewer"
            yield document.fault(path, message)
        return
    slips = [
        fault
        for number, one in enumerate(asked)
        for fault in _check_words(document, (*path, number), one, pool.questions)
    ]
    yield from slips
    short = shortfall([_share(one, pool.questions) for one in asked])
    if short is None or slips:
        return
    if len(short.shares) == 1:
        one = asked[short.shares[0]]
        message = f"draws {one.count} of {short.there} questions{_described(one)}; add questions or draw fewer"
    else:
        names = ", ".join(str(number + 1) for number in short.shares)
        message = (
            f"draws {names} together ask for {short.asked} questions, and only {short.there} fit any of them; "
            "add questions or draw fewer"
        )
    yield document.fault((*path, short.shares[-1]), message)


def _share(one: Wanted, questions: Sequence[Mapping[str, Any]]) -> Share:
    return Share(one.count, tuple(number for number, question in enumerate(questions) if _fits(one, question)))


def _fits(one: Wanted, question: Mapping[str, Any]) -> bool:
    tags, competency, difficulty = (question.get(key) for key in ("tags", "competency", "difficulty"))
    return one.fits(_listed(tags), str(competency), str(difficulty))


def _check_words(
    document: Document, path: tuple[str | int, ...], one: Wanted, questions: Sequence[Mapping[str, Any]]
) -> Iterable[Fault]:
    """A word that no question of the pool has is a slip of the pen, and is named as one."""
    tags = {str(tag) for question in questions for tag in _listed(question.get("tags"))}
    competencies = {str(question.get("competency")) for question in questions}
    for key, known in (("tag", tags), ("competency", competencies)):
        word = getattr(one, key)
        if word and word not in known:
            message = f"no question of the pool has {key} '{word}'{suggestion(word, sorted(known))}"
            yield document.fault((*path, key), message)


def _listed(given: Any) -> Sequence[Any]:
    return given if isinstance(given, list) else ()


def _described(one: Wanted) -> str:
    named = [f"{key} '{word}'" for key in ("tag", "competency", "difficulty") if (word := getattr(one, key))]
    return f" with {', '.join(named)}" if named else ""
