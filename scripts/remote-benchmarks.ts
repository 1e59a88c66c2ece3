import { fork } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import http2 from "node:http2"
import { tmpdir } from "node:os"
import path from "node:path"
import * as Effect from "effect/Effect"
import { freshBytes } from "../native/memory.ts"
import { scriptOf } from "../pjrt/backend/beside.ts"
import * as Device from "../pjrt/device/device.ts"
import { generateCertificate, supervise } from "../pjrt/remote.ts"
import { connectionWindow, maxSessionMemory, settings } from "../pjrt/served/remote/http2.ts"
import { sendPieces } from "../pjrt/served/remote/pieces.ts"
import { timed } from "./benchmarks.ts"

const bytes = 512 << 20

const rounds = 10

/**
 * The best of some rounds of each, in microseconds: the first is slow, as it touches memory for the first time. They
 * take turns, so that what else the machine does falls on both.
 */
const bestOf = (ours: () => Promise<unknown>, bare: () => Promise<unknown>) =>
  Effect.promise(async () => {
    const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as [number, number]
    for (let round = 0; round < rounds; round++)
      for (const [i, work] of [ours, bare].entries()) {
        const started = performance.now()
        await work()
        least[i] = Math.min(least[i]!, (performance.now() - started) * 1000)
      }
    return { ours: least[0], bare: least[1] }
  })

/** What HTTP/2 over TLS does by itself, between two processes, with the same windows. */
const bareTransfers = (folder: string, cert: string, data: Uint8Array) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const { file, execArgv } = scriptOf("scripts/bare-http2")!
      const child = fork(file, [folder, String(bytes)], { execArgv: [...execArgv] })
      const port = await new Promise<number>((resolve) =>
        child.once("message", (found) => resolve(Number(found)))
      )
      const session = http2.connect(`https://127.0.0.1:${port}`, { settings, maxSessionMemory, ca: cert })
      await new Promise((resolve) => session.once("remoteSettings", resolve))
      session.setLocalWindowSize(connectionWindow)
      const up = () =>
        new Promise((resolve) => {
          const stream = session.request({ ":method": "POST", ":path": "/" })
          stream.resume()
          stream.once("end", resolve)
          sendPieces(stream, [data])
        })
      const down = () =>
        new Promise((resolve) => {
          const stream = session.request({ ":path": "/" })
          // Each read of an array gives a new one.
          const into = freshBytes(bytes)
          let at = 0
          stream.on("data", (chunk: Buffer) => {
            into.set(chunk, at)
            at += chunk.length
          })
          stream.once("end", resolve)
        })
      return { up, down, child, session }
    }),
    ({ child, session }) =>
      Effect.sync(() => {
        session.close()
        child.kill()
      })
  )

const program = `module { func.func public @main(%x: tensor<10xf32>) -> tensor<10xf32> {
  %y = stablehlo.add %x, %x : tensor<10xf32>
  return %y : tensor<10xf32>
} }`

/** A worker of this machine's CPU in a child process, over TLS and with a token. */
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
  const small = yield* timed(
    "a small call to a worker, with its result of 40 bytes",
    500,
    300,
    Effect.gen(function* () {
      const [y] = yield* executable.run([x], scope)
      yield* y!.bytes
      y!.release()
    })
  )

  const data = new Uint8Array(bytes).fill(1)
  const array = { dtype: "u8", shape: [bytes], bytes: data } as const
  const there = yield* backend.put(array, scope)
  const bare = yield* bareTransfers(folder, cert, data)
  const up = yield* bestOf(
    () => run(Effect.map(backend.put(array, scope), (made) => made.release())),
    bare.up
  )
  const down = yield* bestOf(() => run(there.bytes), bare.down)
  return [
    { name: "512 MiB to a worker, over TLS", microseconds: up.ours, aim: up.bare / 0.8 },
    { name: "512 MiB from a worker, over TLS", microseconds: down.ours, aim: down.bare / 0.8 },
    small
  ]
}).pipe(Effect.scoped)
