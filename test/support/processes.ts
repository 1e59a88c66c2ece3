import { readdirSync, readFileSync } from "node:fs"

/** The processes that one has started and that have not ended; of this one if none is named. */
export const childrenOf = (pid: number | "self" = "self"): ReadonlyArray<number> =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number)
  )
