import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { run } from "../../dsl/reference/run.ts"
import type { Aval } from "../../dsl/shape.ts"
import { traceNow } from "../../dsl/trace.ts"
import { verify } from "../../dsl/verifier.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { interpreter, pruned, ready } from "../support/passes.ts"
import { exactOperations, functionOf, operations, type StepBody, stepBody } from "../support/step-bodies.ts"

const { f64, i32, grad, vmap } = lc

type Fn = (...args: ReadonlyArray<never>) => unknown

/** The numbers that a function gives on the reference device. -0 and NaN are told apart. */
const resultsOf = (specs: ReadonlyArray<unknown>, fn: Fn, inputs: ReadonlyArray<ReadonlyArray<number>>) => {
  const { program } = traceNow(specs as never, fn as never) as { program: Parameters<typeof verify>[0] }
  verify(program)
  verify(pruned(program))
  const arrays = program.inputs.map(({ aval }, i) => ({ ...(aval as Aval), data: inputs[i]! }))
  return run(ready(program, interpreter), arrays).map(({ data }) => data.map((each) => Number(each)))
}

const argnums = [0, 1, 2, 3, 4, 5] as const

const gradientOf = (fn: Fn): Fn => grad(fn as never, { argnums } as never) as never

const specsOf = ({ length }: StepBody) => [f64(3), f64(3, 3), f64(3), f64(3), f64(), f64(length, 3), i32()]

/** Small integers, so that whatever adds them up gives the same. */
const inputsOf = ({ length }: StepBody, scale: number, n: number) => {
  let seed = 11
  const numbers = (count: number) =>
    Array.from({ length: count }, () => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31
      return scale * ((seed >> 16) % 3 === 0 ? -1 : 1) * ((seed >> 8) % 3)
    })
  return [numbers(3), numbers(9), numbers(3), numbers(3), numbers(1), numbers(3 * length), [n]]
}

const exact = ({ steps, ...rest }: StepBody): StepBody => ({ ...rest, steps: steps.slice(0, 4) })

describe("a gradient that computes some values again", () => {
  it("is bit for bit the one that computes all of them again", () => {
    fc.assert(
      fc.property(stepBody(operations.length), fc.nat(5), (body, n) => {
        const gradient = (checkpoint: lc.Checkpoint) =>
          resultsOf(
            specsOf(body),
            gradientOf(functionOf(body, operations, checkpoint) as never),
            inputsOf(body, 0.37, n)
          )
        expect(gradient("all")).toStrictEqual(gradient({ every: 1 }))
      }),
      { numRuns: 150 }
    )
  })

  it("is so under vmap, each member with a length of its own", () => {
    fc.assert(
      fc.property(
        stepBody(operations.length),
        fc.array(fc.nat(5), { minLength: 2, maxLength: 2 }),
        (body, ns) => {
          const [w, m, a, b, s, rows] = inputsOf(body, 0.37, 0)
          const twice = (each: ReadonlyArray<number>) => [...each, ...each.map((value) => value * 0.71)]
          const batch = (checkpoint: lc.Checkpoint) =>
            resultsOf(
              [f64(3), f64(3, 3), f64(2, 3), f64(2, 3), f64(2), f64(2, body.length, 3), i32(2)],
              vmap(
                gradientOf(functionOf(body, operations, checkpoint) as never) as never,
                {
                  in: [null, null, 0, 0, 0, 0, 0]
                } as never
              ) as never,
              [w!, m!, twice(a!), twice(b!), twice(s!), twice(rows!), ns]
            )
          expect(batch("all")).toStrictEqual(batch({ every: 1 }))
        }
      ),
      { numRuns: 80 }
    )
  })

  // Derivatives of what is computed again reach a value by other ways, and are added up in another order. Small
  // integers tell a wrong term from another order.
  it("has the same second derivatives, where the order of sums makes no difference", () => {
    fc.assert(
      fc.property(stepBody(exactOperations.length), fc.nat(5), (drawn, n) => {
        const body = exact(drawn)
        const second = (checkpoint: lc.Checkpoint) => {
          const first = gradientOf(functionOf(body, exactOperations, checkpoint) as never)
          const total = (...args: ReadonlyArray<never>) =>
            (first(...args) as ReadonlyArray<lc.Tensor>)
              .map((each) => lc.sum(each as never))
              .reduce((a, b) => lc.add(a as never, b as never))
          return resultsOf(specsOf(body), gradientOf(total), inputsOf(body, 1, n))
        }
        expect(
          second("all")
            .flat()
            .map((x) => x + 0)
        ).toStrictEqual(
          second({ every: 1 })
            .flat()
            .map((x) => x + 0)
        )
      }),
      { numRuns: 100 }
    )
  })
})
