"""The schema's complaints in our words: where, what was given, what was expected, what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import Tag, ValidationError

from intertwine.errors import IntertwineError, Path, SpecError, TooLargeError, shown
from intertwine.spec.forms import StrictMapping
from intertwine.spec.groups import by_usual_name
from intertwine.spec.nearest import nearest
from intertwine.spec.schema import EXAMPLES, NetworkSpec, Spec

_LISTINGS = "a mapping from generators to permutations, a file, or (for a group) a list of names"
_NAME_OR_LISTING = "the name of a generator, or a mapping from names to permutations"
_SHAPES = {"list_type", "dict_type", "model_type", "model_attributes_type"}
_NUMBER = ("an integer", "write a whole number, without quotes")
_MAPPING = ("a mapping", "write {key: value}")
_WORDS = {
    "int_type": _NUMBER,
    "int_from_float": _NUMBER,
    "string_type": ("text", "write it in quotes"),
    "bool_type": ("true or false", "write one of them"),
    "list_type": ("a list", "write [a, b]"),
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "invalid_key": ("keys that are text", "write it in quotes"),
    "recursion_loop": ("a finite value", "write it out"),
}
_NUMBER_IN = re.compile(r"[0-9]+")
_PLAIN = re.compile(r"[A-Za-z_][\w.]*\Z", re.ASCII)


def refusal_of(error: ValidationError, data: Any) -> IntertwineError:
    """What the schema has to say of `data`: of a key that it does not know, or else the first.

    An unknown key comes before one that is missing, which it may be meant for.
    """
    complaints = error.errors(include_url=False)
    unknown = (one for one in complaints if one["type"] == "extra_forbidden")
    first = next(unknown, complaints[0])
    path, kind = _walked(first["loc"], NetworkSpec if "network" in data else Spec)
    step = path[-1] if path else ""
    refusal = _refusal(first, kind, step, _example(path, kind))
    absent = first["type"] == "missing" or step == "[key]"
    refusal.path = path[:-1] if absent else path
    return refusal


def in_words(value: Any) -> str:
    """A value as its writer knows it: `null` is nothing, and odd texts stand in quotes.

    >>> print(in_words(None), in_words(True), in_words("points"), in_words("4"))
    nothing true points '4'
    """
    if value is None or isinstance(value, bool):
        return "nothing" if value is None else str(value).lower()
    if isinstance(value, str):
        return shown(value) if _PLAIN.match(value) else f"'{shown(value)}'"
    return shown(value)


def _refusal(first: Any, kind: Any, step: int | str, example: str) -> IntertwineError:
    """The words for one complaint, about the key or item `step` of a value of type `kind`.

    `example` shows what may be written there, or is empty.
    """
    said, context, given = first["type"], first.get("ctx", {}), in_words(first["input"])
    if isinstance(step, int) and example == EXAMPLES["generators"]:
        if said == "string_type" or str(first["input"]).startswith("("):
            return SpecError(given, _NAME_OR_LISTING, f"write {example}")
    if said == "refused" and step == "[key]" and str(first["input"]).rstrip(")").isdigit():
        advice = 'put cycles with commas in quotes, such as "(0,1,2)"; begin names with a letter'
        return SpecError(given, context["expected"], advice)
    if said == "refused":
        return SpecError(given, context["expected"], context["advice"])
    if said == "missing" and isinstance(step, str):
        return SpecError(f"no `{step}`", f"the key `{step}`", f"add `{step}:`")
    if said in ("missing", "tuple_type", "too_long") and (pair := _pair(kind, step)):
        return SpecError(given, f"a list of {pair}", f"write {example}")
    if said == "extra_forbidden":
        return _unknown_key(str(step), kind, first["input"])
    if said == "union_tag_invalid":
        return _no_form(first["input"], _quoted(context["expected_tags"]), example)
    if said == "literal_error":
        known = _quoted(context["expected"])
        # p4m is near p6m in writing, but has another lattice.
        word = None if step == "symmetry" else first["input"]
        return _unknown(given, word, known, "write one of them")
    if said == "less_than_equal":
        return TooLargeError(
            f"the size {given} passes {context['le']}, the largest there is; write a smaller one"
        )
    if said == "greater_than_equal":
        return SpecError(given, f"an integer, at least {context['ge']}", "write a larger number")
    if said in ("too_short", "too_long"):
        bound = context.get("min_length", context.get("max_length"))
        few = said == "too_short"
        expected = f"{'at least' if few else 'at most'} {bound} {'entry' if few else 'entries'}"
        return SpecError(given, expected, "add one" if few else "leave some out")
    expected, advice = _WORDS.get(said, (shown(first["msg"], 200), "correct it"))
    return SpecError(given, expected, f"write {example}" if said in _SHAPES and example else advice)


def _unknown_key(key: str, kind: type[StrictMapping], value: Any) -> SpecError:
    """A key that a form lacks; that of a network may be meant where there is none."""
    keys = list(kind.model_fields)
    known = [*keys, "network"] if kind is Spec else keys
    advice = "see `intertwine schema`"
    if value is None:
        advice = "write a key, a colon, a space and its value"
    error = _unknown(f"the unknown key {in_words(key)}", key, known, advice)
    error.expected = f"one of {', '.join(keys)}"
    return error


def _example(path: Path, kind: Any) -> str:
    """What may be written under the key that a path ends in, or in whose list it ends."""
    key = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    is_form = isinstance(kind, type) and issubclass(kind, StrictMapping)
    return EXAMPLES.get(key, "") if is_form or isinstance(path[-1], int) else ""


def _no_form(given: Any, tags: list[str], example: str) -> SpecError:
    if "listed" in tags:
        return SpecError(in_words(given), _LISTINGS, f"write {example}")
    forms = [tag for tag in tags if tag != "name"]
    named = "the name of a set, or " if "name" in tags else ""
    expected = f"{named}a mapping with one of {', '.join(forms)}"
    otherwise = f"write {example}" if example else "see `intertwine schema`"
    if isinstance(given, list) and named:
        otherwise = "write {sum: [A, B]} or {tensor: [A, B]} for several"
    word = next(iter(given), "") if isinstance(given, dict) else given
    advice = _advice(word, forms, otherwise)
    text = shown(given).lstrip("['") if isinstance(given, str | list) else ""
    if text and not (named and isinstance(given, list)):
        form = by_usual_name(text) if "symmetric" in forms else None
        form = form or _with_number(EXAMPLES.get(nearest(text, forms), ""), text)
        advice = f"write {form}" if form else otherwise
    return SpecError(in_words(given), expected, advice)


def _with_number(example: str, given: str) -> str:
    """An example of one size, with the one that a text holds."""
    size, sizes = _NUMBER_IN.search(given), _NUMBER_IN.findall(example)
    return example.replace(sizes[0], size[0]) if size and len(sizes) == 1 else example


def _unknown(given: str, word: Any, known: list[str], otherwise: str) -> SpecError:
    """None of the known words; the nearest, where it is near, is the advice."""
    return SpecError(given, f"one of {', '.join(known)}", _advice(word, known, otherwise))


def _advice(word: Any, known: list[str], otherwise: str) -> str:
    """The known word that is meant, if one is near."""
    near = nearest(word, known)
    key, colon, value = str(word).partition(":")
    if near and colon and key.strip() == near:
        return f"YAML needs a space after a colon: write `{near}: {shown(value, 30)}`"
    return f"did you mean `{near}`?" if near else otherwise


def _quoted(listing: str) -> list[str]:
    """The words of a listing such as `'p1', 'p2' or 'pm'`."""
    return [word.strip("' ") for word in listing.replace(" or ", ", ").split(", ")]


def _pair(kind: Any, step: int | str) -> str | None:
    """What a list of two holds, where a type, or what stands under a key of it, is one."""
    for candidate in (kind, _plain(_inside(kind, step))):
        if get_origin(candidate) is tuple:
            first, second = get_args(candidate)
            return "two vertices" if first == second else "an action and a number"
    return None


def _walked(loc: Sequence[int | str], outermost: Any) -> tuple[Path, Any]:
    """The path in the data of a schema location, and the type whose key or item its last step is.

    A location also holds the tags of forms, which are no keys of the data.
    """
    path: list[int | str] = []
    kind = holder = outermost
    for step in loc:
        kind = _plain(kind)
        if step in (forms := _tagged(kind)):
            kind = forms[step]
            continue
        path.append(step)
        holder, kind = kind, _inside(kind, step)
    return tuple(path), holder


def _plain(kind: Any) -> Any:
    """A type without its annotations and without None."""
    if get_origin(kind) is Annotated:
        return _plain(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        rest = [member for member in get_args(kind) if member is not NoneType]
        return _plain(rest[0]) if len(rest) == 1 else kind
    return kind


def _tagged(kind: Any) -> dict[int | str, Any]:
    """The members of a union of forms, by tag."""
    members = get_args(kind) if get_origin(kind) in (Union, UnionType) else ()
    return {
        note.tag: member
        for member in members
        for note in getattr(member, "__metadata__", ())
        if isinstance(note, Tag)
    }


def _inside(kind: Any, step: int | str) -> Any:
    """The type of one key or item."""
    if isinstance(kind, type) and issubclass(kind, StrictMapping):
        return get_type_hints(kind, include_extras=True).get(str(step))
    arguments = get_args(kind)
    if get_origin(kind) is tuple and isinstance(step, int) and step < len(arguments):
        return arguments[step]
    return arguments[-1] if arguments else None
