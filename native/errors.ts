import * as Data from "effect/Data"
import { enums } from "./abi.gen.ts"

/** The absl status codes that PJRT errors carry. */
export type PjrtCode = Exclude<keyof typeof enums.Error_Code, "OK">

const codeNames = new Map<number, PjrtCode>(
  Object.entries(enums.Error_Code).map(([name, code]) => [code, name as PjrtCode])
)

export const pjrtCode = (code: number): PjrtCode => codeNames.get(code) ?? "UNKNOWN"

/** A call into the plugin failed. `message` is the plugin's own text, unshortened. */
export class PjrtError extends Data.TaggedError("PjrtError")<{
  readonly call: string
  readonly code: PjrtCode
  readonly message: string
}> {}

/** There is no plugin to load: none was found, or fetching it was refused or failed. */
export class PluginMissing extends Data.TaggedError("PluginMissing")<{
  readonly message: string
  readonly hint: string
}> {}

/** A file was found but cannot serve as a plugin: it does not load, is no PJRT plugin, or speaks another version. */
export class PluginRejected extends Data.TaggedError("PluginRejected")<{
  readonly path: string
  readonly reason: "unreadable" | "not-a-library" | "not-a-plugin" | "version" | "initialize"
  readonly message: string
  readonly hint: string
}> {}

/** A file's content is not what the catalog says it must be, or less than its own headers say. */
export class PluginCorrupt extends Data.TaggedError("PluginCorrupt")<{
  readonly path: string
  readonly message: string
  readonly hint: string
}> {}

/** Why there is no plugin that can be used. */
export type PluginError = PluginMissing | PluginRejected | PluginCorrupt
