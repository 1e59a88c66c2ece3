import { describe, expect, it } from "vitest"
import type { FloatDType } from "../../../dsl/dtype.ts"
import { type LoopShape, rowsOf, runLoop } from "../../../dsl/loops/loop.ts"
import { loweredFor, optimized } from "../../../dsl/passes/index.ts"
import type { Note } from "../../../dsl/passes/note.ts"
import { apply1 } from "../../../dsl/primitives/index.ts"
import type { Program } from "../../../dsl/program.ts"
import { arrayOf, type NdArray } from "../../../dsl/reference/array.ts"
import { run } from "../../../dsl/reference/run.ts"
import { type Shape, sizeOf } from "../../../dsl/shape.ts"
import type { Value } from "../../../dsl/tensor.ts"
import { programOf } from "../../../dsl/trace.ts"
import { add, filled, mul, neg, sub, unary } from "../../../dsl/values.ts"
import { eager } from "../../support/eager.ts"
import { interpreter, verified } from "../../support/passes.ts"
import { Random } from "../../support/random-scans.ts"

/** A recurrence: the shapes of its carry's leaves and of its rows, and a step to the next carry. */
interface Recurrence {
  readonly carry: ReadonlyArray<Shape>
  readonly rows: ReadonlyArray<Shape>
  readonly step: (carry: ReadonlyArray<Value>, rows: ReadonlyArray<Value>) => ReadonlyArray<Value>
  /** How large the rows' numbers are, by rows. */
  readonly around?: ReadonlyArray<number>
  /** A pass that takes part. */
  readonly also?: string
}

const times = (a: Value, b: Value): Value => apply1("dot", { contracting: [[1], [0]], batch: [[], []] }, a, b)

const recurrences: Readonly<Record<string, Recurrence>> = {
  "a sum": { carry: [[]], rows: [[]], step: ([c], [x]) => [add(c!, x!)] },
  "a sum of vectors": { carry: [[3]], rows: [[3]], step: ([c], [x]) => [add(x!, c!)] },
  "a product": { carry: [[]], rows: [[]], step: ([c], [x]) => [mul(c!, x!)], around: [1] },
  "c' = a c + b": {
    carry: [[]],
    rows: [[], []],
    step: ([c], [a, b]) => [add(mul(a!, c!), b!)],
    around: [0.9]
  },
  "c' = a c + b by elements": {
    carry: [[4]],
    rows: [[4], [4]],
    step: ([c], [a, b]) => [add(mul(c!, a!), b!)],
    around: [0.8]
  },
  "a moving average": {
    carry: [[2]],
    rows: [[2]],
    step: ([c], [x]) => [add(c!, mul(filled(c!, 0.125), sub(x!, c!)))]
  },
  "a matrix of 3 by 3": {
    carry: [[3]],
    rows: [[3, 3], [3]],
    step: ([c], [m, b]) => [add(times(m!, c!), b!)],
    around: [0.3]
  },
  "a matrix, and what is left of the carry": {
    carry: [[2]],
    rows: [[2, 2], [2]],
    step: ([c], [m, b]) => [add(sub(times(m!, c!), mul(filled(c!, 0.5), c!)), b!)],
    around: [0.3]
  },
  "two leaves, the second summing the first": {
    carry: [[], []],
    rows: [[]],
    step: ([c, d], [x]) => [add(mul(filled(c!, 0.9375), c!), x!), add(d!, c!)]
  },
  "a rotation of two leaves": {
    carry: [[], []],
    rows: [[]],
    step: ([x, y], [u]) => [
      add(sub(mul(filled(x!, 0.875), x!), mul(filled(y!, 0.375), y!)), u!),
      add(mul(filled(x!, 0.375), x!), mul(filled(y!, 0.875), y!))
    ]
  },
  "order two, with a leaf for each value before": {
    carry: [[], []],
    rows: [[], [], []],
    step: ([y, z], [a, b, u]) => [add(add(mul(a!, y!), mul(b!, z!)), u!), y!],
    around: [0.5, 0.3]
  },
  "order three by elements, and a sum of it": {
    carry: [[2], [2], [2], [2]],
    rows: [[2], [2]],
    step: ([sum, x, y, z], [a, u]) => [
      add(sum!, z!),
      add(sub(mul(a!, z!), mul(filled(x!, 0.25), x!)), u!),
      x!,
      sub(neg(y!), mul(x!, a!))
    ],
    around: [0.3]
  },
  "a sum, and a leaf that reads it and is not linear": {
    carry: [[], []],
    rows: [[]],
    step: ([h, s], [x]) => {
      const sum = add(s!, x!)
      return [unary("tanh", add(mul(filled(h!, 0.5), h!), unary("sin", sum))), sum]
    },
    also: "distribution"
  },
  "a leaf that is not linear, and a moving average of it": {
    carry: [[], []],
    rows: [[]],
    step: ([s, h], [x]) => {
      const next = unary("tanh", add(mul(filled(h!, 0.5), h!), x!))
      return [add(mul(filled(s!, 0.75), s!), unary("exp", next)), next]
    },
    also: "distribution"
  },
  "sums on both sides of a leaf that is not linear": {
    carry: [[2], [2], [2]],
    rows: [[2]],
    step: ([s, h, t], [x]) => {
      const sum = add(s!, x!)
      const next = unary("tanh", add(mul(filled(h!, 0.5), h!), unary("sin", sum)))
      return [sum, next, add(t!, unary("exp", next))]
    },
    also: "distribution"
  },
  "a leaf that holds the row before": {
    carry: [[], []],
    rows: [[]],
    step: ([c, before], [x]) => [add(c!, mul(before!, x!)), x!]
  }
}

const length = 301

const costs = {
  ...eager,
  lanes: 128,
  gains: { ...eager.gains, function: { element: 1000, step: 1000 } }
}

const programOfRecurrence = (
  { carry, rows, step }: Recurrence,
  dtype: FloatDType,
  shape: Partial<LoopShape>,
  traced: boolean
): Program => {
  const avals = [
    ...(traced ? [{ dtype: "i32", shape: [] } as const] : []),
    ...carry.map((each) => ({ dtype, shape: each })),
    ...rows.map((each) => ({ dtype, shape: [length, ...each] }))
  ]
  return programOf(avals, (values) => {
    const rest = traced ? values.slice(1) : values
    const how: LoopShape = {
      length,
      traced: traced ? values[0] : undefined,
      reverse: false,
      unroll: 1,
      checkpoint: "all",
      reassociate: carry.map(() => true),
      ...shape
    }
    const operands = {
      consts: [],
      carry: rest.slice(0, carry.length),
      xs: rest.slice(carry.length).map(rowsOf)
    }
    const made = runLoop(how, operands, (_, state, row) => {
      const next = step(state, row)
      return { carry: next, ys: [...next, state[0]!] }
    })
    return [...made.carry, ...made.ys]
  })
}

const inputsOf = ({ carry, rows, around = [] }: Recurrence, seed: number, steps: number | undefined) => {
  const random = new Random(seed)
  const numbers = (shape: Shape, center: number): NdArray =>
    arrayOf(
      { dtype: "f32", shape },
      Array.from({ length: sizeOf(shape) }, () => Math.fround(center + (random.below(2000) - 1000) / 3000))
    )
  return [
    ...(steps === undefined ? [] : [arrayOf({ dtype: "i32", shape: [] }, [steps])]),
    ...carry.map((shape) => numbers(shape, 0.5)),
    ...rows.map((shape, i) => numbers([length, ...shape], around[i] ?? 0.2))
  ]
}

const evaluated = (program: Program, inputs: ReadonlyArray<NdArray>): ReadonlyArray<number> =>
  run(loweredFor(program, interpreter, { after: verified }), inputs).flatMap(
    ({ data }) => data as Array<number>
  )

/** The size of the difference, relative to that of the exact numbers. */
const errorOf = (found: ReadonlyArray<number>, exact: ReadonlyArray<number>): number =>
  Math.hypot(...found.map((value, i) => value - exact[i]!)) / Math.hypot(...exact)

describe.each(Object.entries(recurrences))("%s, in another order", (_, recurrence) => {
  it.each([
    ["forward", {}, false],
    ["in reverse", { reverse: true }, false],
    ["of traced length", {}, true],
    ["in reverse, of traced length", { reverse: true }, true]
  ] as const)("%s runs in lanes, no farther from f64's result than the loop", (_name, shape, traced) => {
    const f32 = programOfRecurrence(recurrence, "f32", shape, traced)
    const f64 = programOfRecurrence(recurrence, "f64", shape, traced)
    const notes: Array<Note> = []
    const lanes = optimized(f32, interpreter, {
      after: verified,
      costs,
      note: (note) => notes.push(note)
    })
    const did = notes.flatMap(({ pass, did }) => (did === undefined ? [] : [pass]))
    expect(did).toEqual(expect.arrayContaining(["recurrence", recurrence.also ?? "recurrence"]))
    let [strict, free] = [0, 0]
    for (const steps of traced ? [0, 1, 150, length] : [undefined]) {
      for (let seed = 0; seed < 6; seed++) {
        const inputs = inputsOf(recurrence, seed, steps)
        const exact = evaluated(
          f64,
          inputs.map((input) => (input.dtype === "i32" ? input : { ...input, dtype: "f64" }))
        )
        strict += errorOf(evaluated(f32, inputs), exact)
        free += errorOf(evaluated(lanes, inputs), exact)
      }
    }
    expect(free).toBeLessThanOrEqual(strict * 1.05 + 1e-9)
  })
})

describe("leaves that need one another", () => {
  const swapped: Recurrence = {
    carry: [[], []],
    rows: [[]],
    step: ([x, y], [a]) => [y!, mul(a!, x!)]
  }

  it.each([
    ["an infinite leaf", Number.POSITIVE_INFINITY, 1],
    ["a leaf that is NaN", Number.NaN, 1],
    ["products of factors that overflow", 0, 1e30]
  ])("keep %s from the others, as the loop does", (_name, first, factor) => {
    const program = programOfRecurrence(swapped, "f32", {}, false)
    const lanes = optimized(program, interpreter, { costs })
    const inputs = [
      arrayOf({ dtype: "f32", shape: [] }, [first]),
      arrayOf({ dtype: "f32", shape: [] }, [0]),
      arrayOf(
        { dtype: "f32", shape: [length] },
        Array.from({ length }, () => Math.fround(factor))
      )
    ]
    expect(evaluated(lanes, inputs)).toEqual(evaluated(program, inputs))
  })
})
