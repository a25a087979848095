"""Faults of course.yaml, its translations and the folder."""

from tests.content.case import Case

C, Q, CF = "basics/course.yaml", "basics/quiz.yaml", "basics/fr/course.yaml"

COURSE_CASES = [
    Case(
        "unknown competency", C, "{PC1: 1}", "{PC1: 1, PC9: 1}", 10, 24, "unknown competency 'PC9'; did you mean 'PC1'?"
    ),
    Case("unknown step", C, "steps: [S1]", "steps: [S1, S8]", 9, 13, "unknown step 'S8'; known are: S1"),
    Case("same action twice", C, "actions: [1]", "actions: [1, 1]", 8, 14, "action '1' twice"),
    Case("unknown prerequisite", C, "prerequisites: []", "prerequisites: [M09]", 16, 17, "unknown prerequisite 'M09'"),
    Case("prerequisite loop", C, "prerequisites: []", "prerequisites: [M02]", 16, 16, "in a circle: M01 -> M02 -> M01"),
    Case("own prerequisite", C, "prerequisites: []", "prerequisites: [M01]", 16, 16, "in a circle: M01 -> M01"),
    Case("code of two courses", "other/course.yaml", "M02", "M01", 1, 7, "code 'M01' twice (first in ", alone=False),
    Case("heading in a brief", C, "    Ask a", "    # Do\n    Ask a", 22, 5, "a heading of level 1"),
    Case("HTML in a brief", C, "Ask a partner", "Ask <b>a", 22, 9, "raw HTML `<b>`"),
    Case("empty brief", C, "    Ask a partner **before** you decide.\n", "", 21, 10, "task.brief"),
    Case("stray file", "basics/notes.txt", "", "x", 1, 1, "stray file 'notes.txt'; known are: course.yaml"),
    Case("misnamed quiz", "basics/quizz.yaml", "", "x", 1, 1, "did you mean 'quiz.yaml'?"),
    Case("misnamed section", "basics/1-x.md", "", "x", 1, 1, "stray file '1-x.md'"),
    Case("stray folder", "basics/es/course.yaml", "", "x: 1", 1, 1, "stray folder 'es'"),
    Case("stray translation", "basics/fr/03-x.md", "", "x", 1, 1, "the source has no file '03-x.md'"),
    Case("stray file beside courses", "roles.yml", "", "x", 1, 1, "did you mean 'roles.yaml'?"),
    Case("folder's name", "My_Course/course.yaml", "", "x: 1", 1, 1, "not a course's name", "My_Course", alone=False),
    Case("no course.yaml", C, "", None, 1, 1, "the file is missing; add it", alone=False),
    Case("no quiz.yaml", Q, "", None, 1, 1, "the file is missing; add it", alone=False),
    Case("missing translated course", CF, "", None, 1, 1, "the file is missing; add it"),
    Case("missing translated text", CF, "title: Pourquoi\n", "", 1, 1, "missing key 'title'"),
    Case(
        "objectives' count", CF, "  - Dire pourquoi", "  - Dire\n  - Redire", 3, 1, "2 objectives, but the source has 1"
    ),
    Case("criteria's count", CF, "été consulté,", "été, consulté,", 8, 3, "3 criteria, but the source has 2"),
    Case(
        "task not translated",
        "basics/fr/course.yaml",
        "",
        "title: P\nsummary: S\nobjectives: [O]\n",
        1,
        1,
        "the source has a task",
    ),
]
