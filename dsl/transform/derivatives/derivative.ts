import type { Params, Primitive, Program } from "../../program.ts"
import type { Value } from "../../tensor.ts"
import type { Smooth } from "../smooth.ts"

/** A tangent or cotangent; undefined stands for zero, and for values that have none, such as integers. */
export type Maybe = Value | undefined

export interface Dual {
  readonly outputs: ReadonlyArray<Value>
  readonly tangents: ReadonlyArray<Maybe>
}

/** What a forward run gives, and the way back: cotangents of the outputs to cotangents of the inputs. */
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
 * How one operand's tangent acts on the (only) result: a linear function of the tangent. `pull` is its transpose;
 * where it is left out it comes from `push` by reverse mode, which for a linear function is transposition.
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
 * Reverse mode of a whole program; `wanted` says which inputs' cotangents are asked for, `given` which outputs' may be
 * given.
 */
export type Reverse = (
  program: Program,
  inputs: ReadonlyArray<Value>,
  wanted: ReadonlyArray<boolean>,
  given: ReadonlyArray<boolean>
) => Pullback

/**
 * The one derivative of a primitive, from which come forward and reverse mode.
 *
 * - `each`: operands act on the result one by one, and their tangents' effects add up. null for an operand without.
 * - `joint`: the result is linear in the named operands taken together; `pull` is the transpose for each.
 * - `rewrite`: that of an equal expression in other primitives; `always`: which is used also where nothing that is
 *   differentiated passes, for other derivatives may read its value.
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

/** The derivatives of those of some primitives that have one (`transform/smooth`). */
export type Derivatives<P extends Primitive> = { readonly [K in Extract<P, Smooth>]: Derivative<K> }

/** An elementwise factor: the same on the way forth and back. */
export const factor = (multiply: (tangent: Value) => Value): Linear => ({ push: multiply, pull: multiply })
