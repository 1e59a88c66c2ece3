import { closeSync, fstatSync, openSync, readSync } from "node:fs"
import { xlaFlags } from "./environment.ts"

/** A flag that every build of XLA has; a file without it keeps its names in another way, and is not searched. */
const everywhere = "xla_dump_to"

/** A flag that every build of XLA has, and that loopcarry sets. */
const ours = "xla_backend_extra_options"

/** Bytes that are read at a time. */
const chunk = 16 << 20

const isWord = (byte: number | undefined): boolean =>
  byte !== undefined && /\w/.test(String.fromCharCode(byte))

/** Whether a name ends where no longer one goes on. Linkers let a name be the end of another, so its front may be any. */
const holds = (bytes: Buffer, name: string): boolean => {
  for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + 1))
    if (!isWord(bytes[at + name.length])) return true
  return false
}

/** Those of some names that a file does not hold. */
const missingNames = (file: string, names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const left = new Set(names)
  const overlap = Math.max(...names.map((name) => name.length)) + 1
  const descriptor = openSync(file, "r")
  try {
    const { size } = fstatSync(descriptor)
    const bytes = Buffer.allocUnsafe(Math.min(size, chunk))
    for (let at = 0; at < size && left.size > 0; at += bytes.length - overlap) {
      const read = readSync(descriptor, bytes, 0, bytes.length, at)
      const part = bytes.subarray(0, read)
      for (const name of left) if (holds(part, name)) left.delete(name)
      if (read < bytes.length || at + read >= size) break
    }
  } finally {
    closeSync(descriptor)
  }
  return [...left]
}

/**
 * The flags of XLA_FLAGS that a plugin's library does not know: XLA would end the process. Only where XLA_FLAGS is set is
 * the library read, some 0.2 s for 200 MB.
 */
export const unknownXlaFlags = (
  file: string,
  env: NodeJS.ProcessEnv = process.env
): ReadonlyArray<string> => {
  const names = [...new Set(Array.from(xlaFlags(env).matchAll(/(?:^|\s)--(xla_\w+)/g), ([, name]) => name!))]
  if (names.every((name) => name === ours)) return []
  const missing = missingNames(file, [everywhere, ...names])
  return missing.includes(everywhere) ? [] : missing
}
