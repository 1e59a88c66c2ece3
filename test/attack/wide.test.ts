import { describe, expect, it } from "vitest"
import { traceNow } from "../../dsl/trace.ts"
import { memoryOf } from "../../dsl/transform/memory.ts"
import { verify } from "../../dsl/verifier.ts"
import { leavesOf } from "../../pjrt/jit/leaves.ts"
import { lower } from "../../pjrt/jit/lower.ts"
import * as language from "../../pjrt/loopcarry.ts"
import { countAttacks } from "../support/attack.ts"
import { compiler } from "../support/passes.ts"

// biome-ignore lint/suspicious/noExplicitAny: trees of many leaves
type Loose = any

/** The language, without its types. */
const lc: Loose = language
type Case = (n: number) => readonly [specs: ReadonlyArray<Loose>, fn: (x: Loose) => Loose]

const { add, arange, f32, mul, scalar, scan } = lc
const many = <T>(n: number, make: (i: number) => T): Array<T> => Array.from({ length: n }, (_, i) => make(i))
const record = (items: ReadonlyArray<Loose>): Loose =>
  Object.fromEntries(items.map((item, i) => [`k${i}`, item]))
const each = (fn: (x: Loose) => Loose) => (xs: ReadonlyArray<Loose>) => xs.map(fn)
const step = (xs: Loose): Loose =>
  scan(xs, arange(3, "f32"), (carry: Loose, x: Loose) => [carry.map((v: Loose) => mul(v, x)), null])[0]

const wide: Readonly<Record<string, Case>> = {
  results: (n) => [[f32()], (x) => many(n, (i) => add(x, i))],
  parameters: (n) => [[many(n, () => f32())], each((x) => add(x, 1))],
  "a record": (n) => [
    [record(many(n, () => f32()))],
    (xs) => record(Object.values(xs).map((x: Loose) => add(x, 1)))
  ],
  constants: (n) => [[f32(2)], (x) => many(n, (i) => add(x, lc.constant([i, 1], "f32")))],
  carries: (n) => [[many(n, () => f32())], step],
  "a record as carry": (n) => [
    [record(many(n, () => f32()))],
    (xs) =>
      scan(xs, arange(3, "f32"), (carry: Loose, x: Loose) => [
        record(Object.values(carry).map((v: Loose) => add(v, x))),
        null
      ])[0]
  ],
  ys: (n) => [
    [f32()],
    (x) => scan(x, arange(3, "f32"), (c: Loose, r: Loose) => [c, many(n, (i) => add(r as Loose, i))] as Loose)
  ],
  xs: (n) => [
    [many(n, () => f32(3))],
    (xs) => scan(scalar(0, "f32"), xs, (c: Loose, rows: Loose) => [add(c, rows[0]), rows] as Loose)
  ],
  concatenate: (n) => [[many(n, () => f32(1))], (xs) => lc.concatenate(xs)],
  stack: (n) => [[many(n, () => f32())], (xs) => lc.stack(xs)],
  branches: (n) => [
    [f32()],
    (x) => lc.switchCase(lc.convert(x, "i32"), many(n, (i) => () => add(x, i)) as Loose)
  ],
  "what branches use": (n) => [
    [many(n, () => f32())],
    (xs) =>
      lc.switchCase(lc.convert(xs[0], "i32") as Loose, [() => each((x) => add(x, 1))(xs), () => xs] as Loose)
  ],
  "a gradient": (n) => [
    [many(n, () => f32())],
    lc.grad(((xs: Loose) =>
      xs.reduce((a: Loose, b: Loose) => add(a, mul(b, b)), scalar(0, "f32"))) as Loose) as Loose
  ],
  "a gradient of a scan": (n) => [
    [many(n, () => f32())],
    lc.grad(((xs: Loose) => lc.sum(lc.stack(step(xs)))) as Loose) as Loose
  ],
  "a batch": (n) => [[many(n, () => f32(3))], lc.vmap(each((x) => add(x, 1)) as Loose) as Loose],
  "a batch of scans": (n) => [[many(n, () => f32(3))], lc.vmap(step as Loose) as Loose]
}

const searches = ["includes", "indexOf", "find", "findIndex", "some", "every"] as const

/** How many items the methods that look through lists were given to look through. */
const lookedThrough = (run: () => void): number => {
  const methods = Array.prototype as unknown as Record<string, (...args: ReadonlyArray<unknown>) => unknown>
  const originals = searches.map((name) => methods[name]!)
  let items = 0
  searches.forEach((name, k) => {
    methods[name] = function (this: ReadonlyArray<unknown>, ...args) {
      items += this.length
      return originals[k]!.apply(this, args as Loose)
    }
  })
  try {
    run()
  } finally {
    searches.forEach((name, k) => {
      methods[name] = originals[k]!
    })
  }
  return items
}

const work = (make: Case, n: number): number => {
  const [specs, fn] = make(n)
  return lookedThrough(() => {
    const traced = traceNow(specs, fn as never)
    lower(traced, { donate: [0] }, compiler)
    verify(traced.program)
    memoryOf(traced.program)
    leavesOf(traced.inputs.structure, specs, "args")
  })
}

describe("many leaves", () => {
  it("are looked through a number of times that does not grow with them", (context) => {
    for (const [name, make] of Object.entries(wide)) {
      const [few, twice] = [work(make, 500), work(make, 1000)]
      expect(twice, name).toBeLessThan(2.2 * few + 100)
    }
    countAttacks(context, Object.keys(wide).length)
  })

  it("are no arguments of a JavaScript call, which has a stack", (context) => {
    for (const name of ["concatenate", "stack"] as const) {
      const [specs, fn] = wide[name]!(150_000)
      expect(traceNow(specs, fn as never).program.outputs[0]!.aval.shape).toEqual([150_000])
    }
    countAttacks(context, 2)
  })
})

describe("donate", () => {
  const refused = (donate: Loose): string => {
    const traced = traceNow([f32()], (x) => x)
    try {
      lower(traced, { donate }, compiler)
    } catch (error) {
      return (error as { readonly _tag: string })._tag
    }
    return "taken"
  }

  it("is refused where it names no argument", (context) => {
    const odd: ReadonlyArray<Loose> = [
      [7],
      [-1],
      [0.5],
      [Number.NaN],
      ["0"],
      [null],
      [[0]],
      [0, 0],
      0,
      "0",
      {},
      null
    ]
    expect(odd.map(refused)).toEqual(odd.map(() => "ValueError"))
    expect(refused([0])).toBe("taken")
    countAttacks(context, odd.length)
  })
})
