import type * as Effect from "effect/Effect"
import { displayedAs } from "../../dsl/display.ts"
import type { DType } from "../../dsl/dtype.ts"
import { markKind } from "../../dsl/kinds.ts"
import { refuseNumbers } from "../../dsl/no-number.ts"
import type { Shape } from "../../dsl/shape.ts"
import { calledHere, DeviceArray } from "../array/array.ts"
import { arrayHtml, arrayText } from "../array/display.ts"
import type { HostValue, NestedValue } from "../array/host.ts"
import type { WaitOptions } from "./settle.ts"

/** How an array's device runs what is asked of the array. */
export type Wait = <A, E>(effect: Effect.Effect<A, E>, options?: WaitOptions) => Promise<A>

/** An array on a device. It stays there until it is released, until nothing holds it, or until its device closes. */
export class PromiseArray<
  out D extends DType = DType,
  out S extends Shape = Shape,
  out V = HostValue<D, S>,
  out N = NestedValue<D, S>
> {
  /** The same array for functions that give Effects. */
  readonly effect: DeviceArray<D, S, V, N>
  readonly #wait: Wait

  constructor(effect: DeviceArray<D, S, V, N>, wait: Wait) {
    this.effect = effect
    this.#wait = wait
  }

  /** A proxy, or an object of the same prototype, has no private field. */
  static is(value: unknown): value is PromiseArray {
    return typeof value === "object" && value !== null && #wait in value
  }

  get dtype(): D {
    return this.effect.dtype
  }

  get shape(): S {
    return this.effect.shape
  }

  /** The elements: a number for a scalar, else a typed array, flat and row-major. Waits for the device. */
  read(options?: WaitOptions): Promise<V> {
    return this.#wait(DeviceArray.beginRead(this.effect), options)
  }

  /** The elements as lists in the array's shape, down to numbers; a number for a scalar. Waits for the device. */
  nested(options?: WaitOptions): Promise<N> {
    return this.#wait(this.effect.nested, options)
  }

  /**
   * As `read`, but in place where the device's memory is the host's (the CPU, in process): nothing is copied. Not to be
   * written; the device memory stays for as long as the array is reachable.
   */
  view(options?: WaitOptions): Promise<V> {
    return this.#wait(this.effect.view, options)
  }

  /** Frees the device memory now. Doing it again does nothing. */
  release(): void {
    DeviceArray.free(this.effect as unknown as DeviceArray, calledHere("by release"))
  }

  [Symbol.dispose](): void {
    this.release()
  }

  toString(): string {
    return this.effect.toString()
  }
}

markKind(PromiseArray.prototype, "device array")
refuseNumbers(PromiseArray.prototype, "array", {
  shown: String,
  why: "its elements are on the device until they are read",
  arithmetic: "write await x.read(), and compute with what it gives",
  element: "write (await x.read())[i]",
  assignment: "an array on a device does not change: change what await x.read() gives, and put that",
  length: "write x.shape[0]",
  items: "write await x.read(), which gives a typed array, or await x.nested()",
  json: "write JSON.stringify(await x.nested())"
})
displayedAs<PromiseArray>(PromiseArray.prototype, {
  text: ({ effect }, brief) => arrayText(DeviceArray.shown(effect), brief),
  html: ({ effect }) => arrayHtml(DeviceArray.shown(effect))
})

export const isPromiseArray = (value: unknown): value is PromiseArray => PromiseArray.is(value)
