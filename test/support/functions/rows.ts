import { readFileSync } from "node:fs"
import { type DType, isComplex } from "../../../dsl/dtype.ts"
import { Spec } from "../../../dsl/spec.ts"
import type { Tensor } from "../../../dsl/tensor.ts"
import * as lc from "../../../pjrt/loopcarry.ts"
import { type Asked, type Case, everything, type Given } from "../language/cases.ts"
import { nested } from "../nested.ts"
import { functionOf } from "./options.ts"

/** A function in one dtype, and what JAX gives for it. */
export type Row = Case & { readonly dtype: DType }

export const { rows }: { readonly rows: ReadonlyArray<Row> } = JSON.parse(
  readFileSync(new URL("../../fixtures/functions.json", import.meta.url), "utf8")
)

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
export const together = (chosen: ReadonlyArray<Row>) => {
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
