import {
  add,
  f32,
  grad,
  logistic,
  matmul,
  mul,
  scan,
  split,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  zeros
} from "../../../pjrt/loopcarry.ts"
import { normal } from "../inputs.ts"
import { type Row, row } from "../row.ts"

type Floats = Tensor<"f32">

/** Recurrent weights, those of the input, the bias and a sequence: all states, by rows or by batches of rows. */
type Network = (w: Floats, u: Floats, b: Floats, xs: Floats) => Floats

const zerosLike = (xs: Floats): Floats => zeros(xs.shape.slice(1), "f32")

const rnn: Network = (w, u, b, xs) =>
  scan(zerosLike(xs), xs, (h, x) => {
    const next: Floats = tanh(add(matmul(h, w), matmul(x, u), b))
    return [next, next]
  })[1]

/** The gates r, z and n lie side by side. */
const gru: Network = (w, u, b, xs) =>
  scan(zerosLike(xs), xs, (h, x) => {
    const [hr, hz, hn] = split(matmul(h, w), 3, -1) as [Floats, Floats, Floats]
    const [xr, xz, xn] = split(add(matmul(x, u), b), 3, -1) as [Floats, Floats, Floats]
    const r = logistic(add(hr, xr))
    const z = logistic(add(hz, xz))
    const n = tanh(add(xn, mul(r, hn)))
    const next: Floats = add(mul(sub(1, z), n), mul(z, h))
    return [next, next]
  })[1]

/** The gates i, f, g and o lie side by side. */
const lstm: Network = (w, u, b, xs) =>
  scan([zerosLike(xs), zerosLike(xs)] as const, xs, ([h, c], x) => {
    const gates = split(add(matmul(h, w), matmul(x, u), b), 4, -1)
    const [i, f, g, o] = gates as unknown as [Floats, Floats, Floats, Floats]
    const cell: Floats = add(mul(logistic(f), c), mul(logistic(i), tanh(g)))
    const next: Floats = mul(logistic(o), tanh(cell))
    return [[next, cell] as const, next]
  })[1]

const lossOf = (network: Network) => (w: Floats, u: Floats, b: Floats, xs: Floats) =>
  sum(square(network(w, u, b, xs)))

const rowsOf = (name: string, network: Network, gates: number): ReadonlyArray<Row> =>
  (
    [
      ["1000 x 64", [1000, 64]],
      ["200 x 32 x 64", [200, 32, 64]]
    ] as const
  ).flatMap(([size, shape]) => {
    const inputs = [
      normal(f32(64, gates * 64), 21, 0.1),
      normal(f32(64, gates * 64), 22, 0.1),
      normal(f32(gates * 64), 23, 0.1),
      normal(f32(...shape), 24)
    ] as const
    return [
      row(`${name} forward ${size}`, inputs, network as never, { relative: 1e-3, absolute: 1e-4 }),
      row(`${name} gradient ${size}`, inputs, grad(lossOf(network), { argnums: [0, 1, 2] }) as never, {
        relative: 1e-3,
        absolute: 2e-3
      })
    ]
  })

export const networkRows: ReadonlyArray<Row> = [
  ...rowsOf("RNN", rnn, 1),
  ...rowsOf("GRU", gru, 3),
  ...rowsOf("LSTM", lstm, 4)
]
