import { spawn } from "node:child_process"
import * as Effect from "effect/Effect"
import { packageFolder } from "../pjrt/backend/beside.ts"
import type { Measured } from "./benchmarks.ts"

const root = packageFolder()!

const rounds = 5

/** Milliseconds until a process prints `text`, or ends without. */
const untilPrinted = (program: string, args: ReadonlyArray<string>, text: string): Effect.Effect<number> =>
  Effect.callback((resume) => {
    const started = performance.now()
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "ignore"] })
    let printed = ""
    child.stdout.on("data", (chunk) => {
      printed += chunk
      if (printed.includes(text)) resume(Effect.succeed(performance.now() - started))
    })
    child.on("close", () => resume(Effect.succeed(Number.NaN)))
    return Effect.sync(() => child.kill())
  })

const startup = (
  name: string,
  aim: number,
  program: string,
  args: ReadonlyArray<string>
): Effect.Effect<Measured> =>
  Effect.gen(function* () {
    const times: Array<number> = []
    for (let round = 0; round < rounds; round++) times.push(yield* untilPrinted(program, args, "sums "))
    return { name, microseconds: 1000 * Math.min(...times), aim }
  })

/** From starting a process to its first result, everything cached; only where there is a clone with its examples. */
export const startups: ReadonlyArray<Effect.Effect<Measured>> = [
  startup("npm start, until its first result", 1_000_000, "npm", ["start"]),
  startup("a built example run by node, until its result", 500_000, process.execPath, [
    "dist/examples/cumulative-sum.js"
  ])
]
