import { createRequire } from "node:module"

/** What the build writes in its place. */
declare const LOOPCARRY_VERSION: string

/** Whether this runs as built, and not from source. */
export const isBuilt = typeof LOOPCARRY_VERSION === "string"

/** The version of this package. */
export const packageVersion = (): string =>
  isBuilt ? LOOPCARRY_VERSION : createRequire(import.meta.url)("../../package.json").version
