import {
  allGather,
  allToAll,
  concatenate,
  cos,
  div,
  f32,
  grad,
  jvp,
  matmul,
  mean,
  mul,
  pmean,
  ppermute,
  psum,
  psumScatter,
  sharding,
  shardMap,
  sin,
  slice,
  sum,
  type Tensor
} from "../../pjrt/loopcarry.ts"
import { type Any, line, type Matrix, type Row, rows, type Sharded } from "./meshes.ts"

/** Derivatives of programs of four devices, with the same in plain words. */
export const shardedDerivatives: Readonly<Record<string, Sharded>> = {
  "a gradient within": {
    specs: [f32(8, 3), f32(3)],
    fn: (a: Any, w: Any) =>
      shardMap(
        ({ x }, part: Any, weights: Any) =>
          pmean(
            grad((each: Any) =>
              mean(
                sin(
                  matmul(
                    part as Tensor<"f32", readonly [number, number]>,
                    each as Tensor<"f32", readonly [number]>
                  )
                ) as never
              )
            )(weights),
            x
          ),
        { mesh: line, in: [rows, null], out: null }
      )(a, w),
    in: [rows, null],
    plain: (a: Any, w: Any) => grad((each: Any) => mean(sin(matmul(a as Matrix, each as Row))) as never)(w)
  },
  "a gradient through": {
    specs: [f32(8, 3), f32(3)],
    fn: (a: Any, w: Any) => {
      const loss = (data: Any, weights: Any) =>
        sum(
          shardMap(
            ({ x }, part: Any, each: Any) => {
              const local = sin(mul(part, each))
              return [psum(sum(local), x), mul(local, pmean(sum(part), x))]
            },
            { mesh: line, in: [rows, null], out: [null, rows] }
          )(data, weights)[1] as never
        )
      return grad(loss as never, { argnums: [0, 1] } as never)(a as never, w as never)
    },
    plain: (a: Any, w: Any) => {
      const loss = (data: Any, weights: Any) => sum(mul(sin(mul(data, weights)), div(sum(data), 4)))
      return grad(loss as never, { argnums: [0, 1] } as never)(a as never, w as never)
    }
  },
  "gradients of moves": {
    specs: [f32(8, 4)],
    fn: (a: Any) => {
      const loss = (data: Any) => {
        const made = shardMap(
          ({ x }, part: Any) => {
            const gathered = allGather(cos(part), x, { tiled: true })
            const scattered = psumScatter(mul(gathered, gathered), x)
            const turned = allToAll(scattered, x, { split: 1, concat: 0 })
            return mul(
              ppermute(turned, x, [
                [0, 1],
                [1, 0],
                [3, 2]
              ]),
              turned
            )
          },
          { mesh: line, in: rows, out: sharding(line, null, "x") }
        )(data)
        return sum(mul(made, made) as never)
      }
      return grad(loss as never)(a as never)
    },
    plain: (a: Any) => {
      const loss = (data: Any) => {
        const t = mul(cos(data), cos(data), 4) as Tensor<"f32", readonly [8, 4]>
        const column = (i: number) => slice(t, [0, i], [8, i + 1])
        const moved = concatenate([column(1), column(0), column(3), mul(column(0), 0)], 1)
        const made = mul(moved as Any, t)
        return sum(mul(made, made))
      }
      return grad(loss as never)(a as never)
    }
  },
  "a second derivative": {
    specs: [f32(8)],
    fn: (a: Any) => {
      const loss = (data: Any) =>
        shardMap(({ x }, part: Any) => psum(sum(mul(sin(part), part, psum(sum(part), x))), x), {
          mesh: line,
          in: rows,
          out: null
        })(data)
      return jvp((p: Any) => grad(loss as never)(p as never) as Any, [a], [a])[1]
    },
    plain: (a: Any) => {
      const loss = (data: Any) => sum(mul(sin(data), data, sum(data)))
      return jvp((p: Any) => grad(loss as never)(p as never) as Any, [a], [a])[1]
    }
  }
}
