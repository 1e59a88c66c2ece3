import * as errors from "../backend/errors.ts"

const kinds = {
  ArgumentError: errors.ArgumentError,
  BufferGone: errors.BufferGone,
  CompileError: errors.CompileError,
  DeviceLost: errors.DeviceLost,
  DeviceRequestError: errors.DeviceRequestError,
  DeviceUnavailable: errors.DeviceUnavailable,
  OutOfMemory: errors.OutOfMemory,
  OutcomeUnknown: errors.OutcomeUnknown,
  PluginCorrupt: errors.PluginCorrupt,
  PluginMissing: errors.PluginMissing,
  PluginRejected: errors.PluginRejected,
  RemoteError: errors.RemoteError,
  RunError: errors.RunError,
  TimedOut: errors.TimedOut
} as const

type Kind = keyof typeof kinds

export type SentError = InstanceType<(typeof kinds)[Kind]>

/** A typed error as plain data, to cross from one process to another. */
export interface Failure {
  readonly kind: Kind | "defect"
  readonly fields: Readonly<Record<string, unknown>>
}

const isKind = (tag: unknown): tag is Kind => typeof tag === "string" && Object.hasOwn(kinds, tag)

const plain = (value: unknown): boolean => {
  try {
    return JSON.stringify(value) !== undefined
  } catch {
    return false
  }
}

export const failureOf = (error: unknown): Failure => {
  const tag = (error as { readonly _tag?: unknown } | undefined)?._tag
  if (!isKind(tag)) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    return { kind: "defect", fields: { message, stack } }
  }
  const own = Object.entries(error as object).filter(
    ([key, value]) => key !== "_tag" && key !== "name" && key !== "stack" && plain(value)
  )
  return { kind: tag, fields: { message: (error as Error).message, ...Object.fromEntries(own) } }
}

/** Rebuilds the error with its class. What was no typed error on the other side is a defect here too. */
export const errorOf = ({ kind, fields }: Failure): SentError | Error => {
  if (kind === "defect") {
    const error = new Error(String(fields.message))
    error.stack = `${fields.stack}\n    in the process that holds the plugin`
    return error
  }
  return new kinds[kind](fields as never)
}
