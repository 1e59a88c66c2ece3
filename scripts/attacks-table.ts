import { readFileSync } from "node:fs"
import { attacksOf } from "./attacks.mjs"
import { writeBetween } from "./document-table.ts"

/** Puts the counts of attacks, of the JSON that vitest writes, into SECURITY.md. */
export const main = ([results]: ReadonlyArray<string>): void => {
  if (results === undefined) throw new Error("give the file of the results")
  const families = attacksOf(JSON.parse(readFileSync(results, "utf8")))
  const sum = (key: "tried" | "survived") => families.reduce((all, family) => all + family[key], 0)
  writeBetween(
    "SECURITY.md",
    "attacks",
    [
      "| family | tried | survived |",
      "|---|---|---|",
      ...families.map(({ family, tried, survived }) => `| ${family} | ${tried} | ${survived} |`),
      `| all | ${sum("tried")} | ${sum("survived")} |`
    ].join("\n")
  )
}
