import { isDifferentiable } from "../dtype.ts"
import { dtypeError } from "../errors.ts"
import { replay } from "../replay.ts"
import { placesOf, show, sizeOf } from "../shape.ts"
import type { Value } from "../tensor.ts"
import { subprogram } from "../trace.ts"
import { leafCount, type Structure, type Tree } from "../tree.ts"
import type { AreTrees, NoTypes } from "../tree-types.ts"
import type { AfterWhole, ByRule, Rule, WholeOf } from "../types/whole.ts"
import { compare, convert, iota, moveAxis, range, reshape, zeros } from "../values.ts"
import type { ArgNums, ArgnumsCheck, GradientCheck } from "./argnums.ts"
import { batch } from "./batch.ts"
import {
  type Applied,
  type applied,
  chosenLeaves,
  chosenTree,
  differentiated,
  type Fn,
  gradOptions,
  moved,
  plainArgnums,
  resultAndAux,
  tree
} from "./differentiate.ts"
import { forward } from "./forward.ts"
import { reverse } from "./reverse.ts"
import type { GradOptions, JacobianOf, ResultOf, ResultOrAuxCheck, WithAux } from "./types.ts"
import type { OfJacobian, WholeJacobian } from "./whole-types.ts"

interface JacobianTransform<Op extends string> {
  <const R, const A extends ReadonlyArray<unknown> = NoTypes<Op>, K extends Rule = never>(
    fn: Fn<A, R> & WholeOf<K>,
    ...none: AfterWhole<K, A>
  ): ByRule<K, WholeJacobian<Op, K>, (...args: A) => JacobianOf<R, A, 0>>
  <
    const R,
    const A extends ReadonlyArray<unknown> = NoTypes<Op>,
    const N extends ArgNums = 0,
    const H extends boolean = false
  >(
    fn: Fn<A, R & ResultOrAuxCheck<Op, R, H>> & AreTrees<Op, A> & GradientCheck<Op, A, N>,
    options?: GradOptions<N, H> & ArgnumsCheck<Op, A, N>
  ): (...args: A) => WithAux<JacobianOf<ResultOf<R, H>, A, N>, R, H>
}

interface Hessian {
  <const R, const A extends ReadonlyArray<unknown> = NoTypes<"hessian">, K extends Rule = never>(
    fn: Fn<A, R> & WholeOf<K>,
    ...none: AfterWhole<K, A>
  ): ByRule<K, WholeJacobian<"hessian", OfJacobian<K>>, (...args: A) => JacobianOf<JacobianOf<R, A, 0>, A, 0>>
  <
    const R,
    const A extends ReadonlyArray<unknown> = NoTypes<"hessian">,
    const N extends ArgNums = 0,
    const H extends boolean = false
  >(
    fn: Fn<A, R & ResultOrAuxCheck<"hessian", R, H>> &
      AreTrees<"hessian", A> &
      GradientCheck<"hessian", A, N>,
    options?: GradOptions<N, H> & ArgnumsCheck<"hessian", A, N>
  ): (...args: A) => WithAux<JacobianOf<JacobianOf<ResultOf<R, H>, A, N>, A, N>, R, H>
}

/** All unit vectors of a leaf, one per row. */
const units = (leaf: Value): Value => {
  const size = sizeOf(leaf.shape)
  const same = compare("eq", iota([size, size], 0), iota([size, size], 1))
  return reshape(convert(same, leaf.dtype), [size, ...leaf.shape])
}

/**
 * Applies a linear function of one leaf to all its unit vectors at once. The axis of unit vectors comes first in the
 * results.
 */
const overUnits = (leaf: Value, linear: (unit: Value) => ReadonlyArray<Value>): ReadonlyArray<Value> => {
  const { program, captured } = subprogram("a derivative", [leaf], ([unit]) => linear(unit!))
  const size = sizeOf(leaf.shape)
  const values = [...captured, units(leaf)]
  const batched = values.map((_, i) => i === captured.length)
  const results = batch(program, { values, batched }, size)
  return results.values.map((value, i) =>
    results.batched[i] ? value : zeros({ dtype: value.dtype, shape: [size, ...value.shape] })
  )
}

/** A function traced at arguments, its results separated from its aux. */
interface Prepared {
  readonly at: Applied
  readonly argnums: ArgNums
  readonly chosen: ReadonlyArray<number>
  /** Which leaves of the arguments to differentiate with respect to. */
  readonly leaves: ReadonlyArray<boolean>
  readonly structure: Structure
  /** How many leaves the result has; those of aux come after. */
  readonly results: number
  readonly aux: Structure | undefined
}

const prepare = (
  op: string,
  fn: unknown,
  { argnums, hasAux }: Required<GradOptions<ArgNums, boolean>>,
  args: ReadonlyArray<Tree>,
  trace: typeof applied
): Prepared => {
  const chosen = plainArgnums(op, argnums, args.length)
  const at = trace(op, fn as never, args)
  const { result: structure, aux } = resultAndAux(op, "result", at, hasAux)
  const results = leafCount(structure)
  for (const output of at.outputs.leaves.slice(0, results)) {
    if (isDifferentiable(output.dtype)) continue
    throw dtypeError(
      op,
      `${op}: a result is ${show(output)}, which has no derivative`,
      "leave it out, convert it, or hand it through: { hasAux: true }"
    )
  }
  const leaves = chosenLeaves(op, at, chosen)
  return { at, argnums, chosen, leaves, structure, results, aux }
}

/** The blocks `[result][argument]` as a tree of trees, with aux where there is one. */
const assemble = (
  { at, argnums, chosen, structure, results, aux }: Prepared,
  blocks: ReadonlyArray<ReadonlyArray<Value | undefined>>,
  outputs: ReadonlyArray<Value>
): unknown => {
  const rows = blocks.map((row) => chosenTree(at, argnums, chosen, row as ReadonlyArray<Value>))
  const jacobian = tree(structure, rows as never)
  return aux === undefined ? jacobian : [jacobian, tree(aux, outputs.slice(results))]
}

/**
 * Makes the Jacobian of a function by forward mode, one pass for each element of the arguments: best for few
 * arguments and many results. Each leaf has the shape `[...result axes, ...argument axes]`. With `hasAux` the
 * function returns `[result, aux]`, and so does this: `[jacobian, aux]`. Fails with a `DTypeError` for an argument
 * without a gradient, such as an integer, and a `ValueError` for `argnums` out of range.
 *
 * @example jacfwd((x: Tensor<"f32", readonly [2]>) => mul(x, x))(constant([1, 2], "f32")) // [[2, 0], [0, 4]]
 */
export const jacfwd: JacobianTransform<"jacfwd"> = (fn: unknown, options?: Options) =>
  forwardJacobian("jacfwd", fn, options) as never

type Options = GradOptions<ArgNums, boolean>

const forwardJacobian = (op: string, fn: unknown, given: Options | undefined) => {
  const options = gradOptions(op, fn, given)
  return (...args: ReadonlyArray<Tree>) => {
    const made = prepare(op, fn, options, args, moved)
    const { at, leaves, results } = made
    const before = at.captured.length
    const columns = at.args.leaves.map((_, i) => {
      if (!leaves[i]) return undefined
      const leaf = at.operands[before + i]!
      const found = overUnits(leaf, (unit) => {
        const tangents = at.operands.map((_, k) => (k === before + i ? unit : undefined))
        const dual = forward(at.program, at.operands, tangents)
        return dual.outputs.slice(0, results).map((output, k) => dual.tangents[k] ?? zeros(output))
      })
      return found.map((result) => {
        const last = moveAxis(result, 0, result.shape.length - 1)
        return reshape(last, [...result.shape.slice(1), ...leaf.shape])
      })
    })
    const blocks = range(results).map((k) => columns.map((column) => column?.[k]))
    return assemble(made, blocks, made.aux === undefined ? [] : replay(at.program, at.operands))
  }
}

/**
 * Makes the Jacobian of a function by reverse mode, one pass for each element of the result: best for few results and
 * many arguments. Each leaf has the shape `[...result axes, ...argument axes]`; `hasAux` is that of `jacfwd`. Fails
 * with a `DTypeError` for an argument without a gradient, such as an integer, and a `ValueError` for `argnums` out of
 * range.
 *
 * @example jacrev((x: Tensor<"f32", readonly [2]>) => mul(x, x))(constant([1, 2], "f32")) // [[2, 0], [0, 4]]
 */
export const jacrev: JacobianTransform<"jacrev"> = (fn: unknown, options?: Options) =>
  reverseJacobian("jacrev", fn, options) as never

const reverseJacobian = (op: string, fn: unknown, given: Options | undefined) => {
  const options = gradOptions(op, fn, given)
  return (...args: ReadonlyArray<Tree>) => {
    const made = prepare(op, fn, options, args, differentiated)
    const { at, leaves, results } = made
    const before = at.captured.length
    const wanted = [...range(before).map(() => false), ...leaves]
    const isResult = at.outputs.leaves.map((_, k) => k < results)
    const { outputs, pull } = reverse(at.program, at.operands, wanted, isResult)
    const asked = range(leaves.length).filter((i) => leaves[i])
    const places = placesOf(asked)
    const blocks = outputs.slice(0, results).map((output, k) => {
      const rows = overUnits(output, (unit) => {
        const pulled = pull(outputs.map((_, j) => (j === k ? unit : undefined))).slice(before)
        return asked.map((i) => pulled[i] ?? zeros(at.args.leaves[i]!))
      })
      return leaves.map((wanted, i) =>
        wanted ? reshape(rows[places.get(i)!]!, [...output.shape, ...at.args.leaves[i]!.shape]) : undefined
      )
    })
    return assemble(made, blocks, outputs)
  }
}

/**
 * Makes the second derivatives of a function: the forward-mode Jacobian of its reverse-mode one. Of a scalar loss,
 * each leaf has the axes of the argument twice; `hasAux` is that of `jacfwd`. Fails with a `DTypeError` for an argument without a gradient, such as
 * an integer, and a `ValueError` for `argnums` out of range.
 *
 * @example hessian((x: Tensor<"f32", readonly [2]>) => sum(mul(x, x, x)))(constant([1, 2], "f32")) // [[6, 0], [0, 12]]
 */
export const hessian: Hessian = (fn: unknown, options?: Options) =>
  forwardJacobian("hessian", reverseJacobian("hessian", fn, options) as never, options) as never
