"""Malformed and hostile specs of actions by matrices: one line, exit code 2 or 4, and no file."""

# ruff: noqa: E501  (a table reads best with one case a line)

import json

import pytest

from tests.solved import thinned
from tests.spec.refusals import refused, spec

PRIME = 8388593  # the first by which matrices of rationals are reduced


def listed(*matrices, group=None, output="trivial"):
    """Matrices of generators a, b, ...; a group of names alone has no relations."""
    names = "abcdefg"[: len(matrices)]
    given = ", ".join(f"{name}: {m}" for name, m in zip(names, matrices, strict=True))
    group = group or f"{{generators: [{', '.join(names)}]}}"
    return spec(group, f"{{matrices: {{{given}}}}}", output)


def number(text):
    """A matrix of one entry."""
    return listed(f"[[{text}]]")


def quoted(text):
    return number(json.dumps(text))


def of(action, group="{symmetric: 4}", output="trivial"):
    return spec(group, action, output)


def induced(subgroup, matrices, more="", **parts):
    return of(f"{{induced: {{subgroup: {subgroup}, matrices: {matrices}{more}}}}}", **parts)


ONE = "{generators: [a]}"
TURN = "{matrices: {a: [[0, -1], [1, -1]]}}"
THIRD = '{matrices: {a: [[0, 0, "1/2"], [1, 0, 0], [0, 2, 0]]}}'
PAIR = "{product: {u: {symmetric: 3}, v: {cyclic: 5}}}"
SHAPE = "a square matrix: a list of rows"
NUMBERS = "numbers such as 2,"
ANGLES = "angles that are rational multiples of pi"
ENDLESS = "matrices of a finite group"
FIELD = "degree at most 48 over the rationals"

# What each text is, and words that the message must hold.
WRONG = {
    # Shapes.
    "one row of two": (listed("[[1, 2]]"), "input.matrices.a.0", "a row of 2", "1 entry, as many as there are rows"),
    "a ragged matrix": (listed("[[1, 2], [3]]"), "input.matrices.a.1", "a row of 1"),
    "a row that is a number": (listed("[1, [2, 3]]"), "input.matrices.a.0", "given 1"),
    "unequal sizes": (listed("[[1]]", "[[1, 0], [0, 1]]"), "input.matrices.b", "a matrix of 2 rows", "as a has"),
    "no rows": (listed("[]"), "input.matrices.a", "given []", SHAPE),
    "a matrix of 0 by 0": (listed("[[]]"), "input.matrices.a.0", "a row of 0"),
    "an empty mapping": (listed("{}"), "given {}", SHAPE),
    "nothing for a matrix": (listed(""), "given nothing", "a matrix: a list of rows"),
    "a text for a matrix": (listed("x"), "given x"),
    "a number for a matrix": (listed("1"), "given 1"),
    "a file for a matrix": (listed("{file: a.npz}"), "input.matrices.a"),
    "matrices in a list": (of("{matrices: [[[1]]]}", ONE), "given [[[1]]]", "a mapping"),
    "no matrices": (of("{matrices: }", ONE), "given nothing", "a mapping"),
    "an alias for a row twice": (listed("[&r [0, 1], *r]"), "determinant 0"),
    "an alias in itself": (listed("&r [[0, 1], *r]"), "an alias that contains itself"),
    # Entries by place.
    "size 0": (listed("{size: 0, entries: []}"), "given size: 0", "from 1 to 400"),
    "a negative size": (listed("{size: -1, entries: []}"), "given size: -1"),
    "a size that is no integer": (listed("{size: 2.0, entries: []}"), SHAPE),
    "a size that is true": (listed("{size: true, entries: []}"), SHAPE),
    "no size": (listed("{entries: []}"), SHAPE),
    "an unknown key": (listed("{size: 1, entries: [], x: 1}"), SHAPE),
    "no entries": (listed("{size: 1, entries: }"), SHAPE),
    "entries in a mapping": (listed("{size: 1, entries: {0: 1}}"), SHAPE),
    "an entry twice": (listed("{size: 1, entries: [[0, 0, 1], [0, 0, 1]]}"), "matrices.a.entries.1", "each entry once"),
    "an entry twice, first 0": (listed("{size: 1, entries: [[0, 0, 0], [0, 0, 1]]}"), "matrices.a.entries.1", "each entry once"),
    "a column too far": (listed("{size: 1, entries: [[0, 1, 1]]}"), "matrices.a.entries.0", "from 0 to 0"),
    "a negative row": (listed("{size: 1, entries: [[-1, 0, 1]]}"), "given [-1, 0, 1]"),
    "a place far away": (listed(f"{{size: 2, entries: [[1{'0' * 400}, 0, 1]]}}"), "from 0 to 1"),
    "a place that is true": (listed("{size: 2, entries: [[true, 0, 1]]}"), "from 0 to 1"),
    "an entry without a value": (listed("{size: 1, entries: [[0, 0]]}"), "given [0, 0]"),
    "an entry of four": (listed("{size: 1, entries: [[0, 0, 1, 1]]}"), "[row, column, value]"),
    "an entry in text": (listed("{size: 1, entries: [abc]}"), "given abc"),
    "entries that are all 0": (listed("{size: 2, entries: []}"), "determinant 0"),
    # Numbers that are none.
    "a decimal": (number("0.5"), "matrices.a.0.0", "given 0.5, of type float", 'write "1/2" if you mean that'),
    "a decimal by exponent": (number("25e-3"), "of type float", 'write "1/40"'),
    "NaN": (number(".nan"), "of type float"),
    "infinity": (number("-.inf"), "of type float"),
    "true": (number("true"), "given True, of type bool"),
    "nothing": (number("null"), "of type NoneType"),
    "a list": (number("[1]"), "of type list"),
    "a mapping": (number("{x: 1}"), "of type dict"),
    "a date": (number("2024-01-01"), NUMBERS),
    "minutes": (number("1:30"), NUMBERS),
    "an integer of 13 digits": (number("1000000000001"), "numbers up to 1000000000000"),
    "an integer of 401 digits": (number("1" + "0" * 400), "given 1.000e400"),
    # Texts that are no numbers.
    "an empty text": (quoted(""), "given an empty text"),
    "blanks": (quoted("  "), "given an empty text"),
    "a call of the system": (quoted("__import__('os').system('touch pwned')"), NUMBERS),
    "an open file": (quoted("sqrt(open('pwned', 'w'))"), NUMBERS),
    "an attribute": (quoted("().__class__"), NUMBERS),
    "a lambda": (quoted("lambda: 1"), NUMBERS),
    "a walrus": (quoted("(x:=1)"), NUMBERS),
    "an f-string": (quoted("f'{open(\"pwned\", \"w\")}'"), NUMBERS),
    "a comparison": (quoted("1<2"), NUMBERS),
    "a condition": (quoted("1 if 1 else 2"), NUMBERS),
    "a condition without blanks": (quoted("1if 1else 2"), NUMBERS),
    "a comment": (quoted("1 # 2"), NUMBERS),
    "two lines": (quoted("1\n2"), "given 1\\n2", NUMBERS),
    "a null byte": (quoted("1\x00"), "given 1\\x00", NUMBERS),
    "Arabic digits": (quoted("\u0661/\u0662"), NUMBERS),
    "wide digits": (quoted("\uff11"), NUMBERS),
    "a typographic minus": (quoted("\u22121"), NUMBERS),
    "a root sign": (quoted("\u221a2"), NUMBERS),
    "an invisible space": (quoted("\u200b1"), NUMBERS),
    "hexadecimal": (quoted("0x10"), "given 0x10", NUMBERS),
    "binary": (quoted("0b1"), NUMBERS),
    "digits in groups": (quoted("1_000"), NUMBERS),
    "a decimal text": (quoted("1.5"), NUMBERS),
    "1e400": (quoted("1e400"), NUMBERS),
    "an imaginary unit": (quoted("1j"), NUMBERS),
    "a truth value": (quoted("True"), NUMBERS),
    "an unknown name": (quoted("e"), NUMBERS),
    "pi alone": (quoted("pi"), NUMBERS),
    "sqrt alone": (quoted("sqrt"), NUMBERS),
    "no product sign": (quoted("2 sqrt(2)"), NUMBERS),
    "a number called": (quoted("2(3)"), NUMBERS),
    "an open bracket": (quoted("sqrt(2"), NUMBERS),
    "nothing after the slash": (quoted("1/"), NUMBERS),
    "division without remainder": (quoted("3//2"), NUMBERS),
    "two arguments": (quoted("cos(pi, pi)"), NUMBERS),
    "no argument": (quoted("cos()"), NUMBERS),
    "a starred argument": (quoted("cos(*[pi])"), NUMBERS),
    "10^4 digits": (quoted("1" * 10_000), "at most 200 characters"),
    "a hundred signs": (quoted("-" * 100 + "1"), "at most 40 nested operations"),
    "a hundred sums": (quoted("1+" * 99 + "1"), "at most 40 nested operations"),
    # Numbers that are not real, not abelian, or too large.
    "one by zero": (quoted("1/0"), "matrices.a.0.0", "no division by zero"),
    "one by a hidden zero": (quoted("1/(sqrt(2)*sqrt(3)-sqrt(6))"), "matrices.a.0.0", "no division by zero"),
    "an inverse of zero": (quoted("0**-1"), "no division by zero"),
    "a power by zero": (quoted("2**(1/0)"), "no division by zero"),
    "the root of -1": (quoted("sqrt(-1)"), "square roots of numbers from 0 up"),
    "a root of a root": (quoted("sqrt(sqrt(2))"), "a rational number there"),
    "the power 1/2": (quoted("2**(1/2)"), "whole powers of at most 16"),
    "an irrational power": (quoted("2**sqrt(2)"), "a rational number there"),
    "9**9**9": (quoted("9**9**9"), "whole powers of at most 16"),
    "9^9^9": (quoted("9^9^9"), "whole powers of at most 16"),
    "powers of powers": (quoted("(" * 7 + "2" + "**16)" * 7), "below 2^500"),
    "powers of powers of a fraction": (quoted("(((1/3+1/7)**16)**16)**16"), "below 2^500"),
    "powers of powers of a cosine": (quoted("(((((cos(2*pi/97)+1)**16)**16)**16)**16)**16"), "below 2^500"),
    "a product of large numbers": (quoted("*".join(["999999999999"] * 15)), "below 2^500"),
    "a power of powers of powers": (quoted("2**((((2**16)**16)**16)**16)"), "below 2^500"),
    "the root of a power of powers": (quoted("sqrt((2**16)**16)"), "the root of a smaller number"),
    "the root of a large prime": (quoted("sqrt(999999999989)"), FIELD),
    "too many roots": (quoted("sqrt(2)+sqrt(3)+sqrt(5)+sqrt(7)+sqrt(11)+sqrt(13)+sqrt(17)"), FIELD),
    "too many angles": (quoted("cos(2*pi/7)+cos(2*pi/11)+cos(2*pi/13)"), FIELD),
    "a small angle": (quoted("cos(pi/10007)"), FIELD),
    "angles that do not fit together": (listed('[["cos(2*pi/97)", 0], [0, "sqrt(3)"]]'), "input.matrices.a", "beside the other numbers", "48"),
    "fields that do not fit together": (listed('[["cos(2*pi/97)"]]', '[["sqrt(3)"]]'), "input.matrices.b", "beside the other numbers"),
    "the cosine of 1": (quoted("cos(1)"), ANGLES),
    "the cosine of pi squared": (quoted("cos(pi**2)"), ANGLES),
    "the cosine of pi times pi": (quoted("cos(pi*pi)"), ANGLES),
    "the cosine of pi by 0": (quoted("cos(pi/0)"), ANGLES),
    "the sine of pi by pi": (quoted("sin(pi/pi)"), ANGLES),
    "an irrational angle": (quoted("cos(pi*sqrt(2))"), ANGLES),
    "code for an angle": (quoted("cos(__import__('os').system('touch pwned')*pi)"), NUMBERS),
    # Groups that are not finite, and matrices without an inverse.
    "a singular matrix": (listed("[[1, 1], [1, 1]]"), "determinant 0", "an inverse"),
    "a singular matrix over a field": (listed('[["sqrt(2)", 2], [1, "sqrt(2)"]]'), "determinant 0"),
    "the number 0": (number("0"), "determinant 0"),
    "the number 2": (number("2"), "given a, a matrix of no finite order", ENDLESS),
    "a shear": (listed("[[1, 1], [0, 1]]"), "given a, a matrix of no finite order"),
    "a shear by the prime": (listed(f"[[1, {PRIME}], [0, 1]]"), "given a, a matrix of no finite order"),
    "a shear by two primes": (listed(f'[[1, "{PRIME}*8388587"], [0, 1]]'), "no finite order"),
    "a shear by a fraction with the prime": (listed(f'[[1, "1/{PRIME}"], [0, 1]]'), "no finite order"),
    "1 and the prime": (number(str(PRIME + 1)), "no finite order"),
    "a rotation by a Pythagorean angle": (listed('[["3/5", "-4/5"], ["4/5", "3/5"]]'), "no finite order", ENDLESS),
    "two of finite order": (listed("[[0, -1], [1, 0]]", "[[0, -1], [1, 1]]"), "given a, b", ENDLESS),
    "two of finite order, modulo the prime": (listed("[[-1, 0], [0, 1]]", f"[[-1, {PRIME}], [0, 1]]"), ENDLESS),
    "an endless action of S_4": (of("{matrices: {swap: [[1, 1], [0, -1]], shift: [[0, -1], [1, 0]]}}"), "input.matrices", ENDLESS),
    # Generators and relations.
    "a generator left out": (of("{matrices: {swap: [[1]]}}"), "input.matrices", "matrices of swap", "add shift"),
    "a generator too many": (of("{matrices: {swap: [[1]], shift: [[1]], x: [[1]]}}"), "remove x"),
    "no generator": (of("{matrices: {}}"), "matrices of no generator", "add swap, shift"),
    "a generator twice": (of("{matrices: {a: [[1]], a: [[1]]}}", ONE), "the key a twice"),
    "a generator that is a number": (of("{matrices: {1: [[1]]}}", ONE), "given '1'"),
    "matrices of a trivial group": (of("{matrices: {}}", "{trivial: 3}"), "no generators", "{trivial: d}"),
    "a generator without its factor": (of("{matrices: {swap: [[1]], shift: [[1]]}}", PAIR), "u.swap"),
    "signs against the relations": (of("{matrices: {swap: [[1]], shift: [[-1]]}}"), "input.matrices", "generate a group of order 48", "24: images that respect the group's relations"),
    "matrices against the relations": (of('{matrices: {swap: [["sqrt(2)/2", "sqrt(2)/2"], ["sqrt(2)/2", "-sqrt(2)/2"]], shift: [[0, -1], [1, 0]]}}'), "generate a group of order 96"),
    "a fibre against the relations": (of("{fibre: {over: points, matrices: {swap: [[-1]], shift: [[1]]}}}"), "input.fibre.matrices", "order 48"),
    # Fibres.
    "a fibre over nothing": (of("{fibre: {matrices: {swap: [[1]], shift: [[1]]}}}"), "input.fibre", "no `over`"),
    "a fibre without matrices": (of("{fibre: {over: points}}"), "input.fibre", "no `matrices`"),
    "a fibre with another key": (of("{fibre: {over: points, matrices: {swap: [[1]], shift: [[1]]}, under: x}}"), "the unknown key under"),
    "a fibre over fields": (of("{fibre: {over: {fields: {x: points}}, matrices: {swap: [[1]], shift: [[1]]}}}"), "fields inside another action"),
    "a fibre over an unknown set": (of("{fibre: {over: pionts, matrices: {swap: [[1]], shift: [[1]]}}}"), "input.fibre.over", "did you mean `points`?"),
    # Induced actions.
    "induced by nothing": (induced("[]", "[]"), "input.induced.matrices", "0 matrices", "at least one"),
    "induced by matrices alone": (induced("[]", "[[[1]]]"), "1 matrix", "as many as there are under `subgroup`, 0"),
    "induced by too few": (induced("['(0 1)']", "[]"), "0 matrices", "as many as there are under `subgroup`, 1"),
    "induced by too many": (induced("['(0 1)']", "[[[1]], [[1]]]"), "2 matrices"),
    "induced by a mapping": (induced("['(0 1)']", "{a: [[1]]}"), "a list"),
    "induced without matrices": (of("{induced: {subgroup: ['(0 1)']}}"), "no `matrices`"),
    "a matrix against its permutation": (induced("['(0 1 2)']", "[[[-1]]]"), "input.induced.matrices", "the subgroup of order 3, generate one of 6", "respect the subgroup's relations"),
    "an element with two matrices": (induced("['(0 1)', '(0 1)']", "[[[-1]], [[1]]]"), "of order 2, generate one of 4"),
    "the identity with a sign": (induced("['()']", "[[[-1]]]"), "of order 1, generate one of 2"),
    "an element of infinite order": (induced("['(0 1)']", f"[[[1, {PRIME}], [0, 1]]]"), "matrix 0", "no finite order"),
    "a singular element": (induced("['(0 1)']", "[[[0]]]"), "input.induced.matrices.0", "determinant 0"),
    "elements of unequal sizes": (induced("['(0 1)', '(2 3)']", "[[[1]], [[1, 0], [0, 1]]]"), "input.induced.matrices.1", "a matrix of 2 rows"),
    "a ragged element": (induced("['(0 1)']", "[[[1, 2], [3]]]"), "input.induced.matrices.0.1", "a row of 1"),
    "an element outside the group": (induced("['(0 1)']", "[[[1]]]", group="{alternating: 4}"), "input.induced.subgroup", "an element of A_4"),
    "a point outside the group": (induced("['(0 9)']", "[[[1]]]"), "input.induced.subgroup.0", "the point 9"),
    "an unknown factor to induce from": (induced("['(0 1)']", "[[[1]]]", ", factor: x", group=PAIR), "factor: x", "one of u, v"),
    "induced in names alone": (induced("['()']", "[[[1]]]", group=ONE), "no natural points"),
    # Irreducible representations.
    "a partition of another number": (of("{irrep: [2, 1]}"), "input.irrep", "given [2, 1], of S_4", "a partition of 4", "[3, 1]"),
    "a negative part": (of("{irrep: [5, -1]}"), "a partition of 4"),
    "a part 0": (of("{irrep: [4, 0]}"), "a partition of 4"),
    "parts that increase": (of("{irrep: [1, 3]}"), "a partition of 4"),
    "no parts": (of("{irrep: []}"), "a partition of 4"),
    "a partition in text": (of("{irrep: '[3, 1]'}"), "a partition of 4"),
    "a word for a partition": (of("{irrep: sign}"), "given sign, of S_4"),
    "a number for a partition": (of("{irrep: -1}"), "given -1, of S_4"),
    "the part 10^6": (of("{irrep: [1000000]}"), "given [1000000], of S_4"),
    "a part of 3000 digits": (of(f"{{irrep: [{'9' * 3000}]}}"), "a partition of 4"),
    "a part that is no integer": (of("{irrep: [3, 1.0]}"), "[3, 1.0]"),
    "a part that is true": (of("{irrep: [true, 3]}"), "[True, 3]"),
    "a label that is true": (of("{irrep: true}"), "given true"),
    "no label": (of("{irrep: }"), "given nothing"),
    "a word of a cyclic group": (of("{irrep: sign}", "{cyclic: 5}"), "given sign, of C_5", "a whole number"),
    "a list of a cyclic group": (of("{irrep: [1]}", "{cyclic: 5}"), "given [1], of C_5"),
    "alternating of an odd polygon": (of("{irrep: alternating}", "{dihedral: 5}"), "from 1 to 2, or trivial or sign"),
    "0 of a dihedral group": (of("{irrep: 0}", "{dihedral: 5}"), "given 0, of D_5"),
    "n/2 of a dihedral group": (of("{irrep: 3}", "{dihedral: 6}"), "alternating_sign"),
    "a word with underscores": (of("{irrep: __class__}", "{dihedral: 6}"), "given __class__"),
    "an alternating group": (of("{irrep: [3, 1]}", "{alternating: 4}"), "the group A_4", "with `matrices`"),
    "an orthoplex": (of("{irrep: [2, 1]}", "{hyperoctahedral: 3}"), "the group B_3"),
    "names alone": (of("{irrep: [2, 1]}", ONE), "the group <a>"),
    "a product": (of("{irrep: [2, 1]}", PAIR), "say of which factor, such as `factor: u`"),
    "an unknown factor": (of("{irrep: [2, 1], factor: w}", PAIR), "factor: w", "one of u, v"),
    "a factor of a factor": (of("{irrep: [2, 1], factor: u.w}", PAIR), "factor: w"),
    # Standard, vectors and dual.
    "standard of signs": (of("{standard: axes}", "{hyperoctahedral: 3}"), "input.standard", "standard, of axes", "a permutation action on at least two points"),
    "standard of matrices": (of(f"{{standard: {TURN}}}", ONE), "standard, of matrices(2)"),
    "standard of standard": (of("{standard: standard}"), "standard, of standard"),
    "standard of one point": (of("{standard: trivial}"), "standard, of trivial"),
    "standard of S_1": (of("standard", "{symmetric: 1}"), "at least two natural points"),
    "standard of fields": (of("{standard: {fields: {x: points}}}"), "fields inside another action"),
    "standard of a list": (of("{standard: [points]}"), "given ['points']"),
    "standard of nothing": (of("{standard: }"), "given nothing"),
    "standard of names alone": (of("standard", ONE), "standard, of the group <a>"),
    "standard of a product": (of("standard", PAIR), "u.standard"),
    "vectors of S_4": (of("vector"), "vector, of the group S_4", "list its matrices"),
    "pseudovectors of A_4": (of("pseudovector", "{alternating: 4}"), "pseudovector, of the group A_4", "list its matrices"),
    "determinant of S_4": (of("determinant"), "determinant, of the group S_4", "write sign"),
    "determinant of names alone": (of("determinant", ONE), "determinant, of the group <a>", "signed_permutations"),
    "vectors of a product": (of("vector", PAIR), "did you mean `v.vector`"),
    "the former name of vectors in a product": (of("rotation", PAIR), "expected vector, its new name; write v.vector"),
    "the former name of vectors, of S_4": (of("rotation"), "the action rotation; expected one of points, trivial"),
    "dual of fields": (of("{dual: {fields: {x: points}}}"), "fields inside another action"),
    "dual of a list": (of("{dual: [points]}"), "given ['points']"),
    "dual of nothing": (of("{dual: }"), "given nothing"),
    # Tuples of matrices.
    "subsets of matrices": (of(f"{{subsets: [{THIRD}, 2]}}", ONE), "input.subsets", "which acts by matrices", "exterior_power or symmetric_power"),
    "injections of matrices": (of(f"{{injections: [{THIRD}, 2]}}", ONE), "which acts by matrices"),
    "subsets of standard": (of("{subsets: [standard, 2]}"), "subsets of standard"),
    "too high an exterior power": (of(f"{{exterior_power: [{THIRD}, 4]}}", ONE), "size 4 of 3 points", "from 0 to 3"),
}  # fmt: skip

TOO_LARGE = {
    "401 rows by entries": (listed("{size: 401, entries: []}"), "input.matrices.a", "a matrix of 401 rows", "at most 400"),
    "10^3000 rows by entries": (listed(f"{{size: 1{'0' * 3000}, entries: []}}"), "a matrix of 1.000e3000 rows"),
    "500 rows": (listed(f"[{', '.join(['[0]'] * 500)}]"), "a matrix of 500 rows", "at most 400"),
    "matrices of 10^6 entries": (listed(*["{size: 400, entries: []}"] * 7), "input.matrices.a", "matrices of 1120000 entries"),
    "200 rows over a field of degree 48": (listed(f"[{', '.join(['&r [' + ', '.join(['cos(2*pi/97)'] * 200) + ']'] + ['*r'] * 199)}]"), "input.matrices", "matrices of 40000 entries over a field of degree 48"),
    "the power 60": (of(f"{{power: [{TURN}, 60]}}", ONE), "1152921504606846976 entries"),
    "the power 10^9": (of(f"{{power: [{TURN}, 1000000000]}}", ONE), "input.power", "tuples of 1000000000 points"),
    "the power 60 of standard": (of("{power: [standard, 60]}"), "entries"),
    "the symmetric power 40": (of(f"{{symmetric_power: [{THIRD}, 40]}}", ONE), "symmetric"),
    "the symmetric power 10^18": (of(f"{{symmetric_power: [{THIRD}, 1000000000000000000]}}", ONE), "input.symmetric_power"),
    "the exterior power 10^9": (of(f"{{exterior_power: [{THIRD}, 1000000000]}}", ONE), "input.exterior_power"),
    "a tensor product of dimension 10^9": (of(f"{{tensor: [{TURN}, {{trivial: 500000000}}]}}", ONE), "1 x 1000000000 entries"),
    "fibres over a million points": (of(f"{{fibre: {{over: {{trivial: 1000000}}, {TURN[1:]}}}", ONE, f"{{fibre: {{over: {{trivial: 1000000}}, {TURN[1:]}}}"), "2000000 x 2000000 entries"),
    "fibres over 10^18 points": (of(f"{{fibre: {{over: {{trivial: 1000000000000000000}}, {TURN[1:]}}}", ONE), "1 x 2000000000000000000 entries"),
    "standard of a million": (of("standard", "{symmetric: 1000000}", "points"), "1000000 x 999999 entries"),
    "matrices of S_2000": (of("{matrices: {swap: [[1]], shift: [[-1]]}}", "{symmetric: 2000}"), "input.matrices", "a search of a group of order about 10^5735"),
    "induced from the identity of S_20": (induced("['()']", "[[[1]]]", group="{symmetric: 20}"), "input.induced"),
    "induced in S_1000000": (induced("['(0 1)']", "[[[1]]]", group="{symmetric: 1000000}"), "a search of a group of order about 10^5565709"),
    "irreducible, of S_61": (of("{irrep: [61]}", "{symmetric: 61}"), "input.irrep", "not made for more than 60 points"),
    "irreducible, of S_1000000": (of("{irrep: [1000000]}", "{symmetric: 1000000}"), "not made for more than 60 points"),
    "irreducible, of dimension 1662804": (of("{irrep: [5, 5, 5, 5]}", "{symmetric: 20}"), "has dimension 1662804"),
    "irreducible, of dimension 10^30": (of("{irrep: [10, 10, 10, 10, 10, 10]}", "{symmetric: 60}"), "has dimension 5.838e30"),
    "irreducible, of C_10007": (of("{irrep: 1}", "{cyclic: 10007}"), "1/10007 of a turn", "too large a field"),
    "vectors of C_10007": (of("vector", "{cyclic: 10007}"), "1/10007 of a turn"),
    "vectors of D_1000000": (of("vector", "{dihedral: 1000000}"), "too large a field"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("content", "said"), thinned([(t, w) for t, *w in WRONG.values()], 2), ids=list(WRONG)
)
def test_wrong_matrices_give_one_line(content, said, tmp_path, capsys, monkeypatch):
    tmp_path.joinpath("bad.yaml").write_text(content, encoding="utf-8")
    refused(capsys, monkeypatch, tmp_path, ["solve", "bad.yaml"], 2, "intertwine: bad.yaml:", *said)


@pytest.mark.parametrize(
    ("content", "said"), [(t, w) for t, *w in TOO_LARGE.values()], ids=list(TOO_LARGE)
)
def test_matrices_too_large_are_estimated(content, said, tmp_path, capsys, monkeypatch):
    tmp_path.joinpath("bad.yaml").write_text(content, encoding="utf-8")
    refused(capsys, monkeypatch, tmp_path, ["solve", "bad.yaml"], 4, "intertwine: bad.yaml:", *said)
