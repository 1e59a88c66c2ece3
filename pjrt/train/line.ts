import { flatten, type TreeOf } from "../../dsl/tree.ts"
import { shortPath } from "../../dsl/trees/structure.ts"

/** Numbers that a line has room for. */
const mostNumbers = 6

const showNumber = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : value.toPrecision(4)

/** The numbers of a tree of what was read, by their paths. */
const numbersOf = (tree: unknown): ReadonlyArray<readonly [string, number]> => {
  if (tree === undefined || tree === null) return []
  const isNumber = (value: unknown): value is number | bigint | boolean =>
    ["number", "bigint", "boolean"].includes(typeof value)
  if (isNumber(tree)) return [["loss", Number(tree)]]
  const { leaves, paths } = flatten<unknown>(
    tree as TreeOf<unknown>,
    (value): value is unknown => isNumber(value) || ArrayBuffer.isView(value),
    "train",
    "tree"
  )
  return leaves.flatMap((leaf, i) => (isNumber(leaf) ? [[shortPath(paths[i]!), Number(leaf)] as const] : []))
}

export const showNumbers = (tree: unknown): string =>
  numbersOf(tree)
    .slice(0, mostNumbers)
    .map(([name, value]) => `${name} ${showNumber(value)}`)
    .join("  ")

const showTime = (seconds: number): string => {
  if (!Number.isFinite(seconds)) return ""
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s left`
  const minutes = Math.round(whole / 60)
  return minutes < 60 ? `${minutes} min left` : `${Math.floor(minutes / 60)} h ${minutes % 60} min left`
}

/** `step 200 of 1000  loss 0.02  45.1 steps/s  18 s left` */
export const showSeen = ({
  step,
  steps,
  metrics,
  rate,
  left
}: {
  readonly step: number
  readonly steps: number
  readonly metrics: unknown
  readonly rate: number
  readonly left: number
}): string =>
  [
    `step ${step}${Number.isFinite(steps) ? ` of ${steps}` : ""}`,
    showNumbers(metrics),
    `${rate >= 10 ? Math.round(rate) : rate.toPrecision(2)} steps/s`,
    showTime(left)
  ]
    .filter((part) => part !== "")
    .join("  ")

/** Where lines of progress go: one that is written over on a terminal, else lines of their own. */
export interface Lines {
  /** Whether a line is written over. */
  readonly live: boolean
  /** Shows how far the loop is. */
  readonly show: (text: string) => void
  /** Says something that stays. */
  readonly say: (text: string) => void
  readonly end: () => void
}

export const linesOn = (stream: NodeJS.WriteStream): Lines => {
  const live = stream.isTTY === true
  let open = false
  const clear = () => {
    if (open) stream.write("\r\x1b[2K")
    open = false
  }
  const say = (text: string) => {
    clear()
    stream.write(`${text}\n`)
  }
  return {
    live,
    say,
    show: (text) => {
      if (!live) return say(text)
      stream.write(`\r\x1b[2K${text.slice(0, Math.max(20, (stream.columns ?? 80) - 1))}`)
      open = true
    },
    end: () => {
      if (open) stream.write("\n")
      open = false
    }
  }
}
