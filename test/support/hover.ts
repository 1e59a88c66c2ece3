import { spawn } from "node:child_process"
import path from "node:path"
import { pathToFileURL } from "node:url"
import { root } from "./command.ts"

/** A message of the language server, a request or an answer. */
interface Message {
  readonly id?: number | string
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

/** The language server of the project's own TypeScript, and messages to and from it. */
const startServer = () => {
  const tsc = path.join(root, "node_modules/typescript/bin/tsc")
  const server = spawn(process.execPath, [tsc, "--lsp", "--stdio"], {
    cwd: root,
    stdio: ["pipe", "pipe", "ignore"]
  })
  const waiting = new Map<number, (message: Message) => void>()
  server.once("exit", () => {
    for (const answer of waiting.values()) answer({ error: { message: "the language server ended" } })
  })
  let received = Buffer.alloc(0)
  let last = 0
  const send = (message: object): void => {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message })
    server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
  }
  const take = (message: Message): void => {
    // The server asks too, for settings and to register; it needs none.
    if (message.method !== undefined && message.id !== undefined) send({ id: message.id, result: null })
    else if (typeof message.id === "number") waiting.get(message.id)?.(message)
  }
  server.stdout.on("data", (part: Buffer) => {
    received = Buffer.concat([received, part])
    for (;;) {
      const end = received.indexOf("\r\n\r\n")
      if (end < 0) return
      const length = Number(/Content-Length: (\d+)/.exec(received.toString("utf8", 0, end))![1])
      if (received.length < end + 4 + length) return
      take(JSON.parse(received.toString("utf8", end + 4, end + 4 + length)))
      received = received.subarray(end + 4 + length)
    }
  })
  const request = (method: string, params: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++last
      waiting.set(id, ({ result, error }) => {
        waiting.delete(id)
        if (error === undefined) resolve(result)
        else reject(new Error(`${method}: ${error.message}`))
      })
      send({ id, method, params })
    })
  const notify = (method: string, params: unknown): void => send({ method, params })
  const stop = (): void => {
    server.kill()
  }
  return { request, notify, stop }
}

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
  const { request, notify, stop } = startServer()
  try {
    const lines = expressions.map((expression, i) => `export const hovered${i} = ${expression}`)
    const uri = pathToFileURL(path.join(root, "test/types/hovered.ts")).href
    await request("initialize", {
      processId: process.pid,
      rootUri: pathToFileURL(root).href,
      capabilities: {}
    })
    notify("initialized", {})
    notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "typescript", version: 1, text: `${before}\n${lines.join("\n")}\n` }
    })
    const first = before.split("\n").length
    const shown: Array<string> = []
    for (const i of lines.keys()) {
      const position = { line: first + i, character: "export const h".length }
      shown.push(typeIn(await request("textDocument/hover", { textDocument: { uri }, position })))
    }
    return shown
  } finally {
    stop()
  }
}
