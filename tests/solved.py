"""Every spec of `specs/`, solved once a process, with its layer's options changed at will."""

import importlib.util
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import intertwine
from intertwine.pipeline import solve
from intertwine.plan.written import written
from intertwine.spec.layer_forms import Layer
from intertwine.spec.load import load_spec

ROOT = Path(__file__).parents[1]
SPECS = sorted(path.stem for path in (ROOT / "specs").glob("*.yaml"))
ANY_SIZE = [
    name for name in SPECS if "Any size:" in (ROOT / "generated" / f"{name}.py").read_text()
]
MATRICED = [
    name
    for name in SPECS
    if "# Each generator's matrices" in (ROOT / "generated" / f"{name}.py").read_text()
]
TABLED = [name for name in SPECS if name not in ANY_SIZE and name not in MATRICED]
NETWORKS = sorted(path.stem for path in (ROOT / "specs" / "networks").glob("*.yaml"))
FIELDS = [name for name in SPECS if "fields:" in (ROOT / "specs" / f"{name}.yaml").read_text()]


def thinned(cases, step):
    """The cases, of which each but every step-th is run only where all are."""
    return [
        case if k % step == 0 else pytest.param(*(case if isinstance(case, tuple) else (case,)),
                                                marks=pytest.mark.all)
        for k, case in enumerate(cases)
    ]  # fmt: skip


@cache
def solved(name, **options):
    """The space of a spec; `options` replace those of its layer."""
    document = load_spec(ROOT / "specs" / f"{name}.yaml")
    layer = Layer(**{**document.spec.layer.model_dump(), **options})
    document = replace(document, spec=document.spec.model_copy(update={"layer": layer}))
    return solve(document)


@cache
def network(name):
    """The space of a network's spec."""
    return intertwine.solve(ROOT / "specs" / "networks" / f"{name}.yaml")


def imported(path):
    """An emitted file, imported from where it lies."""
    spec = importlib.util.spec_from_file_location(f"emitted_{path.stem}_{id(path)}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def random_weights(plan, in_channels, out_channels, seed=0):
    """Weights by block and biases by output, as a program takes them; channels are by field."""
    random = np.random.default_rng(seed)
    weights = {
        (b.target, b.source): random.standard_normal(
            (b.dimension, out_channels[b.target], in_channels[b.source])
        )
        for b in plan.blocks
    }
    biases = {
        b.target: random.standard_normal((b.dimension, out_channels[b.target])) for b in plan.biases
    }
    return weights, biases


def evaluated(plan, weights, biases, inputs):
    """What the plan of one size means: its outputs for inputs in order, channels first."""
    alone = len(plan.inputs) == len(plan.outputs) == 1
    names = ["x" if alone else f"x_{field.name}" for field in plan.inputs]
    return tuple(written(plan).run(dict(zip(names, inputs, strict=True)), weights, biases).values())


def channels(fields, first):
    """A different number of channels for each field: `first`, `first + 1`, ..."""
    return {field.name: first + place for place, field in enumerate(fields)}
