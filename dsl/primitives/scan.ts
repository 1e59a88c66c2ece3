import { count } from "../count.ts"
import { shapeError } from "../errors.ts"
import type { ScanParams } from "../program.ts"
import { type Aval, sameAval, show } from "../shape.ts"
import { avalOf, type Rules } from "./rule.ts"

/** The operands of a scan, sorted by what they are for. */
export interface ScanOperands<T> {
  readonly length: T | undefined
  readonly consts: ReadonlyArray<T>
  readonly carry: ReadonlyArray<T>
  /** For each xs leaf its operand; undefined for an arange whose start is a plain number. */
  readonly xs: ReadonlyArray<T | undefined>
}

export const scanOperands = <T>(params: ScanParams, inputs: ReadonlyArray<T>): ScanOperands<T> => {
  let next = 0
  const take = (count: number) => {
    next += count
    return inputs.slice(next - count, next)
  }
  const length = params.traced ? take(1)[0] : undefined
  const consts = take(params.consts)
  const carry = take(params.carry)
  const xs = params.xs.map((leaf) => (leaf.kind === "rows" || leaf.start === null ? take(1)[0] : undefined))
  return { length, consts, carry, xs }
}

const refuse = (message: string) =>
  shapeError(
    "scan",
    `scan: ${message}`,
    "this program was not made by scan(); check the transform that made it"
  )

export const scanRules: Rules<"scan"> = {
  scan: {
    infer: (inputs, params) => {
      const { length, consts, carry, xs } = scanOperands(params, inputs)
      const { body } = params
      if (length !== undefined && !sameAval(length, avalOf("i32", [])))
        throw refuse(`the length is ${show(length)}`)
      const rows = params.xs.map((leaf, i): Aval => {
        if (leaf.kind === "arange") return avalOf(leaf.dtype, [])
        const operand = xs[i]!
        if (params.length === null || operand.shape[0] !== params.length) {
          throw refuse(
            `xs[${i}] is ${show(operand)}, but there ${params.length === 1 ? "is" : "are"} ${params.length === null ? "as many steps as are asked for" : count(params.length, "step")}`
          )
        }
        return avalOf(operand.dtype, operand.shape.slice(1))
      })
      const wanted = [...consts, ...carry, ...rows]
      const taken = body.inputs.map((each) => each.aval)
      if (wanted.length !== taken.length || !wanted.every((aval, i) => sameAval(aval, taken[i]!))) {
        throw refuse(
          `the body takes ${taken.map(show).join(", ")}, but is given ${wanted.map(show).join(", ")}`
        )
      }
      const given = body.outputs.map((each) => each.aval)
      if (!carry.every((aval, i) => given[i] !== undefined && sameAval(aval, given[i]))) {
        throw refuse("the body's carry differs from the initial one")
      }
      const ys = given.slice(carry.length)
      if (params.length === null && ys.length > 0) throw refuse("outputs of unbounded length")
      return [...carry, ...ys.map((aval) => avalOf(aval.dtype, [params.length ?? 0, ...aval.shape]))]
    }
  }
}
