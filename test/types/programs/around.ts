/** More transforms around each other: records, loops, branches, options. */
import {
  add,
  arange,
  associativeScan,
  at,
  clamp,
  cond,
  cos,
  cumsum,
  customVjp,
  div,
  dynamicSlice,
  exp,
  type F32,
  f32,
  fori,
  grad,
  gt,
  hessian,
  type I32,
  i32,
  jacfwd,
  jacrev,
  jit,
  jvp,
  linearize,
  lt,
  map,
  matmul,
  mean,
  mul,
  neg,
  record,
  scalar,
  scan,
  select,
  sin,
  sort,
  square,
  stopGradient,
  sub,
  sum,
  switchCase,
  type Tensors,
  tanh,
  tree,
  valueAndGrad,
  vjp,
  vmap,
  whileLoop,
  zeros
} from "loopcarry"

const spec = { w: f32(3, 2), b: f32(2) }
type Params = Tensors<typeof spec>
const apply = ({ w, b }: Params, x: F32<[3]>): F32<[2]> => tanh(add(matmul(x, w), b))
const loss = (p: Params, x: F32<[3]>) => sum(square(apply(p, x)))

/** Slopes for each example, as trees with a new axis. */
export const perExample = jit([spec, f32(7, 3)], (p, xs) => {
  const each = vmap(grad(loss), { in: [null, 0] })(p, xs)
  const w: F32<[7, 3, 2]> = each.w
  const clipped = vmap((g: Params) => tree.map((x) => clamp(-1, x, 1), g))(each)
  const again: F32<[7, 2]> = clipped.b
  return { w, again }
})

/** Values and slopes for each of several models. */
export const ensemble = jit([{ w: f32(4, 3, 2), b: f32(4, 2) }, f32(3)], (models, x) => {
  const [values, slopes] = vmap(valueAndGrad(loss), { in: [0, null] })(models, x)
  const all: F32<[4]> = values
  const w: F32<[4, 3, 2]> = slopes.w
  return { all, w }
})

/** Batches along other axes, in and out. */
export const otherAxes = jit([f32(3, 5), f32(3)], (xs, y) => {
  const out: F32<[3, 5]> = vmap((a: F32<[3]>, b: F32<[3]>) => mul(a, b), { in: [1, null], out: 1 })(xs, y)
  return out
})

/** Axes for the parts of a record. */
export const axesOfParts = jit([{ x: f32(6, 3), k: f32() }], (p) => {
  const out: F32<[6, 3]> = vmap(({ x, k }: { x: F32<[3]>; k: F32 }) => mul(x, k), {
    in: [{ x: 0, k: null }]
  })(p)
  return out
})

/** The Jacobian by a record: each part has its own. */
export const jacobianByRecord = jit([spec, f32(3)], (p, x) => {
  const { w, b } = jacrev(apply)(p, x)
  const dw: F32<[2, 3, 2]> = w
  const db: F32<[2, 2]> = b
  const dx: F32<[2, 3]> = jacfwd(apply, { argnums: 1 })(p, x)
  return { dw, db, dx }
})

/** The Jacobian of a pair by a pair. */
export const jacobianOfPair = jit([f32(2), f32(3)], (a, b) => {
  const f = (a: F32<[2]>, b: F32<[3]>): readonly [F32, F32<[3]>] => [sum(a), mul(b, sum(a))]
  const [[sa, sb], [ma, mb]] = jacrev(f, { argnums: [0, 1] })(a, b)
  const rows: F32<[3, 2]> = ma
  const square: F32<[3, 3]> = mb
  return { sa, sb, rows, square }
})

/** Hessians of a batch. */
export const hessians = jit([f32(9, 3)], (xs) => {
  const f = (x: F32<[3]>): F32 => sum(mul(sin(x), exp(x)))
  const all: F32<[9, 3, 3]> = vmap(hessian(f))(xs)
  return all
})

/** A tangent of a scan with a record as its carry. */
export const tangentOfScan = jit([f32(), f32(), f32(12)], (x, v, xs) => {
  const run = (start: F32) =>
    scan({ s: start, n: scalar(0, "i32") }, xs, ({ s, n }, x) => [
      { s: add(mul(s, 0.5), x), n: add(n, 1) },
      s
    ])
  const [[{ s }, path], [tangent, slopes]] = jvp(run, [x], [v])
  const end: F32 = tangent.s
  const all: F32<[12]> = slopes
  return { s, path, end, all }
})

/** Cotangents of several results. */
export const severalCotangents = jit([spec, f32(3)], (p, x) => {
  const [{ y, total }, pull] = vjp(
    (p: Params, x: F32<[3]>) => {
      const y = apply(p, x)
      return { y, total: sum(y) }
    },
    p,
    x
  )
  const [dp, dx] = pull({ y, total })
  const w: F32<[3, 2]> = dp.w
  const slope: F32<[3]> = dx
  return { w, slope }
})

/** Branches, under a batch and under a gradient. */
export const branches = jit([f32(10)], (xs) => {
  const f = (x: F32): F32 =>
    cond(
      gt(x, 0),
      () => square(x),
      () => neg(x)
    )
  const slopes: F32<[10]> = vmap(grad(f))(xs)
  return slopes
})

/** A switch, under a batch of indices. */
export const switches = jit([i32(6), f32(6)], (which, xs) => {
  const f = (i: I32, x: F32) =>
    switchCase(i, [() => sin(x), () => cos(x), () => mul(x, x), () => scalar(0, "f32")])
  const values: F32<[6]> = vmap(f)(which, xs)
  const slopes: F32<[6]> = vmap(grad(f, { argnums: 1 }))(which, xs)
  return { values, slopes }
})

/** Reverse mode through a loop with a bound. */
export const whileWithBound = jit([f32()], (x) => {
  const f = (x: F32) =>
    whileLoop(
      (c) => lt(c, 100),
      (c) => mul(c, x),
      x,
      { max: 20 }
    )
  return vmap(grad(f))(add(arange(3, "f32"), x))
})

/** A linear function that is kept, and used in a loop. */
export const linearInScan = jit([f32(3), f32(10, 3)], (x, directions) => {
  const [, push] = linearize((v: F32<[3]>) => ({ s: sin(v), t: sum(v) }), x)
  const [, all] = scan(zeros([3], "f32"), directions, (c, d) => {
    const { s, t } = push(d)
    return [add(c, s), t]
  })
  const totals: F32<[10]> = all
  return totals
})

/** Running products by a gradient. */
export const runningProducts = jit([f32(8)], (xs) => {
  const f = (xs: F32<[8]>) => sum(associativeScan((a, b) => mul(a, b), xs))
  const slopes: F32<[8]> = grad(f)(xs)
  return slopes
})

/** The value through, its slope bounded: a rule of one's own for a record. */
const bounded = customVjp((p: { x: F32<[3]>; y: F32 }) => p, {
  forward: (p) => [p, null],
  backward: (_, g) => [{ x: clamp(-1, g.x, 1), y: g.y }]
})
export const ownRule = jit([{ x: f32(3), y: f32() }], (p) =>
  grad((p: { x: F32<[3]>; y: F32 }) => {
    const { x, y } = bounded(p)
    return mul(sum(square(x)), y)
  })(p)
)

/** Rows one after another, each with its slope. */
export const mapped = jit([spec, f32(5, 3)], (p, xs) => {
  const [values, slopes] = map((x) => valueAndGrad(loss)(p, x), xs)
  const all: F32<[5]> = values
  const b: F32<[5, 2]> = slopes.b
  return { all, b }
})

/** What all carries were, beside the result. */
export const recorded = jit([f32(5)], (xs) => {
  const [result] = record((xs: F32<[5]>) => scan(scalar(0, "f32"), xs, (c, x) => [add(c, x), null])[0])(xs)
  return result
})

/** A gradient in a gradient: a penalty on slopes. */
export const slopePenalty = jit([spec, f32(6, 3)], (p, xs) => {
  const penalty = (p: Params) =>
    mean(vmap((x: F32<[3]>) => square(sub(sum(square(grad(loss, { argnums: 1 })(p, x))), 1)))(xs))
  const slopes: Params = grad(penalty)(p)
  return slopes
})

/** Implicit layers: a fixed point, and its slope by a rule. */
export const fixedPoint = jit([f32(2, 2), f32(2)], (w, x) => {
  const step = (z: F32<[2]>) => tanh(add(matmul(z, w), x))
  const z = stopGradient(fori(0, 50, (_, z) => step(z), zeros([2], "f32")))
  const jacobian: F32<[2, 2]> = jacrev(step)(z)
  return { z, jacobian }
})

/** Windows of a signal by vmap of a slice. */
export const windows = jit([f32(20)], (signal) => {
  const all: F32<[16, 5]> = vmap((i: I32) => dynamicSlice(signal, [i], [5]))(arange(16))
  const medians: F32<[16]> = vmap((w: F32<[5]>) => at(sort(w), 2).get())(all)
  return {
    medians,
    smooth: div(cumsum(signal), add(arange(20, "f32"), 1)),
    fine: select(gt(signal, 0), signal, 0)
  }
})

/** All pairs of two sets, by a batch of batches. */
export const gram = jit([f32(4, 3), f32(5, 3)], (xs, ys) => {
  const rbf = (x: F32<[3]>, y: F32<[3]>): F32 => exp(neg(sum(square(sub(x, y)))))
  const kernel = vmap(vmap(rbf, { in: [null, 0] }), { in: [0, null] })
  const pairs: F32<[4, 5]> = kernel(xs, ys)
  const squares: F32<[4, 4]> = kernel(xs, xs)
  return { pairs, squares }
})

/** Batches of batches, of records too, with the new axis last. */
export const nested = jit([f32(5, 4, 3)], (t) => {
  const all: F32<[5, 4, 3]> = vmap(vmap(vmap((x: F32) => sin(x))))(t)
  const rows: { a: F32<[5, 4]> } = vmap(vmap((p: { a: F32<[3]> }) => ({ a: sum(p.a) })))({ a: t })
  const turned: F32<[4, 5]> = vmap(
    vmap((x: F32<[3]>) => sum(x)),
    { out: 1 }
  )(t)
  const jacobian: F32<[4, 4, 3]> = jacrev(vmap((x: F32<[3]>) => sum(x)))(zeros([4, 3], "f32"))
  return { all, rows, turned, jacobian }
})
