/** The process that holds the plugin and serves it: a worker, under a supervisor that starts it again when it ends. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { exitNow } from "../../../native/ffi.ts"
import { packageVersion } from "../../backend/version.ts"
import { failureOf } from "../../served/failure.ts"
import { timeout } from "../../served/remote/timeout.ts"
import { notesFile } from "./at-work.ts"
import type { FromServing, ToServe, ToServing } from "./messages.ts"
import { otlpTracer } from "./tracing.ts"
import { serve, type Worker } from "./worker.ts"

/** How long an answer may take to reach its client before this process ends itself, in milliseconds. */
const lastWords = 200

const tell = (message: FromServing): void => {
  if (process.connected) process.send?.(message)
}

const scope = Scope.makeUnsafe()
let worker: Worker | undefined

/** PJRT cannot cancel: what takes too long ends with its process. */
const overrun = {
  hint: "the worker's process was ended with it, as nothing else ends it; arrays there are gone, and the next call begins a new session",
  stop: Effect.sync(() => {
    tell({ ending: "a program took longer than the worker's time limit" })
    worker?.leave()
    timeout(lastWords, () => exitNow(1))
  })
}

const begin = ({ tls, notes, oneSession, ...options }: ToServe): void => {
  const endpoint = process.env.OTEL_EXPORTER_OTLP_ENDPOINT
  const tracer = endpoint ? otlpTracer(endpoint, packageVersion()) : Effect.succeed(undefined)
  const serving = Effect.flatMap(tracer, (given) =>
    serve({
      ...options,
      tracer: given,
      overrun,
      tls: tls && {
        key: Buffer.from(tls.key),
        cert: Buffer.from(tls.cert),
        ...(tls.clientCa !== undefined && { clientCa: Buffer.from(tls.clientCa) })
      },
      notes: notes ? notesFile : undefined,
      only: oneSession ? (only) => tell({ only }) : undefined,
      cleared: (cleared) => tell({ cleared }),
      log: (log) => tell({ log }),
      progress: (progress) => tell({ progress })
    })
  )
  Effect.runCallback(Scope.provide(serving, scope), {
    onExit: (exit) => {
      if (Exit.isSuccess(exit)) {
        worker = exit.value
        tell({ serving: { address: worker.address, port: worker.port } })
      } else tell({ failed: failureOf(Cause.squash(exit.cause)) })
    }
  })
}

process.on("message", (message: ToServing) => {
  if ("serve" in message) begin(message.serve)
  else if ("ping" in message) tell({ alive: true })
  else if ("lift" in message) worker?.lift()
  else if (worker === undefined) exitNow(0)
  else {
    const ending = Effect.andThen(worker.drain(message.drain.seconds), Scope.close(scope, Exit.void))
    Effect.runCallback(ending, { onExit: () => exitNow(0) })
  }
})

// A supervisor that has gone has nobody to start this again; what runs cannot be waited for.
process.on("disconnect", () => exitNow(0))
// The terminal's interrupt reaches the whole group; the supervisor decides.
process.on("SIGINT", () => {})
process.on("SIGTERM", () => {})
