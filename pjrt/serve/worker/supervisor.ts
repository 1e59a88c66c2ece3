import { type ChildProcess, fork } from "node:child_process"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { wantsPluginLog } from "../../../native/plugins/environment.ts"
import { LastWords } from "../../../native/plugins/log.ts"
import { type Beside, holderScript } from "../../backend/beside.ts"
import { type DeviceError, DeviceUnavailable } from "../../backend/errors.ts"
import { errorOf } from "../../served/failure.ts"
import { closeNotes, openNotes, readNotes } from "./at-work.ts"
import { Crashes, type End } from "./crashes.ts"
import { exposedFault } from "./exposed.ts"
import { collectionFlags, mallocEnvironment } from "./garbage.ts"
import { defaultLimits } from "./limits.ts"
import type { FromServing, ToServing } from "./messages.ts"
import type { WorkerOptions } from "./options.ts"

/** Between the ends of a process and the start of the next, in milliseconds: at first, and at most. */
const backOff = { first: 100, most: 10_000 } as const

/** A process that has served for so long, in milliseconds, did not fail at once. */
const settledAfter = 30_000

/** How many times in a lease it is asked whether it is still there. */
const pingsInLease = 4

export interface SupervisedOptions extends WorkerOptions {
  /** Serves one session, and no other after it. */
  readonly oneSession?: boolean
}

/** A worker whose process is started again when it ends. */
export interface Supervised {
  /** `host:port` */
  readonly address: string
  /** Has what is under way finished within so many seconds, and ends. */
  drain(seconds: number): Effect.Effect<void>
  /** Takes programs again that were refused because they had ended the process; how many. */
  lift(): number
  /** Ends where there is one session only and that has ended. */
  readonly finished: Effect.Effect<void>
}

/**
 * What a process said, of which some may be a client's words: it cannot be taken for lines of ours, nor speak to a
 * terminal.
 */
const quoted = (text: string): string =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => `  | ${line.replaceAll(/\p{Cc}/gu, "?")}\n`)
    .join("")

/** The processes that hold the plugin and serve it, one after the other, at one address. */
class Supervisor {
  readonly #options: SupervisedOptions
  readonly #beside: Beside
  #port: number
  #process: ChildProcess | undefined
  #said = new LastWords()
  #ending: string | undefined
  #before: string | undefined
  #wait: number = backOff.first
  #drained: (() => void) | undefined
  #closed = false
  readonly #crashes = new Crashes()
  /** The one session has begun that there is. */
  #begun = false
  #finish: () => void = () => {}
  /** Ends when the one session has ended that there is, or was lost. */
  readonly finished = new Promise<void>((resolve) => {
    this.#finish = resolve
  })

  constructor(options: SupervisedOptions, beside: Beside) {
    this.#options = options
    this.#beside = beside
    this.#port = options.port
  }

  /** Starts the first process; it fails where the device cannot be opened. */
  readonly start: Effect.Effect<string, DeviceError> = Effect.callback((resume) => {
    this.#spawn(
      (address) => resume(Effect.succeed(address)),
      (error) => resume(Effect.fail(error as DeviceError))
    )
  })

  #spawn(serving: (address: string) => void, failed: (error: unknown) => void): void {
    const { file, execArgv } = this.#beside
    const notes = openNotes()
    const child = fork(file, [], {
      // What its user says of memory stands.
      env: { ...mallocEnvironment, ...process.env },
      execArgv: [...collectionFlags, ...execArgv],
      stdio: ["ignore", "pipe", "pipe", "ipc", notes ?? "ignore"]
    })
    const started = performance.now()
    const lease = this.#options.limits?.leaseSeconds ?? defaultLimits.leaseSeconds
    let up = false
    let unanswered = 0
    let pinging: NodeJS.Timeout | undefined
    this.#process = child
    const words = new LastWords()
    this.#said = words
    let stuck = false
    this.#ending = undefined
    const shown = wantsPluginLog()
    const hear = (chunk: string) => {
      words.hear(chunk)
      if (shown) process.stderr.write(quoted(chunk))
    }
    child.stdout?.setEncoding("utf8").on("data", hear)
    child.stderr?.setEncoding("utf8").on("data", hear)
    child.on("error", () => {})
    child.on("message", (message: FromServing) => {
      if ("alive" in message) unanswered = 0
      else if ("cleared" in message) this.#crashes.clear(message.cleared)
      else if ("only" in message) {
        this.#begun = true
        if (message.only === "ended") this.#finish()
      } else if ("log" in message) this.#options.log?.(message.log)
      else if ("progress" in message) this.#options.progress?.(message.progress)
      else if ("ending" in message) this.#ending = message.ending
      else if ("serving" in message) {
        up = true
        this.#port = message.serving.port
        serving(message.serving.address)
        pinging = setInterval(
          () => {
            if (unanswered++ < pingsInLease) return void child.send({ ping: true } satisfies ToServing)
            // By now its sessions are lost: their clients have not heard of it for a lease.
            stuck = true
            this.#ending ??= `it did not answer for ${lease} s`
            child.kill("SIGKILL")
          },
          (1000 * lease) / pingsInLease
        ).unref()
      } else failed(errorOf(message.failed))
    })
    child.once("close", (status, signal) => {
      clearInterval(pinging)
      const atWork = notes === undefined ? [] : readNotes(notes)
      if (notes !== undefined) closeNotes(notes)
      if (this.#drained !== undefined) return this.#drained()
      if (this.#closed) return
      const how =
        this.#ending ?? (signal === null ? `it ended with status ${status}` : `it was ended by ${signal}`)
      if (!up && this.#before === undefined) {
        return failed(
          new DeviceUnavailable({
            device: this.#options.device,
            message: `the process that holds the plugin cannot start: ${how}${this.#lastLines()}`,
            hint: "see: loopcarry doctor"
          })
        )
      }
      if (this.#begun) return this.#finish()
      const crashed = this.#ending === undefined || stuck
      if (crashed) this.#blame({ how, signal: signal ?? undefined, said: words.cause, atWork })
      // What one client's program does holds nobody else up: the next process starts at once.
      const atOnce = up && atWork.length > 0
      this.#again(how, atOnce ? undefined : performance.now() - started)
    })
    const {
      token,
      tls,
      limits = {},
      device,
      host,
      plugin,
      offline = false,
      virtualDevices,
      xla
    } = this.#options
    const message: ToServing = {
      serve: {
        ...{ device, host, port: this.#port, plugin, offline, virtualDevices, xla, limits, token },
        tls: tls && {
          key: tls.key.toString(),
          cert: tls.cert.toString(),
          clientCa: tls.clientCa?.toString()
        },
        before: this.#before,
        oneSession: this.#options.oneSession ?? false,
        notes: notes !== undefined,
        record: this.#crashes.record
      }
    }
    child.send(message)
  }

  #lastLines(): string {
    const { text } = this.#said
    return text === "" ? "" : `:\n${quoted(text)}`.trimEnd()
  }

  #blame(end: End): void {
    for (const digest of this.#crashes.add(end))
      this.#options.log?.(
        `program ${digest} is refused from now on, for it was at work then; SIGHUP lifts that`
      )
  }

  /** Takes programs again that were refused; how many. */
  lift(): number {
    this.#process?.send({ lift: true } satisfies ToServing)
    return this.#crashes.lift()
  }

  /** Starts another process, after one that has served for so long; at once where that is not asked. */
  #again(how: string, served: number | undefined): void {
    const next =
      served !== undefined && served > settledAfter ? backOff.first : Math.min(2 * this.#wait, backOff.most)
    const wait = served === undefined ? 0 : next
    this.#wait = served === undefined ? backOff.first : next
    this.#before = `the worker's process that held the plugin is gone: ${how}`
    this.#options.log?.(
      `the process that holds the plugin is gone: ${how}${this.#lastLines()}; starting another ${wait === 0 ? "at once" : `in ${wait} ms`}`
    )
    setTimeout(() => {
      if (this.#closed) return
      this.#spawn(
        () => this.#options.log?.("serving again"),
        (error) => {
          this.#options.log?.(`it does not start: ${(error as Error).message}`)
          this.#process?.kill("SIGKILL")
        }
      )
    }, wait)
  }

  drain(seconds: number): Effect.Effect<void> {
    return Effect.callback((resume) => {
      const child = this.#process
      if (child === undefined || child.exitCode !== null || child.signalCode !== null)
        return resume(Effect.void)
      this.#drained = () => resume(Effect.void)
      child.send({ drain: { seconds } } satisfies ToServing)
    })
  }

  close(): void {
    this.#closed = true
    this.#process?.kill("SIGKILL")
  }
}

/**
 * Serves a device to clients from a process of its own, which holds the plugin. When that ends, by a crash or a limit,
 * another is started, with more and more time between. Ends with the scope. The effect fails with a `DeviceError`:
 * `DeviceUnavailable` for a device that is not there, and for options that leave it open to others.
 *
 * @example
 * const worker = yield* supervise({ device: "cpu", host: "127.0.0.1", port: 0 })
 * const backend = yield* Device.open(`remote://${worker.address}`)
 * backend.device.platform // "cpu"
 */
export const supervise = (options: SupervisedOptions): Effect.Effect<Supervised, DeviceError, Scope.Scope> =>
  Effect.gen(function* () {
    const fault = exposedFault(options)
    if (fault !== undefined) return yield* fault
    const beside = yield* holderScript("pjrt/serve/worker/main")
    const supervisor = yield* Effect.acquireRelease(
      Effect.sync(() => new Supervisor(options, beside)),
      (one) => Effect.sync(() => one.close())
    )
    return {
      address: yield* supervisor.start,
      drain: (seconds) => supervisor.drain(seconds),
      lift: () => supervisor.lift(),
      finished: Effect.promise(() => supervisor.finished)
    }
  })
