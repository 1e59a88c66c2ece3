import type { AddressInfo } from "node:net"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Tracer from "effect/Tracer"
import * as Device from "../../device.ts"
import { type DeviceError, DeviceRequestError, DeviceUnavailable } from "../../errors.ts"
import { productVersion } from "../../product.ts"
import { makeWatch, type Overrun } from "../../watch.ts"
import { hostPort } from "../client/address.ts"
import { Notes } from "./at-work.ts"
import type { Record } from "./crashes.ts"
import { exposedFault } from "./exposed.ts"
import { defaultLimits, type Limits } from "./limits.ts"
import { ProgramStore } from "./programs.ts"
import { FairQueue } from "./queue.ts"
import { Server, type Tls } from "./server.ts"
import { Sessions } from "./sessions.ts"
import { Suspicion } from "./suspicion.ts"

export interface WorkerOptions
  extends Pick<Device.DeviceOptions, "plugin" | "offline" | "virtualDevices" | "xla"> {
  /** The device that is served; all devices of its plugin can be asked for. */
  readonly device: string
  /** Where to listen. Beyond this machine that takes TLS and a token. */
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  readonly tls?: Tls | undefined
  readonly token?: string | undefined
  readonly limits?: Partial<Limits> | undefined
  readonly log?: ((line: string) => void) | undefined
  readonly progress?: Device.DeviceOptions["progress"]
  /** What becomes of the device where a compilation or a run takes too long. */
  readonly overrun?: Overrun
  /** Told of each call as a span. */
  readonly tracer?: Tracer.Tracer | undefined
  /** Why sessions that are not known here may be gone. */
  readonly before?: string | undefined
  /** Whether there is one session only, and who is told that it has begun, and that it has ended. */
  readonly only?: ((now: "begun" | "ended") => void) | undefined
  /** Where it writes down what it is doing, for who reads it when this process has died. */
  readonly notes?: number | undefined
  /** What earlier processes have come to. */
  readonly record?: Record | undefined
  /** A program is suspected no more. */
  readonly cleared?: ((digest: string) => void) | undefined
}

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
   * Takes no new sessions, has those that there are finish what is under way and read its results, for at most so many
   * seconds, and tells their clients that it ends.
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

/** Serves a device to clients, its plugin being held by this process. Ends with the scope. */
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
      product: productVersion(),
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
