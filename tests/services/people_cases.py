"""Faulty HR files: the text, and for each fault its line, column and the words it must hold."""

from lms.content.people_file import LONGEST_CELL

HEAD = "given_name,family_name,work_email,unit_code"
MORE = f"{HEAD},employee_number,external_ref,person_type,partner_code,manager"
UNITS = f"{HEAD},unit_name,unit_parent_code"
A = "Ana,Ruiz,ana@lantern.example,HUB"

# Seen in the file alone.
IN_ITSELF: dict[str, tuple[str | bytes, list[tuple[int, int, str]]]] = {
    "empty": ("", [(1, 1, "column 'family_name' is missing"), (1, 1, "'given_name' is missing"),
                   (1, 1, "'unit_code' is missing"), (1, 1, "'work_email' is missing")]),
    "misspelt column": (f"{HEAD},manger\n{A},", [(1, 5, "unknown column 'manger': did you mean manager?")]),
    "unknown column": (f"{HEAD},qqqqqq\n{A},", [(1, 5, "unknown column 'qqqqqq': known are person_type")]),
    "column twice": (f"{HEAD},unit_code\n{A},", [(1, 5, "column 'unit_code' stands twice")]),
    "another delimiter": (f"{HEAD.replace(',', '|')}\n", [*[(1, 1, "is missing")] * 4, (1, 1, "unknown column")]),
    "not UTF-8": (f"{HEAD}\n{A}\nJos".encode() + b"\xe9,,j@x.example,HUB", [(3, 1, "not UTF-8")]),
    "UTF-16": (f"{HEAD}\n{A}".encode("utf-16"), [(1, 1, "not UTF-8")]),
    "NUL": (f"{HEAD}\n{A}\nA\0,B,c@x.example,HUB", [(3, 1, "NUL")]),
    "too many cells": (f"{HEAD}\n{A},extra\n", [(2, 5, "5 cells, but the header has 4")]),
    "open quote": (f'{HEAD}\n"Ana,Ruiz\n', [(2, 1, "not CSV")]),
    "too long": (f"{HEAD}\n{'x' * (LONGEST_CELL + 1)},R,a@x.example,HUB", [(2, 1, "longer than 400")]),
    "no name": (f"{HEAD}\n,,a@x.example,HUB", [(2, 1, "a person needs a given or a family name")]),
    "no unit": (f"{HEAD}\nAna,,a@x.example,", [(2, 4, "a person needs a unit")]),
    "no key": (f"{HEAD}\nAna,Ruiz,,HUB", [(2, 3, "needs an employee number, an external reference or an e-mail")]),
    "no e-mail address": (f"{HEAD}\nAna,Ruiz,ana at x,HUB", [(2, 3, "'ana at x' is not an e-mail address")]),
    "nothing described": (f"{HEAD},grade\n,,,,7", [(2, 4, "describes neither a person nor a unit nor a partner")]),
    "same e-mail": (f"{HEAD}\n{A}\nBo,Ru,ANA@Lantern.example,HUB", [(3, 3, "stands already in line 2")]),
    "same e-mail, full width": (f"{HEAD}\n{A}\nBo,Ru,ａna@lantern.example,HUB", [(3, 3, "already in line 2")]),
    "same number": (f"{MORE}\n{A},7,,,,\nBo,Ru,b@x.example,HUB,7,,,,", [(3, 5, "'7' stands already in line 2")]),
    "same reference": (f"{MORE}\n{A},,P,,,\nBo,Ru,b@x.example,HUB,,P,,,", [(3, 6, "'P' stands already in line 2")]),
    "unknown kind": (f"{MORE}\n{A},,,guest,,", [(2, 7, "'guest' is not one of staff, partner_staff, associate")]),
    "partner staff without partner": (f"{MORE}\n{A},,,partner_staff,,", [(2, 8, "need their organisation's code")]),
    "staff with partner": (f"{MORE}\n{A},,,staff,RC,", [(2, 8, "own staff cannot have a partner")]),
    "language": (f"{HEAD},language\n{A},English", [(2, 5, "'English' is not a language code")]),
    "country": (f"{HEAD},unit_country\n{A},Kenya", [(2, 5, "'Kenya' is not an ISO 3166 alpha-2 code")]),
    "unit's plan year": (f"{HEAD},unit_plan_start\n{A},13-01", [(2, 5, "'13-01' is not a month and a day")]),
    "partner's plan year": (f"{HEAD},partner_plan_start\n{A},July", [(2, 5, "'July' is not a month and a day")]),
    "partner's country": (f"{HEAD},partner_country\n{A},ke", [(2, 5, "'ke' is not an ISO 3166")]),
    "date": (f"{HEAD},start_date\n{A},31/12/2026", [(2, 5, "is not a date of the form YYYY-MM-DD")]),
    "no such day": (f"{HEAD},end_date\n{A},2026-02-30", [(2, 5, "is not a date")]),
    "ends before it starts": (f"{HEAD},start_date,end_date\n{A},2026-02-02,2026-02-01", [(2, 6, "before start_date")]),
    "line break in a cell": (f'{HEAD}\n"Ana\nMaria",R,ana@x.example,HUB\nBo,,,HUB', [(4, 3, "needs an")]),
    "all at once": (f"{HEAD}\n,,x,\nBo,,,HUB", [(2, 1, "family name"), (2, 3, "not an e-mail"), (2, 4, "unit"),
                                                (3, 3, "needs an")]),
}  # fmt: skip

# Seen only beside what is known: the small organisation of tests.world.
BESIDE: dict[str, tuple[str, list[tuple[int, int, str]]]] = {
    "unknown unit": (f"{HEAD}\nAna,R,a@x.example,NOWHERE", [(2, 4, "unit 'NOWHERE' is new and has no unit_name")]),
    "unknown parent": (f"{UNITS}\n,,,NEW,New unit,NOWHERE", [(2, 6, "unit 'NOWHERE' is neither here nor known")]),
    "a unit with two names": (f"{UNITS}\n,,,NEW,One,HUB\n,,,NEW,Two,HUB", [(3, 5, "'Two', but NEW has 'One'")]),
    "units in a circle": (f"{UNITS}\n,,,HUB,,KE", [(2, 6, "unit 'EAST' would stand above itself"),
                                                   (2, 6, "unit 'HUB' would stand above itself"),
                                                   (2, 6, "unit 'KE' would stand above itself"),
                                                   (2, 6, "unit 'PE' would stand above itself")]),
    "a unit above itself": (f"{UNITS}\n,,,KE,,KE", [(2, 6, "unit 'KE' would stand above itself")]),
    "unknown partner": (f"{MORE}\n{A},,P,,NGO,", [(2, 8, "partner 'NGO' is new and has no partner_name")]),
    "unknown manager": (f"{MORE}\n{A},,,,,0999", [(2, 9, "nobody has the number, reference or e-mail '0999'")]),
    "own manager": (f"{MORE}\n{A},77,,,,77", [(2, 9, "nobody is their own manager")]),
    "managers in a circle": (f"{MORE}\nIngrid,Larsen,ingrid@lantern.example,HUB,0001,,,,0003",
                             [(2, 9, "the reporting line leads back to this person")]),
    "unknown function": (f"{HEAD},function\n{A},cooking", [(2, 5, "unknown code 'cooking': known are grants")]),
    "unknown profile": (f"{HEAD},role_profile\n{A},chef", [(2, 5, "unknown code 'chef': known are everyone, finance")]),
    "an e-mail of somebody else": (f"{MORE}\nKofi,Mensah,AMINA@lantern.example,KE,0002,,,,0001",
                                   [(2, 3, "belongs to somebody else already")]),
    "an e-mail given on to a new number": (f"{MORE}\nNew,Person,amina@lantern.example,KE,0999,,,,",
                                           [(2, 5, "the person with this e-mail has the number '0003'")]),
    "a reference of somebody else": (f"{MORE}\nKofi,Mensah,kofi@lantern.example,KE,0002,P-1,,,0001",
                                     [(2, 6, "belongs to somebody else already")]),
    "one person by two keys": (f"{MORE}\nAmina,Diallo,,KE,0003,,,,\nAmina,Diallo,amina@lantern.example,KE,,,,,",
                               [(3, 3, "is the person of line 2")]),
    "longer than its column": (f"{HEAD},grade,job_title\n{A},{'g' * 41},{'j' * 201}",
                               [(2, 5, "longer than 40 characters"), (2, 6, "longer than 200 characters")]),
    "a name longer than its column": (f"{HEAD}\n{'n' * 201},R,a@x.example,HUB", [(2, 1, "longer than 200")]),
    "a unit's code longer than its column": (f"{UNITS}\n,,,{'u' * 61},Unit,HUB", [(2, 4, "longer than 60")]),
}  # fmt: skip
