import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { initializers } from "../../dsl/nn/index.ts"
import {
  type Gate,
  gate,
  gru,
  gruCell,
  type Lstm,
  lstmCell,
  type StateSpace,
  stateSpace,
  stateSpaceCell
} from "../../examples/cells.ts"
import { type F32, jit, ones, random, read, scan, zeros } from "../../pjrt/loopcarry.ts"
import { onReference } from "../support/backends.ts"
import { numbers } from "../support/flat.ts"

const wanted: Readonly<Record<string, ReadonlyArray<number>>> = JSON.parse(
  readFileSync(new URL("../fixtures/examples.json", import.meta.url), "utf8")
)

const key = () => random.key(5)
const inputs = (): F32<readonly [6, 3]> => random.normal(random.foldIn(key(), 9), [6, 3])
const part = (i: number): Gate<3, 4> => gate(random.foldIn(key(), i), 3, 4)

const lstm = (): Lstm<3, 4> => ({ input: part(0), forget: part(1), output: part(2), fresh: part(3) })

const space = (): StateSpace<3, 4, 2> => ({
  decay: random.uniform(random.foldIn(key(), 0), [4]),
  b: initializers.lecunNormal(random.foldIn(key(), 1), [3, 4]),
  c: initializers.lecunNormal(random.foldIn(key(), 2), [4, 2])
})

const outputs: Readonly<Record<string, () => F32<ReadonlyArray<number>>>> = {
  gru: () => {
    const weights = gru(key(), 3, 4)
    return scan(zeros([4], "f32"), inputs(), (h, x) => {
      const next = gruCell(weights, h, x)
      return [next, next]
    })[1]
  },
  lstm: () => {
    const weights = lstm()
    return scan({ h: zeros([4], "f32"), c: zeros([4], "f32") }, inputs(), (state, x) => {
      const next = lstmCell(weights, state, x)
      return [next, next.h]
    })[1]
  },
  "stateSpace by steps": () => {
    const weights = space()
    return scan(ones([4], "f32"), inputs(), (h, x) => stateSpaceCell(weights, h, x))[1]
  },
  "stateSpace at once": () => stateSpace(space(), ones([4], "f32"), inputs())
}

describe("cells of recurrent networks", () => {
  const run = onReference.open()

  it.each(Object.entries(outputs))("%s gives what JAX gives", async (name, fn) => {
    const found = numbers(await run(Effect.flatMap(jit([], fn)(), (each) => read(each))))
    const expected = wanted[name.split(" ")[0]!]!
    expect(found.length).toBe(expected.length)
    expected.forEach((each, i) => {
      expect(found[i]).toBeCloseTo(each, 5)
    })
  })
})
