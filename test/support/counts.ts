import { writeFileSync } from "node:fs"
import path from "node:path"
import type { Reporter, SerializedError, TestModule, Vitest } from "vitest/node"

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** The attacks that the files of `test/attack/` made, and those that were survived. */
  readonly attacks: ReadonlyArray<{
    readonly family: string
    readonly tried: number
    readonly survived: number
  }>
}

type State = "passed" | "failed" | "skipped" | "pending"

const statesOf = (module: TestModule): ReadonlyArray<State> =>
  [...module.children.allTests()].map((test) => test.result().state)

/** A file that fails as a whole counts as one failure, though none of its tests failed. */
const isBroken = (module: TestModule): boolean =>
  module.state() === "failed" && !statesOf(module).includes("failed")

/** A test that does not say how many attacks it made has made one (`countAttacks`). */
const attacksOf = (module: TestModule): Counts["attacks"][number] => {
  const made = (...states: ReadonlyArray<State>) =>
    [...module.children.allTests()]
      .filter((test) => states.includes(test.result().state))
      .reduce((sum, test) => sum + (test.meta().attacks ?? 1), 0)
  return {
    family: path.basename(module.moduleId, ".test.ts"),
    tried: made("passed", "failed", "pending"),
    survived: made("passed")
  }
}

const countsOf = (
  modules: ReadonlyArray<TestModule>,
  unhandled: ReadonlyArray<SerializedError>,
  interrupted: boolean
): Counts => {
  const states = modules.flatMap(statesOf)
  const count = (...wanted: ReadonlyArray<State>) => states.filter((state) => wanted.includes(state)).length
  return {
    passed: count("passed"),
    // A test that never ended has failed: its process died. So has a run with an error that belongs to no test.
    failed:
      count("failed", ...(interrupted ? [] : (["pending"] as const))) +
      modules.filter(isBroken).length +
      unhandled.length,
    skipped: count("skipped"),
    attacks: modules
      .filter(({ moduleId }) => moduleId.includes("/test/attack/"))
      .map(attacksOf)
      .sort((a, b) => (a.family < b.family ? -1 : 1))
  }
}

/**
 * Ends a run of vitest with the true counts, one line for each family of attacks and one for all tests: `tests: 412
 * passed, 0 failed, 3 skipped`. With `--outputFile.counts=FILE` it also writes them as JSON. A run in which nothing
 * passed has failed.
 */
export default class CountsReporter implements Reporter {
  #file: string | undefined

  onInit({ config: { outputFile } }: Vitest): void {
    this.#file = typeof outputFile === "object" ? outputFile.counts : undefined
  }

  onTestRunEnd(
    modules: ReadonlyArray<TestModule>,
    unhandled: ReadonlyArray<SerializedError>,
    reason: "passed" | "interrupted" | "failed"
  ): void {
    const counts = countsOf(modules, unhandled, reason === "interrupted")
    const { passed, failed, skipped, attacks } = counts
    for (const { family, tried, survived } of attacks)
      process.stdout.write(`attacks: ${family}: ${tried} tried, ${survived} survived\n`)
    process.stdout.write(`\ntests: ${passed} passed, ${failed} failed, ${skipped} skipped\n`)
    if (this.#file !== undefined) writeFileSync(this.#file, `${JSON.stringify(counts, undefined, 2)}\n`)
    if (failed > 0 || passed === 0) process.exitCode ||= 1
  }
}
