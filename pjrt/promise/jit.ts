import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { DType } from "../../dsl/dtype.ts"
import type { NoEffect, NoPromise } from "../../dsl/late.ts"
import type { Explanation } from "../../dsl/passes/explain/explain.ts"
import type { Program } from "../../dsl/program.ts"
import type { Shape } from "../../dsl/shape.ts"
import type { Spec, Specs } from "../../dsl/spec.ts"
import type { HostInput } from "../array/host.ts"
import type { Backend } from "../backend/backend.ts"
import { displayedJit } from "../jit/display.ts"
import type { NoTensor } from "../jit/inputs.ts"
import { type Jitted, jittedOf } from "../jit/jit.ts"
import type { JitOptions } from "../jit/options.ts"
import { type Caller, runStages } from "../jit/run.ts"
import { stagesOf } from "../jit/stages.ts"
import type { PromiseArray } from "./array.ts"
import type { OfEffect } from "./faults.ts"
import type { PromiseArrays } from "./trees.ts"

type NoData<D extends DType, S extends Shape> =
  | NoTensor<D, S>
  | NoPromise<"a Promise has no value yet: await it first">
  | NoEffect<OfEffect>

/** What may be given for a tree of specs: host data, or arrays that are already on the device. */
export type PromiseInputs<T> = [Specs] extends [T]
  ? unknown
  : T extends Spec<infer D, infer S>
    ? HostInput<D> | PromiseArray<D, S> | NoData<D, S>
    : T extends null
      ? null
      : { readonly [K in keyof T]: PromiseInputs<T[K]> }

/** A compiled function. Calling it runs it on its device. */
export interface PromiseJitted<P extends ReadonlyArray<unknown>, R> {
  (...args: { [K in keyof P]: PromiseInputs<P[K]> }): Promise<PromiseArrays<R>>
  /** The same function, whose calls are Effects. */
  readonly effect: Jitted<P, R>
  /** Compiles it before it is first called. */
  compile(): Promise<void>
  /** The program as it is run, its scans being scans. */
  program(): Promise<Program>
  /** The program in the printer's notation. */
  text(): Promise<string>
  /** The program as StableHLO. */
  stablehlo(): Promise<string>
  /** What the passes do to its scans, what they leave and why. `showExplanation` writes it as text. */
  explain(): Promise<Explanation>
}

/** What a function asks of its device. */
export interface Runs {
  /** What its calls run with; undefined where the device is closed. */
  readonly caller: Caller | undefined
  readonly run: <A, E>(effect: Effect.Effect<A, E, Backend | Scope.Scope>) => Promise<A>
}

/** The function that runs on a device what jit makes. Calls go by the Effect's own way, without a fiber where they can. */
export const jitOn = <P extends ReadonlyArray<Specs>, R>(
  device: Runs,
  specs: P,
  fn: (...args: never) => unknown,
  options: JitOptions | undefined
): PromiseJitted<P, R> => {
  const stages = stagesOf(specs, fn as never, options)
  const effect = jittedOf<P, R>(stages)
  const call = (...args: ReadonlyArray<unknown>) => {
    const { caller } = device
    return device.run(caller === undefined ? Effect.void : runStages(stages, caller, args))
  }
  const jitted = Object.assign(call, {
    effect,
    compile: () => device.run(effect.compile),
    program: () => device.run(effect.program),
    text: () => device.run(effect.text),
    stablehlo: () => device.run(effect.stablehlo),
    explain: () => device.run(effect.explain)
  })
  displayedJit(jitted, { name: stages.name, text: effect.text })
  return jitted as unknown as PromiseJitted<P, R>
}
