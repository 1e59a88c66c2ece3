import { fork } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import http2 from "node:http2"
import { tmpdir } from "node:os"
import path from "node:path"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as Device from "../pjrt/device.ts"
import { connectionWindow, maxSessionMemory, settings } from "../pjrt/remote/http2.ts"
import { generateCertificate, supervise } from "../pjrt/remote/index.ts"
import { sendPieces } from "../pjrt/remote/pieces.ts"

const bytes = 512 << 20
const rounds = 4

/** The best of some rounds, in microseconds: memory that is touched for the first time makes the first one slow. */
const best = async (once: () => Promise<unknown>): Promise<number> => {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) {
    const started = performance.now()
    await once()
    least = Math.min(least, (performance.now() - started) * 1000)
  }
  return least
}

/** What HTTP/2 over TLS takes by itself, between two processes, with the same windows. */
const bareTransfers = async (folder: string, cert: string): Promise<{ up: number; down: number }> => {
  const source = import.meta.url.endsWith(".ts")
  const file = fileURLToPath(new URL(source ? "./bare-http2.ts" : "./bare-http2.js", import.meta.url))
  const child = fork(file, [folder, String(bytes)], { execArgv: source ? ["--import", "tsx"] : [] })
  const port = await new Promise<number>((resolve) =>
    child.once("message", (found) => resolve(Number(found)))
  )
  const session = http2.connect(`https://127.0.0.1:${port}`, { settings, maxSessionMemory, ca: cert })
  await new Promise((resolve) => session.once("remoteSettings", resolve))
  session.setLocalWindowSize(connectionWindow)
  const data = new Uint8Array(bytes).fill(1)
  const into = new Uint8Array(bytes).fill(2)
  const up = await best(
    () =>
      new Promise((resolve) => {
        const stream = session.request({ ":method": "POST", ":path": "/" })
        stream.resume()
        stream.once("end", resolve)
        sendPieces(stream, [data])
      })
  )
  const down = await best(
    () =>
      new Promise((resolve) => {
        const stream = session.request({ ":path": "/" })
        let at = 0
        stream.on("data", (chunk: Buffer) => {
          into.set(chunk, at)
          at += chunk.length
        })
        stream.once("end", resolve)
      })
  )
  session.close()
  child.kill()
  return { up, down }
}

const program = `module { func.func public @main(%x: tensor<10xf32>) -> tensor<10xf32> {
  %y = stablehlo.add %x, %x : tensor<10xf32>
  return %y : tensor<10xf32>
} }`

const smallCalls = 200

/** A worker of this machine's CPU, over TLS and with a token, in a process of its own. */
export const remoteBenchmarks = Effect.gen(function* () {
  const scope = yield* Effect.scope
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(path.join(tmpdir(), "loopcarry-bench-"))),
    (made) => Effect.sync(() => rmSync(made, { recursive: true }))
  )
  const { cert, key, token } = yield* Effect.promise(() => generateCertificate(["127.0.0.1"]))
  for (const [name, text] of Object.entries({ cert, key, token }))
    writeFileSync(path.join(folder, name), text)
  process.env.LOOPCARRY_CA = path.join(folder, "cert")
  process.env.LOOPCARRY_TOKEN_FILE = path.join(folder, "token")
  const tls = { cert: Buffer.from(cert), key: Buffer.from(key) }
  const worker = yield* supervise({ device: "cpu", host: "127.0.0.1", port: 0, tls, token })
  const backend = yield* Device.open(`remote://${worker.address}`)
  const run = <A>(effect: Effect.Effect<A, unknown>) => Effect.runPromise(effect)

  const ten = { dtype: "f32", shape: [10] } as const
  const executable = yield* backend.compile({ code: program, inputs: [ten], variable: false })
  const x = yield* backend.put({ ...ten, bytes: new Uint8Array(40) }, scope)
  const calls = Effect.gen(function* () {
    for (let i = 0; i < smallCalls; i++) {
      const [y] = yield* executable.run([x], scope)
      yield* y!.bytes
      y!.release()
    }
  })
  const small = (yield* Effect.promise(() => best(() => run(calls)))) / smallCalls

  const data = new Uint8Array(bytes).fill(1)
  const array = { dtype: "u8", shape: [bytes], bytes: data } as const
  const up = yield* Effect.promise(() =>
    best(() => run(Effect.map(backend.put(array, scope), (made) => made.release())))
  )
  const there = yield* backend.put(array, scope)
  const down = yield* Effect.promise(() => best(() => run(there.bytes)))
  there.release()
  const bare = yield* Effect.promise(() => bareTransfers(folder, cert))
  return [
    { name: "512 MiB to a worker, over TLS", microseconds: up, aim: bare.up / 0.8 },
    { name: "512 MiB from a worker, over TLS", microseconds: down, aim: bare.down / 0.8 },
    { name: "a small call to a worker, with its result of 40 bytes", microseconds: small, aim: 500 }
  ]
}).pipe(Effect.scoped)
