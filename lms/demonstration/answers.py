"""Answers that pass or fail as planned: the demonstration knows the key, and no learner's page does."""

from collections.abc import Sequence
from random import Random
from uuid import UUID

from lms.demonstration.published import PublishedCourse
from lms.services.answers import Answer
from lms.services.attempts import Drawn


def choose_answers(
    course: PublishedCourse, language: str, drawn: Sequence[Drawn], random: Random, *, passing: bool
) -> list[Answer]:
    """An answer to each drawn question that has options, in the order of the page.

    A wrong answer is worth nothing, so that the percentage does not depend on which questions were drawn.
    """
    bank = course.by_id[language]
    most_wrong = len(drawn) * (100 - course.version.pass_percent) // 100
    wanted = random.randint(0, most_wrong) if passing else most_wrong + random.randint(1, 2)
    positions = [item.position for item in drawn]
    random.shuffle(positions)
    critical = {item.position for item in drawn if bank[item.question_id].critical}
    free = [position for position in positions if position not in critical]
    wrong = set((free if passing else free + sorted(critical))[:wanted])
    answers = []
    for item in drawn:
        right = bank[item.question_id].right.get("right", [])
        ids = _one_wrong(item, right, random) if item.position in wrong else right
        if ids:
            event_id = str(UUID(int=random.getrandbits(128), version=4))
            places = sorted(item.option_order.index(i) + 1 for i in ids)
            answers.append(Answer(event_id, item.position, tuple(str(place) for place in places)))
    return answers


def _one_wrong(item: Drawn, right: Sequence[str], random: Random) -> list[str]:
    wrong = sorted(set(item.option_order) - set(right))
    return [random.choice(wrong)] if wrong else []
