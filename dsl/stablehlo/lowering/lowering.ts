import { kindOf } from "../../dtype.ts"
import type { Params, Primitive, Program } from "../../program.ts"
import { type Aval, sizeOf } from "../../shape.ts"
import { tensorType, type Writer } from "../text.ts"

/** What a lowering is given: names and types of operands and results, and how to write a program inside this one. */
export interface Site {
  readonly writer: Writer
  readonly operands: ReadonlyArray<string>
  readonly inputs: ReadonlyArray<Aval>
  readonly outputs: ReadonlyArray<Aval>
  /** Writes a program's equations here, its inputs being values of these names; gives the names of its outputs. */
  readonly inline: (program: Program, inputs: ReadonlyArray<string>) => ReadonlyArray<string>
}

/** Writes one equation as StableHLO and gives the names of its results. */
export type Lowering<P extends Primitive> = (site: Site, params: Params[P]) => ReadonlyArray<string>

export type Lowerings<P extends Primitive> = { readonly [K in P]: Lowering<K> }

export const list = (items: ReadonlyArray<number>): string => `[${items.join(", ")}]`
export const types = (avals: ReadonlyArray<Aval>): string => avals.map(tensorType).join(", ")
export const scalarOf = (aval: Aval): Aval => ({ dtype: aval.dtype, shape: [] })

/** `op operands attributes : (operand types) -> result type` */
export const general = (site: Site, op: string, attributes = ""): ReadonlyArray<string> => [
  site.writer.assign(
    `stablehlo.${op} ${site.operands.join(", ")}${attributes} : (${types(site.inputs)}) -> ${tensorType(site.outputs[0]!)}`
  )
]

export const convertText = (writer: Writer, operand: string, from: Aval, to: Aval): string =>
  from.dtype === to.dtype
    ? operand
    : writer.assign(`stablehlo.convert ${operand} : (${tensorType(from)}) -> ${tensorType(to)}`)

/** An attribute holding a list of numbers, in MLIR's generic form. */
export const array = (items: ReadonlyArray<number>): string =>
  items.length === 0 ? "array<i64>" : `array<i64: ${items.join(", ")}>`

/** The names of an operation's results, from the name that stands for all of them. */
export const resultNames = (name: string, count: number): ReadonlyArray<string> =>
  count === 1 ? [name] : Array.from({ length: count }, (_, i) => `${name}#${i}`)

/**
 * An operation with regions in MLIR's generic form. Each region is given its parameters' types and writes its body,
 * which gives the names it returns.
 */
export const withRegions = (
  { writer, operands, inputs, outputs }: Pick<Site, "writer" | "operands" | "inputs" | "outputs">,
  op: string,
  attributes: string,
  regions: ReadonlyArray<Region>
): ReadonlyArray<string> => {
  const name = writer.fresh()
  const bound = outputs.length > 1 ? `${name}:${outputs.length}` : name
  writer.line(
    `${outputs.length > 0 ? `${bound} = ` : ""}"stablehlo.${op}"(${operands.join(", ")})${attributes === "" ? "" : ` <{${attributes}}>`} ({`
  )
  regions.forEach((region, i) => {
    if (i > 0) writer.line("}, {")
    const names = region.parameters.map(() => writer.fresh())
    if (names.length > 0) {
      const typed = names.map((each, k) => `${each}: ${tensorType(region.parameters[k]!)}`)
      writer.line(`^bb0(${typed.join(", ")}):`)
    }
    writer.indented(() => {
      const results = region.body(names)
      writer.line(
        results.length === 0
          ? "stablehlo.return"
          : `stablehlo.return ${results.join(", ")} : ${types(region.results)}`
      )
    })
  })
  writer.end(`}) : (${types(inputs)}) -> ${outputs.length === 1 ? types(outputs) : `(${types(outputs)})`}`)
  return resultNames(name, outputs.length)
}

export interface Region {
  readonly parameters: ReadonlyArray<Aval>
  readonly results: ReadonlyArray<Aval>
  readonly body: (names: ReadonlyArray<string>) => ReadonlyArray<string>
}

/** What a compiler does not see through. */
export const hidden = (writer: Writer, value: string, aval: Aval): string =>
  writer.assign(`stablehlo.optimization_barrier ${value} : ${tensorType(aval)}`)

/** The longest operand that XLA may join with the window that goes over it. */
const longestJoined = 2 ** 32

/** What a window goes over. XLA's CPU compiler divides by zero where that is an iota of 2^33 elements (PJRT 0.115). */
export const slidOver = (writer: Writer, operand: string, aval: Aval): string =>
  sizeOf(aval.shape) > longestJoined ? hidden(writer, operand, aval) : operand

/** A comparison of two named values. */
export const compareText = (
  writer: Writer,
  direction: string,
  [a, b]: readonly [string, string],
  aval: Aval,
  how?: string
): string => {
  const kind = kindOf(aval.dtype)
  const order =
    how ?? (kind === "float" || kind === "complex" ? "FLOAT" : kind === "signed" ? "SIGNED" : "UNSIGNED")
  const type = tensorType(aval)
  return writer.assign(
    `stablehlo.compare ${direction}, ${a}, ${b}, ${order} : (${type}, ${type}) -> ${tensorType({ dtype: "bool", shape: aval.shape })}`
  )
}
