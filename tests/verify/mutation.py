"""Pages that differ from one in one number or one operator."""

import ast
import re

# What `verify` cannot see, by the name of the function, and why.
OUT_OF_SCOPE = {
    "equivariance_residual": "the page's own check, which nothing that it computes calls",
    "check_equivariance": "the page's own check of a network",
    "_moved": "moves points in the page's own check",
    "_permuted": "moves points in the page's own check",
    "summary": "a table for people",
    "extra_repr": "what print shows",
}
# What stands between the layers of a network, of which only symmetry can be proved.
BETWEEN = {
    "_each", "_windowed", "_gated", "_products", "_unpadded", "_batch_normed", "_sample_normed",
    "_scaled", "_maximum", "_total", "_average", "_only", "NormNonlinearity", "SampleNorm",
}  # fmt: skip
# Sentences of the docstring that the page has no facts for: names, and how things were found.
UNHELD = re.compile(
    r"All linear maps[^.]*\.|A network that commutes.*?\."
    r"|Group: .*?, of order|Action: .*?\. Dimension"
    r"|tested against \d+ generators?(?=.*Any size:)|residual \S+|second count: \d+ by .*?"
    r"(?=Any size|Support|Computed|Unreached|Boundary|`weight|Nothing|Where|\Z)"
    r"|Computed .*?(?=Boundary|`weight|Unreached)|Left of it by.*?Parameters|`\w+`: [^`]*?: (?=\()"
    r"|[\w ]+ = \d+(, [\w ]+ = \d+)*, of order"
)
_BINARY = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Add, ast.Pow: ast.Mult, ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}  # fmt: skip
_COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+(?:e-?\d+)?)?(?![\w.])")
_TABLE = re.compile(r"\s*(-?\d+(\.\d+)?(e[+-]?\d+)?\s*)+\Z")
_HEX = re.compile(r"\s*([0-9a-f]{2,}\s*)+\Z")


class Mutant:
    """A page with one change: of which kind, where, and whether between a network's layers."""

    def __init__(self, kind, where, text, between):
        self.kind, self.where, self.text, self.between = kind, where, text, between


def sites(text):
    """All places of a page that can be changed: (kind, path to the node, function)."""
    tree = ast.parse(text)
    network = "STAGES" in {n.targets[0].id for n in tree.body if isinstance(n, ast.Assign)}
    first = next(n.name for n in tree.body if isinstance(n, ast.ClassDef))
    listed = []

    def walk(node, path, inside):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            inside = (*inside, node.name)
            if set(inside) & set(OUT_OF_SCOPE):
                return
        if isinstance(node, ast.If) and ast.unparse(node.test).startswith("__name__"):
            return
        between = bool(set(inside) & BETWEEN) or (network and inside[:1] == (first,))
        for kind in _kinds(node):
            listed.append((kind, path, inside, between and kind != "docstring"))
        docs = node.body[0] if isinstance(node, ast.ClassDef | ast.FunctionDef) else None
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns"):
                continue
            children = value if isinstance(value, list) else [value]
            for place, child in enumerate(children):
                if not isinstance(child, ast.AST):
                    continue
                if child is docs and isinstance(child, ast.Expr):
                    if isinstance(node, ast.ClassDef) and not set(inside) & BETWEEN:
                        listed.append(("docstring", (*path, (name, place)), inside, False))
                    continue
                walk(child, (*path, (name, place)), inside)

    walk(tree, (), ())
    return tree, [site for site in listed if site[1] != (("body", 0),)]


def _kinds(node):
    if isinstance(node, ast.Constant):
        if type(node.value) in (int, float):
            yield "number"
        elif isinstance(node.value, str) and (_TABLE.match(node.value) or _HEX.match(node.value)):
            yield "table"
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _BINARY:
        yield "operator"
    elif isinstance(node, ast.Compare | ast.BoolOp) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not)
    ):
        yield "operator"


def mutated(text, random, kind):
    """A mutant of a kind, drawn at random; None where the page has no place for one."""
    some = [site for site in sites(text)[1] if site[0] == kind]
    return changed_at(text, random.choice(some), random) if some else None


def changed_at(text, site, random):
    """The mutant with a change at one place; None where there is nothing to change."""
    kind, path, inside, between = site
    tree = ast.parse(text)
    parent, node, last = None, tree, None
    for name, place in path:
        parent, last = node, (name, place)
        value = getattr(node, name)
        node = value[place] if isinstance(value, list) else value
    changed = _changed(node, kind, random)
    if changed is None:
        return None
    new, said = changed
    value = getattr(parent, last[0])
    if isinstance(value, list):
        value[last[1]] = new
    else:
        setattr(parent, last[0], new)
    return Mutant(kind, f"{'.'.join(inside) or 'constants'}: {said}", ast.unparse(tree), between)


def _changed(node, kind, random):
    """The node in another form, and what was done."""
    if kind == "docstring":
        return _doc_changed(node, random)
    before = ast.unparse(node)[:60]
    if kind == "number":
        step = random.choice([1, -1]) if type(node.value) is int else 0.5
        return ast.Constant(node.value + step), f"{before} -> {node.value + step}"
    if kind == "table":
        return _table_changed(node.value, random)
    if isinstance(node, ast.BinOp | ast.AugAssign):
        node.op = _BINARY[type(node.op)]()
    elif isinstance(node, ast.Compare):
        node.ops[0] = _COMPARED[type(node.ops[0])]()
    elif isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    else:
        node = node.operand
    return node, f"{before} -> {ast.unparse(node)[:60]}"


def _table_changed(text, random):
    if _TABLE.match(text):
        spots = list(re.finditer(r"\S+", text))
        spot = random.choice(spots)
        word = spot[0]
        new = repr(float(word) + 1) if "." in word or "e" in word else str(
            int(word) + random.choice([1, -1])
        )  # fmt: skip
    else:
        spot = random.choice(list(re.finditer(r"[0-9a-f]", text)))
        word, new = spot[0], random.choice("0123456789abcdef".replace(spot[0], ""))
    return ast.Constant(text[: spot.start()] + new + text[spot.end() :]), f"table {word} -> {new}"


def _doc_changed(node, random):
    text = node.value.value
    plain = " ".join(text.split())
    held = [True] * len(plain)
    for match in UNHELD.finditer(plain):
        held[match.start() : match.end()] = [False] * (match.end() - match.start())
    spots = [m for m in _NUMBER.finditer(plain) if all(held[m.start() : m.end()])]
    if not spots:
        return None
    spot = random.choice(spots)
    new = str(int(spot[0]) + 1) if spot[0].lstrip("-").isdecimal() else "7"
    context = plain[max(0, spot.start() - 25) : spot.end() + 10]
    changed = plain[: spot.start()] + new + plain[spot.end() :]
    return ast.Expr(ast.Constant(changed)), f"...{context}... -> {new}"
