import { describe, expect, it } from "vitest"
import { traceNow } from "../../dsl/trace.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { twoDevices } from "../support/backends.ts"
import { numbers } from "../support/flat.ts"
import { call, close } from "../support/numbers.ts"
import { thrown } from "../support/run.ts"

const { abs, cos, cond, customJvp, f64, grad, gt, hessian, jacfwd, jacrev, jit, jvp, linearize, map } = lc
const { mul, scan, select, sin, stopGradient, sub, sum, tanh, vjp, vmap } = lc

type S = lc.F64
type F = (x: S) => S
const points = [0.7, 1.9, -0.4]

/** Three times the true derivative, so that it shows whose is taken. */
const sine = customJvp(
  (x: S) => sin(x),
  ([x], [dx]) => [sin(x), mul(dx, cos(x), 3)]
)
/** Its rule asks for its own value, and for another's. */
const itself: F = customJvp(
  (x: S) => sine(x),
  ([x], [dx]) => [itself(x), mul(dx, sub(1, itself(x)))]
)

const cases: ReadonlyArray<readonly [string, F, (x: number) => number]> = [
  ["the value", sine, Math.sin],
  ["grad", grad(sine), (x) => 3 * Math.cos(x)],
  ["jacfwd", jacfwd(sine), (x) => 3 * Math.cos(x)],
  ["jvp", (x) => jvp(sine, [x], [x])[1], (x) => 3 * x * Math.cos(x)],
  ["vjp", (x) => vjp(sine, x)[1](x)[0], (x) => 3 * x * Math.cos(x)],
  ["linearize", (x) => linearize(sine, x)[1](x), (x) => 3 * x * Math.cos(x)],
  ["hessian", hessian(sine), (x) => -3 * Math.sin(x)],
  ["jacfwd of jacrev", jacfwd(jacrev(sine)), (x) => -3 * Math.sin(x)],
  ["jacrev of jacfwd", jacrev(jacfwd(sine)), (x) => -3 * Math.sin(x)],
  ["grad of grad", grad(grad(sine)), (x) => -3 * Math.sin(x)],
  ["a rule that calls its function, once", grad(itself), (x) => 1 - Math.sin(x)],
  ["a rule that calls its function, twice", grad(grad(itself)), (x) => Math.sin(x) - 1],
  [
    "grad of a scan",
    grad((x: S) => scan(x, null, (c) => [sine(c), null], { length: 2 })[0]),
    (x) => 9 * Math.cos(Math.sin(x)) * Math.cos(x)
  ],
  [
    "jacfwd of a branch",
    jacfwd((x: S) =>
      cond(
        gt(x, 0),
        (y) => sine(y),
        (y) => y,
        x
      )
    ),
    (x) => (x > 0 ? 3 * Math.cos(x) : 1)
  ],
  [
    "grad of a batch's sum",
    (x) => sum(grad((v: lc.F64<[2]>) => sum(vmap(sine)(v)))(lc.stack([x, mul(x, 2)]))),
    (x) => 3 * (Math.cos(x) + Math.cos(2 * x))
  ]
]

describe.each(twoDevices)("customJvp on $on", (device) => {
  const run = device.open()

  it("serves both modes, at each order, in batches and loops", async () => {
    const program = jit([f64(3)], (xs) => cases.flatMap(([, fn]) => [vmap(fn)(xs), map(fn, xs)]))
    const found = await call(run, program, points)
    cases.forEach(([name, , wanted], i) => {
      close(numbers(found[2 * i]), points.map(wanted), 1e-12, `${name}, vmap`)
      close(numbers(found[2 * i + 1]), points.map(wanted), 1e-12, `${name}, map`)
    })
  })

  it("records, integers and what needs no derivative pass", async () => {
    type P = { readonly a: S; readonly n: lc.I32 }
    const scaled = customJvp(
      ({ a, n }: P, k: S) => ({ a: mul(a, k, lc.convert(n, "f64")), n }),
      ([{ a, n }, k], [dp, dk]) => [
        { n, a: mul(a, k, lc.convert(n, "f64")) },
        { a: lc.add(mul(dp.a, 10), mul(dk, 100)), n: null }
      ]
    )
    const program = jit([f64(), f64()], (a, k) => {
      const loss = (x: S, y: S) => scaled({ a: x, n: lc.scalar(2, "i32") }, y).a
      return [loss(a, k), ...grad(loss, { argnums: [0, 1] })(a, k), jvp((x: S) => loss(x, k), [a], [k])[1]]
    })
    close((await call(run, program, 3, 5)).map(Number), [30, 10, 100, 50], 0, "records")
  })
})

describe("a rule of customJvp", () => {
  const tracing = (fn: F) => traceNow([f64()], fn as never)
  const refusal = (work: () => unknown): string => {
    const error = thrown(work)
    expect(error.hint, "every refusal says what to do").toMatch(/\w/)
    return `${error._tag}: ${error.message}`
  }
  const withRule = (rule: unknown) => () => tracing(grad(customJvp((x: S) => sin(x), rule as never) as F))

  it("is called only where a derivative is asked for", () => {
    let calls = 0
    const counted = customJvp(
      (x: S) => sin(x),
      ([x], [dx]) => {
        calls++
        return [sin(x), dx]
      }
    )
    tracing((x) => vmap(counted)(lc.stack([x, x])) as never)
    expect(calls).toBe(0)
    tracing(jacfwd(counted))
    expect(calls).toBe(1)
  })

  it("is refused where its tangent is not linear, whatever hides it", () => {
    const said = /^ValueError: customJvp: the tangent that the rule of .* gives is not linear/
    expect(refusal(withRule(([x]: [S], [dx]: [S]) => [sin(x), mul(dx, dx)]))).toMatch(said)
    expect(refusal(withRule(([x]: [S], [dx]: [S]) => [sin(x), abs(dx)]))).toMatch(said)
    expect(refusal(withRule(([x]: [S], [dx]: [S]) => [sin(x), select(gt(dx, 0), dx, 0)]))).toMatch(said)
    expect(refusal(withRule(([x]: [S], [dx]: [S]) => [sin(x), tanh(dx)]))).toMatch(said)
  })

  it.each<readonly [string, unknown, string]>([
    [
      "no pair",
      ([x]: [S]) => sin(x),
      "TreeError: customJvp: the rule of the function must return [result, tangent]"
    ],
    [
      "another result",
      ([x]: [S], [dx]: [S]) => [[x], dx],
      "TreeError: customJvp: the rule of the function gives [1 item] where the function gives f64[]"
    ],
    [
      "a tangent of another shape",
      ([x]: [S]) => [x, lc.zeros([2], "f64")],
      "TreeError: customJvp: the tangent must be f64[], not f64[2]"
    ],
    ["no function", 3, "ValueError: customJvp: the rule is 3"]
  ])("is refused where it gives %s", (_, rule, said) => {
    expect(refusal(withRule(rule))).toContain(said)
  })

  it("is refused where it asks for the derivative that it defines, and where the function captures what is asked for", () => {
    const endless: F = customJvp(
      (x: S) => sin(x),
      ([x], [dx]) => [sin(x), mul(dx, grad(endless)(x))]
    )
    expect(refusal(() => tracing(grad(endless)))).toMatch(
      /^ScopeError: customJvp: a derivative of .* needs itself/
    )
    const captures = (x: S): S =>
      customJvp(
        (y: S) => mul(x, y),
        ([y], [dy]) => [mul(x, y), mul(x, dy)]
      )(stopGradient(x))
    expect(refusal(() => tracing(grad(captures)))).toContain("a tensor that the function captures")
  })

  it("does nothing for tangents that are not there, in both modes", () => {
    const product = customJvp(
      (x: S, y: S) => mul(x, y),
      ([x, y], [dx, dy]) => [mul(x, y), lc.add(mul(dx, lc.cosh(y)), mul(dy, lc.sinh(x)))]
    )
    const programs = [
      traceNow([f64(), f64()], (x: S, y: S) => lc.jvp((u: S) => product(u, y), [x], [x])),
      traceNow([f64(), f64()], (x: S, y: S) => lc.grad((u: S) => product(u, y))(x))
    ]
    for (const { program } of programs) {
      expect(lc.print(program)).toContain("cosh")
      expect(lc.print(program)).not.toContain("sinh")
    }
  })
})
