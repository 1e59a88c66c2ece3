import { isDifferentiable } from "../dtype.ts"
import { holds } from "../held.ts"
import type { AreTrees, IsTree } from "../tree-types.ts"
import type { SmoothTree } from "./argnums.ts"
import {
  auxAndPrimals,
  differentiated,
  type Fn,
  parted,
  tangentLeaves,
  tangentTree,
  tree
} from "./differentiate.ts"
import { derivativeOrder } from "./order.ts"
import { reverse } from "./reverse.ts"
import type { GivenTangents, Tangents } from "./types.ts"

/** (Of trees of which nothing is known, TypeScript would look for tangents without end.) */
type Cotangent<R> = R | ([SmoothTree] extends [R] ? never : GivenTangents<R>)

interface Vjp {
  <const A extends ReadonlyArray<SmoothTree>, const R extends SmoothTree>(
    fn: Fn<A, R>,
    ...primals: A
  ): [R, (cotangent: Cotangent<R>) => A]
  <const A extends ReadonlyArray<unknown>, const R, const Aux>(
    fn: Fn<A, readonly [R & IsTree<"vjp", "the result", R>, Aux & IsTree<"vjp", "aux", Aux>]> &
      AreTrees<"vjp", A>,
    ...primals: readonly [...A, { readonly hasAux: true }]
  ): [R, (cotangent: GivenTangents<R>) => Tangents<A>, Aux]
  <const A extends ReadonlyArray<unknown>, const R>(
    fn: Fn<A, R & IsTree<"vjp", "the result", R>> & AreTrees<"vjp", A>,
    ...primals: A
  ): [R, (cotangent: GivenTangents<R>) => Tangents<A>]
}

/**
 * Gives the value of a function, and a function from a cotangent of its result to cotangents of its arguments:
 * reverse mode. The cotangents of integers are null; null may be given for a zero. With `{ hasAux: true }` after the
 * arguments the function returns `[result, aux]`, and aux comes third here. Fails with a `TreeError` for a cotangent
 * that does not fit, and a `ScopeError` for a loop without bound.
 *
 * @example
 * const [y, pull] = vjp((x: Tensor<"f32", readonly []>) => mul(x, x), scalar(3, "f32"))
 * y // 9
 * pull(scalar(1, "f32")) // [6]
 */
export const vjp: Vjp = (fn: unknown, ...given: ReadonlyArray<unknown>): never => {
  const { hasAux, primals } = auxAndPrimals(given)
  const traced = () => {
    const at = differentiated("vjp", fn as never, primals)
    const { result, count, auxOf } = parted("vjp", at, hasAux)
    const moves = at.args.leaves.map(({ dtype }) => isDifferentiable(dtype))
    const wanted = [...at.captured.map(() => false), ...moves]
    const isResult = at.outputs.leaves.map((_, i) => i < count)
    return { at, result, count, auxOf, pullback: reverse(at.program, at.operands, wanted, isResult) }
  }
  const order = derivativeOrder().reverse
  const first = traced()
  const { args } = first.at
  const back = (cotangent: unknown) => {
    // Rules were traced for the derivatives that were asked for then. A derivative of the pullback may need one order
    // more.
    const { at, pullback } =
      derivativeOrder().reverse > order && holds("customDerivative", first.at.program) ? traced() : first
    const cts = tangentLeaves("vjp", "cotangent", first.result, cotangent)
    return tangentTree(args.structure, args.leaves, pullback.pull(cts).slice(at.captured.length))
  }
  const { outputs } = first.pullback
  return [tree(first.result.structure, outputs.slice(0, first.count)), back, ...first.auxOf(outputs)] as never
}
