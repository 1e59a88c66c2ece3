import { isFloat } from "../../dtype.ts"
import type { Combine, GatherParams, ScatterParams } from "../../params.ts"

import type { Aval } from "../../shape.ts"
import { tensorType, type Writer } from "../text.ts"
import {
  array,
  compareText,
  general,
  type Lowerings,
  list,
  type Region,
  type Site,
  scalarOf,
  types,
  withRegions
} from "./lowering.ts"
import { asOrdered } from "./ordered.ts"
import { combineRegion } from "./reduce.ts"

const gatherNumbers = (params: GatherParams, indexVector: number): string =>
  `#stablehlo.gather<${[
    `offset_dims = ${list(params.offsetAxes)}`,
    `collapsed_slice_dims = ${list(params.collapsedAxes)}`,
    `operand_batching_dims = ${list(params.operandBatchAxes)}`,
    `start_indices_batching_dims = ${list(params.indicesBatchAxes)}`,
    `start_index_map = ${list(params.indexedAxes)}`,
    `index_vector_dim = ${indexVector}`
  ].join(", ")}>`

const scatterNumbers = (params: ScatterParams, indexVector: number): string =>
  `#stablehlo.scatter<${[
    `update_window_dims = ${list(params.windowAxes)}`,
    `inserted_window_dims = ${list(params.insertedAxes)}`,
    `input_batching_dims = ${list(params.operandBatchAxes)}`,
    `scatter_indices_batching_dims = ${list(params.indicesBatchAxes)}`,
    `scatter_dims_to_operand_dims = ${list(params.indexedAxes)}`,
    `index_vector_dim = ${indexVector}`
  ].join(", ")}>`

const combiners: { readonly [C in Exclude<Combine, "set">]: string } = {
  add: "add",
  mul: "multiply",
  min: "minimum",
  max: "maximum"
}

const combineWith = (writer: Writer, combine: Combine, aval: Aval): Region =>
  combine === "set"
    ? { parameters: [aval, aval], results: [aval], body: ([, update]) => [update!] }
    : combineRegion(writer, combiners[combine], aval)

const pick = (writer: Writer, holds: string, value: string, other: string, aval: Aval): string =>
  writer.assign(
    `stablehlo.select ${holds}, ${value}, ${other} : ${tensorType({ ...aval, dtype: "bool" })}, ${tensorType(aval)}`
  )

/** Makes all NaNs one, which is greater than all numbers in a total order. */
const withOneNan = (writer: Writer, name: string, aval: Aval): string =>
  isFloat(aval.dtype)
    ? pick(
        writer,
        compareText(writer, "NE", [name, name], aval),
        writer.constant(Number.NaN, aval),
        name,
        aval
      )
    : name

/** Makes the two zeros one and all NaNs one, so that a total order is JAX's: NaN last, zeros equal. */
const canonical = (writer: Writer, name: string, aval: Aval): string => {
  if (!isFloat(aval.dtype)) return name
  const zero = writer.constant(0, aval)
  return withOneNan(
    writer,
    pick(writer, compareText(writer, "EQ", [name, zero], aval), zero, name, aval),
    aval
  )
}

/** Whether the first of two rows goes first: by the first key, and among equal ones by the next. */
const before = (
  writer: Writer,
  names: ReadonlyArray<string>,
  avals: ReadonlyArray<Aval>,
  direction: string,
  total: boolean
): string => {
  const comparable = (name: string, aval: Aval) => (total ? name : canonical(writer, name, aval))
  const test = (key: number): string => {
    const aval = avals[key]!
    const pair = [comparable(names[2 * key]!, aval), comparable(names[2 * key + 1]!, aval)] as const
    const how = isFloat(aval.dtype) ? "TOTALORDER" : undefined
    const first = compareText(writer, direction, pair, aval, how)
    if (key === avals.length - 1) return first
    const equal = compareText(writer, "EQ", pair, aval, how)
    const rest = writer.assign(`stablehlo.and ${equal}, ${test(key + 1)} : tensor<i1>`)
    return writer.assign(`stablehlo.or ${first}, ${rest} : tensor<i1>`)
  }
  return test(0)
}

export const indexingLowerings: Lowerings<
  "dynamicSlice" | "dynamicUpdateSlice" | "gather" | "scatter" | "sort"
> = {
  dynamicSlice: (site, { sizes }) => general(site, "dynamic_slice", `, sizes = ${list(sizes)}`),
  dynamicUpdateSlice: (site) => general(site, "dynamic_update_slice"),
  gather: ({ writer, operands, inputs, outputs }, params) => {
    const numbers = gatherNumbers(params, inputs[1]!.shape.length - 1)
    return [
      writer.assign(
        `"stablehlo.gather"(${operands.join(", ")}) <{dimension_numbers = ${numbers}, slice_sizes = ${array(params.sizes)}, indices_are_sorted = false}> : (${types(inputs)}) -> ${tensorType(outputs[0]!)}`
      )
    ]
  },
  scatter: (site, params) => {
    const { combine } = params
    const numbers = scatterNumbers(params, site.inputs[1]!.shape.length - 1)
    const write = (inner: Site) =>
      withRegions(
        inner,
        "scatter",
        `scatter_dimension_numbers = ${numbers}, indices_are_sorted = false, unique_indices = false`,
        [combineWith(inner.writer, combine, scalarOf(inner.inputs[0]!))]
      )
    return site.writer.mesh !== undefined && (combine === "max" || combine === "min")
      ? asOrdered(site, combine, write)
      : write(site)
  },
  sort: (given, { axis, keys, descending, total = false }) => {
    const keyOf = (name: string, k: number) =>
      total && k < keys ? withOneNan(given.writer, name, given.inputs[k]!) : name
    const site = { ...given, operands: given.operands.map(keyOf) }
    const scalars = site.inputs.map(scalarOf)
    const region: Region = {
      parameters: scalars.flatMap((aval) => [aval, aval]),
      results: [{ dtype: "bool", shape: [] }],
      body: (names) => [before(site.writer, names, scalars.slice(0, keys), descending ? "GT" : "LT", total)]
    }
    return withRegions(site, "sort", `dimension = ${axis} : i64, is_stable = true`, [region])
  }
}
