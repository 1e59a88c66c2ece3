import type { TestContext } from "vitest"

declare module "vitest" {
  interface TaskMeta {
    /** How many attacks a test of `test/attack/` makes; one where it does not say. */
    attacks?: number
  }
}

/** Says how many attacks a test has made. The test passes only if all of them are survived. */
export const countAttacks = ({ task }: TestContext, made: number): void => {
  task.meta.attacks = (task.meta.attacks ?? 0) + made
}
