"""What makes a quiz weak although it can be taken: options that lean on others, feedback twice, pools too small."""

from lms.content.codes import unknown
from lms.content.draft import Draft, PoolDraft
from lms.content.quiz import shown_texts, taught_texts
from lms.content.references import KnownCodes
from lms.content.words import CATCH_ALLS, base_language
from lms.rules.drawing import VARIANT, Wanted

POOL_TIMES = 3  # questions in a pool for each one that is drawn
_MORE = 25  # letters that may stand beside the words of a catch-all


def check_catch_alls(draft: Draft) -> None:
    """`All of the above` rewards whoever knows two options, and the shuffled order makes nonsense of it."""
    for question, language, document, path in draft.placed_questions():
        phrases = CATCH_ALLS.get(base_language(language), ())
        shown = shown_texts(question.type, question.sources[language])
        for place, text in document.texts(path):
            said = " ".join(text.casefold().strip(" .!\"'“”«»*").split())
            if text in shown and any(said.startswith(one) and len(said) <= len(one) + _MORE for one in phrases):
                message = f"'{text.strip()}' leans on the other options; write an option that says something itself"
                draft.faults.append(document.fault(place, message))


def check_repeated_feedback(draft: Draft) -> None:
    """Of two choices with the same feedback, one teaches nothing of its own."""
    for question, language, document, path in draft.placed_questions():
        taught = taught_texts(question.type, question.sources[language])
        first: dict[str, int] = {}
        for place, text in document.texts(path):
            if text.strip() and text in taught:
                at = document.fault(place, "")
                if text in first:
                    draft.warn(at, f"the same feedback as on line {first[text]}; say what this choice teaches")
                first.setdefault(text, at.line)


def check_variants(draft: Draft, known: KnownCodes) -> None:
    """A tag `for-finance` is for a function of roles.yaml: another would be drawn for nobody."""
    document = draft.documents.get("quiz.yaml")
    questions = [question for pool in draft.pools for question in pool.questions]
    entries = [
        ((*question.path, "tags", position), tag.removeprefix(VARIANT))
        for question in questions
        for position, tag in enumerate(question.head.tags)
        if tag.startswith(VARIANT)
    ]
    if document:
        draft.faults += unknown(document, "function", entries, known.functions)


def check_pool_sizes(draft: Draft) -> None:
    """Who takes the quiz again should meet other questions, and neighbours mostly different ones."""
    document = draft.documents.get("quiz.yaml")
    for position, pool in enumerate(draft.pools if document else ()):
        wanted = [(one, _candidates(pool, one)) for one in pool.draws]
        whole = (Wanted(sum(one.count for one in pool.draws)), len(pool.questions))
        for asked, there in [*wanted, whole]:
            if document and there < POOL_TIMES * asked.count:
                message = (
                    f"pool '{pool.id}' has {there} questions for a draw of {asked.count}; "
                    f"{POOL_TIMES * asked.count} or more make attempts differ"
                )
                draft.warn(document.fault(("pools", position, "draw"), ""), message)
                break


def _candidates(pool: PoolDraft, one: Wanted) -> int:
    heads = [question.head for question in pool.questions]
    return sum(one.fits(head.tags, head.competency, head.difficulty or "") for head in heads)
