"""Who holds what is known of whom, where several records are one human being's."""

from collections.abc import Mapping


def holder_of(unions: Mapping[int, int], person: int) -> int:
    """Who holds a person's facts: themselves, or whom their union leads to, and that one's, and so on.

    `unions`: person -> into whom they went, as far as it was agreed and not ended.
    """
    while person in unions:
        person = unions[person]
    return person


def carried_by(unions: Mapping[int, int], person: int) -> set[int]:
    """The person, and whoever went into them, directly or by others."""
    found, new = {person}, {person}
    while new:
        new = {one for one, into in unions.items() if into in new} - found
        found |= new
    return found
