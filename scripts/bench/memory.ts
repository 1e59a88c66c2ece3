import * as Effect from "effect/Effect"
import { Backend } from "../../pjrt/index.ts"
import {
  add,
  type Checkpoint,
  f32,
  grad,
  matmul,
  memoryOf,
  scan,
  square,
  sum,
  type Tensor,
  tanh,
  zeros
} from "../../pjrt/loopcarry.ts"
import { agree } from "./agreement.ts"
import { normal } from "./inputs.ts"
import type { Jax } from "./jax.ts"
import * as Ours from "./ours.ts"
import { type Row, row } from "./row.ts"

/** Bytes that the gradient of a tanh RNN of 64 units needs beside its arguments and results. */
export interface MemoryCompared {
  readonly name: string
  /** What the compiler has set aside; null where the plugin does not say. */
  readonly loopcarry: number | null
  /** The peak that `memoryOf` states of the program, arguments and results included. */
  readonly stated: number
  /** Null where JAX has no such policy, or is not here. */
  readonly jax: number | null
}

type Weights = Tensor<"f32", readonly [64, 64]>
type Steps = Tensor<"f32", readonly [number, 64]>

const gradientRow = (steps: number, checkpoint: Checkpoint): Row =>
  row(
    `gradient memory ${showPolicy(checkpoint)}, ${steps} steps`,
    [normal(f32(64, 64), 41, 0.1), normal(f32(64, 64), 42, 0.1), normal(f32(steps, 64), 43)],
    grad(
      (w: Weights, u: Weights, xs: Steps) => {
        const body = (h: Tensor<"f32", readonly [64]>, x: Tensor<"f32", readonly [64]>) =>
          [tanh(add(matmul(h, w), matmul(x, u))), null] as const
        return sum(square(scan(zeros([64], "f32"), xs, body, { checkpoint })[0]))
      },
      { argnums: [0, 1] }
    ),
    { relative: 1e-3, absolute: 1e-4 }
  )

const showPolicy = (checkpoint: Checkpoint): string =>
  typeof checkpoint === "string" ? checkpoint : `every ${checkpoint.every}`

/** The length of JAX's checkpointed inner scan; null where it keeps all, undefined where it has no such policy. */
const jaxEvery = (steps: number, checkpoint: Checkpoint): number | null | undefined => {
  if (checkpoint === "all") return null
  if (checkpoint === "recompute") return undefined
  if (typeof checkpoint !== "string") return checkpoint.every
  let divisor = Math.floor(Math.sqrt(steps))
  while (steps % divisor !== 0) divisor--
  return divisor
}

/** Quadratic in the length: longer ones are compiled, and not run. */
const mostRecomputed = 1000

const compareMemory = (
  steps: number,
  checkpoint: Checkpoint,
  jax: Jax | undefined
): Effect.Effect<MemoryCompared, unknown, Backend> =>
  Effect.scoped(
    Effect.gen(function* () {
      const backend = yield* Backend
      const scope = yield* Effect.scope
      const one = gradientRow(steps, checkpoint)
      const jitted = one.jit({})
      const program = yield* jitted.program
      const executable = yield* backend.compile(yield* jitted.sourceFor(backend.target), scope)
      const { memory } = yield* executable.analysis
      const every = jaxEvery(steps, checkpoint)
      const there = jax === undefined ? undefined : yield* jax.memory(one.inputs, every ?? null)
      if (there !== undefined && (checkpoint !== "recompute" || steps <= mostRecomputed)) {
        const here = yield* Ours.prepare(one, {})
        yield* agree(one, "loopcarry", here.results, there.results)
      }
      return {
        name: one.name,
        loopcarry: memory?.temporaries ?? null,
        stated: memoryOf(program).peak,
        jax: every === undefined ? null : (there?.bytes ?? null)
      }
    })
  )

const policies: ReadonlyArray<Checkpoint> = ["all", { every: 10 }, "sqrt", "recompute"]

/** Each has its name, by which it is chosen, before it runs. */
export const memoryComparisons = [100, 1000, 10_000].flatMap((steps) =>
  policies.map((checkpoint) => ({
    name: gradientRow(steps, checkpoint).name,
    compare: (jax: Jax | undefined) => compareMemory(steps, checkpoint, jax)
  }))
)
