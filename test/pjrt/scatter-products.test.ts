import { describe, expect, it } from "vitest"
import * as lc from "../../pjrt/loopcarry.ts"
import { twoDevices } from "../support/backends.ts"
import { numbers } from "../support/flat.ts"
import { call, close } from "../support/numbers.ts"

const { at, constant, cos, eq, f64, grad, hessian, jit, jvp, mul, prod, select, sin, sum } = lc

type X = lc.F64<[3]>
type U = lc.F64<[6]>

const indices = constant([2, 0, 2, 9, 2, 0], "i32")

/** x with each element multiplied by all factors whose index is its own: what `at(x, i).mul(u)` gives. */
const explicit = (x: X, u: U): X => {
  const own = eq(constant([[0], [1], [2]], "i32"), indices)
  return mul(x, prod(select(own, lc.broadcastTo(u, [3, 6]), 1), 1))
}
const scattered = (x: X, u: U): X => at(x, indices).mul(u)

const loss = (fn: (x: X, u: U) => X) => (x: X, u: U) => sum(mul(sin(fn(x, u)), cos(x)))

const derivatives = (fn: (x: X, u: U) => X) => (x: X, u: U) => [
  fn(x, u),
  ...grad(loss(fn), { argnums: [0, 1] })(x, u),
  ...jvp(fn, [x, u], [x, cos(u)]),
  hessian((v: U) => loss(fn)(x, v))(u),
  hessian((y: X) => loss(fn)(y, u))(x),
  lc.vmap((k: lc.F64) => grad((v: U) => loss(fn)(x, mul(v, k)))(u))(constant([1, 2], "f64"))
]

describe.each(twoDevices)("factors that go to one place, on $on", (device) => {
  const run = device.open()
  const program = jit([f64(3), f64(6)], (x, u) => [derivatives(explicit)(x, u), derivatives(scattered)(x, u)])

  it.each([
    ["all other than zero", [0.5, 2, -1.5], [2, 3, 0.5, 7, -1, 1.25]],
    ["one of them zero", [0.5, 2, -1.5], [0, 3, 0.5, 7, -1, 1.25]],
    ["two of them zero", [0.5, 2, -1.5], [0, 0, 0, 7, -1, 0]],
    ["the operand zero", [0, 0, 0], [2, 3, 0.5, 7, -1, 1.25]]
  ])("have the derivatives of their product, with %s", async (_, x, u) => {
    const [wanted, found] = (await call(run, program, x, u)) as ReadonlyArray<ReadonlyArray<unknown>>
    expect(found).toHaveLength(wanted!.length)
    wanted!.forEach((each, i) => {
      close(numbers(found![i]), numbers(each), 1e-12, `result ${i}`)
    })
  })
})
