import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { DType } from "../../dsl/dtype.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { twoDevices } from "../support/backends.ts"
import { numbers } from "../support/flat.ts"
import { options } from "../support/functions/options.ts"
import { asCompiled, type Row, rows, together } from "../support/functions/rows.ts"
import type { Given, Kind } from "../support/language/cases.ts"

/** How far a result may be from JAX's, seen from 1 or from its size. */
const tolerance: Partial<Record<DType, number>> = {
  f64: 2e-9,
  c128: 2e-9,
  f32: 4e-6,
  c64: 4e-6,
  f16: 4e-3,
  bf16: 3e-2
}

const isClose = (found: number, wanted: number, dtype: DType, exact: boolean): boolean => {
  if (Object.is(found, wanted)) return true
  if (!Number.isFinite(wanted)) return false
  // Zero of another sign is another value, but not another derivative.
  if (wanted === 0 && found === 0) return !exact
  return Math.abs(found - wanted) <= (tolerance[dtype] ?? 0) * Math.max(1, Math.abs(wanted))
}

const missesOf = (row: Row, kind: Kind, found: ReadonlyArray<unknown>): ReadonlyArray<string> => {
  const wanted = row[kind] as ReadonlyArray<Given>
  const where = `${row.name} ${row.dtype} ${kind}`
  if (found.length !== wanted.length) return [`${where}: ${found.length} results for ${wanted.length}`]
  return wanted.flatMap((want, k) => {
    const got = Array.isArray(found[k]) ? found[k].map(Number) : numbers(found[k])
    const expected = want.data.map(Number)
    if (got.length !== expected.length) return [`${where}: ${got.length} elements for ${expected.length}`]
    const exact = kind === "value" || kind === "vmap"
    return expected.flatMap((value, i) =>
      isClose(got[i]!, value, want.dtype, exact) ? [] : [`${where} ${k}[${i}]: ${got[i]} for ${value}`]
    )
  })
}

/** Some rows at a time: enough to compile few programs, and few enough to compile each soon. */
const size = 20
const chunks = Array.from({ length: Math.ceil(rows.length / size) }, (_, i) =>
  rows.slice(i * size, (i + 1) * size)
)
const titled = chunks.map((chunk) => [[...new Set(chunk.map(({ name }) => name))].join(", "), chunk] as const)

describe("functions made of other operations, against JAX", () => {
  it("have a row for each that takes options", () => {
    const named = new Set(rows.map(({ name }) => name))
    expect(Object.keys(options).filter((name) => !named.has(name))).toEqual([])
  })

  describe.each(twoDevices)("on $on", (device) => {
    const run = device.open()
    const all = device.on === "reference" || process.env.LOOPCARRY_ALL_FIXTURES === "1"
    it.each(titled)("%s", async (_, given) => {
      const chunk = all ? given : given.map(asCompiled)
      const { program, inputs } = together(chunk)
      const call = program as unknown as (
        ...args: ReadonlyArray<unknown>
      ) => Effect.Effect<unknown, never, never>
      const found = (await run(
        Effect.flatMap(call(...inputs), (tree) => lc.read(tree as never))
      )) as unknown as ReadonlyArray<ReadonlyArray<ReadonlyArray<unknown>>>
      const misses = chunk.flatMap((row, i) =>
        row.kinds.flatMap((kind, k) => missesOf(row, kind, found[i]![k]!))
      )
      expect(misses).toEqual([])
    })
  })
})
