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
    }))
} as const
