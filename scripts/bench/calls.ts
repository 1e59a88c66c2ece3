import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { Backend } from "../../pjrt/index.ts"
import { add, f32, jit } from "../../pjrt/loopcarry.ts"
import { agree } from "./agreement.ts"
import type { Jax } from "./jax.ts"
import * as Ours from "./ours.ts"
import { coldExec, coldHere, coldJax } from "./processes.ts"
import { inTurns, type Run } from "./rounds.ts"
import { rows } from "./rows/index.ts"
import type { Times } from "./statistics.ts"

/** What is timed beside the rows: calls, processes, tracing. */
export interface CallCompared {
  readonly name: string
  readonly loopcarry: Times
  readonly jax?: Times
}

interface Side {
  readonly jax: Jax
  readonly python: string
}

export interface CallComparison {
  readonly name: string
  readonly rounds: number
  /** What is timed on both sides. */
  readonly runs: (
    side: Side | undefined
  ) => Effect.Effect<{ readonly here: Run; readonly there: Run | undefined }, unknown, Backend | Scope.Scope>
}

const tenSteps = rows.find(({ name }) => name === "cumulative sum 10")!

const call = (name: string, how: "dispatch" | "read"): CallComparison => ({
  name,
  rounds: 30,
  runs: (side) =>
    Effect.gen(function* () {
      const ours = yield* Ours.prepare(tenSteps, {})
      if (side === undefined) return { here: ours[how], there: undefined }
      const { jax } = side
      const wanted = yield* jax.prepare(tenSteps.name, null, tenSteps.inputs)
      yield* agree(tenSteps, "loopcarry", ours.results, wanted)
      return { here: ours[how], there: (calls) => jax[how](tenSteps.name, calls) }
    })
})

const cold = (name: string, cache: boolean): CallComparison => ({
  name,
  rounds: 5,
  runs: (side) =>
    Effect.map(Backend, ({ device }) => ({
      here: coldHere(device.name, cache),
      there: side && coldJax(side.python, device.platform)
    }))
})

const command: CallComparison = {
  name: "cold loopcarry exec to first result",
  rounds: 5,
  runs: (side) =>
    Effect.gen(function* () {
      const { device } = yield* Backend
      return {
        here: yield* coldExec(device.name),
        there: side && coldJax(side.python, device.platform)
      }
    })
}

const growth = (operations: number): CallComparison => ({
  name: `trace + lower ${operations} additions`,
  rounds: 3,
  runs: (side) =>
    Effect.map(Backend, (backend) => ({
      here: () =>
        Effect.gen(function* () {
          const began = performance.now()
          const chain = jit([f32(8)], (x) => {
            let y = x
            for (let i = 0; i < operations; i++) y = add(y, x)
            return y
          })
          yield* chain.sourceFor(backend.target)
          return (performance.now() - began) / 1000
        }),
      there: side && (() => side.jax.growth(operations))
    }))
})

export const callComparisons: ReadonlyArray<CallComparison> = [
  call("dispatch of 10 steps", "dispatch"),
  call("dispatch and read of 10 steps", "read"),
  cold("cold process to first result", true),
  command,
  cold("cold process to first result, never compiled before", false),
  growth(1000),
  growth(5000),
  growth(20_000)
]

export const compareCall = (
  { name, rounds, runs }: CallComparison,
  side: Side | undefined
): Effect.Effect<CallCompared, unknown, Backend> =>
  Effect.scoped(
    Effect.gen(function* () {
      const { here, there } = yield* runs(side)
      const [loopcarry, jax] = yield* inTurns(there === undefined ? [here] : [here, there], rounds)
      return { name, loopcarry: loopcarry!, ...(jax && { jax }) }
    })
  )
