"""Writes test/fixtures/language.json: what JAX 0.10.2 gives for named functions of the whole language, with their
derivatives and over batches. test/support/language/ has the same functions in TypeScript.

Needs a virtual environment with jax==0.10.2; the tests need only the file.

    python scripts/make-language-fixtures.py test/fixtures

scripts/language_cases.py says what is asked of each function.
"""

import jax
import jax.numpy as jnp
import jax.scipy as jsp
import numpy as np
from jax import lax
from language_cases import FORWARD, PLAIN, case, f, i, m, t, write

X = f(-2.5, -1.25, -0.5, 0.75, 1.5, 3.25)
U = f(-0.9, -0.4, 0.1, 0.35, 0.8)
P = f(0.25, 0.5, 1.25, 2.5, 6.0)

# ---- elementwise
for name, fn in {"exp": jnp.exp, "expm1": jnp.expm1, "sin": jnp.sin, "cos": jnp.cos, "tan": jnp.tan,
                 "tanh": jnp.tanh, "logistic": lax.logistic, "cbrt": jnp.cbrt, "abs": jnp.abs, "neg": jnp.negative,
                 "sinh": jnp.sinh, "cosh": jnp.cosh, "asinh": jnp.arcsinh, "atan": jnp.arctan, "erf": lax.erf,
                 "erfc": lax.erfc, "square": jnp.square}.items():
    case(name, fn, X)
for name, fn in {"asin": jnp.arcsin, "acos": jnp.arccos, "atanh": jnp.arctanh, "erfInv": lax.erf_inv}.items():
    case(name, fn, U, args2=[U * 0.9])
for name, fn in {"log": jnp.log, "log1p": jnp.log1p, "sqrt": jnp.sqrt, "rsqrt": lax.rsqrt, "lgamma": lax.lgamma,
                 "digamma": lax.digamma}.items():
    case(name, fn, P)
case("acosh", jnp.arccosh, f(1.25, 2.0, 5.5))
case("polygamma", lambda x: lax.polygamma(jnp.full_like(x, 2.0), x), P)
for name, fn in {"add": jnp.add, "sub": jnp.subtract, "mul": jnp.multiply, "div": jnp.divide, "atan2": jnp.arctan2,
                 "maximum": jnp.maximum, "minimum": jnp.minimum, "rem": lax.rem}.items():
    case(name, fn, X, f(1.5, -1.25, 0.7, 2.0, 1.5, -0.8))
case("pow", jnp.power, P, f(2.0, -1.5, 0.5, 0.0, 3.0))
case("broadcasting", lambda a, b, c: a * b + c, m(3, 1), m(1, 4, 1), f(1.0, -2.0, 0.5, 0.25))
case("clamp", lambda x: lax.clamp(-1.0, x, 1.0), X)
case("clampArrays", lax.clamp, X - 0.5, X * 0.9, X + 0.1)
case("select", lambda a, b: jnp.where(a > b, a * b, a - b), X, f(1.0, -2.0, 0.0, 1.0, 0.5, 2.0))
case("rounding", lambda x: (jnp.floor(x) * x, jnp.ceil(x) + x, lax.round(x, lax.RoundingMethod.TO_NEAREST_EVEN) * x, jnp.sign(x) * x), X)
case("complexParts", lambda a, b: (lambda z: (jnp.real(z), jnp.imag(z), jnp.abs(z)))(jnp.exp(lax.complex(a, b)) * lax.complex(b, a)), U, P)
case("conjugate", lambda a, b: jnp.real(lax.complex(a, b) * jnp.conj(lax.complex(b, a)) / lax.complex(a, a + 2)), U, P)
case("nextAfter", lambda a, b: jnp.nextafter(a, b), X, -X, kinds=PLAIN)
case("bits", lambda a, b: (lax.population_count(a), lax.clz(a), lax.shift_left(a, b), lax.shift_right_logical(a, b),
                           lax.shift_right_arithmetic(a, b), a & b, a | b, a ^ b, ~a),
     i(-7, -1, 0, 5, 123456), i(1, 2, 3, 0, 7), kinds=PLAIN)
case("bitcast", lambda a: lax.bitcast_convert_type(a, jnp.int64), X, kinds=PLAIN)
case("stopGradient", lambda x: x * lax.stop_gradient(jnp.sin(x)), X)
case("convert", lambda x: (x.astype(jnp.float32) * 2).astype(jnp.float64), X)

# ---- reductions
M = m(3, 4)
case("sum", lambda x: (jnp.sum(x), jnp.sum(x, 0), jnp.sum(x, -1, keepdims=True)), M)
case("prod", lambda x: (jnp.prod(x), jnp.prod(x, 1)), M)
case("prodZero", lambda x: jnp.prod(x, 0), M.at[1, 2].set(0.0).at[0, 1].set(0.0).at[2, 1].set(0.0))
case("max", lambda x: (jnp.max(x), jnp.max(x, 0), jnp.max(x, 1)), M)
case("min", lambda x: (jnp.min(x), jnp.min(x, 0)), M)
case("maxTies", lambda x: jnp.max(x), f(1.0, 3.0, 3.0, -1.0), kinds=["value", "vjp", "jvp", "vmap"])
case("mean", lambda x: (jnp.mean(x), jnp.mean(x, 0)), M)
case("variance", lambda x: (jnp.var(x), jnp.var(x, 1), jnp.var(x, 0, ddof=1)), M)
case("logsumexp", lambda x: (jsp.special.logsumexp(x), jsp.special.logsumexp(x, 1)), M * 5)
case("softmax", lambda x: (jax.nn.softmax(x), jax.nn.softmax(x, 0)), M * 3)
case("logSoftmax", lambda x: jax.nn.log_softmax(x, 0), M * 3)
case("argExtremes", lambda x: (jnp.argmax(x), jnp.argmax(x, 0), jnp.argmin(x, 1), jnp.argmin(x)), M, kinds=PLAIN)
case("argmaxNaN", lambda x: (jnp.argmax(x), jnp.argmin(x)), f(1.0, np.nan, 3.0, np.nan), kinds=["value"])
case("anyAll", lambda x: (jnp.any(x > 0.5, 0), jnp.all(x > -0.9, 1)), M, kinds=PLAIN)
for name, fn in {"cumsum": lax.cumsum, "cumprod": lax.cumprod, "cummax": lax.cummax, "cummin": lax.cummin}.items():
    case(name, lambda x, fn=fn: (fn(x, 0), fn(x, 1, reverse=True)), M)
TIES = np.array([[2.0, 0.0, 2.0, -1.0, 2.0], [0.0, 3.0, 3.0, 0.0, 3.0], [-1.0, -1.0, 5.0, 5.0, 0.0]])
for name, fn in {"cumprodTies": lax.cumprod, "cummaxTies": lax.cummax, "cumminTies": lax.cummin}.items():
    case(name, lambda x, fn=fn: (fn(x, 0), fn(x, 1), fn(x, 0, reverse=True), fn(x, 1, reverse=True)), TIES)
case("extremeTies", lambda x: (jnp.max(x), jnp.max(x, 0), jnp.min(x, 1), jnp.min(x)), TIES)
case("argExtremeTies", lambda x: (jnp.argmax(x), jnp.argmax(x, 0), jnp.argmin(x, 1), jnp.argmin(x)), TIES, kinds=PLAIN)

# ---- contraction
case("matmul", lambda a, b: a @ b, m(3, 4), m(4, 2, 1))
case("matmulBatch", lambda a, b: a @ b, t(2, 3, 4), t(2, 4, 2, seed=1))
case("matmulBroadcast", lambda a, b: a @ b, t(2, 1, 3, 2), t(3, 2, 2, seed=1))
case("matvec", lambda a, b, c: (a @ b, c @ a, c @ c), m(3, 4), f(1.0, -2.0, 0.5, 3.0), f(0.3, 0.1, -2.0))
case("dotGeneral", lambda a, b: lax.dot_general(a, b, (((2, 0), (1, 2)), ((1,), (0,)))), t(3, 2, 4), t(2, 4, 3, seed=2))
case("einsumTrace", lambda a: jnp.einsum("ii", a), m(3, 3))
case("einsumDiagonal", lambda a: jnp.einsum("ii->i", a), m(3, 3))
case("einsumChain", lambda a, b, c: jnp.einsum("ij,jk,kl->il", a, b, c), m(2, 3), m(3, 4, 1), m(4, 2, 2))
case("einsumBatch", lambda a, b: jnp.einsum("bij,bkj->bik", a, b), t(2, 3, 4), t(2, 2, 4, seed=1))
case("einsumOuter", lambda a, b: jnp.einsum("i,j->ij", a, b), f(1.0, 2.0), f(0.5, -1.0, 3.0))
case("einsumImplicit", lambda a, b: jnp.einsum("ij,jk", a, b), m(2, 3), m(3, 2, 1))
case("einsumSum", lambda a: jnp.einsum("ijk->k", a), t(2, 3, 4))

# ---- structure
case("transpose", lambda x: (x.T, jnp.transpose(x[None] * jnp.ones((2, 1, 1)), (2, 0, 1))), M)
case("reshape", lambda x: (x.reshape(2, 6), x.reshape(-1)), M)
case("broadcastTo", lambda x: jnp.broadcast_to(x, (2, 3, 4)), m(3, 1))
case("slice", lambda x: lax.slice(x, (0, 1), (3, 4), (2, 2)), M)
case("concatenate", lambda a, b: (jnp.concatenate([a, b]), jnp.concatenate([a, b, a], 1)), M, m(3, 4, 5))
case("pad", lambda x, v: lax.pad(x, v, ((1, 2, 1), (-1, 1, 0))), M, jnp.float64(0.5))
case("reverse", lambda x: (x[::-1], x[:, ::-1]), M)
case("roll", lambda x, n: (jnp.roll(x, 1, 0), jnp.roll(x, -2, 1), jnp.roll(x, n, 1)), M, jnp.int32(3))
case("stackSplit", lambda a, b: (jnp.stack([a, b], 1), jnp.split(a, 2, 1)[1], jnp.tile(b, (2, 1))), M, m(3, 4, 1))
case("sort", lambda x: (jnp.sort(x), jnp.sort(x, 0), jnp.sort(x, descending=True)), M)
case("argsort", lambda x: (jnp.argsort(x), jnp.argsort(x, 0, descending=True)), M, kinds=PLAIN)
case("sortSpecial", lambda x: (jnp.sort(x), jnp.argsort(x)), f(3.0, np.nan, -0.0, 0.0, -np.inf, np.inf, -1.0), kinds=["value"])
case("topK", lambda x: lax.top_k(x, 2), M)
case("sortTies", lambda x: (jnp.sort(x), jnp.sort(x, 0)), TIES)
case("argsortTies", lambda x: (jnp.argsort(x), jnp.argsort(x, 0), jnp.argsort(x, descending=True), jnp.argsort(x, 0, descending=True)), TIES, kinds=PLAIN)
case("sortDescendingSpecial", lambda x: (jnp.sort(x, descending=True), jnp.argsort(x, descending=True)), f(3.0, np.nan, -0.0, 0.0, -np.inf, np.nan, np.inf, -1.0, 3.0), kinds=["value"])
case("topKTies", lambda x: lax.top_k(x, 4), TIES)
case("diag", lambda x: (jnp.tril(x), jnp.triu(x, 1), jnp.tril(x, -1)), m(3, 3))
case("eyeLinspace", lambda x: (jnp.eye(3) * x, jnp.linspace(-1.0, 2.0, 7) * x), jnp.float64(1.5))

# ---- indexing
I2 = i(2, 0, -1, 1)
case("take", lambda x, k: (jnp.take(x, k, 0), jnp.take(x, k, 1)), M, I2)
case("takeOutside", lambda x, k: (jnp.take(x, k, 0), jnp.take(x, k, 0, mode="clip")), M, i(1, 5, -9), kinds=["value", "jvp", "vmap"])
case("takeAlong", lambda x, k: jnp.take_along_axis(x, k, 1), M, jnp.array([[0, 3], [2, 2], [1, 0]], jnp.int32))
case("atGet", lambda x, r, c: (x[r], x[r, c], x[1, c]), M, i(2, 0, 1), i(1, 3, -2))
case("atSet", lambda x, v, r: (x.at[r].set(v), x.at[1, 2].set(7.0)), M, t(2, 4, seed=3), i(2, 0))
case("atSetTwice", lambda x, v: x.at[i(1, 1)].set(v), M[:, 0], f(5.0, 5.0), kinds=["value"])
case("atAdd", lambda x, v, r: (x.at[r].add(v), x.at[r, r].add(1.5)), M, t(3, 4, seed=3), i(2, 0, 2))
case("atMulMinMax", lambda x, v, r: (x.at[r].multiply(v), x.at[r].min(v), x.at[r].max(v)), M, t(2, 4, seed=3), i(2, 0), kinds=PLAIN)
case("atOutside", lambda x, v, r: (x.at[r].set(v), x.at[r].add(v)), M, t(3, 4, seed=3), i(1, 7, -1))
case("dynamicSlice", lambda x, a, b: lax.dynamic_slice(x, (a, b), (2, 3)), M, jnp.int32(2), jnp.int32(1),
     args2=[M * 1.5, jnp.int32(0), jnp.int32(0)])
case("dynamicUpdateSlice", lambda x, u, a: lax.dynamic_update_slice(x, u, (a, jnp.int32(1))), M, m(2, 2, 4), jnp.int32(1),
     args2=[M * 1.5, m(2, 2, 5), jnp.int32(5)])
case("dynamicShared", lambda x: jax.vmap(lambda k: lax.dynamic_slice(x, (k,), (2,)))(i(0, 3, 9)), X)
GD, SD = lax.GatherDimensionNumbers, lax.ScatterDimensionNumbers
IDX = jnp.array([[0, 1], [2, 3], [9, -4]], jnp.int32)
case("gather", lambda x, k: lax.gather(x, k, GD(offset_dims=(1,), collapsed_slice_dims=(0,), start_index_map=(0, 1)), (1, 2), mode="clip"), M, IDX)
case("gatherBatched", lambda x, k: lax.gather(x, k, GD(offset_dims=(), collapsed_slice_dims=(1,), start_index_map=(1,), operand_batching_dims=(0,),
                                              start_indices_batching_dims=(0,)), (1, 1), mode="clip"), M, jnp.array([[[0], [3]], [[1], [7]], [[2], [2]]], jnp.int32))
case("scatterAdd", lambda x, k, u: lax.scatter_add(x, k, u, SD(update_window_dims=(1,), inserted_window_dims=(0,), scatter_dims_to_operand_dims=(0, 1)),
                                                   mode="drop"), M, IDX, t(3, 2, seed=4))
case("scatterMin", lambda x, u: x.at[jnp.array([0, 2, 2, 9, 1])].min(u, mode="drop"), f(3.0, 1.0, 2.0), f(2.0, 1.5, 1.0, 7.0, 5.0))
case("scatterMaxTies", lambda x, u: x.at[jnp.array([0, 0, 2, 1, 1])].max(u), f(3.0, 1.0, 2.0), f(3.0, 3.0, 2.0, 4.0, 4.0))
case("scatterMul", lambda x, u: x.at[jnp.array([2, 0])].multiply(u, unique_indices=True), f(3.0, 1.0, 2.0), f(0.0, 1.5))
case("oneHot", lambda k, x: jax.nn.one_hot(k, 4, dtype=jnp.float64) @ x, i(2, 0, 7), f(1.0, 2.0, 3.0, 4.0))

# ---- windows, transforms, linear algebra
IMG, KER = t(2, 3, 7), t(4, 3, 3, seed=1)
case("conv", lambda x, k: lax.conv_general_dilated(x, k, (2,), [(1, 2)]), IMG, KER)
case("convDilated", lambda x, k: lax.conv_general_dilated(x, k, (1,), [(2, 1)], lhs_dilation=(2,), rhs_dilation=(2,)), IMG, KER)
case("convGrouped", lambda x, k: lax.conv_general_dilated(x, k, (1,), "SAME", feature_group_count=2), t(2, 4, 5), t(6, 2, 3, seed=1))
case("conv2d", lambda x, k: lax.conv_general_dilated(x, k, (1, 2), "VALID"), t(1, 2, 4, 5), t(3, 2, 2, 3, seed=1))
W = t(5, 6)
case("windowSum", lambda x: lax.reduce_window(x, 0.0, lax.add, (2, 3), (1, 2), ((0, 1), (1, 1))), W)
case("windowMax", lambda x: lax.reduce_window(x, -jnp.inf, lax.max, (2, 3), (2, 2), ((0, 1), (1, 0))), W)
case("windowMin", lambda x: lax.reduce_window(x, jnp.inf, lax.min, (2, 2), (1, 1), "VALID"), W, kinds=PLAIN)
case("windowTies", lambda x: (lax.reduce_window(x, -jnp.inf, lax.max, (2, 3), (1, 1), "VALID"), lax.reduce_window(x, jnp.inf, lax.min, (2, 2), (1, 2), "VALID")), TIES)
case("fft", lambda a, b: (lambda z: (jnp.real(z), jnp.imag(z)))(jnp.fft.fft(lax.complex(a, b))), M, m(3, 4, 2))
case("ifft2", lambda a, b: (lambda z: (jnp.real(z), jnp.imag(z)))(jnp.fft.ifft2(lax.complex(a, b))), M, m(3, 4, 2))
case("rfft", lambda x: (lambda z: (jnp.real(z), jnp.imag(z)))(jnp.fft.rfft(x)), m(2, 5))
case("rfft2", lambda x: (lambda z: (jnp.real(z), jnp.imag(z)))(jnp.fft.rfft2(x)), m(3, 4))
case("irfft", lambda a, b: jnp.fft.irfft(lax.complex(a, b)), m(2, 4), m(2, 4, 1))
case("irfftOdd", lambda a, b: jnp.fft.irfft(lax.complex(a, b), 5), m(2, 3), m(2, 3, 1))
case("irfft2", lambda a, b: jnp.fft.irfft2(lax.complex(a, b)), m(3, 3), m(3, 3, 1))
SPD = m(3, 3) @ m(3, 3).T + 2 * jnp.eye(3)
case("cholesky", jnp.linalg.cholesky, SPD, args2=[SPD * 1.5])
TRI = jnp.tril(m(3, 3)) + 2 * jnp.eye(3)
for left in (True, False):
    for lower in (True, False):
        for trans in (False, True):
            case(f"solve{'Left' if left else 'Right'}{'Lower' if lower else 'Upper'}{'T' if trans else ''}",
                 lambda a, b, left=left, lower=lower, trans=trans: lax.linalg.triangular_solve(
                     a, b, left_side=left, lower=lower, transpose_a=trans),
                 TRI if lower else TRI.T, m(3, 2, 3) if left else m(2, 3, 3))
case("solveUnit", lambda a, b: lax.linalg.triangular_solve(a, b, left_side=True, lower=True, unit_diagonal=True), TRI, m(3, 2, 3))

# ---- control flow, after JAX's own tests of it
XS = f(0.3, -0.8, 1.2, 0.5, -0.1)
case("scanSum", lambda c, xs: lax.scan(lambda c, x: (c + x, c * x), c, xs), jnp.float64(0.5), XS)
case("scanReverse", lambda c, xs: lax.scan(lambda c, x: (jnp.sin(c) * x, c + x), c, xs, reverse=True), jnp.float64(0.5), XS)
turned = lambda c, xs, unroll: lax.scan(lambda c, x: (c @ x, x @ c), c, xs, reverse=True, unroll=unroll)
case("scanReverseMatrix", lambda c, xs: (turned(c, xs, 1), turned(c, xs, 2)), m(2, 2), t(5, 2, 2, seed=2))
case("scanReverseArange", lambda c: lax.scan(lambda c, k: (jnp.sin(c) * k, c + k), c, 3.0 + 2.0 * jnp.arange(4.0), reverse=True), jnp.float64(0.5))
case("scanClosure", lambda c, w, xs: lax.scan(lambda c, x: (jnp.tanh(c * w + x), c * w), c, xs), jnp.float64(0.5), jnp.float64(1.3), XS)
case("scanUnroll", lambda c, w, xs: lax.scan(lambda c, x: (jnp.tanh(c * w + x), c), c, xs, unroll=2), jnp.float64(0.5), jnp.float64(1.3), XS)
case("scanTree", lambda a, b, xs: lax.scan(lambda c, x: ({"p": c["p"] * x["u"], "q": (c["q"][0] + c["p"], None)}, {"o": c["q"][0]}),
                                           {"p": a, "q": (b, None)}, {"u": xs, "v": None}), jnp.float64(0.5), f(1.0, 2.0), XS)
case("scanRnn", lambda w, u, h, xs: lax.scan(lambda h, x: (jnp.tanh(w @ h + u @ x), h), h, xs),
     m(3, 3), m(3, 2, 1), f(0.1, 0.2, 0.3), m(4, 2, 2))
case("scanNone", lambda c: lax.scan(lambda c, _: (3.7 * c * (1 - c), c), c, None, length=6), jnp.float64(0.4))
case("scanEmpty", lambda c, xs: lax.scan(lambda c, x: (c * x, c), c, xs), jnp.float64(0.5), jnp.zeros((0,)))
case("scanOne", lambda c, xs: lax.scan(lambda c, x: (c * x, c), c, xs), jnp.float64(0.5), f(3.0))
case("scanNested", lambda c, xs: lax.scan(lambda c, x: lax.scan(lambda d, y: (d * y + x, d), c, xs * x), c, xs), jnp.float64(0.5), XS)
case("scanArange", lambda c: lax.scan(lambda c, k: (c * 1.1 + k, c / (k + 1)), c, jnp.arange(4.0)), jnp.float64(0.5))
case("scanIgnoresCarry", lambda xs: lax.scan(lambda c, x: (c, 2 * x + 1), jnp.float64(0), xs), XS)
case("scanUnusedX", lambda c, xs: lax.scan(lambda c, x: (c * 2, c), c, xs), jnp.float64(0.5), XS)
case("scanIntCarry", lambda c, xs: lax.scan(lambda c, x: ((c[0] + 1, c[1] * x), c[0]), (jnp.int32(0), c), xs), jnp.float64(0.5), XS)
case("scanMatrix", lambda a, xs: lax.scan(lambda c, x: (a @ c + x, jnp.sum(c * x)), jnp.eye(2), xs), m(2, 2), t(3, 2, 2))
case("scanCond", lambda c, xs: lax.scan(lambda c, x: (lax.cond(x > 0, lambda: c * x, lambda: c - x), c), c, xs), jnp.float64(0.5), XS)
case("scanWhile", lambda c, xs: lax.scan(lambda c, x: (lax.while_loop(lambda v: v < 3, lambda v: v * 2, c * x * x + 0.1), c), c, xs),
     jnp.float64(0.5), XS, kinds=FORWARD)
case("scanGrad", lambda c, xs: lax.scan(lambda c, x: (c - 0.1 * jax.grad(lambda w: (w * x - 1) ** 2)(c), c), c, xs), jnp.float64(0.5), XS)
case("scanVmap", lambda c, xs: lax.scan(lambda c, x: (jax.vmap(lambda u: jnp.sin(u * x))(c), c), c, xs), f(0.5, 1.0), XS)
case("scanIndexing", lambda x: lax.scan(lambda c, k: (c.at[k].add(c[k - 1] * 0.5), c[k]), x, jnp.arange(1, 4, dtype=jnp.int32)), f(1.0, 2.0, 3.0, 4.0))
case("scanTwoCarries", lambda a, b: lax.scan(lambda c, _: ((c[1], c[0] + c[1]), c[0] * c[1]), (a, b), None, length=5), jnp.float64(0.5), jnp.float64(-0.3))
case("whileDouble", lambda x: lax.while_loop(lambda v: v < 100, lambda v: v * x, x), jnp.float64(1.7), kinds=FORWARD)
case("whileTree", lambda x: lax.while_loop(lambda c: c["n"] < 5, lambda c: {"n": c["n"] + 1, "v": jnp.sin(c["v"]) + x}, {"n": jnp.int32(0), "v": x}),
     X, kinds=FORWARD)
case("whileClosure", lambda x, y: lax.while_loop(lambda v: jnp.sum(v) < y, lambda v: v * 1.5 + x, x), f(0.5, 1.0), jnp.float64(20.0), kinds=FORWARD)
case("whileNever", lambda x: lax.while_loop(lambda v: v < 0, lambda v: v * 2, x), jnp.float64(1.0), kinds=FORWARD)
case("foriPower", lambda x: lax.fori_loop(0, 5, lambda k, v: v * x + k, x), jnp.float64(1.1))
case("foriTraced", lambda x, n: lax.fori_loop(0, n, lambda k, v: v * x, x), jnp.float64(1.1), jnp.int32(4), kinds=FORWARD,
     args2=[jnp.float64(0.9), jnp.int32(2)])
case("condBoth", lambda x: (lax.cond(x > 0, lambda: jnp.sin(x), lambda: x * x), lax.cond(x > 5, lambda: jnp.sin(x), lambda: x * x)), jnp.float64(1.2))
case("condOperands", lambda x, y: lax.cond(x < y, lambda a, b: (a * b, a), lambda a, b: (a / b, b), x, y), jnp.float64(1.2), jnp.float64(0.7),
     args2=[jnp.float64(0.2), jnp.float64(0.7)])
case("condNested", lambda x: lax.cond(x > 0, lambda: lax.cond(x > 1, lambda: x**3, lambda: x), lambda: -x), jnp.float64(1.2), args2=[jnp.float64(-0.5)])
case("condScan", lambda x: lax.cond(x > 0, lambda: lax.scan(lambda c, k: (c * x + k, c), x, XS), lambda: (x, XS)), jnp.float64(1.2), args2=[jnp.float64(-0.5)])
case("switch", lambda k, x: lax.switch(k, [lambda: x, lambda: x * x, lambda: jnp.exp(x)]), jnp.int32(1), jnp.float64(0.7),
     args2=[jnp.int32(5), jnp.float64(0.3)])
case("map", lambda xs, w: lax.map(lambda x: jnp.sin(x) * w, xs), XS, jnp.float64(1.5))
case("associativeAdd", lambda xs: (lax.associative_scan(jnp.add, xs), lax.associative_scan(jnp.multiply, xs, reverse=True)), XS)
case("associativeLinear", lambda a, b: lax.associative_scan(lambda l, r: (r[0] * l[0], r[0] * l[1] + r[1]), (a, b)), XS, X[:5])
case("associativeMatrix", lambda x: lax.associative_scan(lambda a, b: a @ b, x), t(4, 2, 2))
both = lambda fn, x, axis=0: (lax.associative_scan(fn, x, axis=axis), lax.associative_scan(fn, x, reverse=True, axis=axis))
affine = lambda l, r: (r[0] @ l[0], (r[0] @ l[1][..., None])[..., 0] + r[1])
case("associativeReverse", lambda x: lax.associative_scan(lambda a, b: a @ b, x, reverse=True), t(5, 2, 2))
case("associativeAxis", lambda x: both(lambda a, b: a @ b, x, 1) * 2, t(2, 5, 2, 2))
case("associativeTree", lambda a, v: both(affine, (a, v)), t(7, 2, 2), m(7, 2))
case("associativeLengths", lambda x: [both(lambda a, b: a @ b, x[:n]) for n in range(0, 10, 3)], t(9, 2, 2), kinds=["value", "vjp"])

# ---- nested transforms
g = lambda x: jnp.sum(jnp.sin(x) * x**2)
case("gradGrad", lambda x: jax.grad(jax.grad(lambda y: jnp.sin(y) * y**3))(x), jnp.float64(0.7))
case("hessian", lambda x: jax.hessian(g)(x), f(0.5, -1.0, 2.0))
case("jacobians", lambda x: (jax.jacfwd(lambda v: jnp.cumsum(v * v))(x), jax.jacrev(lambda v: jnp.cumsum(v * v))(x)), f(0.5, -1.0, 2.0))
case("vmapGrad", lambda x, w: jax.vmap(jax.grad(lambda a, b: jnp.tanh(a * b)), in_axes=(0, None))(x, w), X, jnp.float64(0.8))
case("gradVmap", lambda x, w: jax.grad(lambda w: jnp.sum(jax.vmap(lambda a: jnp.tanh(a * w))(x)))(w), X, jnp.float64(0.8))
case("jvpVjp", lambda x: jax.jvp(lambda y: jax.vjp(jnp.sin, y)[1](y)[0], (x,), (x * 2,)), X)
case("gradScanHessian", lambda w: jax.hessian(lambda w: lax.scan(lambda c, x: (jnp.sin(c * w[0] + x * w[1]), None), 0.5, XS)[0])(w), f(0.7, -0.4))
case("linearize", lambda x: (lambda p: (p[0], p[1](x), p[1](x * 3)))(jax.linearize(lambda v: jnp.sin(v) * v, x)), X)
case("vmapVmap", lambda a, b: jax.vmap(jax.vmap(lambda u, v: u * v, (0, None)), (None, 0))(a, b), f(1.0, 2.0), f(3.0, 4.0, 5.0))
case("vmapAxes", lambda a, b: jax.vmap(lambda u, v: jnp.outer(u, v), in_axes=(1, 0), out_axes=2)(a, b), m(3, 4), m(4, 2))

# ---- loops over batches of which only a part is batched, after JAX's own tests of scan and while
B3 = f(0.5, -1.0, 2.0)
step = lambda w: (lambda c, x: (jnp.tanh(c * w + x), c * x))
case("vmapScanCarry", lambda c, w, xs: jax.vmap(lambda c: lax.scan(step(w), c, xs))(c), B3, jnp.float64(1.3), XS)
case("vmapScanXs", lambda c, w, xs: jax.vmap(lambda xs: lax.scan(step(w), c, xs), 1)(jnp.stack([xs, xs * 2], 1)), jnp.float64(0.5), jnp.float64(1.3), XS)
case("vmapScanConst", lambda c, w, xs: jax.vmap(lambda w: lax.scan(step(w), c, xs))(w), jnp.float64(0.5), B3, XS)
case("vmapScanOutputOnly", lambda c, w: jax.vmap(lambda w: lax.scan(lambda c, _: (c * 0.5, w * c), c, None, length=3))(w), jnp.float64(0.5), B3)
case("vmapScanReverse", lambda c, xs: jax.vmap(lambda c: lax.scan(step(0.7), c, xs, reverse=True))(c), B3, XS)
case("vmapScanArange", lambda s: jax.vmap(lambda s: lax.scan(lambda c, k: (c + k * s, c), jnp.float64(0), s + jnp.arange(4.0)))(s), B3)
case("vmapWhileCondConst", lambda x, y: jax.vmap(lambda y: lax.while_loop(lambda v: v < y, lambda v: v * 2 + 1, x))(y), jnp.float64(0.5), f(3.0, 0.1, 50.0), kinds=FORWARD)
case("vmapWhileBodyConst", lambda x, y: jax.vmap(lambda y: lax.while_loop(lambda v: v < 10, lambda v: v * y + 1, x))(y), jnp.float64(0.5), f(1.5, 2.5, 1.1), kinds=FORWARD)
case("vmapWhileUnbatchedCond", lambda x: jax.vmap(lambda x: lax.while_loop(lambda c: c[0] < 4, lambda c: (c[0] + 1, jnp.sin(c[1]) + x), (jnp.int32(0), x)))(x), B3, kinds=FORWARD)
case("vmapCondPredicate", lambda x, y: jax.vmap(lambda x: lax.cond(x > 0, lambda: jnp.sin(x * y), lambda: y / x))(x), B3, jnp.float64(0.7))
case("vmapCondOperand", lambda x, p: jax.vmap(lambda x: lax.cond(p > 0, lambda v: jnp.sin(v), lambda v: v * v, x))(x), B3, jnp.float64(0.7))
case("vmapFori", lambda x, w: jax.vmap(lambda x: lax.fori_loop(0, 3, lambda k, v: v * w + k, x))(x), B3, jnp.float64(0.7))
case("vmapNestedScan", lambda x, xs: jax.vmap(lambda x: lax.scan(lambda c, y: lax.scan(lambda d, z: (d * z + x, d * y), c, xs), x, xs))(x), B3, XS[:3])
case("scanIntXs", lambda c: lax.scan(lambda c, k: (c * (k + 1).astype(jnp.float64), (c, k)), c, jnp.arange(4, dtype=jnp.int32)), jnp.float64(0.5))
case("scanConstantCarry", lambda c, xs: lax.scan(lambda c, x: (jnp.float64(2.0) * x, c), c, xs), jnp.float64(0.5), XS)
case("scanPassThrough", lambda c, xs: lax.scan(lambda c, x: (c, x), c, xs), jnp.float64(0.5), XS)
case("scanSwap", lambda a, b, xs: lax.scan(lambda c, x: ((c[1] * x, c[0]), c[0]), (a, b), xs), jnp.float64(0.5), jnp.float64(-1.5), XS)
case("scanOfScanClosures", lambda w, xs: lax.scan(lambda c, x: (lax.scan(lambda d, y: (jnp.sin(d * w + x * y), None), c, xs)[0], c * w), w, xs), jnp.float64(0.6), XS[:4])
case("scanInScanCarry", lambda xs: lax.scan(lambda c, x: (c + lax.scan(lambda d, y: (d + y * x, None), jnp.float64(0), c)[0], jnp.sum(c)), xs, xs), XS)
case("whileInCond", lambda x: lax.cond(x > 1, lambda: lax.while_loop(lambda v: v < 5, lambda v: v * 2, x), lambda: x), jnp.float64(0.3), kinds=FORWARD, args2=[jnp.float64(2.0)])
case("condInWhile", lambda x: lax.while_loop(lambda v: v < 5, lambda v: lax.cond(v > 1, lambda: v * 3, lambda: v + 0.5), x), jnp.float64(0.3), kinds=FORWARD)
case("jvpOfScanOfWhile", lambda x: jax.jvp(lambda x: lax.scan(lambda c, _: (lax.while_loop(lambda v: v < 2, lambda v: v * 1.7, c * 0.4), c), x, None, length=3), (x,), (x * 2,)), jnp.float64(1.1), kinds=["value", "vmap"])
case("gradOfVmapOfScan", lambda x, w: jax.grad(lambda w: jnp.sum(jax.vmap(lambda c: lax.scan(step(w), c, XS)[0])(x)))(w), B3, jnp.float64(0.7))
case("jacfwdScan", lambda c: jax.jacfwd(lambda c: lax.scan(step(0.7), c, XS)[1])(c), jnp.float64(0.5))
case("jacrevScan", lambda xs: jax.jacrev(lambda xs: lax.scan(step(0.7), jnp.float64(0.5), xs)[1])(xs), XS)
case("mapOverTree", lambda xs: lax.map(lambda t: {"s": t["a"] * t["b"], "d": t["a"] - 1}, {"a": xs, "b": xs * 2}), XS)
case("associativeMax", lambda x: lax.associative_scan(jnp.maximum, x, axis=1), M)


@jax.custom_vjp
def clipped(x):
    return jnp.sin(x)


clipped.defvjp(lambda x: (jnp.sin(x), x), lambda x, ct: (jnp.clip(ct * jnp.cos(x), -0.5, 0.5),))
case("customVjp", lambda x: clipped(x) * 2, X, kinds=["value", "vjp", "vmap"])
case("customVjpVmapGrad", lambda x: jax.vmap(jax.grad(clipped))(x), X, kinds=PLAIN)

# ---- random numbers: the default implementation, threefry with jax_threefry_partitionable
R = jax.random
DATA = lambda k: R.key_data(k)
seed = lambda s: R.wrap_key_data(s)
KEY, KEY2 = DATA(R.key(42)), DATA(R.key(7))
rand = lambda name, fn: case(name, lambda k: fn(seed(k)), KEY, args2=[KEY2], kinds=PLAIN)
case("randomKey", lambda s: (DATA(R.key(s)), DATA(R.key(0)), DATA(R.key(2**40 + 5)), DATA(R.key(-3))), jnp.uint32(123), kinds=["value"])
rand("randomSplit", lambda k: (DATA(R.split(k)[0]), DATA(R.split(k)[1]), DATA(R.split(k, 5))))
rand("randomFoldIn", lambda k: (DATA(R.fold_in(k, 0)), DATA(R.fold_in(k, 12345))))
rand("randomBits", lambda k: tuple(R.bits(k, (3, 5), d) for d in (jnp.uint8, jnp.uint32, jnp.uint64)))
rand("randomUniform", lambda k: (R.uniform(k, (7,), jnp.float32), R.uniform(k, (2, 3), jnp.float64), R.uniform(k, (), jnp.float32),
                                 R.uniform(k, (5,), jnp.float32, minval=-2.0, maxval=3.0),
                                 R.uniform(k, (5,), jnp.float16).astype(jnp.float32), R.uniform(k, (5,), jnp.bfloat16).astype(jnp.float32)))
rand("randomNormal", lambda k: (R.normal(k, (7,), jnp.float32), R.normal(k, (2, 3), jnp.float64)))
rand("randomBernoulli", lambda k: (R.bernoulli(k, jnp.float32(0.3), (20,)), R.bernoulli(k, jnp.float64(0.8), (2, 5))))
rand("randomRandint", lambda k: (R.randint(k, (9,), -5, 17, jnp.int32), R.randint(k, (9,), 0, 10**12, jnp.int64), R.randint(k, (9,), 0, 256, jnp.uint8),
                                 R.randint(k, (9,), 3, 3, jnp.int32), R.randint(k, (4,), -100, 100, jnp.int8)))
rand("randomCategorical", lambda k: (R.categorical(k, M * 2).astype(jnp.int32), R.categorical(k, M.astype(jnp.float32), 0).astype(jnp.int32)))
rand("randomPermutation", lambda k: (R.permutation(k, jnp.arange(13, dtype=jnp.int32)), R.permutation(k, M), R.permutation(k, M, 1)))
rand("randomInScan", lambda k: lax.scan(lambda s, _: (lambda p: (p[0], R.uniform(p[1], (2,), jnp.float32)))(R.split(s)), k, None, length=4)[1])

write("language")
