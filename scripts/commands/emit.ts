import * as Effect from "effect/Effect"
import { count } from "../../dsl/count.ts"
import { type Memory, memoryOf } from "../../dsl/transform/memory.ts"
import { flag } from "../../pjrt/cli/flags.ts"
import { writeOut } from "../../pjrt/cli/output.ts"
import { makeCommand } from "../command.ts"
import { jittedOfScript, usage } from "../program-file.ts"

const flags = {
  export: flag.string(undefined, "which exported function, where there are several"),
  memory: flag.boolean("the memory that the program needs, in bytes, in place of StableHLO"),
  program: flag.boolean("the program in the printer's notation in place of StableHLO")
}

const commandUsage = `loopcarry emit FILE: the StableHLO of a jitted function that a script exports`

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

export const command = makeCommand({
  usage: commandUsage,
  flags,
  words: 1,
  run: (values, [file]) =>
    Effect.gen(function* () {
      if (file === undefined) return yield* usage("say which script", "loopcarry emit FILE [--export NAME]")
      const { name, jitted } = yield* jittedOfScript(file, values.export)
      if (values.memory) {
        const memory = memoryOf(yield* jitted.program)
        writeOut(values.json ? `${JSON.stringify({ name, memory })}\n` : memoryText(memory))
        return
      }
      const text = yield* values.program ? jitted.text : jitted.stablehlo
      const key = values.program ? "program" : "stablehlo"
      writeOut(values.json ? `${JSON.stringify({ name, [key]: text })}\n` : text)
    })
})
