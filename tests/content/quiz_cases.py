"""Faults of quizzes and their translations."""

from tests.content.case import Case

Q, QF = "basics/quiz.yaml", "basics/fr/quiz.yaml"
OPTION = "- text: Rules are rules\n            feedback: This ends the talk."
NEXT = "      - id: good-signs"  # line 22; what is put before it has no translation
HEAD = """      - id: me
        type: {}
        competency: PC1
        section: listen-first
        scenario: true
        prompt: And you?
"""
RATING = (
    HEAD.format("self_rating")
    + "        statements: [I ask]\n        scale: [never, often]\n        feedback: Think.\n"
)
GAPS = HEAD.format("gap_fill") + "        text: {}\n        gaps:\n          - {{accept: [ask], feedback: So.}}\n"
NUMBER = HEAD.format("numeric") + "        answer: {}\n        feedback: So.\n"


def before(question: str) -> str:
    """One more question in the first pool."""
    return f"{question}{NEXT}"


QUIZ_CASES = [
    Case(
        "catch-all option",
        Q,
        "- text: Rules are rules",
        "- text: All of the above.",
        19,
        19,
        "'All of the above.' leans on the other options",
    ),
    Case(
        "a variant for a function that nobody has",
        Q,
        "scenario: true",
        "scenario: true\n        tags: [for-grant]",
        10,
        16,
        "unknown function 'grant'; did you mean 'grants'?",
    ),
    Case(
        "catch-all option of a translation",
        QF,
        "text: La règle",
        "text: Aucune de ces réponses",
        6,
        16,
        "leans on the other options",
    ),
    Case(
        "both kinds in a pool", Q, NEXT, before(RATING), 23, 15, "with a mark and without one in one pool", alone=False
    ),
    Case(
        "critical without a mark",
        Q,
        NEXT,
        before(RATING + "        critical: true\n"),
        31,
        19,
        "a question without a mark cannot have to be right",
        alone=False,
    ),
    Case(
        "no question with a mark",
        Q,
        "",
        f"pools:\n  - id: all\n    draw: 1\n    questions:\n{RATING}",
        1,
        1,
        "no question has a mark",
        alone=False,
    ),
    Case(
        "empty statement",
        Q,
        NEXT,
        before(RATING.replace("[I ask]", "['']")),
        28,
        22,
        "it is empty; write it",
        alone=False,
    ),
    Case("gap not in the text", Q, NEXT, before(GAPS.format("We.")), 28, 15, "has [[1]] 0 times", alone=False),
    Case(
        "gap in a link",
        Q,
        NEXT,
        before(GAPS.format("'[a [[1]]](https://example.org)'")),
        28,
        15,
        "the gap [[1]] stands in a link",
        alone=False,
    ),
    Case(
        "answer that is no number",
        Q,
        NEXT,
        before(NUMBER.format("about 5")),
        28,
        17,
        "the answer is a number",
        alone=False,
    ),
    Case(
        "unknown type",
        Q,
        "single_choice",
        "single_choise",
        6,
        15,
        "unknown question type 'single_choise'; did you mean",
    ),
    Case(
        "unknown key of a question",
        Q,
        "        prompt: |",
        "        hint: x\n        prompt: |",
        11,
        9,
        "unknown key 'hint'",
    ),
    Case("unknown key of an option", Q, "right: true\n", "rihgt: true\n", 17, 13, "did you mean 'right'?"),
    Case("question without competency", Q, "        competency: PC1\n", "", 5, 9, "missing key 'competency'"),
    Case("competency of no course", Q, "competency: PC1", "competency: PC2", 7, 21, "'PC2' is not one of the course"),
    Case("unknown section", Q, "section: listen-first", "section: listen-fast", 8, 18, "did you mean 'listen-first'?"),
    Case("no section key", Q, "        section: listen-first\n", "", 5, 9, "missing key 'section'"),
    Case("question id twice", Q, "id: good-signs", "id: late-form", 22, 13, "question 'late-form' twice", alone=False),
    Case("bad question id", Q, "id: good-signs", "id: Good_Signs", 22, 13, "id must be a name of a-z", alone=False),
    Case("draw too large", Q, "draw: 1", "draw: 3", 3, 11, "draws 3 of 2 questions"),
    Case("nothing drawn", Q, "draw: 1", "draw: 0", 3, 11, "pools.1.draw must be at least 1, not 0"),
    Case("draw neither number nor list", Q, "draw: 1", "draw: many", 3, 11, "must be a whole number, not 'many'"),
    Case("draw of nothing", Q, "draw: 1", "draw: []", 3, 11, "pools.1.draw must be a list of at least 1"),
    Case("draw without count", Q, "draw: 1", "draw: [{tag: x}]", 3, 12, "missing key 'count' in pools.1.draw.1"),
    Case(
        "unknown key of a draw",
        Q,
        "draw: 1",
        "draw: [{count: 1, tags: x}]",
        3,
        23,
        "unknown key 'tags'; did you mean 'tag'?",
    ),
    Case(
        "a draw that nothing fits",
        Q,
        "draw: 1",
        "draw: [{count: 1}, {count: 1, difficulty: hard}]",
        3,
        24,
        "draws 1 of 0 questions with difficulty 'hard'",
    ),
    Case(
        "a tag that no question has",
        Q,
        "draw: 1",
        "draw: [{count: 1, tag: money}]",
        3,
        28,
        "no question of the pool has tag 'money'",
    ),
    Case(
        "draws that want the same questions",
        Q,
        "draw: 1",
        "draw: [{count: 1, competency: PC1}, {count: 2}]",
        3,
        41,
        "draws 1, 2 together ask for 3 questions, and only 2 fit any of them",
    ),
    Case("a difficulty of one's own", Q, "critical: true", "difficulty: fair", 10, 21, "must be 'easy', 'medium' or"),
    Case("no pool", Q, "", "pools: []\n", 1, 8, "pools must be a list of at least 1", alone=False),
    Case("no right option", Q, "            right: true\n", "", 16, 11, "exactly one option must have `right: true`"),
    Case(
        "two right options",
        Q,
        "feedback: This ends",
        "right: true\n            feedback: This ends",
        16,
        11,
        "2 have it",
    ),
    Case("every option right", Q, "They never write,", "They never write, right: true,", 30, 11, "every option has"),
    Case("one option", Q, f"          {OPTION}\n", "", 16, 11, "2 to 8 options are needed", alone=False),
    Case(
        "option without feedback",
        Q,
        "            feedback: This ends the talk.\n",
        "",
        19,
        13,
        "missing key 'feedback'",
    ),
    Case("option with empty feedback", Q, "This ends the talk.", "''", 20, 23, "an option needs feedback"),
    Case(
        "same option twice", Q, "Rules are rules", "I will find out and tell you", 19, 19, "the same text as option 1"
    ),
    Case("empty prompt", Q, "Which are good signs?", "''", 27, 17, "prompt is empty"),
    Case(
        "too few scenarios",
        Q,
        "scenario: true",
        "scenario: false",
        1,
        1,
        "1 of 2 questions are scenarios; at least 60 %",
    ),
    Case("tick in an option", Q, "They ask early", "They ask early ✓", 30, 20, "'✓' tells the answer"),
    Case(
        "marker in an option", Q, "Rules are rules", "Rules (right answer)", 19, 19, "'(right answer)' tells the answer"
    ),
    Case(
        "marker in a prompt",
        Q,
        "What do you say first?",
        "What first? (correct)",
        14,
        23,
        "'(correct)' tells the answer",
    ),
    Case("HTML in a prompt", Q, "What do you say", "What <i>do you say", 14, 16, "raw HTML `<i>`"),
    Case("HTML in feedback", Q, "This ends the talk.", "This <br> ends.", 20, 23, "raw HTML `<br>`"),
    Case(
        "picture in a prompt",
        Q,
        "What do you",
        "![x](media/hands.svg) do",
        14,
        11,
        "a picture can stand in a section only",
    ),
    Case("heading in a prompt", Q, "          What do", "          ## What do", 14, 11, "a heading cannot stand here"),
    Case(
        "box in a prompt",
        Q,
        "          What do you",
        "          ::: case What do you",
        14,
        11,
        "a box can stand in a section",
    ),
    Case("footnote in a prompt", Q, "say first?", "say[^1] first?", 14, 26, "can stand in a section only"),
    Case("javascript in feedback", Q, "Rules are rules", "'[x](javascript:y)'", 19, 19, "could run a program"),
    Case("section link in a prompt", Q, "Which are good signs?", "'[x](02-listen-first.md)'", 27, 17, "broken link"),
    Case("missing translated quiz", QF, "", None, 1, 1, "the file is missing"),
    Case(
        "question not translated",
        QF,
        "  late-form:",
        "  late-frm:",
        1,
        1,
        "question 'late-form' is not translated",
        alone=False,
    ),
    Case("question too much", QF, "questions:", "questions:\n  old: {}", 2, 3, "the source has no question 'old'"),
    Case(
        "prompt not translated", QF, "    prompt: Un partenaire demande pourquoi.\n", "", 3, 5, "missing key 'prompt'"
    ),
    Case("empty translated prompt", QF, "Un partenaire demande pourquoi.", "' '", 3, 13, "prompt is empty"),
    Case(
        "option not translated",
        QF,
        "      - {text: La règle, feedback: Cela finit tout.}\n",
        "",
        5,
        7,
        "1 options, but the source has 2",
    ),
    Case("feedback not translated", QF, "    feedback: La confiance.\n", "", 3, 5, "feedback must be given here"),
    Case("tick in a translation", QF, "La règle", "La règle ✔", 6, 16, "'✔' tells the answer"),
    Case("right in a translation", QF, "text: La règle,", "text: La règle, right: true,", 6, 26, "unknown key 'right'"),
]
