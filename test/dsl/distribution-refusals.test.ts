import { describe, expect, it } from "vitest"
import * as special from "../../dsl/special/index.ts"
import * as stats from "../../dsl/stats/index.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { type Loose, refusal } from "../support/refused.ts"

const { f32, f64, i32, random } = lc
const key = () => random.key(0)

describe("distributions refuse", () => {
  const rows: ReadonlyArray<readonly [string, (x: Loose, y: Loose, n: Loose) => unknown]> = [
    ["ShapeError: random.exponential: f32[3] is no key", (x) => random.exponential(x, [2])],
    [
      "DTypeError: random.exponential: takes a float dtype, not i32",
      () => random.exponential(key(), [2], "i32" as Loose)
    ],
    [
      "DTypeError: random.maxwell: takes a float dtype, not i32",
      () => random.maxwell(key(), [2], "i32" as Loose)
    ],
    ["DTypeError: random.triangular: dtypes differ", (x, y) => random.triangular(key(), x, 0, y, [3])],
    ["DTypeError: random.f: takes a float dtype, not i32", (_x, _y, n) => random.f(key(), n, 2)],
    ["ValueError: random.ball: p is 0", () => random.ball(key(), 3, 0)],
    ["ShapeError: random.ball: d is -1", () => random.ball(key(), -1)],
    [
      "ShapeError: random.categorical: i32[] does not end with the axes of f32[2,3] beside axis 1",
      (x) => random.categorical(key(), lc.stack([x, x]), { shape: [] })
    ],
    ["ShapeError: random.gumbel: a dimension is -1", () => random.gumbel(key(), [-1] as Loose)],
    ["DTypeError: random.gamma: takes a float dtype, not i32", (_x, _y, n) => random.gamma(key(), n)],
    [
      "DTypeError: random.gamma: dtypes differ: f32[3] and f64[]",
      (x) => random.gamma(key(), x, [3], "f64" as Loose)
    ],
    ["ShapeError: random.gamma: f32[3] does not broadcast to [2]", (x) => random.gamma(key(), x, [2])],
    ["DTypeError: random.beta: dtypes differ: f32[3] and f64[2]", (x, y) => random.beta(key(), x, y, [3])],
    ["ShapeError: random.dirichlet: alpha is f32[]", () => random.dirichlet(key(), lc.scalar(1, "f32"))],
    [
      "DTypeError: random.poisson: takes an integer dtype, not f32",
      () => random.poisson(key(), 2, [3], "f32" as Loose)
    ],
    [
      "DTypeError: random.binomial: dtypes differ: f32[3] and f64[2]",
      (x, y) => random.binomial(key(), x, y, [3])
    ],
    ["ShapeError: random.multinomial: p is f32[]", () => random.multinomial(key(), 3, lc.scalar(1, "f32"))],
    ["DTypeError: random.multinomial: dtypes differ", (x, y) => random.multinomial(key(), x, y)],
    ["DTypeError: random.geometric: takes a float dtype, not i32", (_x, _y, n) => random.geometric(key(), n)],
    [
      "DTypeError: random.rademacher: takes a signed dtype, not u8",
      () => random.rademacher(key(), [2], "u8" as Loose)
    ],
    ["DTypeError: random.truncatedNormal: dtypes differ", (x, y) => random.truncatedNormal(key(), x, y)],
    [
      "ShapeError: random.multivariateNormal: the mean is f32[3], the covariance f32[3]",
      (x) => random.multivariateNormal(key(), x, x)
    ],
    [
      "ShapeError: random.multivariateNormal: f32[2,3] and f32[3,3] do not broadcast to [4,3]",
      () => random.multivariateNormal(key(), lc.zeros([2, 3], "f32"), lc.eye(3, "f32"), [4])
    ],
    [
      "ValueError: random.choice: there are 3 to choose from, and 4 are asked for",
      () => random.choice(key(), 3, [4], { replace: false })
    ],
    ["ValueError: random.choice: there are 0 to choose from", () => random.choice(key(), 0, [1])],
    [
      "ShapeError: random.choice: p is f32[3], of 5 to choose from",
      (x) => random.choice(key(), 5, [2], { p: x })
    ],
    [
      "DTypeError: random.choice: takes a float dtype, not i32",
      (_x, _y, n) => random.choice(key(), 3, [2], { p: n })
    ],
    [
      "ShapeError: random.choice: axis 1 is out of range for f32[3]",
      (x) => random.choice(key(), x, [2], { axis: 1 })
    ],
    [
      "ValueError: random.choice: there is no option",
      () => random.choice(key(), 3, [2], { weights: 1 } as Loose)
    ]
  ]
  it.each(rows)("%s", (message, make) => {
    expect(refusal([f32(3), f64(2), i32(3)], make)).toContain(message)
  })

  it("rows of a plain array of keys, and say where to get them", () => {
    const [first] = random.split(key(), 3)
    expect(first.dtype).toBe("u32")
    expect(random.split(key(), 3)).toHaveLength(3)
    expect(refusal([lc.u32(3, 2)], (keys) => [...keys])).toContain("is no list")
  })
})

describe("special functions and densities refuse", () => {
  const rows: ReadonlyArray<readonly [string, (x: Loose, y: Loose, n: Loose) => unknown]> = [
    ["DTypeError: ndtr: takes floats, not i32[3]", (_x, _y, n) => special.ndtr(n)],
    ["DTypeError: gammainc: dtypes differ: f32[3] and f64[2]", (x, y) => special.gammainc(x, y)],
    [
      "ShapeError: xlogy: shapes do not broadcast: f32[3] and f32[2]",
      (x) => special.xlogy(x, lc.zeros([2], "f32") as Loose)
    ],
    ["DTypeError: betainc: no operand is a tensor", () => special.betainc(1, 2, 0.5)],
    ["ValueError: betainc: an operand is undefined", (x) => (special.betainc as Loose)(x, x)],
    ["ValueError: i0e: takes 1 arguments, not 2", (x) => (special.i0e as Loose)(x, x)],
    ["ShapeError: multigammaln: the order is 0", (x) => special.multigammaln(x, 0)],
    ["DTypeError: norm.logpdf: dtypes differ: f32[3] and f64[2]", (x, y) => stats.norm.logpdf(x, y)],
    ["DTypeError: expi: takes floats, not i32[3]", (_x, _y, n) => special.expi(n)],
    ["DTypeError: expn: the order is f32[3]", (x) => special.expn(x, x)],
    ["ShapeError: expn: the order is 1.5", (x) => special.expn(1.5, x)],
    ["DTypeError: hyp1f1: dtypes differ: f32[3] and f64[2]", (x, y) => special.hyp1f1(x, y, 1)],
    ["DTypeError: poisson.logpmf: takes floats, not i32[3]", (_x, _y, n) => stats.poisson.logpmf(n, 2)],
    ["ValueError: gamma.cdf: an operand is undefined", (x) => (stats.gamma.cdf as Loose)(x)],
    [
      "ShapeError: dirichlet.logpdf: x is f32[3], alpha f32[5]",
      (x) => stats.dirichlet.logpdf(x, lc.ones([5], "f32") as Loose)
    ],
    [
      "ShapeError: multivariateNormal.logpdf: x is f32[3], the mean f32[3], the covariance f32[3]",
      (x) => stats.multivariateNormal.logpdf(x, x, x)
    ]
  ]
  it.each(rows)("%s", (message, make) => {
    expect(refusal([f32(3), f64(2), i32(3)], make)).toContain(message)
  })
})
