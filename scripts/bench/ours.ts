import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { Backend } from "../../pjrt/index.ts"
import { DeviceArray, type JitOptions, put } from "../../pjrt/loopcarry.ts"
import type { Result } from "./agreement.ts"
import type { Row } from "./row.ts"

/** A row's program, compiled here, with its arguments on the device. */
export interface Prepared {
  readonly results: ReadonlyArray<Result>
  /** Seconds a call, each awaited, over so many calls. */
  readonly run: (calls: number) => Effect.Effect<number, unknown>
  /** As `run`, but nothing is awaited. */
  readonly dispatch: (calls: number) => Effect.Effect<number, unknown>
  /** As `run`, with the results read. */
  readonly read: (calls: number) => Effect.Effect<number, unknown>
}

const collect = (tree: unknown, into: Array<DeviceArray>): void => {
  if (DeviceArray.is(tree)) into.push(tree)
  else if (Array.isArray(tree)) for (const each of tree) collect(each, into)
  else if (typeof tree === "object" && tree !== null)
    for (const each of Object.values(tree)) collect(each, into)
}

const arraysOf = (tree: unknown): ReadonlyArray<DeviceArray> => {
  const arrays: Array<DeviceArray> = []
  collect(tree, arrays)
  return arrays
}

const readAll = (arrays: ReadonlyArray<DeviceArray>): Effect.Effect<ReadonlyArray<Result>, unknown> =>
  Effect.forEach(arrays, ({ dtype, shape, read }) =>
    Effect.map(read, (values) => ({
      dtype,
      shape,
      values: (typeof values === "number" ? [values] : values) as ArrayLike<number>
    }))
  )

/** Compiles a row's program, runs it once and gives what times it. Arrays live in the caller's scope. */
export const prepare = (
  row: Row,
  options: JitOptions
): Effect.Effect<Prepared, unknown, Backend | Scope.Scope> =>
  Effect.gen(function* () {
    const context = yield* Effect.context<Backend | Scope.Scope>()
    const jitted = row.jit(options)
    const args: Array<DeviceArray> = []
    for (const { spec, values } of row.inputs) args.push(yield* put(spec, values() as never))
    const call = jitted(...(args as ReadonlyArray<unknown> as ReadonlyArray<never>)) as Effect.Effect<
      unknown,
      unknown,
      Backend | Scope.Scope
    >
    const results = yield* readAll(arraysOf(yield* call))
    const timed =
      (use: (array: DeviceArray) => Effect.Effect<unknown, unknown> | undefined) =>
      (calls: number): Effect.Effect<number, unknown> =>
        Effect.gen(function* () {
          const began = performance.now()
          for (let i = 0; i < calls; i++) {
            const arrays = arraysOf(yield* call)
            for (const array of arrays) {
              const used = use(array)
              if (used !== undefined) yield* used
            }
            for (const { buffer } of arrays) buffer.release()
          }
          return (performance.now() - began) / 1000 / calls
        }).pipe(Effect.provideContext(context))
    return {
      results,
      run: timed(({ buffer }) => buffer.ready),
      dispatch: timed(() => undefined),
      read: timed(({ read }) => read)
    }
  })

/** Traces and lowers a row's program anew, and gives the seconds that it took. */
const lowered = (row: Row, options: JitOptions) =>
  Effect.gen(function* () {
    const { target } = yield* Backend
    const began = performance.now()
    const source = yield* row.jit(options).sourceFor(target)
    return { source, seconds: (performance.now() - began) / 1000 }
  })

let compiled = 0

/**
 * Seconds of tracing and lowering a row's program anew, the lesser of two, and of compiling it, which nothing on disk
 * shortens.
 */
export const stages = (
  row: Row,
  options: JitOptions
): Effect.Effect<{ readonly lower: number; readonly compile: number }, unknown, Backend> =>
  Effect.scoped(
    Effect.gen(function* () {
      const { compile } = yield* Backend
      const scope = yield* Effect.scope
      const first = yield* lowered(row, options)
      const { source, seconds } = yield* lowered(row, options)
      // A backend compiles each text once.
      const anew = "code" in source ? { ...source, code: `${source.code}\n// ${++compiled}\n` } : source
      const began = performance.now()
      yield* compile(anew, scope)
      return { lower: Math.min(first.seconds, seconds), compile: (performance.now() - began) / 1000 }
    })
  )
