"""Convolutions in any layout, their transposes, Fourier transforms, and reductions by functions of two elements."""

import jax.numpy as jnp
import numpy as np
from jax import lax

from .table import COMPLEX, FLOATS, HALVES, row

wave = lambda *shape, seed=0.0: np.round(np.sin(np.arange(int(np.prod(shape))) * 2.3 + seed), 3).reshape(shape)
complex_wave = lambda *shape: wave(*shape) + 1j * wave(*shape, seed=1)


def convolve(x, k, dims, strides=1, padding="VALID", spread=1, apart=1, groups=1):
    rank = x.ndim - 2
    each = lambda n: [n] * rank if isinstance(n, int) else n
    return lax.conv_general_dilated(x, k, each(strides), padding, each(spread), each(apart), dims, groups)


LAST = ("NHWC", "HWIO", "NHWC")
row("convLayouts", lambda x, k: [
    convolve(x, k, LAST), convolve(x, k, LAST, 2, "SAME"), convolve(x, k, LAST, [1, 2], [(1, 0), (2, 1)], apart=[2, 1]),
    convolve(x, k, ("NHWC", "HWIO", "NCHW"), padding=[(0, 0), (0, 0)], spread=[1, 2]), convolve(x, k, ("NWHC", "HWIO", "WNCH"), [2, 1]),
    convolve(x, k, ("CHWN", "HWOI", "NHWC"), padding="SAME"), convolve(x, jnp.concatenate([k, k], 3), LAST, groups=1),
    convolve(jnp.concatenate([x, x], 3), k, LAST, groups=2)],
    wave(2, 4, 5, 2), wave(2, 2, 2, 2, seed=1), dtypes=FLOATS)
row("convLayout", lambda x, k: convolve(x, k, LAST, 2, "SAME"), wave(2, 4, 5, 2), wave(2, 3, 2, 3, seed=1), dtypes=HALVES)
row("convLayout", lambda x, k: convolve(x, k, LAST, 2, "SAME"), complex_wave(2, 4, 5, 2), complex_wave(2, 3, 2, 3), dtypes=["c64"])
row("convLayout", lambda x, k: convolve(x, k, LAST, 2, "SAME"), np.round(9 * wave(2, 4, 5, 2)), np.round(9 * wave(2, 3, 2, 3)), dtypes=["i32"])
row("convRanks", lambda x, k, y, l, z, n: [
    convolve(x, k, ("NHC", "HIO", "NHC"), 2), convolve(y, l, ("NDHWC", "DHWIO", "NDHWC"), [1, 2, 1], "SAME"), convolve(z, n, ("CN", "IO", "NC"))],
    wave(2, 6, 2), wave(3, 2, 3, seed=1), wave(1, 3, 3, 3, 2), wave(2, 2, 1, 2, 2, seed=2), wave(2, 3), wave(2, 4), dtypes=["f32"])
row("convSides", lambda x, k, y: [
    convolve(x, k, LAST, 1, "SAME_LOWER"), convolve(x, k, LAST, 2, "SAME_LOWER"), convolve(x, k, LAST, [1, 3], "SAME_LOWER", apart=[2, 1]),
    lax.reduce_window(y, 0.0, lax.add, (2, 4), (1, 3), "SAME_LOWER"), lax.reduce_window(y, -np.inf, lax.max, (4, 2), (1, 1), "SAME_LOWER")],
    wave(2, 4, 5, 2), wave(2, 4, 2, 2, seed=1), wave(3, 7), dtypes=FLOATS)
shared = lambda x, k, dims, groups, **options: lax.conv_general_dilated(x, k, (1, 1), options.get("padding", "VALID"), dimension_numbers=dims, batch_group_count=groups)
row("convBatchGroups", lambda x, k: [
    shared(x, k, LAST, 2), shared(x, k, LAST, 4, padding="SAME"), shared(x, k, ("NHWC", "HWIO", "NCHW"), 2, padding=[(1, 0), (0, 2)])],
    wave(4, 3, 4, 2), wave(2, 2, 2, 4, seed=1), dtypes=FLOATS)
row("convBatchGroups", lambda x, k: [
    shared(x, k, LAST, 2), shared(x, k, LAST, 4, padding="SAME"), shared(x, k, ("NHWC", "HWIO", "NCHW"), 2, padding=[(1, 0), (0, 2)])],
    np.round(9 * wave(4, 3, 4, 2)), np.round(9 * wave(2, 2, 2, 4)), dtypes=["i32"])

FIRST = ("NCHW", "OIHW", "NCHW")
row("convTransposes", lambda x, k: [
    lax.conv_transpose(x, k, s, p, d, FIRST, transpose_kernel=t)
    for s, p, d, t in (((1, 1), "VALID", None, False), ((2, 3), "SAME", None, False), ((2, 1), "VALID", None, True), ((4, 4), "VALID", (2, 1), False),
                       ((3, 2), "SAME", (1, 2), True), ((2, 2), ((1, 0), (0, 2)), None, False))],
    wave(2, 2, 3, 2), wave(2, 2, 3, 2, seed=1), dtypes=FLOATS)
row("convTransposeLayouts", lambda x, k, y, l, z, n: [
    lax.conv_transpose(x, k, (2, 2), "SAME"), lax.conv_transpose(x, jnp.swapaxes(k, 2, 3), (2, 1), "VALID", transpose_kernel=True),
    lax.conv_transpose(y, l, (3,), "SAME"), lax.conv_transpose(z, n, (2, 1, 2), "VALID", dimension_numbers=("NDHWC", "DHWIO", "NDHWC"))],
    wave(2, 3, 2, 2), wave(2, 3, 2, 3, seed=1), wave(2, 4, 2), wave(2, 2, 1, seed=2), wave(1, 2, 2, 1, 2), wave(1, 2, 1, 2, 1), dtypes=["f32"])
row("convTranspose", lambda x, k: lax.conv_transpose(x, k, (1, 1), "VALID", dimension_numbers=FIRST), wave(1, 2, 3, 2), wave(2, 2, 3, 2, seed=1),
    dtypes=["bf16"])

# ---- Fourier transforms
fft = jnp.fft
NORMS = ["backward", "ortho", "forward"]
row("ffts", lambda z: [
    *(f(z, n, axis, norm) for f in (fft.fft, fft.ifft) for n, axis, norm in ((None, 0, None), (3, -1, "ortho"), (7, 1, "forward"), (4, -2, "backward"))),
    *(f(z, s, axes, norm) for f in (fft.fftn, fft.ifftn) for s, axes, norm in ((None, None, None), ((3,), None, "ortho"), ((2, 3), (2, 0), "forward"))),
    *(f(z, s, axes, norm) for f in (fft.fft2, fft.ifft2) for s, axes, norm in ((None, (-2, -1), None), ((3, 4), (-2, -1), "ortho"), (None, (0, 1), "forward")))],
    complex_wave(2, 3, 4), dtypes=COMPLEX)
row("rffts", lambda x: [
    *(fft.rfft(x, n, axis, norm) for n, axis, norm in ((None, 0, None), (3, -1, "ortho"), (7, 1, "forward"))),
    *(fft.rfftn(x, s, axes, norm) for s, axes, norm in ((None, None, None), ((3,), None, "ortho"), ((2, 3), (2, 0), "forward"))),
    fft.rfft2(x), fft.rfft2(x, (3, 5), norm="forward"), fft.rfft2(x, axes=(0, 1))],
    wave(2, 3, 4), dtypes=FLOATS)
row("irffts", lambda z: [
    *(fft.irfft(z, n, axis, norm) for n, axis, norm in ((None, 1, None), (3, -1, "ortho"), (9, 1, "forward"), (8, -1, None))),
    *(fft.irfftn(z, s, axes, norm) for s, axes, norm in ((None, None, None), ((3,), None, "ortho"), ((2, 5), (2, 0), "forward"))),
    fft.irfft2(z), fft.irfft2(z, (3, 5), norm="forward"), fft.irfft2(z, axes=(0, 1))],
    complex_wave(2, 3, 4), dtypes=COMPLEX)
# JAX takes norms of these for those of the other direction; NumPy's are written with irfft and rfft.
# So is ihfft, whose zeros have the other sign in JAX.
row("hffts", lambda z: [
    fft.hfft(z), fft.hfft(z, 5), fft.hfft(z, 9, 1), fft.hfft(z, axis=0), fft.irfft(jnp.conj(z), 6, norm="ortho"), fft.irfft(jnp.conj(z), axis=1)],
    complex_wave(2, 3, 4), dtypes=COMPLEX)
row("ihffts", lambda x: [
    *(jnp.conj(fft.rfft(x, n, axis, norm="forward")) for n, axis in ((None, -1), (5, -1), (9, 1), (None, 0))), jnp.conj(fft.rfft(x, 6, norm="ortho")), jnp.conj(fft.rfft(x, axis=1))],
    wave(2, 3, 4), dtypes=FLOATS)
row("manyAxes", lambda x: [fft.fftn(lax.complex(x, x)), fft.rfftn(x), fft.irfftn(lax.complex(x, x)), fft.ifftn(lax.complex(x, 2 * x), axes=(3, 1, 0, 2, 4))],
    wave(2, 1, 2, 3, 2), dtypes=["f64"])
row("manyAxes", lambda x: [fft.fftn(lax.complex(x, x)), fft.rfftn(x), fft.irfftn(lax.complex(x, x)), fft.ifftn(lax.complex(x, 2 * x), axes=(3, 1, 0, 2))],
    wave(2, 2, 3, 2), dtypes=["f32"])
row("frequencies", lambda x: [f(n, d, dtype=x.dtype) for f in (fft.fftfreq, fft.rfftfreq) for n, d in ((4, 1), (5, 0.1), (1, 2))], 1.0,
    dtypes=FLOATS + HALVES, derivatives=False, vmap=False)
row("shifts", lambda x: [f(x, axes) for f in (fft.fftshift, fft.ifftshift) for axes in (None, 0, (0, -1), 1)], wave(3, 4, 5), dtypes=["f32"])
row("shifts", lambda x: [f(x, axes) for f in (fft.fftshift, fft.ifftshift) for axes in (None, 0, (0, -1), 1)], np.arange(2 * 1 * 3).reshape(2, 1, 3), dtypes=["i8"])

# ---- reductions; JAX differentiates none by a function of its own, so sums of logarithms stand for these
grown = lambda a, b: a + b + a * b
later = lambda x, y: [jnp.where(x[0] >= y[0], p, q) for p, q in zip(x, y)]
zero = lambda x: jnp.zeros((), x.dtype)
row("reduces", lambda x: [lax.reduce(x, zero(x), grown, axes) for axes in ((0,), (1, 2), (0, 1, 2), (2, 0))], wave(3, 5, 2), derivatives=False)
row("reduces", lambda x: [lax.reduce(x, zero(x), grown, axes) for axes in ((0,), (1, 2), (0, 1, 2), (2, 0))], np.zeros((3, 0, 2)), dtypes=["f32"], derivatives=False)
row("reduces", lambda x: [lax.reduce(x, zero(x), grown, axes) for axes in ((0,), (1, 2), (0, 1, 2), (2, 0))],
    np.reshape(np.arange(12), (2, 3, 2)), dtypes=["i32"])
row("reduceSlopes", lambda x: [jnp.prod(x + 1, 1) - 1, jnp.prod(x + 1) - 1], wave(3, 5))
row("reducePairs", lambda x, i: lax.reduce((x, i), (jnp.asarray(-np.inf, x.dtype), jnp.int32(-1)), later, (1,)), wave(3, 7),
    jnp.arange(21, dtype=jnp.int32).reshape(3, 7), derivatives=False, dtypes=["f32"])
