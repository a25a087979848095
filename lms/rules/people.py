"""Names and addresses: what makes two spellings the same person."""

import unicodedata


def email_key(email: str) -> str:
    """The address in the form in which it is compared: NFKC, no spaces around, lower case."""
    folded = unicodedata.normalize("NFKC", email).casefold()
    return unicodedata.normalize("NFKC", folded).strip()  # folding can leave another form of the same letter


def display_name(given: str, family: str) -> str:
    """The parts that are there, in order; a person may have one name only."""
    return " ".join(part for part in (given.strip(), family.strip()) if part)
