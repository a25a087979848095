"""How hard a text is to read: the length of its sentences, and LIX.

LIX is the mean number of words in a sentence plus the percentage of words of more than six letters (Björnsson,
*Läsbarhet*, 1968; "Readability of newspapers in 11 languages", Reading Research Quarterly 18, 1983). Below 30 is very
easy, 30 to 40 easy, 40 to 50 usual in newspapers. It counts letters, so that it needs no dictionary and no syllables.
"""

import re
from collections.abc import Collection, Sequence

LONG_WORD = 6  # letters; a word with more is long
# A colon or a semicolon lets the reader rest as well (Gunning counts clauses in the same way).
_END = re.compile(r"(?<=[.!?…:;؟؛])[\"'”’»)*]*\s+")
_WORD = re.compile(r"[^\W_]+(?:[’'\u2011-][^\W_]+)*")


def sentences(text: str) -> list[str]:
    """The sentences of a text without markup that have a word in them."""
    return [found for found in _END.split(text) if _WORD.search(found)]


def words(text: str) -> list[str]:
    """The words of a text; what a hyphen or an apostrophe joins is one."""
    return _WORD.findall(text)


def lix(found: Sequence[str], known: Collection[str] = ()) -> float:
    """LIX of some sentences, at least one; `known` long words (in small letters) count as short ones."""
    all_words = [word for sentence in found for word in words(sentence)]
    long = sum(len(word) > LONG_WORD and word.casefold() not in known for word in all_words)
    return len(all_words) / len(found) + 100 * long / len(all_words)
