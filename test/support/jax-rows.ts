import { readFileSync } from "node:fs"
import { type DType, isComplex } from "../../dsl/dtype.ts"
import { Spec } from "../../dsl/spec.ts"
import type { Tensor } from "../../dsl/tensor.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { numbers } from "./flat.ts"
import { type Asked, type Case, everything, type Given, type Kind } from "./language/cases.ts"
import type { Fn } from "./language/functions.ts"
import { nested } from "./nested.ts"

/** A function in one dtype, and what JAX gives for it. */
export type Row = Case & { readonly dtype: DType }

export const rowsOf = (file: string): ReadonlyArray<Row> =>
  JSON.parse(readFileSync(new URL(`../fixtures/${file}`, import.meta.url), "utf8")).rows

const groupsOf = (row: Row) => [row.args, row.args2 ?? [], row.ts ?? [], row.cts ?? []]

/** Complex arrays come as their parts, along a last axis. */
const specOf = ({ dtype, shape }: Given) =>
  isComplex(dtype) ? new Spec(dtype === "c64" ? "f32" : "f64", [...shape, 2]) : new Spec(dtype, shape)
const dataOf = ({ dtype, shape, data }: Given) => nested(data, isComplex(dtype) ? [...shape, 2] : shape)

const whole = (given: Given, x: Tensor): Tensor => {
  if (!isComplex(given.dtype)) return x
  const [re, im] = lc.split(x as Tensor<"f32">, 2, -1)
  return lc.complex(lc.reshape(re!, given.shape), lc.reshape(im!, given.shape))
}

/**
 * What a compiler is asked of a row: values, and one derivative of those in f32. The others are made of the same
 * primitives, and the interpreter is asked for all.
 */
export const asCompiled = (row: Row): Row => ({
  ...row,
  kinds: row.kinds.filter((kind) => kind === "value" || (kind === "vjp" && row.dtype === "f32"))
})

/** Several rows as one program, since each takes a compiler its time, and what it is called with. */
export const together = (chosen: ReadonlyArray<Row>, functionOf: (name: string) => Fn) => {
  const program = lc.jit(
    chosen.map((row) => groupsOf(row).map((group) => group.map(specOf))),
    (...given: ReadonlyArray<ReadonlyArray<ReadonlyArray<Tensor>>>) =>
      chosen.map((row, i) => {
        const asked = groupsOf(row).map((group, g) => group.map((each, k) => whole(each, given[i]![g]![k]!)))
        return everything(functionOf(row.name), row, ...(asked as unknown as Asked))
      }) as never
  )
  return { program, inputs: chosen.map((row) => groupsOf(row).map((group) => group.map(dataOf))) }
}

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

export const missesOf = (row: Row, kind: Kind, found: ReadonlyArray<unknown>): ReadonlyArray<string> => {
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
