import { spawn } from "node:child_process"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import * as Effect from "effect/Effect"
import { scriptOf } from "../../pjrt/backend/beside.ts"
import { add, arange, constant, jit, scan } from "../../pjrt/loopcarry.ts"
import { coldScript, plainEnvironment } from "./jax.ts"
import type { Run } from "./rounds.ts"

/** Seconds until a process prints a line, which must be the one that is wanted. */
const untilPrinted = (
  program: string,
  args: ReadonlyArray<string>,
  env: NodeJS.ProcessEnv,
  wanted: RegExp
): Effect.Effect<number, Error> =>
  Effect.callback((resume) => {
    const began = performance.now()
    const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "inherit"] })
    let printed = ""
    let seconds: number | undefined
    child.stdout.on("data", (chunk) => {
      printed += chunk
      if (wanted.test(printed)) seconds ??= (performance.now() - began) / 1000
    })
    child.on("error", (error) => resume(Effect.fail(error)))
    // Its end is awaited, so that it does not fall into what is timed next.
    child.on("close", () => {
      const said = `${program} ${args.join(" ")} printed ${JSON.stringify(printed)}`
      resume(seconds === undefined ? Effect.fail(new Error(said)) : Effect.succeed(seconds))
    })
    return Effect.sync(() => child.kill())
  })

/** The sums of 0 to 9. */
const sums = /^\[0(\.0)?, 1(\.0)?, 3(\.0)?, 6(\.0)?, .*, 45(\.0)?\]\n$/

export const coldHere = (device: string, cache: boolean): Run => {
  const { file, execArgv } = scriptOf("scripts/bench/cold")!
  const args = [...execArgv, file, device, ...(cache ? [] : ["--no-cache"])]
  return () => untilPrinted(process.execPath, args, process.env, sums)
}

/** The same program as StableHLO, run by the command. */
export const coldExec = (device: string): Effect.Effect<Run, unknown> =>
  Effect.map(program.stablehlo, (text) => {
    const { file, execArgv } = scriptOf("scripts/loopcarry")!
    const at = path.join(mkdtempSync(path.join(tmpdir(), "loopcarry-cold-")), "sums.mlir")
    writeFileSync(at, text)
    const args = [...execArgv, file, "exec", at, "--device", device]
    return () => untilPrinted(process.execPath, args, process.env, / 0 1 3 6 10 15 21 28 36 45\n/)
  })

const program = jit([], () =>
  scan(constant(0, "f32"), arange(10, "f32"), (c, x) => {
    const total = add(c, x)
    return [total, total]
  })
)

export const coldJax =
  (python: string, platform: string): Run =>
  () =>
    untilPrinted(python, [coldScript], plainEnvironment(platform), sums)
