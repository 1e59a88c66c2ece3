import { readFileSync } from "node:fs"

/** What stands in a file at a place, `file:line:column`, to the end of the line. */
export const codeAt = (place: string | undefined): string => {
  const [, file, line, column] = /^(.*):(\d+):(\d+)$/.exec(place ?? "") ?? []
  if (file === undefined) return `no place: ${place}`
  return readFileSync(file, "utf8")
    .split("\n")
    [Number(line) - 1]!.slice(Number(column) - 1)
}
