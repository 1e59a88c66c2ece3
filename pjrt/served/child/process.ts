import type { ChildProcess } from "node:child_process"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { count } from "../../../dsl/count.ts"
import { LastWords } from "../../../native/plugins/log.ts"
import { type Beside, holderScript } from "../../backend/beside.ts"
import { DeviceLost, DeviceUnavailable } from "../../backend/errors.ts"
import { makeWatch, type Watch, type WatchOptions } from "../../backend/watch.ts"
import { errorOf, type SentError } from "../failure.ts"
import { stayAwake } from "./awake.ts"
import type { Answered, Operation, Operations } from "./protocol.ts"
import { takeChild } from "./spare.ts"

/** How long both sides stay awake after a message, in milliseconds. */
const awakeFor = 1

/** What it most often means that a process ends by a signal and says nothing. */
const silent: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGSEGV:
    "its stack overflowed (deep nesting, functions that call themselves), or it touched memory that is not its own",
  SIGBUS: "a file that it had mapped was cut short, or shared memory is full",
  SIGFPE: "it divided by zero, as compilers do of arrays that are too large",
  SIGILL: "it is built for another processor, or ran into code that its compiler took to be unreachable"
}

/** How long a notice may wait for a call to travel with, in milliseconds. */
const tellWithin = 1

/** How long a child may take to end by itself, in milliseconds, before it is killed. */
const patience = 1000

export interface ChildOptions extends WatchOptions {
  /** Show what the plugin writes to its standard error. */
  readonly verbose?: boolean
  /** Told what programs print. */
  readonly print?: ((text: string) => void) | undefined
}

type Resume = (effect: Effect.Effect<unknown, SentError>) => void

/** A process that holds a plugin, so that a crash of the plugin's is an error here and not the end. */
export class Child {
  /** What everything that may take long goes through. At the time limit the process is ended. */
  readonly watch: Watch
  readonly #process: ChildProcess
  readonly #name: string
  readonly #pending = new Map<number, { readonly op: Operation; readonly resume: Resume }>()
  #calls = 0
  readonly #said = new LastWords()
  #lost: DeviceLost | undefined
  #ending = false
  /** What is to go with the next message. */
  #waiting: Array<{ readonly op: Operation; readonly call: number; readonly ask: unknown }> = []

  /** Starts one. */
  static start(name: string, options: ChildOptions = {}): Effect.Effect<Child, DeviceUnavailable> {
    return Effect.flatMap(holderScript("pjrt/serve/child/main"), (beside) =>
      Effect.try({
        try: () => new Child(name, beside, options),
        catch: (error) =>
          new DeviceUnavailable({
            device: name,
            message: `the process that is to hold the plugin of ${name} does not start: ${(error as Error).message}`,
            hint: "see what this process may have: ulimit -a (processes, open files, address space)"
          })
      })
    )
  }

  private constructor(name: string, beside: Beside, { verbose = false, print, ...limits }: ChildOptions) {
    this.#name = name
    this.watch = makeWatch(limits, {
      hint: "its process was ended, and with it all arrays there; the next call starts a fresh one",
      stop: Effect.sync(() => this.kill())
    })
    this.#process = takeChild(beside)
    const hear = (chunk: string) => {
      this.#said.hear(chunk)
      if (verbose) process.stderr.write(chunk)
    }
    this.#process.stdout?.setEncoding("utf8").on("data", hear)
    this.#process.stderr?.setEncoding("utf8").on("data", hear)
    this.#process.on("message", (message: Answered) => {
      if ("printed" in message) return print?.(message.printed)
      if ("warned" in message) return process.emitWarning(message.warned, { type: message.type })
      const waiting = this.#pending.get(message.call)
      this.#pending.delete(message.call)
      waiting?.resume(
        "failure" in message ? failed(errorOf(message.failure)) : Effect.succeed(message.answer)
      )
    })
    this.#process.on("error", (error) => this.#lose(`does not start: ${error.message}`))
    // "close" comes when its output has been read too, so that its last words are known.
    this.#process.on("close", (status, signal) =>
      this.#lose(
        signal === null ? `ended with status ${status}` : `was ended by ${signal}`,
        signal === null ? undefined : silent[signal]
      )
    )
  }

  get pid(): number {
    return this.#process.pid ?? 0
  }

  /** Why it can no longer be asked anything. */
  get lost(): DeviceLost | undefined {
    return this.#lost
  }

  #lose(how: string, why?: string): void {
    const waiting = [...this.#pending.values()]
    const asked = [...new Set(waiting.map(({ op }) => op))].join(", ")
    const doing =
      waiting.length === 0 ? "" : ` while ${count(waiting.length, "call")} waited for it (${asked})`
    const words = this.#said.text
    const last = words !== "" ? `:\n${words}` : why !== undefined ? `: most likely ${why}` : ""
    const said = this.#ending ? "" : last
    this.#lost ??= new DeviceLost({
      device: this.#name,
      message: `the process that holds the plugin of ${this.#name} ${how}${doing}${said}`,
      hint: "its arrays are gone; the next call starts a fresh one. A program that ends it each time is one to mend, or to report to XLA"
    })
    for (const { resume } of waiting) resume(Effect.fail(this.#lost))
    this.#pending.clear()
  }

  /** Asks and waits for the answer. An interrupted call is answered all the same; `abandoned` is then told, of a failure nothing. */
  call<O extends Operation>(
    op: O,
    ask: Operations[O]["ask"],
    abandoned: (answer: Operations[O]["answer"] | undefined) => void = () => {}
  ): Effect.Effect<Operations[O]["answer"], SentError> {
    return Effect.callback<unknown, SentError>((resume) => {
      if (this.#lost !== undefined) return resume(Effect.fail(this.#lost))
      const call = this.#calls++
      this.#pending.set(call, { op, resume })
      this.#send(op, call, ask)
      return Effect.sync(() => {
        if (!this.#pending.has(call)) return
        const later: Resume = (answered) =>
          Effect.runCallback(answered, {
            onExit: (exit) => abandoned(Exit.isSuccess(exit) ? (exit.value as never) : undefined)
          })
        this.#pending.set(call, { op, resume: later })
      })
    }) as Effect.Effect<Operations[O]["answer"], SentError>
  }

  /** Tells it something to which no answer is awaited: with the next call, or soon if there is none. */
  tell<O extends Operation>(op: O, ask: Operations[O]["ask"]): void {
    if (this.#lost !== undefined) return
    if (this.#waiting.push({ op, call: -1, ask }) > 1) return
    setTimeout(() => {
      if (this.#waiting.length > 0) this.#flush()
    }, tellWithin).unref()
  }

  #send(op: Operation, call: number, ask: unknown): void {
    this.#waiting.push({ op, call, ask })
    this.#flush()
  }

  /** A message costs the same whether it asks one thing or several. */
  #flush(): void {
    stayAwake(awakeFor)
    this.#process.send(this.#waiting)
    this.#waiting = []
  }

  /** Ends it at once. */
  kill(): void {
    this.#lose("was ended because something in it took too long")
    this.#process.kill("SIGKILL")
  }

  /** Ends it once nobody needs it: asks it to go, and kills it if it does not. */
  readonly close: Effect.Effect<void> = Effect.callback<void>((resume) => {
    this.#ending = true
    const child = this.#process
    if (child.exitCode !== null || child.signalCode !== null) return resume(Effect.void)
    const timer = setTimeout(() => child.kill("SIGKILL"), patience)
    child.once("exit", () => {
      clearTimeout(timer)
      resume(Effect.void)
    })
    if (child.connected) child.disconnect()
    else child.kill("SIGKILL")
  })
}

const failed = (error: SentError | Error): Effect.Effect<never, SentError> =>
  "_tag" in error ? Effect.fail(error) : Effect.die(error)
