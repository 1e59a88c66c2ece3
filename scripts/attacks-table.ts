import { readFileSync } from "node:fs"
import { writeBetween } from "./document-table.ts"

interface Family {
  readonly family: string
  readonly tried: number
  readonly survived: number
}

/** Puts the counts of attacks into SECURITY.md, as `test/support/counts.ts` writes them. */
export const main = ([file]: ReadonlyArray<string>): void => {
  if (file === undefined) throw new Error("give the file of the counts")
  const { attacks } = JSON.parse(readFileSync(file, "utf8")) as { readonly attacks: ReadonlyArray<Family> }
  const sum = (key: "tried" | "survived") => attacks.reduce((all, family) => all + family[key], 0)
  writeBetween(
    "SECURITY.md",
    "attacks",
    [
      "| family | tried | survived |",
      "|---|---|---|",
      ...attacks.map(({ family, tried, survived }) => `| ${family} | ${tried} | ${survived} |`),
      `| all | ${sum("tried")} | ${sum("survived")} |`
    ].join("\n")
  )
}
