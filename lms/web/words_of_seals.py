"""Codes of what is wrong with the seals in words; `words` holds them with all others."""

from lms.errors import N_

SEAL_FAULT = {
    "order": N_("a seal does not follow the one before it"),
    "key": N_("a seal is signed by a key that nobody vouches for"),
    "signature": N_("the signature of a seal is false"),
    "gap": N_("a place is empty: it was deleted or moved"),
    "missing": N_("a sealed record was deleted"),
    "changed": N_("a record is not what was sealed"),
    "added": N_("a place was added that no seal covers"),
    "records": N_("the places of a seal are not those that were sealed"),
    "head": N_("a seal is not the one of the head that was kept"),
    "cut": N_("the end was cut off, before the head that was kept"),
    "seal": N_("what stands beside a seal is not what was signed"),
    "unsealed": N_("a record was put in where all had been sealed before"),
}
