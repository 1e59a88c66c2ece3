/**
 * Learns to write like a text, byte by byte (Karpathy 2015). A GRU reads the bytes; its state is the carry, and says what
 * comes next. `train` runs the loop: batches are put on the device ahead, and what is held back is tried now and then.
 */
import { readFile } from "node:fs/promises"
import * as Effect from "effect/Effect"
import {
  at,
  div,
  evalShape,
  experiment,
  type F32,
  f32,
  flag,
  type I32,
  i32,
  jit,
  matmul,
  mean,
  random,
  scalar,
  scan,
  take,
  valueAndGrad,
  vmap,
  zeros
} from "loopcarry"
import { batches, ndarray } from "loopcarry/io"
import { crossEntropy, initializers } from "loopcarry/nn"
import { adam, applyUpdates, chain, clipByGlobalNorm } from "loopcarry/optim"
import { train } from "loopcarry/train"
import { type Gru, gru, gruCell } from "./cells.ts"

/** Bytes there are, numbers of the state, bytes of a piece of the text, pieces of a batch, and those held back. */
const [bytes, size, length, batch, held] = [256, 64, 33, 16, 16] as const

interface Params {
  readonly embedding: F32<readonly [typeof bytes, typeof size]>
  readonly cell: Gru<typeof size, typeof size>
  readonly out: F32<readonly [typeof size, typeof bytes]>
}

type State = F32<readonly [typeof size]>

/** Reads one byte. Gives the next state, and a logit for each byte that may follow. */
const readByte = ({ embedding, cell, out }: Params, h: State, byte: I32) => {
  const next = gruCell(cell, h, take(embedding, byte))
  return [next, matmul(next, out)] as const
}

/** How unlikely the bytes of pieces are, each after those before it. */
const lossOf = <N extends number>(params: Params, pieces: I32<readonly [N, typeof length]>): F32 => {
  const ofPiece = (piece: I32<readonly [typeof length]>): F32 => {
    const [, logits] = scan(zeros([size], "f32"), at(piece, { stop: -1 }).get(), (h, byte) =>
      readByte(params, h, byte)
    )
    return mean(crossEntropy(logits, at(piece, { start: 1 }).get()))
  }
  return mean(vmap(ofPiece)(pieces))
}

const optimizer = chain(clipByGlobalNorm(1), adam(0.01))

const begin = (seed: I32) => {
  const [a, b, c] = random.split(random.key(seed), 3)
  const params: Params = {
    embedding: initializers.glorotUniform(a, [bytes, size]),
    cell: gru(b, size, size),
    out: initializers.glorotUniform(c, [size, bytes])
  }
  return { params, optimizer: optimizer.init(params) }
}

const state = evalShape([i32()], begin)
const start = jit([i32()], begin)

const step = jit(
  [state, i32(batch, length)],
  ({ params, optimizer: old }, pieces) => {
    const [loss, grads] = valueAndGrad(lossOf<typeof batch>)(params, pieces)
    const [updates, next] = optimizer.update(grads, old, params)
    return [{ params: applyUpdates(params, updates), optimizer: next }, { loss }]
  },
  { donate: [0] }
)

const measure = jit([state.params, i32(held, length)], (params, pieces) => lossOf(params, pieces))

/** Draws bytes one after another. The less the temperature, the likelier they are. */
const write = jit([state.params, i32(), f32()], (params, seed, temperature) => {
  const first = { h: zeros([size], "f32"), byte: scalar(10, "i32"), key: random.key(seed) }
  const [, written] = scan(
    first,
    null,
    ({ h, byte, key }) => {
      const [next, logits] = readByte(params, h, byte)
      const [later, now] = random.split(key)
      const drawn = random.categorical(now, div(logits, temperature))
      return [{ h: next, byte: drawn, key: later }, drawn]
    },
    { length: 240 }
  )
  return written
})

/** A text in pieces of as many bytes; what is left at its end is dropped. */
const piecesOf = (text: Uint8Array) => {
  const count = Math.floor(text.length / length)
  return ndarray(i32(count, length), Int32Array.from(text.subarray(0, count * length)))
}

export default experiment("character RNN", {
  about: "a GRU that learns to write like Shakespeare, byte by byte",
  flags: {
    text: flag.string("examples/data/sonnets.txt", "what it reads"),
    steps: flag.int(500, "how many batches it learns from"),
    temperature: flag.float(0.7, "how freely it writes: likelier bytes below 1")
  },
  run: ({ text, steps, temperature }, { seed, save }) =>
    Effect.gen(function* () {
      const file = yield* Effect.tryPromise(() => readFile(text))
      const unseen = piecesOf(file.subarray(-held * length)).data
      const seen = batches(piecesOf(file.subarray(0, -held * length)), { size: batch, seed })
      const trained = yield* train({
        state: yield* start(seed),
        step,
        data: seen,
        steps,
        evaluate: {
          every: 100,
          run: ({ params }) => Effect.map(measure(params, unseen), (loss) => ({ unseen: loss }))
        },
        save
      })
      const { params } = trained.state
      const written = yield* (yield* write(params, seed, temperature)).read
      return {
        steps: trained.step,
        seen: trained.metrics?.loss,
        unseen: yield* measure(params, unseen),
        written: Buffer.from(written).toString()
      }
    })
})
