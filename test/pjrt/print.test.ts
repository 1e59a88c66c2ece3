import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Device from "../../pjrt/device/device.ts"
import {
  add,
  arange,
  cond,
  debugPrint,
  f32,
  fori,
  gt,
  i32,
  jit,
  matmul,
  mesh,
  mul,
  scan,
  sharding,
  shardMap,
  type Tensor,
  valueAndGrad,
  vmap
} from "../../pjrt/loopcarry.ts"
import { plugins } from "../support/plugins.ts"

type Scalar = Tensor<"f32", readonly []>

/** Runs an effect on a device and gives what was printed beside its result. */
const listening = async <A>(
  device: string,
  effect: Effect.Effect<A, unknown, never>,
  options: Device.DeviceOptions = {}
): Promise<readonly [A, ReadonlyArray<string>]> => {
  const said: Array<string> = []
  const result = await Effect.runPromise(
    Effect.scoped(
      Effect.provide(effect, Device.layer(device, { ...options, print: (text) => said.push(text) }))
    )
  )
  return [result, said]
}

const running = jit([f32()], (start) =>
  scan(start, arange(4, "f32"), (carry, x) => {
    const next = debugPrint("next", add(carry, x))
    return [next, x]
  })
)

const everywhere = ["reference", ...plugins.map(({ path }) => `plugin:${path}`)]

describe.each(everywhere)("debugPrint on %s", (device) => {
  it("prints at each step of a scan, in order", async () => {
    const program = Effect.flatMap(running(1), ([last]) => last.read)
    const [last, said] = await listening(device, program as never)
    expect(last).toBe(7)
    expect(said).toEqual(["next: f32[] 1", "next: f32[] 2", "next: f32[] 4", "next: f32[] 7"])
  })

  it("shows arrays, and what is no text in a label", async () => {
    const shown = jit([f32(2, 3), i32(2)], (x, y) => [debugPrint('a "b" \\ ü', x), debugPrint("y", y)])
    const program = Effect.flatMap(shown(Float32Array.of(1, 2, 3, 4, 5, Number.NaN), [1, 2]), ([a]) => a.read)
    const [, said] = await listening(device, program as never)
    expect([...said].sort()).toEqual(['a "b" \\ ü: f32[2,3]\n  1 2 3\n  4 5 NaN', "y: i32[2] 1 2"])
  })

  it("prints values, not derivatives; a batch as a whole; a branch where it is taken", async () => {
    const sloped = jit([f32()], (x) => valueAndGrad((y: Scalar) => mul(debugPrint("y", y), y))(x))
    const [, once] = await listening(device, Effect.flatMap(sloped(3), ([v]) => v.read) as never)
    expect(new Set(once)).toEqual(new Set(["y: f32[] 3"]))
    const many = jit([f32(3)], (x) => vmap((y: Scalar) => debugPrint("all", mul(y, 2)))(x))
    const [, batch] = await listening(device, Effect.flatMap(many([1, 2, 3]), (v) => v.read) as never)
    expect(batch).toEqual(["all: f32[3] 2 4 6"])
    const branch = jit([f32()], (x) =>
      cond(
        gt(x, 0),
        () => debugPrint("up", mul(x, 2)),
        () => debugPrint("down", x)
      )
    )
    const [, taken] = await listening(device, Effect.flatMap(branch(1), (v) => v.read) as never)
    expect(taken).toEqual(["up: f32[] 2"])
  })
})

describe("debugPrint", () => {
  it("comes from a process of its own", async () => {
    const program = Effect.flatMap(running(1), ([last]) => last.read)
    const [, said] = await listening("cpu", program as never, { isolate: true })
    expect(said).toHaveLength(4)
  })

  it("prints each device's part", async () => {
    const line = mesh({ x: 4 })
    const rows = sharding(line, "x")
    const each = jit([f32(8)], (a) =>
      shardMap((_, part: Tensor<"f32", readonly [number]>) => mul(debugPrint("part", part), 2), {
        mesh: line,
        in: rows,
        out: rows
      })(a)
    )
    const program = Effect.flatMap(each([0, 1, 2, 3, 4, 5, 6, 7]), (v) => v.read)
    const [, said] = await listening("cpu", program as never, { virtualDevices: 4 })
    expect([...said].sort()).toEqual([0, 2, 4, 6].map((from) => `part: f32[2] ${from} ${from + 1}`))
  })

  it("prints a divided array once, whole", async () => {
    const line = mesh({ x: 4 })
    const rows = sharding(line, "x")
    const doubled = jit([f32(8)], (a) => debugPrint("all", mul(a, 2)), { in: [rows], out: rows })
    const program = Effect.flatMap(doubled([0, 1, 2, 3, 4, 5, 6, 7]), (v) => v.read)
    const [result, said] = await listening("cpu", program as never, { virtualDevices: 4 })
    expect(said).toEqual(["all: f32[8] 0 2 4 6 8 10 12 14"])
    expect(result).toEqual(Float32Array.of(0, 2, 4, 6, 8, 10, 12, 14))
  })

  it("goes on beside other runs, thousands of times", async () => {
    const chatty = jit([f32()], (x) => fori(0, 2000, (_, carry) => debugPrint("c", add(carry, 1)), x))
    const busy = jit([f32(64, 64)], (x) => matmul(x, x))
    const data = new Float32Array(64 * 64).fill(1)
    const program = Effect.gen(function* () {
      const some = Effect.gen(function* () {
        for (let i = 0; i < 100; i++) yield* (yield* busy(data)).read
      })
      const [a, b] = yield* Effect.all([chatty(0), chatty(5000), some, some], { concurrency: "unbounded" })
      return [yield* a.read, yield* b.read]
    })
    const [ends, said] = await listening("cpu", program as never)
    expect(ends).toEqual([2000, 7000])
    expect(said).toHaveLength(4000)
  })
})
