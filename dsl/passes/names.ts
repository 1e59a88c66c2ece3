import { isList, shown } from "../required.ts"

/** The passes that improve a program, by the names that users give. */
export const passNames = [
  "prune",
  "inline",
  "fold",
  "common",
  "slices",
  "carries",
  "distribution",
  "fission",
  "recurrence",
  "sink",
  "unroll",
  "reductions",
  "blocks"
] as const

/** A pass that improves a program. */
export type PassName = (typeof passNames)[number]

const isPassName = (name: unknown): boolean => (passNames as ReadonlyArray<unknown>).includes(name)

/** Whether a compiled program may say that this pass has improved it: those above, and the one that gives permission. */
export const isRecorded = (name: string): boolean => isPassName(name) || name === "permit"

/**
 * Which passes improve a program. `true`: all. `false`: only `prune`, which leaves out what no result needs. A list:
 * those that it names, and `prune`; they run in their usual order.
 */
export type Passes = boolean | ReadonlyArray<PassName>

/** How a program is to be traced and improved, where somebody says it. */
export interface Controls {
  readonly optimize?: Passes | undefined
  /** Permission to compute the floats of all scans in another order. */
  readonly reassociate?: boolean | undefined
  /** Whether what tracing would warn of is an error. */
  readonly strict?: boolean | undefined
}

const passesHint = `the passes are: ${passNames.join(", ")}; true is all of them, and false is prune alone`

/** Why controls cannot be followed, and what to do; undefined where they can. */
export const controlsFault = ({
  optimize,
  reassociate,
  strict
}: Controls): readonly [message: string, hint: string] | undefined => {
  if (reassociate !== undefined && typeof reassociate !== "boolean")
    return [
      `reassociate is ${shown(reassociate)}, not true or false`,
      "give true to let floats be added in another order"
    ]
  if (strict !== undefined && typeof strict !== "boolean")
    return [`strict is ${shown(strict)}, not true or false`, "give true to make warnings errors"]
  if (optimize === undefined || typeof optimize === "boolean") return undefined
  if (!isList(optimize))
    return [`optimize is ${shown(optimize)}, not true, false or a list of passes`, passesHint]
  const unknown = optimize.filter((name) => !isPassName(name))
  return unknown.length === 0 ? undefined : [`there is no pass ${shown(unknown[0])}`, passesHint]
}
