import type { Running } from "../../dsl/late.ts"
import { isList, isRecord } from "../../dsl/required.ts"
import type { Tensor } from "../../dsl/tensor.ts"
import { flatten, type TreeOf, unflatten } from "../../dsl/tree.ts"
import { calledHere, DeviceArray, isDeviceArray, type OfArrays } from "../array/array.ts"
import type { HostValue } from "../array/host.ts"
import { isPromiseArray, type PromiseArray } from "./array.ts"
import { mistaken, type OfEffect } from "./faults.ts"

/** The arrays that a tree of tensors becomes once it has been run. */
export type PromiseArrays<R> = [TreeOf<Tensor>] extends [R]
  ? TreeOf<PromiseArray>
  : R extends Tensor<infer D, infer S>
    ? PromiseArray<D, S>
    : R extends null
      ? null
      : { readonly [K in keyof R]: PromiseArrays<R[K]> }

/** What reading a tree of arrays gives. */
export type PromiseValues<T> = [TreeOf<PromiseArray>] extends [T]
  ? TreeOf<HostValue>
  : T extends PromiseArray<infer D, infer S>
    ? HostValue<D, S>
    : T extends null
      ? null
      : T extends Running | PromiseLike<unknown>
        ? never
        : { readonly [K in keyof T]: PromiseValues<T[K]> }

/** The arrays of a tree as functions that give Effects take them. */
export type EffectArrays<T> = [TreeOf<PromiseArray>] extends [T]
  ? TreeOf<DeviceArray>
  : T extends PromiseArray<infer D, infer S>
    ? DeviceArray<D, S>
    : T extends null
      ? null
      : { readonly [K in keyof T]: EffectArrays<T[K]> }

/** What an Effect has given, its arrays being those of promises. */
export type Promised<T> =
  T extends DeviceArray<infer D, infer S>
    ? PromiseArray<D, S>
    : T extends
          | Running
          | PromiseLike<unknown>
          | ((...args: never) => unknown)
          | ArrayBufferView
          | PromiseArray
      ? T
      : T extends object
        ? { [K in keyof T]: Promised<T[K]> }
        : T

/** A check that a type is a tree of this entry's arrays. */
export type OfPromiseArrays<T> = OfArrays<T, PromiseArray, OfEffect>

const flat = (operation: string, tree: unknown) => {
  const fault = mistaken("tree", tree, "a tree of arrays")
  if (fault !== undefined) throw fault
  return flatten<PromiseArray>(tree as TreeOf<PromiseArray>, isPromiseArray, operation, "tree", "array")
}

/** A tree of arrays as one of device arrays. Throws a TreeError or an ArgumentError for what is none. */
export const deviceArraysOf = (operation: string, tree: unknown): TreeOf<DeviceArray> => {
  const { leaves, structure } = flat(operation, tree)
  return unflatten(
    structure,
    leaves.map(({ effect }) => effect)
  )
}

/**
 * Gives the arrays of a tree as functions that give Effects take them, for `device.run`. They are the same arrays: what
 * is released here is released there. Fails with a `TreeError` for what is no tree of arrays.
 *
 * @example
 * await using device = await open("reference")
 * const x = await device.put(f32(2), [1, 2])
 * await device.run(read(toEffect({ x }))) // { x: [1, 2] }
 */
export const toEffect = <const T>(tree: T & OfPromiseArrays<T>): EffectArrays<T> =>
  deviceArraysOf("toEffect", tree) as EffectArrays<T>

/**
 * Frees the device memory of every array of a tree now. Doing it again does nothing. Fails with a `TreeError` for what
 * is no tree of arrays.
 *
 * @example
 * await using device = await open("reference")
 * const x = await device.put(f32(2), [1, 2])
 * release({ x })
 */
export const release = <const T>(tree: T & OfPromiseArrays<T>): void => {
  const { leaves } = flat("release", tree)
  const by = calledHere("by release")
  for (const { effect } of leaves) DeviceArray.free(effect, by)
}

/** Arrays in records and lists, wherever they lie; other values are left as they are. */
export const replaced = (
  value: unknown,
  swap: (leaf: object) => object | undefined,
  known = new Map<object, unknown>()
): unknown => {
  if (typeof value !== "object" || value === null) return value
  const other = swap(value)
  if (other !== undefined) return other
  if (known.has(value)) return known.get(value)
  if (isList(value)) {
    // Before its items: a circle comes back to it.
    known.set(value, value)
    const items = value.map((item) => replaced(item, swap, known))
    const made = items.some((item, i) => item !== value[i]) ? items : value
    known.set(value, made)
    return made
  }
  if (!isRecord(value)) return value
  known.set(value, value)
  const entries = Object.entries(value).map(([key, item]) => [key, replaced(item, swap, known)] as const)
  const made = entries.some(([key, item]) => item !== value[key]) ? Object.fromEntries(entries) : value
  known.set(value, made)
  return made
}

/** What an Effect gave, its device arrays being made into others. */
export const promised = (value: unknown, own: (array: DeviceArray) => PromiseArray): unknown =>
  replaced(value, (leaf) => (isDeviceArray(leaf) ? own(leaf) : undefined))

/** The arrays in a value's records and lists. */
export const arraysIn = (value: unknown): ReadonlySet<DeviceArray> => {
  const found = new Set<DeviceArray>()
  replaced(value, (leaf) => {
    if (isPromiseArray(leaf)) found.add(leaf.effect)
    return isPromiseArray(leaf) ? leaf : undefined
  })
  return found
}
