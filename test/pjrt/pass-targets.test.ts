import * as Effect from "effect/Effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { costsOf } from "../../dsl/passes/costs.ts"
import type { Target } from "../../dsl/passes/pass.ts"
import type { ProgramSource } from "../../pjrt/backend/backend.ts"
import {
  add,
  arange,
  exp,
  f32,
  grad,
  i32,
  type Jitted,
  jit,
  matmul,
  maximum,
  mul,
  scalar,
  scan,
  sub,
  sum,
  type Tensor,
  tanh,
  zeros
} from "../../pjrt/loopcarry.ts"
import { Child } from "../../pjrt/served/child/process.ts"
import { fromBase64, sentSource } from "../../pjrt/served/child/protocol.ts"
import { accelerators } from "../support/accelerators.ts"

type Matrix = Tensor<"f32", readonly [64, 64]>
type Rows = Tensor<"f32", readonly [1000, 64]>

const states = (w: Matrix, u: Matrix, xs: Rows) =>
  scan(zeros([64], "f32"), xs, (h, x) => {
    const next = tanh(add(matmul(w, h), matmul(u, x)))
    return [next, next]
  })[1]

/** Programs of scans, and a pass that changes each of them on every target. */
const programs: Readonly<Record<string, readonly [string, Jitted<never, unknown>]>> = {
  "an RNN": ["fission", jit([f32(64, 64), f32(64, 64), f32(1000, 64)], states) as never],
  "its gradient": [
    "fission",
    jit([f32(64, 64), f32(64, 64), f32(1000, 64)], (w, u, xs) =>
      grad((w: Matrix, u: Matrix) => sum(states(w, u, xs)), { argnums: [0, 1] })(w, u)
    ) as never
  ],
  "a running sum": [
    "recurrence",
    jit([f32()], (x) => scan(x, arange(1_000_000, "f32"), (c, i) => [add(c, i), add(c, i)]), {
      reassociate: true
    }) as never
  ],
  "a linear recurrence of vectors": [
    "",
    jit(
      [f32(100_000, 4), f32(100_000, 4)],
      (a, b) =>
        scan(zeros([4], "f32"), { a, b }, (c, { a, b }) => {
          const next = add(mul(a, c), b)
          return [next, next]
        }),
      { reassociate: true }
    ) as never
  ],
  "a running maximum of traced length": [
    "",
    jit([i32(), f32(100_000)], (length, xs) =>
      scan(scalar(0, "f32"), xs, (c, x) => [maximum(c, x), maximum(c, x)], { length, max: 100_000 })
    ) as never
  ],
  "a rotation": [
    "recurrence",
    jit(
      [f32(100_000)],
      (xs) =>
        scan({ x: scalar(1, "f32"), y: scalar(0, "f32") }, xs, ({ x, y }, u) => [
          { x: add(sub(mul(x, 0.8), mul(y, 0.6)), u), y: add(mul(x, 0.6), mul(y, 0.8)) },
          x
        ]),
      { reassociate: true }
    ) as never
  ],
  "a network that reads a running sum": [
    "distribution",
    jit(
      [f32(100_000)],
      (xs) =>
        scan({ h: scalar(0, "f32"), total: scalar(0, "f32") }, xs, ({ h, total }, x) => {
          const next = add(total, x)
          return [{ h: maximum(mul(h, 0.5), tanh(exp(next))), total: next }, h]
        }),
      { reassociate: true }
    ) as never
  ],
  "a delayed input": [
    "",
    jit([f32(100_000)], (xs) => scan(scalar(0, "f32"), xs, (before, x) => [x, sub(x, before)])) as never
  ],
  "a map": ["fission", jit([f32(1000, 64)], (xs) => scan(null, xs, (_, x) => [null, tanh(x)])) as never]
}

describe.each(accelerators)("the passes for $target, which is not here", ({ target, plugin }) => {
  let child: Child
  beforeAll(() => {
    child = Effect.runSync(Child.start(target))
  })
  afterAll(() => Effect.runPromise(child.close))

  const platform = target.split(":")[0]!
  const sourceOf = ({ sourceFor }: Jitted<never, unknown>, how: Partial<Target> = {}) =>
    Effect.runPromise(
      sourceFor({ platform, takes: "stablehlo", ...how }) as Effect.Effect<ProgramSource, never>
    )

  it.each(Object.entries(programs))("make of %s what compiles", async (_, [pass, program]) => {
    const source = await sourceOf(program)
    if (pass !== "") {
      const plain = await sourceOf(program, { optimize: false })
      expect(source.code).not.toBe(plain.code)
    }
    const made = await Effect.runPromise(
      child.call("compileFor", { target, plugin, source: sentSource(source) })
    )
    expect(fromBase64(made.serialized).length).toBeGreaterThan(1000)
  })
})

describe("costs", () => {
  it("are a platform's own", () => {
    const tables = ["cpu", "cuda", "tpu", "reference"].map(costsOf)
    expect(new Set(tables).size).toBe(tables.length)
    expect(costsOf("rocm")).toBe(costsOf("cuda"))
    for (const { gains, budget } of tables) {
      expect(budget).toBeGreaterThan(0)
      for (const { element, step } of Object.values(gains)) expect(element + step).toBeGreaterThanOrEqual(0)
    }
  })
})
