import { describe, expect, it } from "vitest"
import * as lc from "../../pjrt/loopcarry.ts"
import { twoDevices } from "../support/backends.ts"
import { numbers } from "../support/flat.ts"
import { call, close } from "../support/numbers.ts"

const { add, adjointOf, cholesky, complex, eye, f64, grad, jit, log, matmul, mul, sum } = {
  ...lc,
  adjointOf: (x: lc.Tensor<"c128">) => lc.conj(lc.swapAxes(x, -1, -2))
}

/** More columns than two blocks hold, and no multiple of one. */
const n = 70
const data = Float64Array.from({ length: 2 * n * n }, (_, i) => Math.sin(i * 12.9898) + Math.cos(i * i * 0.3))

describe.each(twoDevices)("Cholesky factors of many columns on $on", (device) => {
  const run = device.open()

  it("are lower triangular, and give the matrix back", async () => {
    const program = jit([f64(2, n, n)], (x) => {
      const a = add(matmul(x, lc.swapAxes(x, -1, -2)), mul(eye(n, "f64"), n))
      const l = cholesky(a)
      return [matmul(l, lc.swapAxes(l, -1, -2)), a, lc.triu(l, 1)]
    })
    const [back, a, above] = (await call(run, program, data)) as ReadonlyArray<unknown>
    close(numbers(back), numbers(a), 1e-13, "l l^T")
    expect(new Set(numbers(above))).toEqual(new Set([0]))
  })

  it("are right for complex matrices, and for derivatives", async () => {
    const program = jit([f64(2, n, n)], (x) => {
      const [re, im] = lc.unstack(x)
      const z = complex(re, im)
      const a = add(matmul(z, adjointOf(z)), lc.convert(mul(eye(n, "f64"), 3 * n), "c128"))
      const l = cholesky(a)
      // The derivative of the logarithm of the determinant is the inverse.
      const positive = (y: lc.F64<[70, 70]>) => add(matmul(y, lc.swapAxes(y, -1, -2)), mul(eye(n, "f64"), n))
      const volume = (b: lc.F64<[70, 70]>) => mul(2, sum(log(lc.diagonal(cholesky(b)))))
      const b = positive(re)
      return [lc.real(matmul(l, adjointOf(l))), lc.real(a), matmul(grad(volume)(b), b), eye(n, "f64")]
    })
    const [back, a, one, wanted] = (await call(run, program, data)) as ReadonlyArray<unknown>
    close(numbers(back), numbers(a), 1e-13, "l l^H")
    close(numbers(one), numbers(wanted), 1e-12, "the derivative")
  })

  it("are NaN as a whole where a late pivot is not above zero", async () => {
    const program = jit([f64(n)], (d) => cholesky(mul(eye(n, "f64"), d)))
    const pivots = new Float64Array(n).fill(4)
    pivots[n - 1] = -1
    const found = numbers(await call(run, program, pivots))
    expect(found.filter((_, i) => i % n <= Math.floor(i / n)).every(Number.isNaN)).toBe(true)
  })
})
