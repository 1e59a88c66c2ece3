import * as Effect from "effect/Effect"
import type { Backend } from "../../pjrt/index.ts"
import type { JitOptions } from "../../pjrt/loopcarry.ts"
import { agree, type Result } from "./agreement.ts"
import type { Jax } from "./jax.ts"
import { type Accepted, anyOrder, asWritten } from "./options.ts"
import * as Ours from "./ours.ts"
import { inTurns, type Run } from "./rounds.ts"
import type { Row } from "./row.ts"
import type { Times } from "./statistics.ts"

/** Microseconds of one thing on both sides. */
export interface Pair {
  readonly loopcarry: number
  readonly jax?: number
}

/** What a row has shown. Times are in microseconds. */
export interface Compared {
  readonly name: string
  readonly reassociate: boolean
  readonly kind: Row["kind"]
  readonly loopcarry: Times
  /** Without the passes that improve a program. */
  readonly asWritten?: Times
  readonly jax?: Times
  /** The fastest other program that JAX has for the same results. */
  readonly alternative?: Times & { readonly how: string }
  readonly lower: Pair
  readonly compile: Pair
}

export interface Sides {
  readonly jax: Jax | undefined
  readonly accepted: Accepted
  readonly rounds: number
}

/** The fastest of JAX's other programs for a row, all of which must give the same. */
const fastestAlternative = (jax: Jax, row: Row, wanted: ReadonlyArray<Result>) =>
  Effect.gen(function* () {
    const found: Array<{ readonly how: string; readonly run: Run; readonly best: number }> = []
    for (const how of jax.described.alternatives[row.name] ?? []) {
      yield* agree(row, `JAX's ${how}`, yield* jax.prepare(row.name, how, row.inputs), wanted)
      const run: Run = (calls) => jax.run(row.name, how, calls)
      const [times] = yield* inTurns([run], 3)
      found.push({ how, run, best: times!.best })
    }
    return found.sort((a, b) => a.best - b.best)[0]
  })

/** How often each row is lowered and compiled anew. */
const compiles = 3

const least = <S extends { readonly lower: number; readonly compile: number }>(all: ReadonlyArray<S>) => ({
  lower: Math.min(...all.map(({ lower }) => lower)) * 1e6,
  compile: Math.min(...all.map(({ compile }) => compile)) * 1e6
})

const stagesInTurns = (row: Row, options: JitOptions, jax: Jax | undefined) =>
  Effect.gen(function* () {
    const ours: Array<{ readonly lower: number; readonly compile: number }> = []
    const theirs: Array<{ readonly lower: number; readonly compile: number }> = []
    for (let i = 0; i < compiles; i++) {
      ours.push(yield* Ours.stages(row, options))
      if (jax !== undefined) theirs.push(yield* jax.stages(row.name))
    }
    const [here, there] = [least(ours), least(theirs)]
    const pair = (loopcarry: number, other: number): Pair =>
      jax === undefined ? { loopcarry } : { loopcarry, jax: other }
    return { lower: pair(here.lower, there.lower), compile: pair(here.compile, there.compile) }
  })

/** Runs one row on both sides in turns. Fails with a `Disagreement` where their results differ. */
export const compareRow = (
  row: Row,
  { jax, accepted, rounds }: Sides
): Effect.Effect<Compared, unknown, Backend> =>
  Effect.scoped(
    Effect.gen(function* () {
      const options: JitOptions = row.reassociate ? anyOrder : {}
      const ours = yield* Ours.prepare(row, options)
      const plain = accepted.optimize ? yield* Ours.prepare(row, asWritten) : undefined
      const wanted = jax === undefined ? undefined : yield* jax.prepare(row.name, null, row.inputs)
      if (wanted !== undefined) yield* agree(row, "loopcarry", ours.results, wanted)
      if (plain !== undefined)
        yield* agree(row, "loopcarry as written", plain.results, wanted ?? ours.results)
      const other =
        jax === undefined || wanted === undefined ? undefined : yield* fastestAlternative(jax, row, wanted)
      const runs = {
        loopcarry: ours.run,
        ...(plain && { asWritten: plain.run }),
        ...(jax && { jax: (calls: number) => jax.run(row.name, null, calls) }),
        ...(other && { alternative: other.run })
      } satisfies Record<string, Run>
      const times = yield* inTurns(Object.values(runs), rounds)
      const timesOf = (key: string) => times[Object.keys(runs).indexOf(key)]!
      const measured = {
        name: row.name,
        reassociate: row.reassociate,
        kind: row.kind,
        loopcarry: timesOf("loopcarry"),
        ...(plain && { asWritten: timesOf("asWritten") }),
        ...(jax && { jax: timesOf("jax") }),
        ...(other && { alternative: { how: other.how, ...timesOf("alternative") } }),
        ...(yield* stagesInTurns(row, options, jax))
      }
      if (jax !== undefined) yield* jax.forget(row.name)
      return measured
    })
  )
