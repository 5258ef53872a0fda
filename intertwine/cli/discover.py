"""`intertwine discover`: the symmetry that trained weights already have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from intertwine.cli.app import Json, Memory, Time, app, dumped, session
from intertwine.errors import SpecError, shown

if TYPE_CHECKING:
    from intertwine.discover.acting import Acting


@app.command()
def discover(
    weights: Annotated[
        Path, typer.Argument(metavar="WEIGHTS", help="A .npy, .npz, .safetensors or .pt file.")
    ],
    entry: Annotated[str | None, typer.Option(help="Which of the file's arrays.")] = None,
    spec: Annotated[
        Path | None,
        typer.Option(metavar="SPEC", help="Whose group and input act; its output is not read."),
    ] = None,
    turns: Annotated[bool, typer.Option("--turns", help="Quarter turns only.")] = False,
    mirrors: Annotated[
        bool, typer.Option("--mirrors", help="Mirrors in the two axes only, and the half turn.")
    ] = False,
    signs: Annotated[
        bool, typer.Option("--signs", help="A channel may be minus another's copy.")
    ] = False,
    threshold: Annotated[
        float | None,
        typer.Option(metavar="X", help="The least cosine of partners; default: 0.8 or more."),
    ] = None,
    draws: Annotated[int, typer.Option(help="Draws for the levels of chance.")] = 20,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="PICTURE", help="A .png or .svg file.")
    ] = None,
    json: Json = False,
    memory: Memory = None,
    time: Time = None,
) -> None:
    """Find which output channels are turned or mirrored copies of others.

    The weight's axes are (out, in, ...) as PyTorch has them; how a kernel turns is known for
    convolutions of one or two axes, and said by a spec for all others.
    """
    from intertwine.discover.discover import discover_symmetry
    from intertwine.show.discovered import as_json, print_discovery
    from intertwine.weights import load_weight

    with session(memory, time, json):
        kind = None if output is None else _kind(output)
        weight = load_weight(weights, entry)
        acting = _acting(weight.values.shape, spec, turns, mirrors)
        found = discover_symmetry(weight.values, acting, signs, threshold, draws)
        name = shown(weight.name)
        written = None
        if output is not None and kind is not None:
            from intertwine.files import write_atomically
            from intertwine.show.picture.kernels import picture

            write_atomically(output, picture(name, found, kind))
            written = shown(str(output), 500)
        if json:
            print(dumped(as_json(name, found, written)))
        else:
            print_discovery(name, found, written)


def _kind(output: Path) -> str:
    kind = output.suffix.lower().removeprefix(".")
    if kind not in ("png", "svg"):
        raise SpecError(f"-o {shown(str(output))}", "a .png or .svg file", "choose one of these")
    return kind


def _acting(shape: tuple[int, ...], spec: Path | None, turns: bool, mirrors: bool) -> Acting:
    """The kernel's own symmetries, or those of a spec's input."""
    from intertwine.discover.acting import acting_by
    from intertwine.discover.kernel import kernel_symmetry
    from intertwine.spec.build import build_actions
    from intertwine.spec.load import load_spec

    if spec is None:
        both = turns == mirrors
        return kernel_symmetry(shape[2:], turns or both, mirrors or both)
    if turns or mirrors:
        flag = "--turns" if turns else "--mirrors"
        raise SpecError(f"{flag} and --spec", "one of them", "the spec says which group acts")
    return acting_by(build_actions(load_spec(spec)).source)
