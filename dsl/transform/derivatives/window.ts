import { workingDType } from "../../dtype.ts"
import { parallelScan } from "../../parallel-scan.ts"
import type { ConvParams, WindowParams } from "../../params.ts"
import { apply1 } from "../../primitives/index.ts"
import { neutral } from "../../primitives/neutral.ts"
import { dilated } from "../../primitives/window.ts"
import type { Cumulative } from "../../program.ts"
import type { Shape } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import {
  binary,
  broadcast,
  compare,
  convert,
  filled,
  inWorking,
  iota,
  moveAxis,
  mul,
  range,
  reshape,
  select,
  sliceAxis,
  sum,
  transpose,
  zeros
} from "../../values.ts"
import type { Derivative, Derivatives, Linear } from "./derivative.ts"

type Pads = ReadonlyArray<readonly [number, number]>

interface Extents {
  readonly input: Shape
  readonly window: Shape
  readonly output: Shape
  readonly strides: Shape
  readonly padding: Pads
  readonly inputDilation: Shape
  readonly windowDilation: Shape
}

/** The padding for sliding windows back over the output, so that they reach each position of the input. */
const backPadding = (e: Extents): Pads =>
  e.input.map((length, i) => {
    const window = dilated(e.window[i]!, e.windowDilation[i]!)
    const low = window - e.padding[i]![0] - 1
    const whole = dilated(length, e.inputDilation[i]!) + window - 1
    return [low, whole - dilated(e.output[i]!, e.strides[i]!) - low]
  })

/** The padding for sliding the output over the input, so that it reaches each position of the window. */
const kernelPadding = (e: Extents): Pads =>
  e.input.map((length, i) => {
    const low = e.padding[i]![0]
    const fromInput = dilated(e.output[i]!, e.strides[i]!) - dilated(length, e.inputDilation[i]!)
    return [low, fromInput + dilated(e.window[i]!, e.windowDilation[i]!) - low - 1]
  })

const spatial = (x: Value): Shape => x.shape.slice(2)

/** [a, groups * b, ...] as [groups * a, b, ...]. */
const groupsFirst = (x: Value, groups: number): Value => {
  const [first, second, ...rest] = x.shape as readonly [number, number, ...Array<number>]
  const split = moveAxis(reshape(x, [first, groups, second / groups, ...rest]), 1, 0)
  return reshape(split, [groups * first, second / groups, ...rest])
}

const swapFirst = (x: Value): Value => transpose(x, [1, 0, ...range(x.shape.length - 2, 2)])

const inputCotangent = (ct: Value, x: Value, kernel: Value, params: ConvParams): Value => {
  const { featureGroups, batchGroups, strides, inputDilation, kernelDilation } = params
  const groups = Math.max(featureGroups, batchGroups)
  const turned = apply1("reverse", { axes: range(spatial(x).length, 2) }, kernel)
  const padding = backPadding({
    input: spatial(x),
    window: spatial(kernel),
    output: spatial(ct),
    strides,
    padding: params.padding,
    inputDilation,
    windowDilation: kernelDilation
  })
  const back = apply1(
    "conv",
    {
      strides: inputDilation,
      padding,
      inputDilation: strides,
      kernelDilation,
      featureGroups: groups,
      batchGroups: 1
    },
    ct,
    groupsFirst(swapFirst(turned), groups)
  )
  return batchGroups > 1 ? groupsFirst(back, groups) : back
}

const kernelCotangent = (ct: Value, x: Value, kernel: Value, params: ConvParams): Value => {
  const { featureGroups, batchGroups, strides, inputDilation, kernelDilation } = params
  const padding = kernelPadding({
    input: spatial(x),
    window: spatial(kernel),
    output: spatial(ct),
    strides,
    padding: params.padding,
    inputDilation,
    windowDilation: kernelDilation
  })
  // Batch and features swap: feature groups become batch groups, and the reverse.
  const swapped = apply1(
    "conv",
    {
      strides: kernelDilation,
      padding,
      inputDilation,
      kernelDilation: strides,
      featureGroups: batchGroups,
      batchGroups: featureGroups
    },
    swapFirst(x),
    swapFirst(ct)
  )
  return swapFirst(swapped)
}

const windowPull = (ct: Value, x: Value, params: WindowParams): Value => {
  const padding = backPadding({ ...params, input: x.shape, output: ct.shape })
  const padded = apply1(
    "pad",
    {
      low: padding.map(([low]) => low),
      high: padding.map(([, high]) => high),
      interior: params.strides.map((stride) => stride - 1)
    },
    ct,
    zeros({ dtype: ct.dtype, shape: [] })
  )
  const ones = x.shape.map(() => 1)
  return apply1(
    "reduceWindow",
    {
      op: "sum",
      window: params.window,
      strides: params.inputDilation,
      padding: x.shape.map(() => [0, 0] as const),
      inputDilation: ones,
      windowDilation: params.windowDilation
    },
    padded
  )
}

/** The elements of all windows, stacked along a new last axis, one position of the window after another. */
const windowElements = (x: Value, params: WindowParams, output: Shape): Value => {
  const padded = apply1(
    "pad",
    {
      low: params.padding.map(([low]) => low),
      high: params.padding.map(([, high]) => high),
      interior: params.inputDilation.map((n) => n - 1)
    },
    x,
    filled({ dtype: x.dtype, shape: [] }, neutral(params.op, x.dtype))
  )
  const places = params.window.reduce<ReadonlyArray<ReadonlyArray<number>>>(
    (all, size) => all.flatMap((place) => range(size).map((i) => [...place, i])),
    [[]]
  )
  const taken = places.map((place) => {
    const start = place.map((i, axis) => i * params.windowDilation[axis]!)
    const limit = start.map((from, axis) => from + dilated(output[axis]!, params.strides[axis]!))
    return reshape(apply1("slice", { start, limit, strides: params.strides }, padded), [...output, 1])
  })
  return apply1("concatenate", { axis: output.length }, ...taken)
}

/** The element at an index in each row along the last axis. */
const pick = (rows: Value, place: Value): Value => {
  const last = rows.shape.length - 1
  const here = compare("eq", iota(rows.shape, last), broadcast(place, rows.shape, range(last)))
  return sum(select(here, rows, zeros(rows)), [last])
}

/** The derivative of the greatest or least element, or of the product, of each window. */
const windowChange = (x: Value, output: Shape, params: WindowParams): Linear => {
  const axis = output.length
  const rows = windowElements(x, params, output)
  const changes = (t: Value) => windowElements(t, { ...params, op: "sum" }, output)
  if (params.op !== "prod") {
    const place = apply1(params.op === "max" ? "argmax" : "argmin", { axis, dtype: "i32" }, rows)
    return { push: (t) => pick(changes(t), place) }
  }
  // Each factor's derivative is the product of the factors before and after it.
  const count = rows.shape[axis]!
  const wide = convert(rows, workingDType(rows.dtype))
  const one = filled({ dtype: wide.dtype, shape: [...output, 1] }, 1)
  const beside = (reverse: boolean) => {
    const all = apply1("cumprod", { axis, reverse }, wide)
    return reverse
      ? apply1("concatenate", { axis }, sliceAxis(all, axis, 1, count), one)
      : apply1("concatenate", { axis }, one, sliceAxis(all, axis, 0, count - 1))
  }
  const others = mul(beside(false), beside(true))
  return { push: (t) => inWorking(changes(t), (each) => sum(mul(others, each), [axis])) }
}

/**
 * The derivative of a parallel scan with the same results, as in JAX. In each pair, equal elements share the
 * derivative.
 */
const running = (op: "mul" | "maximum" | "minimum"): Derivative<Cumulative> => ({
  rewrite: ([x], { axis, reverse }) => [
    inWorking(x!, (wide) => {
      const turned = (value: Value) => (reverse ? apply1("reverse", { axes: [0] }, value) : value)
      const rows = turned(moveAxis(wide, axis, 0))
      const [total] = parallelScan(([a], [b]) => [binary(op, a!, b!)], [rows])
      return moveAxis(turned(total!), 0, axis)
    })
  ]
})

export const windowDerivatives: Derivatives<Cumulative | "conv" | "reduceWindow"> = {
  cumsum: {
    each: ({ params }) => [
      {
        push: (t) => apply1("cumsum", params, t),
        pull: (ct) => apply1("cumsum", { ...params, reverse: !params.reverse }, ct)
      }
    ]
  },
  cumprod: running("mul"),
  cummax: running("maximum"),
  cummin: running("minimum"),
  conv: {
    each: ({ inputs: [x, kernel], params }) => [
      {
        push: (t) => apply1("conv", params, t, kernel!),
        pull: (ct) => inputCotangent(ct, x!, kernel!, params)
      },
      {
        push: (t) => apply1("conv", params, x!, t),
        pull: (ct) => kernelCotangent(ct, x!, kernel!, params)
      }
    ]
  },
  reduceWindow: {
    each: ({ inputs: [x], outputs: [y], params }) => {
      if (y!.shape.includes(0)) return [null]
      const push = (t: Value) => apply1("reduceWindow", params, t)
      if (params.op === "sum") return [{ push, pull: (ct) => windowPull(ct, x!, params) }]
      return [windowChange(x!, y!.shape, params)]
    }
  }
}
