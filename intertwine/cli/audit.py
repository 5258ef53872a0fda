"""`intertwine audit`: is a weight equivariant, and can a module reach every map?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from intertwine.cli.app import Json, Memory, SpecPath, Time, app, dumped, session
from intertwine.errors import SpecError, shown

if TYPE_CHECKING:
    from intertwine.audit.weight import WeightAudit


@app.command()
def audit(
    spec: SpecPath,
    weights: Annotated[
        Path | None,
        typer.Argument(metavar="WEIGHTS", help=".npy, .npz, .safetensors, .pt, .pth, .ckpt, .bin"),
    ] = None,
    entry: Annotated[str | None, typer.Option(metavar="NAME", help="Which array of it.")] = None,
    module: Annotated[
        str | None,
        typer.Option(metavar="PACKAGE.MODULE:NAME", help="A torch.nn.Module, or what makes one."),
    ] = None,
    input_shape: Annotated[
        list[str] | None,
        typer.Option(metavar="N,N,...", help="A sample's shape, once for each input."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", metavar="FILE.npz", help="Write the nearest map.")
    ] = None,
    json: Json = False,
    memory: Memory = None,
    time: Time = None,
) -> None:
    """Say how far a weight or a module is from equivariant, and what a module cannot reach."""
    with session(memory, time, json):
        if (weights is None) == (module is None):
            raise SpecError(
                "both WEIGHTS and --module" if module else "neither WEIGHTS nor --module",
                "one of them",
                "name a file of weights, or a module with --module PACKAGE.MODULE:NAME",
            )
        if output is not None and output.suffix != ".npz":
            raise SpecError(f"-o {shown(str(output), 200)}", "a file.npz", "end its name in .npz")
        if output is not None and weights is not None and _same_file(output, weights):
            given = f"-o {shown(str(output), 200)}, which is the file of weights"
            raise SpecError(given, "another file", "the weights would be lost; name a new one")
        if weights is not None:
            if input_shape:
                raise SpecError("--input-shape with WEIGHTS", "a module", "leave it out")
            _audit_weight(spec, weights, entry, output, json)
        elif module is not None:
            if entry is not None:
                raise SpecError("--entry with --module", "WEIGHTS", "leave it out")
            _audit_module(spec, module, input_shape, output, json)


def _audit_weight(
    spec: Path, weights: Path, entry: str | None, output: Path | None, json: bool
) -> None:
    from intertwine.audits import audit_weight
    from intertwine.pipeline import solve
    from intertwine.show.audit import print_weight_audit
    from intertwine.show.audit_json import weight_as_json
    from intertwine.spec.load import load_spec
    from intertwine.weights import load_weight

    space = solve(load_spec(spec))
    weight = load_weight(weights, entry)
    found = audit_weight(space, weight.values)
    written = None if output is None else _written(output, found)
    name = space.document.spec.name
    if json:
        given = {"name": name, "weight": weight.name, "written": written}
        print(dumped(given | weight_as_json(space, found)))
    else:
        given_name = f"{shown(weight.name)} of {shown(str(weights), 200)}"
        print_weight_audit(name, space, found, given_name, written)


def _audit_module(
    spec: Path, module: str, shapes: list[str] | None, output: Path | None, json: bool
) -> None:
    from intertwine.audits import audit_module
    from intertwine.pipeline import solve
    from intertwine.probe.load import load_module
    from intertwine.show.audit import print_module_audit
    from intertwine.show.audit_json import module_as_json
    from intertwine.spec.load import load_spec

    given = [_shape(text) for text in shapes] if shapes else None
    space = solve(load_spec(spec))
    found = audit_module(space, load_module(module), shapes=given)
    if output is not None and (found.linear is None or found.bias is None):
        raise SpecError("-o for a module that is not affine", "an affine module", "leave it out")
    written = None if output is None else _written(output, found.linear, found.bias)
    name = space.document.spec.name
    if json:
        said = {"name": name, "module": module, "written": written}
        print(dumped(said | module_as_json(space, found)))
    else:
        print_module_audit(name, space, found, shown(module, 200), written)


def _same_file(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _shape(text: str) -> tuple[int, ...]:
    """The axes that a user wrote."""
    parts = text.replace(" ", "").strip("()").strip(",").split(",")
    if not all(part.isascii() and part.isdecimal() and 0 < len(part) < 10 for part in parts):
        raise SpecError(f"--input-shape {shown(text)}", "axes such as 3,5,5", "leave the batch out")
    return tuple(map(int, parts))


def _written(path: Path, linear: WeightAudit | None, bias: WeightAudit | None = None) -> str:
    """Write the nearest maps and their coefficients; the same maps give the same bytes."""
    import io

    import numpy as np

    from intertwine.files import write_atomically

    arrays: dict[str, Any] = {}
    if linear is not None:
        arrays |= {"nearest": linear.nearest, "coefficients": linear.coefficients}
    if bias is not None:
        constants = bias.nearest.reshape(bias.layout.shape[:-2])
        arrays |= {"nearest_bias": constants, "bias_coefficients": bias.coefficients[..., 0]}
    content = io.BytesIO()
    np.savez(content, **arrays)
    write_atomically(path, content.getvalue())
    return str(path)
