import type { Params, Primitive, Program, Var } from "../../program.ts"
import type { Value } from "../../tensor.ts"
import type { Smooth } from "../smooth.ts"

/** A tangent or cotangent; undefined stands for zero, and for values that have none, such as integers. */
export type Maybe = Value | undefined

export interface Dual {
  readonly outputs: ReadonlyArray<Value>
  readonly tangents: ReadonlyArray<Maybe>
}

/** The outputs of a forward run, and the pullback from their cotangents to those of the inputs. */
export interface Pullback {
  readonly outputs: ReadonlyArray<Value>
  readonly pull: (cotangents: ReadonlyArray<Maybe>) => ReadonlyArray<Maybe>
}

export interface Site<P extends Primitive> {
  readonly params: Params[P]
  readonly inputs: ReadonlyArray<Value>
  readonly outputs: ReadonlyArray<Value>
}

/**
 * How one operand's tangent acts on the (only) result: a linear function of the tangent. `pull` is its transpose. Where
 * it is missing, reverse mode of `push` finds it.
 */
export interface Linear {
  readonly push: (tangent: Value) => Value
  readonly pull?: (cotangent: Value) => Value
}

/** Forward mode of a whole program, for rules of primitives that hold programs. */
export type Forward = (
  program: Program,
  primals: ReadonlyArray<Value>,
  tangents: ReadonlyArray<Maybe>
) => Dual

/**
 * Reverse mode of a whole program. `wanted` names the inputs whose cotangents are asked for. `given` names the outputs
 * whose cotangents may be given. `known` has values of variables that need not be computed.
 */
export type Reverse = (
  program: Program,
  inputs: ReadonlyArray<Value>,
  wanted: ReadonlyArray<boolean>,
  given: ReadonlyArray<boolean>,
  known?: ReadonlyMap<Var, Value>
) => Pullback

/**
 * The one derivative of a primitive, for both modes.
 * - `each`: operands act on the result one by one, and their effects add up. null for an operand that has none.
 * - `joint`: the result is linear in the named operands taken together; `pull` is the transpose for each.
 * - `rewrite`: the derivative of an equal expression in other primitives. With `always`, the rewrite also replaces
 * equations that are not being differentiated, since other derivatives may read their values.
 * - `jvp` and `reverse`: written out, for primitives that hold programs.
 */
export type Derivative<P extends Primitive> =
  | { readonly each: (site: Site<P>) => ReadonlyArray<Linear | null> }
  | {
      readonly joint: (site: Site<P>) => ReadonlyArray<number>
      readonly pull: (cotangent: Value, site: Site<P>) => ReadonlyArray<Maybe>
    }
  | {
      readonly rewrite: (inputs: ReadonlyArray<Value>, params: Params[P]) => ReadonlyArray<Value>
      readonly always?: boolean
    }
  | {
      readonly jvp: (
        params: Params[P],
        primals: ReadonlyArray<Value>,
        tangents: ReadonlyArray<Maybe>,
        forward: Forward
      ) => Dual
      readonly reverse: (
        params: Params[P],
        inputs: ReadonlyArray<Value>,
        wanted: ReadonlyArray<boolean>,
        given: ReadonlyArray<boolean>,
        reverse: Reverse
      ) => Pullback
    }

/** The derivatives of some primitives: those that have one (`transform/smooth`). */
export type Derivatives<P extends Primitive> = { readonly [K in Extract<P, Smooth>]: Derivative<K> }

/** An elementwise factor, which is its own transpose. */
export const factor = (multiply: (tangent: Value) => Value): Linear => ({ push: multiply, pull: multiply })
