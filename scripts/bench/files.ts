import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Device from "../../pjrt/device/public.ts"
import { batches, loadTree, ndarray, prefetch, saveTree, writeSafetensors } from "../../pjrt/io/index.ts"
import { type DeviceArray, f32, type HostInput, jit, matmul, mul, put, sum } from "../../pjrt/loopcarry.ts"

/**
 * Loads safetensors files of 1 GB to the CPU device, beside plain reads of the same files in the same run, and runs a
 * loop with its uploads before its steps and ahead of them:
 * `tsx scripts/bench/files.ts [FOLDER]`. The files are in the system's cache.
 */
const folder = mkdtempSync(path.join(process.argv[2] ?? tmpdir(), "loopcarry-files-"))

const elements = 2 ** 28
const parts = 4
const specs = Array.from({ length: parts }, () => f32(elements / parts))

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const since = performance.now()
  await work()
  return (performance.now() - since) / 1000
}

const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

const main = Effect.gen(function* () {
  const arrays = specs.map((spec, i) =>
    ndarray(
      spec,
      new Float32Array(elements / parts).map((_, at) => at + i)
    )
  )
  const [ours, theirs] = ["tree.safetensors", "plain.safetensors"].map((name) => path.join(folder, name))
  const saving = yield* Effect.promise(() => seconds(() => Effect.runPromise(saveTree(ours!, arrays))))
  yield* writeSafetensors(theirs!, Object.fromEntries(arrays.map((array, i) => [`${i}`, array])))
  const context = yield* Effect.context<never>()
  const load = (file: string) => () =>
    Effect.runPromiseWith(context)(Effect.scoped(loadTree(file, specs)) as Effect.Effect<unknown, unknown>)
  const rounds = {
    sync: [] as Array<number>,
    async: [] as Array<number>,
    checked: [] as Array<number>,
    plain: [] as Array<number>
  }
  for (let round = 0; round < 7; round++) {
    rounds.sync.push(yield* Effect.promise(() => seconds(async () => readFileSync(ours!))))
    rounds.async.push(yield* Effect.promise(() => seconds(() => readFile(ours!))))
    rounds.checked.push(yield* Effect.promise(() => seconds(load(ours!))))
    rounds.plain.push(yield* Effect.promise(() => seconds(load(theirs!))))
  }
  const [sync, async, checked, plain] = [rounds.sync, rounds.async, rounds.checked, rounds.plain].map(median)
  const first = [rounds.sync, rounds.checked, rounds.plain].map(([each]) => each!.toFixed(3))
  console.log(
    `the first time, readFileSync: ${first[0]} s; loadTree: ${first[1]} s; of the other file: ${first[2]} s`
  )
  console.log(`saving 1 GiB, lasting: ${saving.toFixed(3)} s`)
  console.log(`readFileSync: ${sync!.toFixed(3)} s; readFile: ${async!.toFixed(3)} s`)
  console.log(
    `loadTree with checksums: ${checked!.toFixed(3)} s, ${(sync! / checked!).toFixed(2)} of readFileSync's speed, ${(async! / checked!).toFixed(2)} of readFile's`
  )
  console.log(
    `loadTree of another library's file: ${plain!.toFixed(3)} s, ${(sync! / plain!).toFixed(2)} of readFileSync's speed, ${(async! / plain!).toFixed(2)} of readFile's`
  )
})

/** A loop whose uploads are shorter than its steps: the steps alone, with each upload before its step, and ahead of it. */
const loop = Effect.gen(function* () {
  const [rows, width] = [4096, 2048]
  const data = ndarray(f32(4 * rows, width), new Float32Array(4 * rows * width).fill(1e-3))
  const train = batches(data, { size: rows, epochs: 6, shuffle: false })
  const weights = yield* put(f32(width, 512), new Float32Array(width * 512).fill(1e-3))
  const step = jit([f32(rows, width), f32(width, 512)], (x, w) => {
    const y = matmul(x, w)
    return sum(mul(y, y))
  })
  const run = (x: HostInput<"f32"> | DeviceArray) =>
    Effect.scoped(Effect.flatMap(step(x as never, weights), (y) => y.read))
  const timed = <E, R>(work: Effect.Effect<unknown, E, R>) =>
    Effect.gen(function* () {
      const since = performance.now()
      yield* work
      return (performance.now() - since) / train.steps
    })
  const all = Array.from({ length: train.steps }, (_, at) => at)
  const first = yield* put(f32(rows, width), train.at(0).data.data)
  yield* run(first)
  const alone: Array<number> = []
  const before: Array<number> = []
  const ahead: Array<number> = []
  for (let round = 0; round < 5; round++) {
    alone.push(yield* timed(Effect.forEach(all, () => run(first), { discard: true })))
    before.push(
      yield* timed(Effect.forEach(all, (at) => run(train.at(at).data.data.slice()), { discard: true }))
    )
    ahead.push(yield* timed(Stream.runForEach(prefetch(train), ({ data: batch }) => run(batch))))
  }
  const [one, two, three] = [alone, before, ahead].map((times) => median(times).toFixed(1))
  console.log(`a step: ${one} ms; with its upload before it: ${two} ms; with uploads ahead: ${three} ms`)
})

try {
  await Effect.runPromise(Effect.scoped(Effect.provide(loop, Device.layer("cpu"))))
  await Effect.runPromise(Effect.scoped(Effect.provide(main, Device.layer("cpu"))))
} finally {
  rmSync(folder, { recursive: true })
}
