import { spawn } from "node:child_process"
import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import path from "node:path"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { cacheRoot } from "../../native/plugins/cache.ts"

export const jaxVersion = "0.10.2"

/** There is no Python that JAX runs on, or JAX cannot be installed for it. */
export class PythonMissing extends Data.TaggedError("PythonMissing")<{
  readonly message: string
  readonly hint: string
}> {}

interface Ended {
  readonly status: number | null
  readonly output: string
}

const ended = (program: string, args: ReadonlyArray<string>): Effect.Effect<Ended> =>
  Effect.callback((resume) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] })
    let output = ""
    const keep = (chunk: unknown) => {
      output += chunk
    }
    child.stdout.on("data", keep)
    child.stderr.on("data", keep)
    child.on("error", (error) => resume(Effect.succeed({ status: null, output: error.message })))
    child.on("close", (status) => resume(Effect.succeed({ status, output })))
    return Effect.sync(() => child.kill())
  })

const names = ["python3", "python3.14", "python3.13", "python3.12", "python3.11"]

const isRecent = (python: string): Effect.Effect<boolean> =>
  Effect.map(
    ended(python, ["-c", "import sys; sys.exit(sys.version_info < (3, 11))"]),
    ({ status }) => status === 0
  )

const found: Effect.Effect<string, PythonMissing> = Effect.gen(function* () {
  for (const name of names) if (yield* isRecent(name)) return name
  return yield* new PythonMissing({
    message: `JAX ${jaxVersion} needs Python 3.11 or newer, and there is none here`,
    hint: "install Python 3.11 or newer, or name one that has JAX: --python PATH"
  })
})

/** The last lines that a program has printed, of which pip's error is one. */
const lastOf = (output: string): string => output.trim().split("\n").slice(-3).join("; ")

/** The Python of a virtual environment in the user's cache folder that has JAX. Makes it where it is missing. */
export const ownPython = (tell: (what: string) => void): Effect.Effect<string, PythonMissing> =>
  Effect.gen(function* () {
    const folder = path.join(cacheRoot(), `jax-${jaxVersion}`)
    const python = path.join(
      folder,
      ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"])
    )
    // Written last: an environment that was half made is made anew.
    const whole = path.join(folder, "installed")
    if (existsSync(whole) && (yield* isRecent(python))) return python
    const base = yield* found
    tell(`installing JAX ${jaxVersion} into ${folder} ...`)
    const steps = [
      [base, "-m", "venv", "--clear", folder],
      [python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", `jax==${jaxVersion}`]
    ] as const
    mkdirSync(path.dirname(folder), { recursive: true })
    for (const [program, ...args] of steps) {
      const { status, output } = yield* ended(program, args)
      if (status === 0) continue
      return yield* new PythonMissing({
        message: `JAX ${jaxVersion} cannot be installed into ${folder}: ${lastOf(output)}`,
        hint: "check the network, Python's venv module and pip's settings; or name a Python that has JAX: --python PATH"
      })
    }
    writeFileSync(whole, `${jaxVersion}\n`)
    return python
  })
