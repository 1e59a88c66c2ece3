import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as lc from "../../pjrt/loopcarry.ts"
import { twoDevices } from "./backends.ts"
import { asCompiled, missesOf, rowsOf, together } from "./jax-rows.ts"
import type { Fn } from "./language/functions.ts"

/** Some rows at a time: enough to compile few programs, and few enough to compile each soon. */
const size = 20

/** The functions of a room against JAX: a row for each of `wanted`, and each row as JAX has it on two devices. */
export const againstJax = (
  room: string,
  file: string,
  functionOf: (name: string) => Fn,
  wanted: ReadonlyArray<string>
): void => {
  const rows = rowsOf(file)
  const chunks = Array.from({ length: Math.ceil(rows.length / size) }, (_, i) =>
    rows.slice(i * size, (i + 1) * size)
  )
  const titled = chunks.map(
    (chunk) => [[...new Set(chunk.map(({ name }) => name))].join(", "), chunk] as const
  )

  describe(`${room}, against JAX`, () => {
    it("has a row for each function", () => {
      const named = new Set(rows.map(({ name }) => name))
      expect(wanted.filter((name) => !named.has(name))).toEqual([])
    })

    describe.each(twoDevices)("on $on", (device) => {
      const run = device.open()
      it.each(titled)("%s", async (_, given) => {
        const chunk = device.on === "reference" ? given : given.map(asCompiled)
        const { program, inputs } = together(chunk, functionOf)
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
}
