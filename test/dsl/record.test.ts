import { describe, expect, it } from "vitest"
import { run } from "../../dsl/reference/run.ts"
import { traceNow } from "../../dsl/trace.ts"
import { verify } from "../../dsl/verifier.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { interpreter, pruned, ready } from "../support/passes.ts"

const { add, arange, cond, f32, gt, mul, scalar, scan, sum } = lc

const numbers = (array: { readonly data: ReadonlyArray<unknown> } | undefined) => array?.data.map(Number)

describe("record", () => {
  const nested = (start: lc.Tensor<"f32", readonly []>) =>
    scan({ mean: start, count: scalar(0, "i32") }, arange(3, "f32"), (c, x) => {
      const [inner] = scan(c.mean, arange(2, "f32"), (d, y) => [add(d, mul(x, y)), null])
      return [{ mean: inner, count: add(c.count, 1) }, null]
    })

  it("gives every carry of nested scans, by path", () => {
    const { program, outputs } = traceNow([f32()], (x) => lc.record(nested)(x) as never)
    verify(program)
    const results = run(ready(program, interpreter), [{ dtype: "f32", shape: [], data: [1] }])
    const names = JSON.stringify(outputs)
    for (const name of ["scan.carry.mean", "scan.carry.count", "scan.scan.carry"])
      expect(names).toContain(name)
    expect(results.slice(2).map(numbers)).toEqual([
      [1, 2, 4],
      [1, 2, 3],
      [1, 1, 1, 2, 2, 4]
    ])
    expect(results.at(-1)!.shape).toEqual([3, 2])
  })

  it("reaches into branches, leaves the result alone, and works under a gradient", () => {
    const fn = (x: lc.Tensor<"f32", readonly []>) =>
      cond(
        gt(x, 0),
        () => scan(x, arange(3, "f32"), (c, y) => [mul(c, add(y, 1)), null])[0],
        () => x
      )
    const { program } = traceNow([f32()], (x) => {
      const [plain, carries] = lc.record(fn)(x)
      return [plain, ...Object.values(carries), lc.grad((y: typeof x) => lc.record(fn)(y)[0])(x)]
    })
    const at = (x: number) =>
      run(ready(program, interpreter), [{ dtype: "f32", shape: [], data: [x] }]).map(numbers)
    expect(at(2)).toEqual([[12], [2, 4, 12], [6]])
    expect(at(-2)).toEqual([[-2], [0, 0, 0], [1]])
  })

  it("refuses a scan without a bound", () => {
    expect(() =>
      traceNow(
        [lc.i32()],
        (n) =>
          lc.record((m: lc.Tensor<"i32", readonly []>) => scan(m, arange(m), (c) => [c, null])[0])(n) as never
      )
    ).toThrow("record: a scan's length is traced without a bound")
  })
})

describe("memoryOf", () => {
  const length = 1024
  const memory = (checkpoint: lc.Checkpoint) => {
    const loss = (w: lc.Tensor<"f32", readonly [8]>) =>
      sum(scan(w, arange(length, "f32"), (c, x) => [lc.tanh(add(mul(c, w), x)), null], { checkpoint })[0])
    return lc.memoryOf(pruned(traceNow([f32(8)], lc.grad(loss)).program))
  }

  it("shows what each policy keeps of the forward run", () => {
    const bytes = 8 * 4
    const kept = (checkpoint: lc.Checkpoint) =>
      memory(checkpoint).scans.reduce(
        (total, each) => (each.path.includes(".") ? total : total + each.stacked),
        0
      )
    expect(kept("recompute")).toBe(0)
    expect(kept({ every: 64 })).toBe((length / 64) * bytes)
    expect(kept("sqrt")).toBe((length / 32) * bytes)
    expect(kept("all")).toBeGreaterThanOrEqual(length * bytes)
    const peaks = (["all", "sqrt", "recompute"] as const).map((policy) => memory(policy).peak)
    expect(peaks[0]).toBeGreaterThan(4 * peaks[1]!)
    expect(peaks[1]).toBeGreaterThan(2 * peaks[2]!)
  })

  it("counts arguments and results", () => {
    expect(memory("all")).toMatchObject({ arguments: 32, results: 32 })
  })
})

describe("aux", () => {
  it("is handed through by grad and by both Jacobians", () => {
    const fn = (x: lc.Tensor<"f32", readonly [2]>) => [mul(x, x), { twice: mul(x, 2) }] as const
    const loss = (x: lc.Tensor<"f32", readonly [2]>) => [sum(mul(x, x)), sum(x)] as const
    const { program } = traceNow([f32(2)], (x) => [
      lc.jacfwd(fn, { hasAux: true })(x),
      lc.jacrev(fn, { hasAux: true })(x),
      lc.grad(loss, { hasAux: true })(x),
      lc.valueAndGrad(loss, { hasAux: true })(x)
    ])
    const results = run(ready(program, interpreter), [{ dtype: "f32", shape: [2], data: [1, 3] }]).map(
      numbers
    )
    const jacobian = [2, 0, 0, 6]
    expect(results).toEqual([jacobian, [2, 6], jacobian, [2, 6], [2, 6], [4], [10], [4], [2, 6]])
  })
})

describe("a traced program", () => {
  it("leaves out stacked outputs and branch results that nothing uses, and keeps carries", () => {
    const { program } = traceNow([f32()], (x) => {
      const [last, ys] = scan(x, arange(3, "f32"), (c, y) => [
        mul(c, 2),
        { kept: add(c, y), dropped: mul(c, c) }
      ])
      const [first] = cond(
        gt(x, 0),
        () => [x, mul(x, x)],
        () => [x, x]
      )
      return [last, ys.kept, first]
    })
    const outputs = pruned(program).equations.map((equation) => [equation.primitive, equation.outputs.length])
    expect(outputs).toContainEqual(["scan", 2])
    expect(outputs).toContainEqual(["switch", 1])
  })
})
