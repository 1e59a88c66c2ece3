/** Numerical methods: solvers, integrators on trees, decompositions, clusters, spectra. */
import {
  abs,
  add,
  all,
  and,
  arange,
  argmin,
  at,
  cholesky,
  complex,
  cumsum,
  div,
  exp,
  expandDims,
  eye,
  type F32,
  f32,
  f64,
  fft,
  fori,
  grad,
  gt,
  type I32,
  i32,
  imag,
  irfft,
  isFinite,
  jacfwd,
  jit,
  linspace,
  lt,
  matmul,
  max,
  maximum,
  mean,
  mul,
  neg,
  oneHot,
  pow,
  real,
  rfft,
  scalar,
  scan,
  select,
  sin,
  sort,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type TreeOf,
  transpose,
  tree,
  triangularSolve,
  vmap,
  whileLoop,
  zeros
} from "loopcarry"

/** Conjugate gradients until the residual is small. */
const conjugateGradient = <N extends number>(
  a: (x: F32<[N]>) => F32<[N]>,
  b: F32<[N]>,
  tolerance: number
): F32<[N]> => {
  const start = { x: sub(b, b), r: b, p: b, rr: sum(square(b)), step: scalar(0, "i32") }
  return whileLoop(
    ({ rr, step }) => and(gt(rr, tolerance), lt(step, 100)),
    ({ x, r, p, rr, step }) => {
      const ap = a(p)
      const alpha = div(rr, sum(mul(p, ap)))
      const r1 = sub(r, mul(alpha, ap))
      const rr1 = sum(square(r1))
      return {
        x: add(x, mul(alpha, p)),
        r: r1,
        p: add(r1, mul(div(rr1, rr), p)),
        rr: rr1,
        step: add(step, 1)
      }
    },
    start
  ).x
}
export const solved = jit([f32(4, 4), f32(4), f32(6)], (a, b, c) => {
  const x: F32<[4]> = conjugateGradient((v) => matmul(a, v), b, 1e-6)
  const y: F32<[6]> = conjugateGradient((v) => mul(v, 2), c, 1e-6)
  return { x, y }
})

/** The greatest eigenvalue by powers. */
export const powerIteration = jit([f32(5, 5), f32(5)], (a, start) => {
  const v = fori(
    0,
    50,
    (_, v) => {
      const w = matmul(a, v)
      return div(w, sqrt(sum(square(w))))
    },
    start
  )
  const value: F32 = matmul(v, matmul(a, v))
  return { value, v }
})

/** Newton's method in several dimensions, by its Jacobian. */
export const newton = jit([f32(2)], (start) => {
  const f = (x: F32<[2]>): F32<[2]> => sub(mul(x, x), at(x, arange(1, -1, -1)).get())
  const [root, errors] = scan(start, arange(8), (x) => {
    const j = jacfwd(f)(x)
    const l = cholesky(add(matmul(transpose(j), j), mul(eye(2, "f32"), 1e-6)))
    const step = triangularSolve(l, triangularSolve(l, expandDims(matmul(f(x), j), 1)), {
      transpose: "transpose"
    })
    return [sub(x, sum(step, 1)), max(abs(f(x)))]
  })
  const all: F32<[8]> = errors
  return [root, all]
})

type Floats = TreeOf<Tensor<"f32">>
/** A Runge-Kutta step on any tree. */
const rk4 = <P extends Floats>(f: (p: P) => P, p: P, h: number): P => {
  const ahead = (slope: P, by: number): P => tree.map((x, d) => add(x, mul(d, by)), p, slope)
  const k1 = f(p)
  const k2 = f(ahead(k1, h / 2))
  const k3 = f(ahead(k2, h / 2))
  const k4 = f(ahead(k3, h))
  return tree.map((x, a, b, c, d) => add(x, mul(add(a, mul(b, 2), mul(c, 2), d), h / 6)), p, k1, k2, k3, k4)
}
interface Pendulum {
  readonly angle: F32
  readonly speed: F32
}
export const pendulum = jit([{ angle: f32(), speed: f32() }, [f32(3), f32(3)]], (start, pair) => {
  const field = ({ angle, speed }: Pendulum): Pendulum => ({ angle: speed, speed: mul(sin(angle), -9.8) })
  const [last, angles] = scan(start, null, (p) => [rk4(field, p, 0.01), p.angle], { length: 100 })
  const all: F32<[100]> = angles
  const [x, v] = rk4(([x, v]) => [v, neg(x)], pair, 0.1)
  return { last, all, x, v }
})

/** Clusters: the nearest of several middles, and the means of who is near. */
export const kMeans = jit([f32(60, 2), f32(4, 2)], (points, start) => {
  const [middles, places] = scan(start, arange(10), (middles) => {
    const apart: F32<[60, 4]> = sum(square(sub(expandDims(points, 1), expandDims(middles, 0))), 2)
    const nearest = argmin(apart, 1)
    const hot = oneHot(nearest, 4)
    const counts: F32<[4, 1]> = expandDims(maximum(sum(hot, 0), 1), 1)
    return [div(matmul(transpose(hot), points), counts), nearest]
  })
  const seen: I32<[10, 60]> = places
  return { middles, seen }
})

/** A Gaussian process: its mean at new points. */
const kernel = <N extends number, M extends number>(x: F32<[N]>, y: F32<[M]>, width: F32): F32<[N, M]> =>
  exp(div(square(sub(expandDims(x, 1), expandDims(y, 0))), mul(square(width), -2)))
export const gaussianProcess = jit([f32(12), f32(12), f32(30), f32()], (xs, ys, at, width) => {
  const l = cholesky(add(kernel(xs, xs, width), mul(eye(12, "f32"), 1e-3)))
  const half = triangularSolve(l, expandDims(ys, 1))
  const alpha = triangularSolve(l, half, { transpose: "transpose" })
  const mean: F32<[30, 1]> = matmul(kernel(at, xs, width), alpha)
  return mean
})

/** The slope of its likelihood by the width. */
export const likelihood = jit([f32(12), f32(12), f32()], (xs, ys, width) => {
  const loss = (w: F32) => {
    const l = cholesky(add(kernel(xs, xs, w), mul(eye(12, "f32"), 1e-3)))
    return sum(square(triangularSolve(l, expandDims(ys, 1))))
  }
  return grad(loss)(width)
})

/** A signal without its high tones. */
export const lowPass = jit([f32(64)], (signal) => {
  const tones = rfft(signal)
  const kept = select(lt(arange(33), 8), tones, 0)
  const back: F32<[64]> = irfft(kept, 64)
  return { back, power: add(square(real(tones)), square(imag(tones))) }
})

/** Complex numbers: a spectrum by hand. */
export const spectrum = jit([f32(16)], (x) => {
  const z = fft(complex(x, zeros([16], "f32")))
  const sizes: F32<[16]> = abs(z)
  return sizes
})

/** The trapezoid rule for a function of JavaScript. */
const integral = (f: (x: F32) => F32, from: number, to: number) => {
  const xs = linspace(from, to, 101)
  const ys = vmap(f)(xs)
  return mul(sub(sum(ys), mul(add(at(ys, 0).get(), at(ys, 100).get()), 0.5)), (to - from) / 100)
}
export const integrals = jit([f32()], (k) => {
  const area: F32 = integral((x) => sin(mul(k, x)), 0, Math.PI)
  return [area, grad((k: F32) => integral((x) => pow(x, k), 0, 1))(k)]
})

/** Quantiles of rows, by sorting. */
export const quantiles = jit([f32(5, 21)], (rows) => {
  const sorted: F32<[5, 21]> = sort(rows)
  const middle: F32<[5]> = at(transpose(sorted), 10).get()
  const spread: F32<[5]> = sub(max(rows, 1), middle)
  return { middle, spread, running: cumsum(sorted, 1) }
})

/** The pages that links lead to. */
export const pageRank = jit([f32(6, 6)], (links) => {
  const out = sum(links, 1, { keepDims: true })
  const moves = div(links, maximum(out, 1))
  const start = mul(add(zeros([6], "f32"), 1), 1 / 6)
  const { rank, step } = whileLoop(
    ({ change }) => gt(change, 1e-6),
    ({ rank, step }) => {
      const next = add(mul(matmul(rank, moves), 0.85), 0.15 / 6)
      return { rank: next, change: sum(abs(sub(next, rank))), step: add(step, 1) }
    },
    { rank: start, change: scalar(1, "f32"), step: scalar(0, "i32") },
    { max: 200 }
  )
  return { rank, step, fine: all(isFinite(rank)) }
})

/** Doubles for what needs them. */
export const precise = jit([f64(10), i32()], (xs, n) => {
  const total: Tensor<"f64", readonly []> = fori(0, n, (i, c) => add(c, at(xs, i).get()), scalar(0, "f64"))
  const deviation = sqrt(mean(square(sub(xs, mean(xs)))))
  return { total, deviation }
})
