import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { count } from "../dsl/count.ts"
import { type Aval, sameAval, show } from "../dsl/shape.ts"
import { range } from "../dsl/values.ts"
import type { Backend, DeviceBuffer, DeviceInfo, Executable, HostArray } from "../pjrt/backend/backend.ts"
import { inPhase } from "../pjrt/backend/spans.ts"
import { cutTiles, joinTiles, type Tiling, type Tilings, tileOf } from "../pjrt/backend/tiling.ts"
import type { UsageError } from "../pjrt/cli/errors.ts"
import { usage } from "./program-file.ts"

/** What one replica of a program has given. */
export interface Replica {
  /** The first of its devices. */
  readonly device: DeviceInfo
  readonly outputs: ReadonlyArray<HostArray & { readonly bytes: Uint8Array<ArrayBuffer> }>
}

/** How many results are read side by side: one after the other, each waits for an answer from another process. */
const readAtOnce = 64

/** The types of a program's parameters and results, as whole arrays. */
export interface Known {
  readonly inputs?: ReadonlyArray<Aval> | undefined
  readonly outputs?: ReadonlyArray<Aval> | undefined
}

const readOutput = (buffer: DeviceBuffer) =>
  Effect.map(buffer.bytes, (bytes) => ({ dtype: buffer.dtype, shape: buffer.shape, bytes }))

/** What a result is whole. Only its text says where its tiles are padded. */
const wholeOf = (
  local: Aval,
  tiling: Tiling,
  known: Aval | undefined,
  i: number
): Effect.Effect<Aval, UsageError> => {
  if (known === undefined && tiling.tiles.every((tiles) => tiles === 1)) return Effect.succeed(local)
  if (known !== undefined && sameAval({ ...known, shape: tileOf(known.shape, tiling) }, local))
    return Effect.succeed(known)
  return Effect.fail(
    usage(
      `output ${i} lies in parts of ${show(local)} on several devices, and this file does not say of what shape it is whole`,
      "give the program as StableHLO text or as a file of jax.export"
    )
  )
}

/** What each device of a replica is given of its arguments, device by device. */
const divided = (
  inputs: ReadonlyArray<HostArray>,
  tilings: ReadonlyArray<Tiling>,
  partitions: number
): Effect.Effect<ReadonlyArray<HostArray>, UsageError> => {
  const wrong = inputs.findIndex(({ shape }, i) => shape.length !== tilings[i]?.tiles.length)
  if (wrong >= 0 || inputs.length !== tilings.length)
    return Effect.fail(
      usage(
        `@main takes ${count(tilings.length, "input")}, and ${inputs.length} ${inputs.length === 1 ? "is" : "are"} given, or of other shapes`,
        "give one --input for each, in order"
      )
    )
  const parts = inputs.map((input, i) => cutTiles(input.bytes, input, tilings[i]!))
  return Effect.succeed(
    Array.from({ length: partitions }, (_, partition) =>
      inputs.map(({ dtype, shape }, i) => ({
        dtype,
        shape: tileOf(shape, tilings[i]!),
        bytes: parts[i]![partition]!
      }))
    ).flat()
  )
}

/**
 * Runs a program on host arrays. Each replica gets all arrays, or its own where there is a set for each replica. The
 * partitions of a replica get their parts of whole arrays, and the results of each replica are whole again.
 */
export const runProgram = (
  backend: Backend["Service"],
  executable: Executable,
  known: Known,
  inputs: ReadonlyArray<HostArray>
) =>
  Effect.gen(function* () {
    const scope = yield* Scope.Scope
    const { devices, replicas } = executable
    const partitions = devices.length / replicas
    const tilings: Tilings | undefined = partitions === 1 ? undefined : yield* executable.tilings
    const each = known.inputs?.length ?? executable.inputs?.length ?? inputs.length
    const own = inputs.length === each * replicas
    const args: Array<DeviceBuffer> = []
    for (let replica = 0; replica < replicas; replica++) {
      const given = own ? inputs.slice(replica * each, (replica + 1) * each) : inputs
      const arrays = tilings === undefined ? given : yield* divided(given, tilings.inputs, partitions)
      for (const [i, array] of arrays.entries()) {
        const device = devices[replica * partitions + Math.floor(i / given.length)]!
        args.push(yield* inPhase("upload", backend.put(array, scope, device)))
      }
    }
    const results = yield* inPhase("run", executable.run(args, scope))
    const count = executable.outputs.length
    return yield* inPhase(
      "download",
      Effect.forEach(Array.from({ length: replicas }), (_, replica) =>
        Effect.gen(function* () {
          const first = replica * partitions
          const readWhole = Effect.fnUntraced(function* (i: number) {
            const parts = yield* Effect.forEach(
              tilings === undefined
                ? [first]
                : devices.slice(first, first + partitions).map((_, p) => first + p),
              (device) => readOutput(results[device * count + i]!)
            )
            if (tilings === undefined) return parts[0]!
            const tiling = tilings.outputs[i]!
            const whole = yield* wholeOf(executable.outputs[i]!, tiling, known.outputs?.[i], i)
            const bytes = joinTiles(
              parts.map((part) => part.bytes),
              whole,
              tiling
            )
            return { ...whole, bytes }
          })
          const outputs = yield* Effect.forEach(range(count), readWhole, { concurrency: readAtOnce })
          return { device: devices[first]!, outputs } satisfies Replica
        })
      )
    )
  })
