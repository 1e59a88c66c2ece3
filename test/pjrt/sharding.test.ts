import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { meshSize } from "../../dsl/mesh.ts"
import { meshOf } from "../../dsl/mesh-of.ts"
import { traceNow } from "../../dsl/trace.ts"
import { verify } from "../../dsl/verifier.ts"
import { jit, read } from "../../pjrt/loopcarry.ts"
import { plugins } from "../support/plugins.ts"
import { onDevice } from "../support/run.ts"
import { type Sharded, sharded } from "../support/sharded.ts"

/** Some numbers for each argument. */
const data = (shape: ReadonlyArray<number>, seed: number, whole: boolean) => {
  const length = shape.reduce((a, b) => a * b, 1)
  const at = (i: number) => (whole ? i : Math.sin(seed + 1.7 * i))
  return whole ? Int32Array.from({ length }, (_, i) => at(i)) : Float32Array.from({ length }, (_, i) => at(i))
}

const argsOf = ({ specs }: Sharded) =>
  specs.map((spec, i) => {
    const { shape, dtype } = spec as unknown as { shape: ReadonlyArray<number>; dtype: string }
    return data(shape, i, dtype === "i32")
  })

const jitted = (one: Sharded) =>
  jit(one.specs as never, one.fn as never, {
    ...(one.in === undefined ? {} : { in: one.in }),
    ...(one.out === undefined ? {} : { out: one.out })
  }) as unknown as (...args: ReadonlyArray<unknown>) => Effect.Effect<never, never, never>

/** All numbers of a tree of results. */
const flat = (tree: unknown): ReadonlyArray<number> => {
  if (typeof tree === "number") return [tree]
  if (ArrayBuffer.isView(tree)) return Array.from(tree as unknown as Iterable<number>)
  return Object.values(tree as object).flatMap(flat)
}

const alike = (made: ReadonlyArray<number>, wanted: ReadonlyArray<number>) => {
  expect(made.length).toBe(wanted.length)
  made.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-4 * (1 + Math.abs(wanted[i]!)))
  })
}

const result = (one: Sharded) =>
  Effect.map(
    Effect.flatMap(jitted(one)(...argsOf(one)), (made) => read(made)),
    flat
  )

describe.each(plugins)("programs of several devices on PJRT $api", ({ path }) => {
  const run = onDevice(`plugin:${path}`, { virtualDevices: 8 })
  const reference = onDevice("reference")

  it.each(Object.entries(sharded))("%s: as one device has it", async (_, one) => {
    alike(await run(result(one)), await reference(result(one)))
  })

  it.each(Object.entries(sharded).filter(([, { plain }]) => plain !== undefined))(
    "%s: as without devices",
    async (_, { specs, plain, ...one }) => {
      alike(await run(result({ ...one, specs })), await reference(result({ specs, fn: plain! })))
    }
  )
})

describe("programs of several devices", () => {
  it.each(Object.entries(sharded))("%s keeps the rules of programs", (_, { specs, fn }) => {
    const { program } = traceNow(specs as never, fn as never)
    verify(program)
    expect([4, 8]).toContain(meshSize(meshOf(program, [])!))
  })
})
