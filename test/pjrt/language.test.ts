import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { DType } from "../../dsl/dtype.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { type Case, cases, type Given, jitted, type Kind } from "../support/language/cases.ts"
import { functions } from "../support/language/functions.ts"
import { plugins } from "../support/plugins.ts"
import { onDevice, type Run } from "../support/run.ts"

/** f64 to a few units in the last place of what cancels on the way; what is computed through f32, to that. */
const tolerance: Partial<Record<DType, number>> = { f64: 2e-9, f32: 2e-6 }
const loose: Readonly<Record<string, number>> = { convert: 1e-6 }
/**
 * Random numbers are JAX's bit for bit, but for what goes through a special function; and but for the reference device,
 * which rounds a product before it adds to it.
 */
const isExact = (name: string, device: string): boolean =>
  name.startsWith("random") &&
  name !== "randomNormal" &&
  !(device === "reference" && name === "randomUniform")

const numbers = (value: unknown): ReadonlyArray<number> =>
  (ArrayBuffer.isView(value) ? Array.from(value as unknown as Iterable<unknown>) : [value]).map(Number)

const check = (
  device: string,
  name: string,
  kind: Kind,
  found: ReadonlyArray<unknown>,
  wanted: ReadonlyArray<Given>
) => {
  expect(found.length, `${name} ${kind}: results`).toBe(wanted.length)
  wanted.forEach((want, k) => {
    const got = numbers(found[k])
    const expected = want.data.map(Number)
    const limit = isExact(name, device) ? 0 : (loose[name] ?? tolerance[want.dtype] ?? 0)
    const misses = expected.flatMap((value, i) => {
      const other = got[i]!
      const close = Number.isFinite(value)
        ? Math.abs(other - value) <= limit * Math.max(1, Math.abs(value))
        : Object.is(other, value)
      return close ? [] : [`[${i}] ${other} for ${value}`]
    })
    expect({ of: `${name} ${kind} result ${k}`, length: got.length, misses }).toEqual({
      of: `${name} ${kind} result ${k}`,
      length: expected.length,
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
