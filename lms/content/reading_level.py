"""Whether a tired reader understands: long sentences by file and line, and how hard a file is as a whole.

Sentences are measured in every language; the words in English alone, in which the limit was found.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lms.content.draft import Draft
from lms.content.markdown_checks import check_phrase
from lms.content.words import base_language
from lms.errors import Fault
from lms.rules.reading import lix, sentences, words

LONGEST_SENTENCE = 25  # words, in English
LONGEST_TRANSLATED = 30  # other languages say the same with more words
HARDEST = 30  # LIX: the end of what Björnsson calls very easy
LEAST_WORDS = 100  # a file with fewer has no level
_BEGINS = 6  # words that a message quotes
_TERM = re.compile(r"\*\*([^*]+)\*\*")


@dataclass(frozen=True)
class _Text:
    """A piece of a file without markup, and the fault that points to it."""

    words: str
    at: Fault


def check_reading_level(draft: Draft) -> None:
    """Warn of long sentences, and in English of files that are hard as a whole."""
    for language in draft.languages:
        is_english = base_language(language) == "en"
        known = _explained(draft, language)
        for texts in (*_section_texts(draft, language), _yaml_texts(draft, language, "course.yaml"),
                      _yaml_texts(draft, language, "quiz.yaml")):  # fmt: skip
            _check_sentences(draft, texts, LONGEST_SENTENCE if is_english else LONGEST_TRANSLATED)
            if is_english:
                _check_level(draft, texts, known)


def _check_sentences(draft: Draft, texts: list[_Text], longest: int) -> None:
    for text in texts:
        for sentence in sentences(text.words):
            found = words(sentence)
            if len(found) > longest:
                begins = " ".join(found[:_BEGINS])
                message = f"a sentence of {len(found)} words, at most {longest}: '{begins} …'; make two of it"
                draft.warn(text.at, message)


def _check_level(draft: Draft, texts: list[_Text], known: set[str]) -> None:
    found = [sentence for text in texts for sentence in sentences(text.words)]
    if sum(len(words(sentence)) for sentence in found) < LEAST_WORDS:
        return
    level = lix(found, known)
    if level > HARDEST:
        message = (
            f"hard to read: LIX {level:.0f}, at most {HARDEST}; write shorter sentences and shorter words, "
            "or explain a term in **bold** where it comes first"
        )
        draft.warn(Fault(texts[0].at.file, 1, 1, ""), message)


def _explained(draft: Draft, language: str) -> set[str]:
    """The words that the sections set in bold: a course explains its terms so."""
    names = [draft.inside(language, section.name) for section in draft.sections]
    bold = [_TERM.findall(draft.files[name].decode("utf-8", "replace")) for name in names if name in draft.files]
    return {word.casefold() for terms in bold for term in terms for word in words(term)}


def _section_texts(draft: Draft, language: str) -> Iterator[list[_Text]]:
    for section in draft.sections:
        if reading := section.readings.get(language):
            file = draft.shown(draft.inside(language, section.name))
            yield [_Text(said, Fault(file, line, 1, "")) for line, said in reading.blocks]


def _yaml_texts(draft: Draft, language: str, name: str) -> list[_Text]:
    """The texts of a YAML file, without codes and single words."""
    document = draft.documents.get(draft.inside(language, name))
    if document is None:
        return []
    return [
        _Text(said, document.fault_inside(place, line, 1, ""))
        for place, written in document.texts()
        if " " in written.strip()
        for line, said in check_phrase(written, headings_from=3).blocks
    ]
