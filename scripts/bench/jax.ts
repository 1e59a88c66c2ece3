import { type ChildProcess, spawn } from "node:child_process"
import path from "node:path"
import { createInterface } from "node:readline"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { packageFolder } from "../../pjrt/backend/beside.ts"
import type { Result } from "./agreement.ts"
import type { Input } from "./inputs.ts"

/** The process that runs JAX has failed, or it knows other rows than this one. */
export class JaxFailed extends Data.TaggedError("JaxFailed")<{
  readonly message: string
  readonly hint: string
}> {}

/** The folder of the Python files. */
const folder = path.join(packageFolder()!, "scripts/bench/jax")

export const coldScript = path.join(folder, "cold.py")

/** The environment without what a user sets for other runs of JAX. */
export const plainEnvironment = (platform: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(JAX|XLA)_/.test(name))),
  JAX_PLATFORMS: platform,
  PYTHONDONTWRITEBYTECODE: "1"
})

interface Sent {
  readonly dtype: string
  readonly shape: ReadonlyArray<number>
  readonly data: string
}

const short = { float32: "f32", int32: "i32" } as const

const decoded = ({ dtype, shape, data }: Sent): Result => {
  const bytes = new Uint8Array(Buffer.from(data, "base64"))
  const name = short[dtype as keyof typeof short]
  return {
    dtype: name ?? dtype,
    shape,
    values: name === "i32" ? new Int32Array(bytes.buffer) : new Float32Array(bytes.buffer)
  }
}

const encoded = ({ spec, values }: Input): Sent => {
  const data = values()
  return {
    dtype: spec.dtype === "i32" ? "int32" : "float32",
    shape: spec.shape,
    data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64")
  }
}

export interface Described {
  readonly jax: string
  readonly python: string
  readonly device: string
  readonly rows: ReadonlyArray<string>
  readonly alternatives: Readonly<Record<string, ReadonlyArray<string>>>
}

/** JAX in a process of its own. Seconds are those of one call. `how` names an alternative; null is the plain program. */
export interface Jax {
  readonly described: Described
  readonly prepare: (
    row: string,
    how: string | null,
    inputs: ReadonlyArray<Input>
  ) => Effect.Effect<ReadonlyArray<Result>, JaxFailed>
  readonly forget: (row: string) => Effect.Effect<void, JaxFailed>
  readonly run: (row: string, how: string | null, calls: number) => Effect.Effect<number, JaxFailed>
  readonly dispatch: (row: string, calls: number) => Effect.Effect<number, JaxFailed>
  readonly read: (row: string, calls: number) => Effect.Effect<number, JaxFailed>
  readonly stages: (
    row: string
  ) => Effect.Effect<{ readonly lower: number; readonly compile: number }, JaxFailed>
  readonly memory: (
    inputs: ReadonlyArray<Input>,
    every: number | null
  ) => Effect.Effect<{ readonly bytes: number; readonly results: ReadonlyArray<Result> }, JaxFailed>
  readonly growth: (operations: number) => Effect.Effect<number, JaxFailed>
}

type Answer = { readonly value: never } | { readonly error: string }

const lost = (python: string): JaxFailed =>
  new JaxFailed({
    message: `${python} has ended before it answered`,
    hint: "its last words are above; JAX may be missing there, or memory"
  })

/** Asks one question at a time: the two sides take turns. */
const asking = (child: ChildProcess, python: string) => {
  let waiting: ((answer: Effect.Effect<never, JaxFailed>) => void) | undefined
  let gone = false
  const answer = (made: Effect.Effect<never, JaxFailed>) => {
    const resume = waiting
    waiting = undefined
    resume?.(made)
  }
  createInterface({ input: child.stdout! }).on("line", (line) => {
    const said: Answer = JSON.parse(line)
    if ("value" in said) answer(Effect.succeed(said.value))
    else answer(Effect.fail(new JaxFailed({ message: said.error, hint: "mend the program of JAX" })))
  })
  const end = () => {
    gone = true
    answer(Effect.fail(lost(python)))
  }
  child.on("error", end)
  child.on("close", end)
  child.stdin!.on("error", () => {})
  return (operation: string, given: object): Effect.Effect<never, JaxFailed> =>
    Effect.callback((resume) => {
      if (gone) return resume(Effect.fail(lost(python)))
      waiting = resume
      child.stdin!.write(`${JSON.stringify({ operation, arguments: given })}\n`)
    })
}

export const startJax = (python: string, platform: string): Effect.Effect<Jax, JaxFailed, Scope.Scope> =>
  Effect.gen(function* () {
    const child = yield* Effect.acquireRelease(
      Effect.sync(() =>
        spawn(python, [path.join(folder, "serve.py")], {
          env: plainEnvironment(platform),
          stdio: ["pipe", "pipe", "inherit"]
        })
      ),
      (child) => Effect.sync(() => child.kill())
    )
    const ask = asking(child, python)
    const described: Described = yield* ask("describe", {})
    return {
      described,
      prepare: (row, how, inputs) =>
        Effect.map(ask("prepare", { row, how, inputs: inputs.map(encoded) }), (sent: ReadonlyArray<Sent>) =>
          sent.map(decoded)
        ),
      forget: (row) => ask("forget", { row }),
      run: (row, how, calls) => ask("run", { row, how, calls }),
      dispatch: (row, calls) => ask("dispatch", { row, calls }),
      read: (row, calls) => ask("read", { row, calls }),
      stages: (row) => ask("stages", { row }),
      memory: (inputs, every) =>
        Effect.map(
          ask("memory", { inputs: inputs.map(encoded), every }),
          ({ bytes, results }: { readonly bytes: number; readonly results: ReadonlyArray<Sent> }) => ({
            bytes,
            results: results.map(decoded)
          })
        ),
      growth: (operations) => ask("growth", { operations })
    }
  })
