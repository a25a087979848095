"""Good questions of the types with fields: lists to select from, numbers and words to write, statements to judge."""

from typing import Any

from hypothesis import strategies as st

from lms.questions.texts import folded
from tests.questions.samples import FEEDBACK, TEXTS, Sample, Source, Strings


def _different(least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(TEXTS, min_size=least, max_size=most, unique_by=lambda text: folded(text, ("case",)))


def _backwards(source: Source, *keys: str) -> Source:
    """The texts of another language, where the source has them."""
    return {key: source[key][::-1] for key in keys if key in source}


def _perhaps(**more: Any) -> st.SearchStrategy[Source]:
    """Some of the keys."""
    return st.fixed_dictionaries({}, optional={key: st.just(value) for key, value in more.items()})


def _halves(left: int, right: int) -> Strings:
    """For each part on the left one on the right, or nothing."""
    parts = [st.sampled_from(["", *(f"{n}={k}" for k in range(1, right + 1))]) for n in range(1, left + 1)]
    return st.tuples(*parts).map(list)


def _no_halves(left: int, right: int) -> Strings:
    wrong = ["0=1", "1=0", f"{left + 1}=1", f"1={right + 1}", "1", "1=", "=1", "a=b", "1=1=1", "-1=1", "1=²", "9999=1"]
    return st.tuples(st.sampled_from([[], ["1=1"]]), st.sampled_from(wrong)).map(lambda both: [*both[0], both[1]])


@st.composite
def matching(drawn: st.DrawFn) -> Source:
    """Pairs, and parts on the right that match nothing."""
    count, more = drawn(st.integers(2, 8)), drawn(st.integers(0, 4))
    lefts, rights = drawn(_different(count, count)), drawn(_different(count + more, count + more))
    pairs = [
        {"left": left, "right": right, "feedback": drawn(FEEDBACK)} for left, right in zip(lefts, rights, strict=False)
    ]
    source: Source = {"prompt": drawn(TEXTS), "pairs": pairs, **drawn(_perhaps(feedback="XYZ"))}
    return source | ({"distractors": rights[count:]} if more else {})


def _translate_matching(source: Source) -> Source:
    pairs = [_backwards(pair, "left", "right", "feedback") for pair in source["pairs"]]
    distractors = [text[::-1] for text in source.get("distractors", [])]
    return {**_backwards(source, "prompt", "feedback"), "pairs": pairs, "distractors": distractors}


def _sizes(source: Source) -> tuple[int, int]:
    return len(source["pairs"]), len(source["pairs"]) + len(source.get("distractors", []))


@st.composite
def ordering(drawn: st.DrawFn) -> Source:
    """Items in their order."""
    items = [{"text": text, "feedback": drawn(FEEDBACK)} for text in drawn(_different(3, 8))]
    return {"prompt": drawn(TEXTS), "items": items, **drawn(_perhaps(feedback="XYZ"))}


def _translate_ordering(source: Source) -> Source:
    items = [_backwards(item, "text", "feedback") for item in source["items"]]
    return {**_backwards(source, "prompt", "feedback"), "items": items}


NUMBERS = st.one_of(
    st.integers(-(10**9), 10**9),
    st.decimals(-(10**6), 10**6, places=3).map(lambda number: format(number, "f")),
    st.sampled_from([0.5, -12.25, "0.001", "-7"]),
)


@st.composite
def numeric(drawn: st.DrawFn) -> Source:
    """A number with a tolerance, with none, one or several units."""
    source: Source = {"prompt": drawn(TEXTS), "answer": drawn(NUMBERS), "feedback": drawn(FEEDBACK)}
    tolerance = drawn(st.sampled_from([None, 5, "0.25", "2 %", "1.5%", 0.125]))
    source |= {} if tolerance is None else {"tolerance": tolerance}
    names, factors = drawn(_different(0, 4)), [1000, "0.001", "1/60", 12.5]
    units = [{"text": name} | ({"factor": factors[n]} if n else {}) for n, name in enumerate(names)]
    source |= {"units": units} if units else {}
    return source | ({"answer": "12.5", "figures": drawn(st.integers(3, 6))} if drawn(st.booleans()) else {})


def _translate_numeric(source: Source) -> Source:
    return {
        **_backwards(source, "prompt", "feedback"),
        "units": [unit["text"][::-1] for unit in source.get("units", [])],
    }


@st.composite
def _numbers_sent(drawn: st.DrawFn, source: Source) -> list[str]:
    text = drawn(st.sampled_from(["", "12.5", "-1,250.5", "1.2e3", "12,5", "twelve", "١٢٫٥", "−7", "  3 "]))
    units = len(source.get("units", []))
    unit = [drawn(st.sampled_from(["", *(f"unit={n + 1}" for n in range(units))]))] if units > 1 else []
    return [text, *unit, drawn(st.sampled_from(["marks=.,", "marks=,.", "marks=,\u202f", "marks=.", "marks=.’"]))]


def _no_numbers(source: Source) -> Strings:
    several = len(source.get("units", [])) > 1
    good = ["1", *(["unit=1"] if several else []), "marks=.,"]
    ways = [["1"], [*good, "2"], ["x" * 61, *good[1:]], ["a\0", *good[1:]], [*good[:-1], "marks="]]
    ways += [[*good[:-1], f"marks={marks}"] for marks in ("..", "x", ".,.", " ,", ",,", ".-", "٫٫")]
    return st.sampled_from(ways + ([["1", "unit=9", "marks=.,"], ["1", "2", "marks=.,"]] if several else []))


@st.composite
def short_text(drawn: st.DrawFn) -> Source:
    """Accepted forms."""
    source: Source = {"prompt": drawn(TEXTS), "accept": drawn(_different(1, 4)), "feedback": drawn(FEEDBACK)}
    return source | drawn(st.sampled_from([{}, {"ignore": []}, {"ignore": ["accents", "case"]}]))


def _translate_short_text(source: Source) -> Source:
    return {**_backwards(source, "prompt", "feedback"), "accept": [form[::-1] for form in source["accept"]]}


@st.composite
def gap_fill(drawn: st.DrawFn) -> Source:
    """A text with gaps in any order; a gap is written or chosen."""
    gaps: list[Source] = []
    for _ in range(drawn(st.integers(1, 5))):
        if drawn(st.booleans()):
            choices = drawn(_different(2, 5))
            gaps.append({"feedback": drawn(FEEDBACK), "choices": choices, "right": drawn(st.sampled_from(choices))})
        else:
            gaps.append({"feedback": drawn(FEEDBACK), "accept": drawn(_different(1, 3))})
    words = [f"{drawn(TEXTS)} [[{n + 1}]]" for n in drawn(st.permutations(range(len(gaps))))]
    return {"prompt": drawn(TEXTS), "text": " ".join(words), "gaps": gaps, **drawn(_perhaps(feedback="XYZ"))}


def _translate_gap_fill(source: Source) -> Source:
    """The other language has the gaps the other way round."""
    gaps = [
        _backwards(gap, "feedback")
        | {key: [text[::-1] for text in gap[key]] for key in ("accept", "choices") if key in gap}
        for gap in source["gaps"]
    ]
    text = " ".join(f"[[{n}]]" for n in range(len(gaps), 0, -1))
    return {**_backwards(source, "prompt", "feedback"), "text": text, "gaps": gaps}


def _in_text(source: Source) -> list[Source]:
    """The gaps in the order of the text."""
    return [source["gaps"][int(part[0]) - 1] for part in source["text"].split("[[")[1:]]


def _gaps_sent(source: Source) -> Strings:
    kinds = [
        st.sampled_from(["", *(str(n + 1) for n in range(len(gap["choices"])))]) if "choices" in gap
        else st.one_of(st.sampled_from(gap["accept"]), TEXTS, st.just(""))
        for gap in _in_text(source)
    ]  # fmt: skip
    return st.tuples(*kinds).map(list)


def _no_gaps(source: Source) -> Strings:
    good = ["1"] * len(source["gaps"])
    ways = [[*good, "1"], ["x" * 201, *good[1:]], ["\0x", *good[1:]]]
    for n, gap in enumerate(_in_text(source)):
        ways += [[*good[:n], wrong, *good[n + 1 :]] for wrong in ("0", "9", "a") if "choices" in gap]
    return st.sampled_from(ways)


@st.composite
def self_rating(drawn: st.DrawFn) -> Source:
    """Statements and a scale."""
    texts = {"statements": drawn(_different(1, 10)), "scale": drawn(_different(2, 7))}
    return {"prompt": drawn(TEXTS), **texts, "feedback": drawn(FEEDBACK)}


def _translate_rating(source: Source) -> Source:
    texts = {key: [text[::-1] for text in source[key]] for key in ("statements", "scale")}
    return {**_backwards(source, "prompt", "feedback"), **texts}


def _rated(source: Source) -> tuple[int, int]:
    return len(source["statements"]), len(source["scale"])


SAMPLES = {
    "matching": Sample(
        matching(), _translate_matching, lambda source: _halves(*_sizes(source)),
        lambda source: _no_halves(*_sizes(source)),
    ),
    "ordering": Sample(
        ordering(), _translate_ordering, lambda source: _halves(len(source["items"]), len(source["items"])),
        lambda source: _no_halves(len(source["items"]), len(source["items"])),
    ),
    "numeric": Sample(numeric(), _translate_numeric, _numbers_sent, _no_numbers),
    "short_text": Sample(
        short_text(), _translate_short_text,
        lambda source: st.one_of(st.just([]), st.sampled_from(source["accept"]).map(lambda form: [form]),
                                 TEXTS.map(lambda text: [f" {text} "])),
        lambda _source: st.sampled_from([["a", "b"], ["x" * 201], ["a\0b"], ["a\ud800"], ["\x7f"]]),
    ),
    "gap_fill": Sample(gap_fill(), _translate_gap_fill, _gaps_sent, _no_gaps),
    "self_rating": Sample(
        self_rating(), _translate_rating, lambda source: _halves(*_rated(source)),
        lambda source: _no_halves(*_rated(source)),
    ),
}  # fmt: skip
