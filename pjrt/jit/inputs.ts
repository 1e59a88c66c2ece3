import type { DType } from "../../dsl/dtype.ts"
import type { Shape } from "../../dsl/shape.ts"
import type { Spec, Specs } from "../../dsl/spec.ts"
import type { DeviceArray } from "../array/array.ts"
import type { HostInput } from "../array/host.ts"

/** What may be given for a spec: host data, or an array that is already on the device. */
export type Input<D extends DType = DType, S extends Shape = Shape> = HostInput<D> | DeviceArray<D, S>

/** What may be given for a tree of specs. */
export type Inputs<T> = [Specs] extends [T]
  ? unknown
  : T extends Spec<infer D, infer S>
    ? Input<D, S>
    : T extends null
      ? null
      : { readonly [K in keyof T]: Inputs<T[K]> }
