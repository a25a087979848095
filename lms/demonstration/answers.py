"""Answers that pass or fail as planned: the demonstration knows the key, and no learner's page does."""

from collections.abc import Sequence
from random import Random
from uuid import UUID

from lms.demonstration.published import PublishedCourse
from lms.services.answers import Answer, best, sent_values, slip
from lms.services.attempts import Drawn


def choose_answers(
    course: PublishedCourse, language: str, drawn: Sequence[Drawn], random: Random, *, passing: bool
) -> list[Answer]:
    """An answer to each drawn question, in the order of the page.

    A wrong answer is worth nothing, so that the percentage does not depend on which questions were drawn.
    """
    bank = course.by_id[language]
    positions = [item.position for item in drawn if item.is_marked]
    most_wrong = len(positions) * (100 - course.version.pass_percent) // 100
    wanted = random.randint(0, most_wrong) if passing else most_wrong + random.randint(1, 2)
    random.shuffle(positions)
    critical = {item.position for item in drawn if bank[item.question_id].critical}
    free = [position for position in positions if position not in critical]
    wrong = set((free if passing else free + sorted(critical))[:wanted])
    answers = []
    for item in drawn:
        key = bank[item.question_id].right
        knows = item.is_marked and item.position not in wrong
        value = best(item.type, key) if knows else slip(item.type, key, item.body, random)
        event_id = str(UUID(int=random.getrandbits(128), version=4))
        values = sent_values(item.type, item.body, item.option_order, value)
        answers.append(Answer(event_id, item.position, values))
    return answers
