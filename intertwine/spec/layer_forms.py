"""The forms of what a layer looks like."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictBool, StrictInt

from intertwine.spec.forms import ClassName, StrictMapping

Strategy = Literal["auto", "expand", "factor", "convolve"]
Init = Literal["independent", "correlated"]
Boundary = Literal["periodic", "zeros"]


class Support(StrictMapping):
    """Which maps a layer keeps: those within reach on a grid, or those of these numbers."""

    radius: Annotated[StrictInt, Field(ge=0, le=4096)] | None = None
    orbitals: list[Annotated[StrictInt, Field(ge=0)]] | None = None


class Layer(StrictMapping):
    """What the emitted layer looks like."""

    examples: ClassVar = {"support": "{radius: 1}"}

    class_name: ClassName | None = None
    bias: StrictBool = True
    strategy: Strategy = "auto"
    support: Support = Support()
    boundary: Boundary = "periodic"
    init: Init | None = None
    normalize: Literal["mean", "sum"] = "mean"
    layout: Literal["channels_first", "channels_last"] = "channels_first"
