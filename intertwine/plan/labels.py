"""What the page of a layer says of it, besides the mathematics."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Labels:
    """What a page says of its layer, and how its tensors are handed over.

    First weights give unit variance for independent inputs, or for `correlated` ones, which are
    the same at all points.  `unreached` are sentences on parts of the output that no map reaches.
    """

    name: str
    class_name: str
    title: str
    description: str
    group: str
    order: str
    certificate: str
    digest: str
    bias: bool
    channels_last: bool
    input_fields: bool
    output_fields: bool
    correlated: bool = False
    unreached: tuple[str, ...] = ()

    @property
    def fields(self) -> bool:
        """Whether parameters are kept by field."""
        return self.input_fields or self.output_fields
