import { mkdirSync, writeFileSync } from "node:fs"
import path from "node:path"
import * as Effect from "effect/Effect"
import { cases, jitted } from "../test/support/language/cases.ts"

/**
 * Writes the StableHLO of every function of the language fixtures, with its derivatives and its batch, into a folder,
 * for scripts/verify-stablehlo.py:
 *
 *     npx tsx scripts/emit-language.ts FOLDER && python scripts/verify-stablehlo.py FOLDER
 */
const folder = process.argv[2]
if (folder === undefined) throw new Error("say which folder to write to")
mkdirSync(folder, { recursive: true })
for (const one of cases) {
  const text = await Effect.runPromise(jitted(one).program.stablehlo)
  writeFileSync(path.join(folder, `${one.name}.mlir`), text)
}
console.log(`${cases.length} modules in ${folder}`)
