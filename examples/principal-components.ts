/**
 * Finds the directions in which data spreads most, by the singular values of the data less their mean: principal
 * components. Numbers that were made of two hidden ones lie near a plane, and two directions tell nearly all.
 */
import {
  abs,
  add,
  argmax,
  div,
  expandDims,
  experiment,
  type F32,
  flag,
  i32,
  jit,
  matmul,
  mean,
  mul,
  random,
  sign,
  slice,
  square,
  sub,
  sum,
  takeAlong
} from "loopcarry"
import { svd } from "loopcarry/linalg"

/** The directions as rows, the one of most variance first, and the part of the variance that each has. */
const principal = (x: F32<[200, 5]>) => {
  const [, singular, rows] = svd(sub(x, mean(x, 0, { keepDims: true })))
  // A direction and its opposite are one: of the two, that whose largest part is positive.
  const largest = takeAlong(rows, expandDims(argmax(abs(rows), 1), 1), 1)
  const spread = square(singular)
  return { directions: mul(rows, sign(largest)), share: div(spread, sum(spread)) }
}

export const principalComponents = jit([i32()], (seed) => {
  const [a, b, c] = [0, 1, 2].map((i) => random.foldIn(random.key(seed), i))
  const hidden = random.normal(a!, [200, 2])
  const seen = matmul(hidden, random.normal(b!, [2, 5]))
  const { directions, share } = principal(add(seen, mul(random.normal(c!, [200, 5]), 0.1)))
  return { share, first: slice(directions, [0, 0], [1, 5]), second: slice(directions, [1, 0], [2, 5]) }
})

export default experiment("principal components", {
  about: "the plane near which 200 points in 5 dimensions lie, by svd",
  flags: { seed: flag.int(0, "where the random numbers begin") },
  program: principalComponents,
  run: ({ seed }) => principalComponents(seed)
})
