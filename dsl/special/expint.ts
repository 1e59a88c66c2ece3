import type { FloatDType } from "../dtype.ts"
import { add, div, eq, exp, le, log, lt, mul, neg } from "../ops/elementwise.ts"
import { type Floats, like } from "../ops/incomplete-gamma.ts"
import type { Unary } from "../ops/operators.ts"
import { select } from "../ops/structure.ts"
import { ofOrder } from "./expn.ts"
import { ofFloats, withSlopes } from "./floats.ts"

/**
 * Rational approximations for x up to 2, 4, 8, 16, 32, 64 and beyond (Cephes, `expi`): numerator and denominator, from the
 * highest power down. The first is in x, the others in 1 / x.
 */
const approximations: ReadonlyArray<readonly [ReadonlyArray<number>, ReadonlyArray<number>]> = [
  [
    [
      -5.350447357812543, 218.50491688166133, -4176.572384826693, 55411.76756393557, -331338.13311781443,
      1592627.1633849454
    ],
    [
      1, -52.505479591128626, 1259.6161867867906, -17565.495819735348, 149306.2117002726, -729494.9239640528,
      1592627.1633849454
    ]
  ],
  [
    [
      0.019818085032596897, -1.2716456259849176, -2.0881603356812284, 2.7555445091879367, -0.44095070487016,
      0.046656238059358916, -0.0015450426796734852, 7.059980605299618e-5
    ],
    [
      1, 1.4764986709149215, 0.5629177174822436, 0.16990178978793072, 0.02291647179034212,
      0.0044501504397287525, 0.00017274396122065214, 3.953167195549672e-5
    ]
  ],
  [
    [
      -1.3732153758712087, -0.7084559133740839, 1.580806855547941, -0.2601500427425623, 0.029946746941137137,
      -0.001038086040188744, 4.371064420753005e-5, 2.141783679522603e-6
    ],
    [
      1, 0.8585231423622028, 0.4483285822873995, 0.07687932158124476, 0.024498682410218877,
      0.0008832165941927797, 0.00045909522995113536, -4.729848351866523e-6, 2.66519553739071e-6
    ]
  ],
  [
    [
      -2.1069346016919166, 1.7327338696646881, -0.2423619178935842, 0.02322724180937566,
      0.00023728804404931798, -8.343219561192553e-5, 1.3634087956052505e-5, -3.655412321999254e-7,
      1.4649417339759612e-8, 6.17640786371036e-10
    ],
    [
      1, -0.2298062239901678, 0.11050770414740378, -0.015665429666307924, 0.002761106850817353,
      -0.00020891480122840484, 1.7085289388076754e-5, -4.4593117963566865e-7, 1.3946349303538475e-8,
      6.150865933977338e-10
    ]
  ],
  [
    [
      -0.24581193676740204, -0.14833822533220778, 0.07248291795735552, -0.013483156873809405,
      0.001342775069788637, -7.942465637159712e-5, 2.644179518984236e-6, -4.239473659313765e-8
    ],
    [
      1, -0.10442259084438711, -0.26764531281014026, 0.09695000254621984, -0.01601745692712991,
      0.001496414899205908, -8.462452563778485e-5, 2.7289384034767266e-6, -4.239462431819542e-8
    ]
  ],
  [
    [
      0.12125611181054567, -0.5823133179043894, 0.2348887314557017, -0.030400343181132484,
      0.0015100821468651906, -2.5231370954995714e-5
    ],
    [
      1, -1.002252150365854, 0.2928709694872224, -0.03337004338674008, 0.0015605448811273888,
      -2.5231370936032347e-5
    ]
  ],
  [
    [
      -0.7657847078286127, 0.6886192415566705, -0.2132598113545206, 0.033461075523841935,
      -0.003076541477344756, 0.00017471193164549074, -6.1037116822741705e-6, 1.218032765428652e-7,
      -1.0860761027932903e-9
    ],
    [
      1, -1.8888028686623086, 1.066691687211409, -0.27519159823063805, 0.039308526882338234,
      -0.003414684558602365, 0.00018668443707035555, -6.345146083130515e-6, 1.239754287483207e-7,
      -1.0860761027931265e-9
    ]
  ]
]

const horner = (coefficients: ReadonlyArray<number>, x: Floats): Floats =>
  coefficients.slice(1).reduce((sum, each) => add(mul(sum, x), each), like(x, coefficients[0]!))

const ofPositive = (x: Floats): Floats => {
  const [near, ...others] = approximations
  const ratio = (
    [above, below]: readonly [ReadonlyArray<number>, ReadonlyArray<number>],
    at: Floats
  ): Floats => div(horner(above, at), horner(below, at))
  const w = div(1, x)
  let share = ratio(others.at(-1)!, w)
  for (let i = others.length - 2; i >= 0; i--)
    share = select(le(x, 2 ** (i + 2)), ratio(others[i]!, w), share)
  const far = mul(mul(exp(x), w), add(mul(w, share), 1))
  const close = add(add(mul(x, ratio(near!, x)), 0.5772156649015329), log(x))
  const found = select(le(x, 2), close, far)
  return select(eq(x, Number.POSITIVE_INFINITY), x, found)
}

const integral: (x: Floats) => Floats = withSlopes(
  (x: Floats) => {
    const isBelow = lt(x, 0)
    const negative = neg(ofOrder(like(x, 1), select(isBelow, neg(x), 1)))
    const found = select(isBelow, negative, ofPositive(select(isBelow, 1, x)))
    return select(eq(x, 0), Number.NEGATIVE_INFINITY, found)
  },
  (_, x) => div(exp(x), x)
)

/**
 * Gives the exponential integral Ei, the integral of `exp(t) / t` from -Infinity to x: -Infinity at 0. Takes f16, bf16, f32
 * and f64. The result has the dtype and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example expi(constant([-1, 1], "f32")) // [-0.219, 1.895]
 */
export const expi: Unary<"expi", FloatDType> = ofFloats("expi", 1, integral)
