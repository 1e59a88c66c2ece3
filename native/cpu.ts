import { readFileSync } from "node:fs"
import os from "node:os"

/**
 * What the processor can do, as compiled code for the CPU depends on it: XLA compiles for the very processor it finds,
 * and its code may end in an illegal instruction on another.
 */
export const cpuFeatures = (): string => {
  const model = os.cpus()[0]?.model ?? "unknown"
  try {
    const flags = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readFileSync("/proc/cpuinfo", "latin1"))?.[1]
    return `${process.arch} ${model} ${flags?.split(" ").sort().join(" ")}`
  } catch {
    return `${process.arch} ${model}`
  }
}
