import { count } from "../count.ts"
import { isInteger, kindOf } from "../dtype.ts"
import { dtypeError, shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import type { GatherParams, ScatterParams } from "../params.ts"
import { shownList } from "../required.ts"
import { type Aval, type Shape, sameShape, show } from "../shape.ts"
import {
  avalOf,
  type Rules,
  requireAxis,
  requireDistinct,
  requireKind,
  requireSameDType,
  requireSameShape
} from "./rule.ts"

const refuse = (op: string, message: string, hint: string) => shapeError(op, `${op}: ${message}`, hint)

/** One integer scalar for each axis of the operand, all of one dtype. */
const requireIndices = (op: string, operand: Aval, indices: ReadonlyArray<Aval>): void => {
  if (indices.length !== operand.shape.length) {
    throw refuse(
      op,
      `${indices.length} indices are given for ${show(operand)}`,
      "give one index for each axis"
    )
  }
  for (const index of indices) {
    if (index.shape.length > 0) throw refuse(op, `an index is ${show(index)}`, "an index is a scalar")
    if (!isInteger(index.dtype)) {
      throw dtypeError(
        op,
        say("dtypeKind", { op, wanted: "integer indices", a: show(index) }),
        'convert(i, "i32") makes one'
      )
    }
    requireSameDType(op, indices[0]!, index)
  }
}

const requireSizes = (op: string, operand: Aval, sizes: Shape): void => {
  const fits =
    sizes.length === operand.shape.length &&
    sizes.every((size, i) => Number.isInteger(size) && size >= 0 && size <= operand.shape[i]!)
  if (fits) return
  throw refuse(
    op,
    `a block of ${shownList(sizes)} does not fit ${show(operand)}`,
    "give for each axis a size from 0 to its length"
  )
}

/** The axes of indices that are looped over: all but the last, which holds the index vector. */
const loopAxes = (
  op: string,
  indices: Aval,
  params: { readonly indexedAxes: ReadonlyArray<number> }
): Shape => {
  requireKind(op, indices, ["signed", "unsigned"])
  const last = indices.shape.length - 1
  if (last < 0 || indices.shape[last] !== params.indexedAxes.length) {
    throw refuse(
      op,
      `the indices are ${show(indices)} for ${params.indexedAxes.length} indexed axes`,
      "the last axis of the indices holds one index for each indexed axis"
    )
  }
  return indices.shape.slice(0, last)
}

const requireAxes = (op: string, operand: Aval, lists: ReadonlyArray<ReadonlyArray<number>>): void => {
  for (const axes of lists) for (const axis of axes) requireAxis(op, axis, operand)
  requireDistinct(op, lists.flat())
}

const requireBatches = (
  op: string,
  operand: Aval,
  indices: Aval,
  params: GatherParams | ScatterParams
): void => {
  const same =
    params.operandBatchAxes.length === params.indicesBatchAxes.length &&
    params.operandBatchAxes.every(
      (axis, i) => operand.shape[axis] === indices.shape[params.indicesBatchAxes[i]!]
    )
  if (!same)
    throw refuse(
      op,
      `${show(operand)} and ${show(indices)} differ in their batch axes`,
      "pair them one to one"
    )
}

/** Window axes are named in ascending order, within the `rank` axes of an array. */
const requireWindowAxes = (op: string, axes: ReadonlyArray<number>, rank: number): void => {
  const fits = axes.every(
    (axis, i) => Number.isInteger(axis) && axis >= (i === 0 ? 0 : axes[i - 1]! + 1) && axis < rank
  )
  if (fits) return
  throw refuse(
    op,
    `the window axes are ${shownList(axes)} among ${count(rank, "axis", "axes")}`,
    "name each once, in ascending order, from 0"
  )
}

/** Where the axes of a gather's result come from: loop axes fill the positions that no window axis takes. */
export const interleave = (windowAxes: ReadonlyArray<number>, window: Shape, loop: Shape): Shape => {
  const out: Array<number> = []
  let nextLoop = 0
  for (let axis = 0; axis < windowAxes.length + loop.length; axis++) {
    const place = windowAxes.indexOf(axis)
    out.push(place < 0 ? loop[nextLoop++]! : window[place]!)
  }
  return out
}

export const indexingRules: Rules<"dynamicSlice" | "dynamicUpdateSlice" | "gather" | "scatter" | "sort"> = {
  sort: {
    infer: (inputs, { axis, keys }) => {
      for (const each of inputs) {
        requireAxis("sort", axis, each)
        requireSameShape("sort", inputs[0]!, each)
      }
      for (const key of inputs.slice(0, keys))
        requireKind("sort", key, ["float", "signed", "unsigned", "bool"])
      return inputs
    }
  },
  dynamicSlice: {
    infer: ([x, ...indices], { sizes }) => {
      requireIndices("dynamicSlice", x!, indices)
      requireSizes("dynamicSlice", x!, sizes)
      return [avalOf(x!.dtype, sizes)]
    }
  },
  dynamicUpdateSlice: {
    infer: ([x, update, ...indices]) => {
      requireIndices("dynamicUpdateSlice", x!, indices)
      requireSameDType("dynamicUpdateSlice", x!, update!)
      requireSizes("dynamicUpdateSlice", x!, update!.shape)
      return [x!]
    }
  },
  gather: {
    infer: ([x, indices], params) => {
      const loop = loopAxes("gather", indices!, params)
      requireSizes("gather", x!, params.sizes)
      requireAxes("gather", x!, [params.collapsedAxes, params.operandBatchAxes])
      requireAxes("gather", x!, [params.indexedAxes, params.operandBatchAxes])
      requireBatches("gather", x!, indices!, params)
      const dropped = [...params.collapsedAxes, ...params.operandBatchAxes]
      if (dropped.some((axis) => params.sizes[axis]! > 1))
        throw refuse("gather", "a dropped axis has a window of more than 1", "give it size 1")
      const window = params.sizes.filter((_, axis) => !dropped.includes(axis))
      if (window.length !== params.offsetAxes.length) {
        throw refuse(
          "gather",
          `${window.length} window axes remain, but ${params.offsetAxes.length} are placed`,
          "place each of them in the result"
        )
      }
      requireWindowAxes("gather", params.offsetAxes, loop.length + window.length)
      return [avalOf(x!.dtype, interleave(params.offsetAxes, window, loop))]
    }
  },
  scatter: {
    infer: ([x, indices, updates], params) => {
      const loop = loopAxes("scatter", indices!, params)
      requireSameDType("scatter", x!, updates!)
      requireAxes("scatter", x!, [params.insertedAxes, params.operandBatchAxes])
      requireAxes("scatter", x!, [params.indexedAxes, params.operandBatchAxes])
      requireBatches("scatter", x!, indices!, params)
      if (params.combine === "add" || params.combine === "mul")
        requireKind("scatter", x!, ["float", "signed", "unsigned", "complex"])
      if ((params.combine === "min" || params.combine === "max") && kindOf(x!.dtype) === "complex")
        requireKind("scatter", x!, ["float", "signed", "unsigned", "bool"])
      requireWindowAxes("scatter", params.windowAxes, updates!.shape.length)
      const dropped = [...params.insertedAxes, ...params.operandBatchAxes]
      const room = x!.shape.filter((_, axis) => !dropped.includes(axis))
      const window = params.windowAxes.map((axis) => updates!.shape[axis]!)
      if (window.length !== room.length || window.some((size, i) => size > room[i]!)) {
        throw refuse(
          "scatter",
          `a window of ${shownList(window)} does not fit the axes ${shownList(room)} that it updates`,
          "give an axis for each of them, no longer than it is"
        )
      }
      const found = updates!.shape.filter((_, axis) => !params.windowAxes.includes(axis))
      if (!sameShape(found, loop)) {
        throw refuse(
          "scatter",
          `the updates are ${show(updates!)} for indices ${show(indices!)}`,
          "beside the window the updates have the axes of the indices"
        )
      }
      return [x!]
    }
  }
}
