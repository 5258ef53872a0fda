"""Pages with matrices are proved again from their tables, and tampered ones are refused."""

import re

import pytest

from intertwine.errors import IntertwineError
from intertwine.reprove import verify_page
from tests.solved import MATRICED, ROOT, solved

GENERATED = ROOT / "generated"


@pytest.mark.parametrize("name", MATRICED)
def test_every_page_is_proved(name):
    space = solved(name)
    said = verify_page(GENERATED / f"{name}.py")
    count = len(space.problem.group.generators)
    maps = "1 independent map" if space.dimension == 1 else f"{space.dimension} independent maps"
    tested = "1 generator" if count == 1 else f"{count} generators"
    assert f"{maps} commuting with its {tested}" in said
    sides = space.form.sources.values(), space.form.targets.values()
    largest = max(s.dimension * t.dimension for s in sides[0] for t in sides[1])
    assert said.endswith("all there are") == (largest <= 1500)


@pytest.mark.parametrize("name", MATRICED)
def test_a_changed_number_is_found_out(name, tmp_path):
    """One that is no other basis of the same space: a step, a coordinate, or a coefficient."""
    page = (GENERATED / f"{name}.py").read_text()
    tables = [
        *re.findall(r'\n(?:POOL|MAPS\w*_STEPS) = """\n([^"]+)"""', page),
        *re.findall(r'\nMAPS\w*_VALUES = """\n([^"]+)"""', page),
        *re.findall(r"_(?:reals|numbers)\(\"([^\"]+)\"\)(?:\.double\(\))?, \d+\)", page),
    ]
    (tmp_path / "page.py").write_text(page.replace(tables[0], changed(tables[0]), 1))
    with pytest.raises(IntertwineError, match=r"are wrong|are missing|expected a file"):
        verify_page(tmp_path / "page.py")


def changed(text):
    """Another sign for the first packed number that is not zero, or another last word."""
    if re.fullmatch(r"[0-9a-f\n]+", text) and len(text) > 1000:
        digits = text.replace("\n", "")
        place = next(i for i in range(0, len(digits), 16) if digits[i : i + 16].strip("0"))
        byte = int(digits[place + 14 : place + 16], 16) ^ 0x80
        return digits[: place + 14] + f"{byte:02x}" + digits[place + 16 :]
    *words, last = text.split()
    while not float(last) and words:
        *words, last = [last, *words]
    larger = float(last) + 1 if "." in last else int(last) + 1
    return " ".join([*words, str(larger)]) if last != "2" else " ".join([*words, "0"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("GENERATORS = {", "GENERATORS = [] or {"),
        ("INPUTS = {", "INPUTS = 3 or {"),
        ("_terms(", "_other("),
        ('"turn": (', '"turn": 3, "other": ('),
    ],
)
def test_what_is_no_such_page_is_refused(old, new, tmp_path):
    page = (GENERATED / "rotated_vectors.py").read_text()
    assert old in page
    (tmp_path / "page.py").write_text(page.replace(old, new))
    with pytest.raises(IntertwineError):
        verify_page(tmp_path / "page.py")
