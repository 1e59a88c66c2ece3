import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs"
import path from "node:path"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { checkpoints, FormatError, MismatchError, ndarray, saveTree } from "../../../pjrt/io/index.ts"
import { f32, i32 } from "../../../pjrt/loopcarry.ts"
import { testFolder } from "../../support/files.ts"
import { failure, onDevice } from "../../support/run.ts"

const { at } = testFolder()
const specs = { w: f32(2), steps: i32() }
const state = (step: number) => ({ w: ndarray(f32(2), [step, step / 2]), steps: step })

describe("a folder of checkpoints", () => {
  const run = onDevice("reference")

  it("keeps the last, gives what was saved, and is empty before", () =>
    run(
      Effect.gen(function* () {
        const all = checkpoints(at("new", "run"), { keep: 2 })
        expect(yield* all.list).toEqual([])
        expect(yield* all.latest(specs)).toBeUndefined()
        for (const step of [1, 20, 300]) yield* all.save(step, state(step))
        expect((yield* all.list).map(({ step }) => step)).toEqual([20, 300])
        const last = yield* all.latest(specs)
        expect(last).toMatchObject({
          step: 300,
          skipped: [],
          file: at("new", "run", "step-000000300.safetensors")
        })
        expect(yield* last!.state.w.read).toEqual(Float32Array.of(300, 150))
        expect(yield* (yield* all.load(20, specs)).state.steps.read).toBe(20)
        expect(yield* failure(all.load(1, specs))).toMatchObject({ _tag: "FileError", code: "ENOENT" })
        // A loop that was taken up again at an earlier step.
        yield* all.save(7, state(7))
        expect((yield* all.list).map(({ step }) => step)).toEqual([7, 300])
      })
    ))

  it("reports a damaged one, and passes over it only where that is asked for", () =>
    run(
      Effect.gen(function* () {
        const all = checkpoints(at("damaged"))
        for (const step of [1, 2, 3]) yield* all.save(step, state(step))
        const file = (step: number) => at("damaged", `step-00000000${step}.safetensors`)
        truncateSync(file(3), 100)
        const refused = yield* failure(all.latest(specs))
        expect(refused).toBeInstanceOf(FormatError)
        expect(refused).toMatchObject({ file: file(3), hint: expect.stringContaining('{ damaged: "skip" }') })
        const flipped = readFileSync(file(2))
        flipped[flipped.length - 1]! ^= 1
        writeFileSync(file(2), flipped)
        const found = yield* all.latest(specs, { damaged: "skip" })
        expect(found!.step).toBe(1)
        expect(found!.skipped.map((error) => [error.file, error._tag])).toEqual([
          [file(3), "FormatError"],
          [file(2), "FormatError"]
        ])
        truncateSync(file(1), 0)
        expect(yield* failure(all.latest(specs, { damaged: "skip" }))).toMatchObject({ file: file(3) })
        const odd = yield* failure(all.latest(specs, { damaged: "ignore" as never }))
        expect(odd._tag).toBe("ArgumentError")
      })
    ))

  it("of another structure, dtype, name, version or optimiser is refused, never passed over", () =>
    run(
      Effect.gen(function* () {
        const adam = { name: "rnn", version: "2", optimizer: "adam" }
        yield* checkpoints(at("adam"), adam).save(5, state(5))
        const refused = (options: object, wanted: object = specs) =>
          Effect.map(
            failure(
              checkpoints(at("adam"), { ...adam, ...options }).latest(wanted as never, { damaged: "skip" })
            ),
            (error) => {
              expect(error).toBeInstanceOf(MismatchError)
              return error.message
            }
          )
        expect(yield* refused({ optimizer: "sgd" })).toContain(
          'it was saved with the optimiser "adam", but "sgd" is asked for'
        )
        expect(yield* refused({ optimizer: undefined })).toContain(
          'the optimiser "adam", but none is asked for'
        )
        expect(yield* refused({ name: "cnn" })).toContain('the name "rnn", but "cnn"')
        expect(yield* refused({ version: "3" })).toContain('the version "2", but "3"')
        expect(yield* refused({}, { w: f32(2) })).toContain("tree is {w, steps}, but {w} was asked for")
        expect(yield* refused({}, { w: i32(2), steps: i32() })).toContain("tree.w is f32[2], but i32[2]")
      })
    ))

  it("passes over what is none of its files, and removes what ended processes have left", () =>
    run(
      Effect.gen(function* () {
        mkdirSync(at("mixed"))
        const dead = at("mixed", ".step-000000009.safetensors.4194999.abc")
        const mine = at("mixed", `.step-000000009.safetensors.${process.pid}.abc`)
        for (const file of [dead, mine, at("mixed", "step-9.safetensors"), at("mixed", "notes")])
          writeFileSync(file, "x")
        const all = checkpoints(at("mixed"))
        yield* all.save(4, state(4))
        expect((yield* all.list).map(({ step }) => step)).toEqual([4])
        expect(() => readFileSync(dead)).toThrow("ENOENT")
        expect(readFileSync(mine, "utf8")).toBe("x")
        copyFileSync(at("mixed", "step-000000004.safetensors"), at("mixed", "step-000000008.safetensors"))
        expect((yield* failure(all.latest(specs))).message).toContain("of step 4, and its name says 8")
        yield* saveTree(path.join(at("mixed"), "step-000000008.safetensors"), state(8))
        expect((yield* failure(all.latest(specs))).message).toContain("no checkpoint")
      })
    ))

  it("refuses options that are wrong, steps that are none, and a folder that is a file", () =>
    run(
      Effect.gen(function* () {
        expect(() => checkpoints("x", { keep: 0 })).toThrow("keep")
        expect(() => checkpoints("x", { optimiser: "adam" } as never)).toThrow("there is no option")
        expect((yield* failure(checkpoints(at("new")).save(-1, 1)))._tag).toBe("ArgumentError")
        writeFileSync(at("file"), "")
        expect(yield* failure(checkpoints(at("file")).save(1, 1))).toMatchObject({ code: "ENOTDIR" })
        expect(yield* failure(checkpoints(at("file")).latest(specs))).toMatchObject({ code: "ENOTDIR" })
      })
    ))
})
