"""Proving the maps of an emitted page that have coefficients, as far as rounded numbers can."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from intertwine.emit.read_stacked import PageMaps
from intertwine.errors import CertificateError
from intertwine.numerals import many

Array = NDArray[np.float64]

_ROUNDING = 1e-9
_LARGEST_SYSTEM = 1500


def maps_proved(where: str, page: PageMaps) -> str:
    """Check that all maps commute with the page's generators, are independent, and are all.

    That they are all, where no support keeps some only, is the nullity of the stacked constraints,
    where these are few enough.
    """
    total, worst, whole = 0, 0.0, True
    for (target, source), maps in page.maps.items():
        lefts = page.outputs[target]
        rights = [np.eye(1)] * page.generator_count if source is None else page.inputs[source]
        apart = (np.abs(t @ maps - maps @ s) for t, s in zip(lefts, rights, strict=True))
        residual = max((float(gap.max(initial=0)) for gap in apart), default=0.0)
        flat = maps.reshape(len(maps), maps.shape[1] * maps.shape[2])
        wrong = residual > _ROUNDING * max(1.0, float(np.abs(maps).max(initial=0)))
        if wrong or _rank(flat) < len(maps):
            raise CertificateError(
                f"{where}: the maps of {target} from {source or 'bias'} are wrong"
            )
        worst = max(worst, residual)
        total += 0 if source is None else len(maps)
        if page.restricted:
            continue
        if flat.shape[1] > _LARGEST_SYSTEM:
            whole = False
        elif flat.shape[1] - _rank(_constraints(lefts, rights)) != len(maps):
            raise CertificateError(f"{where}: maps of {target} from {source or 'bias'} are missing")
    if page.restricted:
        return (
            f"{where}: {total} maps kept, independent, each commutes with every generator "
            f"({page.generator_count}), residual {worst:.0e}"
        )
    known = "all there are" if whole else "whether they are all was not checked, for their size"
    return (
        f"{where}: {many(total, 'independent map')} commuting with its "
        f"{many(page.generator_count, 'generator')}, "
        f"residual {worst:.0e}; {known}"
    )


def _constraints(lefts: list[Array], rights: list[Array]) -> Array:
    rows = [
        np.kron(left, np.eye(len(right))) - np.kron(np.eye(len(left)), right.T)
        for left, right in zip(lefts, rights, strict=True)
    ]
    return np.concatenate(rows) if rows else np.zeros((0, 1))


def _rank(rows: Array) -> int:
    """The number of singular values that are no rounding errors, of rows scaled to length 1."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled = rows[lengths[:, 0] > _ROUNDING] / lengths[lengths[:, 0] > _ROUNDING]
    if not scaled.size:
        return 0
    gram = scaled @ scaled.T if len(scaled) < scaled.shape[1] else scaled.T @ scaled
    return int((np.linalg.eigvalsh(gram) > _ROUNDING).sum())
