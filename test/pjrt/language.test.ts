import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as lc from "../../pjrt/loopcarry.ts"
import { type Case, cases, type Given, jitted, type Kind } from "../support/language/cases.ts"
import { missesOf } from "../support/language/compare.ts"
import { functions } from "../support/language/functions.ts"
import { plugins } from "../support/plugins.ts"
import { onDevice, type Run } from "../support/run.ts"

const check = (
  device: string,
  name: string,
  kind: Kind,
  found: ReadonlyArray<unknown>,
  wanted: ReadonlyArray<Given>
) => {
  expect(found.length, `${name} ${kind}: results`).toBe(wanted.length)
  wanted.forEach((want, k) => {
    const misses = missesOf(device, name, found[k], want)
    expect({ of: `${name} ${kind} result ${k}`, misses }).toEqual({
      of: `${name} ${kind} result ${k}`,
      misses: []
    })
  })
}

const runCase = async (run: Run, device: string, one: Case) => {
  const { program, inputs } = jitted(one)
  const found = await run(Effect.flatMap(program(...inputs), (tree) => lc.read(tree as never)))
  one.kinds.forEach((kind, i) => {
    check(device, one.name, kind, (found as ReadonlyArray<ReadonlyArray<unknown>>)[i]!, one[kind]!)
  })
}

describe("the whole language against JAX", () => {
  it("has the same functions on both sides", () => {
    expect(Object.keys(functions).sort()).toEqual(cases.map(({ name }) => name).sort())
  })

  describe.each([
    ...plugins.map(({ api, path }) => ({
      on: `PJRT ${api}`,
      device: `plugin:${path}`,
      options: { virtualDevices: 1 }
    })),
    { on: "the reference device", device: "reference", options: {} }
  ])("on $on", ({ device, options }) => {
    const run = onDevice(device, options)
    it.each(cases.map((one) => [one.name, one] as const))("%s", (_, one) => runCase(run, device, one))
  })
})
