import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { isComplex } from "../../dsl/dtype.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { onEvery, sharesOf } from "../support/backends.ts"
import { numbers } from "../support/flat.ts"
import { groups, programOf, type SpecialGroup } from "../support/special-values.ts"

const singles = ["f32", "c64"]

interface Place {
  readonly on: string
  readonly name: string
  readonly group: SpecialGroup
  /** All numbers, of complex ones both parts, of the operands there. */
  readonly given: ReadonlyArray<number>
}

/** Where a value is not JAX's, and why it stays so. */
const isOtherwise = ({ on, name, group, given }: Place): boolean => {
  const smallest = singles.includes(group.dtype) ? 2 ** -126 : 2 ** -1022
  const subnormal = given.some((x) => x !== 0 && Math.abs(x) < smallest)
  // XLA on the CPU takes subnormal numbers for zero, or not, as its version has it; the interpreter counts with them.
  if (subnormal && (on === "reference" || on === "PJRT 0.81")) return true
  // The derivative of |x| at 0 is the least of its slopes, where JAX has 1; and NaN at NaN, where JAX has -1.
  if (group.kind === "slope" && name === "abs") return !(Math.abs(given[0]!) >= smallest)
  // x^0 is 1 for all x, so its derivative at 0 is 0, where JAX has 0 / 0.
  return group.kind === "slope0" && name === "pow" && given.every((x) => x === 0)
}

/** Close to what is wanted, seen from 1 or from the size of a complex number; NaN, infinities and signs of zero equal. */
const isAsWanted = (found: number, wanted: number, other: number, tolerance: number): boolean => {
  if (Object.is(found, wanted)) return true
  if (!Number.isFinite(wanted) || (found === 0 && wanted === 0)) return false
  const size = Math.max(1, Math.abs(wanted), Number.isFinite(other) ? Math.abs(other) : 0)
  return Math.abs(found - wanted) <= tolerance * size
}

const missesOf = (on: string, group: SpecialGroup, name: string, found: ReadonlyArray<number>) => {
  const width = isComplex(group.dtype) ? 2 : 1
  const wanted = group.results[name]!.map(Number)
  expect(found.length, name).toBe(wanted.length)
  const parts = wanted.length / (group.args[0]!.length / width)
  const tolerance = singles.includes(group.dtype) ? 1e-5 : 1e-9
  return wanted.flatMap((want, i) => {
    const at = Math.floor(i / parts)
    const given = group.args.flatMap((column) => column.slice(width * at, width * (at + 1)).map(Number))
    const other = parts === 2 ? wanted[i ^ 1]! : 0
    return isOtherwise({ on, name, group, given }) || isAsWanted(found[i]!, want, other, tolerance)
      ? []
      : [
          `${name}(${given.join(", ")})${parts === 2 ? [" re", " im"][i % 2] : ""} is ${found[i]}, not ${want}`
        ]
  })
}

describe.each(onEvery)("special values on $on, against JAX", (device) => {
  const { on } = device
  const run = device.open()
  const named = groups.map((group, i) => [`${group.kind} ${group.dtype} ${i}`, group] as const)
  it.each(sharesOf(device, named))("%s", async (_, group) => {
    const { program, columns, names } = programOf(group)
    const call = program as unknown as (
      ...args: ReadonlyArray<unknown>
    ) => Effect.Effect<unknown, never, never>
    const found = await run(Effect.flatMap(call(...columns), (tree) => lc.read(tree as never)))
    const misses = names.flatMap((name, k) =>
      missesOf(on, group, name, numbers((found as ReadonlyArray<unknown>)[k]))
    )
    expect(misses).toEqual([])
  })
})
