import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import type { DType } from "../../dsl/dtype.ts"
import type { Sharding } from "../../dsl/mesh.ts"
import { isObject } from "../../dsl/required.ts"
import type { Shape } from "../../dsl/shape.ts"
import type { Args, Spec, Specs } from "../../dsl/spec.ts"
import type { IsTree } from "../../dsl/tree-types.ts"
import { type DeviceArray, isDeviceArray, read } from "../array/array.ts"
import type { HostInput } from "../array/host.ts"
import { put } from "../array/put.ts"
import { Backend } from "../backend/backend.ts"
import type { DeviceOptions } from "../backend/device-options.ts"
import type { RunError } from "../backend/errors.ts"
import { deviceClosed } from "../backend/failures.ts"
import { layer } from "../device/device.ts"
import type { JitOptions } from "../jit/options.ts"
import type { Caller } from "../jit/run.ts"
import { isPromiseArray, PromiseArray } from "./array.ts"
import { isEffect, mistaken, noEffect } from "./faults.ts"
import { jitOn, type PromiseJitted } from "./jit.ts"
import { settle, type WaitOptions } from "./settle.ts"
import { scopeWithin, tidy } from "./tidy.ts"
import { deviceArraysOf, type OfPromiseArrays, type Promised, type PromiseValues, promised } from "./trees.ts"

/** How a device is opened, and what may end the wait for it. */
export interface OpenOptions extends DeviceOptions, WaitOptions {}

/** An open device: what runs on it, and what owns the arrays there. All that it gives rejects with the library's typed errors. */
export class OpenDevice {
  readonly #context: Context.Context<Backend | Scope.Scope>
  readonly #scope: Scope.Closeable
  readonly #backend: Backend["Service"]
  #caller: Caller | undefined
  #closing: Promise<void> | undefined

  /** Made by `open`. */
  constructor(backend: Backend["Service"], scope: Scope.Closeable) {
    this.#backend = backend
    this.#scope = scope
    this.#context = Context.make(Backend, backend).pipe(Context.add(Scope.Scope, scope))
    this.#caller = {
      backend,
      scope,
      spans: false,
      wrapping: {
        taken: (leaf, path) => {
          if (isPromiseArray(leaf)) return leaf.effect
          const fault = mistaken(path, leaf, "data")
          if (fault !== undefined && !isDeviceArray(leaf)) throw fault
          return leaf
        },
        given: this.#own
      }
    }
  }

  /** The device's name: `cpu:0`. */
  get name(): string {
    return this.#backend.device.name
  }

  /** Whether it has been closed. */
  get closed(): boolean {
    return this.#caller === undefined
  }

  readonly #own = (array: DeviceArray): PromiseArray => new PromiseArray(array, this.#wait)

  readonly #whenClosed = (): RunError | undefined =>
    this.closed
      ? deviceClosed(this.name, "use it, and read its arrays, before device.close(); or open it again")
      : undefined

  readonly #wait = <A, E>(
    effect: Effect.Effect<A, E, Backend | Scope.Scope>,
    options?: WaitOptions
  ): Promise<A> => {
    if (this.#caller === undefined) return Promise.reject(this.#whenClosed())
    const scope = scopeWithin(this)
    const context = scope === undefined ? this.#context : Context.add(this.#context, Scope.Scope, scope)
    return settle(effect, context, { signal: options?.signal, interrupted: this.#whenClosed })
  }

  /**
   * Makes a function of tensors into one that runs here, as `jit` of `loopcarry` does: traced and compiled when it is
   * first called. Its calls give a promise of arrays in the tree of the result.
   */
  jit<const P extends ReadonlyArray<Specs>, const R>(
    specs: P,
    fn: (...args: Args<P>) => R & IsTree<"jit", "the result", R>,
    options?: JitOptions
  ): PromiseJitted<P, R> {
    const device = this
    return jitOn(
      {
        get caller() {
          const scope = scopeWithin(device)
          return scope === undefined || device.#caller === undefined
            ? device.#caller
            : { ...device.#caller, scope }
        },
        run: this.#wait
      },
      specs,
      fn as never,
      options
    )
  }

  /** Checks host data against a spec and copies it to the device, or divides it among the devices of a mesh. */
  async put<D extends DType, S extends Shape>(
    spec: Spec<D, S>,
    value: HostInput<D>,
    sharding?: Sharding
  ): Promise<PromiseArray<D, S>> {
    const fault = mistaken("value", value, "data")
    if (fault !== undefined) throw fault
    const array: DeviceArray = await this.#wait(put(spec, value, sharding))
    return this.#own(array) as unknown as PromiseArray<D, S>
  }

  /** Reads every array of a tree: a number for a scalar, else a typed array, flat and row-major. */
  async read<const T>(tree: T & OfPromiseArrays<T>, options?: WaitOptions): Promise<PromiseValues<T>> {
    const arrays = deviceArraysOf("read", tree)
    return (await this.#wait(read(arrays), options)) as PromiseValues<T>
  }

  /**
   * Runs a function. When it has ended, the arrays that were made here within it are freed, except those in its result:
   * in records and lists, as deep as you like. Also where it fails.
   */
  tidy<R>(fn: () => R | PromiseLike<R>): Promise<R> {
    return tidy(this, scopeWithin(this) ?? this.#scope, fn)
  }

  /**
   * Runs an Effect of any other entry of the library here. Device arrays in the records and lists of its result become
   * those of this entry. They belong to the device, or to `tidy`, as all that it acquires; `Effect.scoped` ends that
   * sooner.
   */
  async run<A, E>(
    effect: Effect.Effect<A, E, Backend | Scope.Scope>,
    options?: WaitOptions
  ): Promise<Promised<A>> {
    if (!isEffect(effect)) throw noEffect(effect)
    return promised(await this.#wait(effect, options), this.#own) as Promised<A>
  }

  /** Frees all arrays and the device. Doing it again does nothing more. */
  close(): Promise<void> {
    this.#caller = undefined
    this.#closing ??= settle(Scope.close(this.#scope, Exit.void), Context.empty())
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  toString(): string {
    return this.closed ? `${this.name}, closed` : this.name
  }
}

/**
 * Opens a device by its name: `cpu`, `cpu:1`, `cuda`, `tpu`, `reference`, `plugin:<path>` or `remote://host:port`.
 * Never takes another device. Close it when it is no longer needed, or write `await using`. Rejects with a
 * `DeviceRequestError` for a wrong name or option, with `DeviceUnavailable` where the device is not there.
 *
 * @example
 * const device = await open("reference")
 * const double = device.jit([f32(3)], (x) => mul(x, 2))
 * const y = await double([1, 2, 3])
 * await y.read() // Float32Array [2, 4, 6]
 * await device.close()
 */
export const open = async (name: string, options: OpenOptions = {}): Promise<OpenDevice> => {
  const { signal, ...given } = isObject(options) ? options : {}
  // What is no record is refused with the device's own words.
  const device = isObject(options) ? given : options
  const scope = Scope.makeUnsafe()
  const built = Layer.buildWithScope(layer(name, device), scope)
  try {
    const context = await settle(built, Context.empty(), { signal })
    return new OpenDevice(Context.get(context, Backend), scope)
  } catch (error) {
    await settle(Scope.close(scope, Exit.void), Context.empty())
    throw error
  }
}
