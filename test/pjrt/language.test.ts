import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as lc from "../../pjrt/loopcarry.ts"
import { onPlugins, onReference, onRemote, sharesOf } from "../support/backends.ts"
import { asCompiled, type Case, cases, type Given, jitted, type Kind } from "../support/language/cases.ts"
import { missesOf } from "../support/language/compare.ts"
import { functions } from "../support/language/functions.ts"
import type { Run } from "../support/run.ts"

const check = (
  on: string,
  name: string,
  kind: Kind,
  found: ReadonlyArray<unknown>,
  wanted: ReadonlyArray<Given>
) => {
  expect(found.length, `${name} ${kind}: results`).toBe(wanted.length)
  wanted.forEach((want, k) => {
    const misses = missesOf(on, name, found[k], want)
    expect({ of: `${name} ${kind} result ${k}`, misses }).toEqual({
      of: `${name} ${kind} result ${k}`,
      misses: []
    })
  })
}

const runCase = async (run: Run, on: string, one: Case) => {
  const { program, inputs } = jitted(one)
  const found = await run(Effect.flatMap(program(...inputs), (tree) => lc.read(tree as never)))
  one.kinds.forEach((kind, i) => {
    check(on, one.name, kind, (found as ReadonlyArray<ReadonlyArray<unknown>>)[i]!, one[kind]!)
  })
}

describe("the whole language against JAX", () => {
  it("has the same functions on both sides", () => {
    expect(Object.keys(functions).sort()).toEqual(cases.map(({ name }) => name).sort())
  })

  describe.each([...onPlugins, onReference, onRemote])("on $on", (device) => {
    const run = device.open()
    it.each(sharesOf(device, cases).map((one) => [one.name, one] as const))("%s", (_, one) =>
      runCase(run, device.on, device.on === "reference" ? one : asCompiled(one))
    )
  })
})
