import { readFileSync } from "node:fs"
import os from "node:os"

/**
 * The processor's features, on which compiled CPU code depends. XLA compiles for the processor that it finds. On
 * another one the code may end in an illegal instruction.
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
