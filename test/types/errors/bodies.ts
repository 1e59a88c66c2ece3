/** Bodies, losses and traced functions that must not compile: each with one sentence, as the last line. */
import * as lc from "../../../pjrt/loopcarry.ts"

const { add, cond, f32, fori, grad, gt, jit, mul, scalar, scan, sum, vmap, whileLoop, zeros } = lc
const x = zeros([3], "f32")
const double = jit([f32(3)], (v) => mul(v, 2))

export const bare = scan(scalar(0, "f32"), x, (c, v) => add(c, v))
export const longer = scan([x, x], null, ([a, b]) => [[a, b, a], null], { length: 3 })
export const shorter = scan([x, x], null, ([a]) => [[a], null], { length: 3 })
export const more = scan({ a: x }, null, ({ a }) => [{ a, b: a }, null], { length: 3 })
export const deeper = scan({ a: { m: x } }, null, ({ a }) => [{ a: { ...a, n: x } }, null], { length: 3 })
export const list = scan({ a: x }, null, ({ a }) => [[a], null], { length: 3 })
export const numbers = scan(scalar(0, "f32"), x, (c) => [c, { loss: 0.5 }])
export const waits = jit([f32(3)], async (v) => v)
export const effects = jit([f32(3)], () => double([1, 2, 3]))
export const inside = jit([f32(3)], (v) => ({ value: v, name: "v" }))
export const loss = grad((w: lc.F32<[3]>) => mul(w, 2))(x)
export const plain = grad((w) => sum(w))(x)
export const mapped = vmap((w) => sum(w))(x)
export const names = vmap((name: string, w: lc.F32) => (name === "" ? w : mul(w, 2)))
export const turns = whileLoop(
  ({ n }) => gt(n, 0),
  ({ n }) => ({ n, m: n }),
  { n: scalar(3, "f32") }
)
export const counts = fori(0, 3, (_, c) => add(c, 1), 0)
export const branches = cond(
  gt(sum(x), 0),
  () => ({ a: x }),
  () => ({ a: x, b: x })
)
