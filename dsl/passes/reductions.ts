import type { ProgramBuilder } from "../builder.ts"
import { programsOf } from "../held.ts"
import type { Equation, Primitive, Program, Reduction, Var } from "../program.ts"
import { sizeOf } from "../shape.ts"
import type { Pass } from "./pass.ts"
import { type Rewrites, rewritten } from "./rewrite.ts"

/** What keeps a compiler for CPUs from giving sums to its library, for the library ignores NaN in it. */
const picking: ReadonlySet<Primitive> = new Set([
  "max",
  "min",
  "maximum",
  "minimum",
  "clamp",
  "cummax",
  "cummin"
])

const picks = (program: Program): boolean =>
  program.equations.some((equation) => picking.has(equation.primitive) || programsOf(equation).some(picks))

/** Fewer elements are not worth two operations. */
const least = 2 ** 14

/** In how many lanes a row is reduced: so many numbers stand side by side in a vector register. Null for other reductions. */
const lanesOf = (
  axes: ReadonlyArray<number>,
  { aval: { dtype, shape } }: Var,
  most: number
): number | null => {
  const length = shape.at(-1) ?? 0
  if (axes.length !== 1 || axes[0] !== shape.length - 1 || sizeOf(shape) < least) return null
  if (dtype === "bool" || dtype === "c64" || dtype === "c128") return null
  return [most, most / 2].find((lanes) => lanes > 1 && length % lanes === 0 && length >= 4 * lanes) ?? null
}

/**
 * Reduces rows in lanes that stand side by side, and then the lanes: a compiler for CPUs takes the elements of a row one
 * after another otherwise. A barrier keeps it from making one reduction of the two.
 */
export const reductions: Pass = {
  name: "reductions",
  run: (program, { costs: { rowLanes } }) => {
    if (rowLanes === 0) return program
    const reduce =
      <P extends Reduction>(op: P) =>
      ({ params: { axes } }: Equation<P>, builder: ProgramBuilder, [x]: ReadonlyArray<Var>) => {
        const lanes = lanesOf(axes, x!, rowLanes)
        if (lanes === null) return undefined
        const { dtype, shape } = x!.aval
        const front = shape.slice(0, -1)
        const split = [...front, shape.at(-1)! / lanes, lanes]
        const [rows] = builder.apply("reshape", { shape: split }, x!)
        const [parts] = builder.apply(op, { axes: [front.length] } as never, rows!)
        const [apart] = builder.add("barrier", {}, [parts!], [{ dtype, shape: [...front, lanes] }])
        return builder.apply(op, { axes: [front.length] } as never, apart!)
      }
    const always = { max: reduce("max"), min: reduce("min") }
    const rewrites = picks(program) ? { ...always, sum: reduce("sum"), prod: reduce("prod") } : always
    return rewritten(program, rewrites as Rewrites)
  }
}
