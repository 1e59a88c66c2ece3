import { readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..")

/** Puts a table into a document of the repository, between `<!-- mark -->` and `<!-- end of mark -->`. */
export const writeBetween = (document: string, mark: string, table: string): void => {
  const file = path.join(root, document)
  const [begin, end] = [`<!-- ${mark} -->`, `<!-- end of ${mark} -->`]
  const text = readFileSync(file, "utf8")
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${document} has no place for ${mark}`)
  writeFileSync(file, `${text.slice(0, from)}${begin}\n${table}\n${text.slice(to)}`)
}
