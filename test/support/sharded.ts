import {
  abs,
  add,
  allGather,
  allToAll,
  arange,
  axisIndex,
  convert,
  f32,
  fori,
  i32,
  lt,
  matmul,
  max,
  mean,
  mul,
  pmax,
  pmean,
  pmin,
  ppermute,
  psum,
  psumScatter,
  ring,
  scan,
  sharding,
  shardMap,
  sin,
  sub,
  sum,
  type Tensor,
  transpose,
  vmap,
  whileLoop,
  withSharding
} from "../../pjrt/loopcarry.ts"
import { type Any, across, grid, type Ints, line, rows, type Sharded, tiles } from "./meshes.ts"
import { shardedDerivatives } from "./sharded-derivatives.ts"

export type { Sharded } from "./meshes.ts"

/** Programs of 4 and of 8 devices: collectives, loops around and in them, derivatives, batches. */
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
  ...shardedDerivatives,
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
