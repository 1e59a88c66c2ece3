import { isDifferentiable } from "../dtype.ts"
import type { Program } from "../program.ts"
import { replay } from "../replay.ts"
import type { Value } from "../tensor.ts"
import { programOf } from "../trace.ts"
import type { AreTrees, IsTree } from "../tree-types.ts"
import { zeros } from "../values.ts"
import type { SmoothTree } from "./argnums.ts"
import { place, present } from "./derivatives/dual.ts"
import { auxAndPrimals, type Fn, moved, parted, tangentLeaves, tangentTree, tree } from "./differentiate.ts"
import { forward } from "./forward.ts"
import { split } from "./split.ts"
import type { GivenTangents, Tangents } from "./types.ts"

/**
 * What is left of a program of tangents once the primals are known, and what it needs of them. A loop gives primals and
 * tangents together, so it runs again for each tangent.
 */
const linearPart = (
  tangents: Program,
  known: ReadonlyArray<boolean>,
  operands: ReadonlyArray<Value>
): { readonly linear: Program; readonly residuals: ReadonlyArray<Value> } => {
  const { known: early, unknown: linear } = split(tangents, known)
  return { linear, residuals: replay(early, operands) }
}

interface Linearize {
  <const A extends ReadonlyArray<SmoothTree>, const R extends SmoothTree>(
    fn: Fn<A, R>,
    ...primals: A
  ): [R, ((...tangents: A) => R) & Push<A, R>]
  <const A extends ReadonlyArray<unknown>, const R, const Aux>(
    fn: Fn<A, readonly [R & IsTree<"linearize", "the result", R>, Aux & IsTree<"linearize", "aux", Aux>]> &
      AreTrees<"linearize", A>,
    ...primals: readonly [...A, { readonly hasAux: true }]
  ): [R, Push<A, R>, Aux]
  <const A extends ReadonlyArray<unknown>, const R>(
    fn: Fn<A, R & IsTree<"linearize", "the result", R>> & AreTrees<"linearize", A>,
    ...primals: A
  ): [R, Push<A, R>]
}

type Push<A extends ReadonlyArray<unknown>, R> = (
  ...tangents: GivenTangents<A> & ReadonlyArray<unknown>
) => Tangents<R>

/**
 * Gives the value of a function and its linear part there: a function of tangents, to be called as often as needed.
 * What does not depend on the tangents is computed once, except loops, which run again with them. With
 * `{ hasAux: true }` after the arguments the function returns `[result, aux]`, and aux comes third here. Fails as
 * `jvp`: with a `TreeError` or a `ScopeError`.
 *
 * @example
 * const [y, push] = linearize((x: Tensor<"f32", readonly []>) => mul(x, x), scalar(3, "f32"))
 * y // 9
 * push(scalar(1, "f32")) // 6
 */
export const linearize: Linearize = (fn: unknown, ...inputs: ReadonlyArray<unknown>): never => {
  const { hasAux, primals } = auxAndPrimals(inputs)
  const at = moved("linearize", fn as never, primals)
  const { result, count, auxOf } = parted("linearize", at, hasAux)
  const { program, operands, captured, args } = at
  const given = [...captured.map(() => false), ...args.leaves.map(({ dtype }) => isDifferentiable(dtype))]
  const moving = operands.filter((_, i) => given[i])
  let moves: ReadonlyArray<boolean> = []
  const dual = programOf([...operands, ...moving], (values) => {
    const step = forward(
      program,
      values.slice(0, operands.length),
      place(given, values.slice(operands.length))
    )
    const tangents = step.tangents.slice(0, count)
    moves = tangents.map((t) => t !== undefined)
    return present(tangents)
  })
  const known = dual.inputs.map((_, i) => i < operands.length)
  const values = replay(program, operands)
  const { linear, residuals } = linearPart(dual, known, operands)
  const push = (...tangents: ReadonlyArray<unknown>) => {
    const leaves = tangentLeaves("linearize", "tangents", args, tangents)
    const all = args.leaves.flatMap((leaf, i) =>
      isDifferentiable(leaf.dtype) ? [leaves[i] ?? zeros(leaf)] : []
    )
    const changed = replay(linear, [...residuals, ...all])
    return tangentTree(result.structure, values.slice(0, count), place(moves, changed))
  }
  return [tree(result.structure, values.slice(0, count)), push, ...auxOf(values)] as never
}
