/** What the editor must know of meshes and of programs of several devices. This file compiles, or the type check fails. */
import type * as Effect from "effect/Effect"
import { expectTypeOf } from "vitest"
import type { DeviceArray, DeviceAxis, Mesh, Tensor } from "../../pjrt/loopcarry.ts"
import * as lc from "../../pjrt/loopcarry.ts"

const { add, allGather, axisIndex, convert, f32, jit, mesh, psum, sharding, shardMap, sum, zeros } = lc

const grid = mesh({ x: 2, y: 4 })
expectTypeOf(grid).toEqualTypeOf<Mesh<{ readonly x: 2; readonly y: 4 }>>()

type Part = Tensor<"f32", readonly [number, 3]>

/** The axes come under their names; a sum over devices changes no shape; dimensions of the whole are not known. */
const total = shardMap(
  ({ x, y }, part: Part) => {
    expectTypeOf(x).toEqualTypeOf<DeviceAxis<"x", 2>>()
    expectTypeOf(y.size).toEqualTypeOf<4>()
    expectTypeOf(axisIndex(x)).toEqualTypeOf<Tensor<"i32", readonly []>>()
    expectTypeOf(psum(part, [x, y])).toEqualTypeOf<Part>()
    expectTypeOf(psum({ a: part, n: null }, x)).toEqualTypeOf<{ readonly a: Part; readonly n: null }>()
    expectTypeOf(allGather(part, y)).toExtend<Tensor<"f32">>()
    return { sum: psum(sum(part, 0), x), place: add(convert(axisIndex(x), "f32"), 1) }
  },
  { mesh: grid, in: sharding(grid, ["x", "y"], null), out: null }
)
const made = total(zeros([8, 3], "f32"))
expectTypeOf(made.sum).toEqualTypeOf<Tensor<"f32", readonly [number]>>()
expectTypeOf(made.place).toEqualTypeOf<Tensor<"f32", readonly []>>()

const run = jit([f32(8, 3)], (x) => total(x).sum, { in: [sharding(grid, ["x", "y"])], out: sharding(grid) })
expectTypeOf<Effect.Success<ReturnType<typeof run>>>().toEqualTypeOf<DeviceArray<"f32", readonly [number]>>()
