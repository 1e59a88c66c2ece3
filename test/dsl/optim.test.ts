import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as lc from "../../dsl/index.ts"
import * as optim from "../../dsl/optim/index.ts"
import { run } from "../../dsl/reference/run.ts"
import { traceNow } from "../../dsl/trace.ts"
import type { Loose } from "../support/refused.ts"

const { f32 } = lc

/** What a program without arguments gives, leaf by leaf. */
const valuesOf = (fn: () => Loose): ReadonlyArray<ReadonlyArray<number>> =>
  run(traceNow([], fn).program, []).map((value: Loose) => Array.from(value.data ?? value, Number))

const params = () => ({ b: lc.scalar(0.5, "f32"), w: lc.constant([1, -2, 3], "f32") })
const gradsOf = (numbers: ReadonlyArray<number>) => ({
  b: lc.scalar(numbers[3]!, "f32"),
  w: lc.constant(numbers.slice(0, 3), "f32")
})

/** Some steps of an optimizer, written one after the other: the parameters at last. */
const stepped = (optimizer: Loose, steps: ReadonlyArray<ReadonlyArray<number>>): Loose => {
  let p: Loose = params()
  let state = optimizer.init(p)
  for (const step of steps) {
    const [updates, next] = optimizer.update(gradsOf(step), state, p)
    p = optim.applyUpdates(p, updates)
    state = next
  }
  return p
}

const makers: Readonly<Record<string, () => Loose>> = {
  sgd: () => optim.sgd(0.1, { momentum: 0.9 }),
  adam: () => optim.adam(0.1),
  adamw: () => optim.adamw(0.1),
  adagrad: () => optim.adagrad(0.1),
  rmsprop: () => optim.rmsprop(0.1, { centered: true, momentum: 0.5 }),
  lion: () => optim.lion(0.1)
}

const numbers = fc.array(
  fc.integer({ min: -50, max: 50 }).map((n) => n / 16),
  { minLength: 4, maxLength: 4 }
)
const someSteps = fc.array(numbers, { minLength: 1, maxLength: 4 })

describe("optimizers", () => {
  it.each(Object.entries(makers))("%s: a chain of one is itself", (_, make) => {
    fc.assert(
      fc.property(someSteps, (steps) => {
        const both = [make(), optim.chain(make()), optim.chain(optim.chain(make()))]
        const [own, ...chained] = both.map((each) => valuesOf(() => stepped(each, steps)))
        for (const each of chained) expect(each).toEqual(own)
      }),
      { numRuns: 15 }
    )
  })

  it.each(Object.entries(makers))("%s: k equal gradients, accumulated, are one", (_, make) => {
    fc.assert(
      fc.property(someSteps, fc.integer({ min: 1, max: 4 }), (steps, k) => {
        const often = steps.flatMap((step) => Array.from({ length: k }, () => step))
        const own = valuesOf(() => stepped(make(), steps))
        expect(valuesOf(() => stepped(optim.multiSteps(make(), k), often))).toEqual(own)
      }),
      { numRuns: 15 }
    )
  })

  it("clipping by a norm gives that norm, or what was there", () => {
    fc.assert(
      fc.property(numbers, fc.constantFrom(0.5, 1, 4), (grads, most) => {
        const bounded = optim.clipByGlobalNorm(most)
        const [before, after] = valuesOf(() => {
          const given = gradsOf(grads)
          return [optim.globalNorm(given), optim.globalNorm(bounded.update(given, null)[0])]
        })
        expect(after![0]).toBeCloseTo(Math.min(before![0]!, most), 5)
      }),
      { numRuns: 30 }
    )
  })

  it("accumulates anew after a gradient that is not finite", () => {
    const steps = [
      [Number.NaN, 1, 1, 1],
      [1, 1, 1, 1],
      [2, 2, 2, 2],
      [4, 4, 4, 4]
    ]
    const optimizer = optim.multiSteps(optim.scale(1), 2)
    const found = valuesOf(() => {
      let state: Loose = optimizer.init(params())
      return steps.map((step) => {
        const [updates, next] = optimizer.update(gradsOf(step), state)
        state = next
        return updates.w
      })
    })
    expect(found).toEqual([
      [0, 0, 0],
      [Number.NaN, 1, 1],
      [0, 0, 0],
      [3, 3, 3]
    ])
  })

  it("takes states and parameters whose keys stand in another order", () => {
    const adam = optim.adam(0.1)
    const found = valuesOf(() => {
      const p = params()
      const { count, mu, nu } = adam.init(p)
      const [updates] = adam.update(
        gradsOf([1, 2, 3, 4]),
        { nu, mu: { w: mu.w, b: mu.b }, count },
        { w: p.w, b: p.b }
      )
      return [updates.b, updates.w]
    })
    expect(found[1]![0]).toBeCloseTo(-0.1, 5)
  })

  it("takes transformations of the user's own in a chain", () => {
    const doubled: Loose = {
      init: () => null,
      update: (grads: Loose) => [lc.tree.map((g: Loose) => lc.mul(g, 2), grads), null]
    }
    const found = valuesOf(() => stepped(optim.chain(doubled, optim.sgd(0.5)), [[1, 2, 3, 4]]))
    expect(found).toEqual([[-3.5], [0, -4, 0]])
  })

  it("keeps the dtypes of each leaf", () => {
    const specs = { a: lc.bf16(2), b: lc.f16(), c: f32(3), d: lc.f64(2) }
    for (const make of Object.values(makers)) {
      const optimizer = make()
      const state = lc.evalShape([specs], optimizer.init) as Loose
      const [updates, next, after] = lc.evalShape([specs, state], ((p: Loose, s: Loose) => {
        const [updates, next] = optimizer.update(p, s, p)
        return [updates, next, optim.applyUpdates(p, updates)]
      }) as Loose) as Loose
      expect(updates).toEqual(specs)
      expect(after).toEqual(specs)
      expect(next).toEqual(state)
    }
  })

  it("counts to the greatest number and stays there", () => {
    const schedule = optim.scaleBySchedule(() => 1)
    const found = valuesOf(() => {
      const g = lc.scalar(1, "f32")
      return schedule.update(g, { count: lc.scalar(2 ** 31 - 1, "i32") })[1].count
    })
    expect(found).toEqual([[2 ** 31 - 1]])
  })

  it("has derivatives, by the learning rate too", () => {
    const loss = (w: lc.F32) => lc.square(w)
    const [slope] = valuesOf(() =>
      lc.grad((rate: lc.F32) => {
        const optimizer = optim.sgd(rate)
        const w = lc.scalar(3, "f32")
        return loss(optim.applyUpdates(w, optimizer.update(lc.grad(loss)(w), optimizer.init(w))[0]))
      })(lc.scalar(0.25, "f32"))
    )
    // (3 - 6 r)^2 has the slope -12 (3 - 6 r).
    expect(slope).toEqual([-18])
  })

  it("works over a batch of models", () => {
    const adam = optim.adam(0.5)
    const [found] = valuesOf(() =>
      lc.vmap((w: lc.F32<[2]>) => optim.applyUpdates(w, adam.update(w, adam.init(w))[0]))(
        lc.constant(
          [
            [1, -1],
            [4, 2]
          ],
          "f32"
        )
      )
    )
    expect(found!.map((x) => Math.round(x * 1e3) / 1e3)).toEqual([0.5, -0.5, 3.5, 1.5])
  })

  it("finds the least value of a quadratic by L-BFGS, inside a while loop", () => {
    const loss = (w: lc.F32<[3]>) =>
      lc.sum(lc.mul(lc.square(lc.sub(w, lc.constant([1, 2, 3], "f32"))), lc.constant([1, 10, 100], "f32")))
    const optimizer = optim.lbfgs({ memorySize: 5 })
    const [found, steps] = valuesOf(() => {
      const start = lc.zeros([3], "f32")
      const { w, step } = lc.whileLoop(
        ({ value, step }) => lc.and(lc.gt(value, 1e-8), lc.lt(step, 50)),
        ({ w, state, step }) => {
          const [value, grads] = optim.valueAndGradFromState(loss)(w, state)
          const [updates, next] = optimizer.update(grads, state, w, { value, valueFn: loss })
          return {
            w: optim.applyUpdates(w, updates),
            state: next,
            step: lc.add(step, 1),
            value: next.linesearch.value
          }
        },
        { w: start, state: optimizer.init(start), step: lc.scalar(0, "i32"), value: lc.scalar(1, "f32") }
      )
      return [w, step]
    })
    expect(found!.map((x) => Math.round(x * 1e3) / 1e3)).toEqual([1, 2, 3])
    expect(steps![0]).toBeLessThan(15)
  })
})
