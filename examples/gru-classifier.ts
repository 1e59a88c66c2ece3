/**
 * Learns by gradient descent whether numbers that come one after another add up to more than zero. A GRU reads them;
 * its state is the carry. The training, by Adam, is a scan whose carry is the weights and their averages.
 */
import {
  add,
  arange,
  argmax,
  convert,
  div,
  eq,
  experiment,
  type F32,
  flag,
  gt,
  i32,
  jit,
  matmul,
  mean,
  mul,
  pow,
  random,
  scan,
  slice,
  sqrt,
  sub,
  sum,
  type Tensor,
  tree,
  valueAndGrad,
  vmap,
  zeros
} from "loopcarry"
import { crossEntropy, initializers } from "loopcarry/nn"
import { type Gru, gru, gruCell } from "./cells.ts"

const [examples, length, size, steps, rate] = [256, 12, 8, 120, 0.03] as const

interface Weights {
  readonly cell: Gru<1, typeof size>
  readonly out: F32<readonly [typeof size, 2]>
}

type Rows<N extends number> = F32<readonly [N, typeof length, 1]>
type Labels<N extends number> = Tensor<"i32", readonly [N]>

/** What the GRU's last state says of one sequence. */
const logitsOf = ({ cell, out }: Weights, xs: F32<readonly [typeof length, 1]>): F32<readonly [2]> => {
  const [last] = scan(zeros([size], "f32"), xs, (h, x) => [gruCell(cell, h, x), null])
  return matmul(last, out)
}

const lossOf = <N extends number>(weights: Weights, rows: Rows<N>, labels: Labels<N>): F32 =>
  mean(crossEntropy(vmap((xs: F32<readonly [typeof length, 1]>) => logitsOf(weights, xs))(rows), labels))

/** Numbers of a normal distribution, and whether they add up to more than zero. */
const drawn = (
  key: random.Key
): { readonly rows: Rows<typeof examples>; readonly labels: Labels<typeof examples> } => {
  const rows = random.normal(key, [examples, length, 1])
  return { rows, labels: convert(gt(sum(rows, [1, 2]), 0), "i32") }
}

/** The part of the examples whose greater logit is that of their label. */
const accuracy = (weights: Weights, { rows, labels }: ReturnType<typeof drawn>): F32 => {
  const logits = vmap((xs: F32<readonly [typeof length, 1]>) => logitsOf(weights, xs))(rows)
  return mean(convert(eq(argmax(logits, 1), labels), "f32"))
}

/** Adam (Kingma and Ba 2015): the averages of gradients and of their squares, without the zeros they began with. */
const adam = (weights: Weights, gradient: Weights, means: Weights, squares: Weights, step: F32) => {
  const nextMeans = tree.map((m, g) => add(mul(m, 0.9), mul(g, 0.1)), means, gradient)
  const nextSquares = tree.map((v, g) => add(mul(v, 0.999), mul(mul(g, g), 0.001)), squares, gradient)
  const [first, second] = [sub(1, pow(0.9, step)), sub(1, pow(0.999, step))]
  const next = tree.map(
    (w, m, v) => sub(w, div(mul(div(m, first), rate), add(sqrt(div(v, second)), 1e-8))),
    weights,
    nextMeans,
    nextSquares
  )
  return { weights: next, means: nextMeans, squares: nextSquares }
}

export const gruClassifier = jit([i32()], (seed) => {
  const key = random.key(seed)
  const [seen, unseen] = [drawn(random.foldIn(key, 1)), drawn(random.foldIn(key, 2))]
  const weights: Weights = {
    cell: gru(random.foldIn(key, 3), 1, size),
    out: initializers.glorotUniform(random.foldIn(key, 4), [size, 2])
  }
  const nothing = tree.zerosLike(weights)
  const start = { weights, means: nothing, squares: nothing }
  const [trained, losses] = scan(start, arange(steps), (state, i) => {
    const [loss, gradient] = valueAndGrad((w: Weights) => lossOf(w, seen.rows, seen.labels))(state.weights)
    const step = add(convert(i, "f32"), 1)
    return [adam(state.weights, gradient, state.means, state.squares, step), loss]
  })
  const shown = slice(losses, [0], [steps], [20])
  return { losses: shown, seen: accuracy(trained.weights, seen), unseen: accuracy(trained.weights, unseen) }
})

export default experiment("GRU classifier", {
  about: "a GRU trained by Adam in a scan: do numbers add up to more than zero?",
  flags: { seed: flag.int(0, "where the random numbers begin") },
  program: gruClassifier,
  run: ({ seed }) => gruClassifier(seed)
})
