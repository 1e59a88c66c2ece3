/**
 * Writes what the screen of workers reads in mutants of MLIR bytecode, or text, one a line, for scripts/check-screen.py:
 *
 *     npx tsx scripts/screen-mutants.ts bytecode 20000 > mutants.jsonl
 */

import { CompileError } from "../pjrt/backend/errors.ts"
import { countsOf } from "../pjrt/module/device-counts.ts"
import { plainName } from "../pjrt/module/screen/module.ts"
import { screened } from "../pjrt/module/screen/read.ts"
import { defaultLimits } from "../pjrt/serve/worker/limits.ts"
import { screen } from "../pjrt/serve/worker/screen.ts"
import { mutants } from "../test/support/mutants.ts"
import { textMutants } from "../test/support/text-mutants.ts"

const [form = "bytecode", count = "10000", seed = "1"] = process.argv.slice(2)
const depths = { regions: defaultLimits.nesting, brackets: defaultLimits.nesting }
const all = form === "text" ? textMutants(Number(count), Number(seed)) : mutants(Number(count), Number(seed))
for (const mutant of all) {
  // What a worker gives to the compiler.
  const code =
    typeof mutant === "string" ? Buffer.from(new TextDecoder().decode(Buffer.from(mutant))) : mutant
  const read = screened(code, depths)
  const found = screen(code, typeof mutant !== "string", defaultLimits)
  const counts = countsOf({ code: typeof mutant === "string" ? code.toString() : code })
  process.stdout.write(
    `${JSON.stringify(
      read instanceof Error
        ? { refused: read.message }
        : {
            code: code.toString("base64"),
            refused: found instanceof Error ? found.message : undefined,
            operations: read.operations.map(({ name }) => name),
            targets: read.operations.flatMap(({ target }) => target ?? []),
            directions: read.operations.flatMap(({ direction }) => direction ?? []),
            symbols: read.operations.flatMap(({ name, symbol, isPrivate }) =>
              symbol === undefined || plainName(name) !== "func.func"
                ? []
                : `${symbol} ${isPrivate === true ? "private" : "public"}`
            ),
            attributes: [...read.attributes],
            counts: counts instanceof CompileError ? undefined : counts
          }
    )}\n`
  )
}
