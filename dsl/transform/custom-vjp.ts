import { isDifferentiable } from "../dtype.ts"
import { treeError } from "../errors.ts"
import { apply } from "../primitives/index.ts"
import { replay, withConsts } from "../replay.ts"
import { sameAval, show } from "../shape.ts"
import { isTensor, type Tensor, type Value, valueOf } from "../tensor.ts"
import { programOf, subprogram } from "../trace.ts"
import { flatten, type Structure, type Tree, unflatten } from "../tree.ts"
import { zeros } from "../values.ts"
import { applied, type Fn, tree } from "./differentiate.ts"
import type { GivenTangents, Tangents } from "./types.ts"

/** The two halves of a derivative of one's own. */
export interface CustomVjp<A extends ReadonlyArray<Tree>, R extends Tree, Residuals extends Tree> {
  /** Takes the arguments; gives the result, and what the way back needs. */
  readonly forward: (...args: A) => readonly [R, Residuals]
  /** Takes that and a cotangent of the result; gives a list of cotangents, one for each argument. */
  readonly backward: (residuals: Residuals, cotangent: Tangents<R>) => GivenTangents<A>
}

const refuse = (path: string, message: string, hint: string) =>
  treeError("customVjp", path, `customVjp: ${message}`, hint)

/**
 * A function with a reverse derivative of one's own, for better numerics or a straight-through estimate. Forward mode
 * refuses it, as in JAX.
 *
 * @example
 * const clipped = customVjp(
 *   (x: Tensor<"f32", readonly []>) => x,
 *   { forward: (x) => [x, null], backward: (_, ct) => [clamp(-1, ct, 1)] }
 * )
 */
export const customVjp =
  <const A extends ReadonlyArray<Tree>, R extends Tree, Residuals extends Tree>(
    fn: Fn<A, R>,
    { forward, backward }: CustomVjp<A, R, Residuals>
  ) =>
  (...args: A): R => {
    const primal = applied("customVjp", fn as never, args)
    const { args: flat, outputs } = primal
    const run = applied("customVjp", forward as never, args)
    const pair = run.outputs.structure
    if (pair.kind !== "list" || pair.items.length !== 2) {
      throw refuse(
        "forward",
        "forward must return [result, residuals]",
        "return [y, null] where nothing is kept"
      )
    }
    const count = outputs.leaves.length
    const given = run.outputs.leaves
    outputs.leaves.forEach((leaf, i) => {
      if (given[i] !== undefined && sameAval(valueOf(given[i]), valueOf(leaf))) return
      throw refuse(
        "forward",
        `forward gives ${given[i] === undefined ? "nothing" : show(given[i])} where the function gives ${show(leaf)}`,
        "both must have the same result"
      )
    })
    const active = flat.leaves.flatMap(({ dtype }, i) => (isDifferentiable(dtype) ? [i] : []))
    const back = traceBackward(backward as never, pair.items[1]!, given.slice(count), outputs, flat, active)
    const consts = [...new Set([...primal.captured, ...run.captured, ...back.captured])]
    const kept = back.captured
    // What the way back uses from around it travels with the residuals.
    const withKept = programOf([...consts, ...flat.leaves], (values) => {
      const results = replay(withConsts(run, consts), values)
      return [...results, ...kept.map((each) => values[consts.indexOf(each)]!)]
    })
    const residualCount = given.length - count
    const reordered = programOf([...given.slice(count), ...kept, ...outputs.leaves], (values) => {
      const residuals = values.slice(0, residualCount)
      const around = values.slice(residualCount, residualCount + kept.length)
      return replay(back.program, [...around, ...residuals, ...values.slice(residualCount + kept.length)])
    })
    const results = apply(
      "customVjp",
      {
        primal: withConsts(primal, consts),
        forward: withKept,
        backward: reordered,
        consts: consts.length,
        active
      },
      [...consts, ...flat.leaves.map(valueOf)]
    )
    return tree<R>(outputs.structure, results)
  }

const traceBackward = (
  backward: (residuals: unknown, cotangent: unknown) => unknown,
  residuals: Structure,
  kept: ReadonlyArray<Tensor>,
  outputs: { readonly structure: Structure; readonly leaves: ReadonlyArray<Tensor> },
  args: {
    readonly structure: Structure
    readonly leaves: ReadonlyArray<Tensor>
    readonly paths: ReadonlyArray<string>
  },
  active: ReadonlyArray<number>
) =>
  subprogram("a backward function", [...kept, ...outputs.leaves], (values) => {
    const cts = values.slice(kept.length).map((ct) => (isDifferentiable(ct.dtype) ? ct : null))
    const given = backward(
      unflatten<Value>(residuals, values.slice(0, kept.length)),
      unflatten<Value | null>(outputs.structure, cts)
    )
    const isLeaf = (value: unknown): value is Tensor | null => value === null || isTensor(value)
    const found = flatten<Tensor | null>(given as never, isLeaf, "customVjp", "cotangents")
    if (found.leaves.length !== args.leaves.length) {
      throw refuse(
        "backward",
        `backward gives ${found.leaves.length} cotangents for ${args.leaves.length} argument leaves`,
        "return a list with one tree for each argument; null stands for a zero"
      )
    }
    return active.map((i) => {
      const [ct, leaf] = [found.leaves[i]!, args.leaves[i]!]
      if (ct === null) return zeros(leaf)
      if (!sameAval(valueOf(ct), leaf)) {
        throw refuse(
          args.paths[i]!,
          `backward gives ${show(ct)} for ${args.paths[i]}, which is ${show(leaf)}`,
          "a cotangent has the type of its argument"
        )
      }
      return valueOf(ct)
    })
  })
