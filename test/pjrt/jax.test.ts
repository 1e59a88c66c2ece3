import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { DType } from "../../dsl/dtype.ts"
import { Spec } from "../../dsl/spec.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { read } from "../../pjrt/loopcarry.ts"
import { onPlugins, onRemote, sharesOf } from "../support/backends.ts"
import { nested } from "../support/nested.ts"

type Given = ReadonlyArray<number | string | boolean>

interface Case {
  readonly op: string
  readonly dtype: DType
  readonly args: ReadonlyArray<Given>
  readonly shapes: ReadonlyArray<ReadonlyArray<number>>
  readonly shape: ReadonlyArray<number>
  readonly result: Given
  readonly axes?: number | ReadonlyArray<number> | null
  readonly keepDims?: boolean
  readonly target?: DType
}

interface Fixtures {
  readonly jax: string
  readonly cases: ReadonlyArray<Case>
  readonly aranges: ReadonlyArray<{
    readonly bounds: ReadonlyArray<number>
    readonly dtype: DType
    readonly result: Given
  }>
}

const fixtures: Fixtures = JSON.parse(readFileSync(new URL("../fixtures/jax.json", import.meta.url), "utf8"))

/** Relative tolerance by dtype: a few units in the last place, for transcendental functions differ between builds. */
const tolerance: Partial<Record<DType, number>> = { f16: 2e-3, bf16: 1.6e-2, f32: 2e-6, f64: 4e-15 }

const asNumber = (value: unknown): number => (typeof value === "boolean" ? Number(value) : Number(value))

const expectClose = (found: ReadonlyArray<unknown>, wanted: Given, dtype: DType, what: string): void => {
  const relative = tolerance[dtype] ?? 0
  const fits = wanted.map(asNumber).map((value, i) => {
    const other = asNumber(found[i])
    if (Number.isNaN(value) || !Number.isFinite(value)) return Object.is(other, value)
    return Math.abs(other - value) <= relative * Math.max(1, Math.abs(value))
  })
  expect({ what, length: found.length, fits: fits.every(Boolean), found, wanted }).toMatchObject({
    length: wanted.length,
    fits: true
  })
}

const list = (value: unknown): ReadonlyArray<unknown> =>
  ArrayBuffer.isView(value) ? Array.from(value as unknown as Iterable<unknown>) : [value]

const reductions = ["sum", "prod", "max", "min", "all", "any", "mean"]

/** The operation of a case, applied to tensors. */
const applied = (one: Case, args: ReadonlyArray<lc.Tensor>): lc.Tensor => {
  const op = (lc as unknown as Record<string, (...args: ReadonlyArray<unknown>) => lc.Tensor>)[one.op]!
  if (one.op === "convert") return op(args[0], one.target)
  if (reductions.includes(one.op)) return op(args[0], one.axes ?? undefined, { keepDims: one.keepDims })
  return op(...args)
}

const resultDType = (one: Case): DType => one.target ?? one.dtype

describe.each([...onPlugins, onRemote])("operations give JAX's numbers on $on", (device) => {
  const run = device.open()
  const ops = [...new Set(fixtures.cases.map(({ op }) => op))]

  it.each(sharesOf(device, ops))("%s", async (op) => {
    const all = fixtures.cases.filter((one) => one.op === op)
    // One program for each operation: all its cases are its arguments and results.
    const specs = all.map((one) => one.args.map((_, i) => new Spec(one.dtype, one.shapes[i]!)))
    const program = lc.jit([specs], (groupsOfArgs: unknown) =>
      all.map((one, i) => applied(one, (groupsOfArgs as ReadonlyArray<ReadonlyArray<lc.Tensor>>)[i]!))
    )
    const inputs = all.map((one) => one.args.map((arg, i) => nested(arg, one.shapes[i]!)))
    const found = await run(Effect.flatMap(program(inputs as never), (tree) => read(tree as never)))
    all.forEach((one, i) => {
      const value = (found as ReadonlyArray<unknown>)[i]
      expectClose(
        list(value),
        one.result,
        resultDType(one),
        `${op} ${one.dtype} ${JSON.stringify(one.axes ?? "")}`
      )
    })
  })

  it("arange", async () => {
    const program = lc.jit([], () =>
      fixtures.aranges.map(({ bounds, dtype }) =>
        (lc.arange as (...args: ReadonlyArray<unknown>) => lc.Tensor)(...bounds, dtype)
      )
    )
    const found = (await run(
      Effect.flatMap(program(), (tree) => read(tree as never))
    )) as ReadonlyArray<unknown>
    fixtures.aranges.forEach(({ bounds, dtype, result }, i) => {
      expectClose(list(found[i]), result, dtype, `arange(${bounds.join()}) ${dtype}`)
    })
  })
})
