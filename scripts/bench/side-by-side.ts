import { cpus, loadavg } from "node:os"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { UsageError } from "../../pjrt/cli/errors.ts"
import { Backend } from "../../pjrt/index.ts"
import { type CallCompared, callComparisons, compareCall } from "./calls.ts"
import { type Compared, compareRow } from "./compare-row.ts"
import { type Jax, JaxFailed, startJax } from "./jax.ts"
import { type MemoryCompared, memoryComparisons } from "./memory.ts"
import { type Accepted, acceptedOptions } from "./options.ts"
import { ownPython } from "./python.ts"
import type { Row } from "./row.ts"
import { rows } from "./rows/index.ts"
import { callLine, memoryLine, tableHead, tableLine } from "./show.ts"
import { geometricMean } from "./statistics.ts"

export interface Asked {
  readonly jax: boolean
  readonly python: string | undefined
  readonly rows: string | undefined
  readonly rounds: number
  readonly tell: (line: string) => void
  readonly progress: (line: string) => void
}

/** Geometric means of loopcarry's part of JAX's, over all scans that both have. */
export interface Means {
  readonly run?: number | undefined
  readonly asWritten?: number | undefined
  readonly lower?: number | undefined
  readonly compile?: number | undefined
}

export interface Comparison {
  readonly device: string
  readonly kind: string
  readonly plugin: string
  readonly node: string
  readonly processor: string
  readonly jax: string | null
  readonly python: string | null
  /** How busy the machine was before and after, by its own mean of a minute. */
  readonly load: readonly [before: number, after: number]
  readonly accepted: Accepted
  readonly rounds: number
  readonly rows: ReadonlyArray<Compared>
  readonly calls: ReadonlyArray<CallCompared>
  readonly memory: ReadonlyArray<MemoryCompared>
  readonly means: Means
}

const chosen = (names: (name: string) => boolean, accepted: Accepted): ReadonlyArray<Row> =>
  rows.filter(({ name, reassociate }) => names(name) && (accepted.reassociate || !reassociate))

const matching = (text: string | undefined): Effect.Effect<(name: string) => boolean, UsageError> =>
  Effect.try({
    try: () => {
      const pattern = new RegExp(text ?? "", "i")
      return (name: string) => pattern.test(name)
    },
    catch: (error) =>
      new UsageError({ message: `--rows: ${(error as Error).message}`, hint: "give a regular expression" })
  })

/** Both sides have the same rows, or the benchmark is wrong. */
const sameRows = (jax: Jax): Effect.Effect<void, JaxFailed> => {
  const [here, there] = [rows.map(({ name }) => name), jax.described.rows]
  const missing = [
    ...here.filter((name) => !there.includes(name)).map((name) => `JAX has no ${name}`),
    ...there.filter((name) => !here.includes(name)).map((name) => `loopcarry has no ${name}`)
  ]
  return missing.length === 0
    ? Effect.void
    : Effect.fail(new JaxFailed({ message: missing.join("; "), hint: "write the row on both sides" }))
}

const pairs = (
  all: ReadonlyArray<Compared>,
  one: (row: Compared) => number | undefined,
  other: (row: Compared) => number | undefined
): number | undefined =>
  geometricMean(
    all.flatMap((row) => {
      const [ours, theirs] = [one(row), other(row)]
      return ours === undefined || theirs === undefined ? [] : [ours / theirs]
    })
  )

export const meansOf = (all: ReadonlyArray<Compared>): Means => ({
  run: pairs(
    all,
    ({ loopcarry }) => loopcarry.best,
    ({ jax }) => jax?.best
  ),
  asWritten: pairs(
    all,
    ({ asWritten }) => asWritten?.best,
    ({ jax }) => jax?.best
  ),
  lower: pairs(
    all,
    ({ lower }) => lower.loopcarry,
    ({ lower }) => lower.jax
  ),
  compile: pairs(
    all,
    ({ compile }) => compile.loopcarry,
    ({ compile }) => compile.jax
  )
})

const showMeans = ({ run, asWritten, lower, compile }: Means): string => {
  const show = (name: string, value: number | undefined) =>
    value === undefined ? [] : [`${name} ${value.toFixed(2)}`]
  return [
    ...show("run", run),
    ...show("as written", asWritten),
    ...show("trace + lower", lower),
    ...show("compile", compile)
  ].join(", ")
}

/** Runs the chosen rows here and by JAX, in turns, and tells of each. */
export const sideBySide = (asked: Asked): Effect.Effect<Comparison, unknown, Backend | Scope.Scope> =>
  Effect.gen(function* () {
    const backend = yield* Backend
    const names = yield* matching(asked.rows)
    const accepted = acceptedOptions()
    const wanted = chosen(names, accepted)
    if (![...wanted, ...callComparisons, ...memoryComparisons].some(({ name }) => names(name)))
      return yield* new UsageError({
        message: `--rows: no row has a name like ${asked.rows}`,
        hint: "leave --rows out to see them all"
      })
    const before = loadavg()[0]!
    const python = asked.jax ? (asked.python ?? (yield* ownPython(asked.progress))) : undefined
    const jax = python === undefined ? undefined : yield* startJax(python, backend.device.platform)
    if (jax !== undefined) {
      yield* sameRows(jax)
      const { described } = jax
      asked.progress(`JAX ${described.jax} on ${described.device}, Python ${described.python}`)
    }
    const { tell } = asked
    const compared: Array<Compared> = []
    if (wanted.length > 0) tell(tableHead())
    for (const row of wanted) {
      const one = yield* compareRow(row, { jax, accepted, rounds: asked.rounds })
      compared.push(one)
      tell(tableLine(one))
    }
    const side = jax === undefined || python === undefined ? undefined : { jax, python }
    const calls: Array<CallCompared> = []
    for (const call of callComparisons.filter(({ name }) => names(name))) {
      const one = yield* compareCall(call, side)
      calls.push(one)
      tell(callLine(one))
    }
    const memory: Array<MemoryCompared> = []
    for (const { name, compare } of memoryComparisons) {
      if (!names(name)) continue
      const one = yield* compare(jax)
      memory.push(one)
      tell(memoryLine(one))
    }
    const means = meansOf(compared.filter(({ kind }) => kind === "scan"))
    if (means.run !== undefined) tell(`geometric means of the ratios to JAX: ${showMeans(means)}`)
    const load = [before, loadavg()[0]!] as const
    const busy = load.map((each) => each.toFixed(1)).join(" before, ")
    tell(`load of the machine: ${busy} after, with ${cpus().length} processors`)
    return {
      device: backend.device.name,
      kind: backend.device.kind,
      plugin: backend.version,
      node: process.versions.node,
      processor: `${cpus()[0]?.model ?? "unknown"} x ${cpus().length}`,
      jax: jax?.described.jax ?? null,
      python: jax?.described.python ?? null,
      load,
      accepted,
      rounds: asked.rounds,
      rows: compared,
      calls,
      memory,
      means
    }
  })
