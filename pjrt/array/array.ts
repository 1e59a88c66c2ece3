import * as Effect from "effect/Effect"
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
import type { TransferError } from "../backend/errors.ts"
import type { By } from "../backend/owner.ts"
import { inPhase, isTraced } from "../backend/spans.ts"
import { decode, type HostValue } from "./host.ts"

/** Names the user's line, which is only looked up where somebody asks. */
const releasedHere = (): By => {
  const callers = callersNow()
  return () => `by release at ${userIn(callers.stack ?? "") ?? "an unknown place"}`
}

/** An array on a device: a program's result, or data put there. It stays there until it is read or released. */
export class DeviceArray<
  out D extends DType = DType,
  out S extends Shape = Shape,
  // A separate type parameter: the checker cannot see that HostValue grows with D and S.
  out V = HostValue<D, S>
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
    return Effect.withFiber((fiber) => {
      // A small result that is ready costs no more than its copy.
      const now = isTraced(fiber.context) ? undefined : this.bytesNow()
      return now === undefined
        ? Effect.map(inPhase("download", this.bytes), (bytes) => this.#decoded(bytes))
        : Effect.succeed(this.#decoded(now))
    })
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
    const by = releasedHere()
    return Effect.sync(() => this.free(by))
  }

  protected free(by: By): void {
    this.buffer.release(by)
  }

  /** Frees an array, and says who did. */
  static free(array: DeviceArray, by: By): void {
    array.free(by)
  }

  toString(): string {
    return `${show(this)} on ${this.buffer.device.name}`
  }
}

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
type OtherLeaf<T> = T extends DeviceArray | null
  ? never
  : T extends Running | ((...args: never) => unknown)
    ? T
    : T extends ReadonlyArray<infer Item>
      ? OtherLeaf<Item>
      : T extends object
        ? { [K in keyof T]: OtherLeaf<T[K]> }[keyof T]
        : T

/** A check that a type is a tree of arrays, or an interface of such. */
type OfArrays<T> = [T] extends [TreeOf<DeviceArray>]
  ? unknown
  : T extends PromiseLike<unknown>
    ? "a Promise has no value yet: await it first"
    : T extends Running
      ? "an Effect has no value until it is run: put yield* before it"
      : [OtherLeaf<T>] extends [never]
        ? unknown
        : TreeOf<DeviceArray>

/**
 * Reads every array of a tree: a number for a scalar, else a typed array, flat and row-major. Waits for the device.
 * The effect fails with a `TransferError`, such as `BufferGone` for an array that was released.
 *
 * @example
 * const double = jit([f32(2)], (x) => ({ twice: mul(x, 2), total: sum(x) }))
 * yield* read(yield* double([1, 2])) // { twice: [2, 4], total: 3 }
 */
export const read = <const T>(tree: T & OfArrays<T>): Effect.Effect<HostValues<T>, TransferError> => {
  const flat = flatten<DeviceArray>(tree as TreeOf<DeviceArray>, isDeviceArray, "read", "tree", "array")
  return Effect.map(
    Effect.forEach(flat.leaves, (leaf) => leaf.read),
    (values) => unflatten(flat.structure, values) as HostValues<T>
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
  const { leaves } = flatten<DeviceArray>(
    tree as TreeOf<DeviceArray>,
    isDeviceArray,
    "release",
    "tree",
    "array"
  )
  const by = releasedHere()
  return Effect.sync(() => {
    for (const leaf of leaves) DeviceArray.free(leaf, by)
  })
}
