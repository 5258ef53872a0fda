"""Proving that a page computes what its facts solve to."""

from __future__ import annotations

import os
import re
from pathlib import Path
from stat import S_ISREG

import numpy as np

from intertwine.errors import PageError, SpecError, shown
from intertwine.verify.coded import coded_maps
from intertwine.verify.compare import Comparison
from intertwine.verify.diagrams import diagram_maps
from intertwine.verify.docstring import contradiction
from intertwine.verify.facts import Facts, Layer, facts_of
from intertwine.verify.linear import linear_maps
from intertwine.verify.made import Asked, Made, one_channel, zeros
from intertwine.verify.maps import Array, Maps
from intertwine.verify.network import network_proved
from intertwine.verify.process import Nursery, Running

# A convolution by Fourier transforms gives whole numbers up to rounding.
_SAME_CODE = 1e-6


def verify_page(path: Path, nursery: Nursery | None = None) -> str:
    """Run an emitted file in a process of its own and prove what it computes: what was proved.

    Its maps are solved again from its generators, or its diagrams from its axes, and held against
    its forward, its bias and its full matrix, its first weights and its docstring.  Of a network
    every layer is, a line each, and then the whole as far as its facts say what it is.  A `nursery`
    serves several pages, each in its own process, and saves loading torch for each.

    Raises:
        PageError: the page computes or says something else.
        SpecError: it is no page, or does not run.
        TooLargeError: it takes more time or memory than it may.
    """
    where = shown(str(path), 500)
    try:
        reason = "" if S_ISREG(path.stat().st_mode) else "no file"
        if not reason:
            path.open("rb").close()
    except OSError as error:
        reason = error.strerror or "not readable"
    if reason:
        raise SpecError(f"{shown(str(path), 200)} ({reason})", "an emitted file", "check the path")
    if nursery is None:
        with Nursery() as own:
            return verify_page(path, own)
    with Running(path, nursery) as page:
        return verify_running(where, page)


def verify_running(where: str, page: Asked) -> str:
    """Prove a page that something runs and answers for."""
    facts = facts_of(where, *page.ask("facts"))
    # Draws that no page can know beforehand.
    random = np.random.default_rng(int.from_bytes(os.urandom(16)))
    if facts.network is None:
        said = _proved(where, page, facts.layers[0], random)
        _check_header(where, facts, facts.layers[0])
        return f"{where}: {said}"
    lines = [
        f"{where}: {layer.name}: {_proved(f'{where}: {layer.name}', page, layer, random)}"
        for layer in facts.layers
    ]
    lines.append(network_proved(where, page, facts, random))
    _check_header(where, facts, facts.network)
    return "\n".join(lines)


def _proved(where: str, page: Asked, layer: Layer, random: np.random.Generator) -> str:
    maps = _solved(where, page, layer)
    if wrong := contradiction(layer.doc, maps.claims):
        raise PageError(f"{where}: {wrong}")
    compared = Comparison(where, page, layer, maps, random).run()
    return f"{maps.said}; run: {compared}"


def _solved(where: str, page: Asked, layer: Layer) -> Maps:
    """The maps of a layer, solved again."""
    if layer.any_size:
        return diagram_maps(where, layer)
    if not layer.linear:
        codes = _codes(where, page, layer)
        # Where a grid ends, what is left may be no matrix, though translations were.
        rounded = {key: np.rint(table) for key, table in codes.items()}
        if all(
            np.allclose(codes[key], table, rtol=0, atol=_SAME_CODE)
            for key, table in rounded.items()
        ):
            return coded_maps(where, layer, rounded)
    counts = Made.of(where, page, layer, one_channel(layer.inputs), one_channel(layer.outputs))
    most = max(1, *(len(w) for w in counts.weights[0].values()))
    wide = Made.of(where, page, layer, one_channel(layer.inputs, most), one_channel(layer.outputs))
    weights, biases = zeros(wide)
    for weight in weights.values():
        number = np.arange(len(weight))
        weight[number, 0, number] = 1
    wide.set(weights, biases)
    stacks = {
        key: np.ascontiguousarray(np.moveaxis(block[0], 1, 0)[: len(weights[key])])
        for key, block in wide.dense(None).items()
    }
    return linear_maps(where, layer, stacks, _invariants(where, page, layer, counts))


def _invariants(where: str, page: Asked, layer: Layer, counts: Made) -> dict[str, Array]:
    """What the page adds for each unit of bias."""
    most = {t: max(1, len(b)) for t, b in counts.biases[0].items()}
    tall = Made.of(where, page, layer, one_channel(layer.inputs), most)
    weights, biases = zeros(tall)
    for bias in biases.values():
        bias[np.arange(len(bias)), np.arange(len(bias))] = 1
    tall.set(weights, biases)
    nothing = {s: np.zeros((1, 1, layer.points(a))) for s, a in layer.inputs.items()}
    outputs = tall.forward(nothing, {}, (1,), True)
    return {t: y[0, : len(biases[t])] for t, y in outputs.items()}


def _codes(where: str, page: Asked, layer: Layer) -> dict[tuple[str, str], Array]:
    """The number of the weight at every entry of the matrices, where a support keeps some."""
    doc = " ".join(layer.doc.split())
    if "Support: " not in doc and "Boundary: " not in doc:
        return {}
    made = Made.of(where, page, layer, one_channel(layer.inputs), one_channel(layer.outputs))
    weights, biases = zeros(made)
    for weight in weights.values():
        weight[:, 0, 0] = np.arange(1, len(weight) + 1)
    made.set(weights, biases)
    return {key: block[0, :, 0] for key, block in made.dense(None).items()}


def _check_header(where: str, facts: Facts, own: Layer) -> None:
    """The docstring of the file and that of its class call the action the same."""
    title = " ".join(facts.doc.split("\n\n")[0].split())
    said = re.search(r"Action: (.*?)\. (?:Dimension|Parameters):", " ".join(own.doc.split()))
    if said is not None and "equivariant under" in title and said[1] not in title:
        raise PageError(f"{where}: its title is not {shown(said[1], 60)}")
