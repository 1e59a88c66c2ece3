import { readFileSync } from "node:fs"
import { type DType, isComplex } from "../../dsl/dtype.ts"
import { Spec } from "../../dsl/spec.ts"
import * as lc from "../../pjrt/loopcarry.ts"

type Entry = number | string | boolean

/** What JAX gives for elementwise functions of special values: of all the arguments in turn. */
export interface SpecialGroup {
  /** Values of functions of one or of two operands, or the derivative, with respect to one of them. */
  readonly kind: "unary" | "binary" | "slope" | "slope0" | "slope1"
  readonly dtype: DType
  readonly args: ReadonlyArray<ReadonlyArray<Entry>>
  readonly results: Readonly<Record<string, ReadonlyArray<Entry>>>
}

export const { groups }: { readonly groups: ReadonlyArray<SpecialGroup> } = JSON.parse(
  readFileSync(new URL("../fixtures/special-values.json", import.meta.url), "utf8")
)

type Fn = (...args: ReadonlyArray<lc.Tensor>) => lc.Tensor

const conversions: Readonly<Record<string, DType>> = {
  toI8: "i8",
  toU8: "u8",
  toI32: "i32",
  toU32: "u32",
  toI64: "i64",
  toU64: "u64",
  toBool: "bool"
}

const functionOf = (name: string): Fn => {
  const dtype = conversions[name]
  return dtype === undefined
    ? (lc as unknown as Readonly<Record<string, Fn>>)[name]!
    : (x) => lc.convert(x!, dtype)
}

const slopeOf = (fn: Fn, position: number): Fn => {
  const one = (...args: ReadonlyArray<lc.Tensor>) => {
    const of = (x: lc.Tensor) => fn(...args.map((arg, i) => (i === position ? x : arg)))
    const one = lc.full(args[position]!.shape, 1, args[position]!.dtype)
    return lc.jvp(of, [args[position]!], [one] as never)[1] as lc.Tensor
  }
  return one
}

/** All functions of a group as one program of its arguments, complex ones given as their parts. */
export const programOf = ({ kind, dtype, args, results }: SpecialGroup) => {
  const width = isComplex(dtype) ? 2 : 1
  const part = dtype === "c64" ? "f32" : dtype === "c128" ? "f64" : dtype
  const count = args[0]!.length / width
  const specs = args.flatMap(() => Array.from({ length: width }, () => new Spec(part, [count])))
  const columns = args.flatMap((column) =>
    Array.from({ length: width }, (_, at) => column.filter((_, i) => i % width === at).map(Number))
  )
  const program = lc.jit(specs, (...parts: ReadonlyArray<lc.Tensor>) => {
    const operands = args.map((_, i) =>
      width === 1 ? parts[i]! : lc.complex(parts[2 * i] as never, parts[2 * i + 1] as never)
    )
    return Object.keys(results).map((name) => {
      const fn = functionOf(name)
      const slope = kind.startsWith("slope") ? slopeOf(fn, Number(kind.slice(5) || 0)) : fn
      return slope(...operands)
    })
  })
  return { program, columns, names: Object.keys(results) }
}
