import { describe, expect, it } from "vitest"
import { traceNow } from "../../dsl/trace.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { call } from "../support/numbers.ts"
import { onDevice, thrown } from "../support/run.ts"

const { f64, grad, hessian, jacfwd, jacrev, jit, jvp, linearize, mul, scalar, sum, valueAndGrad, vjp } = lc

type V = lc.F64<[2]>

const pair = (x: V) => [mul(x, x), { twice: mul(x, 2), n: scalar(7, "i32") }] as const
const loss = (x: V) => [sum(mul(x, x, x)), { twice: mul(x, 2), n: scalar(7, "i32") }] as const
const aux = { twice: [3, 5], n: 7 }

/** Host values with plain lists of numbers. */
const plain = (value: unknown): unknown => {
  if (ArrayBuffer.isView(value)) return [...(value as Float64Array)]
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]))
}

describe("aux", () => {
  const run = onDevice("reference")
  const answers = (fn: (x: V, t: V) => lc.Tree) =>
    call(run, jit([f64(2), f64(2)], fn), [1.5, 2.5], [1, 10]).then(plain)

  it.each<readonly [string, (x: V, t: V) => lc.Tree, unknown]>([
    ["jvp", (x, t) => jvp(pair, [x], [t], { hasAux: true }), [[2.25, 6.25], [3, 50], aux]],
    [
      "vjp",
      (x, t) => {
        const [y, pull, kept] = vjp(pair, x, { hasAux: true })
        return [y, pull(t)[0], kept]
      },
      [[2.25, 6.25], [3, 50], aux]
    ],
    [
      "linearize",
      (x, t) => {
        const [y, push, kept] = linearize(pair, x, { hasAux: true })
        return [y, push(t), kept]
      },
      [[2.25, 6.25], [3, 50], aux]
    ],
    ["grad", (x) => grad(loss, { hasAux: true })(x), [[6.75, 18.75], aux]],
    [
      "valueAndGrad",
      (x) => valueAndGrad(loss, { hasAux: true })(x),
      [
        [19, aux],
        [6.75, 18.75]
      ]
    ],
    ["jacfwd", (x) => jacfwd(pair, { hasAux: true })(x), [[3, 0, 0, 5], aux]],
    ["jacrev", (x) => jacrev(pair, { hasAux: true })(x), [[3, 0, 0, 5], aux]],
    ["hessian", (x) => hessian(loss, { hasAux: true })(x), [[9, 0, 0, 15], aux]]
  ])("comes through %s as it is", async (_, fn, wanted) => {
    expect(await answers(fn)).toEqual(wanted)
  })

  it.each<readonly [string, (x: V) => unknown]>([
    ["jvp", (x) => jvp(((y: V) => y) as never, [x], [x], { hasAux: true })],
    ["vjp", (x) => vjp(((y: V) => y) as never, x as never, { hasAux: true } as never)],
    ["linearize", (x) => linearize(((y: V) => y) as never, x as never, { hasAux: true } as never)],
    ["hessian", (x) => hessian(((y: V) => sum(y)) as never, { hasAux: true })(x as never)]
  ])("is missed by %s where the function gives no pair", (op, fn) => {
    const error = thrown(() => traceNow([f64(2)], fn as never))
    expect(`${error._tag}: ${error.message}`).toBe(
      `TreeError: ${op}: with hasAux the function must return [result, aux]`
    )
    expect(error.hint).toBe("return such a pair")
  })
})
