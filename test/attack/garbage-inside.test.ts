import { expect, it } from "vitest"
import { isTraceError } from "../../dsl/errors.ts"
import { traceNow } from "../../dsl/trace.ts"
import * as language from "../../pjrt/loopcarry.ts"
import { countAttacks } from "../support/attack.ts"

// biome-ignore lint/suspicious/noExplicitAny: what the editor would refuse is what these tests are about
type Loose = any
type Call = (v: Loose) => unknown

const lc: Loose = language

const revoked = (target: object): unknown => {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

/** What the functions of a program are given, give back, and are told by options. */
const callsOf = (x: Loose, n: Loose, b: Loose, i: Loose): Readonly<Record<string, Call>> => {
  const f = (y: Loose) => lc.sum(y)
  const m = lc.mesh({ x: 2 })
  const on = (fn: Loose, options: object = {}) =>
    lc.shardMap(fn, { mesh: m, in: [null], out: null, ...options })(x)
  const rule = (forward: Loose, backward: Loose) => lc.grad(lc.customVjp(f, { forward, backward }))(x)
  const run = (options: object) => lc.scan(x, null, (c: Loose) => [c, null], { length: 3, ...options })
  const lists = { operandBatchAxes: [], indicesBatchAxes: [] }
  const image = lc.zeros([1, 1, 4], "f32")
  const kernel = lc.zeros([1, 1, 2], "f32")
  const key = lc.random.key(0)
  const within: Record<string, Call> = {}
  for (const op of ["psum", "pmax", "pmean", "allGather", "psumScatter", "ppermute", "allToAll"]) {
    within[`${op} of`] = (v) => on(({ x: a }: Loose) => lc[op](v, a, { split: 0, concat: 0 }))
    within[`${op} over`] = (v) => on((_: Loose, y: Loose) => lc[op](y, v, { split: 0, concat: 0 }))
    within[`${op} with`] = (v) => on(({ x: a }: Loose, y: Loose) => lc[op](y, a, v))
  }
  return {
    ...within,
    "vjp's cotangent": (v) => lc.vjp(f, x)[1](v),
    "linearize's tangent": (v) => lc.linearize(f, x)[1](v),
    "jvp's tangents": (v) => lc.jvp(f, [x], v),
    "jvp's tangent": (v) => lc.jvp(f, [x], [v]),
    "jvp's primals": (v) => lc.jvp(f, v, [x]),
    "at's index": (v) => lc.at(x, 0, v).get(),
    "at's value": (v) => lc.at(x, 0).add(v),
    "grad's argument": (v) => lc.grad(f)(v),
    "grad's argnums": (v) => lc.grad(f, { argnums: v })(x),
    "grad's hasAux": (v) => lc.grad(f, { hasAux: v })(x),
    "a loss": (v) => lc.grad(() => v)(x),
    "jacfwd's result": (v) => lc.jacfwd(() => v)(x),
    "jacrev's result": (v) => lc.jacrev(() => v)(x),
    "hessian's argnums": (v) => lc.hessian(f, { argnums: v })(x),
    "vmap's in": (v) => lc.vmap(f, { in: v })(x),
    "vmap's axis": (v) => lc.vmap(f, { in: [v] })(x),
    "vmap's out": (v) => lc.vmap(f, { out: v })(x),
    "vmap's argument": (v) => lc.vmap(f)(v),
    "vmap's result": (v) => lc.vmap(() => v)(x),
    "record's result": (v) => lc.record(() => v)(x),
    "forward's result": (v) =>
      rule(
        () => v,
        () => [x]
      ),
    residuals: (v) =>
      rule(
        (y: Loose) => [f(y), v],
        () => [null]
      ),
    "backward's result": (v) =>
      rule(
        (y: Loose) => [f(y), null],
        () => v
      ),
    "a cotangent": (v) =>
      rule(
        (y: Loose) => [f(y), null],
        () => [v]
      ),
    "scan's result": (v) => lc.scan(x, null, () => v, { length: 3 }),
    "scan's carry": (v) => lc.scan(x, null, () => [v, null], { length: 3 }),
    "scan's output": (v) => lc.scan(x, null, (c: Loose) => [c, v], { length: 3 }),
    "scan's xs": (v) => lc.scan(x, v, (c: Loose) => [c, null]),
    "scan's length": (v) => run({ length: v }),
    "scan's max": (v) => run({ length: i, max: v }),
    "scan's unroll": (v) => run({ unroll: v }),
    "scan's checkpoint": (v) => run({ checkpoint: v }),
    "scan's reverse": (v) => run({ reverse: v }),
    "fori's bound": (v) => lc.fori(v, 3, (_: Loose, c: Loose) => c, x),
    "fori's max": (v) => lc.fori(0, i, (_: Loose, c: Loose) => c, x, { max: v }),
    "map's result": (v) => lc.map(() => v, x),
    "while's condition": (v) =>
      lc.whileLoop(
        () => v,
        (c: Loose) => c,
        x
      ),
    "while's carry": (v) =>
      lc.whileLoop(
        () => b,
        () => v,
        x
      ),
    "while's max": (v) =>
      lc.whileLoop(
        () => b,
        (c: Loose) => c,
        x,
        { max: v }
      ),
    "cond's results": (v) =>
      lc.cond(
        b,
        () => v,
        () => v
      ),
    "cond's operand": (v) =>
      lc.cond(
        b,
        (y: Loose) => y,
        (y: Loose) => y,
        v
      ),
    "a branch": (v) => lc.switchCase(i, [v]),
    "associativeScan's result": (v) => lc.associativeScan(() => v, x),
    "associativeScan's axis": (v) => lc.associativeScan((y: Loose) => y, x, { axis: v }),
    "shardMap's function": (v) => on(v),
    "shardMap's result": (v) => on(() => v),
    "shardMap's mesh": (v) => on(() => x, { mesh: v }),
    "shardMap's in": (v) => on(() => x, { in: [v] }),
    "shardMap's out": (v) => on(() => x, { out: v }),
    "ring's step": (v) => on(({ x: a }: Loose, y: Loose) => lc.ring(a, v) && y),
    "uniform's least": (v) => lc.random.uniform(key, [2], { min: v }),
    "randint's bound": (v) => lc.random.randint(key, [2], 0, v),
    "conv's padding": (v) => lc.conv(image, kernel, { padding: v }),
    "conv's strides": (v) => lc.conv(image, kernel, { strides: v }),
    "conv's groups": (v) => lc.conv(image, kernel, { groups: v }),
    "a window": (v) => lc.reduceWindow(x, "sum", { window: v }),
    "a window's padding": (v) => lc.reduceWindow(x, "sum", { window: [1, 1], padding: v }),
    "pad's value": (v) => lc.pad(x, 1, { value: v }),
    "pad's interior": (v) => lc.pad(x, 1, { interior: v }),
    "a form of a triangle": (v) => lc.triangularSolve(lc.eye(2, "f32"), x, { transpose: v }),
    "what is taken from a count": (v) => lc.variance(x, 0, { ddof: v }),
    "gather's axes": (v) =>
      lc.gather(x, n, { ...lists, offsetAxes: v, collapsedAxes: v, sizes: [1, 1], indexedAxes: [0, 1, 0] }),
    "gather's sizes": (v) =>
      lc.gather(x, n, { ...lists, offsetAxes: [0], collapsedAxes: [0], sizes: v, indexedAxes: v }),
    "scatter's updates": (v) =>
      lc.scatter(x, n, v, {
        ...lists,
        combine: "add",
        windowAxes: [0],
        insertedAxes: [0],
        indexedAxes: [0, 1, 0]
      }),
    "scatter's way": (v) =>
      lc.scatter(x, n, x, { ...lists, combine: v, windowAxes: [], insertedAxes: [], indexedAxes: [] }),
    "a range's bound": (v) => lc.arange(v, i),
    "a range's max": (v) => lc.arange(i, { max: v }),
    "a range's dtype": (v) => lc.arange(i, { dtype: v }),
    "a range of one's own": (v) => new lc.Range(v, v, v, v, v),
    "a spec of one's own": (v) => new lc.Spec(v, v)
  }
}

it("garbage within functions and options is refused by typed errors", (context) => {
  const faults = new Set<string>()
  let made = 0
  traceNow([lc.f32(2, 3), lc.i32(2, 3), lc.bool(), lc.i32()], (x: Loose, n: Loose, b: Loose, i: Loose) => {
    const circle: Array<unknown> = []
    circle.push(circle)
    const m = lc.mesh({ x: 2 })
    const values: ReadonlyArray<unknown> = [
      ...[undefined, null, {}, [], [[]], "x", 3, -1, 1.5, Number.NaN, 10n, Symbol("s"), () => 1, new Map()],
      ...[revoked({}), revoked([]), Object.create(Object.getPrototypeOf(x)), circle, Object.create(null)],
      ...[[x], { a: x }, n, b, [Symbol("s")], [Object.create(null)], { x: 3 }],
      ...[m, lc.sharding(m, "x"), { mesh: m, spec: [[3]] }, { mesh: m, spec: [["x"], ["x"]] }]
    ]
    for (const [name, call] of Object.entries(callsOf(x, n, b, i)))
      for (const value of values) {
        made++
        try {
          call(value)
        } catch (error) {
          if (!isTraceError(error)) faults.add(`${name}: ${String(error)}`)
          else if (/ a , |undefined undefined|\[object|Cannot read/.test(error.message))
            faults.add(error.message)
        }
      }
    return x
  })
  expect([...faults]).toEqual([])
  countAttacks(context, made)
})
