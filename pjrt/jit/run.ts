import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import type { TraceError } from "../../dsl/errors.ts"
import { unflatten } from "../../dsl/tree.ts"
import { DeviceArray, isDeviceArray } from "../array/array.ts"
import { isSharded } from "../array/sharded.ts"
import type { Backend, DeviceBuffer } from "../backend/backend.ts"
import { counted } from "../backend/counted.ts"
import type { ArgumentError, CompileFailure, ExecuteError } from "../backend/errors.ts"
import type { By } from "../backend/owner.ts"
import { inPhase } from "../backend/spans.ts"
import { collect, collectionDue } from "../backend/unreachable.ts"
import { runOnMesh, runWithHostData } from "./call.ts"
import { leavesOf } from "./leaves.ts"
import { runErrorAt } from "./placed.ts"
import type { Prepared, Stages } from "./stages.ts"

/** Why a call of a jitted function fails: tracing, compiling or running it. */
export type JitError = TraceError | CompileFailure | ExecuteError

/** How the arrays of a call come in and go out, where they are not the device arrays themselves. */
export interface Wrapping {
  /** What was given at a leaf: host data, or a device array. Throws an ArgumentError for what is neither. */
  readonly taken: (leaf: unknown, path: string) => unknown
  readonly given: (array: DeviceArray) => unknown
}

/** What a call has beside its arguments. */
export interface Caller {
  readonly backend: Backend["Service"]
  /** Owns the results. */
  readonly scope: Scope.Scope
  /** Whether somebody sees the spans. */
  readonly spans: boolean
  readonly wrapping?: Wrapping | undefined
}

/** Names a call that takes arrays over; undefined where it takes none. */
const taker = (made: Prepared): By | undefined => {
  const call = ++made.calls
  if (made.source.donated === undefined || made.source.donated.length === 0) return undefined
  return () =>
    `to call ${call} of ${made.name || "the function"} given to jit${made.place === undefined ? "" : ` at ${made.place}`}`
}

const deviceArray = (buffer: DeviceBuffer): DeviceArray => new DeviceArray(buffer)

const runPrepared = (
  made: Prepared,
  { backend, scope, spans, wrapping }: Caller,
  args: ReadonlyArray<unknown>
): Effect.Effect<unknown, ExecuteError> => {
  const { traced, source, executable, place } = made
  const { inputs, outputs } = traced
  let leaves: ReadonlyArray<unknown>
  try {
    leaves = leavesOf(inputs.structure, args, "args")
    if (wrapping !== undefined) leaves = leaves.map((leaf, i) => wrapping.taken(leaf, inputs.paths[i]!))
  } catch (error) {
    return Effect.fail(error as ArgumentError)
  }
  counted.runs++
  const array = wrapping === undefined ? (one: DeviceArray): unknown => one : wrapping.given
  const { partitioning } = source
  const by = taker(made)
  const facts = () => ({ function: made.name, device: backend.device.name })
  if (partitioning !== undefined)
    return Effect.map(
      runOnMesh(executable, backend, scope, inputs, leaves, partitioning, by, facts),
      (arrays) => unflatten(outputs, arrays.map(array))
    )
  const buffers: Array<DeviceBuffer> = []
  for (const leaf of leaves) if (isDeviceArray(leaf) && !isSharded(leaf)) buffers.push(leaf.buffer)
  const results: Effect.Effect<ReadonlyArray<DeviceBuffer>, ExecuteError> = buffers.length !== leaves.length
    ? runWithHostData(executable, backend, scope, inputs, leaves, by, facts)
    : spans
      ? inPhase("run", executable.run(buffers, scope, by), facts)
      : (executable.start?.(buffers, scope, by) ?? executable.run(buffers, scope, by))
  const arraysOf = (given: ReadonlyArray<DeviceBuffer>): unknown =>
    unflatten(
      outputs,
      given.map((buffer) => array(deviceArray(buffer)))
    )
  // A run that is done already needs no further step of the fiber.
  const done = Exit.isExit(results)
    ? (results as Exit.Exit<ReadonlyArray<DeviceBuffer>, ExecuteError>)
    : undefined
  if (done !== undefined && Exit.isSuccess(done)) return Effect.succeed(arraysOf(done.value))
  return Effect.mapBoth(results, {
    onFailure: (error) => runErrorAt(error, place),
    onSuccess: arraysOf
  })
}

/** Runs a function on a backend, made ready before where it was not yet. It begins with this call where it can. */
export const runStages = (
  stages: Stages,
  caller: Caller,
  args: ReadonlyArray<unknown>
): Effect.Effect<unknown, JitError> => {
  const ready = stages.prepared.get(caller.backend)
  const results =
    ready === undefined
      ? Effect.flatMap(stages.prepare(caller.backend), (made) => runPrepared(made, caller, args))
      : runPrepared(ready, caller, args)
  return collectionDue() ? Effect.tap(results, () => collect) : results
}
