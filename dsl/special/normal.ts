import type { FloatDType } from "../dtype.ts"
import {
  abs,
  add,
  div,
  eq,
  erf,
  erfc,
  exp,
  ge,
  gt,
  log,
  lt,
  maximum,
  minimum,
  mul,
  neg,
  sqrt,
  sub
} from "../ops/elementwise.ts"
import { type Floats, like } from "../ops/incomplete-gamma.ts"
import type { Unary } from "../ops/operators.ts"
import { select } from "../ops/structure.ts"
import { ofFloats, withSlopes } from "./floats.ts"

export { erf, erfc, erfInv as erfinv } from "../ops/elementwise.ts"

export const normalCdf = (x: Floats): Floats => {
  const w = mul(x, Math.SQRT1_2)
  const z = abs(w)
  const tail = select(gt(w, 0), sub(2, erfc(z)), erfc(z))
  return mul(0.5, select(lt(z, Math.SQRT1_2), add(1, erf(w)), tail))
}

/** A polynomial, from the highest power down. */
const polynomial = (x: Floats, coefficients: ReadonlyArray<number>): Floats =>
  coefficients.slice(1).reduce((sum, each) => add(mul(sum, x), each), like(x, coefficients[0]!))

/** Rational approximations of Cephes (`ndtri.c`), as JAX has them: around 1/2, and for the tails. */
const [p0, q0, p1, q1, p2, q2] = [
  [-59.96335010141079, 98.00107541859997, -56.67628574690703, 13.931260938727968, -1.2391658386738125],
  [
    1, 1.9544885833814176, 4.676279128988815, 86.36024213908905, -225.46268785411937, 200.26021238006066,
    -82.03722561683334, 15.90562251262117, -1.1833162112133
  ],
  [
    4.0554489230596245, 31.525109459989388, 57.16281922464213, 44.08050738932008, 14.684956192885803,
    2.1866330685079025, -0.1402560791713545, -0.03504246268278482, -0.0008574567851546854
  ],
  [
    1, 15.779988325646675, 45.39076351288792, 41.3172038254672, 15.04253856929075, 2.504649462083094,
    -0.14218292285478779, -0.03808064076915783, -0.0009332594808954574
  ],
  [
    3.2377489177694603, 6.915228890689842, 3.9388102529247444, 1.3330346081580755, 0.20148538954917908,
    0.012371663481782003, 0.00030158155350823543, 2.6580697468673755e-6, 6.239745391849833e-9
  ],
  [
    1, 6.02427039364742, 3.6798356385616087, 1.3770209948908132, 0.21623699359349663, 0.013420400608854318,
    0.00032801446468212774, 2.8924786474538068e-6, 6.790194080099813e-9
  ]
] as const

export const normalQuantile = (p: Floats): Floats => {
  const upper = gt(p, 1 - Math.exp(-2))
  const least = select(upper, sub(1, p), p)
  // Zero has no logarithm; what it gives is not used.
  const safe = select(eq(least, 0), 0.5, least)
  const w = sub(safe, 0.5)
  const square = mul(w, w)
  const ratio = div(polynomial(square, p0), polynomial(square, q0))
  const central = mul(add(w, mul(mul(w, square), ratio)), -Math.sqrt(2 * Math.PI))
  const z = sqrt(mul(-2, log(safe)))
  const first = sub(z, div(log(z), z))
  const inverse = div(1, z)
  const far = div(div(polynomial(inverse, p2), polynomial(inverse, q2)), z)
  const near = div(div(polynomial(inverse, p1), polynomial(inverse, q1)), z)
  const tail = sub(first, select(ge(z, 8), far, near))
  const size = select(gt(safe, Math.exp(-2)), central, tail)
  const x = select(upper, size, neg(size))
  const most = select(eq(p, 1), Number.POSITIVE_INFINITY, x)
  return select(eq(p, 0), Number.NEGATIVE_INFINITY, most)
}

export const normalLogDensity = (x: Floats): Floats =>
  sub(mul(-0.5, mul(x, x)), Math.log(Math.sqrt(2 * Math.PI)))

/** The asymptotic series of log Φ far below 0, with three terms. */
const logLower = (x: Floats): Floats => {
  const square = mul(x, x)
  const inverse = div(1, square)
  const series = add(1, mul(inverse, add(-1, mul(inverse, add(3, mul(inverse, -15))))))
  return add(sub(sub(mul(-0.5, square), log(neg(x))), 0.5 * Math.log(2 * Math.PI)), log(series))
}

export const normalLogCdf: (x: Floats) => Floats = withSlopes(
  (x: Floats) => {
    const [least, most] = x.dtype === ("f64" as string) ? [-20, 8] : [-10, 5]
    const above = gt(x, most)
    const share = normalCdf(select(above, neg(x), maximum(x, least)))
    const below = select(gt(x, least), log(share), logLower(minimum(x, least)))
    return select(above, neg(share), below)
  },
  (y, x) => exp(sub(normalLogDensity(x), y))
)

/**
 * Gives the share of the standard normal distribution below x. Takes f16, bf16, f32 and f64. The result has the dtype and
 * shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example ndtr(constant([0, 1], "f32")) // [0.5, 0.841]
 */
export const ndtr: Unary<"ndtr", FloatDType> = ofFloats("ndtr", 1, normalCdf)

/**
 * Gives the inverse of `ndtr`: below which number a share p of the standard normal distribution lies. NaN outside [0, 1].
 * Takes f16, bf16, f32 and f64. The result has the dtype and shape of `p`. Fails with a `DTypeError` for another dtype.
 *
 * @example ndtri(constant([0.5, 0.975], "f32")) // [0, 1.96]
 */
export const ndtri: Unary<"ndtri", FloatDType> = ofFloats("ndtri", 1, normalQuantile)

/**
 * Gives the logarithm of `ndtr`, exact in both tails. Takes f16, bf16, f32 and f64. The result has the dtype and shape of
 * `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example logNdtr(constant([0, -30], "f32")) // [-0.693, -454.321]
 */
export const logNdtr: Unary<"logNdtr", FloatDType> = ofFloats("logNdtr", 1, normalLogCdf)
