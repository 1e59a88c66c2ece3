import type { FloatDType } from "../dtype.ts"
import { abs, div, exp, gt, le, mul, neg, sign, sqrt, sub } from "../ops/elementwise.ts"
import { epsilonOf, type Floats, like } from "../ops/incomplete-gamma.ts"
import type { Unary } from "../ops/operators.ts"
import { select } from "../ops/structure.ts"
import { ofFloats, withSlopes } from "./floats.ts"

/**
 * Chebyshev series for the modified Bessel functions, from the highest term down: up to 8 of `e^-x I0(x)` and
 * `e^-x I1(x) / x` in x / 4 - 1, and beyond of `e^-x √x I(x)` in 16 / x - 1. The last coefficient counts half.
 */
const i0Near = [
  -4.4153416464793395e-18, 3.3307945188222384e-17, -2.431279846547955e-16, 1.715391285555133e-15,
  -1.1685332877993451e-14, 7.676185498604936e-14, -4.856446783111929e-13, 2.95505266312964e-12,
  -1.726826291441556e-11, 9.675809035373237e-11, -5.189795601635263e-10, 2.6598237246823866e-9,
  -1.300025009986248e-8, 6.046995022541919e-8, -2.670793853940612e-7, 1.1173875391201037e-6,
  -4.4167383584587505e-6, 1.6448448070728896e-5, -5.754195010082104e-5, 0.00018850288509584165,
  -0.0005763755745385824, 0.0016394756169413357, -0.004324309995050576, 0.010546460394594998,
  -0.02373741480589947, 0.04930528423967071, -0.09490109704804764, 0.17162090152220877, -0.3046826723431984,
  0.6767952744094761
]

const i0Far = [
  -7.233180488043844e-18, -4.8305044859640105e-18, 4.465621420302078e-17, 3.461222867695658e-17,
  -2.827623980516646e-16, -3.425485619677142e-16, 1.7725601330565245e-15, 3.811680669352621e-15,
  -9.554846698828307e-15, -4.150569347287222e-14, 1.54008621752141e-14, 3.8527783827421426e-13,
  7.180124451383666e-13, -1.7941785315068062e-12, -1.3215811840447713e-11, -3.1499165279632416e-11,
  1.1889147107846439e-11, 4.94060238822497e-10, 3.3962320257083865e-9, 2.266668990498178e-8,
  2.0489185894690638e-7, 2.8913705208347567e-6, 6.889758346916825e-5, 0.0033691164782556943,
  0.8044904110141088
]

const i1Near = [
  -2.111421214358166e-17, 1.5536319577362005e-16, -1.1055969477353862e-15, 7.600684294735408e-15,
  -5.042185504727912e-14, 3.223793365945575e-13, -1.9839743977649436e-12, 1.1736186298890901e-11,
  -6.663489723502027e-11, 3.625590281552117e-10, -1.8872497517228294e-9, 9.381537386495773e-9,
  -4.445059128796328e-8, 2.0032947535521353e-7, -8.568720264695455e-7, 3.4702513081376785e-6,
  -1.3273163656039436e-5, 4.781565107550054e-5, -0.00016176081582589674, 0.0005122859561685758,
  -0.0015135724506312532, 0.004156422944312888, -0.010564084894626197, 0.024726449030626516,
  -0.05294598120809499, 0.1026436586898471, -0.17641651835783406, 0.25258718644363365
]

const i1Far = [
  7.517296311011398e-18, 4.414348323093937e-18, -4.6503053684947827e-17, -3.209525921991637e-17,
  2.9626289976460157e-16, 3.30820231092085e-16, -1.8803547755107805e-15, -3.814403072437007e-15,
  1.0420276984128802e-14, 4.2724400167119517e-14, -2.1015418427726643e-14, -4.0835511110921974e-13,
  -7.198551776245908e-13, 2.0356285441470896e-12, 1.4125807436613782e-11, 3.2526035830154884e-11,
  -1.8974958123505413e-11, -5.589743462196584e-10, -3.835380385964237e-9, -2.6314688468895196e-8,
  -2.512236237870209e-7, -3.882564808877691e-6, -0.00011058893876262371, -0.009761097491361469,
  0.7785762350182801
]

/** Clenshaw's sum of a Chebyshev series at x / 2. */
const chebyshev = (x: Floats, coefficients: ReadonlyArray<number>): Floats => {
  let [b0, b1, b2] = [like(x, 0), like(x, 0), like(x, 0)]
  for (const coefficient of coefficients) {
    ;[b1, b2] = [b0, b1]
    b0 = sub(mul(x, b1), sub(b2, coefficient))
  }
  return mul(0.5, sub(b0, b2))
}

const scaled = (x: Floats, near: ReadonlyArray<number>, far: ReadonlyArray<number>): Floats => {
  const size = abs(x)
  const inner = le(size, 8)
  // Each series sees only what it is for.
  const below = chebyshev(sub(div(select(inner, size, 8), 2), 2), near)
  const large = select(inner, 8, size)
  return select(inner, below, div(chebyshev(sub(div(32, large), 2), far), sqrt(large)))
}

export const scaledI0: (x: Floats) => Floats = withSlopes(
  (x: Floats) => scaled(x, i0Near, i0Far),
  (y, x) => sub(one(x), mul(sign(x), y))
)

const one: (x: Floats) => Floats = withSlopes(
  (x: Floats) => {
    const size = abs(x)
    const inner = scaled(x, i1Near, i1Far)
    return mul(sign(x), mul(select(le(size, 8), size, 1), inner))
  },
  (y, x) => {
    const there = gt(abs(x), epsilonOf(x))
    const safe = select(there, x, epsilonOf(x))
    return select(there, sub(scaledI0(safe), mul(y, sub(sign(safe), neg(div(1, safe))))), 0.5)
  }
)

/**
 * Gives `exp(-|x|)` times the modified Bessel function of order 0. Takes f16, bf16, f32 and f64. The result has the dtype
 * and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example i0e(constant([0, 1], "f32")) // [1, 0.466]
 */
export const i0e: Unary<"i0e", FloatDType> = ofFloats("i0e", 1, scaledI0)

/**
 * Gives `exp(-|x|)` times the modified Bessel function of order 1. Takes f16, bf16, f32 and f64. The result has the dtype
 * and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example i1e(constant([0, 1], "f32")) // [0, 0.208]
 */
export const i1e: Unary<"i1e", FloatDType> = ofFloats("i1e", 1, one)

/**
 * Gives the modified Bessel function of order 0. Takes f16, bf16, f32 and f64. The result has the dtype and shape of `x`.
 * Fails with a `DTypeError` for another dtype.
 *
 * @example i0(constant([0, 1], "f32")) // [1, 1.266]
 */
export const i0: Unary<"i0", FloatDType> = ofFloats("i0", 1, (x) => mul(exp(abs(x)), scaledI0(x)))

/**
 * Gives the modified Bessel function of order 1. Takes f16, bf16, f32 and f64. The result has the dtype and shape of `x`.
 * Fails with a `DTypeError` for another dtype.
 *
 * @example i1(constant([0, 1], "f32")) // [0, 0.565]
 */
export const i1: Unary<"i1", FloatDType> = ofFloats("i1", 1, (x) => mul(exp(abs(x)), one(x)))
