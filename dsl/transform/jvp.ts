import { requireList } from "../required.ts"
import type { Tree } from "../tree.ts"
import type { AreTrees, IsTree } from "../tree-types.ts"
import type { SmoothTree } from "./argnums.ts"
import { auxOption, type Fn, moved, parted, tangentLeaves, tangentTree, tree } from "./differentiate.ts"
import { forward } from "./forward.ts"
import type { AuxOptions, GivenTangents, Tangents } from "./types.ts"

interface Jvp {
  <const A extends ReadonlyArray<SmoothTree>, const R extends SmoothTree>(
    fn: Fn<A, R>,
    primals: A,
    tangents: NoInfer<A>,
    options?: AuxOptions<false>
  ): [R, R]
  <const A extends ReadonlyArray<unknown>, const R, const Aux>(
    fn: Fn<A, readonly [R & IsTree<"jvp", "the result", R>, Aux & IsTree<"jvp", "aux", Aux>]> &
      AreTrees<"jvp", A>,
    primals: A,
    tangents: GivenTangents<A>,
    options: AuxOptions<true> & { readonly hasAux: true }
  ): [R, Tangents<R>, Aux]
  <const A extends ReadonlyArray<unknown>, const R>(
    fn: Fn<A, R & IsTree<"jvp", "the result", R>> & AreTrees<"jvp", A>,
    primals: A,
    tangents: GivenTangents<A>,
    options?: AuxOptions<false>
  ): [R, Tangents<R>]
}

/**
 * Gives the value of a function, and its derivative along tangents: forward mode. Tangents have the structure and
 * types of the primals; null stands for a zero and for integers. With `{ hasAux: true }` the function returns
 * `[result, aux]`, and this gives `[result, tangent, aux]`. Fails with a `TreeError` for tangents that do not fit, and
 * a `ScopeError` for a `customVjp` function.
 *
 * @example
 * const x = constant([1, 2], "f32")
 * jvp((x: Tensor<"f32", readonly [2]>) => mul(x, x), [x], [x]) // [[1, 4], [2, 8]]
 */
export const jvp: Jvp = (
  fn: unknown,
  primals: unknown,
  tangents: unknown,
  options?: AuxOptions<boolean>
): never => {
  const at = requireList<Tree>(
    "jvp",
    "primals",
    primals as never,
    "give a list of arguments: jvp(f, [x], [dx])"
  )
  const hasAux = auxOption("jvp", options)
  const traced = moved("jvp", fn as never, at)
  const { result, count, auxOf } = parted("jvp", traced, hasAux)
  const given = tangentLeaves("jvp", "tangents", traced.args, tangents)
  const dual = forward(traced.program, traced.operands, [...traced.captured.map(() => undefined), ...given])
  const values = dual.outputs.slice(0, count)
  return [
    tree(result.structure, values),
    tangentTree(result.structure, values, dual.tangents),
    ...auxOf(dual.outputs)
  ] as never
}
