import { readFileSync, writeFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { loadTree, readSafetensors, saveTree } from "../../../pjrt/io/index.ts"
import { f32, i32, jit, mesh, mul, put, sharding } from "../../../pjrt/loopcarry.ts"
import { testFolder } from "../../support/files.ts"
import { failure, onDevice } from "../../support/run.ts"

const { at } = testFolder()

describe("divided arrays", () => {
  const grid = mesh({ x: 2, y: 2 })
  const devices: ReadonlyArray<readonly [string, ReturnType<typeof onDevice>]> = [
    ["cpu", onDevice("cpu", { virtualDevices: 4 })],
    ["reference", onDevice("reference")]
  ]

  it.each(devices)("are saved and loaded part by part on %s, in any division", (_, run) =>
    run(
      Effect.gen(function* () {
        const shape = [8, 6] as const
        const data = Float32Array.from({ length: 48 }, (_, i) => i)
        const divisions = [
          sharding(grid, "x", "y"),
          sharding(grid, null, "y"),
          sharding(grid, ["y", "x"]),
          sharding(grid),
          null
        ]
        for (const from of divisions) {
          const x = yield* from === null ? put(f32(...shape), data) : put(f32(...shape), data, from)
          yield* saveTree(at("divided"), { x, n: 3 })
          const { tensors } = yield* readSafetensors(at("divided"))
          expect(tensors.x!.data).toEqual(data)
          for (const to of divisions) {
            const loaded = yield* loadTree(
              at("divided"),
              { x: f32(...shape), n: i32() },
              { sharding: { x: to, n: to === null ? null : sharding(grid) } }
            )
            expect(yield* loaded.x.read).toEqual(data)
            expect(yield* loaded.n.read).toBe(3)
            if (to === null) continue
            const double = jit([f32(...shape)], (a) => mul(a, 2), { in: [to], out: to })
            expect(yield* (yield* double(loaded.x)).read).toEqual(data.map((each) => 2 * each))
          }
        }
      })
    )
  )

  it("of a damaged file are refused before any part of them is used", () =>
    devices[0]![1](
      Effect.gen(function* () {
        yield* saveTree(at("divided"), { x: new Float32Array(48) })
        const file = readFileSync(at("divided"))
        file[file.length - 1]! ^= 1
        writeFileSync(at("divided"), file)
        const place = { sharding: sharding(grid, "x") }
        expect((yield* failure(loadTree(at("divided"), { x: f32(48) }, place))).message).toContain("damaged")
        const odd = yield* failure(loadTree(at("divided"), { x: f32(47) }, place))
        expect(odd.message).toContain("axis 0 of f32[47] cannot be divided among 2 devices")
      })
    ))
})
