import { traceNow } from "../../dsl/trace.ts"
import * as lc from "../../pjrt/loopcarry.ts"

const { add, arange, f32, i32, mul, scalar, scan, zeros } = lc

/** Programs whose text and StableHLO are kept as golden files, one for each thing that can be emitted. */
export const golden = {
  "cumulative-sum": () =>
    traceNow([f32()], (start) =>
      scan(start, arange(10, "f32"), (carry, x) => {
        const total = add(carry, x)
        return [total, total]
      })
    ),
  "nested-scan": () =>
    traceNow([], () =>
      scan(scalar(0, "i32"), arange(1, 5), (outer, x) =>
        scan(outer, arange(x, { max: 4 }), (carry, y) => [add(carry, y), carry])
      )
    ),
  "traced-bounds": () =>
    traceNow([i32(), i32()], (from, to) => [
      scan(scalar(0, "i32"), arange(from, to), (c, x) => [add(c, x), null])[0],
      scan(scalar(0, "f32"), arange(from, to, -2, { max: 9, dtype: "f32" }), (c, x) => [add(c, x), x])
    ]),
  "reverse-rows": () =>
    traceNow([{ a: f32(4, 2), b: i32(4) }], (xs) =>
      scan(
        { sum: zeros([2], "f32"), last: scalar(0, "i32") },
        xs,
        (c, x) => [
          { sum: add(c.sum, x.a), last: x.b },
          { row: mul(x.a, 2), sum: c.sum }
        ],
        { reverse: true }
      )
    ),
  "empty-scan": () => traceNow([f32(0, 3)], (xs) => scan(scalar(0, "f32"), xs, (c, x) => [c, x])),
  "hoisted-constants": () =>
    traceNow([f32(), f32()], (a, b) =>
      scan(a, null, (c) => [mul(c, add(b, 1)), add(lc.constant([1, 2, 3], "f32"), c)], { length: 3 })
    ),
  operations: () =>
    traceNow([f32(2, 3), f32(3, 4), lc.bool(2, 3), lc.u8(5)], (a, b, p, u) => ({
      matmul: lc.matmul(a, b),
      dot: lc.dotGeneral(a, b, { contracting: [[1], [0]] }),
      batched: lc.dotGeneral(lc.reshape(a, [2, 3, 1]), lc.reshape(a, [2, 3, 1]), {
        contracting: [[2], [2]],
        batch: [[0], [0]]
      }),
      select: lc.select(p, a, lc.neg(a)),
      choose: lc.select(lc.all(p), a, 0),
      clamp: lc.clamp(0, a, 1),
      convert: lc.convert(a, "bf16"),
      transpose: lc.transpose(a),
      slice: lc.slice(a, [0, 1], [2, 3], [1, 2]),
      concatenate: lc.concatenate([a, a], 1),
      mean: lc.mean(a, 1, { keepDims: true }),
      least: lc.min(u),
      compare: [lc.lt(a, 1), lc.eq(u, 3), lc.ge(p, p)],
      range: [lc.arange(0, 1, 0.25, "f16"), lc.arange(5, "u8")],
      special: lc.add(a, lc.full([3], Number.NEGATIVE_INFINITY, "f32"), lc.scalar(Number.NaN, "f32")),
      table: lc.constant(
        [
          [1, 2],
          [3, 4]
        ],
        "i64"
      ),
      large: lc.scalar(2n ** 63n, "u64")
    })),
  "gradient-of-scan": () =>
    traceNow([f32(), f32(8)], (w, xs) =>
      lc.grad((v: typeof w) => {
        const [last, ys] = scan(v, xs, (c, x) => [lc.tanh(mul(c, v)), mul(c, x)])
        return add(last, lc.sum(ys))
      })(w)
    ),
  "gradient-in-blocks": () =>
    traceNow([f32()], (w) =>
      lc.grad(
        (v: typeof w) =>
          scan(v, arange(7, "f32"), (c, x) => [lc.sin(add(mul(c, v), x)), null], {
            checkpoint: { every: 3 }
          })[0]
      )(w)
    ),
  "batch-of-lengths": () =>
    traceNow([i32(3)], (lengths) =>
      lc.vmap((n: lc.Tensor<"i32", readonly []>) =>
        scan(scalar(0, "i32"), arange(n, { max: 5 }), (c, x) => [add(c, x), c])
      )(lengths)
    ),
  control: () =>
    traceNow([f32(), i32()], (x, n) => [
      lc.cond(
        lc.gt(x, 0),
        () => lc.sqrt(x),
        () => x
      ),
      lc.switchCase(n, [() => x, () => mul(x, 2), () => lc.exp(x)]),
      lc.whileLoop(
        (v) => lc.lt(v, 100),
        (v) => mul(v, 2),
        x,
        { max: 20 }
      ),
      lc.fori(0, n, (_, v) => mul(v, x), x),
      scan(x, null, (c) => [mul(c, x), c], { length: 7, unroll: 3 })
    ]),
  indexing: () =>
    traceNow([f32(4, 3), i32(2)], (x, k) => ({
      take: lc.take(x, k),
      along: lc.takeAlong(x, lc.constant([[0], [2], [1], [0]], "i32"), 1),
      set: lc.at(x, k).set(0),
      added: lc.at(x, k, 1).add(1),
      block: lc.dynamicSlice(x, [lc.take(k, 0), 0], [2, 3]),
      updated: lc.dynamicUpdateSlice(x, lc.zeros([1, 3], "f32"), [lc.take(k, 1), 0]),
      sorted: lc.sort(x),
      places: lc.argsort(x, 0, { descending: true }),
      best: lc.topK(x, 2),
      arg: lc.argmax(x, 0)
    })),
  windows: () =>
    traceNow([f32(1, 2, 8), f32(3, 2, 3), f32(4, 4)], (x, kernel, a) => ({
      conv: lc.conv(x, kernel, { strides: 2, padding: "same" }),
      pooled: lc.reduceWindow(x, "max", { window: [1, 1, 2], strides: [1, 1, 2] }),
      running: lc.cumsum(a, 1, { reverse: true }),
      padded: lc.pad(a, 1, { interior: [1, 0] }),
      spectrum: lc.abs(lc.rfft(a)),
      factor: lc.cholesky(a),
      solved: lc.triangularSolve(a, a, { lower: false, transpose: "transpose" }),
      special: [lc.erf(a), lc.lgamma(a), lc.asinh(a)],
      random: lc.random.uniform(lc.random.key(0), [2])
    })),
  "shard-map": () =>
    traceNow([f32(8, 2), f32(2)], (a, b) => {
      const m = lc.mesh({ x: 2, y: 2 })
      const made = lc.shardMap(
        ({ x, y }, part: lc.Tensor<"f32", readonly [number, number]>) => {
          const moved = lc.ppermute(mul(part, b), x, lc.ring(x))
          const all = lc.allGather(moved, y, { tiled: true })
          return [lc.psumScatter(all, y), lc.psum(lc.axisIndex(x), [x, y]), lc.pmax(moved, x)]
        },
        {
          mesh: m,
          in: lc.sharding(m, ["x", "y"]),
          out: [lc.sharding(m, ["x", "y"]), null, lc.sharding(m, "y")]
        }
      )(a)
      return [lc.withSharding(made[0], lc.sharding(m, "x", "y")), lc.debugPrint("total", made[1]), made[2]]
    })
} as const
