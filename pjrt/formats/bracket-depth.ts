import { closingOf, unescaped } from "./mlir-tokens.ts"

/** In so many texts within texts, brackets are looked for. */
const mostQuoted = 8

/** Where a quoted text ends that begins at a place, or the end where it does not. */
const endOfQuoted = (text: string, from: number): number => {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\") at++
    else if (text[at] === '"') return at + 1
  }
  return text.length
}

/**
 * How deeply brackets nest in the text of attributes, quoted text included. XLA parses some of it again
 * (`mhlo.sharding`, `xla.sdy.meshes`), by recursion. A closing bracket without an open one is ignored.
 */
export const bracketDepth = (text: string, quoted = 0): number => {
  if (!/[<[({]/.test(text)) return 0
  const open: Array<string> = []
  let deepest = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (char === '"' && quoted < mostQuoted) {
      const end = endOfQuoted(text, at)
      deepest = Math.max(deepest, open.length + bracketDepth(unescaped(text.slice(at, end)), quoted + 1))
      at = end - 1
      continue
    }
    const closing = closingOf[char]
    if (closing !== undefined) {
      open.push(closing)
      deepest = Math.max(deepest, open.length)
    } else if (char === "-" && text[at + 1] === ">") at++
    else if (open.at(-1) === char && !(char === ">" && text[at + 1] === "=")) open.pop()
  }
  return deepest
}
