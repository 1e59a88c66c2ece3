import { RemoteError } from "../../backend/errors.ts"

/** What a worker grants, each session where nothing else is said. */
export interface Limits {
  /** Sessions at a time. */
  readonly sessions: number
  /** Connections at a time; further ones are closed at once. */
  readonly connections: number
  /** Connections at a time on which no session has begun, of all clients; for a further one an idle one is closed. */
  readonly strangers: number
  /** Bytes of one array. */
  readonly arrayBytes: number
  /** Bytes of all arrays of a session. */
  readonly bytes: number
  /** Arrays of a session. */
  readonly arrays: number
  /** Executables of a session. */
  readonly programs: number
  /** Bytes of a program's code. */
  readonly programBytes: number
  /** How deep a program's text is nested. */
  readonly nesting: number
  /** Operations of a program. */
  readonly operations: number
  /** Bytes of a session's messages that have not come whole, beside the bytes of arrays. */
  readonly unfinishedBytes: number
  /** Calls of a session that have no answer yet. */
  readonly inFlight: number
  /** Compilations and runs that the device works on at a time, of all sessions. */
  readonly concurrency: number
  /** Seconds that a compilation may take. */
  readonly compileSeconds: number
  /** Seconds that a run may take, until its results are computed. */
  readonly runSeconds: number
  /** Seconds for which a session that is silent is kept. */
  readonly leaseSeconds: number
}

const GiB = 2 ** 30
const MiB = 2 ** 20

/** What a worker grants where nothing else is said. */
export const defaultLimits: Limits = {
  sessions: 64,
  connections: 256,
  strangers: 64,
  arrayBytes: 16 * GiB,
  bytes: 64 * GiB,
  arrays: 100_000,
  programs: 1000,
  programBytes: 16 * MiB,
  nesting: 256,
  operations: 200_000,
  unfinishedBytes: 32 * MiB,
  inFlight: 256,
  concurrency: 4,
  compileSeconds: 600,
  runSeconds: 600,
  leaseSeconds: 30
}

/** Seconds of a lease: timers of parts of it count milliseconds in 31 bits. */
const lease = { least: 0.1, most: 2_000_000 } as const

/** A message has some bytes beside a program's, and their sum is a number that both sides can say. */
const mostOfAny = 2 ** 52

/** Calls under way are told to clients in 32 bits. */
const mostInFlight = 2 ** 32 - 1

/** Why limits cannot be kept to, or undefined. */
export const limitsFault = (limits: Partial<Limits> = {}): string | undefined => {
  for (const [name, value] of Object.entries(limits) as ReadonlyArray<[keyof Limits, number | undefined]>) {
    if (value === undefined) continue
    const seconds = name.endsWith("Seconds")
    if (
      seconds
        ? !(value > 0 && value < Infinity)
        : !(Number.isInteger(value) && value > 0 && value <= mostOfAny)
    )
      return `the limit ${name} is ${value}, and must be a ${seconds ? "number of seconds" : "whole number"} above 0`
    if (name === "leaseSeconds" && (value < lease.least || value > lease.most))
      return `the limit leaseSeconds is ${value}, and must be from ${lease.least} to ${lease.most}`
    if (name === "inFlight" && value > mostInFlight)
      return `the limit inFlight is ${value}, and must be at most ${mostInFlight}`
  }
  return undefined
}

/** A limit of the worker's stands against what was asked. Nothing was done. */
export const beyond = (what: string, limit: string, hint: string): RemoteError =>
  new RemoteError({
    address: "worker",
    reason: "limit",
    message: `${what}: this worker grants ${limit}`,
    hint
  })
