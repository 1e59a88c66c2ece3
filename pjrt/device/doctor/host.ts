import { execFileSync } from "node:child_process"
import { accessSync, constants, existsSync, readFileSync, statfsSync } from "node:fs"
import { makeFolder } from "../../../native/files.ts"
import { cacheRoot } from "../../../native/plugins/cache.ts"
import { showBytes } from "../../backend/size.ts"
import { type Finding, finding } from "../../platforms/findings.ts"

/** Free space, in bytes, below which fetching a plugin or keeping programs will fail before long. */
const scarce = 2 ** 30

const node = (): Finding => {
  const [major, minor] = process.versions.node.split(".").map(Number) as [number, number]
  const about = `Node ${process.versions.node} on ${process.platform} ${process.arch}`
  return major > 20 || (major === 20 && minor >= 20)
    ? finding("node", "ok", about)
    : finding("node", "problem", `${about} is too old`, "use Node 20.20 or newer")
}

const cacheFolder = (): Finding => {
  const folder = cacheRoot()
  try {
    makeFolder(folder)
    accessSync(folder, constants.W_OK)
    const { bavail, bsize } = statfsSync(folder)
    const free = bavail * bsize
    return free < scarce
      ? finding(
          "cache",
          "warning",
          `${folder} has ${showBytes(free)} free`,
          "make room, or name another folder with LOOPCARRY_CACHE; see also: loopcarry cache clear"
        )
      : finding("cache", "ok", `${folder} can be written and has ${showBytes(free)} free`)
  } catch (error) {
    return finding(
      "cache",
      "warning",
      `${folder} cannot be written: ${(error as Error).message}`,
      "name another folder with LOOPCARRY_CACHE; without one, nothing can be fetched or kept"
    )
  }
}

const python = (): Finding => {
  const program = process.env.LOOPCARRY_PYTHON || "python3"
  try {
    const pip = execFileSync(program, ["-m", "pip", "--version"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 20_000
    })
    return finding("python", "ok", `${program}, ${pip.split(" from ")[0]}, for fetching plugins`)
  } catch {
    return finding(
      "python",
      "warning",
      `${program} with pip does not answer, so no plugin can be fetched`,
      "install Python 3 with pip, name another with LOOPCARRY_PYTHON, or give plugins with --plugin PATH"
    )
  }
}

/** NCCL and others share memory between processes here; containers often have 64 MiB. */
const sharedMemory = (): ReadonlyArray<Finding> => {
  if (!existsSync("/dev/shm")) return []
  const { blocks, bsize } = statfsSync("/dev/shm")
  const size = blocks * bsize
  return [
    size < 2 ** 29
      ? finding(
          "shared memory",
          "warning",
          `/dev/shm has ${showBytes(size)}, which is little for several GPUs`,
          "in a container: docker run --shm-size=8g, or --ipc=host"
        )
      : finding("shared memory", "ok", `/dev/shm has ${showBytes(size)}`)
  ]
}

/** Whether a parent may read a child's memory, as --isolate does with large arrays. */
const ptrace = (): ReadonlyArray<Finding> => {
  const file = "/proc/sys/kernel/yama/ptrace_scope"
  if (!existsSync(file) || Number(readFileSync(file, "latin1")) < 2) return []
  return [
    finding(
      "isolation",
      "warning",
      "this kernel lets no process read its child's memory (ptrace_scope), so --isolate copies large arrays slowly",
      "as root: sysctl kernel.yama.ptrace_scope=1"
    )
  ]
}

export const hostFindings = (): ReadonlyArray<Finding> => [
  node(),
  cacheFolder(),
  python(),
  ...sharedMemory(),
  ...ptrace()
]
