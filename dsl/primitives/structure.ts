import { requireLength } from "../bounds.ts"
import { count } from "../count.ts"
import { kindOf } from "../dtype.ts"
import { dtypeError, shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import { requireDim, requireShape, shown } from "../required.ts"
import { type Aval, show, sizeOf } from "../shape.ts"
import { avalOf, type Rules, requireAxis, requireDistinct, requireSameDType } from "./rule.ts"
import { dilated, requireLists } from "./window.ts"

const refuse = (op: string, message: string, hint: string) => shapeError(op, `${op}: ${message}`, hint)

export const structureRules: Rules<
  "constant" | "arange" | "reshape" | "broadcast" | "transpose" | "slice" | "concatenate" | "pad" | "reverse"
> = {
  constant: {
    infer: (_, { aval, value }) => {
      requireShape("constant", aval.shape)
      if (Array.isArray(value) && value.length !== sizeOf(aval.shape)) {
        throw refuse(
          "constant",
          `${show(aval)} needs ${count(sizeOf(aval.shape), "element")}, not ${value.length}`,
          "give as many elements as the shape says"
        )
      }
      return [aval]
    }
  },
  arange: {
    infer: ([start], { dtype, length }) => {
      requireDim("arange", "the length", length)
      if (kindOf(dtype) === "bool" || kindOf(dtype) === "complex") {
        throw dtypeError(
          "arange",
          `arange: takes an integer or float dtype, not ${dtype}`,
          "convert the result"
        )
      }
      if (start !== undefined) {
        requireSameDType("arange", start, avalOf(dtype, []))
        if (start.shape.length > 0)
          throw refuse("arange", `the start is ${show(start)}`, "it must be a scalar")
      }
      return [avalOf(dtype, [length])]
    }
  },
  reshape: {
    infer: ([x], { shape }) => {
      requireShape("reshape", shape)
      if (sizeOf(shape) !== sizeOf(x!.shape)) {
        const have = count(sizeOf(x!.shape), "element")
        const b = show(avalOf(x!.dtype, shape))
        throw shapeError(
          "reshape",
          say("elements", { op: "reshape", a: show(x!), have, b, want: `${sizeOf(shape)}` }),
          "the number of elements must stay the same"
        )
      }
      return [avalOf(x!.dtype, shape)]
    }
  },
  broadcast: {
    infer: ([x], { shape, axes }) => {
      requireShape("broadcast", shape)
      const result = avalOf(x!.dtype, shape)
      requireDistinct("broadcast", axes)
      axes.forEach((axis, i) => {
        requireAxis("broadcast", axis, result)
        if (x!.shape[i] !== 1 && x!.shape[i] !== shape[axis]) {
          throw refuse(
            "broadcast",
            `${show(x!)} cannot become ${show(result)}`,
            "an axis of another length than 1 must keep its length"
          )
        }
      })
      if (axes.length !== x!.shape.length) {
        throw refuse(
          "broadcast",
          `${show(x!)} has ${count(x!.shape.length, "axis", "axes")}, but ${axes.length} are placed`,
          "place each axis"
        )
      }
      return [result]
    }
  },
  transpose: {
    infer: ([x], { permutation }) => {
      for (const axis of permutation) requireAxis("transpose", axis, x!)
      requireDistinct("transpose", permutation)
      if (permutation.length !== x!.shape.length) {
        const axes = permutation.map(shown).join(", ")
        throw shapeError(
          "transpose",
          say("eachAxis", { op: "transpose", axes, a: show(x!) }),
          "name each axis once"
        )
      }
      return [
        avalOf(
          x!.dtype,
          permutation.map((axis) => x!.shape[axis]!)
        )
      ]
    }
  },
  slice: {
    infer: ([x], { start, limit, strides }) => {
      if (![start, limit, strides].every((list) => list.length === x!.shape.length)) {
        throw shapeError(
          "slice",
          say("eachLimit", { op: "slice", a: show(x!) }),
          "give one number for each axis"
        )
      }
      const shape = x!.shape.map((dim, i) => {
        const [from, to, by] = [start[i]!, limit[i]!, strides[i]!]
        if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= dim)) {
          const words = { op: "slice", from: shown(from), to: shown(to), axis: `${i}`, a: show(x!) }
          throw shapeError("slice", say("bounds", words), `it must hold that 0 <= start <= limit <= ${dim}`)
        }
        if (!Number.isInteger(by) || by < 1)
          throw refuse(
            "slice",
            `the stride on axis ${i} is ${shown(by)}`,
            "a stride is a whole number from 1"
          )
        return Math.ceil((to - from) / by)
      })
      return [avalOf(x!.dtype, shape)]
    }
  },
  concatenate: {
    infer: (inputs, { axis }) => {
      const first = inputs[0]
      if (first === undefined) throw refuse("concatenate", "nothing is given", "give at least one array")
      requireAxis("concatenate", axis, first)
      let total = 0
      for (const each of inputs) {
        requireSameDType("concatenate", first, each)
        const fits =
          each.shape.length === first.shape.length &&
          each.shape.every((dim, i) => i === axis || dim === first.shape[i])
        if (!fits) {
          throw shapeError(
            "concatenate",
            say("differBeside", { op: "concatenate", a: show(first), b: show(each), axis: `${axis}` }),
            "all other axes must have the same length"
          )
        }
        total += each.shape[axis]!
      }
      return [avalOf(first.dtype, replaceAt(first, axis, total))]
    }
  },
  pad: {
    infer: ([x, value], { low, high, interior }) => {
      requireSameDType("pad", x!, value!)
      if (value!.shape.length > 0) throw refuse("pad", `the padding is ${show(value!)}`, "pad with a scalar")
      requireLists("pad", x!.shape.length, { low, high, interior })
      const shape = x!.shape.map((length, i) => {
        if (![low[i], high[i], interior[i]].every(Number.isInteger) || interior[i]! < 0)
          throw refuse(
            "pad",
            "a count is no whole number",
            "interior counts go from 0, the others may be negative"
          )
        for (const count of [low[i]!, high[i]!, interior[i]!]) requireLength("pad", "a count", count)
        return low[i]! + dilated(length, interior[i]! + 1) + high[i]!
      })
      if (shape.some((length) => length < 0))
        throw refuse("pad", `more than all of ${show(x!)} is cut off`, "cut off less")
      return [avalOf(x!.dtype, shape)]
    }
  },
  reverse: {
    infer: ([x], { axes }) => {
      for (const axis of axes) requireAxis("reverse", axis, x!)
      requireDistinct("reverse", axes)
      return [x!]
    }
  }
}

const replaceAt = (aval: Aval, axis: number, dim: number): ReadonlyArray<number> =>
  aval.shape.map((old, i) => (i === axis ? dim : old))
