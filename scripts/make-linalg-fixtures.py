"""Writes test/fixtures/linalg.json: what JAX 0.10.2 gives for linear algebra, in the form of language.json.
test/support/language/linalg.ts has the same functions in TypeScript.

Needs a virtual environment with jax==0.10.2; the tests need only the file.

    python scripts/make-linalg-fixtures.py test/fixtures

Decompositions are made unique where LAPACK's choice is not that of `loopcarry/linalg`: see `positive`.
"""

import jax
import jax.numpy as jnp
import jax.scipy as jsp
from jax import lax
from language_cases import ALL, FORWARD, case, f, t, write

ja = jnp.linalg


def square(n, seed=0, batch=()):
    """Matrices that are far from singular."""
    x = t(*batch, n, n, seed=seed)
    return x + 2 * jnp.eye(n) * jnp.where(jnp.arange(n) % 2 == 0, 1, -1)


def positive(v):
    """Eigenvectors of which the first of the largest elements is positive, which LAPACK leaves to chance."""
    size = jnp.abs(v)
    first = jnp.argmax(size >= 0.99 * size.max(-2, keepdims=True), axis=-2)
    chosen = jnp.take_along_axis(v, first[..., None, :], -2)
    return v * lax.stop_gradient(jnp.conj(chosen) / jnp.abs(chosen))


def svd(a, full=False):
    u, s, vh = ja.svd(a, full_matrices=full)
    k = s.shape[-1]
    turn = lax.stop_gradient(positive(u)[..., :k] / u[..., :k]).max(-2)
    return u[..., :k] * turn[..., None, :], s, vh[..., :k, :] * jnp.conj(turn)[..., :, None]


def eigh(a):
    w, v = ja.eigh(a)
    return w, positive(v)


def parts(*results):
    return tuple(p for r in results for p in ((r.real, r.imag) if jnp.iscomplexobj(r) else (r,)))


# ---- lu, solve, inv
for name, a in {"lu": square(4), "luWide": t(3, 5), "luTall": t(5, 3), "luPanels": t(20, 18, seed=0.4)}.items():
    case(name, lambda a: jsp.linalg.lu(a), a, kinds=ALL if a.size < 100 else ["value", "vjp"])
case("luComplex", lambda a, b: parts(*(x + 0j for x in jsp.linalg.lu(lax.complex(a, b)))), square(4), t(4, 4, seed=1))
case("luFactor", lambda a: jsp.linalg.lu_factor(a), t(2, 4, 4, seed=2))
case("solve", ja.solve, square(4, 1), t(4, 2))
case("solveVector", ja.solve, square(3, 2, (2,)), t(3))
case("solveBatch", ja.solve, square(3, 3, (2, 1)), t(3, 3, 2))
case("solveShared", ja.solve, square(3, 3), t(2, 3, 2))
case("solveComplex", lambda a, b, c: parts(ja.solve(lax.complex(a, b), lax.complex(c, c))), square(3), t(3, 3, seed=1), t(3, 2))
case("inv", ja.inv, square(4, 1))
case("invComplex", lambda a, b: parts(ja.inv(lax.complex(a, b))), square(3), t(3, 3, seed=1))
case("luSolve", lambda a, b: [jsp.linalg.lu_solve(jsp.linalg.lu_factor(a), b, trans) for trans in (0, 1)], square(4, 1), t(4, 2))
case("luSolveVector", lambda a, b: jsp.linalg.lu_solve(jsp.linalg.lu_factor(a), b), square(3, 2, (2,)), t(3))
case("luSolveComplex", lambda a, b, c: parts(jsp.linalg.lu_solve(jsp.linalg.lu_factor(lax.complex(a, b)), lax.complex(c, c), 2)),
     square(3), t(3, 3, seed=1), t(3, 2))
case("solve32", ja.solve, square(4, 1).astype(jnp.float32), t(4, 2).astype(jnp.float32), kinds=["value", "vjp", "vmap"])

# ---- det, slogdet
SINGULAR = t(4, 4, seed=2).at[3].set(t(4, 4, seed=2)[0] * 2 - t(4, 4, seed=2)[1])
case("det", ja.det, t(4, 4, seed=1))
case("detSingular", ja.det, SINGULAR, kinds=FORWARD + ["vjp"])
case("detSmall", lambda a, b, c: (ja.det(a), ja.det(b), ja.det(c)), t(1, 1, seed=1), t(2, 2), t(3, 3))
case("detComplex", lambda a, b: parts(ja.det(lax.complex(a, b))), t(2, 4, 4, seed=1), t(2, 4, 4, seed=3))
case("slogdet", lambda a, b: (*ja.slogdet(a), *ja.slogdet(b)), t(4, 4, seed=1), t(2, 2))
case("slogdetComplex", lambda a, b: parts(*ja.slogdet(lax.complex(a, b))), t(3, 3, seed=1), t(3, 3, seed=3))

# ---- qr
case("qr", ja.qr, t(4, 4, seed=1))
case("qrTall", ja.qr, t(2, 5, 3, seed=1))
case("qrWide", ja.qr, t(3, 5, seed=1))
case("qrComplete", lambda a: ja.qr(a, mode="complete"), t(5, 3, seed=1))
case("qrPanels", ja.qr, t(22, 18, seed=1), kinds=["value", "vjp"])
case("qrComplex", lambda a, b: parts(*ja.qr(lax.complex(a, b))), t(4, 3, seed=1), t(4, 3, seed=3))
case("qrExtreme", lambda a: ja.qr(a)[1], t(4, 3, seed=1) * jnp.array([1e-200, 1, 1e200]), kinds=["value"])

# ---- eigh
case("eigh", eigh, t(4, 4, seed=1))
case("eighBatch", eigh, t(2, 5, 5, seed=1))
case("eighLarge", eigh, t(21, 21, seed=1), kinds=["value"])
case("eighPair", lambda a: (ja.eigvalsh(a[:1, :1]), ja.eigvalsh(a)), t(2, 2, seed=1))
case("eighComplex", lambda a, b: (lambda w, v: (w, jnp.abs(v)))(*ja.eigh(lax.complex(a, b))), t(4, 4, seed=1), t(4, 4, seed=3))
case("eighRepeated", ja.eigvalsh, jnp.diag(f(2, 1, 2, 2, 1, 3)), kinds=["value"])
case("eighGlued", ja.eigvalsh, jnp.diag(jnp.abs(jnp.arange(21) - 10.0)) + jnp.eye(21, k=1) + jnp.eye(21, k=-1), kinds=["value"])

# ---- svd
case("svd", svd, square(4, 1))
case("svdTall", svd, t(2, 5, 3, seed=1))
case("svdWide", svd, t(3, 5, seed=1))
case("svdvals", lambda a: ja.svd(a, compute_uv=False), t(4, 3, seed=1))
case("svdComplex", lambda a, b: (lambda u, s, vh: (jnp.abs(u), s, jnp.abs(vh)))(*ja.svd(lax.complex(a, b), full_matrices=False)),
     t(4, 3, seed=1), t(4, 3, seed=3))
case("svdSingular", lambda a: ja.svd(a, compute_uv=False), SINGULAR, kinds=["value"])
case("svdHilbert", lambda a: ja.svd(a, compute_uv=False), 1 / (jnp.arange(8)[:, None] + jnp.arange(8) + 1.0), kinds=["value"])

# ---- pinv, lstsq, rank, norm, cond
LOW = t(4, 2, seed=1) @ t(2, 3, seed=2)
case("pinv", ja.pinv, t(4, 3, seed=1) + jnp.eye(4, 3))
case("pinvWide", ja.pinv, t(2, 2, 4, seed=1), kinds=["value", "vjp", "jvp"])
case("pinvLow", ja.pinv, LOW, kinds=["value", "vjp"])
case("pinvEqual", ja.pinv, 2 * jnp.eye(3), kinds=["value", "vjp", "jvp"])
case("pinvComplex", lambda a, b: parts(ja.pinv(lax.complex(a, b))), t(4, 3, seed=1) + 2 * jnp.eye(4, 3), t(4, 3, seed=3))
case("lstsq", lambda a, b: (lambda x, r, k, s: (x, r, k.astype(jnp.int32), s))(*ja.lstsq(a, b)), t(5, 3, seed=1), t(5, 2, seed=3), kinds=["value", "vjp", "jvp", "hvp"])
case("lstsqVector", lambda a, b: ja.lstsq(a, b)[0], t(3, 5, seed=1), t(3, seed=3), kinds=["value", "vjp", "jvp"])
AT = f(-1.0, -0.4, 0.1, 0.5, 0.8, 1.5)
case("polyfit", lambda x, y, w: (jnp.polyfit(x, y[:, 0], 2), jnp.polyfit(x, y, 3, w=w), jnp.polyfit(x, y, 0), jnp.polyfit(x, y[:, 1], 5, rcond=1e-9)),
     AT, t(6, 2), f(1.0, 2.0, 0.5, 1.0, 3.0, 0.25), kinds=["value", "vjp", "jvp"])
case("matrixRank", lambda a, b: (ja.matrix_rank(a).astype(jnp.int32), ja.matrix_rank(b).astype(jnp.int32)), LOW, t(2, 3, 3, seed=1), kinds=["value"])
ORDERS = [jnp.inf, -jnp.inf, 0, 1, 2, 3, -1.5]
case("normVectors", lambda x: [ja.norm(x)] + [ja.norm(x, o, axis=1) for o in ORDERS], t(3, 4, seed=1), kinds=ALL)
case("normMatrices", lambda x: [ja.norm(x, o, axis=(0, 2), keepdims=o == 1) for o in ["fro", "nuc", 1, -1, 2, -2, jnp.inf, -jnp.inf]],
     t(3, 2, 4, seed=1), kinds=["value", "vjp", "jvp"])
case("normComplex", lambda a, b: [ja.norm(lax.complex(a, b)), ja.norm(lax.complex(a, b), 1), ja.norm(lax.complex(a, b), 3, axis=0)], t(3, 2, seed=1), t(3, 2, seed=3))
case("cond", lambda a: [ja.cond(a, p) for p in [None, -2, 1, jnp.inf, "fro"]], square(3, 2), kinds=["value"])

# ---- products
case("traceOf", lambda a, n: (jnp.trace(a, axis1=-2, axis2=-1), jnp.trace(a, 1, axis1=-2, axis2=-1), jnp.trace(n, -2)), t(2, 3, 4, seed=1), jnp.arange(12, dtype=jnp.int32).reshape(4, 3))
case("matrixPower", lambda a: [ja.matrix_power(a, n) for n in [0, 1, 5, -3]], square(3, 1))
case("choleskySolve", lambda a, b: (jsp.linalg.cho_solve((jnp.tril(a), True), b), jsp.linalg.cho_solve((jnp.triu(a), False), b)), square(3, 1), t(3, 2))
case("choleskySolveComplex", lambda a, b: parts(jsp.linalg.cho_solve((jnp.tril(lax.complex(a, b)), True), lax.complex(b, a)[:, 0])), square(3, 1), t(3, 3))
case("matrixTranspose", lambda a: jnp.matrix_transpose(a), t(2, 3, 4), kinds=FORWARD)
# Of norms from far below what the approximation reaches to what takes several squarings.
case("expm", lambda a: [jsp.linalg.expm(a * s) for s in (0.01, 1, 20)], square(3, 1), kinds=["value", "vjp", "jvp", "hvp"])
case("expmBatch", jsp.linalg.expm, jnp.stack([t(3, 3), 30 * t(3, 3, seed=1) - 40 * jnp.eye(3)]), kinds=ALL)
case("expmComplex", lambda a, b: parts(jsp.linalg.expm(lax.complex(a, 9 * b))), t(3, 3), t(3, 3, seed=1))
case("multiDot", lambda a, b, c, v: (ja.multi_dot([a, b, c]), ja.multi_dot([v, b, c])), t(2, 5, seed=1), t(5, 3, seed=2), t(3, 4, seed=3), t(5))

write("linalg")
