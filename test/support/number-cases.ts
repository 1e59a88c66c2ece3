import { describe, it } from "vitest"
import { type On, otherDevices, twoDevices } from "./backends.ts"
import { numbers } from "./flat.ts"
import { call, close } from "./numbers.ts"

/** A jitted program of one result, and the numbers that it must give. */
export interface NumberCase {
  readonly name: string
  readonly program: unknown
  readonly inputs: ReadonlyArray<unknown>
  readonly right: number | ReadonlyArray<number>
  /** One of several alike, of which older plugins and other processes run the first alone. */
  readonly variant?: boolean
}

const onEach = (devices: ReadonlyArray<On>, cases: ReadonlyArray<NumberCase>, relative: number) => {
  describe.each(devices)("on $on", ({ open }) => {
    const run = open()
    it.each(cases.map((one) => [one.name, one] as const))("%s", async (name, { program, inputs, right }) => {
      close(numbers(await call(run, program, ...inputs)), [right].flat(), relative, name)
    })
  })
}

/** Each program gives its numbers on each kind of device. */
export const givesItsNumbers = (cases: ReadonlyArray<NumberCase>, relative = 1e-6) => {
  onEach(twoDevices, cases, relative)
  onEach(
    otherDevices,
    cases.filter(({ variant }) => variant !== true),
    relative
  )
}
