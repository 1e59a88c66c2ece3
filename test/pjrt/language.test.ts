import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { type DType, isComplex, isFloat } from "../../dsl/dtype.ts"
import { Spec } from "../../dsl/spec.ts"
import { isTensor, type Tensor } from "../../dsl/tensor.ts"
import { flatten, type Tree } from "../../dsl/tree.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { functions } from "../support/language/functions.ts"
import { nested } from "../support/nested.ts"
import { plugins } from "../support/plugins.ts"
import { onDevice, type Run } from "../support/run.ts"

interface Given {
  readonly dtype: DType
  readonly shape: ReadonlyArray<number>
  readonly data: ReadonlyArray<number | string | boolean>
}

type Kind = "value" | "vjp" | "jvp" | "hvp" | "vmap"

interface Case extends Readonly<Partial<Record<Kind | "ts" | "cts", ReadonlyArray<Given>>>> {
  readonly name: string
  readonly kinds: ReadonlyArray<Kind>
  readonly args: ReadonlyArray<Given>
  readonly args2: ReadonlyArray<Given>
}

const { cases }: { readonly cases: ReadonlyArray<Case> } = JSON.parse(
  readFileSync(new URL("../fixtures/language.json", import.meta.url), "utf8")
)

const specOf = ({ dtype, shape }: Given) => new Spec(dtype, shape)
const data = ({ data, shape }: Given) => nested(data, shape)
const isSmooth = ({ dtype }: { readonly dtype: DType }) => isFloat(dtype) || isComplex(dtype)

const leavesOf = (result: unknown): ReadonlyArray<Tensor> =>
  flatten<Tensor>(result as Tree, isTensor, "test", "result").leaves

/** All that is asked of a function, as one program: the value, derivatives, and a batch of two. */
const everything = (
  one: Case,
  args: ReadonlyArray<Tensor>,
  args2: ReadonlyArray<Tensor>,
  ts: ReadonlyArray<Tensor>,
  cts: ReadonlyArray<Tensor>
) => {
  const fn = (...xs: ReadonlyArray<Tensor>) => leavesOf(functions[one.name]!(...(xs as ReadonlyArray<never>)))
  const active = args.flatMap((arg, i) => (isSmooth(arg) ? [i] : []))
  const points = active.map((i) => args[i]!)
  /** The smooth results of the smooth arguments. */
  const smooth = (...xs: ReadonlyArray<Tensor>) => {
    const full = args.map((arg, i) => (active.includes(i) ? xs[active.indexOf(i)]! : arg))
    return fn(...full).filter(isSmooth)
  }
  const pulled = (...xs: ReadonlyArray<Tensor>) =>
    lc.vjp(smooth, ...xs)[1](cts as never) as ReadonlyArray<Tensor>
  const makers: Readonly<Record<Kind, () => ReadonlyArray<Tensor>>> = {
    value: () => fn(...args),
    vjp: () => pulled(...points),
    jvp: () => lc.jvp(smooth, points, ts as never)[1] as ReadonlyArray<Tensor>,
    hvp: () => lc.jvp(pulled, points, ts as never)[1] as ReadonlyArray<Tensor>,
    vmap: () => {
      const batch = args.map((arg, i) => lc.stack([arg, args2[i]!]))
      return lc.vmap(fn)(...(batch as unknown as ReadonlyArray<never>)) as ReadonlyArray<Tensor>
    }
  }
  return one.kinds.map((kind) => makers[kind]())
}

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
  const groups = [one.args, one.args2, one.ts ?? [], one.cts ?? []]
  const program: (...given: ReadonlyArray<never>) => Effect.Effect<unknown, unknown, never> = lc.jit(
    groups.map((group) => group.map(specOf)),
    (...given: ReadonlyArray<unknown>) =>
      everything(one, ...(given as [never, never, never, never])) as unknown as Tree
  ) as never
  const found = await run(
    Effect.flatMap(
      program(...(groups.map((group) => group.map(data)) as unknown as ReadonlyArray<never>)),
      (tree) => lc.read(tree as never)
    )
  )
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
