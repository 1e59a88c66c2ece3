import { readFileSync, statSync } from "node:fs"

const mebibyte = 2 ** 20

/** koffi's stacks, and what Node itself still asks for. */
export const callRoom = 128 * mebibyte

/** What a CPU plugin takes beside its own file, measured of three: arenas and stacks of its threads, compiled code. */
const pluginRoom = { space: 600 * mebibyte, data: 200 * mebibyte } as const

/** What loading a plugin and running a small program takes. A file that is not there is the loader's to refuse. */
export const roomFor = (plugin: string): { readonly space: number; readonly data: number } => {
  try {
    return { ...pluginRoom, space: pluginRoom.space + statSync(plugin).size }
  } catch {
    return pluginRoom
  }
}

const kibibytes = (status: string, name: string): number =>
  1024 * Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? Number.NaN)

const softLimit = (limits: string, name: string): number =>
  Number(new RegExp(`^${name} +(\\d+)`, "m").exec(limits)?.[1] ?? Number.POSITIVE_INFINITY)

const show = (bytes: number): string => `${Math.round(bytes / mebibyte)} MiB`

/** One of this process's limits that leaves less than is needed, or undefined. */
const short = (
  limit: number,
  used: number,
  needed: number,
  what: string,
  ulimit: string
): string | undefined =>
  limit - used < needed
    ? `this process may have ${show(limit)} of ${what} (ulimit ${ulimit}), has ${show(used)}, and needs ${show(needed)} more`
    : undefined

/**
 * Which limit of this process leaves less memory than what comes next is known to take, or undefined. Native code that
 * gets none does not say so: it ends the process. Only Linux tells.
 */
export const memoryShortage = (needed: {
  readonly space: number
  readonly data: number
}): string | undefined => {
  try {
    const limits = readFileSync("/proc/self/limits", "utf8")
    const space = softLimit(limits, "Max address space")
    const data = softLimit(limits, "Max data size")
    if (space === Number.POSITIVE_INFINITY && data === Number.POSITIVE_INFINITY) return undefined
    const status = readFileSync("/proc/self/status", "utf8")
    return (
      short(space, kibibytes(status, "VmSize"), needed.space, "address space", "-v") ??
      short(data, kibibytes(status, "VmData"), needed.data, "data", "-d")
    )
  } catch {
    return undefined
  }
}
