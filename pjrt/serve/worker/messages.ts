import type { XlaOptions } from "../../backend/xla.ts"
import type { Failure } from "../../served/failure.ts"
import type { Record } from "./crashes.ts"
import type { Limits } from "./limits.ts"

/** What to serve, and how. */
export interface ToServe {
  readonly device: string
  readonly host: string
  readonly port: number
  readonly plugin: string | undefined
  readonly offline: boolean
  readonly virtualDevices: number | undefined
  /** The options of XLA; clients cannot change them. */
  readonly xla: XlaOptions | undefined
  readonly limits: Partial<Limits>
  readonly token: string | undefined
  /** PEM. */
  readonly tls:
    | { readonly key: string; readonly cert: string; readonly clientCa: string | undefined }
    | undefined
  readonly before: string | undefined
  /** Whether there is one session, and no other after it. */
  readonly oneSession: boolean
  /** Whether there is a file for what is at work. */
  readonly notes: boolean
  readonly record: Record
}

/** What the process that supervises tells the one that serves. */
export type ToServing =
  | { readonly serve: ToServe }
  | { readonly drain: { readonly seconds: number } }
  /** Whether it is still there. */
  | { readonly ping: true }
  /** Programs that were refused are taken again. */
  | { readonly lift: true }

/** What that one tells. */
export type FromServing =
  | { readonly serving: { readonly address: string; readonly port: number } }
  | { readonly failed: Failure }
  | { readonly alive: true }
  /** A program is suspected no more. */
  | { readonly cleared: string }
  /** The one session that there is. */
  | { readonly only: "begun" | "ended" }
  | { readonly log: string }
  | { readonly progress: string }
  /** Why it is about to end itself. */
  | { readonly ending: string }
