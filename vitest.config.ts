import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"
import CountsReporter from "./test/support/counts.ts"

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/** Fast rooms first, so that a broken one is known at once. */
const order = [
  "test/architecture",
  "test/dsl",
  "test/native",
  "test/types",
  "test/pjrt",
  "test/remote",
  "test/attack",
  "test/e2e",
  "test/stress"
]

class FastFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>) {
    const rank = (file: TestSpecification) => order.findIndex((room) => file.moduleId.includes(`/${room}`))
    return [...files].sort((a, b) => rank(a) - rank(b) || a.moduleId.localeCompare(b.moduleId))
  }
}

export default defineConfig({
  resolve: {
    alias: [
      { find: /^loopcarry$/, replacement: here("./pjrt/loopcarry.ts") },
      { find: /^loopcarry\/linalg$/, replacement: here("./dsl/linalg/index.ts") },
      { find: /^loopcarry\/special$/, replacement: here("./dsl/special/index.ts") },
      { find: /^loopcarry\/stats$/, replacement: here("./dsl/stats/index.ts") },
      { find: /^loopcarry\/nn$/, replacement: here("./dsl/nn/index.ts") },
      { find: /^loopcarry\/optim$/, replacement: here("./dsl/optim/index.ts") },
      { find: /^loopcarry\/promise$/, replacement: here("./pjrt/promise/index.ts") },
      { find: /^loopcarry\/effect$/, replacement: here("./pjrt/effect/index.ts") },
      { find: /^loopcarry\/pjrt$/, replacement: here("./pjrt/index.ts") },
      { find: /^loopcarry\/remote$/, replacement: here("./pjrt/remote.ts") },
      { find: /^loopcarry\/io$/, replacement: here("./pjrt/io/index.ts") },
      { find: /^loopcarry\/train$/, replacement: here("./pjrt/train/index.ts") }
    ]
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "dsl",
          include: ["test/dsl/**/*.test.ts"],
          // The language needs no plugin: a test of it that asks for one finds none.
          env: { LOOPCARRY_OFFLINE: "1", LOOPCARRY_CACHE: "/dev/null/no-cache" }
        }
      },
      {
        extends: true,
        test: {
          name: "runtime",
          include: ["test/**/*.test.ts"],
          exclude: ["test/dsl/**"],
          globalSetup: ["test/support/plugins.ts"]
        }
      }
    ],
    reporters: ["default", new CountsReporter()],
    // A plugin is native code: one that dies must take only its own test file with it.
    pool: "forks",
    // Some of the tests wait for others' clocks and processes: a third one works meanwhile.
    maxWorkers: 3,
    // What is tested is compiling, not what an earlier run has left on disk; and each program after each pass.
    env: { LOOPCARRY_NO_CACHE: "1", LOOPCARRY_VERIFY: "1" },
    // What hangs ends some time; what is only slow, on a machine with much else to do, never ends by these.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 300_000, interval: 20 } },
    sequence: { sequencer: FastFirst }
  }
})
