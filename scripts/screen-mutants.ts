/**
 * Writes what the screen of workers reads in mutants of MLIR bytecode, one a line, for scripts/check-screen.py:
 *
 *     npx tsx scripts/screen-mutants.ts 20000 > mutants.jsonl
 */
import { defaultLimits } from "../pjrt/remote/worker/limits.ts"
import { screen } from "../pjrt/remote/worker/screen.ts"
import { screenedBytecode } from "../pjrt/screen/bytecode.ts"
import { plainName } from "../pjrt/screen/module.ts"
import { mutants } from "../test/support/mutants.ts"

const count = Number(process.argv[2] ?? 10_000)
const lines: Array<string> = []
for (const code of mutants(count, Number(process.argv[3] ?? 1))) {
  const found = screen(code, true, defaultLimits)
  if (found instanceof Error) lines.push(JSON.stringify({ refused: found.message }))
  else {
    const { operations } = screenedBytecode(code, defaultLimits.nesting)
    lines.push(
      JSON.stringify({
        code: code.toString("base64"),
        operations: operations.map(({ name }) => plainName(name)).sort(),
        targets: operations.flatMap(({ target }) => target ?? []).sort(),
        loops: found.loops
      })
    )
  }
}
process.stdout.write(`${lines.join("\n")}\n`)
