"""`flask lms doctor`: looks at one installation, in any host, and says in words what is wrong with it.

Each check is a function that returns findings. A check that fails itself is a finding too: a doctor who faints at the
first wound helps nobody. The checks are in `examination` and beside it; a host that adds findings needs only this file.
"""

from lms.doctor.finding import Finding, State, advise, examining, fine, wrong

__all__ = ["Finding", "State", "advise", "examining", "fine", "wrong"]
