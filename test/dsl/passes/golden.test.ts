import { describe, expect, it } from "vitest"
import { blocks } from "../../../dsl/passes/blocks.ts"
import { carries } from "../../../dsl/passes/carries.ts"
import { common } from "../../../dsl/passes/common.ts"
import { distribution } from "../../../dsl/passes/distribution/distribution.ts"
import { fold } from "../../../dsl/passes/fold.ts"
import { inline } from "../../../dsl/passes/inline.ts"
import { compiler, type Target } from "../../../dsl/passes/pass.ts"
import { prune } from "../../../dsl/passes/prune.ts"
import { recurrence } from "../../../dsl/passes/recurrence/recurrence.ts"
import { reductions } from "../../../dsl/passes/reductions.ts"
import { sink } from "../../../dsl/passes/sink.ts"
import { slices } from "../../../dsl/passes/slices.ts"
import { print } from "../../../dsl/printer.ts"
import { verify } from "../../../dsl/verifier.ts"
import { passPrograms } from "../../support/pass-programs.ts"
import { contextOf } from "../../support/passes.ts"

// On a CPU, lanes seldom pay for leaves that need one another.
const targets: Readonly<Record<string, Target>> = { recurrence: { ...compiler, platform: "cuda" } }

const cases = [
  inline,
  common,
  fold,
  slices,
  sink,
  carries,
  distribution,
  recurrence,
  reductions,
  blocks
].flatMap((pass) =>
  Object.entries(passPrograms[pass.name as keyof typeof passPrograms]).map(
    ([name, make]) => [pass.name, name, pass, make] as const
  )
)

describe("a program before a pass and after it", () => {
  it.each(cases)("%s: %s", async (_, name, pass, make) => {
    const before = prune.run(make().program)
    const after = pass.run(before, contextOf(targets[pass.name] ?? compiler))
    verify(after)
    await expect(`${print(before)}\n${pass.name}:\n\n${print(after)}`).toMatchFileSnapshot(
      `../../golden/passes/${pass.name}-${name}.txt`
    )
  })
})
