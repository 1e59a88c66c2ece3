import { requireLength } from "../bounds.ts"
import { count } from "../count.ts"
import { shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import type { ConvParams, WindowParams } from "../params.ts"
import type { Cumulative } from "../program.ts"
import { isList, shown } from "../required.ts"
import { type Aval, type Shape, show } from "../shape.ts"
import {
  avalOf,
  numeric,
  ordered,
  type Rule,
  type Rules,
  requireAxis,
  requireKind,
  requireSameDType
} from "./rule.ts"

const refuse = (op: string, message: string, hint: string) => shapeError(op, `${op}: ${message}`, hint)

/** The length of an axis whose elements are `dilation` apart. */
export const dilated = (length: number, dilation: number): number =>
  length === 0 ? 0 : (length - 1) * dilation + 1

/** How often a window fits along one axis. */
export const windowCount = (
  length: number,
  window: number,
  stride: number,
  [low, high]: readonly [number, number],
  inputDilation: number,
  windowDilation: number
): number => {
  const padded = dilated(length, inputDilation) + low + high
  const extent = dilated(window, windowDilation)
  return padded < extent || padded <= 0 ? 0 : Math.floor((padded - extent) / stride) + 1
}

export const requireLists = (
  op: string,
  rank: number,
  lists: Readonly<Record<string, ReadonlyArray<unknown>>>
): void => {
  for (const [name, list] of Object.entries(lists)) {
    if (list.length !== rank)
      throw refuse(
        op,
        `${name} has ${count(list.length, "entry", "entries")} for ${count(rank, "axis", "axes")}`,
        "give one for each axis"
      )
  }
}

/** Refuses paddings that are no numbers, and axes that exceed the bounds once padded or dilated. */
const requireWindows = (
  op: string,
  lengths: Shape,
  window: ReadonlyArray<number>,
  padding: ReadonlyArray<readonly [number, number]>,
  inputDilation: ReadonlyArray<number>,
  windowDilation: ReadonlyArray<number>
): void => {
  window.forEach((size, i) => {
    const pair = padding[i]
    if (!isList(pair) || pair.length !== 2 || !pair.every(Number.isInteger))
      throw refuse(
        op,
        `padding of axis ${i} is no pair of whole numbers`,
        "give [before, after] for each axis"
      )
    if (size < 1)
      throw refuse(op, `the window of axis ${i} is ${size} long`, "a window or kernel is at least 1 long")
    const [low, high] = pair as [number, number]
    const padded = dilated(lengths[i]!, inputDilation[i]!)
    for (const length of [low, high, padded, padded + low + high])
      requireLength(op, `axis ${i}, padded,`, length)
    requireLength(op, `the window of axis ${i}`, dilated(size, windowDilation[i]!))
  })
}

const requirePositive = (op: string, lists: Readonly<Record<string, ReadonlyArray<number>>>): void => {
  for (const [name, list] of Object.entries(lists)) {
    for (const value of list)
      if (!Number.isInteger(value) || value < 1)
        throw refuse(op, `${name} has ${shown(value)}`, "give whole numbers from 1")
  }
}

const cumulative = (op: Cumulative): Rule<Cumulative> => ({
  infer: ([x], { axis }) => {
    requireKind(op, x!, op === "cumsum" || op === "cumprod" ? numeric : ordered)
    requireAxis(op, axis, x!)
    return [x!]
  }
})

const convShape = (x: Aval, kernel: Aval, params: ConvParams): Shape => {
  const { strides, padding, inputDilation, kernelDilation, featureGroups, batchGroups } = params
  const rank = x.shape.length
  const words = `${show(x)} with the kernel ${show(kernel)}`
  if (rank < 2 || kernel.shape.length !== rank)
    throw refuse(
      "conv",
      `does not take ${words}`,
      "input is [batch, feature, ...], kernel [outputs, inputs, ...]"
    )
  requireLists("conv", rank - 2, { strides, padding, inputDilation, kernelDilation })
  requirePositive("conv", { strides, inputDilation, kernelDilation, groups: [featureGroups, batchGroups] })
  const [batch, features] = x.shape as [number, number]
  const [outputs, inputs] = kernel.shape as [number, number]
  if (features !== inputs * featureGroups || outputs % featureGroups !== 0) {
    throw shapeError(
      "conv",
      say("features", { a: show(x), b: show(kernel), groups: count(featureGroups, "group") }),
      "the input must have as many features as the kernel takes, times the groups"
    )
  }
  if (batch % batchGroups !== 0 || outputs % batchGroups !== 0)
    throw refuse("conv", `${words} does not divide into ${batchGroups} batch groups`, "choose a divisor")
  requireWindows("conv", x.shape.slice(2), kernel.shape.slice(2), padding, inputDilation, kernelDilation)
  const spatial = strides.map((stride, i) =>
    windowCount(
      x.shape[i + 2]!,
      kernel.shape[i + 2]!,
      stride,
      padding[i]!,
      inputDilation[i]!,
      kernelDilation[i]!
    )
  )
  return [batch / batchGroups, outputs, ...spatial]
}

const windowShape = (x: Aval, params: WindowParams): Shape => {
  const { window, strides, padding, inputDilation, windowDilation } = params
  requireLists("reduceWindow", x.shape.length, { window, strides, padding, inputDilation, windowDilation })
  requirePositive("reduceWindow", { window, strides, inputDilation, windowDilation })
  requireWindows("reduceWindow", x.shape, window, padding, inputDilation, windowDilation)
  return x.shape.map((length, i) =>
    windowCount(length, window[i]!, strides[i]!, padding[i]!, inputDilation[i]!, windowDilation[i]!)
  )
}

export const windowRules: Rules<Cumulative | "conv" | "reduceWindow"> = {
  cumsum: cumulative("cumsum"),
  cumprod: cumulative("cumprod"),
  cummax: cumulative("cummax"),
  cummin: cumulative("cummin"),
  conv: {
    infer: ([x, kernel], params) => {
      requireSameDType("conv", x!, kernel!)
      requireKind("conv", x!, numeric)
      return [avalOf(x!.dtype, convShape(x!, kernel!, params))]
    }
  },
  reduceWindow: {
    infer: ([x], params) => {
      requireKind("reduceWindow", x!, params.op === "sum" || params.op === "prod" ? numeric : ordered)
      return [avalOf(x!.dtype, windowShape(x!, params))]
    }
  }
}
