import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { meshSize } from "../../dsl/mesh.ts"
import { meshOf } from "../../dsl/mesh-of.ts"
import { traceNow } from "../../dsl/trace.ts"
import { verify } from "../../dsl/verifier.ts"
import {
  f32,
  grad,
  jit,
  mesh,
  pmax,
  ppermute,
  psum,
  put,
  read,
  sharding,
  shardMap,
  sum,
  type Tensor,
  withSharding
} from "../../pjrt/loopcarry.ts"
import { plugins } from "../support/plugins.ts"
import { failure, onDevice, thrown } from "../support/run.ts"
import { type Sharded, sharded } from "../support/sharded.ts"

/** What jax.shard_map gives for the same programs and numbers. */
const fixtures: { readonly programs: Readonly<Record<string, ReadonlyArray<ReadonlyArray<number>>>> } =
  JSON.parse(readFileSync(new URL("../fixtures/sharded.json", import.meta.url), "utf8"))

/** Some numbers for each argument. */
const data = (shape: ReadonlyArray<number>, seed: number, whole: boolean) => {
  const length = shape.reduce((a, b) => a * b, 1)
  const at = (i: number) => (whole ? i : Math.sin(seed + 1.7 * i))
  return whole ? Int32Array.from({ length }, (_, i) => at(i)) : Float32Array.from({ length }, (_, i) => at(i))
}

const argsOf = ({ specs }: Sharded) =>
  specs.map((spec, i) => {
    const { shape, dtype } = spec as unknown as { shape: ReadonlyArray<number>; dtype: string }
    return data(shape, i, dtype === "i32")
  })

const jitted = (one: Sharded) =>
  jit(one.specs as never, one.fn as never, {
    ...(one.in === undefined ? {} : { in: one.in }),
    ...(one.out === undefined ? {} : { out: one.out })
  }) as unknown as (...args: ReadonlyArray<unknown>) => Effect.Effect<never, never, never>

/** All numbers of a tree of results. */
const flat = (tree: unknown): ReadonlyArray<number> => {
  if (typeof tree === "number") return [tree]
  if (ArrayBuffer.isView(tree)) return Array.from(tree as unknown as Iterable<number>)
  return Object.values(tree as object).flatMap(flat)
}

const alike = (made: ReadonlyArray<number>, wanted: ReadonlyArray<number>) => {
  expect(made.length).toBe(wanted.length)
  made.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-4 * (1 + Math.abs(wanted[i]!)))
  })
}

const result = (one: Sharded) =>
  Effect.map(
    Effect.flatMap(jitted(one)(...argsOf(one)), (made) => read(made)),
    flat
  )

describe.each(plugins)("programs of several devices on PJRT $api", ({ path }) => {
  const run = onDevice(`plugin:${path}`, { virtualDevices: 8 })
  const reference = onDevice("reference")

  it.each(Object.entries(sharded))("%s: as one device has it", async (_, one) => {
    alike(await run(result(one)), await reference(result(one)))
  })

  it.each(Object.entries(sharded))("%s: as JAX has it", async (name, one) => {
    alike(await run(result(one)), fixtures.programs[name]!.flat())
  })

  it.each(Object.entries(sharded).filter(([, { plain }]) => plain !== undefined))(
    "%s: as without devices",
    async (_, { specs, plain, ...one }) => {
      alike(await run(result({ ...one, specs })), await reference(result({ specs, fn: plain! })))
    }
  )
})

describe("programs of several devices", () => {
  it.each(Object.entries(sharded))("%s keeps the rules of programs", (_, { specs, fn }) => {
    const { program } = traceNow(specs as never, fn as never)
    verify(program)
    expect([4, 8]).toContain(meshSize(meshOf(program, [])!))
  })
})

describe("what does not fit a mesh", () => {
  const m = mesh({ x: 4 })
  const rows = sharding(m, "x")
  const identity = (part: Tensor<"f32">) => part
  const run = onDevice("cpu", { virtualDevices: 4 })

  it.each([
    ["an axis without devices", () => mesh({ x: 0 }), "mesh: axis x has 0 devices"],
    ["no axis", () => mesh({}), "mesh: there is no axis"],
    ["an axis that the mesh has not", () => sharding(m, "y" as "x"), "the mesh {x: 4} has no axis y"],
    ["an axis named twice", () => sharding(m, "x", "x"), "a mesh axis is named twice"],
    [
      "an array that does not divide",
      () =>
        traceNow([f32(7)], (a) =>
          shardMap((_, p: Tensor<"f32">) => identity(p), { mesh: m, in: rows, out: rows })(a)
        ),
      "shardMap: axis 0 of f32[7] cannot be divided among 4 devices (x of the mesh {x: 4})"
    ],
    [
      "a sharding of too many axes",
      () => traceNow([f32(8)], (a) => withSharding(a, sharding(m, null, "x"))),
      "a sharding of 2 axes is given for f32[8]"
    ],
    [
      "a sharding of another mesh",
      () =>
        traceNow([f32(8)], (a) =>
          shardMap((_, p: Tensor<"f32">) => identity(p), {
            mesh: m,
            in: sharding(mesh({ z: 2 }), "z"),
            out: null
          })(a)
        ),
      "a sharding in in is of the mesh {z: 2}, not of {x: 4}"
    ],
    [
      "a device that sends twice",
      () =>
        traceNow([f32(8)], (a) =>
          shardMap(
            ({ x }, p: Tensor<"f32">) =>
              ppermute(p, x, [
                [0, 1],
                [0, 2]
              ]),
            { mesh: m, in: rows, out: rows }
          )(a)
        ),
      "ppermute: a device sends twice"
    ],
    [
      "a device that is not there",
      () =>
        traceNow([f32(8)], (a) =>
          shardMap(({ x }, p: Tensor<"f32">) => ppermute(p, x, [[0, 4]]), { mesh: m, in: rows, out: rows })(a)
        ),
      "there is no device 4 along x"
    ],
    [
      "a derivative of what has none",
      () =>
        traceNow([f32(8)], (a) =>
          grad((p: Tensor<"f32", readonly [8]>) =>
            sum(
              shardMap(({ x }, each: Tensor<"f32">) => pmax(each, x), { mesh: m, in: rows, out: null })(
                p
              ) as unknown as Tensor<"f32", readonly [2]>
            )
          )(a)
        ),
      "pmax: it has no derivative"
    ]
  ])("%s", (_, make, said) => {
    expect(thrown(make).message).toContain(said)
  })

  it("an axis used outside of its shardMap is a leaked tensor", () => {
    expect(
      thrown(() =>
        traceNow([f32(8)], (a) => {
          let leaked: Parameters<typeof psum>[1] | undefined
          shardMap(
            ({ x }, p: Tensor<"f32">) => {
              leaked = x
              return p
            },
            { mesh: m, in: rows, out: rows }
          )(a)
          return psum(a, leaked!)
        })
      ).message
    ).toContain("is used after that function was traced")
  })

  it("two meshes in one program", async () => {
    const other = mesh({ z: 4 })
    const both = jit([f32(8)], (a) => withSharding(a, sharding(other, "z")), { in: [rows] })
    const error = await run(failure(both(new Float32Array(8))))
    expect(error.message).toContain("one program names two meshes, {x: 4} and {z: 4}")
  })

  it("more devices than there are", async () => {
    const wide = mesh({ x: 8 })
    const program = jit([f32(8)], (a) => withSharding(a, sharding(wide, "x")))
    const error = await run(failure(program(new Float32Array(8))))
    expect(error).toMatchObject({
      _tag: "DeviceUnavailable",
      hint: "a CPU can be split: --virtual-devices 8"
    })
    expect(error.message).toContain("needs 8 devices, but from cpu:0 on there are 4")
  })

  it("an array that lies otherwise, or belongs to a program for one device", () =>
    run(
      Effect.gen(function* () {
        const divided = yield* put(f32(8), new Float32Array(8), rows)
        const whole = jit([f32(8)], (a) => withSharding(a, rows))
        expect((yield* failure(whole(divided))).message).toContain('args[0] lies as [["x"]] on its mesh')
        const single = jit([f32(8)], (a) => a)
        expect((yield* failure(single(divided))).message).toContain("args[0] is divided among devices")
        expect((yield* failure(put(f32(7), new Float32Array(7), rows))).message).toContain(
          "cannot be divided among 4"
        )
        const shards = yield* jit([f32(8)], (a) => a, { in: [rows] })(divided)
        expect(yield* shards.read).toEqual(new Float32Array(8))
        expect(String(shards)).toBe("f32[8] on {x: 4}")
      })
    ))
})
