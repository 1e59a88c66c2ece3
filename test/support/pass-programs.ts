import { traceNow } from "../../dsl/trace.ts"
import * as lc from "../../pjrt/loopcarry.ts"

const { add, arange, f32, matmul, mul, scan, split, zeros } = lc

/** Small programs for each pass, kept as text before it and after it. */
export const passPrograms = {
  inline: {
    "clipped-in-a-loop": () => {
      type Scalar = lc.Tensor<"f32", readonly []>
      const clip = lc.customVjp((x: Scalar): Scalar => lc.maximum(x, 0), {
        forward: (x: Scalar) => [lc.maximum(x, 0), lc.gt(x, 0)] as const,
        backward: (positive: lc.Tensor<"bool", readonly []>, ct: Scalar) =>
          [lc.select(positive, ct, lc.scalar(0, "f32"))] as const
      })
      return traceNow([f32(9)], (xs) =>
        scan(lc.scalar(0, "f32"), xs, (c, x: Scalar) => [clip(add(c, x)), clip(x)])
      )
    }
  },
  slices: {
    "gates-of-a-step": () =>
      traceNow([f32(4, 12), f32(12), f32(100, 12)], (w, b, xs) =>
        scan(zeros([4], "f32"), xs, (h, x) => {
          const gates = split(add(add(matmul(h, w), x), b), 3)
          const [r, z, n] = gates as readonly [typeof h, typeof h, typeof h]
          return [add(mul(lc.logistic(z), h), lc.tanh(mul(r, n))), null]
        })
      ),
    "read-in-part": () => traceNow([f32(8), f32(8)], (x, y) => lc.slice(lc.exp(mul(x, y)), [2], [4]))
  },
  common: {
    "equal-carry": () =>
      traceNow([f32(), f32(4)], (c, xs) => {
        const [last, ys] = scan(
          { left: c, right: c, other: c },
          { a: xs, b: xs },
          ({ left, right, other }, { a, b }) => [
            { left: add(mul(left, 2), a), right: add(mul(right, 2), b), other: mul(other, a) },
            [add(left, right), add(right, left), add(right, left)]
          ]
        )
        return [last.left, last.right, last.other, ys]
      }),
    "repeated-loop": () =>
      traceNow([f32()], (x) => {
        const loop = () =>
          lc.whileLoop(
            (v) => lc.lt(v, 100),
            (v) => mul(v, 2),
            x,
            { max: 20 }
          )
        const branch = () =>
          lc.cond(
            lc.gt(x, 0),
            () => lc.sqrt(loop()),
            () => x
          )
        return [add(loop(), loop()), lc.sub(branch(), branch())]
      })
  },
  fold: {
    "known-branch": () =>
      traceNow([f32(3)], (x) => {
        const index = add(lc.constant([1, 2], "i32"), 1)
        return lc.switchCase(lc.take(index, 0), [() => x, () => lc.neg(x), () => mul(x, lc.ones([3], "f32"))])
      }),
    "loop-of-known": () =>
      traceNow([f32(), f32(5, 3)], (c, xs) => {
        const two = mul(lc.full([3], 0.5, "f32"), 4)
        const rows = lc.broadcastTo(lc.scalar(1, "f32"), [5])
        return [
          scan(c, { xs, rows }, (s, x) => [add(s, lc.max(mul(mul(x.xs, two), x.rows))), s]),
          scan(c, arange(0), (s) => [mul(s, 2), s])
        ]
      }),
    exact: () =>
      traceNow([f32(2, 3), lc.i32(2, 3)], (x, n) => [
        add(x, 0),
        add(x, -0),
        lc.sub(x, 0),
        add(n, 0),
        mul(x, 1),
        mul(n, 0),
        lc.transpose(lc.transpose(x)),
        lc.reverse(lc.reverse(x)),
        lc.reshape(lc.reshape(x, [6]), [3, 2]),
        add(lc.constant([0.1, 0.2], "f32"), lc.constant([0.3, 1], "f32"))
      ])
  },
  sink: {
    broadcasts: () =>
      traceNow([f32(8, 3), f32(3), lc.i32(5)], (c, bias, xs) => {
        const wide = lc.broadcastTo(bias, [8, 3])
        const places = lc.broadcastTo(lc.reshape(arange(8), [8, 1]), [8, 3])
        return scan(c, xs, (s, x) => [lc.select(lc.eq(places, x), add(s, wide), s), null])[0]
      }),
    "nested-loops": () =>
      traceNow([f32(4), f32()], (c, x) => {
        const wide = lc.broadcastTo(x, [4])
        const inner = (s: typeof c) => scan(s, null, (t) => [mul(t, wide), null], { length: 3 })[0]
        return lc.whileLoop(
          (s) => lc.lt(lc.max(s), 9),
          (s) => inner(inner(s)),
          c
        )
      }),
    "repeated-rows": () =>
      traceNow([f32(3), f32(5, 3)], (c, xs) =>
        lc.grad((w: typeof c) => lc.mean(scan(c, xs, (s, x) => [lc.tanh(add(mul(s, w), x)), s])[1]))(c)
      ),
    stored: () =>
      traceNow([f32(4), f32(), f32(4, 4)], (c, x, w) => {
        const [wide, matrix] = [lc.broadcastTo(x, [4]), lc.broadcastTo(x, [4, 4])]
        return scan(c, null, (s) => [lc.matmul(add(matrix, w), s), wide], { length: 3 })
      })
  },
  carries: {
    "shifted-input": () =>
      traceNow([f32(), lc.i32(), f32(100_000)], (x, steps, xs) =>
        scan(
          { average: x, before: x, earlier: x },
          xs,
          (s, row) => {
            const average = add(mul(s.average, 0.9), lc.tanh(lc.sub(s.before, s.earlier)))
            return [{ average, before: row, earlier: s.before }, average]
          },
          { length: steps, reverse: true }
        )
      )
  },
  distribution: {
    mixture: () =>
      traceNow([f32(), lc.i32(100_000)], (x, xs) =>
        scan({ count: lc.scalar(0, "i32"), state: x }, xs, ({ count, state }, row) => {
          const next = add(count, row)
          const pull = lc.tanh(lc.exp(lc.convert(next, "f32")))
          return [{ count: next, state: mul(state, lc.sub(pull, state)) }, [pull, state]]
        })
      )
  },
  reductions: {
    softmax: () => traceNow([f32(64, 512)], (x) => lc.softmax(x))
  },
  blocks: {
    factor: () => traceNow([f32(70, 70)], (a) => lc.cholesky(a))
  },
  recurrence: {
    rotation: () =>
      traceNow([f32(), f32(), f32(100)], (x, y, xs) =>
        scan(
          { x, y },
          xs,
          (s, push) => {
            const turned = lc.sub(mul(s.x, 0.8), mul(s.y, 0.6))
            return [{ x: turned, y: add(mul(s.x, 0.6), add(mul(s.y, 0.8), push)) }, turned]
          },
          { reassociate: true }
        )
      )
  }
} as const
