import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Tensor } from "../../dsl/tensor.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { numbers } from "../support/flat.ts"
import { call, close } from "../support/numbers.ts"
import { plugins } from "../support/plugins.ts"
import { onDevice } from "../support/run.ts"

const { add, arange, cond, f64, grad, gt, jit, mul, scan, scalar, sin, sqrt, sum, tanh } = lc
type S = Tensor<"f64", readonly []>
type V = Tensor<"f64", readonly [number]>

const [newest] = plugins
const onPlugin = () => onDevice(`plugin:${newest!.path}`, { virtualDevices: 1 })
const onReference = () => onDevice("reference")

describe("checkpoint policies", () => {
  const run = onPlugin()
  const policies: ReadonlyArray<lc.Checkpoint> = [
    "all",
    "sqrt",
    "recompute",
    { every: 1 },
    { every: 3 },
    { every: 50 }
  ]
  const settings = [0, 1, 2, 7, 12].flatMap((length) =>
    [false, true].flatMap((reverse) => [false, true].map((traced) => ({ length, reverse, traced })))
  )

  it.each(settings)(
    "give one gradient and one second derivative: %o",
    async ({ length, reverse, traced }) => {
      const losses = policies.map((checkpoint) => (w: S, xs: V, n: Tensor<"i32", readonly []>) => {
        const options = { checkpoint, reverse, ...(traced ? { length: n } : {}) }
        const [last, ys] = scan(
          [scalar(0.5, "f64"), scalar(0, "i32")],
          [xs, arange(length, "f64")],
          ([c, k], [x, i]) => {
            const next = sin(add(mul(c as S, w), mul(x as S, add(i as S, 1))))
            return [[next, add(k as Tensor<"i32", readonly []>, 1)], mul(next, next)]
          },
          options as never
        ) as unknown as readonly [readonly [S, unknown], V | { readonly values: V }]
        return add(last[0], sum("values" in ys ? ys.values : ys)) as S
      })
      const program = jit([f64(), f64(length), lc.i32()], (w, xs, n) =>
        losses.map((loss) => {
          const first = grad(loss, { argnums: [0, 1] })(w, xs as V, n)
          const second = grad((v: S) => mul(grad(loss)(v, xs as V, n), w) as S)(w)
          return [first[0], first[1], second]
        })
      )
      const data = Array.from({ length }, (_, i) => Math.cos(i * 1.7))
      const found = await call(run, program, 0.7, data, Math.max(0, length - 2))
      const [all, ...others] = found as ReadonlyArray<ReadonlyArray<unknown>>
      others.forEach((other, k) => {
        other.forEach((value, i) => {
          close(numbers(value), numbers(all![i]), 1e-10, `${JSON.stringify(policies[k + 1])} result ${i}`)
        })
      })
    }
  )
})

describe("a while loop with a bound", () => {
  const run = onReference()
  it("has the same gradient under each policy, whatever number of steps it takes", async () => {
    const policies: ReadonlyArray<lc.Checkpoint> = ["all", "sqrt", "recompute", { every: 2 }]
    const program = jit([f64()], (x) =>
      policies.map((checkpoint) =>
        grad((v: S) =>
          lc.whileLoop(
            (c) => lc.lt(c, 50),
            (c) => add(mul(c, v), 0.1),
            v,
            { max: 9, checkpoint }
          )
        )(x)
      )
    )
    const plain = (x: number) => {
      let [c, slope] = [x, 1]
      for (let k = 0; k < 9 && c < 50; k++) [c, slope] = [c * x + 0.1, slope * x + c]
      return slope
    }
    for (const x of [3, 60, 1.1]) {
      const found = await call(run, program, x)
      close(numbers(found[0]), [plain(x)], 1e-12, `at ${x}`)
      found.forEach((value, i) => {
        close(numbers(value), numbers(found[0]), 1e-12, JSON.stringify(policies[i]))
      })
    }
  })
})

describe("batches", () => {
  const run = onReference()
  it("vmap is a loop over the batch, for lengths and branches that differ within it", async () => {
    const fn = (x: S, n: Tensor<"i32", readonly []>) => {
      const [last, ys] = scan(x, arange(n, { max: 6, dtype: "f64" }), (c, i) => [sin(add(c, i)), c])
      return [
        last,
        ys.values,
        cond(
          gt(x, 0),
          () => mul(last, 2),
          () => x
        ),
        lc.fori(0, n, (_, c) => tanh(c), x)
      ] as const
    }
    const batch = jit([f64(4), lc.i32(4)], (xs, ns) => [...lc.vmap(fn)(xs, ns)])
    const single = jit([f64(), lc.i32()], (x, n) => [...fn(x, n)])
    const [xs, ns] = [
      [0.5, -1, 2, 0.1],
      [3, 0, 6, 9]
    ] as const
    const all = await call(run, batch, xs, ns)
    for (let k = 0; k < 4; k++) {
      const one = await call(run, single, xs[k], ns[k])
      one.forEach((value, i) => {
        const size = numbers(value).length
        close(numbers(all[i]).slice(k * size, (k + 1) * size), numbers(value), 1e-15, `row ${k} result ${i}`)
      })
    }
  })
})

describe("branches", () => {
  const run = onPlugin()
  it("keep what they close over to themselves, so that the other's NaN reaches no gradient", async () => {
    const program = jit([f64()], (x) => {
      const safe = (v: S) =>
        cond(
          gt(v, 0),
          () => sqrt(v),
          () => mul(v, 3)
        )
      return [safe(x), grad(safe)(x)]
    })
    expect(await call(run, program, 0)).toEqual([0, 3])
    expect(await call(run, program, 4)).toEqual([2, 0.25])
  })
})

describe("random programs", () => {
  const [onCpu, onJs] = [onPlugin(), onReference()]
  const unary = ["sin", "cos", "tanh", "exp", "neg", "abs", "logistic", "square", "erf", "atan"] as const
  const binary = ["add", "sub", "mul", "maximum", "minimum", "atan2"] as const
  type Op = (typeof unary)[number] | (typeof binary)[number]
  const step = fc.record({
    op: fc.constantFrom<Op>(...unary, ...binary),
    a: fc.nat(5),
    b: fc.nat(5),
    inLoop: fc.boolean()
  })
  const build =
    (
      ops: ReadonlyArray<{
        readonly op: Op
        readonly a: number
        readonly b: number
        readonly inLoop: boolean
      }>
    ) =>
    (x: V): S => {
      const lib = lc as unknown as Readonly<Record<Op, (...xs: ReadonlyArray<Tensor>) => V>>
      const values: Array<V> = [x, lc.mul(x, 0.5), lc.reverse(x)]
      for (const { op, a, b, inLoop } of ops) {
        const [left, right] = [values[a % values.length]!, values[b % values.length]!]
        const apply = (u: V) =>
          tanh((unary as ReadonlyArray<string>).includes(op) ? lib[op](u) : lib[op](u, right)) as V
        values.push(
          inLoop ? scan(left, arange(3, "f64"), (c, i) => [apply(add(c, i) as V), null])[0] : apply(left)
        )
      }
      return sum(values.at(-1)!) as S
    }

  it("give the same values, gradients and batches on the reference device and the CPU", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 7 }), async (ops) => {
        const loss = build(ops)
        const program = jit([f64(4)], (x) => [
          loss(x),
          grad(loss)(x as V),
          lc.vmap(loss)(lc.stack([x, mul(x, 2)]))
        ])
        const data = [0.3, -0.7, 1.1, 0.2]
        const [cpu, js] = [await call(onCpu, program, data), await call(onJs, program, data)]
        cpu.forEach((value, i) => {
          close(numbers(value), numbers(js[i]), 1e-11, `result ${i} of ${JSON.stringify(ops)}`)
        })
      }),
      { numRuns: 25, seed: 4 }
    )
  })
})
