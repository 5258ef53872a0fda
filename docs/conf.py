"""How Sphinx builds these pages: `make docs`, without a network, every warning an error."""

from typing import Any

from sphinx.util.inspect import TypeAliasForwardRef

from intertwine import __version__

# An alias inside another type is printed by its `repr`.
TypeAliasForwardRef.__repr__ = lambda alias: alias.name

project = "intertwine"
release = version = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
default_role = "code"
suppress_warnings = ["ref.python"]  # the same name in several modules

myst_heading_anchors = 3

add_module_names = False
autodoc_default_options = {"members": True}
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_type_aliases = {
    name: name
    for name in (
        "AnyPlan", "Array", "Batch", "Codes", "Components", "Face", "GrowthString", "Indices",
        "Integers", "Key", "Order", "Pair", "Partition", "Row", "Signs", "SmallBatch", "Solver",
        "Sparse", "SpecLike", "Step", "Tuples", "Word", "Words",
    )
}  # fmt: skip
python_use_unqualified_type_names = True
napoleon_numpy_docstring = False

html_theme = "furo"
html_title = "intertwine"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("autodoc-process-docstring", _without_types, priority=400)


def _without_types(
    app: object, what: str, name: str, of: object, options: object, lines: list[str]
) -> None:
    """Napoleon takes a colon in a property's first line for "type: meaning": begin with nothing."""
    if what in ("attribute", "data", "property"):
        lines[:0] = ["..", ""]
