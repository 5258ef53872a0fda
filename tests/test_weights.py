"""Arrays come out of every kind of file as they went in, and everything else is refused."""

import io
import os
import pickle
import zipfile

import numpy as np
import pytest
import safetensors.numpy
import safetensors.torch
import torch

from intertwine.errors import SpecError, TooLargeError
from intertwine.limits import limited_to
from intertwine.weights import load_weight

MATRIX = np.array([[0.5, -2.0, 3.25], [1.0, 0.0, -0.125]])
TENSOR = torch.from_numpy(MATRIX)


class Trap:
    """Writes a file where it is unpickled."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


def npz(path, **arrays):
    np.savez(path, **arrays)
    return path


def refused(path, entry=None):
    """The text of the refusal: one line, with the path."""
    with pytest.raises(SpecError) as caught:
        load_weight(path, entry)
    text = str(caught.value)
    assert text.startswith(f"{path}: given ") and "\n" not in text
    return text


def test_every_kind_of_file_gives_the_same_matrix(tmp_path):
    np.save(tmp_path / "w.npy", MATRIX.astype(np.float32))
    np.save(tmp_path / "columns.npy", np.asfortranarray(MATRIX))
    np.savez(tmp_path / "w.npz", w=MATRIX, bias=np.zeros(2))
    np.savez_compressed(tmp_path / "packed.npz", w=MATRIX.astype(np.float16))
    safetensors.numpy.save_file({"w": MATRIX, "b": np.zeros(2)}, tmp_path / "w.safetensors")
    for suffix in (".pt", ".pth", ".ckpt", ".bin"):
        torch.save({"w": TENSOR.float(), "epoch": 3, "b": torch.zeros(2)}, tmp_path / f"t{suffix}")
    paths = sorted(tmp_path.iterdir())
    assert len(paths) == 9
    for path in paths:
        weight = load_weight(path)
        assert weight.values.dtype == np.float64 and weight.values.flags.c_contiguous
        assert np.array_equal(weight.values, MATRIX)
        assert weight.name == (path.stem if path.suffix == ".npy" else "w")


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float16, torch.float32, torch.float64])
@pytest.mark.parametrize("suffix", ["safetensors", "pt"])
def test_half_precision_is_read_exactly(tmp_path, kind, suffix):
    given = torch.randn(5, 4, 3, generator=torch.Generator().manual_seed(1)).to(kind)
    path = tmp_path / f"w.{suffix}"
    if suffix == "pt":
        torch.save({"w": given}, path)
    else:
        safetensors.torch.save_file({"w": given}, path)
    assert np.array_equal(load_weight(path, "w").values, given.double().numpy())


@pytest.mark.parametrize("kind", ["i1", "i2", "<i4", ">i4", "i8", "u1", "u2", "u4", "?", ">f8"])
def test_integers_and_foreign_bytes_are_numbers(tmp_path, kind):
    given = (np.arange(6).reshape(2, 3) % 2).astype(kind)
    assert np.array_equal(load_weight(npz(tmp_path / "w.npz", w=given)).values, given)


def test_a_checkpoint_is_flattened_with_dots(tmp_path):
    path = tmp_path / "c.ckpt"
    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Linear(2, 4))
    torch.save({"model": model.state_dict(), "optimizer": {"state": [{"step": 1}]}}, path)
    found = load_weight(path, "model.1.weight")
    assert str(found) == "model.1.weight: (4, 2)"
    assert np.array_equal(found.values, model[1].weight.detach().double().numpy())
    assert "name one with --entry" in refused(path)
    assert "did you mean model.1.weight?" in refused(path, "model.1.weigt")


def test_what_can_be_meant_is_listed_with_shapes(tmp_path):
    path = npz(tmp_path / "w.npz", first=MATRIX, second=MATRIX.T, bias=np.zeros(2))
    assert "2 arrays of two axes or more" in refused(path)
    assert "one of first (2, 3), second (3, 2), bias (2,)" in refused(path)
    assert "no arrays of two axes" in refused(npz(tmp_path / "b.npz", a=np.ones(2), b=np.ones(3)))
    assert load_weight(path, "bias").values.shape == (2,)
    assert load_weight(npz(tmp_path / "one.npz", a=np.ones(2))).name == "a"


def test_no_pickle_is_run(tmp_path):
    sprung = tmp_path / "sprung"
    np.save(tmp_path / "a.npy", np.array([[Trap(sprung), 1]], dtype=object), allow_pickle=True)
    np.savez(tmp_path / "a.npz", w=np.array([[Trap(sprung), 1]], dtype=object), v=MATRIX)
    torch.save({"w": Trap(sprung)}, tmp_path / "a.pt")
    (tmp_path / "b.bin").write_bytes(pickle.dumps(Trap(sprung)))
    torch.save(torch.nn.Linear(2, 2), tmp_path / "module.pt")
    assert "an array of real numbers" in refused(tmp_path / "a.npy")
    assert "an array of real numbers" in refused(tmp_path / "a.npz", "w")
    for name in ("a.pt", "b.bin", "module.pt"):
        assert "more than arrays" in refused(tmp_path / name)
    assert np.array_equal(load_weight(tmp_path / "a.npz").values, MATRIX)
    assert not sprung.exists()
    pickle.loads((tmp_path / "b.bin").read_bytes())
    assert sprung.exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            np.array([[1.0, np.nan], [np.inf, 0.0]]),
            "2 entries that are not finite, the first at (0",
        ),
        (MATRIX * 1j, "complex128"),
        (np.array([["a", "b"]]), "<U1"),
        (np.zeros((0, 3)), "the empty array w (0, 3)"),
    ],
)
def test_other_than_finite_numbers_are_refused(tmp_path, given, said):
    assert said in refused(npz(tmp_path / "w.npz", w=given), "w")


def test_odd_tensors_are_refused(tmp_path):
    for number, odd in enumerate([TENSOR * 1j, TENSOR.to_sparse(), TENSOR.to("meta")]):
        path = tmp_path / f"{number}.pt"
        torch.save({"w": odd}, path)
        assert "an array of real numbers" in refused(path, "w")


def test_what_is_no_file_of_weights_is_refused(tmp_path):
    folder = tmp_path / "folder.npz"
    folder.mkdir()
    assert "a folder" in refused(folder)
    assert "does not exist" in refused(tmp_path / "missing.npz")
    for name, extension in (("w.h5", ".h5"), ("w", "none")):
        (tmp_path / name).write_bytes(b"1234")
        assert f"the extension {extension};" in refused(tmp_path / name)
    pipe = tmp_path / "pipe.npz"
    os.mkfifo(pipe)
    assert "a pipe or a device" in refused(pipe)


@pytest.mark.parametrize("suffix", ["npy", "npz", "safetensors", "pt", "bin"])
@pytest.mark.parametrize("kept", [0, 1, 40, 0.5, 0.98])
def test_a_damaged_file_is_refused(tmp_path, suffix, kept):
    whole = io.BytesIO()
    if suffix == "npy":
        np.save(whole, MATRIX)
    elif suffix == "npz":
        np.savez(whole, w=MATRIX)
    elif suffix == "safetensors":
        whole.write(safetensors.numpy.save({"w": MATRIX}))
    else:
        torch.save({"w": TENSOR}, whole)
    content = whole.getvalue()
    path = tmp_path / f"w.{suffix}"
    path.write_bytes(content[: int(kept * len(content)) if isinstance(kept, float) else kept])
    assert "damaged" in refused(path)


def test_a_file_of_noise_is_refused(tmp_path):
    noise = np.random.default_rng(0).bytes(2000)
    for suffix in ("npy", "npz", "safetensors", "pt", "ckpt"):
        path = tmp_path / f"w.{suffix}"
        path.write_bytes(noise)
        assert "damaged" in refused(path)


def test_nothing_is_read_beyond_the_limit(tmp_path):
    path = npz(tmp_path / "w.npz", w=np.zeros((100, 100)))
    small = tmp_path / "bomb.npz"
    np.savez_compressed(small, w=np.zeros((2000, 2000)))
    assert small.stat().st_size < 50_000
    spread = tmp_path / "spread.pt"
    torch.save({"w": torch.zeros(1).expand(2**20, 2**20)}, spread)
    with limited_to(100_000):
        for given in (path, small, spread):
            with pytest.raises(TooLargeError, match=given.name):
                load_weight(given)
    with pytest.raises(TooLargeError, match="array"):
        load_weight(spread)


def test_a_header_that_lies_about_its_size_is_refused(tmp_path):
    path = tmp_path / "w.npy"
    with path.open("wb") as stream:
        header = {"descr": "<f8", "fortran_order": False, "shape": (10**6, 10**6)}
        np.lib.format.write_array_header_1_0(stream, header)
    assert "damaged" in refused(path)


def test_an_entry_that_is_there_twice_is_refused(tmp_path):
    path = tmp_path / "w.npz"
    array = io.BytesIO()
    np.save(array, MATRIX)
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("w.npy", array.getvalue())
        archive.writestr("w.npy", array.getvalue())
    assert "the entry w, twice" in refused(path, "w")
    twins = tmp_path / "w.pt"
    torch.save({"a": {"b": TENSOR}, "a.b": TENSOR}, twins)
    assert "the entry a.b, twice" in refused(twins, "a.b")


def test_names_cannot_break_a_terminal(tmp_path):
    path = tmp_path / "w.pt"
    torch.save({"\x1b[2J": TENSOR, "two\nlines": TENSOR}, path)
    assert "\x1b" not in refused(path)
