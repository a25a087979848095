"""A small good library as text: two courses, one of them in two languages with a picture."""

from pathlib import Path

FRAMEWORK = """version: 3
title: Partnering competencies
levels:
  - {level: 1, name: Aware, line: Knows why, proof: a passed course}
  - {level: 2, name: Practising, line: Does it, proof: a confirmed task}
  - {level: 3, name: Leading, line: Helps others, proof: two confirmed tasks}
  - {level: 4, name: Shaping, line: Changes rules, proof: effect beyond the team}
competencies:
  - code: PC1
    name: Relationship
    line: Builds trust
    actions: [1, 5]
    steps: [S1]
    levels:
      1: [{text: Says why, prompt: What shows it}]
      2: [{text: Does so, prompt: What shows it}]
      3: [{text: Helps, prompt: What shows it}]
      4: [{text: Changes, prompt: What shows it}]
"""
ROLES = """version: 1
roles:
  - code: finance
    name: Finance
    audience: staff
    functions: [grants]
    targets: {PC1: 2}
  - code: everyone
    name: Everyone else
    audience: everyone
    offered: true
    targets: {PC1: 1}
functions:
  - {code: grants, name: Grants}
"""
STEPS = """version: 1
steps:
  - {id: S1, name: Think, line: Why partner, tools: [Canvas]}
partner_types:
  - {code: local-ngo, name: Local NGO}
"""
PATHS = """version: 1
paths:
  - {code: induction, name: Induction, line: For all, courses: [M01, M99]}
"""
COURSE = """code: M01
title: Why we partner
summary: What partners bring.
version: 2
authors: [Course team]
minutes: 20
audience: [staff, partner_staff]
actions: [1]
steps: [S1]
competencies: {PC1: 1}
objectives:
  - Say why we partner
pass_mark: 70
attempts: 3
time_limit_minutes: 30
prerequisites: []
languages: [en, fr]
task:
  days: 28
  title: Ask first
  brief: |
    Ask a partner **before** you decide.
  evidence: [text, file, link, observation]
  criteria: [The partner was asked, The answer changed something]
  other_side: true
"""
COURSE_FR = """title: Pourquoi
summary: Ce que les partenaires apportent.
objectives:
  - Dire pourquoi
task:
  title: Demander
  brief: Demandez **avant** de décider.
  criteria: [Le partenaire a été consulté, La réponse a compté]
reviewed_by: Awa Diop
"""
FIRST = """---
title: Why we partner
minutes: 4
---
Partners know the place.[^1] See [the next page](02-listen-first.md).

![Two hands](media/hands.svg)

## What each side brings

::: case The rice calendar
A donor wanted April.
:::

| Side | Brings |
|------|-------:|
| Both | *trust* |

Trust
:   what makes it work

[^1]: Asked in a [survey](https://example.org/a).
"""
FIRST_FR = """---
title: Pourquoi
---
Les partenaires connaissent le lieu.

![Deux mains](media/hands.svg)

::: case Le calendrier du riz
Avril, disait le bailleur.
:::
"""
SECOND = """---
title: Listen first
minutes: 3
---
Listen, then speak.
"""
SECOND_FR = """---
title: Écouter
---
Écoutez, puis parlez.
"""
QUIZ = """pools:
  - id: basics
    draw: 1
    questions:
      - id: late-form
        type: single_choice
        competency: PC1
        section: listen-first
        scenario: true
        critical: true
        prompt: |
          A partner asks why the form is needed **again**.

          What do you say first?
        options:
          - text: I will find out and tell you
            right: true
            feedback: Honest, and it helps.
          - text: Rules are rules
            feedback: This ends the talk.
        feedback: Honest answers keep trust.
      - id: good-signs
        type: multiple_response
        competency: PC1
        section: why-we-partner
        scenario: true
        prompt: Which are good signs?
        pinned: true
        options:
          - {text: They ask early, right: true, feedback: "Yes."}
          - {text: They share bad news, right: true, feedback: "Yes."}
          - {text: They never write, feedback: "No."}  # belief: No news is good news.
"""
QUIZ_FR = """questions:
  late-form:
    prompt: Un partenaire demande pourquoi.
    options:
      - {text: Je me renseigne, feedback: Honnête.}
      - {text: La règle, feedback: Cela finit tout.}
    feedback: La confiance.
  good-signs:
    prompt: Quels sont les bons signes ?
    options:
      - {text: Ils demandent tôt, feedback: Oui.}
      - {text: Ils partagent, feedback: Oui.}
      - {text: Ils se taisent, feedback: Non.}
"""
SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">
<defs><linearGradient id="g"/></defs>
<rect width="9" height="9" fill="url(#g)"/>
</svg>
"""
OTHER_COURSE = """code: M02
title: Listening
summary: How to listen.
version: 1
authors: [Course team]
minutes: 5
audience: [staff]
actions: [2]
steps: [S1]
competencies: {PC1: 1}
objectives: [Listen]
pass_mark: 80
attempts: 2
renewal_months: 36
prerequisites: [M01]
languages: [en]
"""
OTHER_QUIZ = """pools:
  - id: all
    draw: 1
    questions:
      - id: one
        type: single_choice
        competency: PC1
        section: ears
        scenario: true
        prompt: Who speaks first?
        options:
          - {text: The partner, right: true, feedback: Yes.}
          - {text: The donor, feedback: No.}  # belief: Who pays speaks.
"""

TEMPLATES = """version: 1
templates:
  - code: beginning
    name: Beginning
    line: For the first year
    objectives:
      - text: Lead a first talk with each partner
        measure: Each has confirmed the notes
        competency: PC1
        steps:
          - {kind: course, course: M01}
          - {kind: course, course: M99}
          - {kind: people, text: Ask a colleague}
"""
GOOD: dict[str, str | bytes] = {
    "framework.yaml": FRAMEWORK,
    "roles.yaml": ROLES,
    "steps.yaml": STEPS,
    "paths.yaml": PATHS,
    "plan-templates.yaml": TEMPLATES,
    "basics/course.yaml": COURSE,
    "basics/quiz.yaml": QUIZ,
    "basics/01-why-we-partner.md": FIRST,
    "basics/02-listen-first.md": SECOND,
    "basics/media/hands.svg": SVG,
    "basics/fr/course.yaml": COURSE_FR,
    "basics/fr/quiz.yaml": QUIZ_FR,
    "basics/fr/01-why-we-partner.md": FIRST_FR,
    "basics/fr/02-listen-first.md": SECOND_FR,
    "other/course.yaml": OTHER_COURSE,
    "other/quiz.yaml": OTHER_QUIZ,
    "other/01-ears.md": "---\ntitle: Ears\nminutes: 5\n---\nTwo ears, one mouth.\n",
}


def write_library(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write the files below a folder."""
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return folder
