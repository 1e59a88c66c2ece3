import type { Specs } from "../../dsl/spec.ts"
import {
  abs,
  add,
  allGather,
  allToAll,
  arange,
  axisIndex,
  concatenate,
  convert,
  cos,
  div,
  f32,
  fori,
  grad,
  i32,
  jvp,
  lt,
  matmul,
  max,
  mean,
  mesh,
  mul,
  pmax,
  pmean,
  pmin,
  ppermute,
  psum,
  psumScatter,
  ring,
  type Sharding,
  type Shardings,
  scan,
  sharding,
  shardMap,
  sin,
  slice,
  sub,
  sum,
  type Tensor,
  transpose,
  vmap,
  whileLoop,
  withSharding
} from "../../pjrt/loopcarry.ts"

/** A function of whole arrays that a mesh of devices works out, with how its arguments lie. */
export interface Sharded {
  readonly specs: ReadonlyArray<Specs>
  readonly fn: (...args: ReadonlyArray<never>) => unknown
  readonly in?: Shardings
  readonly out?: Shardings
  /** How many devices it takes, where that is not four. */
  readonly devices?: 8
  /** The same in plain words, without devices: what derivatives are held against, whose rules know of devices. */
  readonly plain?: (...args: ReadonlyArray<never>) => unknown
}

type Any = Tensor<"f32">
type Ints = Tensor<"i32">
type Matrix = Tensor<"f32", readonly [number, number]>
type Row = Tensor<"f32", readonly [number]>

export const line = mesh({ x: 4 })
export const grid = mesh({ x: 2, y: 4 })

const rows: Sharding = sharding(line, "x")
const tiles = sharding(grid, "x", "y")
const across = sharding(grid, null, ["y", "x"])

/** Programs of 4 devices, then of 8: collectives, loops around and in them, derivatives, batches. */
export const sharded: Readonly<Record<string, Sharded>> = {
  total: {
    specs: [f32(8, 3)],
    fn: (a: Any) =>
      shardMap(({ x }, part: Any) => psum(sum(part, 0), x), { mesh: line, in: rows, out: null })(a),
    in: [rows]
  },
  "greatest, least, mean": {
    specs: [f32(8)],
    fn: (a: Any) =>
      shardMap(
        ({ x }, part: Any) => ({
          most: pmax(max(part), x),
          least: pmin(part, x),
          mean: pmean(mean(part), x)
        }),
        { mesh: line, in: rows, out: { most: null, least: null, mean: null } }
      )(a)
  },
  "a ring": {
    specs: [f32(8, 2)],
    fn: (a: Any) =>
      shardMap(({ x }, part: Any) => [ppermute(part, x, ring(x)), ppermute(part, x, [[0, 2]])], {
        mesh: line,
        in: rows,
        out: rows
      })(a),
    in: [rows],
    out: rows
  },
  "gathered and scattered": {
    specs: [f32(8, 4)],
    fn: (a: Any) =>
      shardMap(
        ({ x }, part: Any) => {
          const all = allGather(part, x, { tiled: true })
          const stacked = allGather(part, x)
          return [psumScatter(mul(all, add(convert(axisIndex(x), "f32"), 1)), x), sum(stacked, 1)]
        },
        { mesh: line, in: rows, out: [rows, null] }
      )(a)
  },
  "all to all": {
    specs: [f32(8, 4)],
    fn: (a: Any) =>
      shardMap(({ x }, part: Any) => allToAll(part, x, { split: 1, concat: 0 }), {
        mesh: line,
        in: rows,
        out: sharding(line, null, "x")
      })(a)
  },
  places: {
    devices: 8,
    specs: [i32(8)],
    fn: (a: Ints) =>
      shardMap(({ x, y }, part: Ints) => add(mul(part, 100), mul(axisIndex(x), 10), axisIndex(y)), {
        mesh: grid,
        in: sharding(grid, ["x", "y"]),
        out: sharding(grid, ["x", "y"])
      })(a)
  },
  "two axes": {
    devices: 8,
    specs: [f32(4, 8)],
    fn: (a: Any) =>
      shardMap(
        ({ x, y }, part: Any) => [
          psum(part, y),
          psum(part, x),
          psum(part, [x, y]),
          psum(psum(sum(part), y), x)
        ],
        {
          mesh: grid,
          in: tiles,
          out: [sharding(grid, "x", null), sharding(grid, null, "y"), null, null]
        }
      )(a),
    in: [tiles]
  },
  "divided by two axes at once": {
    devices: 8,
    specs: [f32(2, 16)],
    fn: (a: Any) =>
      shardMap(({ y }, part: Any) => psum(mul(part, 2), y), {
        mesh: grid,
        in: across,
        out: sharding(grid, null, "x")
      })(a),
    in: [across]
  },
  "a constant's sum": {
    specs: [f32(8)],
    fn: (a: Any) =>
      shardMap(({ x }, part: Any) => mul(part, psum(arange(2, "f32"), x)), {
        mesh: line,
        in: rows,
        out: rows
      })(a)
  },
  "a scan of collectives": {
    specs: [f32(8), f32(3)],
    fn: (a: Any, steps: Any) =>
      shardMap(
        ({ x }, part: Any, s: Any) =>
          scan(part, s, (carry, step) => {
            const moved = ppermute(carry, x, ring(x, -1))
            const next = add(mul(moved, step), psum(mean(carry), x))
            return [next, sum(next)]
          }),
        { mesh: line, in: [rows, null], out: [rows, null] }
      )(a, steps)[0]
  },
  "a scan around": {
    specs: [f32(8)],
    fn: (a: Any) =>
      fori(
        0,
        3,
        (_, carry: Any) =>
          shardMap(({ x }, part: Any) => sub(part, psum(sum(part), x)), { mesh: line, in: rows, out: rows })(
            carry
          ),
        a
      )
  },
  "a while loop": {
    specs: [f32(8)],
    fn: (a: Any) =>
      shardMap(
        ({ x }, part: Any) =>
          whileLoop(
            ({ t }) => lt(t, 100) as never,
            ({ t, v }) => ({ t: add(t, psum(sum(v), x)), v: mul(v, 2) }),
            { t: psum(sum(abs(part)), x), v: abs(part) }
          ),
        { mesh: line, in: rows, out: { t: null, v: rows } }
      )(a)
  },
  "a captured tensor": {
    specs: [f32(8, 3), f32(3)],
    fn: (a: Any, w: Any) =>
      shardMap(({ x }, part: Any) => psum(sum(mul(part, sin(w)), 0), x), {
        mesh: line,
        in: rows,
        out: null
      })(a)
  },
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
  },
  "a batch": {
    specs: [f32(3, 8)],
    fn: (a: Any) =>
      vmap((each: Any) =>
        shardMap(({ x }, part: Any) => [sub(part, psum(sum(part), x)), allGather(part, x, { tiled: true })], {
          mesh: line,
          in: rows,
          out: [rows, null]
        })(each)
      )(a as never)
  },
  "no shardMap": {
    specs: [f32(8, 4), f32(4, 6)],
    fn: (a: Any, b: Any) => {
      const product = matmul(a as Tensor<"f32", readonly [8, 4]>, b as Tensor<"f32", readonly [4, 6]>)
      const placed = withSharding(product, sharding(line, null, null))
      return [withSharding(sin(placed), rows), transpose(placed)]
    },
    in: [rows, sharding(line, null, null)]
  }
}
