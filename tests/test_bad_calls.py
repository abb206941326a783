"""Calls that are wrong, over every public function: each is refused in one line that names it and what was found.

A row is the call, then what its message must hold, its first words first: the name of the function, op or layer. What
the tests of the single modules refuse already is there; here stand the calls that nobody means to make.
"""

import re

import numpy as np
import pytest

import minae
from minae import (
    Tensor,
    backend,
    data,
    differentiable,
    functional,
    gradcheck,
    models,
    nn,
    optim,
    plots,
    tensor,
    training,
)
from minae.data import picture_files, tiles
from minae.measures import energy, evidence, image_error, pca, ridge
from minae.models import likelihoods

NAMES = {
    "np": np,
    "minae": minae,
    "Tensor": Tensor,
    "tensor": tensor,
    "differentiable": differentiable,
    "gradcheck": gradcheck,
    "F": functional,
    "nn": nn,
    "optim": optim,
    "backend": backend,
    "data": data,
    "Split": data.Split,
    "pictures": picture_files,
    "tiles": tiles,
    "plots": plots,
    "evidence": evidence,
    "energy": energy,
    "pca": pca,
    "psnr": image_error,
    "ridge": ridge,
    "training": training,
    "models": models,
    "likelihoods": likelihoods,
    "NAN": float("nan"),
    "X": Tensor(np.ones((2, 3))),
    "X32": Tensor(np.ones((2, 3), np.float32)),
    "P": Tensor(np.ones((2, 3)), requires_grad=True),
    "V": Tensor(np.ones(4)),
    "S": Tensor(1.0),
    "E": Tensor(np.ones((0, 3))),
    "I": Tensor(np.ones((2, 3), int)),
    "B": Tensor(np.ones((2, 3), bool)),
    "C": np.ones((2, 3), complex),
    "O": np.full((2, 3), None),
    "T": np.full((2, 3), "a"),
    "IM": Tensor(np.ones((2, 3, 8, 6))),
    "K": Tensor(np.ones((4, 3, 3, 3))),
    "KT": Tensor(np.ones((3, 4, 3, 3))),
    "LIN": nn.Linear(3, 2, rng=0),
    "CONV": nn.Conv2d(3, 4, 3, rng=0),
    "CT": nn.ConvTranspose2d(3, 4, 3, rng=0),
    "SEQ": nn.Sequential(nn.Linear(3, 2, rng=0)),
    "IMG": np.ones((3, 1, 8, 8), np.float32),
    "HISTORY": {"epoch": [1], "train_loss": [2.0], "test_loss": [3.0]},
    "IMG2": np.ones((4, 1, 4, 4), np.float32),
    "AE": models.AE((1, 4, 4), (3,), 2, rng=0),
    "VAE": models.VAE((1, 4, 4), 3, 2, rng=0),
    "CV": models.CVAE((1, 4, 4), 3, 2, rng=0),
    "CL": models.Classifier((1, 4, 4), (3, 3), rng=0),
    "SR": models.SuperResolution((1, 4, 4), 2, 2, rng=0),
    "DN": models.Denoiser((1, 4, 4), rng=0),
    "CA": models.ConvAE((1, 4, 4), rng=0),
}

CALLS = {
    "plots": r"""
plots.confusion(np.ones((2, 3)), "ab", "") | confusion: | counts (2, 2) | found shape (2, 3)
plots.grid(IMG[0], "") | grid: | (N, C, H, W) | found (1, 8, 8)
plots.grid(np.ones((3, 2, 8, 8)), "") | grid: | C 1 or 3 | found (3, 2, 8, 8)
plots.grid(IMG[:0], "") | grid: | found (0, 1, 8, 8)
plots.grid([1], "") | grid: | must be an array | found list
plots.grid(X, "") | grid: | must be an array | found Tensor
plots.grid(T, "") | grid: | real numbers | found <U1
plots.versions({}, "") | versions: | found nothing
plots.versions({"a": IMG, "b": IMG2}, "") | versions: | of one shape | found (3, 1, 8, 8), (4, 1, 4, 4)
plots.pairs(IMG, IMG2, ("a", "b"), "") | versions: | of one shape
plots.table(IMG[None], [1], [2], "", ("r", "c")) | table: | 1 rows and 1 columns | found images (1, 3, 1, 8, 8)
plots.table(np.ones((1, 1, 2, 8, 8)), [1], [2], "", ("r", "c")) | table: | C 1 or 3
plots.table([1], [1], [2], "", ("r", "c")) | table: | must be an array | found list
plots.table(T[None, :, None, None], [1, 2], [2], "", ("r", "c")) | table: | real numbers | found <U1
plots.manifold(IMG, "") | manifold: | a square grid | found 3
plots.manifold(IMG[0], "") | manifold: | (N, C, H, W)
plots.latent_scatter(np.ones((4, 3)), None, "", ("x", "y")) | latent_scatter: | (N, 2) | found (4, 3)
plots.latent_scatter(np.ones((4, 2)), np.ones(3), "", ("x", "y")) | latent_scatter: | each of 4 points | found (3,)
plots.latent_scatter(T[:, :2], None, "", ("x", "y")) | latent_scatter: | real numbers
plots.codes_beside_prior(np.ones((4, 3)), None, np.ones((4, 2)), ("x", "y")) | codes_beside_prior: | found (4, 3)
plots.codes_beside_prior(np.ones((4, 2)), np.ones(3), np.ones((4, 2)), ("x", "y")) | codes_beside_prior: | found (3,)
plots.codes_beside_prior(np.ones((4, 2)), None, np.ones(4), ("x", "y")) | codes_beside_prior: | found (4,)
plots.codes_beside_prior(np.ones((4, 2)), None, np.ones((4, 1)), ("x", "y")) | codes_beside_prior: | and (4, 1)
plots.latent_scatter(np.ones((0, 2)), None, "", ("x", "y")) | latent_scatter: | (N, 1) | found (0, 2)
plots.kl_per_latent([1.0], np.ones(1, bool)) | kl_per_latent: | kl must be an array | found list
plots.kl_per_latent(np.ones(1), [True]) | kl_per_latent: | active must be an array | found list
plots.kl_per_latent(np.ones(3), np.ones(3)) | kl_per_latent: | booleans | found (3,) and (3,) float64
plots.kl_per_latent(np.ones(3), np.ones(2, bool)) | kl_per_latent: | found (3,) and (2,) bool
plots.bounds([1, 2], [-3.0, -2.0], 2, "") | bounds: | means must be an array | found list
plots.bounds([1, 2], np.ones(3), 2, "") | bounds: | each of 2 | found shape (3,)
plots.loss_curves(HISTORY, ["loss", "kl"], "nats") | loss_curves: | no train_kl, test_kl | it has epoch, train_loss
plots.gradient_norms({"loss": [1.0]}) | gradient_norms: | no epoch
plots.normal_quantiles(0) | normal_quantiles: | at least 1
plots.normal_quantiles(2.0) | normal_quantiles: | whole number
""",
    "Tensor": r"""
X + C | add: | found complex128 (2, 3) beside a tensor (2, 3)
X + O | add: | found object (2, 3) beside a tensor (2, 3)
X + T | add: | found <U1 (2, 3) beside a tensor (2, 3)
X + V | add: | a (2, 3) | b (4,)
X - Tensor(np.ones((3, 2))) | sub: | a (2, 3) | b (3, 2)
X * C | mul: | found complex128 (2, 3) beside a tensor (2, 3)
X / T | div: | found <U1 (2, 3) beside a tensor (2, 3)
X ** T | pow: | found <U1 (2, 3) beside a tensor (2, 3)
X ** C | pow: | found complex128 (2, 3) beside a tensor (2, 3)
X @ C | matmul: | found complex128 (2, 3) beside a tensor (2, 3)
X @ O | matmul: | found object (2, 3) beside a tensor (2, 3)
X @ X | matmul: | a (2, 3) | b (2, 3)
X @ S | matmul: | a (2, 3) | b ()
V @ X | matmul: | a (4,) | b (2, 3)
C + X | add: | found complex128 (2, 3) beside a tensor (2, 3)
O * X | mul: | found object (2, 3) beside a tensor (2, 3)
T - X | sub: | found <U1 (2, 3) beside a tensor (2, 3)
X + np.complex64(1) | add: | found complex64 () beside a tensor (2, 3)
X @ 3 | matmul: | a (2, 3) | b ()
I ** (-1) | pow: | a (2, 3)
X.sum(axis=2) | sum: | axis 2 | x (2, 3)
X.sum(axis=-3) | sum: | axis -3 | x (2, 3)
X.sum(axis=1.0) | sum: | found 1.0 | x (2, 3)
X.sum(axis='0') | sum: | found '0' | x (2, 3)
X.sum(axis=True) | sum: | found True | x (2, 3)
X.sum(axis=(0, True)) | sum: | found (0, True) | x (2, 3)
X.sum(axis=(0, 0)) | sum: | axis (0, 0) | x (2, 3)
X.sum(axis=(0, -2)) | sum: | axis (0, -2) | x (2, 3)
X.sum(axis=[0, 1]) | sum: | found [0, 1] | x (2, 3)
X.sum(axis=(0, 2)) | sum: | axis (0, 2) | x (2, 3)
X.sum(axis=NAN) | sum: | found nan | x (2, 3)
X.sum(axis=np.array([0, 1])) | sum: | found array([0, 1]) | x (2, 3) | axis (2,)
X.sum(axis=np.array(0)) | sum: | found array(0) | x (2, 3) | axis ()
X.sum(axis={}) | sum: | found {} | x (2, 3)
S.sum(axis=0) | sum: | axis 0 | x ()
S.mean(axis=-1) | mean: | axis -1 | x ()
X.mean(axis=2) | mean: | axis 2 | x (2, 3)
X.mean(axis=0.5) | mean: | found 0.5 | x (2, 3)
X.mean(axis=(1, 1)) | mean: | axis (1, 1) | x (2, 3)
X.mean(axis=False) | mean: | found False | x (2, 3)
E.mean() | mean: | x (0, 3)
E.mean(axis=0) | mean: | x (0, 3)
X.max(axis=3) | max: | axis 3 | x (2, 3)
X.max(axis='x') | max: | found 'x' | x (2, 3)
X.max(axis=(0, 1, 2)) | max: | axis (0, 1, 2) | x (2, 3)
E.max() | max: | x (0, 3)
E.max(axis=0) | max: | x (0, 3)
X.max(axis=True) | max: | found True | x (2, 3)
X.min(axis=3) | min: | axis 3 | x (2, 3)
E.min() | min: | x (0, 3)
X.min(axis='x') | min: | found 'x' | x (2, 3)
X.var(axis=2) | var: | axis 2 | x (2, 3)
S.var() | var: | the correction, 1, found 1 | x ()
X.var(correction=6) | var: | the correction, 6, found 6 | x (2, 3)
X.var(correction=-1) | var: | found -1 | x (2, 3)
X.var(correction='1') | var: | found '1' | x (2, 3)
I.var() | var: | found int64 | x (2, 3)
E.std(axis=0) | std: | found 0 | x (0, 3)
X.std(axis=0, correction=2) | std: | found 2 | x (2, 3)
X.std(axis=0.5) | std: | found 0.5 | x (2, 3)
Tensor(C.real).clip() | clip: | found neither | x (2, 3)
X.clip('0') | clip: | found '0' | x (2, 3)
X.clip(0, NAN) | clip: | found nan | x (2, 3)
X.clip(max=V.data) | clip: | found array([1., 1., 1., 1.]) | x (2, 3)
I.clip(0) | clip: | found int64 | x (2, 3)
I.sin() | sin: | found int64 | x (2, 3)
B.cos() | cos: | found bool | x (2, 3)
X.prod(axis=2) | prod: | axis 2 | x (2, 3)
X.prod(axis='a') | prod: | found 'a' | x (2, 3)
X.cumsum(2) | cumsum: | axis 2 | x (2, 3)
X.cumsum(None) | cumsum: | found None | x (2, 3)
S.cumsum(0) | cumsum: | axis 0 | x ()
X.swapaxes(0, 2) | swapaxes: | axis 2 | x (2, 3)
X.swapaxes('a', 0) | swapaxes: | found 'a' | x (2, 3)
X.broadcast_to((2, 4)) | broadcast_to: | (2, 4) | x (2, 3)
X.broadcast_to(3) | broadcast_to: | (3,) | x (2, 3)
X.broadcast_to((-1, 3)) | broadcast_to: | found (-1, 3) | x (2, 3)
X.broadcast_to('ab') | broadcast_to: | found 'ab' | x (2, 3)
X.split(0) | split: | found 0
X.split([1, 2]) | split: | of the axis, 2, found [1, 2]
X.split([3, -1]) | split: | found [3, -1]
X.split(1, axis=2) | split: | axis 2 is out of range for 2 axes
X.split(1, None) | split: | found None
X.split(1.5) | split: | found 1.5
X.squeeze(0) | squeeze: | axis 0 must have size 1 | x (2, 3)
X.squeeze((0, 3)) | squeeze: | axis (0, 3) | x (2, 3)
X.squeeze('a') | squeeze: | found 'a' | x (2, 3)
X.unsqueeze(3) | unsqueeze: | axis 3 | 3 axes | x (2, 3)
X.unsqueeze(-4) | unsqueeze: | axis -4 | x (2, 3)
X.unsqueeze((0, 1)) | unsqueeze: | found (0, 1) | x (2, 3)
minae.cat(X) | cat: | a list of tensors, found Tensor
minae.cat([]) | cat: | found none
minae.cat([X, V]) | cat: | equally many axes | tensors[0] (2, 3) float64, tensors[1] (4,) float64
minae.cat([X, E], axis=1) | cat: | except along axis 1 | tensors[0] (2, 3) | tensors[1] (0, 3)
minae.cat([X, X], axis=2) | cat: | axis 2 | 2 axes
minae.cat([X, X], 0.0) | cat: | found 0.0
minae.cat([S, S]) | cat: | 0-d tensors | use stack
minae.cat([X, 1.0]) | cat: | tensors[1] | found float
minae.stack(3) | stack: | found int
minae.stack(()) | stack: | found none
minae.stack([X, E]) | stack: | one shape | tensors[0] (2, 3) | tensors[1] (0, 3)
minae.stack([X, None]) | stack: | tensors[1] | found NoneType
minae.stack([X, X], axis=3) | stack: | axis 3 | 3 axes
minae.maximum(X, 'a') | maximum: | found str | a (2, 3)
minae.maximum(X, V) | maximum: | a (2, 3) | b (4,)
minae.maximum(X, C) | maximum: | found complex128 | a (2, 3) | b (2, 3)
minae.minimum(None, X) | minimum: | found NoneType | b (2, 3)
minae.minimum(X, T) | minimum: | found <U1 | a (2, 3) | b (2, 3)
minae.where(X, X, X) | where: | found float64 | condition (2, 3)
minae.where(True, X, X) | where: | found bool | a (2, 3)
minae.where(B, X, V) | where: | condition (2, 3) bool, a (2, 3) float64, b (4,)
minae.where(B, X, 'b') | where: | found str | condition (2, 3)
minae.where(B, X) | where: | missing
I.exp() | exp: | found int64 | x (2, 3)
B.log() | log: | found bool | x (2, 3)
I.sqrt() | sqrt: | found int64 | x (2, 3)
I.tanh() | tanh: | found int64 | x (2, 3)
X.reshape(4) | reshape: | x (2, 3)
X.reshape(4, 2) | reshape: | x (2, 3)
X.reshape(-1, -1) | reshape: | found (-1, -1) | x (2, 3)
X.reshape(-1, 4) | reshape: | x (2, 3)
X.reshape(-2, 3) | reshape: | found (-2, 3) | x (2, 3)
X.reshape('6') | reshape: | found '6' | x (2, 3)
X.reshape(6.0) | reshape: | found 6.0 | x (2, 3)
X.reshape(2, 3.0) | reshape: | found (2, 3.0) | x (2, 3)
X.reshape(None) | reshape: | found None | x (2, 3)
X.reshape() | reshape: | x (2, 3)
X.reshape(True) | reshape: | found True | x (2, 3)
X.reshape((2, '3')) | reshape: | found (2, '3') | x (2, 3)
X.reshape([2, [3]]) | reshape: | found [2, [3]] | x (2, 3)
E.reshape(-1, 0) | reshape: | x (0, 3)
X.reshape(Tensor(6)) | reshape: | found array(6) | x (2, 3) | shape ()
X.transpose(0) | transpose: | axes (0,) | x (2, 3)
X.transpose(0, 0) | transpose: | axis (0, 0) | x (2, 3)
X.transpose(0, 2) | transpose: | axis (0, 2) | x (2, 3)
X.transpose(0, 1, 2) | transpose: | axis (0, 1, 2) | x (2, 3)
X.transpose('a', 'b') | transpose: | found ('a', 'b') | x (2, 3)
X.transpose(0.0, 1.0) | transpose: | found (0.0, 1.0) | x (2, 3)
X.transpose((0, 1), (1, 0)) | transpose: | found ((0, 1), (1, 0)) | x (2, 3)
X.transpose(True, False) | transpose: | found (True, False) | x (2, 3)
X.transpose('ab') | transpose: | found 'ab' | x (2, 3)
X.transpose(NAN, 0) | transpose: | found (nan, 0) | x (2, 3)
S.transpose(0) | transpose: | axis (0,) | x ()
X.flatten(2) | flatten: | start_dim 2 | x (2, 3)
X.flatten(-3) | flatten: | start_dim -3 | x (2, 3)
X.flatten(1.0) | flatten: | found 1.0 | x (2, 3)
X.flatten('0') | flatten: | found '0' | x (2, 3)
X.flatten(None) | flatten: | found None | x (2, 3)
X.flatten(True) | flatten: | found True | x (2, 3)
X.flatten(NAN) | flatten: | found nan | x (2, 3)
X[2] | getitem: | x (2, 3)
X[0, 3] | getitem: | x (2, 3)
X[0, 0, 0] | getitem: | x (2, 3)
X['a'] | getitem: | x (2, 3)
X[1.0] | getitem: | x (2, 3)
X[None, 0.5] | getitem: | x (2, 3)
X[[0, 5]] | getitem: | x (2, 3)
X[np.array([0.5])] | getitem: | x (2, 3) | index (1,)
X[np.ones((3, 2), bool)] | getitem: | x (2, 3) | index (3, 2)
X[::0] | getitem: | x (2, 3)
X[X] | getitem: | x (2, 3) | index (2, 3)
X[object()] | getitem: | x (2, 3)
X[[[0], [0, 1]]] | getitem: | x (2, 3)
X[np.array([1j])] | getitem: | x (2, 3) | index (1,)
X[..., ...] | getitem: | x (2, 3)
X[2 ** 70] | getitem: | x (2, 3)
S[0] | getitem: | x ()
X.item() | item: | found shape (2, 3)
E.item() | item: | found shape (0, 3)
float(X) | item: | found shape (2, 3)
bool(X) | item: | found shape (2, 3)
len(S) | len:
list(S) | len:
X.backward() | backward:
P.backward() | backward:
P.backward(np.ones(3)) | backward:
P.backward(C) | backward: | found dtype complex128, shape (2, 3)
P.backward('x') | backward: | found dtype <U1, shape ()
P.backward(None) | backward:
P.backward([[1, 2], [1, 2, 3]]) | backward:
P.backward(O) | backward: | found dtype object, shape (2, 3)
(P * 2.0).backward(np.ones((3, 2))) | backward:
(P * 2.0).backward(2.0) | backward:
(P * 2.0).backward(T) | backward: | found dtype <U1, shape (2, 3)
(P * 2.0).backward(np.full((2, 3), 1j)) | backward: | found dtype complex128, shape (2, 3)
Tensor('a') | Tensor: | found dtype <U1, shape ()
Tensor(None) | Tensor: | found dtype object, shape ()
Tensor(object()) | Tensor: | found dtype object, shape ()
Tensor(1j) | Tensor: | found dtype complex128, shape ()
Tensor(C) | Tensor: | found dtype complex128, shape (2, 3)
Tensor(O) | Tensor: | found dtype object, shape (2, 3)
Tensor(T) | Tensor: | found dtype <U1, shape (2, 3)
Tensor([[1], [1, 2]]) | Tensor:
Tensor({1: 2}) | Tensor: | found dtype object, shape ()
Tensor({1, 2}) | Tensor: | found dtype object, shape ()
Tensor([1, 'a']) | Tensor: | found dtype <U21, shape (2,)
Tensor([None]) | Tensor: | found dtype object, shape (1,)
Tensor(b'a') | Tensor: | found dtype |S1, shape ()
Tensor(np.array('2020-01-01', dtype='M8[D]')) | Tensor: | found dtype datetime64[D], shape ()
Tensor(np.zeros(2, dtype=[('a', float)])) | Tensor: | found dtype [('a', '<f8')], shape (2,)
Tensor(np.zeros(2, 'm8[s]')) | Tensor: | found dtype timedelta64[s], shape (2,)
Tensor([1, 2], requires_grad=True) | Tensor: | found int64
Tensor([True], requires_grad=True) | Tensor: | found bool
Tensor(iter([1.0])) | Tensor: | found dtype object, shape ()
Tensor(lambda: 1) | Tensor: | found dtype object, shape ()
Tensor([10 ** 400]) | Tensor: | found dtype object, shape (1,)
Tensor(10 ** 400) | Tensor: | found dtype object, shape ()
Tensor(2 ** 64) | Tensor: | found dtype object, shape ()
tensor('a') | Tensor: | found dtype <U1, shape ()
tensor(None) | Tensor: | found dtype object, shape ()
tensor([[1.0], [2.0, 3.0]]) | Tensor:
tensor(C) | Tensor: | found dtype complex128, shape (2, 3)
tensor([1], requires_grad=True) | Tensor: | found int64
tensor(O) | Tensor: | found dtype object, shape (2, 3)
nn.Parameter(None) | Tensor: | found dtype object, shape ()
nn.Parameter('a') | Tensor: | found dtype <U1, shape ()
nn.Parameter([1, 2]) | Tensor: | found int64
nn.Parameter(C) | Tensor: | found dtype complex128, shape (2, 3)
nn.Parameter([[1.0], [1.0, 2.0]]) | Tensor:
nn.Parameter(np.ones(2, bool)) | Tensor: | found bool
list(data.batches('10', 2, None)) | batches: | found batch_size 2 and count '10'
""",
    "functional": r"""
F.linear(X, V) | linear: | x (2, 3) | weight (4,)
F.linear(S, X) | linear: | x () | weight (2, 3)
F.linear(X, C) | linear: | found complex128 | x (2, 3) | weight (2, 3)
F.linear(X, X, V) | linear: | x (2, 3) | weight (2, 3) | bias (4,)
F.linear(X, X, 1.0) | linear: | found float | x (2, 3) | weight (2, 3)
F.linear(X, None) | linear: | found NoneType | x (2, 3)
F.linear(None, X) | linear: | found NoneType | weight (2, 3)
F.linear(X, X, bias='b') | linear: | found str | x (2, 3) | weight (2, 3)
F.linear(X32, X) | linear: | x (2, 3) | weight (2, 3)
F.linear(X, O) | linear: | found object | x (2, 3) | weight (2, 3)
F.linear(X, weights=X) | linear:
F.linear(X, Tensor(np.ones((2, 3, 3)))) | linear: | x (2, 3) | weight (2, 3, 3)
F.relu(None) | relu: | found NoneType
F.relu(3.0) | relu: | found float
F.relu('x') | relu: | found str
F.relu(C) | relu: | found complex128 | x (2, 3)
F.relu(O) | relu: | found object | x (2, 3)
F.relu(B) | relu: | found bool | x (2, 3)
F.leaky_relu(X, 'a') | leaky_relu: | found 'a' | x (2, 3)
F.leaky_relu(X, None) | leaky_relu: | found None | x (2, 3)
F.leaky_relu(X, -float('inf')) | leaky_relu: | found -inf | x (2, 3)
F.leaky_relu(X, NAN) | leaky_relu: | found nan | x (2, 3)
F.leaky_relu(X, 1j) | leaky_relu: | found 1j | x (2, 3)
F.leaky_relu(X, [0.1]) | leaky_relu: | found [0.1] | x (2, 3)
F.leaky_relu(X, np.ones(4)) | leaky_relu: | found array([1., 1., 1., 1.]) | x (2, 3) | negative_slope (4,)
F.leaky_relu(X, V) | leaky_relu: | found array([1., 1., 1., 1.]) | x (2, 3) | negative_slope (4,)
F.leaky_relu(X, True) | leaky_relu: | found True | x (2, 3)
F.leaky_relu(X, float('inf')) | leaky_relu: | found inf | x (2, 3)
F.sigmoid(None) | sigmoid: | found NoneType
F.sigmoid(C) | sigmoid: | found complex128 | x (2, 3)
F.softplus(T) | softplus: | found <U1 | x (2, 3)
F.softplus(1) | softplus: | found int
F.tanh(None) | tanh: | found NoneType
F.tanh(O) | tanh: | found object | x (2, 3)
F.softmax(X, 2) | softmax: | axis 2 | x (2, 3)
F.softmax(X, None) | softmax: | found None | x (2, 3)
F.softmax(E, 0) | softmax: | axis 0 | x (0, 3)
F.softmax(I) | softmax: | found int64 | x (2, 3)
F.log_softmax(X, 2) | log_softmax: | axis 2 | x (2, 3)
F.log_softmax(X, -3) | log_softmax: | axis -3 | x (2, 3)
F.log_softmax(X, 1.0) | log_softmax: | found 1.0 | x (2, 3)
F.log_softmax(X, '1') | log_softmax: | found '1' | x (2, 3)
F.log_softmax(X, None) | log_softmax: | found None | x (2, 3)
F.log_softmax(X, (0, 1)) | log_softmax: | found (0, 1) | x (2, 3)
F.log_softmax(X, True) | log_softmax: | found True | x (2, 3)
F.log_softmax(S) | log_softmax: | axis -1 | x ()
F.log_softmax(E, 0) | log_softmax: | axis 0 | x (0, 3)
F.log_softmax(C) | log_softmax: | found complex128 | x (2, 3)
F.log_softmax(X, dim=0) | log_softmax:
F.logsumexp(X, 2) | logsumexp: | axis 2 | x (2, 3)
F.logsumexp(X, None) | logsumexp: | found None | x (2, 3)
F.logsumexp(E, 0) | logsumexp: | axis 0 | x (0, 3)
F.logsumexp(I, 0) | logsumexp: | found int64 | x (2, 3)
F.gelu(I) | gelu: | found int64 | x (2, 3)
F.gelu(X, True) | gelu: | found True | x (2, 3)
F.silu(None) | silu: | found NoneType
F.embedding(X, X) | embedding: | found float64 | input (2, 3)
F.embedding(np.array([0, 2]), X) | embedding: | from 0 to 1, found 0 to 2 | input (2,)
F.embedding(np.array([-1]), X) | embedding: | from 0 to 1, found -1 to -1
F.embedding(I, V) | embedding: | weight (V, D) | weight (4,)
F.embedding(I, I) | embedding: | found int64
F.embedding([0], X) | embedding: | found list
F.pad(X, 1) | pad: | found 1 | x (2, 3)
F.pad(X, (1,)) | pad: | found (1,) | x (2, 3)
F.pad(X, (1, -1)) | pad: | found (1, -1) | x (2, 3)
F.pad(X, (1, 1, 1, 1, 1, 1)) | pad: | found (1, 1, 1, 1, 1, 1) | x (2, 3)
F.pad(X, (1, 1), value='0') | pad: | found '0' | x (2, 3)
F.pad(I, (1, 1)) | pad: | found int64 | x (2, 3)
F.kl_divergence(X, X, X, V) | kl_divergence: | prior_log_var (4,)
F.kl_divergence(X, X) | kl_divergence: | missing
F.kl_divergence(S, S, S, S) | kl_divergence: | (N, ...) | mu ()
F.kl_divergence(X, X, X32, X) | kl_divergence: | one dtype | prior_mu (2, 3) float32
F.dropout(X, 1) | dropout: | p must be at least 0 and below 1 | found 1
F.dropout(X, 'a') | dropout: | found 'a' | x (2, 3)
F.dropout(X, noise=V.data) | dropout: | x (2, 3) | noise (4,)
F.dropout(X, rng='a') | dropout: | found 'a' | x (2, 3)
F.dropout(I) | dropout: | found int64 | x (2, 3)
F.batch_norm(V, None, None, training=True) | batch_norm: | (N, C, ...) | x (4,)
F.batch_norm(X, None, None) | batch_norm: | or training=True | x (2, 3)
F.batch_norm(X[:1], None, None, training=True) | batch_norm: | more than 1 number | found 1 | x (1, 3)
F.batch_norm(X, V, V) | batch_norm: | of shape (3,) | running_mean (4,)
F.batch_norm(X, None, None, V.data[:2], training=True) | batch_norm: | of shape (3,) | weight (2,)
F.batch_norm(X, X32[0], X32[0]) | batch_norm: | one dtype | running_mean (3,) float32
F.batch_norm(X, None, None, training=True, eps=-1) | batch_norm: | eps | found -1
F.batch_norm(X, None, None, training=True, momentum='a') | batch_norm: | found 'a'
F.layer_norm(X, 2) | layer_norm: | found (2,) | x (2, 3)
F.layer_norm(X, ()) | layer_norm: | found () | x (2, 3)
F.layer_norm(X, 'a') | layer_norm: | found 'a' | x (2, 3)
F.layer_norm(X[:, :1], 1) | layer_norm: | more than 1 number | x (2, 1)
F.layer_norm(X, 3, V) | layer_norm: | of shape (3,) | weight (4,)
F.layer_norm(X, 3, 'a') | layer_norm: | found str | weight
F.layer_norm(X, 3, X[0], 'a') | layer_norm: | found str | bias
F.layer_norm(X, (2, 3), eps=NAN) | layer_norm: | found nan
F.group_norm(X, 2) | group_norm: | a multiple of 2 | x (2, 3)
F.group_norm(X, 0) | group_norm: | found 0 | x (2, 3)
F.group_norm(X, 1, V) | group_norm: | of shape (3,) | weight (4,)
F.group_norm(V, 1) | group_norm: | (N, C, ...) | x (4,)
F.group_norm(None, 1) | group_norm: | found NoneType
F.gru_cell(X, X, V, X) | gru_cell: | weight_ih (3H, I) | weight_ih (4,)
F.gru_cell(S, X, X, X) | gru_cell: | input (N, I) | input ()
F.gru_cell(X, V, X, X) | gru_cell: | hx (N, H) | hx (4,)
F.gru_cell(X, None, X, X) | gru_cell: | hx must be a Tensor | found NoneType
F.gru_cell(X, X, np.ones((9, 3)), np.ones((9, 3)), V) | gru_cell: | biases (3H,) | bias_ih (4,)
F.gru_cell(X, X, np.ones((9, 3)), np.ones((9, 3)), None, V) | gru_cell: | biases (3H,) | bias_hh (4,)
F.gru_cell(X, X, np.ones((9, 3)), np.ones((9, 2))) | gru_cell: | weight_hh (3H, H) | weight_hh (9, 2)
F.gru_cell(X[:1], X, np.ones((9, 3)), np.ones((9, 3))) | gru_cell: | input (1, 3) | hx (2, 3)
F.gru_cell(X32, X, np.ones((9, 3)), np.ones((9, 3))) | gru_cell: | one dtype | input (2, 3) float32
F.lstm_cell(X, X, V, np.ones((12, 3)), np.ones((12, 3))) | lstm_cell: | hx and cx (N, H) | cx (4,)
F.lstm_cell(X, X, X, np.ones((9, 3)), np.ones((9, 3))) | lstm_cell: | weight_ih (4H, I) | weight_ih (9, 3)
F.lstm_cell(X, X, X, I, X) | lstm_cell: | weight_ih must be floating, found int64
F.lstm_cell(X, (X, X), X, X, X) | lstm_cell: | found tuple
F.gru(X, X, np.ones((9, 3)), np.ones((9, 3))) | gru: | input (T, N, I) | input (2, 3)
F.gru(X[:, None], V, np.ones((3, 3)), np.ones((3, 1))) | gru: | hx (N, H) | hx (4,)
F.gru(X[:, None], X[:1, :1], np.ones((3, 3)), np.ones((3, 1)), lengths=[0]) | gru: | from 1 to 2, found 0 to 0
F.gru(X[:, None], X[:1, :1], np.ones((3, 3)), np.ones((3, 1)), lengths=[3]) | gru: | from 1 to 2, found 3 to 3
F.gru(X[:, None], X[:1, :1], np.ones((3, 3)), np.ones((3, 1)), lengths=[1.0]) | gru: | found float64 (1,)
F.gru(X[:, None], X[:1, :1], np.ones((3, 3)), np.ones((3, 1)), lengths=[1, 2]) | gru: | found int64 (2,)
F.gru(X[:, None], X[:1, :1], np.ones((3, 3)), np.ones((3, 1)), lengths='ab') | gru: | found <U2 ()
F.gru(X[:, None], X[:1, :1], np.ones((3, 3)), np.ones((3, 1)), lengths=2) | gru: | whole numbers (N,)
F.mse_loss(X, V) | mse_loss: | input (2, 3) | target (4,)
F.mse_loss(X, X32) | mse_loss: | input (2, 3) | target (2, 3)
F.mse_loss(X, I) | mse_loss: | found int64 | input (2, 3) | target (2, 3)
F.mse_loss(X, 1.0) | mse_loss: | found float | input (2, 3)
F.mse_loss(X, None) | mse_loss: | found NoneType | input (2, 3)
F.mse_loss(X, X, 'avg') | mse_loss: | found 'avg' | input (2, 3) | target (2, 3)
F.mse_loss(X, X, None) | mse_loss: | found None | input (2, 3) | target (2, 3)
F.mse_loss(X, X, 1) | mse_loss: | found 1 | input (2, 3) | target (2, 3)
F.mse_loss(X, X, ['mean']) | mse_loss: | found ['mean'] | input (2, 3) | target (2, 3)
F.mse_loss(X, X, True) | mse_loss: | found True | input (2, 3) | target (2, 3)
F.mse_loss(E, E) | mse_loss: | input (0, 3) | target (0, 3)
F.mse_loss(X, Tensor(np.ones((2, 1)))) | mse_loss: | input (2, 3) | target (2, 1)
F.mse_loss(C, C) | mse_loss: | found complex128 | input (2, 3) | target (2, 3)
F.binary_cross_entropy_with_logits(X, V) | binary_cross_entropy_with_logits: | input (2, 3) | target (4,)
F.binary_cross_entropy_with_logits(X, B) | binary_cross_entropy_with_logits: | found bool | input (2, 3)
F.binary_cross_entropy_with_logits(X, X, 'batch') | binary_cross_entropy_with_logits: | found 'batch' | input (2, 3)
F.binary_cross_entropy_with_logits(X, X, reduction=0) | binary_cross_entropy_with_logits: | found 0 | input (2, 3)
F.binary_cross_entropy_with_logits(E, E) | binary_cross_entropy_with_logits: | input (0, 3) | target (0, 3)
F.binary_cross_entropy_with_logits(None, X) | binary_cross_entropy_with_logits: | found NoneType | target (2, 3)
F.binary_cross_entropy_with_logits(O, X) | binary_cross_entropy_with_logits: | found object | input (2, 3)
F.cross_entropy(X, np.array([0, 3])) | cross_entropy: | input (2, 3) | target (2,)
F.cross_entropy(X, np.array([0, 1, 2])) | cross_entropy: | input (2, 3) | target (3,)
F.cross_entropy(X, np.array([[0], [1]])) | cross_entropy: | input (2, 3) | target (2, 1)
F.cross_entropy(X, np.array([0.0, 1.0])) | cross_entropy: | input (2, 3) | target (2,)
F.cross_entropy(X, np.array([True, False])) | cross_entropy: | input (2, 3) | target (2,)
F.cross_entropy(X, np.array(['a', 'b'])) | cross_entropy: | input (2, 3) | target (2,)
F.cross_entropy(X, np.array([None, 1])) | cross_entropy: | input (2, 3) | target (2,)
F.cross_entropy(X, 1) | cross_entropy: | found int | input (2, 3)
F.cross_entropy(X, None) | cross_entropy: | found NoneType | input (2, 3)
F.cross_entropy(V, np.array([0])) | cross_entropy: | input (4,) | target (1,)
F.cross_entropy(I, np.array([0, 1])) | cross_entropy: | found int64 | input (2, 3) | target (2,)
F.cross_entropy(Tensor(np.ones((2, 0))), np.array([0, 0])) | cross_entropy: | input (2, 0) | target (2,)
F.cross_entropy(Tensor(np.ones((0, 3))), np.array([], int)) | cross_entropy: | input (0, 3) | target (0,)
F.cross_entropy(X, np.array([0, 1]), 'x') | cross_entropy: | found 'x' | input (2, 3) | target (2,)
F.gaussian_kl(X, V) | gaussian_kl: | mu (2, 3) | log_var (4,)
F.gaussian_kl(X, S) | gaussian_kl: | mu (2, 3) | log_var ()
F.gaussian_kl(S, X) | gaussian_kl: | mu () | log_var (2, 3)
F.kl_divergence(X, S, X, X) | kl_divergence: | log_var ()
F.kl_divergence(X, X, S, X) | kl_divergence: | prior_mu ()
F.kl_divergence(X, X, X, S) | kl_divergence: | prior_log_var ()
F.mse_loss(X, S) | mse_loss: | input (2, 3) | target ()
F.mse_loss(S, X) | mse_loss: | input () | target (2, 3)
F.binary_cross_entropy_with_logits(X, S) | binary_cross_entropy_with_logits: | input (2, 3) | target ()
F.reparameterize(X, S) | reparameterize: | mu (2, 3) | log_var ()
F.reparameterize(X, X, eps=S) | reparameterize: | eps ()
F.dropout(X, noise=S) | dropout: | noise ()
F.gaussian_kl(X, X32) | gaussian_kl: | mu (2, 3) | log_var (2, 3)
F.gaussian_kl(S, S) | gaussian_kl: | mu () | log_var ()
F.gaussian_kl(X, None) | gaussian_kl: | found NoneType | mu (2, 3)
F.gaussian_kl(X, 0.0) | gaussian_kl: | found float | mu (2, 3)
F.gaussian_kl(X, C) | gaussian_kl: | found complex128 | mu (2, 3) | log_var (2, 3)
F.reparameterize(X, V) | reparameterize: | mu (2, 3) | log_var (4,)
F.reparameterize(X, X, eps=V.data) | reparameterize: | mu (2, 3) | log_var (2, 3) | eps (4,)
F.reparameterize(X, X, eps='e') | reparameterize: | found str | mu (2, 3) | log_var (2, 3)
F.reparameterize(X, X, eps=1.0) | reparameterize: | found float | mu (2, 3) | log_var (2, 3)
F.reparameterize(X, X, rng='seed') | reparameterize: | found 'seed' | mu (2, 3) | log_var (2, 3)
F.reparameterize(X, X, rng=-1) | reparameterize: | found -1 | mu (2, 3) | log_var (2, 3)
F.reparameterize(X, X, rng=1.5) | reparameterize: | found 1.5 | mu (2, 3) | log_var (2, 3)
F.reparameterize(X, X, rng=NAN) | reparameterize: | found nan | mu (2, 3) | log_var (2, 3)
F.reparameterize(X, X, rng=[1, 2]) | reparameterize: | found [1, 2] | mu (2, 3) | log_var (2, 3)
F.reparameterize(X, X, rng=True) | reparameterize: | found True | mu (2, 3) | log_var (2, 3)
F.reparameterize(X, X, eps=P) | reparameterize: | input 2 | (2, 3)
F.reparameterize(I, I) | reparameterize: | found int64 | mu (2, 3) | log_var (2, 3)
""",
    "convolution": r"""
F.conv2d(X, K) | conv2d: | found (2, 3) | x (2, 3) | weight (4, 3, 3, 3)
F.conv2d(IM, X) | conv2d: | found (2, 3) | x (2, 3, 8, 6) | weight (2, 3)
F.conv2d(IM, KT) | conv2d: | x (2, 3, 8, 6) | weight (3, 4, 3, 3)
F.conv2d(IM, K, V.data[:3]) | conv2d: | x (2, 3, 8, 6) | weight (4, 3, 3, 3) | bias (3,)
F.conv2d(IM, K, 1.0) | conv2d: | found float | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, stride=0) | conv2d: | found 0 | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, stride=-1) | conv2d: | found -1 | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, stride=1.5) | conv2d: | found 1.5 | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, stride='1') | conv2d: | found '1' | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, stride=None) | conv2d: | found None | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, stride=True) | conv2d: | found True | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, stride=()) | conv2d: | found () | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, stride=(1,)) | conv2d: | found (1,) | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, stride=(1, 2, 3)) | conv2d: | found (1, 2, 3) | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, stride=NAN) | conv2d: | found nan | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, stride=np.array([1, 1])) | conv2d: | found array([1, 1]) | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, stride={}) | conv2d: | found {} | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, stride=((1, 1), 1)) | conv2d: | found ((1, 1), 1) | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, padding=-1) | conv2d: | found -1 | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, padding='valid') | conv2d: | found 'valid' | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, padding=0.5) | conv2d: | found 0.5 | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, padding=(0, -1)) | conv2d: | found (0, -1) | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, padding=None) | conv2d: | found None | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, padding=10 ** 9) | conv2d: | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, stride=10 ** 20) | conv2d: | found 100000000000000000000 | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, K, padding=10 ** 20) | conv2d: | found 100000000000000000000 | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv2d(IM, Tensor(np.ones((4, 3, 9, 3)))) | conv2d: | x (2, 3, 8, 6) | weight (4, 3, 9, 3)
F.conv2d(IM, Tensor(np.ones((4, 3, 0, 3)))) | conv2d: | found (4, 3, 0, 3) | x (2, 3, 8, 6) | weight (4, 3, 0, 3)
F.conv2d(IM, Tensor(np.ones((0, 3, 3, 3)))) | conv2d: | found (0, 3, 3, 3) | x (2, 3, 8, 6) | weight (0, 3, 3, 3)
F.conv2d(Tensor(np.ones((2, 3, 0, 6))), K) | conv2d: | found (2, 3, 0, 6) | x (2, 3, 0, 6) | weight (4, 3, 3, 3)
F.conv2d(Tensor(np.ones((2, 0, 8, 6))), Tensor(np.ones((4, 0, 3, 3)))) | conv2d: | found (2, 0, 8, 6) | x (2, 0, 8, 6)
F.conv2d(IM, K, groups=3) | conv2d:
F.conv2d(IM, K, dilation=2) | conv2d:
F.conv2d(IM, 'K') | conv2d: | found str | x (2, 3, 8, 6)
F.conv2d(IM, None) | conv2d: | found NoneType | x (2, 3, 8, 6)
F.conv2d(IM, O) | conv2d: | found object | x (2, 3, 8, 6) | weight (2, 3)
F.conv2d(Tensor(np.ones((3, 8, 6))), K) | conv2d: | found (3, 8, 6) | x (3, 8, 6) | weight (4, 3, 3, 3)
F.conv_transpose2d(IM, K) | conv_transpose2d: | x (2, 3, 8, 6) | weight (4, 3, 3, 3)
F.conv_transpose2d(IM, KT, output_padding=1) | conv_transpose2d: | x (2, 3, 8, 6) | weight (3, 4, 3, 3)
F.conv_transpose2d(IM, KT, output_padding=-1) | conv_transpose2d: | found -1 | x (2, 3, 8, 6) | weight (3, 4, 3, 3)
F.conv_transpose2d(IM, KT, stride=2, output_padding=2) | conv_transpose2d: | x (2, 3, 8, 6) | weight (3, 4, 3, 3)
F.conv_transpose2d(IM, KT, padding=9) | conv_transpose2d: | x (2, 3, 8, 6) | weight (3, 4, 3, 3)
F.conv_transpose2d(IM, KT, stride=(2,)) | conv_transpose2d: | found (2,) | x (2, 3, 8, 6) | weight (3, 4, 3, 3)
F.conv_transpose2d(IM, KT, bias=V.data[:2]) | conv_transpose2d: | x (2, 3, 8, 6) | weight (3, 4, 3, 3) | bias (2,)
F.conv_transpose2d(X, KT) | conv_transpose2d: | found (2, 3) | x (2, 3) | weight (3, 4, 3, 3)
F.conv_transpose2d(IM, KT, output_padding='same') | conv_transpose2d: | found 'same' | x (2, 3, 8, 6)
F.conv_transpose2d(IM, KT, stride=NAN) | conv_transpose2d: | found nan | x (2, 3, 8, 6) | weight (3, 4, 3, 3)
F.conv_transpose2d(IM, KT, stride=10 ** 18) | conv_transpose2d: | found 1000000000000000000 | x (2, 3, 8, 6)
F.max_pool2d(X, 2) | max_pool2d: | found (2, 3) | x (2, 3)
F.max_pool2d(IM, 0) | max_pool2d: | found 0 | x (2, 3, 8, 6)
F.max_pool2d(IM, 9) | max_pool2d: | x (2, 3, 8, 6)
F.max_pool2d(IM, 2.0) | max_pool2d: | found 2.0 | x (2, 3, 8, 6)
F.max_pool2d(IM, '2') | max_pool2d: | found '2' | x (2, 3, 8, 6)
F.max_pool2d(IM, None) | max_pool2d: | found None | x (2, 3, 8, 6)
F.max_pool2d(IM, (2, 2, 2)) | max_pool2d: | found (2, 2, 2) | x (2, 3, 8, 6)
F.max_pool2d(IM, 2, 0) | max_pool2d: | found 0 | x (2, 3, 8, 6)
F.max_pool2d(IM, 2, -1) | max_pool2d: | found -1 | x (2, 3, 8, 6)
F.max_pool2d(IM, 2, 1, 2) | max_pool2d: | x (2, 3, 8, 6)
F.max_pool2d(IM, 2, padding=-1) | max_pool2d: | found -1 | x (2, 3, 8, 6)
F.max_pool2d(IM, True) | max_pool2d: | found True | x (2, 3, 8, 6)
F.max_pool2d(IM, 2, ceil_mode=True) | max_pool2d:
F.max_pool2d(None, 2) | max_pool2d: | found NoneType
F.avg_pool2d(IM, NAN) | avg_pool2d: | found nan | x (2, 3, 8, 6)
F.avg_pool2d(IM, (0, 1)) | avg_pool2d: | found (0, 1) | x (2, 3, 8, 6)
F.avg_pool2d(IM, 2, 2, (2, 0)) | avg_pool2d: | x (2, 3, 8, 6)
F.avg_pool2d(I, 2) | avg_pool2d: | found int64 | x (2, 3)
F.avg_pool2d(V, 2) | avg_pool2d: | found (4,) | x (4,)
F.avg_pool2d(IM, []) | avg_pool2d: | found [] | x (2, 3, 8, 6)
F.avg_pool2d(IM, 1, 'x') | avg_pool2d: | found 'x' | x (2, 3, 8, 6)
F.upsample_nearest2d(X, 2) | upsample_nearest2d: | found (2, 3) | x (2, 3)
F.upsample_nearest2d(IM, 0) | upsample_nearest2d: | found 0 | x (2, 3, 8, 6)
F.upsample_nearest2d(IM, 1.5) | upsample_nearest2d: | found 1.5 | x (2, 3, 8, 6)
F.upsample_nearest2d(IM, (1, 0)) | upsample_nearest2d: | found (1, 0) | x (2, 3, 8, 6)
F.upsample_nearest2d(IM, None) | upsample_nearest2d: | found None | x (2, 3, 8, 6)
F.upsample_nearest2d(IM, '2') | upsample_nearest2d: | found '2' | x (2, 3, 8, 6)
F.upsample_nearest2d(IM, NAN) | upsample_nearest2d: | found nan | x (2, 3, 8, 6)
F.upsample_nearest2d(C, 2) | upsample_nearest2d: | found complex128 | x (2, 3)
F.upsample_nearest2d(IM, mode='bilinear') | upsample_nearest2d:
F.upsample_nearest2d(IM, 10 ** 10) | upsample_nearest2d: | found 10000000000 | x (2, 3, 8, 6)
""",
    "nn": r"""
nn.Linear(0, 2) | Linear: | found 0
nn.Linear(3, -1) | Linear: | found -1
nn.Linear(3, 2.0) | Linear: | found 2.0
nn.Linear(True, 2) | Linear: | found True
nn.Linear(None, 2) | Linear: | found None
nn.Linear('3', 2) | Linear: | found '3'
nn.Linear(NAN, 2) | Linear: | found nan
nn.Linear(3, 2, bias='no') | Linear: | found 'no'
nn.Linear(3, 2, bias=np.ones(2)) | Linear: | found array([1., 1.])
nn.Linear(3, 2, rng=-1) | rng: | found -1
nn.Linear(10 ** 12, 10 ** 12) | Linear: | found 1000000000000
nn.Linear((3,), 2) | Linear: | found (3,)
LIN(X) | linear: | x (2, 3) | weight (2, 3) | bias (2,)
LIN(V) | linear: | x (4,) | weight (2, 3) | bias (2,)
LIN(I) | linear: | found int64 | x (2, 3) | weight (2, 3) | bias (2,)
LIN(None) | linear: | found NoneType | weight (2, 3) | bias (2,)
LIN([[1.0] * 3]) | linear: | found list | weight (2, 3) | bias (2,)
LIN(np.ones((2, 3))) | linear: | x (2, 3) | weight (2, 3) | bias (2,)
LIN('x') | linear: | found str | weight (2, 3) | bias (2,)
nn.GELU('erf') | GELU: | found 'erf'
nn.SiLU()(I) | silu: | found int64
nn.Embedding(0, 3) | Embedding: | found 0
nn.Embedding(3, 2.5) | Embedding: | found 2.5
nn.Embedding(3, 2, rng='a') | rng | found 'a'
nn.Embedding(3, 2, rng=0)(np.array([3])) | embedding: | from 0 to 2, found 3 to 3
nn.BatchNorm1d(0) | BatchNorm1d: | found 0
nn.BatchNorm1d(3, momentum=None) | BatchNorm1d: | momentum | found None
nn.BatchNorm1d(3)(V) | BatchNorm1d: | (N, C) or (N, C, L) | found (4,)
nn.BatchNorm1d(2)(X32) | batch_norm: | x (2, 3) | running_mean (2,)
nn.BatchNorm1d(3)(None) | BatchNorm1d: | found NoneType
nn.BatchNorm2d(3, eps=-1) | BatchNorm2d: | eps | found -1
nn.BatchNorm2d(3)(X32) | BatchNorm2d: | (N, C, H, W) | found (2, 3)
nn.BatchNorm2d('3') | BatchNorm2d: | found '3'
nn.LayerNorm(0) | LayerNorm: | found 0
nn.LayerNorm((3, 'a')) | LayerNorm: | found (3, 'a')
nn.LayerNorm(2)(X32) | layer_norm: | x (2, 3)
nn.GroupNorm(2, 3) | GroupNorm: | found 3 and 2
nn.GroupNorm(1, 0) | GroupNorm: | num_channels | found 0
nn.GroupNorm(0, 3) | GroupNorm: | num_groups | found 0
nn.GroupNorm(1.5, 3) | GroupNorm: | found 1.5
nn.GroupNorm(2, 4)(X32) | group_norm: | x (2, 3)
nn.Dropout(1) | Dropout: | found 1
nn.Dropout('p') | Dropout: | found 'p'
nn.Dropout()(X.data) | Dropout: | found ndarray
nn.Dropout(rng='a')(X) | rng | found 'a'
nn.Softmax(1.5) | Softmax: | found 1.5
nn.Softmax(2)(X) | softmax: | axis 2
nn.Buffer(None) | Tensor: | found dtype object, shape ()
nn.Flatten('a')(X) | Flatten: | found 'a'
nn.Flatten(1.5)(X) | Flatten: | found 1.5
nn.Flatten(5)(X) | flatten: | start_dim 5 | x (2, 3)
nn.Flatten()(V) | flatten: | start_dim 1 | x (4,)
nn.Flatten()(np.ones((2, 3))) | Flatten: | found ndarray
nn.Flatten()(None) | Flatten: | found NoneType
nn.Flatten()([1, 2]) | Flatten: | found list
nn.Flatten(None) | Flatten: | found None
nn.Flatten(True) | Flatten: | found True
nn.Unflatten(1, 3) | Unflatten: | found 3
nn.Unflatten(1, (3, 'a'))(X) | Unflatten: | found (3, 'a')
nn.Unflatten(1, (2, 2))(X) | reshape: | x (2, 3)
nn.Unflatten(2, (3,))(X) | Unflatten: | dim 2
nn.Unflatten('1', (3,))(X) | Unflatten: | found '1'
nn.Unflatten(1.0, (3,))(X) | Unflatten: | found 1.0
nn.Unflatten(1, (3, 1))(None) | Unflatten: | found NoneType
nn.Unflatten(1, (3, 1))(np.ones((2, 3))) | Unflatten: | found ndarray
nn.Unflatten(1, (3, 1))([1]) | Unflatten: | found list
nn.Unflatten(1, (-1, -1))(X) | reshape: | found (2, -1, -1) | x (2, 3)
nn.Unflatten(1, (0,))(X) | reshape: | x (2, 3)
nn.Unflatten(1, None) | Unflatten: | found None
nn.Unflatten(None, (3,)) | Unflatten: | found None
nn.Unflatten(1, '31')(X) | Unflatten: | found '31'
nn.Unflatten(1, (1.5, 2))(X) | Unflatten: | found (1.5, 2)
nn.Unflatten(True, (3,))(X) | Unflatten: | found True
nn.Unflatten(1, ())(X) | reshape: | x (2, 3)
nn.ReLU()(None) | relu: | found NoneType
nn.ReLU()(3) | relu: | found int
nn.LeakyReLU('x')(X) | LeakyReLU: | found 'x'
nn.LeakyReLU('x') | LeakyReLU: | found 'x'
nn.LeakyReLU(None) | LeakyReLU: | found None
nn.LeakyReLU(NAN) | LeakyReLU: | found nan
nn.LeakyReLU(1j) | LeakyReLU: | found 1j
nn.Sigmoid()(I) | sigmoid: | found int64 | x (2, 3)
nn.Tanh()('x') | tanh: | found str
nn.Conv2d(3, 4, 0) | Conv2d: | found 0
nn.Conv2d(3, 4, -3) | Conv2d: | found -3
nn.GRUCell(0, 2) | GRUCell: | input_size | found 0
nn.GRUCell(3, 2, 1) | GRUCell: | bias must be True or False | found 1
nn.GRUCell(3, 2, rng='a') | rng | found 'a'
nn.GRUCell(3, 2, rng=0)(None) | GRUCell: | found NoneType
nn.GRUCell(3, 2, rng=0)(X32[0]) | gru_cell: | input (N, I) | input (3,)
nn.GRUCell(3, 2, rng=0)(X32.sum()) | gru_cell: | input (N, I) | input ()
nn.GRUCell(3, 2, rng=0)(X32, X32) | gru_cell: | hx (2, 3) | weight_hh (6, 2)
nn.LSTMCell(3, 2.5) | LSTMCell: | hidden_size | found 2.5
nn.LSTMCell(3, 2, rng=0)(X32, X32) | LSTMCell: | (h, c) | found Tensor
nn.LSTMCell(3, 2, rng=0)(X32, (X32,)) | LSTMCell: | (h, c) | found tuple
nn.LSTMCell(3, 2, rng=0)(X) | lstm_cell: | one dtype | input (2, 3) float64
nn.LSTMCell(3, 2, rng=0)([1.0]) | LSTMCell: | found list
nn.GRU(3, 2, 0) | GRU: | num_layers | found 0
nn.GRU(3, 2, batch_first=1) | GRU: | batch_first must be True or False | found 1
nn.GRU(3, 2, bidirectional='yes') | GRU: | bidirectional must be True or False | found 'yes'
nn.GRU(3, 2, rng=0)(X32) | GRU: | (T, N, I) | found (2, 3)
nn.GRU(3, 2, batch_first=True, rng=0)(X32) | GRU: | (N, T, I) | found (2, 3)
nn.GRU(3, 2, rng=0)(E[:, None]) | GRU: | at least one step | found (0, 1, 3)
nn.GRU(3, 2, batch_first=True, rng=0)(E[None]) | GRU: | at least one step | found (1, 0, 3)
nn.GRU(3, 2, rng=0)(X[:, None]) | gru: | one dtype | input (2, 1, 3) float64
nn.GRU(2, 2, rng=0)(X32[:, None]) | gru: | input (2, 1, 3) | weight_ih (6, 2)
nn.GRU(3, 2, rng=0)(None) | GRU: | found NoneType
nn.GRU(3, 2, rng=0)(X32[:, None], X32) | GRU: | expected hx (1, 1, 2) | found (2, 3)
nn.GRU(3, 2, rng=0)(X32[:, None], 3) | GRU: hx: | expected a Tensor | found int
nn.GRU(3, 2, rng=0)(X32[:, None], lengths=[3]) | GRU: | from 1 to 2 | found 3 to 3
nn.GRU(3, 2, rng=0)(X32[:, None], lengths=[[1]]) | GRU: | whole numbers (N,) | found int64 (1, 1)
nn.GRU(3, 2, rng=0)(X32[:, None], lengths=V) | GRU: | whole numbers (N,) | found float64 (4,)
nn.Conv2d(3, 4, 3.0) | Conv2d: | found 3.0
nn.Conv2d(3, 4, '3') | Conv2d: | found '3'
nn.Conv2d(3, 4, None) | Conv2d: | found None
nn.Conv2d(3, 4, (3,)) | Conv2d: | found (3,)
nn.Conv2d(3, 4, 3, 0) | Conv2d: | found 0
nn.Conv2d(3, 4, 3, 1, -1) | Conv2d: | found -1
nn.Conv2d(3, 4, 3, 1, 'same') | Conv2d: | found 'same'
nn.Conv2d(3.0, 4, 3) | Conv2d: | found 3.0
nn.Conv2d(True, 4, 3) | Conv2d: | found True
nn.Conv2d(3, 0, 3) | Conv2d: | found 0
nn.Conv2d(3, NAN, 3) | Conv2d: | found nan
CONV(X) | conv2d: | x (2, 3) | weight (4, 3, 3, 3) | bias (4,)
CONV(np.ones((2, 4, 8, 8), 'float32')) | conv2d: | x (2, 4, 8, 8) | weight (4, 3, 3, 3) | bias (4,)
CONV(Tensor(np.ones((2, 3, 2, 2), 'float32'))) | conv2d: | x (2, 3, 2, 2) | weight (4, 3, 3, 3) | bias (4,)
CONV(None) | conv2d: | found NoneType | weight (4, 3, 3, 3) | bias (4,)
CONV(Tensor(np.ones((2, 3, 8, 8)))) | conv2d: | x (2, 3, 8, 8) | weight (4, 3, 3, 3) | bias (4,)
nn.ConvTranspose2d(3, 4, 0) | ConvTranspose2d: | found 0
nn.ConvTranspose2d(3, 4, 3, output_padding=-1) | ConvTranspose2d: | found -1
nn.ConvTranspose2d(-3, 4, 3) | ConvTranspose2d: | found -3
nn.ConvTranspose2d(3, '4', 3) | ConvTranspose2d: | found '4'
nn.ConvTranspose2d(3, 4, [3, 3, 3]) | ConvTranspose2d: | found [3, 3, 3]
nn.ConvTranspose2d(3, 4, 3, NAN) | ConvTranspose2d: | found nan
CT(X32) | conv_transpose2d: | found (2, 3) | x (2, 3) | weight (3, 4, 3, 3) | bias (4,)
CT(Tensor(np.ones((2, 4, 5, 5), 'float32'))) | conv_transpose2d: | x (2, 4, 5, 5) | weight (3, 4, 3, 3) | bias (4,)
nn.MaxPool2d(0) | MaxPool2d: | found 0
nn.MaxPool2d(2, 0) | MaxPool2d: | found 0
nn.MaxPool2d(2, 1, 2)(IM) | max_pool2d: | x (2, 3, 8, 6)
nn.MaxPool2d('2') | MaxPool2d: | found '2'
nn.MaxPool2d(None) | MaxPool2d: | found None
nn.MaxPool2d(20)(IM) | max_pool2d: | x (2, 3, 8, 6)
nn.MaxPool2d(2)(X) | max_pool2d: | found (2, 3) | x (2, 3)
nn.AvgPool2d(2.5) | AvgPool2d: | found 2.5
nn.AvgPool2d((2,)) | AvgPool2d: | found (2,)
nn.AvgPool2d(2)(V) | avg_pool2d: | found (4,) | x (4,)
nn.AvgPool2d(2)(None) | avg_pool2d: | found NoneType
nn.Upsample(scale_factor=None) | Upsample: | found None
nn.Upsample(scale_factor=-1) | Upsample: | found -1
nn.Upsample(scale_factor=2, mode='bicubic') | Upsample: | found 'bicubic'
nn.Upsample(scale_factor=2, mode=None) | Upsample: | found None
nn.Upsample(scale_factor=2)(X) | upsample_nearest2d: | found (2, 3) | x (2, 3)
nn.Sequential(3) | Sequential: | found 3
nn.Sequential(3)(X) | Sequential: | found 3
nn.Sequential(None) | Sequential: | found None
nn.Sequential([nn.ReLU()]) | Sequential: | found [ReLU()]
nn.Sequential(nn.ReLU)(X) | Sequential: | found <class 'minae.nn.layers.ReLU'>
nn.Sequential('relu') | Sequential: | found 'relu'
nn.Sequential(nn.Linear(3, 2, rng=0))(X) | linear: | x (2, 3) | weight (2, 3) | bias (2,)
SEQ(None) | linear: | found NoneType | weight (2, 3) | bias (2,)
LIN.to('tpu') | device: | found 'tpu'
LIN.to(3) | device: | found 3
LIN.to(dtype=int) | Linear.to: | found <class 'int'>
LIN.to(dtype='no such') | Linear.to: | found no such
LIN.to(dtype=complex) | Linear.to: | found <class 'complex'>
LIN.to(dtype=object) | Linear.to: | found <class 'object'>
LIN.load_state_dict({}) | Linear:
LIN.load_state_dict(None) | Linear: | found NoneType
LIN.load_state_dict([1]) | Linear: | found list
LIN.load_state_dict('x') | Linear: | found str
LIN.load_state_dict({'weight': np.ones((2, 3)), 'bias': np.ones(3)}) | Linear:
LIN.load_state_dict({'weight': np.ones((2, 3)), 'bias': None}) | Linear:
LIN.load_state_dict({'weight': np.ones((2, 3)), 'bias': 'xx'}) | Linear:
LIN.load_state_dict({'weight': np.ones((2, 3)), 'bias': ['a', 'b']}) | Linear:
LIN.load_state_dict({'weight': np.ones((2, 3)), 'bias': np.ones(2, complex)}) | Linear:
LIN.load_state_dict({'weight': np.ones((2, 3)), 'bias': [[1], [1, 2]]}) | Linear:
LIN.load_state_dict({'weight': np.ones((2, 3)), 'bias': np.ones(2, bool)}) | Linear:
LIN.load_state_dict({'weight': np.ones((2, 3)), 'bias': np.ones(2, int)}) | Linear:
LIN.load_state_dict({'weight': np.ones((2, 3)), 'bias': np.full(2, 1e+300)}) | Linear:
LIN.load_state_dict({'weight': np.ones((2, 3)), 'bias': np.ones(2), 3: np.ones(2)}) | Linear:
LIN.load_state_dict({'weight': np.ones((2, 3)), 'bias': np.array([None, None])}) | Linear:
""",
    "optim": r"""
optim.SGD([P], weight_decay='a') | SGD: | found 'a'
optim.AdamW([P], weight_decay=-1) | AdamW: | found -1
optim.AdamW([P], betas=(2, 0.9)) | AdamW: | found 2
optim.StepLR(None, 3) | StepLR: | found NoneType
optim.StepLR(optim.SGD([P]), 0.5) | StepLR: | found 0.5
optim.CosineAnnealingLR(optim.SGD([P]), 0) | CosineAnnealingLR: | found 0
optim.StepLR(optim.SGD([P]), 3, -1) | StepLR: | gamma | found -1
optim.CosineAnnealingLR(optim.SGD([P]), 5, -1) | CosineAnnealingLR: | eta_min | found -1
optim.CosineAnnealingLR(optim.SGD([P]), 5, NAN) | CosineAnnealingLR: | found nan
nn.utils.clip_grad_norm_([P], NAN) | clip_grad_norm_: | found nan
nn.utils.clip_grad_norm_([1.0], 1) | clip_grad_norm_: | found float
optim.SGD(None) | SGD: | found NoneType
optim.SGD('ab') | SGD: | found str
optim.SGD([P], lr=None) | SGD: | found None
optim.SGD([P], lr=True) | SGD: | found True
optim.SGD([P], lr=1j) | SGD: | found 1j
optim.SGD([P], lr=[0.1]) | SGD: | found [0.1]
optim.SGD([P], lr=np.array([0.1, 0.2])) | SGD: | found array([0.1, 0.2])
optim.SGD([P], momentum=NAN) | SGD: | found nan
optim.SGD([P], momentum='m') | SGD: | found 'm'
optim.SGD([P], momentum=-1) | SGD: | found -1
optim.SGD({'a': P}) | SGD: | found str
optim.SGD([None]) | SGD: | found NoneType
optim.RMSprop([P], alpha=NAN) | RMSprop: | found nan
optim.RMSprop([P], alpha=1) | RMSprop: | found 1
optim.RMSprop([P], alpha=None) | RMSprop: | found None
optim.RMSprop([P], eps=-1) | RMSprop: | found -1
optim.RMSprop([P], eps='e') | RMSprop: | found 'e'
optim.RMSprop([P], 0.001, 2) | RMSprop: | found 2
optim.Adam([P], betas=None) | Adam: | found None
optim.Adam([P], betas='ab') | Adam: | found 'ab'
optim.Adam([P], betas=(0.9,)) | Adam: | found (0.9,)
optim.Adam([P], betas=(0.9, 1)) | Adam: | found 1
optim.Adam([P], betas=(0.9, 'b')) | Adam: | found 'b'
optim.Adam([P], betas=(NAN, 0.9)) | Adam: | found nan
optim.Adam([P], betas=(0.9, None)) | Adam: | found None
optim.Adam([P], betas=(0.9, True)) | Adam: | found True
optim.Adam([P], eps=NAN) | Adam: | found nan
optim.Adam([P], eps=float('inf')) | Adam: | found inf
optim.Adam([P], lr=-0.001) | Adam: | found -0.001
""",
    "engine": r"""
gradcheck(lambda x: x) | gradcheck:
gradcheck(lambda x: x.data, X) | gradcheck: | found ndarray
gradcheck(lambda x: None, X) | gradcheck: | found NoneType
gradcheck(lambda x: x, I) | gradcheck:
gradcheck(lambda x: x, 'x') | gradcheck:
gradcheck(lambda x: x, None) | gradcheck:
gradcheck(lambda x: x, C) | gradcheck:
gradcheck(lambda x: x, [1.0, 2.0]) | gradcheck:
gradcheck(lambda x: x @ x, X) | matmul: | a (2, 3) | b (2, 3)
gradcheck(lambda x: x, 1j) | gradcheck:
minae.differentiable(3) | differentiable: | found 3
minae.differentiable(None) | differentiable: | found None
""",
    "data": r"""
data.read_idx(None) | expected the path of an IDX file | found None
data.read_idx(3.5) | expected the path of an IDX file | found 3.5
data.read_idx(0) | expected the path of an IDX file | found 0
data.read_idx(['a']) | expected the path of an IDX file | found ['a']
data.read_idx('') | : expected an IDX file | found none
data.read_idx('no such file') | no such file: | expected an IDX file | found none
data.read_idx('/') | /: | expected an IDX file | it is a folder
data.load_images(None) | expected the path of an IDX file | found None
data.load_images(True) | expected the path of an IDX file | found True
data.load_images('/') | /: | expected an IDX file | it is a folder
data.Dataset(3).train | Dataset: expected the name of a data set | found int
data.Dataset('').train | : expected mnist | found no such file
data.batches(10, '2', None) | batches: | found batch_size '2' and count 10
data.batches(10, 2.5, None) | batches: | found batch_size 2.5 and count 10
data.batches(10.0, 2, None) | batches: | found batch_size 2 and count 10.0
data.batches(10, True, None) | batches: | found batch_size True and count 10
data.batches(10, None, None) | batches: | found batch_size None and count 10
data.batches(None, 2, None) | batches: | found batch_size 2 and count None
data.batches(10, NAN, None) | batches: | found batch_size nan and count 10
data.batches(-1, 1, None) | batches: | found batch_size 1 and count -1
data.batches(10, 0, None) | batches: | found batch_size 0 and count 10
data.batches(10, 11, None) | batches: | found batch_size 11 and count 10
data.batches(10, 2, 'rng') | batches: | found 'rng'
data.batches(10, 2, 3) | batches: | found 3
data.batches(10, 2, 1.5) | batches: | found 1.5
data.mnist(1) | mnist: | found 1
data.mnist(['train']) | mnist: | found ['train']
data.mnist(None) | mnist: | found None
data.mnist('TRAIN') | mnist: | found 'TRAIN'
data.fashion_mnist('val') | fashion_mnist: | found 'val'
data.fashion_mnist(b'test') | fashion_mnist: | found b'test'
data.Dataset(None).train | Dataset: expected the name of a data set | found NoneType
data.Dataset('mnist', limit='x').test | Dataset: | found 'x'
data.Dataset('mnist', limit=-1).test | Dataset: | found -1
data.Dataset('mnist', limit=0).test | Dataset: | found 0
data.Dataset('mnist', limit=1.5).test | Dataset: | found 1.5
data.Dataset('mnist', limit=True).test | Dataset: | found True
data.Dataset('mnist', limit=NAN) | Dataset: | found nan
""",
    "pictures": r"""
pictures.read_picture(None, 1) | expected the path of a PNG or JPEG file | found None
pictures.read_picture(3, 1) | expected the path of a PNG or JPEG file | found 3
pictures.read_picture('no such file', 1) | no such file: | expected a PNG or JPEG file | found none
pictures.read_picture('/', 1) | /: | expected a PNG or JPEG file | it is a folder
pictures.read_picture('nofile', 2) | read_picture: | found 2
pictures.read_picture('nofile', '1') | read_picture: | found '1'
pictures.read_picture('nofile', 4) | read_picture: | found 4
pictures.read_picture('nofile', [1]) | read_picture: | found [1]
pictures.from_pixels(None) | from_pixels: | found NoneType
pictures.from_pixels(np.ones(5, np.uint8)) | from_pixels: | found uint8 (5,)
pictures.from_pixels(np.ones((2, 3, 4, 5), np.uint8)) | from_pixels: | found uint8 (2, 3, 4, 5)
pictures.from_pixels(np.ones((4, 5))) | from_pixels: | found float64 (4, 5)
pictures.from_pixels([[1]]) | from_pixels: | found list
pictures.from_pixels(np.ones((4, 5), complex)) | from_pixels: | found complex128 (4, 5)
pictures.save_picture('never.png', np.ones((2, 4, 5), np.float32)) | save_picture: | found shape (2, 4, 5)
pictures.save_picture('never.png', np.ones((4, 5), np.float32)) | save_picture: | found shape (4, 5)
pictures.save_picture('never.png', np.ones((1, 0, 5), np.float32)) | save_picture: | found shape (1, 0, 5)
pictures.save_picture('never.png', np.ones((4, 4, 5), np.float32)) | save_picture: | found shape (4, 4, 5)
pictures.save_picture('never.png', None) | save_picture: | found NoneType
pictures.save_picture('never.png', np.ones((1, 4, 5), complex)) | save_picture: | found complex128 (1, 4, 5)
tiles.cut(np.ones((3, 2, 2)), 4, 4, 9) | cut: | found shape (3, 2, 2)
tiles.cut(np.ones((3, 8, 8)), 0, 4, 9) | cut: | found 0
tiles.cut(np.ones((3, 8, 8)), 4, 0, 9) | cut: | found 0
tiles.cut(np.ones((3, 8, 8)), 4, -1, 9) | cut: | found -1
tiles.cut(np.ones((8, 8)), 4, 4, 9) | cut: | found shape (8, 8)
tiles.cut(np.ones((3, 8, 8)), 4, 4, 0) | cut: | found 0
tiles.cut(np.ones((3, 8, 8)), 4.0, 4, 9) | cut: | found 4.0
tiles.cut([[1]], 1, 1, 9) | cut: | found list
tiles.in_tiles(lambda x: x, np.ones((1, 8, 8)), 1, tile=6, multiple=4) | in_tiles: | multiple of 4, found 6
tiles.in_tiles(lambda x: x, np.ones((1, 8, 8)), 1, margin=2, multiple=4) | in_tiles: | multiple of 4, found 2
tiles.enlarge(np.ones((3, 8, 8)), 2, tiles.NEAREST) | enlarge: | found shape (3, 8, 8)
tiles.enlarge(IMG, 0, tiles.NEAREST) | enlarge: | found 0
tiles.enlarge(IMG, -1, tiles.NEAREST) | enlarge: | found -1
tiles.enlarge(IMG, 1.5, tiles.NEAREST) | enlarge: | found 1.5
tiles.enlarge(IMG, '2', tiles.NEAREST) | enlarge: | found '2'
tiles.enlarge(IMG, 2, 'nearest') | enlarge: | found 'nearest'
tiles.enlarge(IMG, 2, 99) | enlarge: | found 99
tiles.enlarge(IMG[:0], 2, tiles.NEAREST) | enlarge: | found shape (0, 1, 8, 8)
tiles.enlarge(None, 2, tiles.NEAREST) | enlarge: | found NoneType
tiles.in_tiles(lambda x: x, np.ones((1, 8, 8)), 0) | in_tiles: | found 0
tiles.in_tiles(lambda x: x, np.ones((8, 8)), 1) | in_tiles: | found shape (8, 8)
tiles.in_tiles(lambda x: x, np.ones((1, 8, 8)), 1, tile=0) | in_tiles: | found 0
tiles.in_tiles(lambda x: x, np.ones((1, 8, 8)), 1, tile=4, margin=-1) | in_tiles: | found -1
tiles.in_tiles(lambda x: x, np.ones((1, 8, 8)), '2') | in_tiles: | found '2'
""",
    "measures": r"""
evidence.log_mean_exp(IMG, 9) | log_mean_exp: | axis 9 | found shape (3, 1, 8, 8)
evidence.log_mean_exp(IMG, 1.5) | log_mean_exp: | found shape (3, 1, 8, 8)
evidence.log_mean_exp(IMG, None) | log_mean_exp: | axis None | found shape (3, 1, 8, 8)
evidence.log_mean_exp(IMG, (0, 1)) | log_mean_exp: | axis (0, 1) | found shape (3, 1, 8, 8)
evidence.log_mean_exp(IMG, True) | log_mean_exp: | axis True | found shape (3, 1, 8, 8)
evidence.log_mean_exp(None, 0) | log_mean_exp: | found NoneType
evidence.log_mean_exp([1.0], 0) | log_mean_exp: | found list
evidence.log_mean_exp(np.ones((0, 3)), 0) | log_mean_exp: | axis 0 | found shape (0, 3)
evidence.log_mean_exp(np.float64(1.0), 0) | log_mean_exp: | axis 0 | found shape ()
evidence.log_mean_exp(C, 0) | log_mean_exp: | found complex128 (2, 3)
evidence.log_mean_exp(T, 0) | log_mean_exp: | found <U1 (2, 3)
evidence.importance_weighted_bound(V.data) | importance_weighted_bound: | found shape (4,)
evidence.importance_weighted_bound(None) | importance_weighted_bound: | found NoneType
evidence.importance_weighted_bound([[1.0]]) | importance_weighted_bound: | found list
evidence.importance_weighted_bound(T) | importance_weighted_bound: | found <U1 (2, 3)
evidence.importance_weighted_bound(np.ones((0, 3))) | importance_weighted_bound: | found shape (0, 3)
evidence.importance_weighted_bound(X) | importance_weighted_bound: | found Tensor
evidence.binarise(None) | binarise: | found NoneType
evidence.binarise(C) | binarise: | found complex128 (2, 3)
evidence.binarise(T) | binarise: | found <U1 (2, 3)
evidence.binarise([0.5]) | binarise: | found list
evidence.evidence_bounds(None, IMG, 0, 0) | evidence_bounds: | found 0
evidence.evidence_bounds(None, IMG, -1, 0) | evidence_bounds: | found -1
evidence.evidence_bounds(None, IMG, 1.5, 0) | evidence_bounds: | found 1.5
evidence.evidence_bounds(None, IMG, '2', 0) | evidence_bounds: | found '2'
evidence.evidence_bounds(None, IMG, 2, 0, rows=0) | evidence_bounds: | found 0
evidence.evidence_bounds(None, IMG[:0], 2, 0) | evidence_bounds: | found shape (0, 1, 8, 8)
evidence.evidence_bounds(None, None, 2, 0) | evidence_bounds: | found NoneType
energy.energy_distance(np.ones((2, 3)), np.ones((2, 2))) | energy_distance: | found shapes (2, 3) and (2, 2)
energy.energy_distance(np.ones((0, 3)), np.ones((2, 3))) | energy_distance: | found shapes (0, 3) and (2, 3)
energy.energy_distance(np.ones(3), np.ones(3)) | energy_distance: | found shapes (3,) and (3,)
energy.energy_distance('a', np.ones((2, 3))) | energy_distance: | found str
energy.energy_distance(None, np.ones((2, 3))) | energy_distance: | found NoneType
energy.energy_distance(C, C) | energy_distance: | found complex128 (2, 3)
energy.energy_distance(T, T) | energy_distance: | found <U1 (2, 3)
energy.energy_distance([[1.0], [1.0, 2.0]], np.ones((2, 3))) | energy_distance: | found list
energy.energy_distance(1.0, 2.0) | energy_distance: | found float
pca.PCA.fit(IMG, 0) | PCA: | found 3 and 0
pca.PCA.fit(IMG, 65) | PCA: | found 3 and 65
pca.PCA.fit(IMG, -1) | PCA: | found 3 and -1
pca.PCA.fit(IMG, 1.5) | PCA: | found 3 and 1.5
pca.PCA.fit(IMG, '2') | PCA: | found 3 and '2'
pca.PCA.fit(IMG, None) | PCA: | found 3 and None
pca.PCA.fit(IMG, True) | PCA: | found 3 and True
pca.PCA.fit(IMG[:0], 1) | PCA: | found 0 and 1
pca.PCA.fit(None, 1) | PCA: | found NoneType
pca.PCA.fit(np.float32(1), 1) | PCA: | found shape ()
pca.PCA.fit(C, 1) | PCA: | found complex128 (2, 3)
pca.PCA.fit(T, 1) | PCA: | found <U1 (2, 3)
pca.PCA.fit(IMG, NAN) | PCA: | found 3 and nan
pca.PCA.fit(IMG, 2).encode(X.data) | PCA: | found shape (2, 3)
pca.PCA.fit(IMG, 2).decode(np.ones((2, 3))) | PCA: | found shape (2, 3)
pca.PCA.fit(IMG, 2).reconstruct(X.data) | PCA: | found shape (2, 3)
pca.PCA.fit(IMG, 2).squared_error(IMG[:0]) | squared_error: | found shapes (0, 1, 8, 8) and (0, 1, 8, 8)
pca.PCA.fit(IMG, 2).encode(None) | PCA: | found NoneType
psnr.psnr(IMG, IMG[:2]) | psnr: | found shapes (3, 1, 8, 8) and (2, 1, 8, 8)
psnr.psnr(IMG, np.ones((3, 1, 8, 7))) | psnr: | found shapes (3, 1, 8, 8) and (3, 1, 8, 7)
psnr.psnr(IMG[:0], IMG[:0]) | psnr: | found shapes (0, 1, 8, 8) and (0, 1, 8, 8)
psnr.psnr(IMG, None) | psnr: | found NoneType
psnr.psnr(None, IMG) | psnr: | found NoneType
psnr.psnr(C, C) | psnr: | found complex128 (2, 3)
psnr.psnr(T, T) | psnr: | found <U1 (2, 3)
psnr.psnr(1.0, 2.0) | psnr: | found float
psnr.psnr(IMG, IMG[:1]) | psnr: | found shapes (3, 1, 8, 8) and (1, 1, 8, 8)
psnr.squared_error(IMG, IMG[:1]) | squared_error: | found shapes (3, 1, 8, 8) and (1, 1, 8, 8)
psnr.squared_error(IMG, X.data) | squared_error: | found shapes (3, 1, 8, 8) and (2, 3)
psnr.squared_error(IMG[:0], IMG[:0]) | squared_error: | found shapes (0, 1, 8, 8) and (0, 1, 8, 8)
psnr.squared_error('a', 'b') | squared_error: | found str
ridge.Ridge.fit([], (IMG, IMG)) | Ridge: | found none
ridge.Ridge.fit([(IMG, IMG[:2])], (IMG, IMG)) | Ridge: | found shapes (3, 1, 8, 8) and (2, 1, 8, 8)
ridge.Ridge.fit([(IMG, IMG)], (IMG, IMG[:2])) | squared_error: | found shapes (3, 1, 8, 8) and (2, 1, 8, 8)
ridge.Ridge.fit([(IMG, IMG), (IMG[:, :, :4], IMG[:, :, :4])], (IMG, IMG)) | Ridge: | found shape (3, 1, 4, 8)
ridge.Ridge.fit([(IMG, None)], (IMG, IMG)) | Ridge: | found NoneType
ridge.Ridge.fit([(IMG, IMG)], (IMG, IMG))(X.data) | Ridge: | found shape (2, 3)
ridge.Ridge.fit([(IMG, IMG)], (IMG, IMG))(None) | Ridge: | found NoneType
ridge.Moments([(IMG, IMG)]).solve('a') | Ridge: | found 'a'
ridge.Moments([(IMG, IMG)]).solve(-1) | Ridge: | found -1
ridge.Moments([(IMG, IMG)]).solve(NAN) | Ridge: | found nan
ridge.rows(None) | Ridge: | found NoneType
""",
    "backend": r"""
backend.library('tpu') | device: | found 'tpu'
backend.library(None) | device: | found None
backend.to_device(IMG, 'gpu') | device: | found 'gpu'
""",
    "models": r"""
models.AE(image_shape=(1, 0, 28)) | AE: | found 0
models.AE(image_shape=(1, -28, 28)) | AE: | found -28
models.AE(image_shape=(1, 28.0, 28)) | AE: | found 28.0
models.AE(image_shape=(28, 28)) | AE: | found (28, 28)
models.VAE(image_shape=None) | VAE: | found None
models.ConvAE(image_shape=28) | ConvAE: | found 28
models.ConvAE(image_shape=(1, -28, 28)) | ConvAE: | found -28
models.AE(hidden=0) | AE: | found 0
models.VAE(beta='x') | VAE: | found 'x'
models.VAE(beta=float('inf')) | VAE: | found inf
models.Denoiser(noise_std='x') | Denoiser: | found 'x'
models.AAE().sample_prior(-1) | AAE: | found -1
models.VAE(likelihood='gaussian', variance='x') | Gaussian: | found 'x'
models.AE(hidden=(0,)) | AE: | found 0
models.AE(hidden=('a',)) | AE: | found 'a'
models.AE(hidden='ab') | AE: | found 'ab'
models.AE(hidden=(3.5,)) | AE: | found 3.5
models.AE(latent=0) | AE: | found 0
models.AE(latent='2') | AE: | found '2'
models.AE(latent=None) | AE: | found None
models.AE(latent=True) | AE: | found True
models.AE(rng=-1) | rng: | found -1
models.VAE(image_shape=(1, 0, 28)) | VAE: | found 0
models.VAE(hidden=0) | VAE: | found 0
models.VAE(hidden=(3,)) | VAE: | found (3,)
models.VAE(hidden='x') | VAE: | found 'x'
models.VAE(latent=-1) | VAE: | found -1
models.VAE(latent=1.5) | VAE: | found 1.5
models.VAE(beta=-1) | VAE: | found -1
models.VAE(beta=NAN) | VAE: | found nan
models.VAE(likelihood='gaussian', variance=0) | Gaussian: | found 0
models.VAE(likelihood='gaussian', variance=-1) | Gaussian: | found -1
models.VAE(likelihood='gaussian', variance=NAN) | Gaussian: | found nan
models.VAE(likelihood='gaussian-learned', variance=float('inf')) | Gaussian: | found inf
models.ConvVAE(image_shape=(1, 30, 28)) | ConvVAE: | found images of 30x28
models.ConvVAE(image_shape=(0, 28, 28)) | ConvVAE: | found 0
models.ConvVAE(image_shape=(1, 0, 0)) | ConvVAE: | found 0
models.ConvVAE(image_shape=('1', 28, 28)) | ConvVAE: | found '1'
models.ConvVAE(latent=0) | ConvVAE: | found 0
models.ConvVAE(beta=-1) | ConvVAE: | found -1
models.ConvAE(image_shape=(1, 26, 28)) | ConvAE: | found images of 26x28
models.ConvAE(image_shape=(1.5, 28, 28)) | ConvAE: | found 1.5
models.Denoiser(image_shape=(1, 27, 28)) | Denoiser: | found images of 27x28
models.Denoiser(noise_mean=-1) | Denoiser: | found -1
models.Denoiser(noise_std=NAN) | Denoiser: | found nan
models.SuperResolution(factor=1) | SuperResolution: | found 1
models.SuperResolution(factor=3) | SuperResolution: | found images of 28x28
models.SuperResolution(factor='2') | SuperResolution: | found '2'
models.SuperResolution(factor=2.0) | SuperResolution: | found 2.0
models.SuperResolution(channels=0) | SuperResolution: | found 0
models.IWAE(k=0) | IWAE: | found 0
models.IWAE(hidden=200) | IWAE: | found 200
models.IWAE(hidden=(200, 0)) | IWAE: | hidden[1] | found 0
models.IWAE(gradient='best') | IWAE: | standard, doubly-reparameterised | found 'best'
models.CVAE(hidden=0) | CVAE: | found 0
CV.log_weights(Tensor(IMG2), 0, labels=np.arange(4)) | CVAE: | found 0
models.CVAE(latent=None) | CVAE: | found None
models.CVAE(beta=-1) | CVAE: | found -1
models.CVAE(classes=0) | CVAE: | found 0
models.CVAE(classes='x') | CVAE: | found 'x'
models.CVAE(image_shape=(1, 0, 28)) | CVAE: | found 0
models.SemiVAE(alpha=-1) | SemiVAE: | found -1
models.SemiVAE(hidden=0) | SemiVAE: | found 0
models.SemiVAE(image_shape=(1, 28)) | SemiVAE: | found (1, 28)
models.MusicVAE(bars=0) | MusicVAE: bars | found 0
models.MusicVAE(word_dropout=1) | MusicVAE: word_dropout | found 1
models.AAE(hidden=0) | AAE: | found 0
models.AAE(latent=0) | AAE: | found 0
models.AAE(prior='cauchy') | AAE: | found 'cauchy'
models.AAE(prior=None) | AAE: | found None
models.AAE(prior='ring', latent=3) | AAE: | found 3
models.Classifier(hidden=5) | Classifier: | two whole numbers | found 5
models.Classifier(hidden=(5, 4, 3)) | Classifier: | two whole numbers | found (5, 4, 3)
models.Classifier(classes=0) | Linear: | found 0
AE(X32) | linear: | x (2, 3) | weight (3, 16) | bias (3,)
AE(Tensor(IMG)) | linear: | x (3, 64) | weight (3, 16) | bias (3,)
AE.losses(Tensor(IMG)) | linear: | x (3, 64) | weight (3, 16) | bias (3,)
AE(None) | Flatten: | found NoneType
AE.decode(X32) | linear: | x (2, 3) | weight (3, 2) | bias (3,)
AE.encode('x') | Flatten: | found str
AE.optimizers(-1) | Adam: | found -1
AE.optimizers('x') | Adam: | found 'x'
VAE(Tensor(IMG)) | linear: | x (3, 64) | weight (3, 16) | bias (3,)
VAE(X32) | linear: | x (2, 3) | weight (3, 16) | bias (3,)
VAE.decode(X32) | linear: | x (2, 3) | weight (3, 2) | bias (3,)
VAE.losses(X32) | linear: | x (2, 3) | weight (3, 16) | bias (3,)
VAE(Tensor(IMG2), eps=X32) | reparameterize: | mu (4, 2) | log_var (4, 2) | eps (2, 3)
VAE(Tensor(IMG2), eps='e') | reparameterize: | found str | mu (4, 2) | log_var (4, 2)
VAE(Tensor(IMG2), rng='r') | reparameterize: | found 'r' | mu (4, 2) | log_var (4, 2)
CV.losses(Tensor(IMG2)) | LabelledLinear: | found none
CV.losses(Tensor(IMG2), labels=np.array([1, 2, 3, 10])) | one_hot: | found 10
CV.losses(Tensor(IMG2), labels=np.array([1, 2])) | LabelledLinear: | found shape (2,)
CV.losses(Tensor(IMG2), labels=np.array([1.0, 2.0, 3.0, 4.0])) | one_hot: | found float64
CV.losses(Tensor(IMG2), labels=[1, 2, 3, 4]) | LabelledLinear: | found shape (4,)
CV.encode(Tensor(IMG2), 'labels') | LabelledLinear: | found shape ()
CV.decode(X32, np.array([1])) | LabelledLinear: | found shape (1,)
CL.losses(Tensor(IMG2)) | Classifier: | found none
CL.losses(Tensor(IMG2), np.array([10, 1, 1, 1])) | cross_entropy: | input (4, 10) | target (4,)
CL.losses(Tensor(IMG2), np.array([1, 1])) | cross_entropy: | input (4, 10) | target (2,)
SR.enlarge(X32) | SuperResolution: | (N, C, H, W) | found (2, 3)
SR(Tensor(IMG2.astype('float64'))) | conv2d: | x (4, 1, 4, 4) | weight (2, 1, 3, 3) | bias (2,)
DN.reconstruct(X32) | conv2d: | found (2, 3) | x (2, 3) | weight (32, 1, 5, 5) | bias (32,)
CA.encode(Tensor(IMG2[:, :, :2])) | max_pool2d: | x (4, 8, 1, 2)
CA.decode(X32) | conv2d: | found (2, 3) | x (2, 3) | weight (8, 8, 3, 3) | bias (8,)
training.evaluate(AE, Split(IMG2[:0], None), 0) | batches: | found batch_size 0 and count 0
training.evaluate(AE, Split(IMG, None), 0) | linear: | x (3, 64) | weight (3, 16) | bias (3,)
training.evaluate(AE, Split(IMG2, None), 0, batch_size=0) | batches: | found batch_size 0 and count 4
training.in_batches(AE.encode, IMG2[:0]) | batches: | found batch_size 0 and count 0
likelihoods.make_likelihood('gaussian', 0) | Gaussian: | found 0
likelihoods.Gaussian(0) | Gaussian: | found 0
likelihoods.Bernoulli().log_prob(X, V) | binary_cross_entropy_with_logits: | input (2, 3) | target (4,)
likelihoods.Gaussian().log_prob(X, V) | mse_loss: | input (2, 3) | target (4,)
""",
}

ROWS = [row.split(" | ") for block in CALLS.values() for row in block.strip().splitlines()]

# What NumPy and Python say to whoever calls them wrongly. It means nothing to whoever called minae.
FOREIGN = re.compile(
    "ufunc|operands could not|core dimension|casting rule|truth value|not supported between|has no attribute|"
    "cannot be interpreted|is not iterable|not subscriptable|not callable|to unpack|convert string|axes don't match"
)


@pytest.mark.parametrize(("call", "name", "words"), [(c, n, w) for c, n, *w in ROWS], ids=[row[0] for row in ROWS])
def test_a_wrong_call_is_refused_in_one_line(call, name, words):
    with pytest.raises((ValueError, TypeError, IndexError)) as caught:
        eval(call, NAMES)
    message = str(caught.value)
    assert isinstance(caught.value, ValueError | TypeError) or name == "getitem:", "only an index is out of its range"
    assert message.startswith(name) and "\n" not in message
    assert [word for word in words if word not in message] == [], message
    assert not FOREIGN.search(message), message


def test_there_are_many_rows_and_no_row_twice():
    assert len({row[0] for row in ROWS}) == len(ROWS) >= 700


PUBLIC = {
    "F": functional.__all__,
    "nn": [name for name, kind in vars(nn).items() if isinstance(kind, type) and issubclass(kind, nn.Module)],
    "optim": ["SGD", "RMSprop", "Adam", "AdamW", "StepLR", "CosineAnnealingLR"],
    "nn.utils": ["clip_grad_norm_"],
    "evidence": evidence.__all__,
    "models": models.__all__,
    "plots": [
        *("bounds", "codes_beside_prior", "gradient_norms", "grid", "kl_per_latent", "latent_scatter", "loss_curves"),
        *("manifold", "normal_quantiles", "pairs", "table", "versions"),
    ],
    "data": ["mnist", "fashion_mnist", "read_idx", "load_images", "Dataset", "batches"],
    "pictures": ["read_picture", "save_picture", "from_pixels"],
    "tiles": ["cut", "enlarge", "in_tiles"],
}


@pytest.mark.parametrize("name", [f"{module}.{name}" for module, names in PUBLIC.items() for name in names])
def test_every_public_function_is_called_wrongly(name):
    calls = [call for call, *_ in ROWS if re.search(rf"\b{re.escape(name)}\b", call)]
    assert calls or name in ("nn.Module", "models.Autoencoder", "models.Model"), (
        "what these refuse, they refuse by NotImplementedError"
    )
