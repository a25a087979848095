"""Which column of ours a header of somebody else's file may mean."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence

# What HR systems call the columns, in words without blanks and accents.
_OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "person_type": ("type", "workertype", "kind"),
    "employee_number": (
        "employeeid", "employeeno", "employeenr", "empno", "empid", "personnelnumber", "staffid", "staffnumber",
        "payrollnumber", "workerid", "matricule", "numeroemploye", "numeroempleado", "legajo",
    ),
    "external_ref": ("externalid", "externalreference", "reference", "referenceexterne"),
    "given_name": ("firstname", "forename", "givennames", "prenom", "nombre", "nombres"),
    "family_name": ("lastname", "surname", "familyname", "nom", "nomdefamille", "apellido", "apellidos"),
    "work_email": ("email", "mail", "emailaddress", "workmail", "businessemail", "courriel", "correo", "eemail"),
    "language": ("lang", "preferredlanguage", "langue", "idioma", "locale"),
    "unit_code": (
        "unit", "orgunit", "orgunitcode", "costcentre", "costcenter", "office", "officecode", "unite", "bureau",
        "oficina", "unidad",
    ),
    "unit_name": ("orgunitname", "officename", "unitname"),
    "partner_code": ("partner", "organisationcode", "partnerorganisation"),
    "partner_name": ("organisation", "organization", "partnerorganisationname"),
    "department": ("dept", "division", "departement", "departamento"),
    "function": ("jobfunction", "jobfamily", "fonction", "funcion"),
    "role_profile": ("role", "profile", "roleprofile"),
    "job_title": ("title", "position", "jobtitle", "positiontitle", "poste", "intituledeposte", "cargo", "puesto"),
    "grade": ("paygrade", "band", "joblevel", "grado"),
    "manager": (
        "managerid", "manageremail", "managernumber", "linemanager", "supervisor", "supervisorid", "reportsto",
        "responsable", "jefe",
    ),
    "employment_status": ("status", "employeestatus", "statut", "estado"),
    "employment_type": ("contracttype", "contract", "typedecontrat", "tipodecontrato"),
    "start_date": ("hiredate", "startdate", "dateofhire", "joindate", "datededebut", "fechadeinicio", "entrydate"),
    "end_date": ("enddate", "terminationdate", "leavedate", "leavingdate", "datedefin", "fechadefin", "exitdate"),
}  # fmt: skip
NOT_TAKEN = ("refused_line", "refused_reason")  # of a file with refused rows that comes back corrected


def guess_columns(
    headers: Sequence[str], columns: Collection[str], remembered: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Header -> column, or empty for none; no column twice. What was chosen before for a header goes first, then the
    name itself, then other names of it, then what is spelt nearly so."""
    guessed = dict.fromkeys(headers, "")
    free = {name: name for name in columns}
    folded = {_folded(name): name for name in columns}
    other = {word: name for name, words in _OTHER_NAMES.items() for word in words}
    near = {**{word: name for word, name in other.items() if len(word) > 4}, **folded}
    ways: tuple[Callable[[str], str], ...] = (
        lambda header: (remembered or {}).get(header, ""),
        lambda header: folded.get(_folded(header), ""),
        lambda header: other.get(_folded(header), ""),
        lambda header: next((near[w] for w in difflib.get_close_matches(_folded(header), near, 1, 0.88)), ""),
    )
    for find in ways:
        for header in guessed:
            if not guessed[header] and header not in NOT_TAKEN:
                guessed[header] = free.pop(find(header), "")
    return guessed


def _folded(text: str) -> str:
    """In lower case, without accents and all that is no letter or digit."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return re.sub(r"[\W_]", "", plain.casefold())
