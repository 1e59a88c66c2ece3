import { describe, expect, it } from "vitest"
import * as lc from "../../pjrt/loopcarry.ts"
import { onEvery, sharesOf } from "../support/backends.ts"
import { cosine, custom, customRules, type F, type S, sine, slope, times } from "../support/custom-rules.ts"
import { numbers } from "../support/flat.ts"
import { call, close } from "../support/numbers.ts"
import { onDevice } from "../support/run.ts"

// biome-ignore lint/suspicious/noExplicitAny: no types of shapes, which these tests are not about and tsc pays for
const loose = lc as any
const { add, customVjp, grad, jit, map, record, scan, shardMap, sum, valueAndGrad, vjp, vmap } = loose
const { f64 } = lc
const points = [0.7, 1.9, -0.4]

describe.each(onEvery)("customVjp on $on", (device) => {
  const run = device.open()

  it.each(sharesOf(device, customRules))(
    "%s: values, derivatives of each order, and batches of them",
    async (_, { fn, wanted }) => {
      const orders: Array<F> = [fn]
      for (const before of wanted.slice(1).map((_, i) => i)) orders.push((x) => slope(orders[before]!)(x))
      const program = jit([f64(3)], (xs: S) => [
        ...orders.map((each) => vmap(each)(xs)),
        ...orders.map((each) => map(each, xs)),
        ...orders.slice(0, -1).map((each) => slope((all) => sum(vmap(each)(all)))(xs))
      ])
      const found = await call(run, program, points)
      const plain = wanted.map((each) => points.map(each))
      ;[...plain, ...plain, ...plain.slice(1)].forEach((values, i) => {
        close(numbers(found[i]), values, 1e-12, `result ${i}`)
      })
    }
  )

  it("a derivative of a way back that was made outside of it has its rules", async () => {
    const scaled = custom((x) => times(x, 2), {
      forward: (x) => [times(x, 2), null],
      backward: (_, ct) => [sine(ct)]
    })
    const program = jit([f64(), f64()], (x: S, ct: S) => {
      const [value, pull] = vjp(scaled, x)
      const back: F = (given) => pull(given)[0]
      return [value, back(ct), slope(back)(ct), slope(slope(back))(ct)]
    })
    const found = await call(run, program, 0.3, 0.7)
    const wanted = [0.6, Math.sin(0.7), 2 * Math.cos(0.7), -6 * Math.sin(0.7)]
    close(found.map(Number), wanted, 1e-12, "double vjp")
  })

  it("records of arguments, results and cotangents match by key", async () => {
    type P = { readonly a: S; readonly b: S }
    const fn: (p: P) => P = customVjp(({ a, b }: P) => ({ a: times(a, 2), b: times(b, 3) }), {
      forward: ({ a, b }: P) => [{ b: times(b, 3), a: times(a, 2) }, null],
      backward: (_: null, ct: P) => [{ b: times(ct.b, 3), a: times(ct.a, 2) }]
    })
    const loss = (p: P): S => {
      const { a, b } = fn(p)
      return add(a, times(b, 10))
    }
    const program = jit([{ a: f64(), b: f64() }], (p: P) => {
      const [value, slopes] = valueAndGrad(loss)(p)
      return [value, slopes.a, slopes.b]
    })
    expect(await call(run, program, { a: 1, b: 5 })).toEqual([152, 2, 30])
  })

  it("record leaves the derivative alone", async () => {
    const looped: F = (x) => scan(x, null, (c: S) => [loose.sin(c), null], { length: 2 })[0]
    const fn: F = custom(looped, {
      forward: (x) => [fn(x), x],
      backward: (x, ct) => [times(ct, cosine(x))]
    })
    const program = jit([f64()], (x: S) => {
      const both = record(fn)
      const [first, kept] = grad(both, { hasAux: true })(x)
      const second = slope(slope((y) => both(y)[0]))(x)
      return [both(x)[0], first, kept["scan.carry"], second]
    })
    const found = await call(run, program, 0.7)
    const once = Math.sin(0.7)
    const wanted = [Math.sin(once), Math.cos(0.7), once, Math.sin(once), -3 * once]
    close(found.flatMap(numbers), wanted, 1e-12, "record")
  })
})

describe("customVjp over the devices of a mesh", () => {
  const run = onDevice("reference")
  it("has its rule on each device, to any order", async () => {
    const m = lc.mesh({ x: 4 })
    const rows = lc.sharding(m, "x")
    const body = ({ x }: { readonly x: lc.DeviceAxis }, part: S) => {
      const place: S = loose.convert(lc.axisIndex(x), "f64")
      const scaled: F = custom(loose.sin, {
        forward: (v) => [scaled(v), v],
        backward: (v, ct) => [times(times(ct, place), scaled(v))]
      })
      return scaled(part)
    }
    const loss: F = (v) => sum(shardMap(body, { mesh: m, in: rows, out: rows })(v))
    const slopes = slope(loss)
    const program = jit([f64(4)], (v: S) => [loss(v), slopes(v), slope((w) => sum(slopes(w)))(v)])
    const data = [0.1, 0.5, 0.9, -0.4]
    const found = await call(run, program, data)
    const sines = data.map(Math.sin)
    close(numbers(found[0]), [sines.reduce((all, each) => all + each, 0)], 1e-12, "value")
    for (const order of [1, 2]) {
      const wanted = sines.map((each, i) => i ** order * each)
      close(numbers(found[order]), wanted, 1e-12, `order ${order}`)
    }
  })
})
