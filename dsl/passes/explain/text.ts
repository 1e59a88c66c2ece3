import { count } from "../../count.ts"
import { requireList, requireRecord } from "../../required.ts"
import type { Saved } from "../note.ts"
import type { Explanation, Left, ScanExplanation } from "./explain.ts"

/** What a loop is, in words. */
const loops: Readonly<Record<ScanExplanation["loop"], string>> = {
  scan: "scan",
  backward: "its backward loop",
  again: "its steps, run again",
  blocks: "its loop over blocks",
  block: "the steps of one block"
}

const head = ({ loop, steps, traced, times }: ScanExplanation): string => {
  const many = steps === null ? "any number of steps" : `${traced ? "at most " : ""}${count(steps, "step")}`
  return `${loops[loop]}, ${many}${times === 1 ? "" : `, ${times} times`}`
}

const savings = ({ steps, bytes, operations }: Saved): string => {
  const saved = [
    ...(steps === undefined ? [] : [`${count(steps, "step")} in a row`]),
    ...(operations === undefined ? [] : [`${count(operations, "operation")} of each step`]),
    ...(bytes === undefined ? [] : [count(bytes, "byte")])
  ]
  return saved.length === 0 ? "" : `; saves ${saved.join(" and ")}`
}

const why = ({ because, at }: Pick<Left, "because" | "at">): string =>
  at === null ? because : `${because} at ${at}`

/** What passes left: those that have the same reason in one line. */
const leftLines = (left: ReadonlyArray<Left>): ReadonlyArray<readonly [string, string]> => {
  const reasons = new Map<string, ReadonlyArray<Left>>()
  for (const one of left) reasons.set(why(one), [...(reasons.get(why(one)) ?? []), one])
  return [...reasons].map(([reason, all]) => [
    [...new Set(all.map(({ pass }) => pass))].join(", "),
    `${[...new Set(all.map(({ what }) => what))].join(", and ")}: ${reason}`
  ])
}

/** The lines of one scan: who speaks, and what is said. */
const lines = (scan: ScanExplanation): ReadonlyArray<readonly [string, string]> => [
  ...scan.done.map(({ pass, what, saved }) => [pass, `${what}${savings(saved)}`] as const),
  ...leftLines(scan.left),
  ...scan.permission.map((what) => ["permission", `with { reassociate: true }, ${what}`] as const),
  ...scan.advice.map((text) => ["advice", text] as const)
]

const hint = "give what explain has made: explain(program)"

/** Refuses what is no explanation. */
const requireExplanation = (given: Explanation): Explanation => {
  const op = "showExplanation"
  const explanation = requireRecord(op, "the explanation", given, hint)
  for (const name of ["passes", "scans", "advice"] as const)
    requireList(op, `the explanation's ${name}`, explanation[name] as ReadonlyArray<unknown>, hint)
  for (const one of explanation.scans) {
    const scan = requireRecord(op, "a scan of the explanation", one, hint)
    for (const name of ["done", "left", "permission", "advice"] as const)
      requireList(op, `a scan's ${name}`, scan[name] as ReadonlyArray<unknown>, hint)
  }
  return explanation
}

/**
 * Writes an explanation as text for people, a few lines for each scan. Fails with a `ValueError` for what is no
 * explanation.
 *
 * @example
 * const double = jit([f32()], (x) => scan(x, null, (c) => [add(c, c), null], { length: 9 })[0])
 * const text = showExplanation(yield* double.explain)
 * text.includes("scan, 9 steps") // true
 */
export const showExplanation = (explanation: Explanation): string => {
  const { target, passes, scans, advice } = requireExplanation(explanation)
  const names = [...new Set(passes)].filter((name) => name !== "prune")
  const title = `for ${target}: ${count(
    scans.reduce((sum, { times }) => sum + times, 0),
    "scan"
  )}, passes ${names.join(", ") || "none but prune"}`
  const width = Math.max(0, ...scans.flatMap(lines).map(([label]) => label.length))
  const blocks = scans.map((scan) => {
    const indent = "  ".repeat(scan.path.split(".").length - 1)
    return [
      `${indent}${scan.place ?? scan.path}  ${head(scan)}`,
      ...lines(scan).map(([label, text]) => `${indent}  ${label.padEnd(width)}  ${text}`)
    ].join("\n")
  })
  const whole = advice.map(({ text, at }) => (at === null ? text : `${at}  ${text}`))
  return `${[title, ...blocks, ...(whole.length === 0 ? [] : [whole.join("\n")])].join("\n\n")}\n`
}

/** The explanation with the user's files by their paths from a folder. */
export const placesFrom = (folder: string, explanation: Explanation): Explanation => {
  const from = <P extends string | null>(place: P): P =>
    (place?.startsWith(`${folder}/`) ? place.slice(folder.length + 1) : place) as P
  return {
    ...explanation,
    scans: explanation.scans.map((scan) => ({
      ...scan,
      place: from(scan.place),
      left: scan.left.map((left) => ({ ...left, at: from(left.at) }))
    })),
    advice: explanation.advice.map((one) => ({ ...one, at: from(one.at) }))
  }
}
