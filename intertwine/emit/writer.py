"""Filling the page: what every kind of layer says, and how its parts are joined."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from intertwine.emit import page
from intertwine.emit.affine import fused_helpers
from intertwine.emit.helpers import called, checked
from intertwine.emit.names import comment
from intertwine.emit.prose import prose
from intertwine.emit.tables import Tables
from intertwine.emit.text import INDENT, cut, dictionary, enclosed, formatted, sentence, wrapped
from intertwine.plan.labels import Labels

_DRAWS = "Draw the weights and zero the bias."
_RESETS = "Draw the weights, zero the bias, and make the tables."
_FILLS = f"{INDENT * 2}self.fill_tables()"


class PageWriter(ABC):
    """Fills the holes of the page; a subclass a kind of layer says with what."""

    scope = ""
    # The type of the masks that forward takes.
    mask = ""
    template = page.CHECK

    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.tables = Tables()
        # The expressions of the buffers that no state holds, by name.
        self.exact: dict[str, str] = {}

    def page(self, version: str) -> str:
        """The whole text."""
        labels = self.labels
        options = ["2", "3", 'device="cpu"', "dtype=torch.float64"]
        check = page.filled(
            self.template,
            layer=enclosed(f"layer = {labels.class_name}(", options, ")"),
            sample="4, *shape, 2" if labels.channels_last else "4, 2, *shape",
            outputs="" if labels.output_fields else "[",
            end="" if labels.output_fields else "]",
        )
        layer, own = self.layer(), [*self.constants(), *self.exact_constant()]
        constants = "\n\n".join([*self.tables.constants, *own])
        title = f"{labels.class_name}: {labels.title}, equivariant under {labels.group}"
        whole = page.filled(
            page.PAGE,
            title=sentence(title),
            layer=layer,
            helpers=called(f"{layer}{check}{constants}", self.every_helper()),
            constants=constants,
            check=check,
            **heading(labels.name, labels.description, labels.digest, version),
        )
        return formatted(whole)

    def layer(self) -> str:
        """The class of the layer; its index tables are written on the way."""
        labels = self.labels
        # Tables are written where they are used.
        forward, methods = self.forward(), self.methods()
        return page.filled(
            page.LAYER,
            class_name=labels.class_name,
            group=cut(comment(f"{labels.group}{self.scope}"), 58),
            facts="\n".join(wrapped(comment(line), INDENT, INDENT) for line in self.facts()),
            meanings=self.meanings(),
            layout="channels come last" if labels.channels_last else "channels come first",
            shapes="\n".join(wrapped(line, INDENT * 2, INDENT * 2) for line in self.shapes()),
            channels="int | dict[str, int]" if labels.fields else "int",
            bias=str(labels.bias),
            init="\n".join([*self.init(), *([page.FILLED] if self.exact else [])]),
            resetting=_RESETS if self.exact else _DRAWS,
            reset=f"{self.reset()}\n{_FILLS}" if self.exact else self.reset(),
            arguments=enclosed("", ["self", *self.arguments()], ""),
            result=self.returned(),
            doing=self.doing,
            forward=forward,
            methods="\n\n".join([*methods, *self.filling()]),
            counted=self.counted(),
            keeping="the size of equal inputs" if labels.correlated else "unit variance",
        )  # fmt: skip

    @property
    def doing(self) -> str:
        """The docstring of forward."""
        return "Apply the map."

    @abstractmethod
    def facts(self) -> list[str]:
        """What was solved, how it was proved, and how it is computed."""

    @abstractmethod
    def meanings(self) -> str:
        """What every weight multiplies."""

    @abstractmethod
    def shapes(self) -> list[str]:
        """The shapes of every input and output."""

    @abstractmethod
    def init(self) -> list[str]:
        """The statements that make the parameters and buffers."""

    @abstractmethod
    def reset(self) -> str:
        """The statements that give the parameters their first values."""

    @abstractmethod
    def arguments(self) -> list[str]:
        """The arguments of forward."""

    @abstractmethod
    def forward(self) -> str:
        """The body of forward."""

    @abstractmethod
    def methods(self) -> list[str]:
        """The methods after forward."""

    @abstractmethod
    def counted(self) -> str:
        """What `print` shows of the number of maps."""

    @abstractmethod
    def constants(self) -> list[str]:
        """The constants that are no index tables."""

    @abstractmethod
    def helpers(self) -> Sequence[str]:
        """All functions that the page may call, in their order."""

    def returned(self) -> str:
        """The type that forward returns."""
        return "tuple[torch.Tensor, ...]" if self.labels.output_fields else "torch.Tensor"

    def with_channels(self, axes: Sequence[str], channels: str) -> list[str]:
        """The axes of a field beside its channels."""
        return [*axes, channels] if self.labels.channels_last else [channels, *axes]

    def filling(self) -> list[str]:
        """The methods that make the buffers which no state holds."""
        like = "next(self.parameters())" if self.labels.fields else "self.weight"
        return [page.filled(page.FILLING, like=like)] if self.exact else []

    def exact_constant(self) -> list[str]:
        """The dictionary of the buffers that no state holds."""
        items = [f'"{name}": {text}' for name, text in self.exact.items()]
        return [dictionary("TABLES", items)] if items else []

    def every_helper(self) -> list[str]:
        """All functions and classes that the page may call, in their order."""
        check = checked(self.labels.channels_last, bool(self.mask))
        return [check, *self.helpers(), *fused_helpers(self.mask)]


def heading(name: str, description: str, digest: str, version: str) -> dict[str, str]:
    """What every page says of its spec."""
    spec = f"Spec `{name}`"
    said = prose(f"{spec}:", description) if comment(description) else f"{spec}."
    return {
        "description": wrapped(said, "") + "\n",
        "version": version,
        "name": name,
        "digest": digest[:16],
    }
