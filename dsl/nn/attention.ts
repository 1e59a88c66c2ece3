import { type FloatDType, workingDType } from "../dtype.ts"
import { dtypeError, named, shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import { broadcastValue } from "../ops/operand.ts"
import { softmax } from "../ops/reduce.ts"
import { apply1 } from "../primitives/index.ts"
import { requireKind, requireSameDType } from "../primitives/rule.ts"
import { requireFlag, requireNumber, requireOptions, requireTensor } from "../required.ts"
import { broadcastShapes, type Shape, sameShape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import { add, binary, compare, convert, filled, iota, reshape, scale, select, transpose } from "../values.ts"

/** What attention looks at, and how much. Batches and heads broadcast: f32[queries,keys] serves all. */
export interface AttentionOptions<D extends FloatDType = FloatDType> {
  /** What is added to the logits: broadcasts to [batch, heads, queries, keys]. */
  readonly bias?: Tensor<NoInfer<D>>
  /** Which keys each query may look at: booleans that broadcast to [batch, heads, queries, keys]. */
  readonly mask?: Tensor<"bool">
  /** Whether a query looks at no key with a greater index (false). */
  readonly causal?: boolean
  /** What logits are multiplied by (1 over the root of the last axis' length). */
  readonly scale?: number
}

const op = "scaledDotProductAttention"

const layout =
  "query is [batch, queries, heads, size], and key and value [batch, keys, heads, size]; all without batch, or none"

/** The lengths of attention's axes: each of `groups` query heads shares one head of keys. */
interface Lengths {
  readonly batch: number
  readonly queries: number
  readonly keys: number
  readonly heads: number
  readonly groups: number
  readonly size: number
}

const lengthsOf = (query: Value, key: Value, value: Value): Lengths => {
  const [queries, heads, size] = query.shape.slice(-3) as [number, number, number]
  const [keys, keyHeads] = key.shape.slice(-3) as [number, number, number]
  const batch = query.shape.length === 4 ? query.shape[0]! : 1
  const isRank = query.shape.length === 3 || query.shape.length === 4
  const fits =
    isRank &&
    sameShape(key.shape, value.shape) &&
    sameShape(key.shape.toSpliced(-3, 2), query.shape.toSpliced(-3, 2))
  if (!fits) throw shapeError(op, `${op}: ${show(query)}, ${show(key)} and ${show(value)} do not fit`, layout)
  if (keyHeads === 0 || heads % keyHeads !== 0) {
    throw shapeError(
      op,
      `${op}: ${heads} heads of ${show(query)} are no multiple of the ${keyHeads} of ${show(key)}`,
      "each head of keys serves an equal number of query heads"
    )
  }
  return { batch, queries, keys, heads: keyHeads, groups: heads / keyHeads, size }
}

/** A bias or mask for each logit. */
const spread = (what: string, given: Value, { shape }: Value): Value => {
  const joined = broadcastShapes(given.shape, shape)
  if (joined !== undefined && sameShape(joined, shape)) return broadcastValue(op, given, shape)
  throw shapeError(
    op,
    `${op}: ${what} ${show(given)} does not broadcast to [${shape.join(",")}]`,
    "its axes are [batch, heads, queries, keys], matched from the last; each is equal or 1"
  )
}

/** What no query looks at: low enough to vanish, and finite, so that a row of these gives equal weights (JAX's). */
const hidden = -0.7 * 3.4028234663852886e38

const masked = (logits: Value, mask: Value | undefined, causal: boolean): Value => {
  const [rows, columns] = [logits.shape.length - 2, logits.shape.length - 1]
  const parts = [
    ...(mask === undefined ? [] : [spread("the mask", mask, logits)]),
    ...(causal ? [compare("ge", iota(logits.shape, rows), iota(logits.shape, columns))] : [])
  ]
  if (parts.length === 0) return logits
  return select(
    parts.reduce((all, each) => binary("and", all, each)),
    logits,
    filled(logits, hidden)
  )
}

const weightsOf = (query: Value, key: Value, n: Lengths, given: AttentionOptions): Value => {
  const grouped = reshape(query, [n.batch, n.queries, n.heads, n.groups, n.size])
  const products = apply1(
    "dot",
    {
      contracting: [[4], [3]],
      batch: [
        [0, 2],
        [0, 2]
      ]
    },
    grouped,
    reshape(key, [n.batch, n.keys, n.heads, n.size])
  )
  const logits = scale(
    reshape(transpose(products, [0, 1, 3, 2, 4]), [n.batch, n.heads * n.groups, n.queries, n.keys]),
    requireNumber(op, "scale", given.scale ?? 1 / Math.sqrt(n.size))
  )
  const bias = given.bias === undefined ? undefined : requireTensor(op, "the bias", given.bias)
  const biased =
    bias === undefined ? logits : add(logits, convert(spread("the bias", bias, logits), logits.dtype))
  const mask = given.mask === undefined ? undefined : requireTensor(op, "the mask", given.mask)
  if (mask !== undefined && mask.dtype !== "bool") {
    throw dtypeError(
      op,
      say("dtypeKind", { op, wanted: "booleans as the mask", a: show(mask) }),
      "numbers that are added to the logits are the bias"
    )
  }
  const hides = masked(biased, mask, requireFlag(op, "causal", given.causal))
  return valueOf(softmax(tensorOf<FloatDType, Shape>(hides)))
}

/**
 * Gives for each query the mean of the values, weighted by the softmax of its products with the keys, as
 * `jax.nn.dot_product_attention`. The query is [batch, queries, heads, size], key and value [batch, keys, heads, size];
 * all may lack the batch. Fewer heads of keys and values than of queries are shared by groups of those. A query whose
 * keys are all masked weighs them equally. Half floats are weighed in f32. The result has the dtype and shape of the
 * query. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an operand or option does not fit.
 *
 * @example
 * const x = constant([[[1, 0]], [[0, 1]]], "f32")
 * scaledDotProductAttention(x, x, x, { causal: true }) // f32[2,1,2]: [[[1, 0]], [[0.330, 0.670]]]
 */
export const scaledDotProductAttention = named(
  op,
  <D extends FloatDType, S extends Shape, T extends Shape>(
    query: Tensor<D, S>,
    key: Tensor<NoInfer<D>, T>,
    value: Tensor<NoInfer<D>, NoInfer<T>>,
    options?: AttentionOptions<D>
  ): Tensor<D, S> => {
    const given = requireOptions<AttentionOptions>(op, options as AttentionOptions | undefined, [
      "bias",
      "mask",
      "causal",
      "scale"
    ])
    const [q, k, v] = [
      requireTensor(op, "the query", query),
      requireTensor(op, "the key", key),
      requireTensor(op, "the value", value)
    ]
    requireKind(op, q, ["float"])
    for (const other of [k, v]) requireSameDType(op, q, other)
    if (given.bias !== undefined) requireSameDType(op, q, requireTensor(op, "the bias", given.bias))
    const n = lengthsOf(q, k, v)
    const wide = workingDType(q.dtype)
    const weights = convert(weightsOf(convert(q, wide), convert(k, wide), n, given), q.dtype)
    const found = apply1(
      "dot",
      {
        contracting: [[4], [1]],
        batch: [
          [0, 1],
          [0, 2]
        ]
      },
      reshape(weights, [n.batch, n.heads, n.groups, n.queries, n.keys]),
      reshape(v, [n.batch, n.keys, n.heads, n.size])
    )
    return tensorOf(reshape(transpose(found, [0, 3, 1, 2, 4]), q.shape))
  }
)
