import * as lc from "../../pjrt/loopcarry.ts"

export type S = lc.Tensor<"f64", readonly []>
export type F = (x: S) => S

// biome-ignore lint/suspicious/noExplicitAny: no types of shapes, which these tests are not about and tsc pays for
type Loose = any
const {
  add,
  arange,
  cond,
  customVjp,
  grad,
  gt,
  lt,
  mul,
  pow,
  scalar,
  scan,
  stack,
  stopGradient,
  sum,
  vmap,
  whileLoop
} = lc as Loose

/** As `customVjp` and `grad`, of scalars alone. */
export const custom: <R>(
  fn: F,
  rule: {
    readonly forward: (x: S) => readonly [S, R]
    readonly backward: (residuals: R, ct: S) => readonly [S]
  }
) => F = customVjp
export const slope: (fn: F) => F = grad
export const times: (a: S, b: S | number) => S = mul
const [sin, cos]: readonly [F, F] = [lc.sin as F, lc.cos as F]

/** A rule that is not the true derivative, so that it shows whose is taken. Both call themselves and each other. */
export const sine: F = custom(sin, {
  forward: (x) => [sine(x), x],
  backward: (x, ct) => [times(times(ct, 2), cosine(x))]
})
export const cosine: F = custom(cos, {
  forward: (x) => [cosine(x), x],
  backward: (x, ct) => [times(times(ct, -3), sine(x))]
})

/** A function made anew by each rule: x ** n, whose rule says 2 n times that of n - 1. */
export const power = (n: number): F =>
  custom((x) => pow(x, n), {
    forward: (x) => [power(n)(x), x],
    backward: (x, ct) => [times(times(ct, 2 * n), power(n - 1)(x))]
  })

const twice =
  (checkpoint: lc.Checkpoint): F =>
  (x) =>
    scan(x, null, (c: S) => [sine(c), null], { length: 2, checkpoint })[0]

const f = (x: number) => Math.sin(x)
const df = (x: number) => 2 * Math.cos(x)
const ddf = (x: number) => -6 * Math.sin(x)
const ff = (x: number) => f(f(x))
const dff = (x: number) => df(f(x)) * df(x)
const ddff = (x: number) => ddf(f(x)) * df(x) ** 2 + df(f(x)) * ddf(x)

/** A function, and in plain numbers what its value and its first derivatives are. */
interface Case {
  readonly fn: F
  readonly wanted: ReadonlyArray<(x: number) => number>
}

const inside: Readonly<Record<string, Case>> = {
  alone: {
    fn: sine,
    wanted: [f, df, ddf, (x) => -12 * Math.cos(x), (x) => 36 * Math.sin(x), (x) => 72 * Math.cos(x)]
  },
  "made anew by each rule": {
    fn: power(3),
    wanted: [(x) => x ** 3, (x) => 6 * x ** 2, (x) => 24 * x, () => 48, () => 0]
  },
  "a scan that keeps all": { fn: twice("all"), wanted: [ff, dff, ddff] },
  "a scan in blocks": { fn: twice({ every: 1 }), wanted: [ff, dff, ddff] },
  "a scan that keeps nothing": { fn: twice("recompute"), wanted: [ff, dff, ddff] },
  "a loop of a bounded number of steps": {
    fn: (x) =>
      whileLoop(
        ([i]: readonly [S, S]) => lt(i, 2),
        ([i, c]: readonly [S, S]) => [add(i, 1), sine(c)],
        [scalar(0, "i32"), x],
        { max: 3 }
      )[1],
    wanted: [ff, dff, ddff]
  },
  "a branch": {
    fn: (x) =>
      cond(
        gt(x, 0),
        () => sine(x),
        () => times(x, 7)
      ),
    wanted: [(x) => (x > 0 ? f(x) : 7 * x), (x) => (x > 0 ? df(x) : 7), (x) => (x > 0 ? ddf(x) : 0)]
  },
  "a batch": {
    fn: (x) => sum(vmap(sine)(stack([x, times(x, 2)]))),
    wanted: [(x) => f(x) + f(2 * x), (x) => df(x) + 2 * df(2 * x), (x) => ddf(x) + 4 * ddf(2 * x)]
  },
  "a batch of branches in a scan": {
    fn: (x) => {
      const one = (c: S) =>
        cond(
          gt(c, 0),
          () => sine(c),
          () => c
        )
      return sum(scan(stack([x, times(x, 2)]), null, (c: S) => [vmap(one)(c), null], { length: 1 })[0])
    },
    wanted: [
      (x) => (x > 0 ? f(x) + f(2 * x) : 3 * x),
      (x) => (x > 0 ? df(x) + 2 * df(2 * x) : 3),
      (x) => (x > 0 ? ddf(x) + 4 * ddf(2 * x) : 0)
    ]
  },
  "another's rule": {
    fn: custom((x) => sine(sine(x)), {
      forward: (x) => [sine(sine(x)), x],
      backward: (x, ct) => [times(ct, slope(twice("all"))(x))]
    }),
    wanted: [ff, dff, ddff]
  },
  "what comes from around, in a scan": {
    fn: (x) =>
      scan(x, arange(2, "f64"), (c: S, i: S) => {
        const still: S = stopGradient(add(c, i))
        const fn = custom((v) => times(v, i), {
          forward: (v) => [times(v, i), sine(v)],
          backward: (s, ct) => [times(times(ct, s), still)]
        })
        return [add(fn(c), c), null]
      })[0],
    // c1 = x, c2 = 2 x; the slopes are 1 + sin(x) x and 1 + sin(c1) (c1 + 1).
    wanted: [(x) => 2 * x, (x) => (1 + f(x) * x) * (1 + f(x) * (x + 1))]
  }
}

export const customRules: ReadonlyArray<readonly [string, Case]> = Object.entries(inside)
