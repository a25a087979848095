"""Makes a believable organisation of any size, through the doors that real data takes."""

from lms.demonstration.make import FEWEST, Account, is_unfinished, make_demonstration

__all__ = ["FEWEST", "Account", "is_unfinished", "make_demonstration"]
