"""The people who are always there, so that a visitor can try each role."""

from dataclasses import dataclass

from lms.demonstration.places import AFRICA, DOMAIN, HUB


@dataclass(frozen=True)
class Part:
    """Somebody with a fixed name, place and part; `partner` is empty for staff."""

    given: str
    family: str
    email: str
    unit: str
    function: str
    job_title: str
    in_words: str
    partner: str = ""


AMINA, KOFI = f"amina.diallo@{DOMAIN}", f"kofi.mensah@{DOMAIN}"
INGRID, WANJIRU = f"ingrid.larsen@{DOMAIN}", f"wanjiru.kamau@{DOMAIN}"
MATEO, PRIYA = f"mateo.alvarez@{DOMAIN}", f"priya.raman@{DOMAIN}"
ROSA = "rosa.quispe@rioclaro.example"

# The accounts that are shown first, in this order.
ACCOUNTS = (
    Part("Amina", "Diallo", AMINA, "LB-GH-1", "meal", "MEAL Officer", "member of staff, in the middle of a course"),
    Part("Kofi", "Mensah", KOFI, "LB-GH-1", "programme", "Programme Unit Manager", "line manager of Amina Diallo"),
    Part("Ingrid", "Larsen", INGRID, HUB, "human-resources", "Head of Learning",
         "HR officer for the whole organisation"),
    Part("Wanjirũ", "Kamau", WANJIRU, AFRICA, "administration", "HR and Administration Officer",
         "HR officer for one region, Africa"),
    Part("Mateo", "Álvarez", MATEO, HUB, "communications", "Learning Editor", "author of all courses"),
    Part("Priya", "Raman", PRIYA, HUB, "it", "Systems Administrator", "administrator"),
    Part("Rosa", "Quispe", ROSA, "LB-PE-1", "partner-programme", "Project Coordinator",
         "member of staff of a partner organisation", "RIO"),
)  # fmt: skip
# Those above them, so that the tree of managers is the same at every size.
HEADS = (
    Part("Adaeze", "Okonkwo", f"adaeze.okonkwo@{DOMAIN}", HUB, "leadership", "Executive Director", ""),
    Part("Lupe", "Arana", "lupe.arana@rioclaro.example", "LB-PE-1", "partner-leadership", "Director", "", "RIO"),
)
