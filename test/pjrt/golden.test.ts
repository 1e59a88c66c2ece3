import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { meshOf } from "../../dsl/mesh-of.ts"
import { Backend } from "../../pjrt/backend/backend.ts"
import { stablehloOf } from "../support/passes.ts"
import { plugins } from "../support/plugins.ts"
import { golden } from "../support/programs.ts"
import { onDevice } from "../support/run.ts"

describe.each(plugins)("the golden StableHLO compiles on PJRT $api", ({ path }) => {
  const run = onDevice(`plugin:${path}`, { virtualDevices: 4 })

  it.each(Object.entries(golden))("%s", async (_, make) => {
    const { program } = make()
    const mesh = meshOf(program, [])
    const partitioning = mesh && { mesh, in: [], out: [] }
    const executable = await run(
      Effect.flatMap(Backend, (backend) => backend.compile({ code: stablehloOf(program), partitioning }))
    )
    expect(executable.outputs).toEqual(program.outputs.map(({ aval }) => aval))
  })
})
