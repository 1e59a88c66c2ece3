import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import type { TraceError } from "../../dsl/errors.ts"
import type { Explanation } from "../../dsl/passes/explain/explain.ts"
import { compiler, type Target } from "../../dsl/passes/pass.ts"
import { print } from "../../dsl/printer.ts"
import type { Program } from "../../dsl/program.ts"
import type { Args, Specs } from "../../dsl/spec.ts"
import type { Traced } from "../../dsl/trace.ts"
import type { IsTree } from "../../dsl/tree-types.ts"
import type { DeviceArrays } from "../array/array.ts"
import { Backend, type InterpretedSource, type OpenScope, type ProgramSource } from "../backend/backend.ts"
import type { CompileFailure } from "../backend/errors.ts"
import { servicesOf } from "../backend/given.ts"
import { isTraced } from "../backend/spans.ts"
import { displayedJit } from "./display.ts"
import type { Inputs } from "./inputs.ts"
import type { JitOptions } from "./options.ts"
import { type JitError, runStages } from "./run.ts"
import { type Stages, stagesOf } from "./stages.ts"

export type { JitError }

/**
 * Marks jitted functions across copies of this package, for tools that load a user's module. It runs an effect of
 * theirs: a tool may have an Effect of its own, of another version.
 */
export const jittedSymbol: unique symbol = Symbol.for("loopcarry/Jitted") as never

/** How an effect ended. */
export type Settled<A> = { readonly value: A } | { readonly error: unknown }

const settle = async <A>(effect: Effect.Effect<A, unknown>): Promise<Settled<A>> => {
  const exit = await Effect.runPromiseExit(effect)
  return Exit.isSuccess(exit) ? { value: exit.value } : { error: Cause.squash(exit.cause) }
}

/** A compiled function. Calling it is an effect that runs it on the backend's device. */
export interface Jitted<P extends ReadonlyArray<unknown>, R> {
  (...args: { [K in keyof P]: Inputs<P[K]> }): Effect.Effect<DeviceArrays<R>, JitError, Backend | OpenScope>
  /** The program as tracing makes it, with the trees of its arguments and result. */
  readonly traced: Effect.Effect<Traced, TraceError>
  /** The program as it is run, its scans being scans. `jit(specs, fn, { optimize: false })` gives it nearly as traced. */
  readonly program: Effect.Effect<Program, TraceError>
  /** That program for a backend with this target. */
  readonly programFor: (target: Target) => Effect.Effect<Program, TraceError>
  /** The program in the printer's notation. */
  readonly text: Effect.Effect<string, TraceError>
  /** What the passes do to its scans, what they leave and why. `showExplanation` writes it as text. */
  readonly explain: Effect.Effect<Explanation, TraceError>
  /** The same for a backend with this target. */
  readonly explainFor: (target: Target) => Effect.Effect<Explanation, TraceError>
  /** The program as StableHLO. */
  readonly stablehlo: Effect.Effect<string, TraceError>
  /** The program as a compiler takes it. */
  readonly source: Effect.Effect<ProgramSource, TraceError>
  /** The program as a backend with this target takes it. */
  readonly sourceFor: (target: Target) => Effect.Effect<ProgramSource | InterpretedSource, TraceError>
  /** Compiles it for the backend's device before it is first called. */
  readonly compile: Effect.Effect<void, TraceError | CompileFailure, Backend>
  readonly [jittedSymbol]: <A>(effect: Effect.Effect<A, unknown>) => Promise<Settled<A>>
}

/** The function that runs what the stages make. */
export const jittedOf = <P extends ReadonlyArray<unknown>, R>(stages: Stages): Jitted<P, R> => {
  const call = (...args: ReadonlyArray<unknown>) =>
    Effect.withFiber<unknown, JitError>((fiber) => {
      const context = fiber.context as Context.Context<Backend | Scope.Scope>
      const { backend, scope } = servicesOf(context)
      return runStages(stages, { backend, scope, spans: isTraced(context) }, args)
    })

  const plain = stages.lowerFor(compiler)
  const program = Effect.map(plain, (made) => made.program)
  const source = Effect.map(plain, (made) => made.source as ProgramSource)
  const text = Effect.map(program, print)
  const jitted = Object.assign(call, {
    traced: stages.traced,
    program,
    programFor: (target: Target) => Effect.map(stages.lowerFor(target), (made) => made.program),
    text,
    explain: stages.explainFor(compiler),
    explainFor: stages.explainFor,
    stablehlo: Effect.map(source, ({ code }) => code as string),
    source,
    sourceFor: (target: Target) => Effect.map(stages.lowerFor(target), (made) => made.source),
    compile: Effect.flatMap(Backend, (backend) => Effect.asVoid(stages.prepare(backend))),
    [jittedSymbol]: settle
  }) as unknown as Jitted<P, R>
  displayedJit(jitted, { name: stages.name, text })
  return jitted
}

/**
 * Makes a function of tensors into one that runs on a device: traced once, compiled once for each backend.
 *
 * `specs` give the parameters their dtypes and shapes. The result is called with numbers, typed arrays, nested lists
 * or device arrays. It gives device arrays, which belong to the caller's scope and stay on the device until they are
 * read. `options` say which memory it may take over, how arrays are divided, and which passes improve its scans. The
 * call fails with a `JitError`: a `TraceError` of the function, a `CompileError`, an `ArgumentError`, or an
 * error of the device.
 *
 * @example
 * const double = jit([f32(3)], (x) => mul(x, 2))
 * const y = yield* double([1, 2, 3])
 * yield* y.read // Float32Array [2, 4, 6]
 */
export const jit = <const P extends ReadonlyArray<Specs>, const R>(
  specs: P,
  fn: (...args: Args<P>) => R & IsTree<"jit", "the result", R>,
  options?: JitOptions
): Jitted<P, R> => jittedOf(stagesOf(specs, fn as never, options))
