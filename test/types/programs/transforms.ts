/** Each transform around each other. */
import {
  abs,
  add,
  arange,
  cos,
  customVjp,
  exp,
  type F32,
  f32,
  fori,
  grad,
  hessian,
  type I32,
  i32,
  jacfwd,
  jacrev,
  jit,
  jvp,
  linearize,
  lt,
  matmul,
  mean,
  mul,
  scalar,
  scan,
  select,
  sin,
  square,
  stopGradient,
  sub,
  sum,
  tanh,
  valueAndGrad,
  vjp,
  vmap,
  whileLoop
} from "loopcarry"

type V3 = F32<[3]>
const energy = (x: V3): F32 => sum(mul(sin(x), x))
const field = (x: V3): V3 => add(sin(x), mul(x, x))

/** The gradient of a mean over a batch. */
export const gradOfVmap = jit([f32(3), f32(10, 3)], (w, xs) => {
  const slope: V3 = grad((w: V3) => mean(vmap((x: V3) => square(sum(mul(w, x))))(xs)))(w)
  return slope
})

/** A gradient for each member of a batch. */
export const vmapOfGrad = jit([f32(3), f32(10, 3)], (w, xs) => {
  const loss = (w: V3, x: V3) => square(sum(mul(w, x)))
  const each: F32<[10, 3]> = vmap(grad(loss), { in: [null, 0] })(w, xs)
  return each
})

/** Second derivatives in both orders. */
export const hessians = jit([f32(3)], (x) => {
  const a: F32<[3, 3]> = jacfwd(jacrev(energy))(x)
  const b: F32<[3, 3]> = jacrev(jacfwd(energy))(x)
  const c: F32<[3, 3]> = hessian(energy)(x)
  const d: F32<[3, 3]> = jacfwd(grad(energy))(x)
  return { a, b, c, d }
})

/** A product with a Hessian, three ways. */
export const hvps = jit([f32(3), f32(3)], (x, v) => {
  const [, forward] = jvp(grad(energy), [x], [v])
  const reverse = grad((y: V3) => sum(mul(grad(energy)(y), v)))(x)
  const [, pull] = vjp(grad(energy), x)
  const [back] = pull(v)
  const all: readonly [V3, V3, V3] = [forward, reverse, back]
  return all
})

/** jvp of vjp: a Gauss-Newton product. */
export const gaussNewton = jit([f32(3), f32(3)], (x, v) => {
  const [, pushed] = jvp(field, [x], [v])
  const [, pull] = vjp(field, x)
  const out: V3 = pull(pushed)[0]
  return out
})

/** jvp through the function that vjp gives. */
export const jvpOfVjp = jit([f32(3), f32(3)], (x, v) => {
  const [value, tangent] = jvp((y: V3) => vjp(field, y)[1](v)[0], [x], [v])
  const t: V3 = tangent
  return [value, t]
})

/** A linear function that is used for a whole basis. */
export const linearized = jit([f32(3), f32(7, 3)], (x, basis) => {
  const [value, push] = linearize(field, x)
  const rows: F32<[7, 3]> = vmap(push)(basis)
  return { value, rows }
})

/** The transpose of a linear function, for a batch of cotangents. */
export const pulled = jit([f32(3), f32(7, 3)], (x, cotangents) => {
  const [, pull] = vjp(field, x)
  const rows: F32<[7, 3]> = vmap((c: V3) => pull(c)[0])(cotangents)
  return rows
})

/** A value, its slope and what it saw, in a scan, in a batch. */
export const auxInScanInVmap = jit([f32(5, 3), f32(20, 3)], (starts, xs) => {
  const step = valueAndGrad(
    (w: V3, x: V3) => {
      const error = sum(mul(w, x))
      return [square(error), { error, w }]
    },
    { hasAux: true }
  )
  const run = (w: V3) =>
    scan(w, xs, (w, x) => {
      const [[value, { error }], slope] = step(w, x)
      return [sub(w, mul(slope, 0.1)), { value, error }]
    })
  const [ends, { value, error }] = vmap(run)(starts)
  const lasts: F32<[5, 3]> = ends
  const values: F32<[5, 20]> = value
  return { lasts, values, error }
})

/** The gradient of a scan, with respect to all it uses. */
export const gradOfScan = jit([f32(), f32(10)], (rate, xs) => {
  const end = (rate: F32, xs: F32<[10]>) =>
    scan(scalar(0, "f32"), xs, (c, x) => [add(mul(c, rate), x), null])[0]
  const [dRate, dXs] = grad(end, { argnums: [0, 1] })(rate, xs)
  const slopes: F32<[10]> = dXs
  return { dRate, slopes }
})

/** A Jacobian in each step of a scan. */
export const jacobiansInScan = jit([f32(3)], (x) => {
  const [, all] = scan(x, arange(6), (x) => [field(x), jacfwd(field)(x)])
  const matrices: F32<[6, 3, 3]> = all
  return matrices
})

/** The Jacobian of a whole scan. */
export const jacobianOfScan = jit([f32(3)], (x) => {
  const run = (x: V3) => fori(0, 5, (_, c) => tanh(field(c)), x)
  const matrix: F32<[3, 3]> = jacrev(run)(x)
  return matrix
})

/** Batches of batches: all pairs. */
export const pairs = jit([f32(4, 3), f32(6, 3)], (xs, ys) => {
  const distance = (a: V3, b: V3): F32 => sum(square(sub(a, b)))
  const all: F32<[4, 6]> = vmap((x: V3) => vmap((y: V3) => distance(x, y))(ys))(xs)
  return all
})

/** Jacobians of a batch, of a function with several results. */
export const jacobiansOfBatch = jit([f32(8, 3)], (xs) => {
  const f = (x: V3) => ({ total: sum(x), waves: sin(x) })
  const { total, waves } = vmap((x: V3) => jacrev(f)(x))(xs)
  const rows: F32<[8, 3]> = total
  const matrices: F32<[8, 3, 3]> = waves
  return { rows, matrices }
})

/** Hessians of a record, block by block. */
export const blocks = jit([{ a: f32(2), b: f32(3) }], (p) => {
  const f = ({ a, b }: { a: F32<[2]>; b: F32<[3]> }) => mul(sum(square(a)), sum(sin(b)))
  const h = hessian(f)(p)
  const ab: F32<[2, 3]> = h.a.b
  const bb: F32<[3, 3]> = h.b.b
  return { ab, bb }
})

/** Third derivatives of a number. */
export const third = jit([f32()], (x) => {
  const f = (x: F32) => mul(sin(x), exp(x))
  const d3: F32 = grad(grad(grad(f)))(x)
  return [d3, vmap(grad(grad(f)))(arange(5, "f32"))]
})

/** A function with a derivative of its own, in a batch, under grad. */
const clip = customVjp((x: F32) => x, {
  forward: (x) => [x, x],
  backward: (x, g) => [select(lt(abs(x), 1), g, 0)]
})
export const custom = jit([f32(5)], (xs) => vmap(grad((x: F32) => square(clip(x))))(xs))

/** What one network learns from another that stands still. */
export const distilled = jit([f32(3, 3), f32(3, 3), f32(3)], (student, teacher, x) => {
  const loss = (s: F32<[3, 3]>, t: F32<[3, 3]>) => mean(square(sub(matmul(x, s), stopGradient(matmul(x, t)))))
  return grad(loss)(student, teacher)
})

/** A tangent through a while loop. */
export const tangentOfWhile = jit([f32(), f32()], (x, v) => {
  const f = (x: F32) =>
    whileLoop(
      (c) => lt(c, 100),
      (c) => mul(c, 2),
      x
    )
  const [value, tangent] = jvp(f, [x], [v])
  return { value, tangent }
})

/** An inner descent, and the derivative of what it reaches. */
export const meta = jit([f32(), f32(3)], (rate, w) => {
  const inner = (rate: F32, w: V3) => fori(0, 5, (_, w) => sub(w, mul(rate, grad(energy)(w))), w)
  const outer = (rate: F32) => energy(inner(rate, w))
  return valueAndGrad(outer)(rate)
})

/** A Laplacian, the trace of a Hessian, by a batch of jvps. */
export const laplacian = jit([f32(3), f32(3, 3)], (x, identity) => {
  const each = vmap((e: V3) => sum(mul(jvp(grad(energy), [x], [e])[1], e)))(identity)
  return sum(each)
})

/** Slopes of several arguments of different kinds. */
export const mixed = jit([{ w: f32(2) }, [f32(3), f32()], f32()], (p, [v, s], x) => {
  const f = ({ w }: { w: F32<[2]> }, [v, s]: readonly [V3, F32], x: F32) =>
    mul(add(sum(w), sum(cos(v)), s), x)
  const [{ w }, [dv, ds]] = grad(f, { argnums: [0, 1] })(p, [v, s], x)
  return { w, dv, ds }
})

/** By the last argument, and by both, beside what has no gradient. */
export const chosenArguments = jit([i32(), f32(3), f32(3)], (step, w, x) => {
  const loss = (_: I32, w: V3, x: V3) => sum(mul(w, x))
  const last: V3 = grad(loss, { argnums: -1 })(step, w, x)
  const [dw, dx]: readonly [V3, V3] = grad(loss, { argnums: [1, 2] })(step, w, x)
  return { last, dw, dx }
})
