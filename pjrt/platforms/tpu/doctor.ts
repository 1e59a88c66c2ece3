import { existsSync, readlinkSync } from "node:fs"
import { closed, list } from "../../../native/files.ts"
import { type Finding, finding, type Verdict } from "../findings.ts"
import type { Doctor } from "../platform.ts"
import { tpuChips } from "./chips.ts"

const about = (check: string, verdict: Verdict, message: string, next?: string) =>
  finding(check, verdict, message, next, "tpu")

const lockFile = "/tmp/libtpu_lockfile"

/** The processes that have one of these files open, as far as this user may see. */
const holders = (files: ReadonlyArray<string>): ReadonlyArray<number> => {
  const found: Array<number> = []
  for (const pid of list("/proc").filter((name) => /^\d+$/.test(name))) {
    const open = list(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`)
      } catch {
        // Closed since, or of another user.
        return ""
      }
    })
    if (open.some((file) => files.includes(file))) found.push(Number(pid))
  }
  return found.filter((pid) => pid !== process.pid)
}

const chips = (): ReadonlyArray<Finding> => {
  const all = tpuChips()
  if (all.length === 0) return [about("chips", "absent", "there is neither /dev/accel0 nor /dev/vfio/0")]
  const shut = closed(all)
  const holding = holders(all)
  return [
    shut.length === 0
      ? about("chips", "ok", all.join(", "))
      : about(
          "chips",
          "problem",
          `${shut.join(", ")} cannot be opened by this user`,
          "use the machine's own user, or: docker run --privileged"
        ),
    ...(holding.length === 0
      ? []
      : [
          about(
            "holder",
            "problem",
            `process ${holding.join(", ")} holds the chips, and one process has a chip to itself`,
            `end it first: kill ${holding.join(" ")}`
          )
        ])
  ]
}

/** libtpu leaves its lock file behind when it aborts, and then finds the TPU "already in use". */
const lock = (): ReadonlyArray<Finding> => {
  if (!existsSync(lockFile)) return []
  const holding = holders([lockFile])
  return [
    holding.length > 0
      ? about("lock file", "ok", `${lockFile} is held by process ${holding.join(", ")}`)
      : about(
          "lock file",
          "warning",
          `${lockFile} is there, but no process of this user holds it: an aborted one may have left it`,
          `if the TPU is said to be in use: rm ${lockFile} (with sudo where it belongs to another user)`
        )
  ]
}

/** What libtpu reads to find its slice. */
const variables = [
  "TPU_WORKER_HOSTNAMES",
  "TPU_ACCELERATOR_TYPE",
  "TPU_VISIBLE_CHIPS",
  "TPU_PROCESS_BOUNDS",
  "TPU_CHIPS_PER_PROCESS_BOUNDS",
  "TPU_PROCESS_ADDRESSES",
  "TPU_PROCESS_PORT",
  "CLOUD_TPU_TASK_ID",
  "LIBTPU_INIT_ARGS",
  "TPU_SKIP_MDS_QUERY"
] as const

const slice = (): ReadonlyArray<Finding> => {
  const set = [
    ...variables,
    ...Object.keys(process.env).filter((name) => name.startsWith("MEGASCALE_"))
  ].filter((name) => process.env[name] !== undefined)
  const hosts = (process.env.TPU_WORKER_HOSTNAMES ?? "").split(",").filter((name) => name !== "")
  const skipsMetadata = process.env.TPU_SKIP_MDS_QUERY !== undefined && tpuChips().length > 0
  return [
    ...(set.length === 0
      ? []
      : [about("environment", "ok", set.map((name) => `${name}=${process.env[name]}`).join(" "))]),
    ...(hosts.length > 1
      ? [
          about(
            "hosts",
            "warning",
            `this is one of ${hosts.length} hosts of a slice; libtpu waits until the program runs on all of them`,
            "start the same program on every host at once"
          )
        ]
      : []),
    ...(skipsMetadata
      ? [
          about(
            "metadata",
            "warning",
            "TPU_SKIP_MDS_QUERY is set on a machine with chips, so libtpu does not ask for its slice",
            "unset TPU_SKIP_MDS_QUERY"
          )
        ]
      : [])
  ]
}

export const tpuDoctor: Doctor = {
  isPresent: () => tpuChips().length > 0,
  findings: () => [...chips(), ...lock(), ...slice()],
  slow: "off a TPU VM set TPU_SKIP_MDS_QUERY=1; on a slice of several hosts start the program on all of them"
}
