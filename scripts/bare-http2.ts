/** A server that takes and gives bytes over HTTP/2 and TLS, and does nothing else: what a worker's transfers are held against. */
import { readFileSync } from "node:fs"
import http2, { type ServerHttp2Stream } from "node:http2"
import type { AddressInfo } from "node:net"
import path from "node:path"
import { connectionWindow, maxSessionMemory, settings } from "../pjrt/served/remote/http2.ts"
import { sendPieces } from "../pjrt/served/remote/pieces.ts"

const [folder, length] = process.argv.slice(2) as [string, string]
const data = new Uint8Array(Number(length)).fill(1)
const into = new Uint8Array(Number(length)).fill(2)
const file = (name: string) => readFileSync(path.join(folder, name))

const server = http2.createSecureServer({ settings, maxSessionMemory, key: file("key"), cert: file("cert") })
server.on("session", (session) => session.setLocalWindowSize(connectionWindow))
server.on("stream", (stream: ServerHttp2Stream, headers) => {
  stream.respond({ ":status": 200 })
  if (headers[":method"] !== "POST") return sendPieces(stream, [data])
  let at = 0
  stream.on("data", (chunk: Buffer) => {
    into.set(chunk, at)
    at += chunk.length
  })
  stream.once("end", () => stream.end())
  return undefined
})
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port))
process.on("disconnect", () => process.exit(0))
