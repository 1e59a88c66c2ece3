/**
 * The CO2 in the air of Mauna Loa, month by month, by a Kalman filter: a level with a slope, and two waves a year (Harvey
 * 1989). L-BFGS finds how strong each noise is, by maximum likelihood. Months without a value are steps without a
 * correction, and so is the future.
 */
import * as Effect from "effect/Effect"
import {
  add,
  arange,
  at,
  constant,
  diag,
  div,
  exp,
  expandDims,
  experiment,
  eye,
  type F64,
  f64,
  flag,
  isNan,
  jit,
  log,
  matmul,
  mean,
  mul,
  neg,
  scalar,
  scan,
  slice,
  sqrt,
  square,
  stack,
  sub,
  sum,
  transpose,
  tree,
  where,
  zeros
} from "loopcarry"
import { readCsv } from "loopcarry/io"
import { applyUpdates, lbfgs, valueAndGradFromState } from "loopcarry/optim"

/** Logarithms of the standard deviations: of a measurement, and of what each part of the state does by itself. */
interface Noise {
  readonly measured: F64
  readonly level: F64
  readonly slope: F64
  readonly season: F64
}

/** What a month does to level, slope and two waves of two numbers each. */
const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)]
const transition = [
  [1, 1, 0, 0, 0, 0],
  [0, 1, 0, 0, 0, 0],
  [0, 0, c, s, 0, 0],
  [0, 0, -s, c, 0, 0],
  [0, 0, 0, 0, c * c - s * s, 2 * c * s],
  [0, 0, 0, 0, -2 * c * s, c * c - s * s]
] as const

/** What is measured of the state: its level and one number of each wave. */
const measured = [1, 0, 1, 0, 1, 0] as const

/** Goes through the months. Each gives what was expected of it, how surely, and the logarithm of its likelihood. */
const filter = <N extends number>(noise: Noise, ppm: F64<readonly [N]>) => {
  const [move, look] = [constant(transition, "f64"), constant(measured, "f64")]
  const { level, slope, season } = noise
  const drift = diag(exp(mul(2, stack([level, slope, season, season, season, season]))))
  // Nothing is known at first.
  const start = { state: zeros([6], "f64"), covariance: mul(eye(6, "f64"), 1e6) }
  return scan(start, ppm, ({ state, covariance }, value) => {
    const isMissing = isNan(value)
    const expected = matmul(look, state)
    const across = matmul(covariance, look)
    const variance = add(matmul(look, across), exp(mul(2, noise.measured)))
    const surprise = where(isMissing, 0, sub(value, expected))
    const gain = where(isMissing, 0, div(across, variance))
    const corrected = add(state, mul(gain, surprise))
    const left = sub(covariance, mul(expandDims(gain, 1), expandDims(across, 0)))
    const likelihood = mul(-0.5, add(log(mul(2 * Math.PI, variance)), div(square(surprise), variance)))
    return [
      {
        state: matmul(move, corrected),
        covariance: add(matmul(matmul(move, left), transpose(move)), drift)
      },
      { expected, deviation: sqrt(variance), likelihood: where(isMissing, 0, likelihood) }
    ]
  })
}

/** Finds the noise that makes the months likeliest. */
const likeliest = <N extends number>(ppm: F64<readonly [N]>, iterations: number) => {
  const loss = (noise: Noise): F64 => neg(mean(filter(noise, ppm)[1].likelihood))
  const optimizer = lbfgs()
  const first: Noise = {
    measured: scalar(-1, "f64"),
    level: scalar(-1, "f64"),
    slope: scalar(-4, "f64"),
    season: scalar(-4, "f64")
  }
  const [[noise], losses] = scan([first, optimizer.init(first)], arange(iterations), ([old, state]) => {
    const [value, grads] = valueAndGradFromState(loss)(old, state)
    const [updates, next] = optimizer.update(grads, state, old, { value, valueFn: loss })
    return [[applyUpdates(old, updates), next], value]
  })
  return { noise, losses }
}

/** The noise of the months that are known, and the last months as they are expected. */
export const kalman = (months: number, iterations: number, ahead: number) =>
  jit([f64(months)], (ppm) => {
    const { noise, losses } = likeliest(ppm, iterations)
    const [{ state }, { expected, deviation, likelihood }] = filter(noise, ppm)
    return {
      losses,
      deviations: tree.map(exp, noise),
      likelihood: sum(likelihood),
      growth: mul(12, at(state, 1).get()),
      expected: slice(expected, [months - ahead], [months]),
      deviation: slice(deviation, [months - ahead], [months])
    }
  })

export default experiment("Kalman filter", {
  about: "CO2 at Mauna Loa: the noise by maximum likelihood, and two years ahead",
  flags: {
    data: flag.string("examples/data/mauna-loa-co2.csv", "months with a column ppm, which may be empty"),
    iterations: flag.int(15, "steps of L-BFGS"),
    ahead: flag.int(24, "months at the end that are held back")
  },
  run: ({ data, iterations, ahead }) =>
    Effect.gen(function* () {
      const { ppm } = yield* readCsv(data, {
        columns: { ppm: "f64" },
        missing: { ppm: Number.NaN }
      })
      const known = ppm.map((value, i) => (i < ppm.length - ahead ? value : Number.NaN))
      const found = yield* kalman(ppm.length, iterations, ahead)(known)
      return { ...found, truth: ppm.subarray(ppm.length - ahead) }
    })
})
