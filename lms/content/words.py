"""Word lists by language, as data: what sounds careful, and options that lean on the others.

What a language lacks here is not looked for in it.
"""

# Words that make an answer sound careful and kind: who knows nothing chooses them.
_CAREFUL = {
    "en": """
        may might can could perhaps possibly probably likely often sometimes usually mostly generally normally rather
        some many first before ask asks asked listen listens together both share shares agree agrees discuss explain
        understand depends unless whether
    """,
    "fr": """
        peut peuvent pourrait pourraient éventuellement probablement souvent parfois habituellement généralement
        normalement plutôt certains certaines plusieurs abord avant demander demande demandez écouter écoute écoutez
        ensemble partager partage convenir discuter expliquer comprendre dépend sauf
    """,
    "es": """
        puede pueden podría podrían quizá quizás posiblemente probablemente menudo veces generalmente normalmente
        algunos algunas muchos muchas primero antes preguntar pregunta pregunte escuchar escucha escuche juntos juntas
        ambos ambas compartir comparte acordar conversar explicar comprender entender depende salvo
    """,
    "ar": """
        ربما قد يمكن يمكنك أحيانا غالبا عادة بعض كثير أولا قبل اسأل تسأل يسأل أسأل استمع تستمع معا كلا شارك نتفق يتفق
        ناقش اشرح تفهم
    """,
}
HEDGES = {language: frozenset(written.split()) for language, written in _CAREFUL.items()}

# How options begin that say something of the other options, in small letters.
CATCH_ALLS = {
    "en": (
        "all of the above", "none of the above", "both of the above", "all the above", "all of these", "none of these",
        "all of them", "none of them",
    ),
    "fr": ("toutes les réponses", "toutes ces réponses", "aucune de ces réponses", "aucune des réponses",
           "tout ce qui précède", "rien de tout cela"),
    "es": ("todas las anteriores", "ninguna de las anteriores", "todo lo anterior", "nada de lo anterior",
           "todas estas", "ninguna de estas"),
    "ar": ("كل ما سبق", "جميع ما سبق", "لا شيء مما سبق", "كل ما ذكر", "لا شيء مما ذكر"),
}  # fmt: skip


def base_language(language: str) -> str:
    """`fr` of `fr-CA`."""
    return language.partition("-")[0].lower()
