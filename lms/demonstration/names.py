"""Names from many cultures and scripts, each with an address in ASCII."""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from random import Random

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ə": "e", "æ": "ae", "'": "", "’": ""})


@dataclass(frozen=True)
class Culture:
    """Given and family names, separated by spaces; `name:latin` where the script is not Latin.

    No family names: people there go by one name. `family_first`: people write the family name first, and so they
    change on their profile what HR's two columns make of it (`joint` stands between the two). `country`: where
    local staff have such names.
    """

    given: str
    family: str = ""
    language: str = "en"
    country: str = ""
    family_first: bool = False
    joint: str = " "


CULTURES = (
    Culture("Akosua Kwabena Efua Yaw Abena Kojo", "Boateng Asante Owusu Addo Ofori", country="GH"),
    Culture(
        "ليلى:layla يوسف:yousef هدى:huda سامر:samer رنا:rana", "الخطيب:alkhatib حداد:haddad النجار:alnajjar", "ar", "JO"
    ),
    Culture("Camila Julián Ximena Óscar Yolanda", "Huamán Ñahui Vargas Peña Muñoz", "es", "PE"),
    Culture(
        "सीता:sita रमेश:ramesh अनिता:anita बिबेक:bibek कमला:kamala",
        "श्रेष्ठ:shrestha तामाङ:tamang गुरुङ:gurung",
        country="NP",
    ),
    Culture("Neema Juma Rehema Baraka Zawadi", "Mushi Lyimo Massawe Kimaro", country="TZ"),
    Culture("Олена:olena Тарас:taras Марія:mariia Ілля:illia", "Коваль:koval Шевчук:shevchuk Бондар:bondar"),
    Culture("小梅:xiaomei 志强:zhiqiang 静:jing 伟:wei", "陈:chen 林:lin 周:zhou", family_first=True, joint=""),
    Culture("Wulandari Sumarni Budiono Kartini Slamet"),
    Culture("Élodie Benoît Aïssatou Ousmane Zoé", "Lefèvre Traoré Ndiaye Gagnon", "fr"),
    Culture("Kristín Jürgen Saoirse Łukasz Žofie", "Jónsdóttir Weiß Ó'Brien Wójcik Nováková"),
    Culture("ሰላም:selam ዳዊት:dawit ትዕግስት:tigist", "በቀለ:bekele ታደሰ:tadesse ገብሬ:gebre"),
    Culture("Aye Thiri Kyaw Zaw Nilar Moe"),
    Culture("Thị_Lan Minh Quang Thu_Hà", "Nguyễn Trần Lê Phạm", family_first=True),
    Culture("João Beatriz Luísa Tomás", "Simões Conceição Gonçalves", "pt"),
    Culture("ஆனந்தி:anandhi முருகன்:murugan செல்வி:selvi"),
    Culture("ნინო:nino გიორგი:giorgi თამარ:tamar", "ბერიძე:beridze კაპანაძე:kapanadze"),
    Culture("Yūki Haruka Kenji Aiko", "Satō Ōno Itō", family_first=True),
    Culture("María_José Fe Angelito Jun", "dela_Cruz Bautista Reyes"),
)


@dataclass(frozen=True)
class Name:
    """A name as HR writes it, the form that the person prefers where that differs, and the address before the @."""

    given: str
    family: str
    preferred: str
    local: str
    language: str


class NameBook:
    """Draws names, culture after culture; no two addresses are the same."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._round: list[Culture] = []
        self._used: Counter[str] = Counter()

    def draw(self, country: str = "") -> Name:
        """A name of the country, or of anywhere; new, as long as there are new ones, then the address is numbered."""
        culture = next((culture for culture in CULTURES if country and culture.country == country), None)
        culture = culture or self._next()
        for _ in range(8):
            given, family = self._part(culture.given), self._part(culture.family)
            local = ".".join(latin for _, latin in (given, family) if latin)
            if not self._used[local]:
                break
        self._used[local] += 1
        number = str(self._used[local]) if self._used[local] > 1 else ""
        preferred = f"{family[0]}{culture.joint}{given[0]}" if culture.family_first else ""
        return Name(given[0], family[0], preferred, local + number, culture.language)

    def _next(self) -> Culture:
        if not self._round:
            self._round = self._random.sample(CULTURES, len(CULTURES))
        return self._round.pop()

    def _part(self, names: str) -> tuple[str, str]:
        if not names:
            return "", ""
        written, _, latin = self._random.choice(names.split()).partition(":")
        return written.replace("_", " "), latin or _ascii(written)


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    return "".join(char for char in plain if char.isascii() and char.isalpha())
