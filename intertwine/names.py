"""The names of emitted pages: what can be one, and which Python, PyTorch and pages keep.

A spec's names become a module, a class, fields of tensors and stages of a network.  All that are
kept stand here, below both the spec, which refuses them, and the pages, which use them.
"""

from __future__ import annotations

import builtins
import keyword
import re
import sys

from intertwine.errors import SpecError

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}\Z")
SNAKE = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
CAMEL = re.compile(r"[A-Z][A-Za-z0-9]{0,59}\Z")
DOTTED = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}(\.[A-Za-z][A-Za-z0-9_]{0,59}){0,7}\Z")

# Beside Python's own modules: what torch imports, what Python, pytest and pip look for, Windows'
# devices.
_MODULES = frozenset(
    """
    torch numpy functorch triton sympy mpmath networkx jinja2 markupsafe filelock fsspec scipy
    packaging setuptools pip typing_extensions intertwine generated conftest setup test
    sitecustomize usercustomize con prn aux nul
    """.split()
)
# The constants and classes of pages.
_CONSTANTS = frozenset(
    """
    CHANNELS CODES DIAGRAMS DIMENSIONS FANS Fused GENERATORS INPUTS KERNEL ORDER OUTPUTS ROWS SIZES
    SOURCES STAGES TABLES TARGETS TERMS TEXT VARIANCES WALKED NormNonlinearity SampleNorm
    """.split()
)
# What torch's ParameterDict has for itself, and what the forward of a layer is written with.
FIELDS = frozenset(
    """
    add_module apply bfloat16 buffers call_super_init children clear compile copy cpu cuda double
    dump_patches eval extra_repr float forward fromkeys get get_buffer get_extra_state
    get_parameter get_submodule half input ipu items keys load_state_dict modules mtia
    named_buffers named_children named_modules named_parameters output parameters pop popitem
    register_backward_hook register_buffer register_forward_hook register_forward_pre_hook
    register_full_backward_hook register_full_backward_pre_hook
    register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module
    register_parameter register_state_dict_post_hook register_state_dict_pre_hook
    requires_grad_ self set_extra_state set_submodule setdefault share_memory state_dict to
    to_empty torch training type update values xpu zero_grad batch weight bias
    T_destination INPUTS OUTPUTS ValueError len train tuple zip
    """.split()
)
# What a network's class has for itself beside these, and what torch's exported modules have.
STAGES = FIELDS | frozenset(
    """
    add_submodule check_equivariance code delete_all_unused_submodules delete_submodule fused graph
    meta print_readable recompile reset_parameters summary to_folder
    """.split()
)
# What the forward of a network calls values of its own.
_VALUES = re.compile(r"(shortcut|kept|gate|partners|square|mask|masks|given|moved|windows)(_|\Z)")


def is_name(text: str, pattern: re.Pattern[str] = DOTTED) -> bool:
    """Whether a text may stand in an emitted page as a name: no code, no keyword, no `__`."""
    return bool(pattern.match(text)) and "__" not in text and not has_keyword(text)


def has_keyword(text: str) -> bool:
    """Whether a name, or one of several joined by dots, is a keyword of Python.

    >>> has_keyword("users.class"), has_keyword("users.points")
    (True, False)
    """
    return any(map(keyword.iskeyword, text.split(".")))


def is_value_of_a_network(field: str) -> bool:
    """Whether the forward of a network may call a value of its own as a field is called.

    >>> is_value_of_a_network("gate_2"), is_value_of_a_network("gates")
    (True, False)
    """
    return bool(_VALUES.match(field))


def class_name(module: str) -> str:
    """CamelCase of a snake_case name.

    >>> class_name("exchangeable_matrix")
    'ExchangeableMatrix'
    """
    return "".join(word[:1].upper() + word[1:] for word in module.split("_"))


def check_module(module: str, chosen: str) -> None:
    """Refuse a module, and the class `chosen` in it, that would shadow what pages need.

    Raises:
        SpecError: another module has the name; or Python, or the page, has that of the class.
    """
    if module in _MODULES or module in sys.stdlib_module_names:
        raise SpecError(
            f"the name {module}", "a name that no other Python module has", f"write {module}_layer"
        )
    if keyword.iskeyword(chosen) or chosen in _CONSTANTS or hasattr(builtins, chosen):
        raise SpecError(
            f"the class name {chosen}",
            "a name that neither Python nor the emitted page uses",
            f"write `class_name: {chosen}Layer` under `layer`",
        )
