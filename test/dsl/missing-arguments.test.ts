import { describe, expect, it } from "vitest"
import { isTraceError } from "../../dsl/errors.ts"
import * as lc from "../../dsl/index.ts"
import { traceNow } from "../../dsl/trace.ts"
import { thrown } from "../support/run.ts"

type Call = (x: unknown, y: unknown, z: unknown) => unknown

/** The language as JavaScript calls it. */
const language = lc as unknown as Readonly<Record<string, (...args: ReadonlyArray<unknown>) => unknown>> & {
  readonly random: Readonly<Record<string, (...args: ReadonlyArray<unknown>) => unknown>>
}
const { random } = language

/** Calls that leave out what a function needs, or give it in another form. */
const calls: Readonly<Record<string, Call>> = {
  "dotGeneral without axes": (x, y) => language.dotGeneral!(x, y),
  "dotGeneral with null": (x, y) => language.dotGeneral!(x, y, null),
  "dotGeneral without contracted axes": (x, y) => language.dotGeneral!(x, y, {}),
  "dotGeneral with one side": (x, y) => language.dotGeneral!(x, y, { contracting: [[1]] }),
  "dotGeneral with numbers": (x, y) => language.dotGeneral!(x, y, { contracting: [1, 0] }),
  "dotGeneral with half a batch": (x, y) =>
    language.dotGeneral!(x, y, { contracting: [[1], [0]], batch: [[0]] }),
  "matmul of one": (x) => language.matmul!(x),
  "einsum without axes": () => language.einsum!(undefined),
  "einsum of tensors alone": (x, y) => language.einsum!(x, y),
  "conv without kernel": (x) => language.conv!(x),
  "reduceWindow without options": (x) => language.reduceWindow!(x, "sum"),
  "reduceWindow without a window": (x) => language.reduceWindow!(x, "sum", {}),
  "reduceWindow by something else": (x) => language.reduceWindow!(x, "mean", { window: [1, 1] }),
  "gather without params": (x) => language.gather!(x, language.convert!(x, "i32")),
  "gather with some": (x) => language.gather!(x, language.convert!(x, "i32"), { sizes: [1] }),
  "scatter without params": (x, y) => language.scatter!(x, language.convert!(y, "i32"), y),
  "takeAlong without indices": (x) => language.takeAlong!(x),
  "pad without widths": (x) => language.pad!(x),
  "pad with flat widths": (x) => language.pad!(x, [1, 2]),
  "reshape without a shape": (x) => language.reshape!(x),
  "broadcastTo without a shape": (x) => language.broadcastTo!(x),
  "concatenate of nothing": () => language.concatenate!(),
  "concatenate of one array": (x) => language.concatenate!(x),
  "stack of nothing": () => language.stack!(),
  "slice without bounds": (x) => language.slice!(x),
  "slice without a limit": (x) => language.slice!(x, [0, 0]),
  "dynamicSlice without starts": (x) => language.dynamicSlice!(x),
  "dynamicSlice without sizes": (x) => language.dynamicSlice!(x, [0, 0]),
  "dynamicUpdateSlice without an update": (x) => language.dynamicUpdateSlice!(x),
  "dynamicUpdateSlice without starts": (x, y) => language.dynamicUpdateSlice!(x, y),
  "split without parts": (x) => language.split!(x),
  "tile without repeats": (x) => language.tile!(x),
  "roll without a shift": (x) => language.roll!(x),
  "expandDims without an axis": (x) => language.expandDims!(x),
  "moveAxis without axes": (x) => language.moveAxis!(x),
  "sum over an axis in words": (x) => language.sum!(x, "first"),
  "mean over null": (x) => language.mean!(x, null),
  "softmax over a record": (x) => language.softmax!(x, {}),
  "convert without a dtype": (x) => language.convert!(x),
  "bitcast without a dtype": (x) => language.bitcast!(x),
  "zeros without a shape": () => language.zeros!(undefined, "f32"),
  "full without a dtype": () => language.full!([2], 1),
  "full without a shape": () => language.full!(undefined, 1, "f32"),
  "scalar without a dtype": () => language.scalar!(1),
  "constant without a dtype": () => language.constant!([1]),
  "arange of nothing": () => language.arange!(),
  "oneHot without a count": (x) => language.oneHot!(language.convert!(x, "i32")),
  "linspace without bounds": () => language.linspace!(),
  "triangularSolve of one": (x) => language.triangularSolve!(x),
  "debugPrint of nothing": () => language.debugPrint!("x"),
  "psum without axes": (x) => language.psum!(x),
  "pmean without axes": (x) => language.pmean!(x),
  "pmax over a name": (x) => language.pmax!(x, "x"),
  "allGather without an axis": (x) => language.allGather!(x),
  "psumScatter without an axis": (x) => language.psumScatter!(x),
  "ppermute without an axis": (x) => language.ppermute!(x),
  "allToAll without options": (x) => language.allToAll!(x, undefined),
  "axisIndex of nothing": () => language.axisIndex!(),
  "ring of nothing": () => language.ring!(),
  "withSharding without one": (x) => language.withSharding!(x),
  "mesh of nothing": () => language.mesh!(),
  "sharding without a mesh": () => language.sharding!(),
  "shardMap without options": (x) => (language.shardMap!(() => x) as Call)(x, x, x),
  "shardMap without a mesh": (x) => (language.shardMap!(() => x, {}) as Call)(x, x, x),
  "grad of nothing": (x) => (language.grad!() as Call)(x, x, x),
  "grad of a tensor": (x) => (language.grad!(x) as Call)(x, x, x),
  "jacfwd of nothing": (x) => (language.jacfwd!() as Call)(x, x, x),
  "customVjp without rules": (x) => (language.customVjp!(() => x) as Call)(x, x, x),
  "customVjp without a way back": (x) =>
    (language.customVjp!(() => x, { forward: () => x }) as Call)(x, x, x),
  "vmap of nothing": (x) => (language.vmap!() as Call)(x, x, x),
  "jvp of nothing": (x) => language.jvp!(undefined, [x], [x]),
  "vjp of nothing": (x) => language.vjp!(undefined, x),
  "scan without a body": (x) => language.scan!(x, x),
  "associativeScan without a function": (x) => language.associativeScan!(undefined, x),
  "map without a function": (x) => language.map!(undefined, x),
  "whileLoop without a body": (x) => language.whileLoop!(() => true, undefined, x),
  "fori without a body": (x) => language.fori!(0, 3, x),
  "cond without branches": (x) => language.cond!(language.any!(language.gt!(x, 0))),
  "random.key of nothing": () => random.key!(),
  "random.uniform without a shape": () => random.uniform!(random.key!(0)),
  "random.normal without a shape": () => random.normal!(random.key!(0)),
  "random.bits without a shape": () => random.bits!(random.key!(0)),
  "random.bernoulli without a shape": () => random.bernoulli!(random.key!(0), 0.5),
  "random.randint without bounds": () => random.randint!(random.key!(0), [2]),
  "random.categorical without logits": () => random.categorical!(random.key!(0)),
  "random.exponential without a shape": () => random.exponential!(random.key!(0)),
  "random.gamma without a parameter": () => random.gamma!(random.key!(0)),
  "random.beta without a second parameter": (x) => random.beta!(random.key!(0), x),
  "random.dirichlet without alpha": () => random.dirichlet!(random.key!(0)),
  "random.poisson without a rate": () => random.poisson!(random.key!(0)),
  "random.truncatedNormal without bounds": () => random.truncatedNormal!(random.key!(0)),
  "random.multivariateNormal without a covariance": (x) => random.multivariateNormal!(random.key!(0), x),
  "random.choice from nothing": () => random.choice!(random.key!(0)),
  "random.foldIn of half a number": () => random.foldIn!(random.key!(0), 0.5),
  "random.foldIn of nothing": () => random.foldIn!(random.key!(0))
}

describe("arguments that are left out, or of another form", () => {
  it.each(Object.entries(calls))("%s: refused with words and a hint", (_, run) => {
    const spec = lc.f32(3, 3)
    const error = thrown(() =>
      traceNow([spec, spec, spec], ((x: unknown, y: unknown, z: unknown) => run(x, y, z)) as never)
    )
    expect(isTraceError(error), String(error.stack)).toBe(true)
    expect(error.message.length).toBeGreaterThan(10)
    expect(error.hint!.length).toBeGreaterThan(5)
  })
})
