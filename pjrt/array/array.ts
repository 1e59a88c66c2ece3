import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { displayedAs } from "../../dsl/display.ts"
import type { DType } from "../../dsl/dtype.ts"
import { markKind } from "../../dsl/kinds.ts"
import type { Running } from "../../dsl/late.ts"
import { refuseNumbers } from "../../dsl/no-number.ts"
import { callersNow, userIn } from "../../dsl/place.ts"
import { type Shape, show } from "../../dsl/shape.ts"
import type { Tensors } from "../../dsl/spec.ts"
import type { Tensor } from "../../dsl/tensor.ts"
import { flatten, type TreeOf, unflatten } from "../../dsl/tree.ts"
import type { DeviceBuffer } from "../backend/backend.ts"
import { counted } from "../backend/counted.ts"
import type { TransferError } from "../backend/errors.ts"
import type { By } from "../backend/owner.ts"
import { inPhase, isTraced, moving } from "../backend/spans.ts"
import { arrayHtml, arrayText, type Shown } from "./display.ts"
import { decode, decodeArray, type HostValue, type NestedValue } from "./host.ts"
import { nest } from "./layout.ts"

/** Says what the user called, and in which line, which is only looked up where somebody asks. */
export const calledHere = (what: string): By => {
  const callers = callersNow()
  return () => `${what} at ${userIn(callers.stack ?? "") ?? "an unknown place"}`
}

/** An array on a device: a program's result, or data put there. It stays there until it is read or released. */
export class DeviceArray<
  out D extends DType = DType,
  out S extends Shape = Shape,
  // Type parameters of their own: the checker cannot see that these grow with D and S.
  out V = HostValue<D, S>,
  out N = NestedValue<D, S>
> {
  readonly buffer: DeviceBuffer

  constructor(buffer: DeviceBuffer) {
    this.buffer = buffer
  }

  get dtype(): D {
    return this.buffer.dtype as D
  }

  get shape(): S {
    return this.buffer.shape as S
  }

  /** A proxy, or an object of the same prototype, has no private method. */
  static is(value: unknown): value is DeviceArray {
    return typeof value === "object" && value !== null && #decoded in value
  }

  #decoded(bytes: Uint8Array<ArrayBuffer>): V {
    return decode(this.dtype, this.shape, bytes) as V
  }

  protected bytesNow(): Uint8Array<ArrayBuffer> | undefined {
    return this.buffer.bytesNow?.()
  }

  /** The elements as bytes, row-major, in the machine's order. */
  get bytes(): Effect.Effect<Uint8Array<ArrayBuffer>, TransferError> {
    return this.buffer.bytes
  }

  /** The elements: a number for a scalar, else a typed array, flat and row-major. Waits for the device. */
  get read(): Effect.Effect<V, TransferError> {
    return this.#withBytes((bytes) => this.#decoded(bytes))
  }

  /** The elements as lists in the array's shape, down to numbers; a number for a scalar. Waits for the device. */
  get nested(): Effect.Effect<N, TransferError> {
    return this.#withBytes((bytes) => nest(this.dtype, this.shape, decodeArray(this.dtype, bytes)) as N)
  }

  #withBytes<A>(make: (bytes: Uint8Array<ArrayBuffer>) => A): Effect.Effect<A, TransferError> {
    return Effect.withFiber((fiber) => (isTraced(fiber.context) ? this.#download(make) : this.#begun(make)))
  }

  /** A small result that is ready costs no more than its copy. */
  #begun<A>(make: (bytes: Uint8Array<ArrayBuffer>) => A): Effect.Effect<A, TransferError> {
    const now = this.bytesNow()
    if (now === undefined) return this.#download(make)
    counted.bytesDown += now.length
    return Effect.succeed(make(now))
  }

  #download<A>(make: (bytes: Uint8Array<ArrayBuffer>) => A): Effect.Effect<A, TransferError> {
    return Effect.map(inPhase("download", this.bytes, moving(this, this.buffer.device.name)), (bytes) => {
      counted.bytesDown += bytes.length
      return make(bytes)
    })
  }

  /** As `read`, begun by this call: for callers that run it just now, and whom no tracer sees. */
  static beginRead<V>(array: DeviceArray<DType, Shape, V, unknown>): Effect.Effect<V, TransferError> {
    return array.#begun((bytes) => array.#decoded(bytes))
  }

  /**
   * As `read`, but in place where the device's memory is the host's (the CPU, in process): nothing is copied. Not to be
   * written; the device memory stays for as long as the array is reachable, whatever becomes of the scope.
   */
  get view(): Effect.Effect<V, TransferError> {
    return Effect.map(this.buffer.view, (bytes) => decode(this.dtype, this.shape, bytes) as V)
  }

  /** Frees the device memory now. Otherwise it is freed with its scope, or when nothing holds the array any more. */
  get release(): Effect.Effect<void> {
    const by = calledHere("by release")
    return Effect.sync(() => this.free(by))
  }

  protected free(by: By): void {
    this.buffer.release(by)
  }

  /** Frees an array, and says who did. */
  static free(array: DeviceArray, by: By): void {
    array.free(by)
  }

  protected keep(scope: Scope.Scope): void {
    this.buffer.keep(scope)
  }

  /** Makes another scope free an array, in place of its own. */
  static keep(array: DeviceArray, scope: Scope.Scope): void {
    array.keep(scope)
  }

  /** What there is to show of an array without waiting for it. */
  static shown(array: DeviceArray): Shown {
    const { gone } = array.buffer
    return {
      dtype: array.dtype,
      shape: array.shape,
      head: array.toString(),
      bytes: gone === undefined ? array.bytesNow() : undefined,
      gone: gone && (gone._tag === "BufferGone" ? gone.reason : "lost")
    }
  }

  toString(): string {
    return `${show(this)} on ${this.buffer.device.name}`
  }
}

displayedAs<DeviceArray>(DeviceArray.prototype, {
  text: (array, brief) => arrayText(DeviceArray.shown(array), brief),
  html: (array) => arrayHtml(DeviceArray.shown(array))
})

markKind(DeviceArray.prototype, "device array")
refuseNumbers(DeviceArray.prototype, "array", {
  shown: String,
  why: "its elements are on the device until they are read",
  arithmetic: "write yield* x.read, and compute with what it gives",
  element: "write (yield* x.read)[i]",
  assignment: "an array on a device does not change: change what yield* x.read gives, and put that",
  length: "write x.shape[0]",
  items: "write yield* x.read, which gives a typed array",
  json: "write JSON.stringify(Array.from(yield* x.read))"
})

export const isDeviceArray = (value: unknown): value is DeviceArray => DeviceArray.is(value)

/** The arrays that a tree of tensors becomes once it has been run. */
export type DeviceArrays<R> = [TreeOf<Tensor>] extends [R]
  ? TreeOf<DeviceArray>
  : R extends Tensor<infer D, infer S>
    ? DeviceArray<D, S>
    : R extends null
      ? null
      : { readonly [K in keyof R]: DeviceArrays<R[K]> }

/** The arrays that stand for a tree of specs on a device: what a program of them takes and gives. */
export type Arrays<T> = DeviceArrays<Tensors<T>>

/** What reading a tree of arrays gives. */
export type HostValues<T> = [TreeOf<DeviceArray>] extends [T]
  ? TreeOf<HostValue>
  : T extends DeviceArray<infer D, infer S>
    ? HostValue<D, S>
    : T extends null
      ? null
      : T extends Running | PromiseLike<unknown>
        ? never
        : { readonly [K in keyof T]: HostValues<T[K]> }

/** What a tree has for leaves beside arrays; never where it has none. An interface has no index signature. */
type OtherLeaf<T, L> = T extends L | null
  ? never
  : T extends Running | ((...args: never) => unknown)
    ? T
    : T extends ReadonlyArray<infer Item>
      ? OtherLeaf<Item, L>
      : T extends object
        ? { [K in keyof T]: OtherLeaf<T[K], L> }[keyof T]
        : T

/** A check that a type is a tree of arrays, or an interface of such. `OfEffect` says what to do about an Effect. */
export type OfArrays<
  T,
  L = DeviceArray,
  OfEffect extends string = "an Effect has no value until it is run: put yield* before it"
> = [T] extends [TreeOf<L>]
  ? unknown
  : T extends PromiseLike<unknown>
    ? "a Promise has no value yet: await it first"
    : T extends Running
      ? OfEffect
      : [OtherLeaf<T, L>] extends [never]
        ? unknown
        : TreeOf<L>

/** The arrays of a tree. Throws a TreeError for what is none. */
const arraysOf = (operation: string, tree: unknown) =>
  flatten<DeviceArray>(tree as TreeOf<DeviceArray>, isDeviceArray, operation, "tree", "array")

/**
 * Reads every array of a tree: a number for a scalar, else a typed array, flat and row-major. Waits for the device.
 * The effect fails with a `TransferError`, such as `BufferGone` for an array that was released.
 *
 * @example
 * const double = jit([f32(2)], (x) => ({ twice: mul(x, 2), total: sum(x) }))
 * yield* read(yield* double([1, 2])) // { twice: [2, 4], total: 3 }
 */
export const read = <const T>(tree: T & OfArrays<T>): Effect.Effect<HostValues<T>, TransferError> => {
  const { leaves, structure } = arraysOf("read", tree)
  return Effect.map(
    Effect.forEach(leaves, (leaf) => leaf.read),
    (values) => unflatten(structure, values) as HostValues<T>
  )
}

/**
 * Frees the device memory of every array of a tree now. Use it where an array is large and held for longer than it is
 * needed: what nothing holds is freed by itself. Doing it again does nothing. Throws a `TreeError` for what is no tree of
 * arrays; the effect never fails.
 *
 * @example
 * const [total, steps] = yield* jit([f32(4)], (x) => [sum(x), mul(x, 2)])([1, 2, 3, 4])
 * yield* release([steps])
 * yield* total.read // 10
 */
export const release = <const T>(tree: T & OfArrays<T>): Effect.Effect<void> => {
  const { leaves } = arraysOf("release", tree)
  const by = calledHere("by release")
  return Effect.sync(() => {
    for (const leaf of leaves) DeviceArray.free(leaf, by)
  })
}
