import { describe, expect, it } from "vitest"
import * as lc from "../../../dsl/index.ts"
import { optimized } from "../../../dsl/passes/index.ts"
import type { Program } from "../../../dsl/program.ts"
import type { NdArray } from "../../../dsl/reference/array.ts"
import { run } from "../../../dsl/reference/run.ts"
import { traceNow } from "../../../dsl/trace.ts"
import { divisive, eager } from "../../support/eager.ts"
import { interpreter, lowered, pruned, verified } from "../../support/passes.ts"
import { Random, randomArray } from "../../support/random-scans.ts"

const { add, convert, exp, f32, grad, maximum, mul, scan, scalar, sub, sum, tanh, vmap } = lc

type Vector = lc.Tensor<"f32", readonly [9]>
type Count = lc.Tensor<"i32", readonly []>
type F32 = lc.Tensor<"f32", readonly []>

const zero = scalar(0, "f32")
const step = (h: F32, x: F32): F32 => tanh(add(mul(h, 0.5), x))

/** The outputs of a scan, whose length may be traced. */
const outputsOf = (ys: unknown): ReadonlyArray<Vector> => {
  const values = Array.isArray(ys) ? ys : ((ys as { readonly values?: unknown }).values ?? ys)
  return [values].flat() as ReadonlyArray<Vector>
}

/** Scans of leaves of several kinds, each a function of rows, in either direction and of any length. */
const mixtures: Readonly<Record<string, (xs: Vector, how: lc.ScanOptions) => ReadonlyArray<F32 | Vector>>> = {
  "a maximum, then what reads it": (xs, how) => {
    const [last, ys] = scan(
      { h: zero, m: scalar(-1, "f32") },
      xs,
      ({ h, m }, x: F32) => {
        const most = maximum(m, x)
        const next = step(h, exp(most))
        return [{ h: next, m: most }, [next, most]]
      },
      how
    )
    return [last.h, last.m, ...outputsOf(ys)]
  },
  "a count of what another leaf does": (xs, how) => {
    const [last, ys] = scan(
      { h: zero, count: scalar(0, "i32") },
      xs,
      ({ h, count }, x: F32) => {
        const next = step(h, x)
        const more: Count = add(count, convert(mul(exp(next), 10), "i32"))
        return [{ h: next, count: more }, convert(add(more, count), "f32")]
      },
      how
    )
    return [last.h, convert(last.count, "f32"), ...outputsOf(ys)]
  },
  "one layer after another": (xs, how) => {
    const [last, ys] = scan(
      { a: zero, b: zero, c: zero },
      xs,
      ({ a, b, c }, x: F32) => {
        const one = step(a, x)
        const two = step(b, exp(mul(one, a)))
        return [{ a: one, b: two, c: step(c, sub(exp(two), one)) }, [two, c]]
      },
      how
    )
    return [last.a, last.b, last.c, ...outputsOf(ys)]
  },
  "two rows before": (xs, how) => {
    const [last, ys] = scan(
      { h: zero, before: scalar(2, "f32"), earlier: zero },
      xs,
      ({ h, before, earlier }, x: F32) => {
        const next = add(mul(h, 0.5), exp(sub(mul(before, earlier), x)))
        return [{ h: next, before: tanh(x), earlier: before }, [next, earlier]]
      },
      how
    )
    return [last.h, last.before, last.earlier, ...outputsOf(ys)]
  },
  "a scan in each step": (xs, how) => {
    const [last, ys] = scan(
      { h: zero, m: zero },
      xs,
      ({ h, m }, x: F32) => {
        const [inner] = scan(
          { p: x, q: m },
          xs,
          ({ p, q }, y: F32) => [{ p: maximum(p, exp(q)), q: y }, null],
          how
        )
        return [{ h: step(h, exp(inner.p)), m: maximum(m, x) }, h]
      },
      how
    )
    return [last.h, last.m, ...outputsOf(ys)]
  }
}

const directions: Readonly<Record<string, boolean>> = { forward: false, "in reverse": true }

type Mixture = (typeof mixtures)[string]

const loss =
  (mixture: Mixture, how: lc.ScanOptions) =>
  (xs: Vector): F32 =>
    mixture(xs, how)
      .map((each) => sum(mul(each, each)))
      .reduce((a, b) => add(a, b))

/** What is computed with a mixture, of rows and of a length, and whether its bits are the user's. */
const forms: Readonly<Record<string, readonly [boolean, (mixture: Mixture, reverse: boolean) => Program]>> = {
  "its results": [true, (mixture, reverse) => traceNow([f32(9)], (xs) => mixture(xs, { reverse })).program],
  "its results for a traced length": [
    true,
    (mixture, reverse) =>
      traceNow([f32(9), lc.i32()], (xs, length) => mixture(xs, { reverse, length })).program
  ],
  "a batch": [
    true,
    (mixture, reverse) =>
      traceNow([f32(3, 9), lc.i32(3)], (xs, lengths) =>
        vmap((rows: Vector, length: Count) => mixture(rows, { reverse, length }))(xs, lengths)
      ).program
  ],
  "its gradient": [
    false,
    (mixture, reverse) =>
      traceNow([f32(9), lc.i32()], (xs, length) => grad(loss(mixture, { reverse, length }))(xs)).program
  ],
  "its second derivative": [
    false,
    (mixture, reverse) =>
      traceNow([f32(9)], (xs) => grad((rows: Vector) => sum(grad(loss(mixture, { reverse }))(rows)))(xs))
        .program
  ]
}

const results = (program: Program, inputs: ReadonlyArray<NdArray>) =>
  run(lowered(program, interpreter), inputs)

const size = (data: ReadonlyArray<unknown>): number =>
  Math.max(1e-3, ...data.map((each) => Math.abs(Number(each))).filter(Number.isFinite))

const willing = { ...eager, gains: { ...eager.gains, function: { element: 1000, step: 1000 } } }

describe.each(Object.entries(mixtures))("%s", (name, mixture) => {
  it("is what a pass divides, or takes a leaf from", () => {
    const did: Array<string> = []
    const program = traceNow([f32(9)], (xs) => mixture(xs, {})).program
    optimized(program, interpreter, {
      costs: willing,
      note: (note) => {
        if (note.did !== undefined) did.push(note.pass)
      }
    })
    expect(did).toContain(name === "two rows before" ? "carries" : "distribution")
  })

  describe.each(Object.entries(directions))("%s", (_direction, reverse) => {
    it.each(Object.entries(forms))("has %s with all passes as without", (_form, [exact, make]) => {
      const program = pruned(make(mixture, reverse))
      for (const costs of [undefined, willing, divisive]) {
        const made = optimized(program, interpreter, { after: verified, costs })
        for (const length of [0, 1, 4, 9, 20]) {
          const random = new Random(length)
          const inputs = program.inputs.map(({ aval }): NdArray => {
            const array = randomArray(random, aval, exact && length % 2 === 1)
            return aval.dtype === "i32" ? { ...array, data: array.data.map((__, i) => length + i) } : array
          })
          const [found, wanted] = [results(made, inputs), results(program, inputs)]
          if (exact) expect(found).toEqual(wanted)
          found.forEach(({ data }, i) => {
            const near = 1e-4 * size(wanted[i]!.data)
            data.forEach((each, j) => {
              const other = Number(wanted[i]!.data[j])
              if (!Object.is(Number(each), other))
                expect(Math.abs(Number(each) - other)).toBeLessThanOrEqual(near)
            })
          })
        }
      }
    })
  })
})
