import { describe, expect, it } from "vitest"
import type { CheckpointPolicy } from "../../dsl/params.ts"
import { print } from "../../dsl/printer.ts"
import type { Program } from "../../dsl/program.ts"
import { traceNow } from "../../dsl/trace.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { twoDevices } from "../support/backends.ts"
import { numbers } from "../support/flat.ts"
import { call, close } from "../support/numbers.ts"
import { pruned, stablehloOf } from "../support/passes.ts"
import { thrown } from "../support/run.ts"

const { checkpoint, checkpointName, cond, exp, f64, grad, gt, hessian, jacfwd, jit, jvp, matmul } = lc
const { mul, optimizationBarrier, scan, sin, sum, tanh, valueAndGrad, vmap } = lc

type V = lc.F64<[3]>
type M = lc.F64<[3, 3]>

const policies: ReadonlyArray<CheckpointPolicy> = [
  "nothingSaveable",
  "everythingSaveable",
  "dotsSaveable",
  "dotsWithNoBatchDimsSaveable",
  { saveOnlyTheseNames: ["inner"] },
  { saveAnyNamesButThese: ["inner"] },
  { saveAnythingExceptTheseNames: ["inner"] }
]

const layer = (w: M, x: V): V => tanh(matmul(w, checkpointName(sin(exp(matmul(w, x))), "inner")))
type Layer = typeof layer

/** What one asks of a function of layers: each derivative, in loops, branches and batches. */
const asked = (one: Layer) => (w: M, x: V) => {
  const loss = (a: M, b: V) => sum(mul(one(a, one(a, b)), b))
  const loop = (a: M) => sum(scan(x, null, (c) => [one(a, c), null], { length: 3 })[0])
  const branch = (b: V) =>
    sum(
      cond(
        gt(sum(b), 0),
        (c) => one(w, c),
        (c) => c,
        b
      )
    )
  return [
    one(w, x),
    ...grad(loss, { argnums: [0, 1] })(w, x),
    ...jvp(one, [w, x], [w, x]),
    hessian((b: V) => loss(w, b))(x),
    jacfwd(grad((b: V) => loss(w, b)))(x),
    grad((b: V) => sum(grad((c: V) => loss(w, c))(b)))(x),
    grad(loop)(w),
    grad(branch)(x),
    // What the function captures has a derivative too.
    grad((a: M) => sum(checkpoint((b: V) => one(a, b))(x)))(w),
    vmap((k: lc.F64) => grad((b: V) => loss(w, mul(b, k)))(x))(lc.constant([1, 2], "f64"))
  ]
}

const inputs = [Float64Array.of(0.3, -0.2, 0.5, 0.1, 0.7, -0.4, 0.2, 0.6, -0.1), [0.5, -1, 0.25]]

describe.each(twoDevices)("a checkpoint function on $on", (device) => {
  const run = device.open()

  it("has the values and derivatives of the function itself, under each policy", async () => {
    const program = jit([f64(3, 3), f64(3)], (w, x) => [
      asked(layer)(w, x),
      ...policies.map((policy) => asked(checkpoint(layer, { policy }))(w, x))
    ])
    const [wanted, ...found] = (await call(run, program, ...inputs)) as ReadonlyArray<ReadonlyArray<unknown>>
    found.forEach((each, k) => {
      each.forEach((value, i) => {
        close(numbers(value), numbers(wanted![i]), 1e-12, `${JSON.stringify(policies[k])}, result ${i}`)
      })
    })
  })
})

describe("the reverse derivative of a checkpoint function", () => {
  const gradient = (fn: Layer): Program =>
    pruned(traceNow([f64(3, 3), f64(3)], (w, x) => valueAndGrad((b: V) => sum(fn(w, b)))(x) as never).program)
  /** How often an operation stands in a program and in those that it holds. */
  const times = (program: Program, operation: string): number =>
    print(program).match(new RegExp(`= ${operation} `, "g"))?.length ?? 0

  it.each<readonly [CheckpointPolicy, number, number, number]>([
    // Two products of the way back come on top.
    ["everythingSaveable", 4, 1, 1],
    ["nothingSaveable", 6, 2, 2],
    ["dotsSaveable", 4, 2, 1],
    ["dotsWithNoBatchDimsSaveable", 4, 2, 1],
    [{ saveOnlyTheseNames: ["inner"] }, 6, 2, 1],
    [{ saveOnlyTheseNames: ["other"] }, 6, 2, 2],
    [{ saveAnyNamesButThese: ["other"] }, 6, 2, 1],
    [{ saveAnythingExceptTheseNames: ["other"] }, 4, 1, 1]
  ])("under %j computes again what it does not keep", (policy, dots, exps, sines) => {
    const program = gradient(checkpoint(layer, { policy }))
    expect([times(program, "dot"), times(program, "exp"), times(program, "sin")]).toEqual([dots, exps, sines])
  })

  it("keeps the carry alone where it is the body of a loop", () => {
    const loop = (body: (c: V) => V) => (x: V) => sum(scan(x, null, (c) => [body(c), null], { length: 9 })[0])
    const body = (c: V) => tanh(sin(exp(c)))
    const stacks = (fn: (x: V) => lc.F64) => {
      const { program } = traceNow([f64(3)], (x) => grad(fn)(x) as never)
      return print(pruned(program)).match(/%\d+: f64\[9,3\]/g)?.length ?? 0
    }
    expect(stacks(loop(body))).toBeGreaterThan(1)
    expect(stacks(loop(checkpoint(body)))).toBe(1)
  })

  it("waits for a cotangent, so that no compiler merges it with the way forth", () => {
    const { program } = traceNow([f64(3, 3), f64(3)], (w, x) =>
      grad((b: V) => sum(checkpoint(layer)(w, b)))(x)
    )
    expect(stablehloOf(program)).toMatch(/stablehlo.optimization_barrier %\w+, %\w+, %\w+ :/)
  })
})

describe("checkpoint refuses", () => {
  const refusal = (work: () => unknown) => {
    const error = thrown(() => traceNow([f64(3)], work as never))
    expect(error.hint).toMatch(/\w/)
    return `${error._tag}: ${error.message}`
  }

  it.each<readonly [unknown, string]>([
    ["nothing", 'ValueError: checkpoint: the policy is "nothing"'],
    [{ saveOnlyTheseNames: "inner" }, "ValueError: checkpoint: the policy is {"],
    [{ saveOnlyTheseNames: [], saveAnyNamesButThese: [] }, "ValueError: checkpoint: the policy is a record"],
    [{ only: [] }, "ValueError: checkpoint: the policy is a record"],
    [3, "ValueError: checkpoint: the policy is 3"]
  ])("the policy %j", (policy, said) => {
    expect(refusal(() => checkpoint(layer, { policy } as never))).toContain(said)
  })

  it("what is no function, no tensor and no name", () => {
    expect(refusal(() => checkpoint(3 as never))).toContain("checkpoint: the function is 3")
    expect(refusal(() => checkpoint(((x: number) => x) as never)(2 as never))).toContain("checkpoint: ")
    expect(refusal(() => checkpointName(lc.scalar(1, "f32"), 3 as never))).toContain(
      "checkpointName: the name is 3"
    )
    expect(refusal(() => optimizationBarrier(3 as never))).toContain("optimizationBarrier: ")
  })
})
