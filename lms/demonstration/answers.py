"""Answers that pass or fail as planned: the demonstration knows the key, and no learner's page does."""

from random import Random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.models import Question, QuestionKey
from lms.services.attempts import Answer, Drawn, QuizPage


def choose_answers(session: Session, quiz: QuizPage, random: Random, *, passing: bool) -> list[Answer]:
    """An answer to each drawn question that has options, in the order of the page.

    A wrong answer is worth nothing, so that the percentage does not depend on which questions the server drew.
    """
    questions = _keys(session, quiz)
    most_wrong = len(quiz.drawn) * (100 - quiz.attempt.pass_percent) // 100
    wanted = random.randint(0, most_wrong) if passing else most_wrong + random.randint(1, 2)
    positions = [drawn.position for drawn in quiz.drawn]
    random.shuffle(positions)
    critical = {drawn.position for drawn in quiz.drawn if questions[drawn.question_id][0]}
    free = [position for position in positions if position not in critical]
    wrong = set((free if passing else free + sorted(critical))[:wanted])
    answers = []
    for drawn in quiz.drawn:
        right = questions[drawn.question_id][1].get("right", [])
        ids = _one_wrong(drawn, right, random) if drawn.position in wrong else right
        if ids:
            event_id = str(UUID(int=random.getrandbits(128), version=4))
            places = sorted(drawn.option_order.index(i) + 1 for i in ids)
            answers.append(Answer(event_id, drawn.position, tuple(str(place) for place in places)))
    return answers


def _keys(session: Session, quiz: QuizPage) -> dict[int, tuple[bool, dict[str, list[str]]]]:
    """Question id -> whether it is critical, and its key."""
    ids = [drawn.question_id for drawn in quiz.drawn]
    rows = session.execute(
        select(Question.id, Question.critical, QuestionKey.body)
        .join(QuestionKey, QuestionKey.question_id == Question.id)
        .where(Question.id.in_(ids))
    )
    return {row.id: (row.critical, row.body) for row in rows}


def _one_wrong(drawn: Drawn, right: list[str], random: Random) -> list[str]:
    wrong = sorted(set(drawn.option_order) - set(right))
    return [random.choice(wrong)] if wrong else []
