import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

/** A program that the device is working on, and for whom. */
export interface AtWork {
  /** sha256 of its code, in hexadecimal digits. */
  readonly digest: string
  readonly phase: "compiling" | "running"
  /** Whence its client has connected. */
  readonly address: string
}

/** Bytes of one line of the file. */
const lineBytes = 256

/** For how long a program counts as under way that nobody waits for any more, in milliseconds: PJRT cannot cancel it. */
const lingers = 10_000

/** Where a process that holds a plugin writes what it is doing. Its supervisor reads this when the process has died. */
export const notesFile = 4

/** A file without a name, or undefined where there is no place for one. */
export const openNotes = (): number | undefined => {
  for (const place of [tmpdir(), "/dev/shm"]) {
    try {
      const folder = mkdtempSync(path.join(place, "loopcarry-"))
      const file = openSync(path.join(folder, "at-work"), "wx+", 0o600)
      rmSync(folder, { recursive: true })
      return file
    } catch {
      // The next place.
    }
  }
  return undefined
}

/** What had begun and had not ended when the process died that wrote this file. */
export const readNotes = (file: number): ReadonlyArray<AtWork> => {
  const bytes = Buffer.alloc(fstatSync(file).size)
  readSync(file, bytes, 0, bytes.length, 0)
  return bytes
    .toString("latin1")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line) as AtWork)
}

export const closeNotes = closeSync

/** Writes down what is at work, as long as it is. A write of a line costs some microseconds. */
export class Notes {
  readonly #file: number | undefined
  readonly #free: Array<number> = []
  #lines = 0

  constructor(file: number | undefined) {
    this.#file = file
  }

  #write(line: number, text: string): void {
    if (this.#file !== undefined)
      writeSync(this.#file, `${text.padEnd(lineBytes - 1)}\n`, line * lineBytes, "latin1")
  }

  during<A, E>(what: AtWork, effect: Effect.Effect<A, E>): Effect.Effect<A, E> {
    return Effect.acquireUseRelease(
      Effect.sync(() => {
        const line = this.#free.pop() ?? this.#lines++
        this.#write(line, JSON.stringify(what))
        return line
      }),
      () => effect,
      (line, exit) =>
        Effect.sync(() => {
          const end = () => {
            this.#write(line, "")
            this.#free.push(line)
          }
          if (Exit.hasInterrupts(exit)) setTimeout(end, lingers).unref()
          else end()
        })
    )
  }
}
