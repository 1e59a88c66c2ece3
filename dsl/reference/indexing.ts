import type { Combine } from "../params.ts"
import type { BinaryPrimitive } from "../program.ts"
import { arrayOf, at, build, type Element, indicesOf, inside, type NdArray, placeOf } from "./array.ts"
import { combine } from "./elementwise.ts"
import type { Evaluates } from "./evaluate.ts"

interface Indexed {
  readonly indexedAxes: ReadonlyArray<number>
  readonly operandBatchAxes: ReadonlyArray<number>
  readonly indicesBatchAxes: ReadonlyArray<number>
}

/** Where in the operand the window of one loop index begins. */
const windowStart = (
  x: NdArray,
  indices: NdArray,
  loop: ReadonlyArray<number>,
  params: Indexed
): Array<number> => {
  const start = x.shape.map(() => 0)
  params.indexedAxes.forEach((axis, i) => {
    start[axis] = Number(at(indices, [...loop, i]))
  })
  params.operandBatchAxes.forEach((axis, i) => {
    start[axis] = loop[params.indicesBatchAxes[i]!]!
  })
  return start
}

/**
 * A result index split in two: its loop part, and its position within the window, where the dropped axes are put back.
 */
const takeApart = (
  index: ReadonlyArray<number>,
  windowAxes: ReadonlyArray<number>,
  dropped: ReadonlyArray<number>,
  rank: number
) => {
  const loop = index.filter((_, axis) => !windowAxes.includes(axis))
  const places = windowAxes.map((axis) => index[axis]!)
  let next = 0
  const offset = Array.from({ length: rank }, (_, axis) => (dropped.includes(axis) ? 0 : places[next++]!))
  return { loop, offset }
}

const combiners: { readonly [C in Exclude<Combine, "set">]: BinaryPrimitive } = {
  add: "add",
  mul: "mul",
  min: "minimum",
  max: "maximum"
}

/** The order of sorting: numbers, then NaN; both zeros are one, but for a total order. */
const order = (a: Element, b: Element, total: boolean): number => {
  const [nanA, nanB] = [Number.isNaN(a), Number.isNaN(b)]
  if (nanA || nanB) return Number(nanA) - Number(nanB)
  if (total && a === 0 && b === 0) return Number(Object.is(a, 0)) - Number(Object.is(b, 0))
  return a < b ? -1 : a > b ? 1 : 0
}

const sliceIndex = (start: ReadonlyArray<number>, index: ReadonlyArray<number>) =>
  index.map((place, axis) => place + start[axis]!)

/** Traced starts as numbers, clamped so that a block of these sizes fits. */
const startsOf = (
  x: NdArray,
  starts: ReadonlyArray<NdArray>,
  sizes: ReadonlyArray<number>
): ReadonlyArray<number> =>
  starts.map(({ data }, axis) => Math.min(Math.max(Number(data[0]), 0), x.shape[axis]! - sizes[axis]!))

export const indexingEvaluates: Evaluates<
  "dynamicSlice" | "dynamicUpdateSlice" | "gather" | "scatter" | "sort"
> = {
  dynamicSlice: ({ params: { sizes }, inputs: [x, ...starts], outputs: [output] }) => {
    const start = startsOf(x!, starts, sizes)
    return [build(output!, (index) => at(x!, sliceIndex(start, index)))]
  },
  dynamicUpdateSlice: ({ inputs: [x, update, ...starts], outputs: [output] }) => {
    const start = startsOf(x!, starts, update!.shape)
    return [
      build(output!, (index) => {
        const from = index.map((place, axis) => place - start[axis]!)
        return inside(update!.shape, from) ? at(update!, from) : at(x!, index)
      })
    ]
  },
  gather: ({ params, inputs: [x, indices], outputs: [output] }) => {
    const dropped = [...params.collapsedAxes, ...params.operandBatchAxes]
    return [
      build(output!, (index) => {
        const { loop, offset } = takeApart(index, params.offsetAxes, dropped, x!.shape.length)
        const start = windowStart(x!, indices!, loop, params)
        const from = start.map((place, axis) => {
          const most = x!.shape[axis]! - params.sizes[axis]!
          return Math.min(Math.max(place, 0), most) + offset[axis]!
        })
        return at(x!, from)
      })
    ]
  },
  scatter: ({ params, inputs: [x, indices, updates], outputs: [output] }) => {
    const data = [...x!.data]
    const dropped = [...params.insertedAxes, ...params.operandBatchAxes]
    const windows = params.windowAxes.map((axis) => updates!.shape[axis]!)
    const lastOf = takeApart(
      updates!.shape.map((length, axis) => (params.windowAxes.includes(axis) ? length - 1 : 0)),
      params.windowAxes,
      dropped,
      x!.shape.length
    ).offset
    if (windows.every((length) => length > 0)) {
      for (const index of indicesOf(updates!.shape)) {
        const { loop, offset } = takeApart(index, params.windowAxes, dropped, x!.shape.length)
        const start = windowStart(x!, indices!, loop, params)
        const last = start.map((place, axis) => place + lastOf[axis]!)
        if (!inside(x!.shape, start) || !inside(x!.shape, last)) continue
        const place = placeOf(
          x!.shape,
          start.map((each, axis) => each + offset[axis]!)
        )
        const value = at(updates!, index)
        data[place] =
          params.combine === "set" ? value : combine(combiners[params.combine], data[place]!, value, x!.dtype)
      }
    }
    return [arrayOf(output!, data)]
  },
  sort: ({ params: { axis, keys, descending, total = false }, inputs, outputs }) => {
    const [{ shape }] = inputs as [NdArray]
    const results = inputs.map(({ data }) => [...data])
    const rest = shape.map((length, i) => (i === axis ? 1 : length))
    for (const line of indicesOf(rest)) {
      const places = Array.from({ length: shape[axis]! }, (_, k) =>
        placeOf(
          shape,
          line.map((each, i) => (i === axis ? k : each))
        )
      )
      const sorted = [...places].sort((a, b) => {
        for (let key = 0; key < keys; key++) {
          const difference = order(inputs[key]!.data[a]!, inputs[key]!.data[b]!, total)
          if (difference !== 0) return descending ? -difference : difference
        }
        return 0
      })
      results.forEach((data, k) => {
        places.forEach((place, i) => {
          data[place] = inputs[k]!.data[sorted[i]!]!
        })
      })
    }
    return results.map((data, i) => arrayOf(outputs[i]!, data))
  }
}
