import type { DType } from "../../dsl/dtype.ts"
import type { NoValue } from "../../dsl/late.ts"
import type { Shape } from "../../dsl/shape.ts"
import type { Spec, Specs } from "../../dsl/spec.ts"
import type { Tensor } from "../../dsl/tensor.ts"
import type { DeviceArray } from "../array/array.ts"
import type { HostInput } from "../array/host.ts"

/**
 * What is no data. It stands beside data in the type of an argument, so that the checker compares with it what is most
 * like it, and its words are the last that it prints.
 */
type NoData<D extends DType, S extends Shape> = NoTensor<D, S> | NoValue

/** A tensor is no data: what stands here is the last that the checker prints. */
export type NoTensor<D extends DType, S extends Shape> = {
  readonly [K in keyof Tensor]: K extends "dtype"
    ? D
    : K extends "shape"
      ? S
      : "a tensor of a program has no elements: give numbers, or what a jitted function gives"
}

/** What may be given for a spec: host data, or an array that is already on the device. */
export type Input<D extends DType = DType, S extends Shape = Shape> =
  | HostInput<D>
  | DeviceArray<D, S>
  | NoData<D, S>

/** What may be given for a tree of specs. */
export type Inputs<T> = [Specs] extends [T]
  ? unknown
  : T extends Spec<infer D, infer S>
    ? Input<D, S>
    : T extends null
      ? null
      : { readonly [K in keyof T]: Inputs<T[K]> }
