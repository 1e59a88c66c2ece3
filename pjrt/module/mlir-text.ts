/** Where a text that is quoted ends, behind its quote; text that is not closed ends with everything. */
const endOfQuoted = (text: string, from: number): number => {
  let at = from + 1
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1
  return at + 1
}

/** MLIR text without its comments; what it quotes, in which anything may stand, is put through a function. */
const rewritten = (text: string, quoted: (found: string) => string): string => {
  const parts: Array<string> = []
  let from = 0
  let at = 0
  while (at < text.length) {
    if (text[at] === '"') {
      const end = endOfQuoted(text, at)
      parts.push(text.slice(from, at), quoted(text.slice(at, end)))
      from = at = end
    } else if (text[at] === "/" && text[at + 1] === "/") {
      parts.push(text.slice(from, at))
      while (at < text.length && text[at] !== "\n" && text[at] !== "\r") at++
      from = at
    } else at++
  }
  parts.push(text.slice(from))
  return parts.join("")
}

/** MLIR text without its comments. */
export const withoutComments = (text: string): string => rewritten(text, (found) => found)

/** MLIR text without its comments, and nothing between its quotes. */
export const withoutTexts = (text: string): string => rewritten(text, () => '""')
