import type { DType } from "./dtype.ts"
import { callersNow, directCaller, type Stack } from "./place.ts"
import type { Aval } from "./shape.ts"

/**
 * Booleans that a traced function makes and nothing uses. JavaScript takes every tensor for true, so what stands in
 * `if (gt(x, 0))` is such a one.
 */

/** A node of the graph, as far as this looks at it. */
interface Made {
  readonly primitive: string
  readonly inputs: ReadonlyArray<{ readonly dtype: DType; readonly node: object }>
  readonly outputs: ReadonlyArray<Aval>
}

/** What decides something, and so may have been meant for a condition of JavaScript's. */
const deciding: ReadonlySet<string> = new Set("eq ne lt le gt ge isFinite and or xor not all any".split(" "))

/** A node that uses a boolean whatever becomes of its result: it prints, or holds programs. */
const using: ReadonlySet<string> = new Set(
  "debugPrint guard scan while switch customDerivative checkpoint shardMap".split(" ")
)

/** The files between a user's call of such an operation and this one. What another operation makes is no user's. */
const operations =
  /^dsl\/(?:ops\/(?:operators|operand|comparison|classify|sums)|primitives\/index|tensor|unused|place|errors)\./

/** A boolean that nothing uses: the operation that made it, and the user's line. */
export interface UnusedBoolean {
  readonly primitive: string
  readonly aval: Aval
  readonly source: string
}

interface Kept {
  readonly node: Made
  /** Whether an operation or a rule made it, and not a transform that applies a program again. */
  written: boolean
  readonly callers: Stack | undefined
}

/** What is seen of one function while it is traced. To see who calls costs as much as making some nodes. */
class Watch {
  readonly #callers: boolean
  /** Nodes that give one boolean. Their inputs are used only as they are. */
  readonly #booleans = new Map<object, Kept>()
  readonly #used: Array<object> = []

  constructor(callers: boolean) {
    this.#callers = callers
  }

  made(node: Made): void {
    const { primitive, inputs, outputs } = node
    if (outputs.length === 1 && outputs[0]!.dtype === "bool" && !using.has(primitive)) {
      const callers = this.#callers && deciding.has(primitive) ? callersNow() : undefined
      this.#booleans.set(node, { node, written: false, callers })
      return
    }
    for (const input of inputs) if (input.dtype === "bool") this.#used.push(input.node)
  }

  written(node: object): void {
    const found = this.#booleans.get(node)
    if (found !== undefined) found.written = true
  }

  use(node: object): void {
    this.#used.push(node)
  }

  /** The last unused one of each chain, from the last that was made to the first. */
  unused(): ReadonlyArray<Kept> {
    for (let node = this.#used.pop(); node !== undefined; node = this.#used.pop()) {
      const found = this.#booleans.get(node)
      if (found === undefined) continue
      this.#booleans.delete(node)
      for (const input of found.node.inputs) this.#used.push(input.node)
    }
    const last: Array<Kept> = []
    const inner = new Set<object>()
    for (const each of [...this.#booleans.values()].reverse()) {
      const { node, written } = each
      const decides = deciding.has(node.primitive)
      if (!decides && !inner.has(node)) continue
      if (written && !inner.has(node)) last.push(each)
      for (const input of node.inputs) inner.add(input.node)
    }
    return last
  }
}

let watch: Watch | undefined

/** Told of each node that is made. */
export const noteMade = (node: Made): void => watch?.made(node)

/** Told of each node that an operation or a rule makes. */
export const noteWritten = (node: object): void => watch?.written(node)

/** Told of what is taken out of a tree: it is given to a function, or given back. */
export const noteUse = (leaf: unknown): void => {
  if (watch === undefined) return
  const { dtype, node } = leaf as { readonly dtype?: unknown; readonly node?: object }
  if (dtype === "bool" && node !== undefined) watch.use(node)
}

const watched = <T>(callers: boolean, run: () => T) => {
  const own = new Watch(callers)
  watch = own
  try {
    const result = run()
    return { result, unused: own.unused() }
  } finally {
    watch = undefined
  }
}

/** Those that a user's own call made, in the order in which they were made; one for each line. */
const ofUsers = (unused: ReadonlyArray<Kept>): ReadonlyArray<UnusedBoolean> => {
  const bySource = new Map<string, UnusedBoolean>()
  for (const { node, callers } of unused) {
    const source = callers && directCaller(callers, operations)
    const { dtype, shape } = node.outputs[0]!
    if (source !== undefined)
      bySource.set(source, { primitive: node.primitive, aval: { dtype, shape }, source })
  }
  return [...bySource.values()].reverse()
}

/**
 * Runs what traces a function, and looks for booleans that nothing uses. Where there is one, the function is traced
 * again to see who made it. What is traced within another function counts for that one.
 */
export const watchingBooleans = <T>(
  run: () => T
): { readonly result: T; readonly unused: ReadonlyArray<UnusedBoolean> } => {
  if (watch !== undefined) return { result: run(), unused: [] }
  const { result, unused } = watched(false, run)
  if (unused.length === 0) return { result, unused: [] }
  try {
    return { result, unused: ofUsers(watched(true, run).unused) }
  } catch {
    // A function that does otherwise the second time has its first result.
    return { result, unused: [] }
  }
}
