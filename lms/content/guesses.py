"""Plays the quizzes of a library by looks alone, as somebody would who has not read the course."""

from collections.abc import Sequence
from fractions import Fraction
from random import Random

from lms.content.course import CourseContent, Library, QuestionContent
from lms.content.words import HEDGES, base_language
from lms.questions import TYPES
from lms.rules.drawing import Share, draw
from lms.rules.grading import Marked, grade
from lms.rules.guessing import CHANCE, MOSTLY, STRATEGIES, Played, weigher

DRAWS = 1000
PLAYS = 200  # of each question by each strategy: orders and ties differ
Marks = list[Fraction]


def guess_library(library: Library) -> list[Played]:
    """What each strategy does in each course, in each language; the same files give the same figures."""
    return [
        played
        for course in library.courses
        for language in course.languages
        for played in _play_course(course, language)
    ]


def _play_course(course: CourseContent, language: str) -> list[Played]:
    questions = [question for pool in course.pools for question in pool.questions]
    draws = _draws(course, questions)
    marks_of = {name: [_marks(question, language, name) for question in questions] for name in STRATEGIES}
    chance = marks_of[CHANCE]
    found = []
    for strategy, marks in marks_of.items():
        names = tuple(
            question.key
            for question, mine, usual in zip(questions, marks, chance, strict=True)
            if mine and _percent(mine) >= MOSTLY and _percent(mine) > _percent(usual)
        )
        found.append(
            Played(
                course.slug,
                language,
                strategy,
                right=_mean([_percent(one) for one in marks if one]),
                chance=_mean([_percent(one) for one in chance if one]),
                passed=_passed(course, questions, marks, draws),
                names=names,
            )
        )
    return found


def _marks(question: QuestionContent, language: str, strategy: str) -> Marks:
    """The marks of many plays of one question; none where nothing can be chosen, or nothing is marked."""
    kind, body = TYPES[question.type], question.bodies[language]
    random = Random(f"{question.key} {strategy}")
    hedges = HEDGES.get(base_language(language), frozenset())
    weigh = weigher(strategy, hedges, random)
    marks: Marks = []
    for _ in range(PLAYS if kind.is_marked else 0):
        value = kind.guess(body, kind.order(body, random), weigh)
        if value is None:
            return []
        marks.append(kind.mark(question.right, value))
    return marks


def _draws(course: CourseContent, questions: Sequence[QuestionContent]) -> list[list[int]]:
    """The questions of many attempts, by position; those without a mark are left out, as in marking."""
    places = {question.key: place for place, question in enumerate(questions)}
    pools = [
        [
            Share(
                wanted.count,
                tuple(
                    places[question.key]
                    for question in pool.questions
                    if wanted.fits(question.tags, question.competency, question.difficulty)
                ),
            )
            for wanted in pool.draws
        ]
        for pool in course.pools
        if all(TYPES[question.type].is_marked for question in pool.questions)
    ]
    return [draw(pools, Random(f"{course.slug} {number}")) for number in range(DRAWS)]


def _passed(
    course: CourseContent, questions: Sequence[QuestionContent], marks: Sequence[Marks], draws: Sequence[list[int]]
) -> float:
    """The share of the draws that pass; what has to be written is left empty, and earns nothing."""
    random = Random(course.slug)
    passed = 0
    for drawn in draws:
        attempt = [
            Marked(random.choice(marks[place]) if marks[place] else Fraction(0), questions[place].critical)
            for place in drawn
        ]
        passed += grade(attempt, course.pass_percent).passed
    return 100 * passed / len(draws)


def _percent(marks: Marks) -> float:
    return float(100 * sum(marks, Fraction(0)) / len(marks))


def _mean(figures: Sequence[float]) -> float:
    return sum(figures) / len(figures) if figures else 0.0
