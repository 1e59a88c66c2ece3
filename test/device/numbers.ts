/** Programs of one result, or a few, whose right numbers are known: NaN, rounding, derivatives, ranges. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Backend } from "../../pjrt/backend/backend.ts"
import { convert, f32, jit, max, maximum, min, read, sum } from "../../pjrt/loopcarry.ts"
import { counted } from "../support/counted.ts"
import { numbers } from "../support/flat.ts"
import { floats, nanCases, nanResults } from "../support/nan.ts"
import type { NumberCase } from "../support/number-cases.ts"
import { unneeded } from "../support/unneeded.ts"
import { untaken } from "../support/untaken.ts"
import { untakenSteps } from "../support/untaken-steps.ts"

/** What is wrong, if anything. */
export type Check<R = Backend | Scope.Scope> = readonly [
  name: string,
  effect: Effect.Effect<ReadonlyArray<string>, unknown, R>
]

const shown = (values: ReadonlyArray<number>): string =>
  values.map((value) => (Object.is(value, -0) ? "-0" : String(value))).join()

/** XLA's scatter on CUDA compares and swaps one element at a time, and keeps either of two zeros (seen on an H200). */
const eitherZero = "at().max and at().min of zeros"

const missed = (name: string, found: ReadonlyArray<number>, wanted: ReadonlyArray<number>) =>
  found.length === wanted.length && found.every((value, i) => Object.is(value, wanted[i]))
    ? []
    : [`${name} is ${shown(found)}, not ${shown(wanted)}`]

const checkOf = ({ name, program, inputs, right }: NumberCase): Check => [
  name,
  Effect.gen(function* () {
    const run = program as (...args: ReadonlyArray<unknown>) => Effect.Effect<never, unknown, Backend>
    const found = numbers(yield* read(yield* run(...inputs)))
    const wanted = [right].flat()
    const near = (value: number, i: number) =>
      Math.abs(value - wanted[i]!) <= 1e-4 * Math.max(1, Math.abs(wanted[i]!))
    return found.length === wanted.length && found.every(near) ? [] : missed(name, found, wanted)
  })
]

/** NaN is kept by what picks the greater or the lesser of numbers, zeros have signs, and rounding is done. */
export const numberChecks: ReadonlyArray<Check> = [
  ...floats.map(
    (dtype): Check => [
      `greatest and least elements of ${dtype}`,
      Effect.map(nanResults(dtype), (found) =>
        Object.entries(nanCases).flatMap(([name, { wanted }]) =>
          name === eitherZero
            ? missed(name, found[name]!.map(Math.abs), wanted.map(Math.abs))
            : missed(name, found[name]!, wanted)
        )
      )
    ]
  ),
  [
    "NaN in long rows",
    Effect.gen(function* () {
      const data = new Float32Array(512 * 1003).fill(2)
      for (let row = 0; row < 512; row++) data[row * 1003 + ((7 * row) % 1003)] = Number.NaN
      const program = jit(
        [f32(512, 1003)],
        (x) => [max(x, 1), min(x, 1), [max(x), sum(maximum(x, 0))]] as const
      )
      const [most, least, all] = yield* read(yield* program(data))
      return [most, least, all].flatMap((each, i) =>
        missed(`reduction ${i}`, [Array.from(each).filter(Number.isNaN).length], [each.length])
      )
    })
  ],
  [
    "a conversion to bf16 and back rounds",
    Effect.gen(function* () {
      const program = jit([f32(3)], (x) => convert(convert(x, "bf16"), "f32"))
      const found = yield* (yield* program([1.001, 70_000, 1.2345678])).read
      return missed("it", Array.from(found), [1, 70_144, 1.234375])
    })
  ],
  ...[unneeded, untaken, untakenSteps, counted].flatMap((each) =>
    each.filter(({ variant }) => variant !== true).map(checkOf)
  )
]
