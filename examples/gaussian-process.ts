/**
 * Guesses a function from some of its values, by a Gaussian process: what is likely between them, and how sure that is
 * (Rasmussen and Williams 2006, algorithm 2.1). One Cholesky factorization serves the guess, its deviation, and the
 * likelihood, whose gradient then finds the length over which values are alike.
 */
import * as Effect from "effect/Effect"
import {
  add,
  cholesky,
  div,
  exp,
  expandDims,
  experiment,
  eye,
  type F32,
  f32,
  flag,
  jit,
  log,
  mul,
  scan,
  slice,
  sqrt,
  square,
  sub,
  sum,
  triangularSolve,
  valueAndGrad
} from "loopcarry"

const noise = 0.05

/** How alike values are at all pairs of places: by a bell of the given length. */
const alikeness = <N extends number, M extends number>(
  a: F32<readonly [N]>,
  b: F32<readonly [M]>,
  length: F32
): F32<readonly [N, M]> => {
  const apart: F32<readonly [N, M]> = sub(expandDims(a, 1), expandDims(b, 0))
  return exp(mul(square(div(apart, length)), -0.5))
}

/** The factor of the covariance of what was seen, and its inverse times that: as it is, and squared. */
const solved = <N extends number>(xs: F32<readonly [N]>, ys: F32<readonly [N]>, length: F32) => {
  const factor = cholesky(add(alikeness(xs, xs, length), mul(eye(xs.shape[0], "f32"), noise ** 2)))
  const half = triangularSolve(factor, expandDims(ys, 1))
  return { factor, half, weights: triangularSolve(factor, half, { transpose: "transpose" }) }
}

/** How unlikely the values are together: minus the logarithm of their density, but for what is constant. */
const surprise = <N extends number>(xs: F32<readonly [N]>, ys: F32<readonly [N]>, length: F32): F32 => {
  const { factor, half } = solved(xs, ys, length)
  const diagonal = sum(mul(factor, eye(xs.shape[0], "f32")), 1)
  return add(mul(sum(square(half)), 0.5), sum(log(diagonal)))
}

/** What is expected at other places, and its standard deviation. */
const guess = <N extends number, M extends number>(
  xs: F32<readonly [N]>,
  ys: F32<readonly [N]>,
  places: F32<readonly [M]>,
  length: F32
) => {
  const { factor, weights } = solved(xs, ys, length)
  const across = alikeness(xs, places, length)
  const explained = sum(square(triangularSolve(factor, across)), 0)
  const expected = sum(mul(across, weights), 0)
  return { expected, deviation: sqrt(sub(1 + noise ** 2, explained)) }
}

export const gaussianProcess = jit([f32(12), f32(12), f32(7), f32()], (xs, ys, places, start) => {
  const [logLength, surprises] = scan(
    log(start),
    null,
    (l) => {
      const [value, slope] = valueAndGrad((each: F32) => surprise(xs, ys, exp(each)))(l)
      return [sub(l, mul(slope, 0.01)), value]
    },
    { length: 60 }
  )
  const length = exp(logLength)
  return { length, surprises: slice(surprises, [0], [60], [12]), ...guess(xs, ys, places, length) }
})

export default experiment("Gaussian process", {
  about: "a sine guessed from 12 of its values, by Cholesky",
  flags: { length: flag.float(0.5, "over which values are alike, at first") },
  program: gaussianProcess,
  run: ({ length }) =>
    Effect.gen(function* () {
      const xs = Float32Array.from({ length: 12 }, (_, i) => (6 * i) / 11)
      const places = Float32Array.from({ length: 7 }, (_, i) => i + 0.25)
      const found = yield* gaussianProcess(xs, xs.map(Math.sin), places, length)
      return { places, truth: places.map(Math.sin), ...found }
    })
})
