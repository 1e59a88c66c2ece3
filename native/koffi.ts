import { createRequire } from "node:module"
import type Koffi from "koffi"

type Ffi = typeof Koffi

/**
 * These limits must stand before koffi makes its first call. XLA's parser and compiler recurse deeply: on koffi's
 * default 128 KiB stack for asynchronous calls, compiling a 1,000-operation program overruns it.
 */
const limits = { sync_stack_size: 16 << 20, async_stack_size: 16 << 20, max_async_calls: 4096 } as const

const configure = (ffi: Ffi): void => {
  const current = ffi.config()
  // A second copy of this package in the process finds them set.
  if (Object.entries(limits).every(([name, value]) => current[name as keyof typeof limits] === value)) return
  try {
    ffi.config(limits)
  } catch (error) {
    throw new Error(
      `koffi was used in this process before loopcarry could set its stack sizes; before that use, call koffi.config(${JSON.stringify(limits)})`,
      { cause: error }
    )
  }
}

const requireKoffi = (): Ffi => {
  try {
    // A bundle of CommonJS has no URL of its own.
    return createRequire(import.meta.url || __filename)("koffi")
  } catch (error) {
    if (!/native Koffi module/.test((error as Error).message)) throw error
    throw new Error(
      `koffi has no binary for this machine: install @koromix/koffi-${process.platform}-${process.arch}, an optional dependency of koffi that npm leaves out under --omit=optional`,
      { cause: error }
    )
  }
}

const load = (): Ffi => {
  if (process.platform === "win32") throw new Error("PJRT plugins are libraries of Linux and macOS")
  const ffi = requireKoffi()
  configure(ffi)
  return ffi
}

let loaded: { readonly ffi: Ffi } | { readonly fault: Error } | undefined

const attempt = (): { readonly ffi: Ffi } | { readonly fault: Error } => {
  try {
    return { ffi: load() }
  } catch (error) {
    return { fault: error as Error }
  }
}

/**
 * The koffi module, which calls C; throws where it is missing. It is loaded at the first call of C: the language,
 * `reference` and remote devices do not need it.
 */
export const koffi = (): Ffi => {
  loaded ??= attempt()
  if ("fault" in loaded) throw loaded.fault
  return loaded.ffi
}

/** Why C cannot be called in this process, or undefined where it can. */
export const koffiFault = (): string | undefined => {
  loaded ??= attempt()
  return "fault" in loaded ? loaded.fault.message.trim().split("\n")[0] : undefined
}
