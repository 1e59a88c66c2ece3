import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as lc from "../../pjrt/loopcarry.ts"
import { onPlugins, onReference } from "../support/backends.ts"
import { type Row, rowsOf, together } from "../support/jax-rows.ts"
import { functionOf, groupsOf, missesOf, programsOf } from "../support/matrices.ts"
import type { Run } from "../support/run.ts"

const rows = rowsOf("matrices.json")

const missesOn = async (run: Run, chunk: ReadonlyArray<Row>) => {
  const { program, inputs } = together(chunk, functionOf)
  const call = program as unknown as (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, never, never>
  const read = Effect.flatMap(call(...inputs), (tree) => lc.read(tree as never))
  const found = (await run(read)) as unknown as ReadonlyArray<ReadonlyArray<ReadonlyArray<unknown>>>
  return chunk.flatMap((row, i) => row.kinds.flatMap((kind, k) => missesOf(row, kind, found[i]![k]!)))
}

describe("linear algebra of hard matrices against JAX", () => {
  describe("on reference", () => {
    const run = onReference.open()
    const groups = groupsOf(rows, ({ name, dtype }) => `${name.split(" of ")[1]} ${dtype}`)
    it.each([...groups])("%s", async (_, chunk) => expect(await missesOn(run, chunk)).toEqual([]))
  })

  describe("on a plugin", () => {
    const run = onPlugins[0]!.open()
    it.each(programsOf(rows))("%s", async (_, chunk) => expect(await missesOn(run, chunk)).toEqual([]))
  })
})
