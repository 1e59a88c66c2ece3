import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { globalAval, type Sharding, sameMesh } from "../../dsl/mesh.ts"
import { show } from "../../dsl/shape.ts"
import type { Traced } from "../../dsl/trace.ts"
import { isDeviceArray } from "../array/array.ts"
import { encode } from "../array/host.ts"
import { isSharded, putSharded, ShardedArray } from "../array/sharded.ts"
import type { Backend, DeviceBuffer, Executable } from "../backend/backend.ts"
import { ArgumentError, type ExecuteError } from "../backend/errors.ts"
import type { By } from "../backend/owner.ts"
import type { Partitioning } from "../backend/partition.ts"
import { inPhase, moving, type SpanFacts } from "../backend/spans.ts"

type Inputs = Traced["inputs"]

const encoded = (leaf: unknown, inputs: Inputs, i: number): Effect.Effect<Uint8Array, ArgumentError> =>
  Effect.try({
    try: () => encode(leaf, inputs.leaves[i]!, inputs.paths[i]!),
    catch: (error) => error as ArgumentError
  })

/** Releases, when an effect has ended, what was put on devices for it. */
const withTemporary = <A, E>(
  use: (keep: (buffer: DeviceBuffer) => void) => Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Effect.suspend(() => {
    const temporary: Array<DeviceBuffer> = []
    return Effect.ensuring(
      use((buffer) => void temporary.push(buffer)),
      Effect.sync(() => {
        for (const buffer of temporary) buffer.release()
      })
    )
  })

const divided = (path: string): ArgumentError =>
  new ArgumentError({
    path,
    message: `${path} is divided among devices, but the program is for one`,
    hint: "say in: to jit how the arguments lie, or read the array first"
  })

/** Puts host data on the device for this one run; PJRT keeps it there until the run has ended. */
export const runWithHostData = (
  executable: Executable,
  backend: Backend["Service"],
  scope: Scope.Scope,
  inputs: Inputs,
  leaves: ReadonlyArray<unknown>,
  by: By | undefined,
  facts: () => SpanFacts
): Effect.Effect<ReadonlyArray<DeviceBuffer>, ExecuteError> =>
  withTemporary((keep) =>
    Effect.flatMap(
      Effect.forEach(leaves, (leaf, i): Effect.Effect<DeviceBuffer, ExecuteError> => {
        if (isSharded(leaf)) return Effect.fail(divided(inputs.paths[i]!))
        if (isDeviceArray(leaf)) return Effect.succeed(leaf.buffer)
        return Effect.flatMap(encoded(leaf, inputs, i), (bytes) => {
          const { dtype, shape } = inputs.leaves[i]!
          const array = { dtype, shape, bytes }
          const told = moving(array, backend.device.name)
          return Effect.tap(inPhase("upload", backend.put(array, scope), told), (buffer) =>
            Effect.sync(() => keep(buffer))
          )
        })
      }),
      (buffers) => inPhase("run", executable.run(buffers, scope, by), facts)
    )
  )

const sameSharding = (a: Sharding, b: Sharding): boolean => {
  const plain = ({ spec }: Sharding) =>
    JSON.stringify(spec.filter((_, i) => spec.slice(i).some((p) => p.length > 0)))
  return sameMesh(a.mesh, b.mesh) && plain(a) === plain(b)
}

const liesOtherwise = (path: string, leaf: ShardedArray, wanted: Sharding): ArgumentError =>
  new ArgumentError({
    path,
    message: `${path} lies as ${JSON.stringify(leaf.sharding.spec)} on its mesh, but the program takes it as ${JSON.stringify(wanted.spec)}`,
    hint: "put it so, or give jit the sharding that it has"
  })

/** The devices' parts of one argument. What is not yet on the mesh is divided for this one run. */
const shardsOf = (
  backend: Backend["Service"],
  scope: Scope.Scope,
  inputs: Inputs,
  i: number,
  leaf: unknown,
  sharding: Sharding,
  keep: (buffer: DeviceBuffer) => void
): Effect.Effect<ReadonlyArray<DeviceBuffer>, ExecuteError> => {
  const path = inputs.paths[i]!
  const { dtype, shape } = inputs.leaves[i]!
  if (isSharded(leaf)) {
    return sameSharding(leaf.sharding, sharding)
      ? Effect.succeed(leaf.shards)
      : Effect.fail(liesOtherwise(path, leaf, sharding))
  }
  if (isDeviceArray(leaf) && (leaf.dtype !== dtype || leaf.shape.join() !== shape.join())) {
    return Effect.fail(
      new ArgumentError({
        path,
        message: `${path} is ${show(leaf)}, but the program takes ${show({ dtype, shape })} there`,
        hint: "convert or reshape the argument"
      })
    )
  }
  const bytes: Effect.Effect<Uint8Array, ExecuteError> = isDeviceArray(leaf)
    ? leaf.bytes
    : encoded(leaf, inputs, i)
  return Effect.flatMap(bytes, (data) =>
    Effect.tap(
      inPhase(
        "upload",
        putSharded(backend, { dtype, shape, bytes: data }, sharding, scope),
        moving({ dtype, shape }, backend.device.name)
      ),
      (buffers) =>
        Effect.sync(() => {
          buffers.forEach(keep)
        })
    )
  )
}

/** Runs a program of several devices; its results are divided among them. */
export const runOnMesh = (
  executable: Executable,
  backend: Backend["Service"],
  scope: Scope.Scope,
  inputs: Inputs,
  leaves: ReadonlyArray<unknown>,
  { mesh, in: ins, out: outs }: Partitioning,
  by: By | undefined,
  facts: () => SpanFacts
): Effect.Effect<ReadonlyArray<ShardedArray>, ExecuteError> =>
  withTemporary((keep) =>
    Effect.gen(function* () {
      const shards: Array<ReadonlyArray<DeviceBuffer>> = []
      for (const [i, leaf] of leaves.entries()) {
        shards.push(yield* shardsOf(backend, scope, inputs, i, leaf, { mesh, spec: ins[i]! }, keep))
      }
      const byDevice = executable.devices.flatMap((_, device) => shards.map((each) => each[device]!))
      const results = yield* inPhase("run", executable.run(byDevice, scope, by), facts)
      const count = executable.outputs.length
      return executable.outputs.map((local, i) => {
        const sharding = { mesh, spec: outs[i]! }
        const parts = executable.devices.map((_, device) => results[device * count + i]!)
        return new ShardedArray(globalAval(mesh, sharding.spec, local), sharding, parts)
      })
    })
  )
