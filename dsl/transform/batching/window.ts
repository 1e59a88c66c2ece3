import type { ConvParams } from "../../params.ts"
import { apply, apply1 } from "../../primitives/index.ts"
import type { Cumulative } from "../../program.ts"
import type { Value } from "../../tensor.ts"
import { moveAxis, reshape } from "../../values.ts"
import { alongAxis, type BatchRule, type BatchRules, yes } from "./batch-rule.ts"

/** [batch, groups * n, ...] as [groups * batch * n, ...]: the batch goes inside the groups. */
const insideGroups = (x: Value, groups: number): Value => {
  const [size, count, ...rest] = x.shape as readonly [number, number, ...Array<number>]
  const split = reshape(x, [size, groups, count / groups, ...rest])
  return reshape(moveAxis(split, 0, 1), [size * count, ...rest])
}

const joined = (x: Value): Value => {
  const [size, count, ...rest] = x.shape as readonly [number, number, ...Array<number>]
  return reshape(x, [size * count, ...rest])
}

/** [n, batch * outputs, ...] as [batch, n, outputs, ...]. */
const outputsApart = (y: Value, size: number, groups = 1): Value => {
  const [count, outputs, ...rest] = y.shape as readonly [number, number, ...Array<number>]
  const each = outputs / size / groups
  const split = reshape(y, [count, groups, size, each, ...rest])
  return reshape(moveAxis(split, 2, 0), [size, count, groups * each, ...rest])
}

const conv: BatchRule<"conv"> = ({ params, inputs, batched, size }) => {
  const [x, kernel] = inputs as [Value, Value]
  const run = (changed: Partial<ConvParams>, a: Value, b: Value): Value =>
    apply1("conv", { ...params, ...changed }, a, b)
  if (batched[0] && batched[1]) {
    if (params.batchGroups > 1) {
      const y = run({ batchGroups: size * params.batchGroups }, joined(x), joined(kernel))
      return yes([outputsApart(y, size)])
    }
    const y = run({ featureGroups: size * params.featureGroups }, beside(x), joined(kernel))
    return yes([outputsApart(y, size)])
  }
  if (batched[0]) {
    const y = run({}, insideGroups(x, params.batchGroups), kernel)
    const [count, ...rest] = y.shape as readonly [number, ...Array<number>]
    return yes([reshape(y, [size, count / size, ...rest])])
  }
  const groups = Math.max(params.featureGroups, params.batchGroups)
  return yes([outputsApart(run({}, x, insideGroups(kernel, groups)), size, groups)])
}

/** [batch, n, features, ...] as [n, batch * features, ...]. */
const beside = (x: Value): Value => {
  const [size, count, features, ...rest] = x.shape as readonly [number, number, number, ...Array<number>]
  return reshape(moveAxis(x, 0, 1), [count, size * features, ...rest])
}

const one = <T>(first: T, list: ReadonlyArray<T>): ReadonlyArray<T> => [first, ...list]

export const windowBatching: BatchRules<Cumulative | "conv" | "reduceWindow"> = {
  cumsum: alongAxis,
  cumprod: alongAxis,
  cummax: alongAxis,
  cummin: alongAxis,
  conv,
  reduceWindow: ({ params, inputs }) => {
    const wide = {
      op: params.op,
      window: one(1, params.window),
      strides: one(1, params.strides),
      padding: one([0, 0] as const, params.padding),
      inputDilation: one(1, params.inputDilation),
      windowDilation: one(1, params.windowDilation)
    }
    return yes(apply("reduceWindow", wide, inputs))
  }
}
