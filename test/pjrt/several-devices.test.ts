import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { describe, expect, it } from "vitest"
import { Backend, type ProgramSource } from "../../pjrt/backend/backend.ts"
import { cutTiles, joinTiles } from "../../pjrt/backend/tiling.ts"
import { readJaxExport } from "../../pjrt/formats/jax-export.ts"
import { compileFor, loadCompiled } from "../../pjrt/index.ts"
import { accelerators } from "../support/accelerators.ts"
import { manual, partitions, products, replicas, unattributed } from "../support/devices.ts"
import { plugins } from "../support/plugins.ts"
import { failure, onDevice, type Run } from "../support/run.ts"
import { onWorker } from "../support/worker.ts"

const floats = (...values: ReadonlyArray<number>) => new Uint8Array(Float32Array.from(values).buffer)
const numbers = (bytes: Uint8Array<ArrayBuffer>) => [...new Float32Array(bytes.buffer)]
const four = { dtype: "f32", shape: [4] } as const
const counting = Array.from({ length: 24 }, (_, i) => i)

/** What each device gives for what each is given. */
const runOn = (
  source: ProgramSource,
  given: ReadonlyArray<ReadonlyArray<number>>,
  shape: ReadonlyArray<number>
) =>
  Effect.gen(function* () {
    const backend = yield* Backend
    const scope = yield* Scope.Scope
    const executable = yield* backend.compile(source)
    const args = yield* Effect.forEach(given, (values, i) =>
      backend.put({ dtype: "f32", shape, bytes: floats(...values) }, scope, executable.devices[i])
    )
    const results = yield* executable.run(args, scope)
    const all = yield* Effect.forEach(results, ({ bytes }) => bytes)
    return { ids: executable.devices.map(({ id }) => id), all: all.map(numbers) }
  })

const ways: ReadonlyArray<{ readonly on: string; readonly open: (count: number) => Run }> = [
  ...plugins.map(({ api, path }) => ({
    on: `PJRT ${api}`,
    open: (count: number) => onDevice(`plugin:${path}`, { virtualDevices: count })
  })),
  {
    on: "a process of its own",
    open: (count) => onDevice("cpu", { virtualDevices: count, isolate: true })
  },
  {
    on: "a worker",
    open: (count) => {
      const worker = onWorker({ virtualDevices: count })
      return onDevice(() => worker.device)
    }
  }
]

describe.each(ways)("a program for several devices, on $on", ({ open }) => {
  describe("that has four", () => {
    const run = open(4)

    it.each(Object.entries(replicas))("runs as two replicas: %s", async (_, code) => {
      const given = [
        [1, 2, 3, 4],
        [10, 20, 30, 40]
      ]
      const { ids, all } = await run(runOn({ code }, given, [4]))
      expect(ids).toEqual([0, 1])
      expect(all).toEqual([
        [11, 22, 33, 44],
        [11, 22, 33, 44]
      ])
    })

    it("tells each replica its number", async () => {
      const code = `module attributes {mhlo.num_replicas = 3 : i32} { func.func public @main() -> tensor<f32> {
        %r = stablehlo.replica_id : tensor<ui32>
        %f = stablehlo.convert %r : (tensor<ui32>) -> tensor<f32>
        return %f : tensor<f32> } }`
      expect((await run(runOn({ code }, [], []))).all).toEqual([[0], [1], [2]])
    })

    it("runs as replicas of several partitions", async () => {
      const code = `module attributes {mhlo.num_replicas = 2 : i32, mhlo.num_partitions = 2 : i32} {
        func.func public @main(%x: tensor<4xf32> {mhlo.sharding = "{devices=[2]<=[2]}"}) -> (tensor<4xf32> {mhlo.sharding = "{devices=[2]<=[2]}"}) {
          %r = stablehlo.replica_id : tensor<ui32>
          %f = stablehlo.convert %r : (tensor<ui32>) -> tensor<f32>
          %b = stablehlo.broadcast_in_dim %f, dims = [] : (tensor<f32>) -> tensor<4xf32>
          %y = stablehlo.add %x, %b : tensor<4xf32>
          return %y : tensor<4xf32> } }`
      const halves = [
        [1, 2],
        [3, 4],
        [10, 20],
        [30, 40]
      ]
      expect((await run(runOn({ code }, halves, [2]))).all).toEqual([
        [1, 2],
        [3, 4],
        [11, 21],
        [31, 41]
      ])
    })

    it.each(Object.entries({ ...partitions, unattributed: unattributed.bytecode! }))(
      "runs as two partitions: %s",
      async (_, code) => {
        const parts = [counting.slice(0, 12), [...counting.slice(12, 20), 0, 0, 0, 0]]
        expect((await run(runOn({ code }, parts, [3, 4]))).all).toEqual([[190], [190]])
      }
    )
  })

  describe("that has one", () => {
    const run = open(1)

    it.each([
      ["replicas", replicas, "of 2 replicas and 1 partition, needs 2 devices, but from cpu:0 on there is 1"],
      [
        "partitions",
        partitions,
        "of 1 replica and 2 partitions, needs 2 devices, but from cpu:0 on there is 1"
      ],
      ["unattributed", unattributed, "of 1 replica and 2 partitions, needs 2 devices"]
    ])("is refused with the count: %s", async (_, forms, why) => {
      for (const code of Object.values(forms)) {
        const error = await run(Effect.flatMap(Backend, (backend) => failure(backend.compile({ code }))))
        expect(error).toMatchObject({
          _tag: "DeviceUnavailable",
          hint: "a CPU can be split: --virtual-devices 2"
        })
        expect(error.message).toContain(why)
      }
    })

    it("is refused without a hint that leads nowhere, where no CPU is split so far", async () => {
      const code = (replicas.text as string).replace("num_replicas = 2", "num_replicas = 5000")
      const error = await run(Effect.flatMap(Backend, (backend) => failure(backend.compile({ code }))))
      expect(error).toMatchObject({
        _tag: "DeviceUnavailable",
        hint: "a CPU is split into 4096 devices at most: write the program for fewer"
      })
    })

    it("is refused where it contradicts itself", async () => {
      const code = (replicas.text as string).replace("num_replicas = 2", "num_replicas = 1")
      const error = await run(Effect.flatMap(Backend, (backend) => failure(backend.compile({ code }))))
      expect(error).toMatchObject({ _tag: "CompileError", code: "INVALID_ARGUMENT" })
      expect(error.message).toContain("collectives are for 2 devices, but it is for 1 x 1")
    })
  })
})

describe.each(ways.filter(({ on }) => on !== "a worker"))(
  "how whole arrays lie, by the compiler, on $on",
  ({ open }) => {
    const run = open(4)
    const whole = { dtype: "f32", shape: [4, 6] } as const

    it.each(Object.entries({ products, manual }))("%s: as JAX has it", async (_, { file, text, outputs }) => {
      for (const code of [text, readJaxExport(file).module]) {
        const given = await run(
          Effect.gen(function* () {
            const backend = yield* Backend
            const scope = yield* Scope.Scope
            const executable = yield* backend.compile({ code })
            const { inputs, outputs: results } = yield* executable.tilings
            const parts = cutTiles(floats(...counting), whole, inputs[0]!)
            const args = yield* Effect.forEach(parts, (bytes, i) =>
              backend.put({ dtype: "f32", shape: [2, 3], bytes }, scope, executable.devices[i])
            )
            const made = yield* executable.run(args, scope)
            const bytes = yield* Effect.forEach(made, (each) => each.bytes)
            return outputs.map(({ shape }, i) => {
              const tiles = executable.devices.map((_, device) => bytes[device * outputs.length + i]!)
              return numbers(joinTiles(tiles, { dtype: "f32", shape }, results[i]!))
            })
          })
        )
        expect(given).toEqual(outputs.map(({ data }) => data))
      }
    })
  }
)

describe("a program for several devices, compiled ahead", () => {
  const run = onDevice("cpu", { virtualDevices: 2 })
  const lonely = onDevice("cpu", { virtualDevices: 1 })

  it("keeps its count", async () => {
    const { file, header } = await Effect.runPromise(compileFor({ code: replicas.text! }, "cpu"))
    expect(header.counts).toEqual({ replicas: 2, partitions: 1 })
    const sums = await run(
      Effect.gen(function* () {
        const backend = yield* Backend
        const scope = yield* Scope.Scope
        const { executable } = yield* loadCompiled(file)
        const args = yield* Effect.forEach(executable.devices, (device, i) =>
          backend.put({ ...four, bytes: floats(i, i, i, 7) }, scope, device)
        )
        const results = yield* executable.run(args, scope)
        return (yield* Effect.forEach(results, ({ bytes }) => bytes)).map(numbers)
      })
    )
    expect(sums).toEqual([
      [1, 1, 1, 14],
      [1, 1, 1, 14]
    ])
    expect((await lonely(failure(loadCompiled(file)))).message).toContain("needs 2 devices")
  })

  it.each(accelerators)("has its count for $target", async ({ target }) => {
    const { header } = await Effect.runPromise(compileFor({ code: replicas.text! }, target))
    expect(header.counts).toEqual({ replicas: 2, partitions: 1 })
    const tiles = await Effect.runPromise(compileFor({ code: partitions["StableHLO 0.9.0"]! }, target))
    expect(tiles.header.counts).toEqual({ replicas: 1, partitions: 2 })
  })

  it("is refused where the target has fewer", async () => {
    for (const { target } of accelerators.filter((each) => each.target.startsWith("tpu"))) {
      const code = (replicas.text as string).replace("num_replicas = 2", "num_replicas = 64")
      const error = await Effect.runPromise(failure(compileFor({ code }, target)))
      expect(error.message).toContain("needs 64 devices, but the target has 4")
    }
  })

  it("is refused where it contradicts itself", async () => {
    const code = (replicas.text as string).replace("num_replicas = 2", "num_replicas = 1")
    expect((await Effect.runPromise(failure(compileFor({ code }, "cpu")))).message).toContain(
      "collectives are for 2 devices"
    )
  })
})
