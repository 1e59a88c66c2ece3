import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { Device } from "../../pjrt/index.ts"
import type { Tree } from "../../pjrt/loopcarry.ts"
import {
  add,
  arange,
  cond,
  f64,
  fori,
  gt,
  i32,
  jit,
  jvp,
  linearize,
  lt,
  mul,
  read,
  scalar,
  scan,
  sin,
  sum,
  type Tensor,
  tanh,
  vmap,
  whileLoop
} from "../../pjrt/loopcarry.ts"

type Vector = Tensor<"f64", readonly [3]>
type Length = Tensor<"i32", readonly []>

const cases: Readonly<Record<string, (x: Vector, n: Length) => Tree>> = {
  "no loop": (x) => [sin(x), sum(mul(x, x))],
  "a scan": (x) => scan(x, null, (c) => [tanh(c), null], { length: 3 })[0],
  "a scan with rows and outputs": (x) =>
    scan(scalar(1, "f64"), x, (c, row) => {
      const next = tanh(mul(c, row))
      return [next, [next, sin(row)]]
    }),
  "a scan of outputs alone": (x) => scan(null, x, (_, row) => [null, sin(row)])[1],
  "a reversed scan over a range": (x) =>
    scan(x, arange(4, "f64"), (c, i) => [sin(add(c, i)), c], { reverse: true }),
  "a scan of traced length": (x, n) => scan(x, null, (c) => [tanh(c), c], { length: n, max: 5 })[0],
  "nested scans, with sparse memory": (x) =>
    scan(x, null, (c) => [scan(c, null, (d) => [sin(d), null], { length: 2 })[0], null], {
      length: 3,
      checkpoint: "sqrt"
    })[0],
  "a bounded while": (x) =>
    whileLoop(
      (c) => lt(sum(c), 10),
      (c) => mul(c, 1.5),
      x,
      { max: 20 }
    ),
  "a fori": (x) => fori(0, 3, (_, c) => add(sin(c), 1), x),
  "a branch": (x) =>
    cond(
      gt(sum(x), 0),
      () => sin(x),
      () => tanh(x)
    ),
  "a batch of scans": (x) =>
    vmap((v: Tensor<"f64", readonly []>) => scan(v, null, (c) => [sin(c), null], { length: 3 })[0])(x)
}

describe.each(["reference", "cpu"] as const)("linearize on %s", (name) => {
  it.each(Object.entries(cases))("of %s is jvp", async (_, fn) => {
    const both = jit([f64(3), f64(3), f64(3), i32()], (x, dx, other, n) => {
      const [value, push] = linearize((v: Vector) => fn(v, n), x)
      return {
        value,
        first: push(dx),
        second: push(other),
        jvps: [dx, other].map((t) => jvp((v: Vector) => fn(v, n), [x], [t]))
      }
    })
    const made = (await Effect.runPromise(
      Effect.scoped(
        Effect.flatMap(both([0.3, -0.4, 0.9], [1, 2, -1], [0.5, 0, 0.25], 4), (arrays) =>
          read(arrays as never)
        )
      ).pipe(Effect.provide(Device.layer(name))) as unknown as Effect.Effect<unknown>
    )) as {
      value: unknown
      first: unknown
      second: unknown
      jvps: ReadonlyArray<readonly [unknown, unknown]>
    }
    expect(made.value).toEqual(made.jvps[0]![0])
    const numbers = (tree: unknown): ReadonlyArray<number> =>
      typeof tree === "number"
        ? [tree]
        : ArrayBuffer.isView(tree)
          ? [...(tree as Float64Array)]
          : tree === null
            ? []
            : Object.values(tree as object).flatMap(numbers)
    for (const [pushed, i] of [
      [made.first, 0],
      [made.second, 1]
    ] as const) {
      const wanted = numbers(made.jvps[i]![1])
      expect(wanted.length).toBeGreaterThan(0)
      for (const [k, number] of numbers(pushed).entries()) expect(number).toBeCloseTo(wanted[k]!, 12)
    }
  })
})
