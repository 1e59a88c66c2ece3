import type { DType } from "../dtype.ts"
import { dtypeError, named, shapeError, valueError } from "../errors.ts"
import { requireSameDType } from "../primitives/rule.ts"
import { requireFunction, requireList, requireTensor } from "../required.ts"
import { broadcastShapes, type Shape, sameShape, show } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { DTypeOf, JoinedAll, Operand, Weak } from "../types.ts"
import { alike, broadcastValue, splat } from "./operand.ts"
import { select } from "./structure.ts"

type Conditions = ReadonlyArray<Tensor<"bool">>
type Operands = ReadonlyArray<Operand>

const requireConditions = (op: string, given: Conditions): ReadonlyArray<Tensor<"bool">> =>
  requireList(op, "the conditions", given, "give a list of booleans: [lt(x, 0), gt(x, 1)]").map((each, i) => {
    const value = requireTensor(op, `condition ${i}`, each)
    if (value.dtype !== "bool")
      throw dtypeError(op, `${op}: condition ${i} is ${show(value)}, not bool`, "compare it: ne(x, 0)")
    return each
  })

/**
 * Picks from the first of the choices whose condition holds, and `otherwise` (0) where none does: NumPy's `select` of two
 * lists. All are computed. Choices have one dtype, which plain numbers take; one of them or `otherwise` must be a tensor.
 * All broadcast as NumPy's do. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where they do not fit, and a
 * `ValueError` where there are no conditions, or not as many choices.
 *
 * @example
 * const x = constant([-3, 0.5, 7], "f32")
 * selectFirst([lt(x, 0), lt(x, 1)], [0, x], 1) // [0, 0.5, 1]
 */
export const selectFirst = named(
  "selectFirst",
  <const C extends Conditions, const X extends Operands, const N extends Operand = 0>(
    conditions: C,
    choices: X,
    otherwise: N = 0 as N
  ): Tensor<DTypeOf<X[number]> | DTypeOf<N>, JoinedAll<JoinedAll<readonly [], C>, readonly [...X, N]>> => {
    const op = "selectFirst"
    const tests = requireConditions(op, conditions)
    const given = requireList<Operand>(op, "the choices", choices, "give a list: [x, y]")
    if (tests.length === 0 || tests.length !== given.length)
      throw valueError(
        op,
        `${op}: ${tests.length} conditions for ${given.length} choices`,
        "give a choice for each condition, and one at least"
      )
    const values = alike(op, [...given, otherwise]).map((each) => tensorOf<DType, Shape>(each))
    return named(op, () =>
      tests.reduceRight((rest, test, i) => select(test, values[i]!, rest) as never, values.at(-1)!)
    )() as never
  }
)

/** What `piecewise` takes for a piece: a function of `x`, an array or a number. */
export type Piece<D extends DType = DType, S extends Shape = Shape> =
  | ((x: Tensor<D, S>) => Tensor<D> | Weak | boolean)
  | Tensor<D>
  | Weak
  | boolean

/** A piece as an array that broadcasts to `x`. */
const pieceOf = (op: string, piece: Piece, x: Value): Tensor => {
  const made = typeof piece === "function" ? requireFunction(op, "a piece", piece)(tensorOf(x)) : piece
  if (!isTensor(made)) return tensorOf(splat(op, made, x.dtype, []))
  const value = valueOf(made)
  requireSameDType(op, x, value)
  requireFit(op, value, x)
  return made
}

const requireFit = (op: string, value: Value, x: Value): void => {
  const joined = broadcastShapes(value.shape, x.shape)
  if (joined === undefined || !sameShape(joined, x.shape))
    throw shapeError(
      op,
      `${op}: ${show(value)} does not broadcast to ${show(x)}`,
      "conditions and pieces have the shape of x, or axes of length 1"
    )
}

/**
 * Gives at each element of `x` the piece whose condition holds; of several, the last, as NumPy does. Where none holds it
 * gives the piece after the others, or 0. Pieces are functions of the whole of `x`, arrays and numbers; all are computed.
 * The dtype and shape are those of `x`. Fails with a `ShapeError` or a `DTypeError` for what does not fit `x`, and a
 * `ValueError` for another number of pieces.
 *
 * @example
 * const x = constant([-2, 0.5, 3], "f32")
 * piecewise(x, [lt(x, 0), gt(x, 1)], [neg, 1, (x) => mul(x, x)]) // [2, 0.25, 1]
 */
export const piecewise = named(
  "piecewise",
  <D extends DType, S extends Shape>(
    x: Tensor<D, S>,
    conditions: Conditions,
    pieces: ReadonlyArray<Piece<NoInfer<D>, NoInfer<S>>>
  ): Tensor<D, S> => {
    const op = "piecewise"
    const value = requireTensor(op, "x", x)
    const tests = requireConditions(op, conditions)
    for (const each of tests) requireFit(op, valueOf(each), value)
    const given = requireList(op, "the pieces", pieces, "give a list of functions and numbers") as never
    const made = (given as ReadonlyArray<Piece>).map((piece) => pieceOf(op, piece, value))
    const more = made.length - tests.length
    if (tests.length === 0 || more < 0 || more > 1)
      throw valueError(
        op,
        `${op}: ${made.length} pieces for ${tests.length} conditions`,
        "give one for each condition, and one more for where none holds"
      )
    const otherwise = made[tests.length] ?? pieceOf(op, value.dtype === "bool" ? false : 0, value)
    const start = tensorOf<DType, Shape>(broadcastValue(op, valueOf(otherwise), value.shape))
    return tests.reduce((rest, test, i) => select(test, made[i]!, rest) as never, start) as never
  }
)
