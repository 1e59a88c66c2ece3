import { expect } from "vitest"
import { traceNow } from "../../dsl/trace.ts"
import type * as lc from "../../pjrt/loopcarry.ts"
import { thrown } from "./run.ts"

// biome-ignore lint/suspicious/noExplicitAny: what the editor would refuse is what these tests are about
export type Loose = any

/** Tracing a function that must be refused: the tag and the message. Every refusal says where and what to do. */
export const refusal = (
  specs: ReadonlyArray<lc.Specs>,
  fn: (...args: ReadonlyArray<Loose>) => unknown
): string => {
  const error = thrown(() => traceNow(specs, fn as never)) as Error & Loose
  expect(error.hint, "every refusal says what to do").toMatch(/\w/)
  expect(error.source, "and where").toMatch(/-refusals\.test\.ts:/)
  return `${error._tag}: ${error.message}`
}
