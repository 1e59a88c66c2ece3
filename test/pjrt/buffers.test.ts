import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { describe, expect, it } from "vitest"
import { callsInFlight } from "../../native/api.ts"
import { HostMemory } from "../../native/memory.ts"
import { Backend } from "../../pjrt/backend/backend.ts"
import { OutOfMemory } from "../../pjrt/backend/errors.ts"
import { add, f32, i32, jit, mul, put } from "../../pjrt/loopcarry.ts"
import { describeMemory } from "../../pjrt/plugin/memory.ts"
import { plugins } from "../support/plugins.ts"
import { failure, onDevice } from "../support/run.ts"

describe.each(plugins)("arrays on PJRT $api", ({ path }) => {
  const run = onDevice(`plugin:${path}`, { virtualDevices: 2 })

  it("leave memory that is given with them when the plugin has read it, and not before, though nobody waits", () =>
    run(
      Effect.gen(function* () {
        const backend = yield* Backend
        const scope = yield* Effect.scope
        const length = 1 << 26
        // With so many axes they are copied on another thread, as all large arrays are that go to another device's memory.
        const shape = [...Array.from({ length: 64 }, () => 1), length]
        const memory = HostMemory.allocate(length)!
        const putting = Effect.runFork(
          backend.put({ dtype: "u8", shape, bytes: memory.bytes, memory }, scope)
        )
        expect(callsInFlight()).toBeGreaterThan(0)
        // The plugin's word that it has read comes in a later turn of the event loop.
        putting.interruptUnsafe()
        // What has been freed is given to the next who asks for as much.
        const next = HostMemory.allocate(length)!
        expect(next.address).not.toBe(memory.address)
        const again = yield* Effect.repeat(
          Effect.delay(
            Effect.sync(() => {
              const found = HostMemory.allocate(length)!
              found.free()
              return found.address
            }),
            20
          ),
          { until: (address) => address === memory.address }
        )
        expect(again).toBe(memory.address)
        next.free()
      })
    ))

  it("read in place while it is still being written, and released meanwhile, is kept for that", () =>
    run(
      Effect.gen(function* () {
        const backend = yield* Backend
        const scope = yield* Effect.scope
        const length = 1 << 26
        const array = { dtype: "u8", shape: [length], bytes: new Uint8Array(length).fill(3) } as const
        const x = yield* backend.put(array, scope)
        for (let i = 0; i < 3; i++) {
          const y = yield* backend.copy(x, backend.devices[1]!, scope)
          const viewing = Effect.runFork(y.view)
          y.release()
          expect((yield* Fiber.join(viewing))[length - 1]).toBe(3)
        }
      })
    ))

  it("are read in place, for as long as anything can reach them", () =>
    run(
      Effect.gen(function* () {
        const data = Float32Array.from({ length: 1000 }, (_, i) => i)
        const inner = yield* Scope.make()
        const x = yield* Effect.provideService(put(f32(1000), data), Scope.Scope, inner)
        const [a, b] = [yield* x.view, yield* x.view]
        expect(a).toEqual(data)
        expect(b.buffer).not.toBe(a.buffer)
        yield* Scope.close(inner, Exit.void)
        // The scope has let go of the array; its memory stays while `a` is there.
        expect(a.at(-1)).toBe(999)
        expect(yield* failure(x.view)).toMatchObject({ _tag: "BufferGone", reason: "released" })
        const scalar = yield* put(f32(), 3)
        expect(yield* scalar.view).toBe(3)
        const empty = yield* put(f32(0, 4), new Float32Array(0))
        expect((yield* empty.view).length).toBe(0)
      })
    ))

  it("that are read in place are not donated", () =>
    run(
      Effect.gen(function* () {
        const step = jit([f32(4)], (x) => add(x, 1), { donate: [0] })
        const x = yield* put(f32(4), [1, 2, 3, 4])
        const seen = yield* x.view
        const error = yield* failure(step(x))
        expect(error).toMatchObject({ _tag: "ArgumentError" })
        expect(error.message).toContain("an array read in place with view still shows its memory")
        expect([...seen]).toEqual([1, 2, 3, 4])
        const pair = jit([f32(4), f32(4)], (a, b) => add(a, b), { donate: [0] })
        const y = yield* put(f32(4), [1, 2, 3, 4])
        expect((yield* failure(pair(y, y))).message).toContain(
          "args[0] is to be donated, but it is given twice"
        )
        expect(yield* y.read).toEqual(Float32Array.of(1, 2, 3, 4))
      })
    ))

  it("are copied from device to device", () =>
    run(
      Effect.gen(function* () {
        const { devices, copy, device, put: putBytes } = yield* Backend
        const scope = yield* Effect.scope
        const x = yield* put(i32(2, 2), [
          [1, 2],
          [3, 4]
        ])
        const there = yield* copy(x.buffer, devices[1]!, scope)
        expect(there.device.name).toBe(devices[1]!.name)
        yield* x.release
        expect([...new Int32Array((yield* there.bytes).buffer)]).toEqual([1, 2, 3, 4])
        const back = yield* copy(there, device, scope)
        expect([...new Int32Array((yield* back.bytes).buffer)]).toEqual([1, 2, 3, 4])
        const direct = yield* putBytes(
          { dtype: "i32", shape: [1], bytes: new Uint8Array(4) },
          scope,
          devices[1]
        )
        expect(direct.device.name).toBe(devices[1]!.name)
        expect(yield* failure(copy(x.buffer, device, scope))).toMatchObject({ _tag: "BufferGone" })
        const moon = { ...device, id: 99, name: "cpu:99" }
        expect(yield* failure(copy(there, moon, scope))).toMatchObject({ _tag: "ArgumentError" })
      })
    ))

  it("that are large are the caller's own copy, also where their program takes them over while it runs", () =>
    run(
      Effect.gen(function* () {
        const length = 1 << 21
        const sum = jit([f32(length)], (x) => add(x, 1))
        const taking = jit([f32(length)], (x) => add(x, 1), { donate: [0] })
        const data = new Float32Array(length).fill(1)
        const x = yield* put(f32(length), data)
        data.fill(7)
        const first = yield* taking(x)
        const second = yield* taking(first)
        const others = yield* Effect.all(
          Array.from({ length: 4 }, () => sum(data)),
          { concurrency: "unbounded" }
        )
        expect((yield* second.read).every((value) => value === 3)).toBe(true)
        for (const other of others) expect((yield* other.read).every((value) => value === 8)).toBe(true)
      })
    ))

  it("that are large leave their memory with their scope", () =>
    run(
      Effect.gen(function* () {
        const length = 1 << 24
        const data = new Float32Array(length)
        const step = jit([f32(length)], (x) => add(x, 1))
        const used = (rounds: number) =>
          Effect.gen(function* () {
            for (let i = 0; i < rounds; i++)
              yield* Effect.scoped(Effect.flatMap(put(f32(length), data), (x) => step(x)))
          })
        yield* used(2)
        const rss = () => process.memoryUsage().rss
        const before = rss()
        yield* used(16)
        // Sixteen of them, and of their results, are 2 GiB.
        yield* Effect.promise(() => expect.poll(rss).toBeLessThan(before + 2 ** 29))
      })
    ))

  it("are listed while they are held", () =>
    run(
      Effect.gen(function* () {
        const { device, memory } = yield* Backend
        const before = (yield* memory(device)).arrays.length
        const x = yield* put(f32(100, 100), new Float32Array(10_000))
        const y = yield* jit([f32(100, 100)], (a) => mul(a, 2))(x)
        expect((yield* memory(device)).arrays.slice(0, 2)).toEqual(
          [0, 1].map(() => ({ dtype: "f32", shape: [100, 100], bytes: 40_000 }))
        )
        yield* x.release
        yield* y.release
        expect((yield* memory(device)).arrays).toHaveLength(before)
      })
    ))

  it("too large for memory: says what was asked, and what is held", () =>
    run(
      Effect.gen(function* () {
        const { compile } = yield* Backend
        const scope = yield* Effect.scope
        yield* put(f32(64, 64), new Float32Array(4096))
        const huge = `tensor<${2 ** 40}xf32>`
        const code = `module { func.func public @main() -> ${huge} {
  %x = stablehlo.constant dense<1.0> : tensor<f32>
  %y = stablehlo.broadcast_in_dim %x, dims = [] : (tensor<f32>) -> ${huge}
  return %y : ${huge}
} }`
        const executable = yield* compile({ code, inputs: [] })
        // Older plugins may begin the run and find out on their way: then it is the result that has failed.
        const running = Effect.flatMap(executable.run([], scope), ([result]) => result!.bytes)
        const error = yield* failure(running)
        expect(error).toBeInstanceOf(OutOfMemory)
        expect(error.message).toMatch(/has no memory for (a program's results|reading f32)/)
        expect(error.message).toContain("4398046511104 bytes")
        expect((error as OutOfMemory).held).toContain("f32[64,64] (16 KiB)")
        expect((error as OutOfMemory).hint).toContain("release")
      })
    ))
})

describe("a donation that the plugin refuses", () => {
  const run = onDevice("cpu")

  it("leaves the array with its owner", () =>
    run(
      Effect.gen(function* () {
        const { compile, put: putBytes } = yield* Backend
        const scope = yield* Effect.scope
        const code = `module { func.func public @main(%x: tensor<4xf32> {jax.buffer_donor = true}) -> tensor<4xf32> {
  %y = stablehlo.add %x, %x : tensor<4xf32>
  return %y : tensor<4xf32>
} }`
        // Told another parameter than there is, we let pass what only the plugin refuses.
        const inputs = [{ dtype: "f32", shape: [2] }] as const
        const misled = yield* compile({ code, donated: [0], inputs })
        const wrong = yield* putBytes({ dtype: "f32", shape: [2], bytes: new Uint8Array(8) }, scope)
        expect(yield* failure(misled.run([wrong], scope))).toMatchObject({ _tag: "RunError" })
        expect((yield* wrong.bytes).length).toBe(8)
        const right = yield* putBytes({ dtype: "f32", shape: [4], bytes: new Uint8Array(16) }, scope)
        yield* (yield* compile({ code, donated: [0] })).run([right], scope)
        expect(yield* failure(right.bytes)).toMatchObject({ _tag: "BufferGone", reason: "donated" })
      })
    ))
})

describe("what memory holds, in words", () => {
  it("names the largest, together where they are alike", () => {
    const array = (shape: ReadonlyArray<number>, bytes: number) => ({ dtype: "f32" as const, shape, bytes })
    const arrays = [array([1024], 4096), array([1024], 4096), array([3], 12)]
    expect(
      describeMemory({ inUse: 2 ** 30, peak: undefined, limit: 2 ** 34, largestFreeBlock: undefined, arrays })
    ).toBe("3 arrays hold 8.0 KiB: 2 of f32[1024] (8 KiB), f32[3] (12 bytes); 1 GiB are in use of 16 GiB")
  })
})
