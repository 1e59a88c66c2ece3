import { spawn } from "node:child_process"
import path from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..")

/** A message of the language server, a request or an answer. */
interface Message {
  readonly id?: number | string
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

/** Starts the language server of the repository's own TypeScript for a folder: messages to and from it. */
export const startServer = async (folder: string) => {
  const tsc = path.join(root, "node_modules/typescript/bin/tsc")
  const server = spawn(process.execPath, [tsc, "--lsp", "--stdio"], {
    cwd: folder,
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
  await request("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    capabilities: {}
  })
  notify("initialized", {})
  /** Opens a file with a text, which need not be what lies on disk; gives what names it. */
  const open = (file: string, text: string) => {
    const uri = pathToFileURL(file).href
    notify("textDocument/didOpen", { textDocument: { uri, languageId: "typescript", version: 1, text } })
    return { uri }
  }
  return { request, notify, open, stop }
}
