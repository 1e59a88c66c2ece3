import type { DType } from "../../dsl/dtype.ts"
import type { Running } from "../../dsl/late.ts"
import { isRecord, shown } from "../../dsl/required.ts"
import type { Aval } from "../../dsl/shape.ts"
import { type Flat, flatten, type TreeOf } from "../../dsl/tree.ts"
import { type DeviceArray, isDeviceArray } from "../array/array.ts"
import { plainView } from "../array/host.ts"
import { ArgumentError } from "../backend/errors.ts"
import type { NamedAval } from "../formats/safetensors.ts"
import { isNdArray, NdArray } from "./ndarray.ts"
import { type HostScalar, leafNames, type SavedLeaf, treeText } from "./tree-text.ts"

/** What may be a leaf of a tree that is saved. */
export type Saved = DeviceArray | NdArray | ArrayBufferView | HostScalar

/** What a tree has for leaves beside those of a kind; never where it has none. An interface has no index signature. */
export type OtherLeaf<T, Leaf> = T extends Leaf | null
  ? never
  : T extends Running | string | number | bigint | boolean | undefined | ((...args: never) => unknown)
    ? T
    : T extends ReadonlyArray<infer Item>
      ? OtherLeaf<Item, Leaf>
      : T extends object
        ? { [K in keyof T]: OtherLeaf<T[K], Leaf> }[keyof T]
        : T

/** A check that a type is a tree of what can be saved, or an interface of such. */
export type OfSaved<T> = [T] extends [TreeOf<Saved>]
  ? unknown
  : T extends PromiseLike<unknown>
    ? "a Promise has no value yet: await it first"
    : T extends Running
      ? "an Effect has no value until it is run: put yield* before it"
      : [OtherLeaf<T, Saved>] extends [never]
        ? unknown
        : TreeOf<Saved>

const isSaved = (value: unknown): value is Saved =>
  isDeviceArray(value) ||
  isNdArray(value) ||
  ArrayBuffer.isView(value) ||
  typeof value === "number" ||
  typeof value === "bigint" ||
  typeof value === "boolean"

const dtypeOfArray: Readonly<Record<string, DType>> = {
  Float32Array: "f32",
  Float64Array: "f64",
  Int8Array: "i8",
  Int16Array: "i16",
  Int32Array: "i32",
  BigInt64Array: "i64",
  Uint8Array: "u8",
  Uint16Array: "u16",
  Uint32Array: "u32",
  BigUint64Array: "u64"
}

/** An array that is to be saved, as the file has it. */
export type Source = DeviceArray | NdArray

export const sourceOf = (leaf: Saved, path: string): Source | HostScalar => {
  if (!ArrayBuffer.isView(leaf)) return leaf
  const plain = plainView(leaf, path)
  const dtype = dtypeOfArray[plain.constructor.name]
  if (dtype === undefined)
    throw new ArgumentError({
      path,
      message: `${path} is a ${plain.constructor.name}`,
      hint: "give an array of numbers with its dtype: ndarray(f32(3), [1, 2, 3])"
    })
  const bytes = new Uint8Array(plain.buffer as ArrayBuffer, plain.byteOffset, plain.byteLength)
  return new NdArray(dtype, [plain.length], bytes)
}

const isScalar = (source: Source | HostScalar): source is HostScalar => typeof source !== "object"

/** The format has no c128: such an array is saved as pairs of f64. */
export const storedAval = ({ dtype, shape }: Aval): Aval =>
  dtype === "c128" ? { dtype: "f64", shape: [...shape, 2] } : { dtype, shape }

export const treeKey = "loopcarry.tree"
export const checksumKey = "loopcarry.crc32"

/** What a file of a tree holds. */
export interface Plan {
  readonly sources: ReadonlyMap<string, Source>
  readonly avals: ReadonlyArray<NamedAval>
  readonly metadata: Readonly<Record<string, string>>
}

const requireMetadata = (metadata: unknown): void => {
  if (!isRecord(metadata) || !Object.values(metadata).every((text) => typeof text === "string"))
    throw new ArgumentError({
      path: "metadata",
      message: `metadata is ${shown(metadata)}, not a record of texts`,
      hint: 'give texts by name: { metadata: { note: "before the change" } }'
    })
  const taken = Object.keys(metadata).find((key) => key === treeKey || key === checksumKey)
  if (taken !== undefined)
    throw new ArgumentError({
      path: "metadata",
      message: `metadata has the key ${taken}, which saveTree writes itself`,
      hint: "call it something else"
    })
}

/** What the file of a tree will hold. Throws an ArgumentError, or a TreeError. */
export const planOf = (tree: unknown, metadata: Readonly<Record<string, string>>): Plan => {
  requireMetadata(metadata)
  const flat: Flat<Saved> = flatten<Saved>(tree as TreeOf<Saved>, isSaved, "saveTree", "tree", "saved")
  const given = flat.leaves.map((leaf, i) => sourceOf(leaf, flat.paths[i]!))
  const names = leafNames(flat.structure)
  const sources = new Map<string, Source>()
  const leaves = given.map((source, i): SavedLeaf => {
    if (isScalar(source)) return { value: source }
    const name = names[i]!
    if (sources.has(name))
      throw new ArgumentError({
        path: flat.paths[i]!,
        message: `${flat.paths[i]} and ${flat.paths[names.indexOf(name)]} would both be called ${JSON.stringify(name)} in the file`,
        hint: "give one of them another key"
      })
    sources.set(name, source)
    return { dtype: source.dtype }
  })
  return {
    sources,
    avals: [...sources].map(([name, source]) => ({ name, ...storedAval(source) })),
    metadata: { ...metadata, [treeKey]: treeText({ structure: flat.structure, leaves }) }
  }
}
