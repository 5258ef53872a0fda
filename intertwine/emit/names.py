"""Identifiers of an emitted page, and text that is safe inside its literals."""

from __future__ import annotations

import builtins
import json
import keyword
import sys
import unicodedata

from intertwine.errors import SpecError

# Beside Python's own: what torch imports, what Python, pytest and pip look for, Windows' devices.
_TAKEN = frozenset(
    """
    torch numpy functorch triton sympy mpmath networkx jinja2 markupsafe filelock fsspec scipy
    packaging setuptools pip typing_extensions intertwine generated conftest setup test
    sitecustomize usercustomize con prn aux nul
    """.split()
)
# Dashes and quotation marks, then all that is invisible, by Unicode category.
_PLAIN = {"Pd": "-", "Pi": "'", "Pf": "'"} | {
    kind: " " for kind in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs")
}
_ON_THE_PAGE = frozenset(
    """
    CHANNELS CODES DIAGRAMS DIMENSIONS FANS Fused GENERATORS INPUTS KERNEL ORDER OUTPUTS ROWS SIZES
    SOURCES STAGES TABLES TARGETS TERMS TEXT VARIANCES WALKED NormNonlinearity SampleNorm
    """.split()
)


def class_name(module: str) -> str:
    """CamelCase of a snake_case name.

    >>> class_name("exchangeable_matrix")
    'ExchangeableMatrix'
    """
    return "".join(word[:1].upper() + word[1:] for word in module.split("_"))


def check_module(module: str, chosen: str) -> None:
    """Refuse names that would shadow a module or a keyword once written to a file."""
    if module in _TAKEN or module in sys.stdlib_module_names:
        raise SpecError(
            f"the name {module}", "a name that no other Python module has", f"write {module}_layer"
        )
    if keyword.iskeyword(chosen) or chosen in _ON_THE_PAGE or hasattr(builtins, chosen):
        raise SpecError(
            f"the class name {chosen}",
            "a name that neither Python nor the emitted page uses",
            f"write `class_name: {chosen}Layer` under `layer`",
        )


def comment(text: str) -> str:
    """One line of printable ASCII that can end neither a docstring nor a comment.

    >>> comment("a" + chr(10) + "b" + chr(34) * 3)
    "a b'''"
    """
    flat = unicodedata.normalize("NFKD", text).replace("\u00d7", "x")
    plain = "".join(c for c in flat if not unicodedata.combining(c))
    kept = "".join(_PLAIN.get(unicodedata.category(c), c) for c in plain)
    ascii_only = kept.encode("ascii", "replace").decode("ascii")
    return " ".join(ascii_only.replace('"', "'").replace("\\", "/").split())


def quoted(text: str) -> str:
    """A literal of the text in double quotes, in ASCII, whatever it holds.

    >>> quoted("a") == chr(34) + "a" + chr(34)
    True
    """
    return json.dumps(text)
