import path from "node:path"
import { startServer } from "../../scripts/language-server.ts"
import { root } from "./command.ts"

const typeIn = (hover: unknown): string => {
  const { contents } = hover as { readonly contents: { readonly value: string } | string }
  const text = typeof contents === "string" ? contents : contents.value
  const shown = /```\w*\n([\s\S]*?)\n```/.exec(text)?.[1] ?? text
  return shown.replace(/^const \w+: /, "").replaceAll(/\s+/g, " ")
}

/**
 * What the editor shows when the mouse is over a constant that holds each of the expressions. `before` are the
 * statements above them; imports resolve as for a file in test/types.
 */
export const hovers = async (
  before: string,
  expressions: ReadonlyArray<string>
): Promise<ReadonlyArray<string>> => {
  const { request, open, stop } = await startServer(root)
  try {
    const lines = expressions.map((expression, i) => `export const hovered${i} = ${expression}`)
    const textDocument = open(path.join(root, "test/types/hovered.ts"), `${before}\n${lines.join("\n")}\n`)
    const first = before.split("\n").length
    const shown: Array<string> = []
    for (const i of lines.keys()) {
      const position = { line: first + i, character: "export const h".length }
      shown.push(typeIn(await request("textDocument/hover", { textDocument, position })))
    }
    return shown
  } finally {
    stop()
  }
}
