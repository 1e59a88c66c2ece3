import { readdirSync, readFileSync } from "node:fs"

/** The processes that one has started and that have not ended; of this one if none is named. */
export const childrenOf = (pid: number | "self" = "self"): ReadonlyArray<number> =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number)
  )

/** How long a process has worked so far, in hundredths of a second, on all processors. */
export const workOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13)
    .map(Number)
  return user! + system!
}

/** Whether there is such a process. */
export const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
