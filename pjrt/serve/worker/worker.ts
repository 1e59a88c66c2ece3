import type { AddressInfo } from "node:net"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type DeviceError, DeviceRequestError, DeviceUnavailable } from "../../backend/errors.ts"
import { packageVersion } from "../../backend/version.ts"
import { makeWatch } from "../../backend/watch.ts"
import * as Device from "../../device/device.ts"
import { hostPort } from "../../served/remote/address.ts"
import { Notes } from "./at-work.ts"
import { exposedFault } from "./exposed.ts"
import { defaultLimits } from "./limits.ts"
import type { WorkerOptions } from "./options.ts"
import { ProgramStore } from "./programs.ts"
import { FairQueue } from "./queue.ts"
import { Server } from "./server.ts"
import { Sessions } from "./sessions.ts"
import { Suspicion } from "./suspicion.ts"

/** A worker that listens. */
export interface Worker {
  /** `host:port` */
  readonly address: string
  readonly port: number
  /** Takes nothing more from now on; what is under way goes on. */
  leave(): void
  /** Takes programs again that were refused. */
  lift(): void
  /**
   * Takes no new sessions. Lets the open ones finish their calls and read their results, for at most so many seconds.
   * Then tells their clients that the worker ends.
   */
  drain(seconds: number): Effect.Effect<void>
}

/** Beside tensors and programs a message is small. */
const messageMargin = 1 << 20

const nowhere = new Set(["ENOTFOUND", "EAI_AGAIN", "EADDRNOTAVAIL"])

const listen = (
  server: Server,
  { host, port }: WorkerOptions
): Effect.Effect<AddressInfo, DeviceRequestError | DeviceUnavailable> =>
  Effect.callback((resume) => {
    server.http.once("error", (error: NodeJS.ErrnoException) =>
      resume(
        Effect.fail(
          // A name of no machine, or of another, is never to be had.
          new (nowhere.has(error.code ?? "") ? DeviceRequestError : DeviceUnavailable)({
            device: hostPort(host, port),
            message: `cannot listen on ${hostPort(host, port)}: ${error.message}`,
            hint: "choose another port with --listen, or end what listens there"
          })
        )
      )
    )
    server.http.listen(port, host, () => resume(Effect.succeed(server.http.address() as AddressInfo)))
  })

const notServed = new DeviceUnavailable({
  device: "reference",
  message:
    "the reference device cannot be served: it runs programs of the language, and clients send StableHLO",
  hint: "serve cpu, cuda or tpu"
})

/** How often a worker that drains looks whether it is done, in milliseconds. */
const lookEvery = 50

/** For how long nothing may be under way until it is done, in milliseconds: results are read when their run has ended. */
const quiet = 500

/** How long connections may take to end, in milliseconds. */
const goodbye = 1000

const drain = (server: Server, seconds: number): Effect.Effect<void> =>
  Effect.gen(function* () {
    server.turnAway()
    const until = performance.now() + seconds * 1000
    let busy = performance.now()
    while (performance.now() < Math.min(until, busy + quiet)) {
      yield* Effect.sleep(lookEvery)
      if (server.busy) busy = performance.now()
    }
    server.dismiss()
    const end = performance.now() + goodbye
    while (!server.alone && performance.now() < end) yield* Effect.sleep(lookEvery)
  })

/**
 * Serves a device to clients; this process holds its plugin. Ends with the scope. The effect fails with a
 * `DeviceError`: `DeviceUnavailable` for a device that is not there, or is not served, and for
 * options that leave it open to others.
 *
 * @example
 * const worker = yield* serve({ device: "cpu", host: "127.0.0.1", port: 0 })
 * const backend = yield* Device.open(`remote://${worker.address}`)
 * backend.device.platform // "cpu"
 */
export const serve = (options: WorkerOptions): Effect.Effect<Worker, DeviceError, Scope.Scope> =>
  Effect.gen(function* () {
    const { host, tls, token, log = () => {} } = options
    const fault = exposedFault(options)
    if (fault !== undefined) return yield* fault
    if (options.device === "reference") return yield* notServed
    const limits = { ...defaultLimits, ...options.limits }
    const backend = yield* Device.open(options.device, {
      plugin: options.plugin,
      offline: options.offline,
      virtualDevices: options.virtualDevices,
      progress: options.progress,
      xla: options.xla
    })
    const identity = yield* backend.identity as Effect.Effect<
      Effect.Success<typeof backend.identity>,
      DeviceError
    >
    const sessions = new Sessions(limits, log, options.only)
    const suspicion = new Suspicion(options.record, options.cleared)
    const server = new Server({
      product: packageVersion(),
      backend,
      watch: makeWatch(
        { timeLimit: { compiling: limits.compileSeconds, running: limits.runSeconds } },
        options.overrun ?? { hint: "it goes on in the background", stop: Effect.void }
      ),
      identity,
      programs: new ProgramStore(limits),
      queue: new FairQueue(limits.concurrency),
      reports: new FairQueue(1),
      limits,
      notes: new Notes(options.notes),
      suspicion,
      digests: new WeakMap(),
      messageLimit: limits.programBytes + messageMargin,
      sessions,
      tracer: options.tracer,
      token,
      tls,
      before: options.before
    })
    yield* Effect.addFinalizer(() =>
      Effect.andThen(
        sessions.closeAll,
        Effect.sync(() => server.destroy())
      )
    )
    const bound = yield* listen(server, options)
    return {
      address: hostPort(host, bound.port),
      port: bound.port,
      leave: () => server.leave(),
      lift: () => suspicion.lift(),
      drain: (seconds) => drain(server, seconds)
    }
  })
