import { type DType, kindOf } from "../dtype.ts"
import { treeError } from "../errors.ts"
import { type HostArrays, type HostValue, hostArrays } from "../host-value.ts"
import { zeros } from "../ops/constant.ts"
import { shown } from "../required.ts"
import { type Aval, type Shape, sizeOf } from "../shape.ts"
import { isSpec, type Spec } from "../spec.ts"
import { isTensor, type Tensor } from "../tensor.ts"
import { type TreeOf, unflatten } from "../tree.ts"
import { apart, type Leaf, type Unfolds } from "./leaf.ts"
import type { LeafOf } from "./types.ts"

/** The zeros of a tree: tensors of tensors and specs, and host values of all else. */
export type Zeros<T> = unknown extends T
  ? unknown
  : true extends Unfolds<T>
    ? TreeOf<ZeroOf<LeafOf<T>>>
    : T extends Leaf
      ? ZeroOf<T>
      : T extends null
        ? null
        : { readonly [K in keyof T]: Zeros<T[K]> }

type ZeroOf<L> = L extends Tensor
  ? L
  : L extends Spec<infer D, infer S>
    ? Tensor<D, S>
    : L extends { readonly dtype: infer D extends DType; readonly shape: infer S extends Shape }
      ? HostValue<D, S>
      : L extends number
        ? number
        : L extends bigint
          ? bigint
          : L extends boolean
            ? boolean
            : L

/** The first form gives zeros of tensors the type of their tree, which may be a type parameter. */
interface ZerosLike {
  <const T extends TreeOf<L>, L extends Tensor>(tree: T & TreeOf<L>): T
  <const T>(tree: T): Zeros<T>
}

type HostArray = HostArrays[DType]

/** The typed arrays by their names, which those of other realms have too. */
const byName: ReadonlyMap<unknown, new (length: number) => HostArray> = new Map(
  Object.values(hostArrays).map((array) => [array.name, array])
)

/** Zeros as reading an array would give them. */
const hostZeros = ({ dtype, shape }: Aval): unknown => {
  const parts = kindOf(dtype) === "complex" ? 2 : 1
  const array = new hostArrays[dtype](sizeOf(shape) * parts)
  if (shape.length > 0) return array
  return dtype === "bool" ? false : parts === 2 ? [0, 0] : array[0]
}

const zeroOf = (leaf: Leaf, path: string): unknown => {
  switch (typeof leaf) {
    case "number":
      return 0
    case "bigint":
      return 0n
    case "boolean":
      return false
    case "object": {
      if (isTensor(leaf) || isSpec(leaf)) return zeros(leaf.shape, leaf.dtype)
      if (!ArrayBuffer.isView(leaf)) return hostZeros(leaf)
      const array = byName.get((leaf as HostArray)[Symbol.toStringTag])
      if (array !== undefined) return new array((leaf as HostArray).length)
    }
  }
  throw treeError(
    "tree.zerosLike",
    path,
    `tree.zerosLike: ${path} is ${shown(leaf)}, which has no zero`,
    "leave it out of the tree, or put null there"
  )
}

/**
 * Makes zeros like each leaf of a tree. Of tensors and specs these are tensors of the same dtype and shape. Of an array
 * on a device they are what reading zeros would give: a typed array, or a number for a scalar. Of a typed array they are
 * one of its kind and length, of a number 0, of a boolean false. Fails with a `TreeError` for what is no tree, and for a
 * string.
 *
 * @example
 * tree.zerosLike({ w: f32(2, 3), step: i32() }).w // f32[2,3]
 * tree.zerosLike({ w: new Float32Array([1, 2]), rate: 0.5 }) // { w: [0, 0], rate: 0 }
 */
export const zerosLike: ZerosLike = (tree: unknown) => {
  const { leaves, paths, structure } = apart("tree.zerosLike", tree)
  return unflatten<unknown>(
    structure,
    leaves.map((leaf, i) => zeroOf(leaf, paths[i]!))
  ) as never
}
