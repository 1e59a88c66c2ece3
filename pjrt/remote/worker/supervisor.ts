import { type ChildProcess, fork } from "node:child_process"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { wantsPluginLog } from "../../../native/plugins/environment.ts"
import { LastWords } from "../../../native/plugins/log.ts"
import { type Beside, mainBeside } from "../../beside.ts"
import { type DeviceError, DeviceUnavailable } from "../../errors.ts"
import { errorOf } from "../../served/failure.ts"
import { exposedFault } from "./exposed.ts"
import { collectionFlags, mallocEnvironment } from "./garbage.ts"
import { defaultLimits } from "./limits.ts"
import type { FromServing, ToServing } from "./messages.ts"
import type { WorkerOptions } from "./worker.ts"

/** Between the ends of a process and the start of the next, in milliseconds: at first, and at most. */
const backOff = { first: 100, most: 10_000 } as const

/** A process that has served for so long, in milliseconds, did not fail at once. */
const settledAfter = 30_000

/** How many times in a lease it is asked whether it is still there. */
const pingsInLease = 4

export interface Supervised {
  /** `host:port` */
  readonly address: string
  /** Has what is under way finished within so many seconds, and ends. */
  drain(seconds: number): Effect.Effect<void>
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
  readonly #options: WorkerOptions
  readonly #beside: Beside
  #port: number
  #process: ChildProcess | undefined
  #said = new LastWords()
  #ending: string | undefined
  #before: string | undefined
  #wait: number = backOff.first
  #drained: (() => void) | undefined
  #closed = false

  constructor(options: WorkerOptions, beside: Beside) {
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
    const child = fork(file, [], {
      // What its user says of memory stands.
      env: { ...mallocEnvironment, ...process.env },
      execArgv: [...collectionFlags, ...execArgv],
      stdio: ["ignore", "pipe", "pipe", "ipc"]
    })
    const started = performance.now()
    const lease = this.#options.limits?.leaseSeconds ?? defaultLimits.leaseSeconds
    let up = false
    let unanswered = 0
    let pinging: NodeJS.Timeout | undefined
    this.#process = child
    const words = new LastWords()
    this.#said = words
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
      else if ("log" in message) this.#options.log?.(message.log)
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
            this.#ending ??= `it did not answer for ${lease} s`
            child.kill("SIGKILL")
          },
          (1000 * lease) / pingsInLease
        ).unref()
      } else failed(errorOf(message.failed))
    })
    child.once("close", (status, signal) => {
      clearInterval(pinging)
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
      this.#again(how, performance.now() - started)
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
        before: this.#before
      }
    }
    child.send(message)
  }

  #lastLines(): string {
    const { text } = this.#said
    return text === "" ? "" : `:\n${quoted(text)}`.trimEnd()
  }

  #again(how: string, served: number): void {
    this.#wait = served > settledAfter ? backOff.first : Math.min(2 * this.#wait, backOff.most)
    this.#before = `the worker's process that held the plugin is gone: ${how}`
    this.#options.log?.(
      `the process that holds the plugin is gone: ${how}${this.#lastLines()}; starting another in ${this.#wait} ms`
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
    }, this.#wait)
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
 * Serves a device to clients from a process of its own, which holds the plugin. When that ends, by a crash or because
 * something in it took too long, another is started, with more and more time between. Ends with the scope.
 */
export const supervise = (options: WorkerOptions): Effect.Effect<Supervised, DeviceError, Scope.Scope> =>
  Effect.gen(function* () {
    const fault = exposedFault(options)
    if (fault !== undefined) return yield* fault
    const beside = yield* mainBeside(import.meta.url, "pjrt/remote/worker/supervisor")
    const supervisor = yield* Effect.acquireRelease(
      Effect.sync(() => new Supervisor(options, beside)),
      (one) => Effect.sync(() => one.close())
    )
    return {
      address: yield* supervisor.start,
      drain: (seconds) => supervisor.drain(seconds)
    }
  })
