/** Functions of trees that must not compile. */
import {
  add,
  convert,
  f32,
  jit,
  lt,
  mul,
  neg,
  scalar,
  scan,
  sub,
  sum,
  type Tensor,
  tree,
  zeros
} from "loopcarry"

interface Params {
  readonly w: Tensor<"f32", readonly [3, 4]>
  readonly layers: readonly [Tensor<"f32", readonly [4]>, { readonly b: Tensor<"f32", readonly []> }]
}
declare const params: Params
const { w } = params

export const keyIsMissing = tree.map((p, g) => sub(p, g), params, { w })

export const keyIsGained = tree.map((p, g) => sub(p, g), params, { ...params, more: w })

export const listIsLonger = tree.map((p, g) => sub(p, g), [w, w], [w, w, w])

export const leafIsARecord = tree.map((p, g) => add(p, g), { w }, { w: { inner: w } })

export const deepInside = tree.map((p, g) => add(p, g), params, { w, layers: [w, { c: w }] })

export const nothingStandsThere = tree.map((p, g) => add(p, g), { w, b: w }, { w, b: null })

export const dtypeOfAnotherTree = tree.map((p, n) => add(p, n), { w }, { w: convert(w, "i32") })

export const numbersAreNoTensors = tree.map(neg, { rate: 0.1 })

export const argumentsTheOtherWayRound = tree.map(params, (p) => p)

declare const mulInPlace: (p: Tensor) => void
export const nothingIsGiven = tree.map(mulInPlace, params)

export const carryOfSums = jit([{ w: f32(3, 4), b: f32(4) }], (start) =>
  scan(start, null, (model) => [tree.map((p) => sum(p), model), null], { length: 3 })
)

export const carryOfComparisons = scan(
  { w, b: zeros([4], "f32") },
  null,
  (m) => [tree.map((p) => lt(p, 0), m), null],
  {
    length: 3
  }
)

export const dtypeIsLost = tree.map((p) => convert(p, "i32"), params).w satisfies Tensor<"f32">

export const totalOfAnotherType = tree.reduce((_, p) => sum(p), params, scalar(0, "i32"))

export const noStructure = tree.unflatten(params, [w])

export const zerosOfSpecsAreTensors = mul(tree.zerosLike({ w: f32(3) }).w, zeros([4], "f32"))
