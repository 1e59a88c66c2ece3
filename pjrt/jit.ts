import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { Shardings } from "../dsl/control/shard-map.ts"
import type { DType } from "../dsl/dtype.ts"
import type { TraceError } from "../dsl/errors.ts"
import { print } from "../dsl/printer.ts"
import type { Program } from "../dsl/program.ts"
import { isList, isObject } from "../dsl/required.ts"
import type { Shape } from "../dsl/shape.ts"
import type { Args, Spec, Specs } from "../dsl/spec.ts"
import { type Traced, traced, traceNow } from "../dsl/trace.ts"
import { keyPath, listed, outline, type Structure, type Tree, unflatten } from "../dsl/tree.ts"
import { DeviceArray, type DeviceArrays, isDeviceArray } from "./array.ts"
import { Backend, type Buffer, type Executable, type ProgramSource } from "./Backend.ts"
import { runOnMesh, runWithHostData } from "./call.ts"
import { chainFault } from "./chain.ts"
import { ArgumentError, type CompileFailure, type ExecuteError } from "./errors.ts"
import { encode, type HostInput } from "./host.ts"
import { type Lowered, lower } from "./lower.ts"
import { isSharded } from "./sharded.ts"
import { inPhase, isTraced } from "./spans.ts"

/** What may be given for a spec: host data, or an array that is already on the device. */
export type Input<D extends DType = DType, S extends Shape = Shape> = HostInput<D> | DeviceArray<D, S>

/** What may be given for a tree of specs. */
export type Inputs<T> = [Specs] extends [T]
  ? unknown
  : T extends Spec<infer D, infer S>
    ? Input<D, S>
    : T extends null
      ? null
      : { readonly [K in keyof T]: Inputs<T[K]> }

export type JitError = TraceError | CompileFailure | ExecuteError

export interface JitOptions {
  /**
   * Arguments whose memory the program may take over for its results, by position. A device array given there is gone
   * after the call.
   */
  readonly donate?: ReadonlyArray<number>
  /** How the arguments are divided among the devices of a mesh: a list with an entry for each. Whole where left out. */
  readonly in?: Shardings
  /** How the results are. Where left out, as the function says by its last `withSharding` or `shardMap`, else whole. */
  readonly out?: Shardings
}

/** Marks jitted functions across copies of this package, for tools that load a user's module. */
export const jittedSymbol: unique symbol = Symbol.for("loopcarry/Jitted") as never

/** A compiled function. Calling it is an effect that runs it on the backend's device. */
export interface Jitted<P extends ReadonlyArray<unknown>, R> {
  (...args: { [K in keyof P]: Inputs<P[K]> }): Effect.Effect<DeviceArrays<R>, JitError, Backend | Scope.Scope>
  /** The program that tracing makes of it, with the trees of its arguments and result. */
  readonly traced: Effect.Effect<Traced, TraceError>
  /** That program alone. */
  readonly program: Effect.Effect<Program, TraceError>
  /** The program in the printer's notation. */
  readonly text: Effect.Effect<string, TraceError>
  /** The program as StableHLO. */
  readonly stablehlo: Effect.Effect<string, TraceError>
  /** The program as a backend compiles it. */
  readonly source: Effect.Effect<ProgramSource, TraceError>
  /** Compiles it for the backend's device before it is first called. */
  readonly compile: Effect.Effect<void, TraceError | CompileFailure, Backend>
  readonly [jittedSymbol]: true
}

interface Prepared {
  readonly traced: Traced
  readonly lowered: Lowered
  readonly executable: Executable
}

const fault = (path: string, message: string, hint: string) =>
  new ArgumentError({ path, message: `${path} ${message}`, hint })

/** Takes arguments apart along the specs' structure, so that a list may be data at a leaf. */
const match = (structure: Structure, value: unknown, path: string, leaves: Array<unknown>): void => {
  switch (structure.kind) {
    case "leaf":
      leaves.push(value)
      return
    case "none":
      if (value !== null) throw fault(path, "must be null", "the spec says null there")
      return
    case "list":
      if (!isList(value) || value.length !== structure.items.length) {
        throw fault(path, `must be a list of ${structure.items.length}`, "give what the specs say")
      }
      structure.items.forEach((item, i) => {
        match(item, value[i], `${path}[${i}]`, leaves)
      })
      return
    case "record": {
      const given = isObject(value) ? Object.keys(value) : []
      const own = new Set(given)
      const same = own.size === structure.keys.length && structure.keys.every((key) => own.has(key))
      if (!same) {
        throw fault(
          path,
          `must be a record ${outline(structure)}`,
          given.length > 0 ? `it has {${listed(given)}}` : "give what the specs say"
        )
      }
      structure.keys.forEach((key, i) => {
        match(structure.items[i]!, (value as Record<string, unknown>)[key], keyPath(path, key), leaves)
      })
    }
  }
}

/**
 * Makes a function of tensors into one that runs on a device: traced once, compiled once for each backend.
 *
 * `specs` give the parameters their dtypes and shapes. Called with numbers, typed arrays, nested lists or device
 * arrays, it gives device arrays, which belong to the caller's scope and stay on the device until they are read.
 *
 * @example
 * const double = jit([f32(3)], (x) => mul(x, 2))
 * const y = yield* double([1, 2, 3])
 * yield* y.read // Float32Array [2, 4, 6]
 */
export const jit = <const P extends ReadonlyArray<Specs>, const R extends Tree>(
  specs: P,
  fn: (...args: Args<P>) => R,
  options?: JitOptions
): Jitted<P, R> => {
  let memo: { readonly traced: Traced; readonly lowered: Lowered } | undefined
  const lowerOnce = Effect.suspend(() => {
    if (memo !== undefined) return Effect.succeed(memo)
    return Effect.flatMap(
      inPhase(
        "trace",
        traced(() => traceNow(specs, fn, "jit"))
      ),
      (made) =>
        inPhase(
          "lower",
          traced(() => (memo = { traced: made, lowered: lower(made, options) }))
        )
    )
  })
  const traceOnce = Effect.map(lowerOnce, (both) => both.traced)
  const prepared = new WeakMap<object, Prepared>()

  const prepare = (backend: Backend["Service"]): Effect.Effect<Prepared, TraceError | CompileFailure> =>
    Effect.gen(function* () {
      const made = yield* lowerOnce
      const fault = chainFault(made.lowered)
      if (fault !== undefined) return yield* fault
      const executable = yield* inPhase("compile", backend.compile(made.lowered))
      const result = { ...made, executable }
      prepared.set(backend, result)
      return result
    })

  const call = (...args: ReadonlyArray<unknown>) =>
    Effect.withFiber<DeviceArrays<R>, JitError>((fiber) => {
      const context = fiber.context as Context.Context<Backend | Scope.Scope>
      const backend = Context.get(context, Backend)
      const scope = Context.get(context, Scope.Scope)
      const ready = prepared.get(backend)
      const spans = isTraced(context)
      const results =
        ready === undefined
          ? Effect.flatMap(prepare(backend), (made) => run(made, backend, scope, args, spans))
          : run(ready, backend, scope, args, spans)
      return results as Effect.Effect<DeviceArrays<R>, JitError>
    })

  const program = Effect.map(traceOnce, (made) => made.program)
  return Object.assign(call, {
    traced: traceOnce,
    program,
    text: Effect.map(program, print),
    stablehlo: Effect.map(lowerOnce, ({ lowered }) => lowered.code),
    source: Effect.map(lowerOnce, ({ lowered }) => lowered),
    compile: Effect.flatMap(Backend, (backend) => Effect.asVoid(prepare(backend))),
    [jittedSymbol]: true as const
  }) as unknown as Jitted<P, R>
}

const run = (
  { traced: { inputs, outputs }, lowered, executable }: Prepared,
  backend: Backend["Service"],
  scope: Scope.Scope,
  args: ReadonlyArray<unknown>,
  spans: boolean
): Effect.Effect<unknown, ExecuteError> => {
  let leaves: ReadonlyArray<unknown>
  try {
    leaves = leavesOf(inputs.structure, args, "args")
  } catch (error) {
    return Effect.fail(error as ArgumentError)
  }
  const { partitioning } = lowered
  if (partitioning !== undefined)
    return Effect.map(runOnMesh(executable, backend, scope, inputs, leaves, partitioning), (arrays) =>
      unflatten(outputs, arrays)
    )
  const buffers: Array<Buffer> = []
  for (const leaf of leaves) if (isDeviceArray(leaf) && !isSharded(leaf)) buffers.push(leaf.buffer)
  const results: Effect.Effect<ReadonlyArray<Buffer>, ExecuteError> = buffers.length !== leaves.length
    ? runWithHostData(executable, backend, scope, inputs, leaves)
    : spans
      ? inPhase("run", executable.run(buffers, scope))
      : (executable.start?.(buffers, scope) ?? executable.run(buffers, scope))
  // A run that is done already needs no further step of the fiber.
  const done = Exit.isExit(results) ? (results as Exit.Exit<ReadonlyArray<Buffer>, ExecuteError>) : undefined
  if (done !== undefined && Exit.isSuccess(done))
    return Effect.succeed(unflatten(outputs, done.value.map(deviceArray)))
  return Effect.map(results, (made) => unflatten(outputs, made.map(deviceArray)))
}

const deviceArray = (buffer: Buffer): DeviceArray => new DeviceArray(buffer)

/** Host data at the leaves of the specs' structure. Throws an ArgumentError where it is of another. */
export const leavesOf = (structure: Structure, data: unknown, path: string): ReadonlyArray<unknown> => {
  const leaves: Array<unknown> = []
  match(structure, data, path, leaves)
  return leaves
}

/** Host data as the bytes of the arguments' leaves. */
export const encodeArguments = (
  inputs: Traced["inputs"],
  args: ReadonlyArray<unknown>
): Effect.Effect<ReadonlyArray<Uint8Array>, ArgumentError> =>
  Effect.try({
    try: () =>
      leavesOf(inputs.structure, args, "args").map((leaf, i) =>
        encode(leaf, inputs.leaves[i]!, inputs.paths[i]!)
      ),
    catch: (error) => error as ArgumentError
  })
