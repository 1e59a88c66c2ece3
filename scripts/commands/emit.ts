import * as Effect from "effect/Effect"
import { count } from "../../dsl/count.ts"
import { placesFrom, showExplanation } from "../../dsl/passes/explain/text.ts"
import type { Target } from "../../dsl/passes/pass.ts"
import { print } from "../../dsl/printer.ts"
import { type Memory, memoryOf } from "../../dsl/transform/memory.ts"
import type { ProgramSource } from "../../pjrt/backend/backend.ts"
import type { UsageError } from "../../pjrt/cli/errors.ts"
import { type FlagValues, flag, passFlags } from "../../pjrt/cli/flags.ts"
import { passesFlag } from "../../pjrt/cli/main.ts"
import { writeOut } from "../../pjrt/cli/output.ts"
import { findPlatform, platformNames } from "../../pjrt/platforms/table.ts"
import { makeCommand } from "../command.ts"
import { jittedOfScript, usage } from "../program-file.ts"

const flags = {
  export: flag.string(undefined, "which exported function, where there are several"),
  explain: flag.boolean("what the passes do to its scans, what they leave and why, in place of StableHLO"),
  memory: flag.boolean("the memory that the program needs, in bytes, in place of StableHLO"),
  program: flag.boolean("the program in the printer's notation in place of StableHLO"),
  target: flag.string("cpu", `what it is for: ${platformNames.join(", ")}, or a target of loopcarry compile`),
  ...passFlags
} as const

const commandUsage = `loopcarry emit FILE: the StableHLO of a jitted function that a script exports, or what is to be said of it`

const memoryText = ({ scans, ...whole }: Memory): string => {
  const width = Math.max(...["arguments", ...scans.map((each) => each.path)].map((name) => name.length)) + 2
  const line = (name: string, value: string) => `${name.padEnd(width)}${value}\n`
  const totals = Object.entries(whole).map(([name, size]) => line(name, count(size, "byte")))
  const loops = scans.map(({ path: at, steps, carry, stacked }) =>
    line(
      at,
      `${steps === null ? "any number of steps" : count(steps, "step")}, carry ${count(carry, "byte")}, stacked ${count(stacked, "byte")}`
    )
  )
  return [...totals, ...loops].join("")
}

/** What `--target` and the flags of passes say. A target of `loopcarry compile` begins with its platform. */
const targetOf = (values: FlagValues<typeof flags>): Effect.Effect<Target, UsageError> =>
  Effect.gen(function* () {
    const platform = findPlatform(values.target.split(":")[0]!)?.name
    if (platform === undefined)
      return yield* usage(`there is no target ${values.target}`, `it is one of: ${platformNames.join(", ")}`)
    return { platform, takes: "stablehlo", ...(yield* passesFlag(values)) }
  })

export const command = makeCommand({
  usage: commandUsage,
  flags,
  words: 1,
  run: (values, [file]) =>
    Effect.gen(function* () {
      if (file === undefined) return yield* usage("say which script", "loopcarry emit FILE [--export NAME]")
      const [first, second] = (["explain", "memory", "program"] as const).filter((what) => values[what])
      if (second !== undefined)
        return yield* usage(`--${first} and --${second} contradict each other`, "leave one of them out")
      const target = yield* targetOf(values)
      const { name, jitted } = yield* jittedOfScript(file, values.export)
      if (values.explain) {
        const explanation = placesFrom(process.cwd(), yield* jitted.explainFor(target))
        writeOut(values.json ? `${JSON.stringify({ name, explanation })}\n` : showExplanation(explanation))
        return
      }
      if (values.memory) {
        const memory = memoryOf(yield* jitted.programFor(target))
        writeOut(values.json ? `${JSON.stringify({ name, memory })}\n` : memoryText(memory))
        return
      }
      const text = values.program
        ? print(yield* jitted.programFor(target))
        : ((yield* jitted.sourceFor(target)) as ProgramSource).code
      const key = values.program ? "program" : "stablehlo"
      writeOut(values.json ? `${JSON.stringify({ name, [key]: text })}\n` : (text as string))
    })
})
