import path from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it, vi } from "vitest"
import {
  add,
  arange,
  explain,
  f32,
  i32,
  scan,
  showExplanation,
  type Tensor,
  tanh
} from "../../../dsl/index.ts"
import type { ScanExplanation } from "../../../dsl/passes/explain/explain.ts"
import { recurrence } from "../../../dsl/passes/recurrence/recurrence.ts"
import { traceNow } from "../../../dsl/trace.ts"
import { explained, explanationOf, explanationText } from "../../support/explained.ts"

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..")

const scansOf = (name: keyof typeof explained): ReadonlyArray<ScanExplanation> =>
  explanationOf(explained[name], root).scans

describe("what is explained", () => {
  it.each(Object.entries(explained))("of %s is its golden text", async (name, one) => {
    await expect(explanationText(one, root)).toMatchFileSnapshot(`../../golden/explain/${name}.txt`)
  })

  it.each(Object.entries(explained))("of %s fits one screen, in columns", (_, one) => {
    const lines = explanationText(one, root).split("\n")
    expect(lines.length).toBeLessThan(40)
    for (const line of lines) expect(line).toBe(line.trimEnd())
  })
})

describe("an explanation", () => {
  it("names each scan by the user's line, and the equation that stands in the way", () => {
    const [scan] = scansOf("rnn")
    expect(scan).toMatchObject({ loop: "scan", steps: 1000, path: "scan" })
    expect(scan!.place).toMatch(/^test\/support\/explained\.ts:\d+:\d+$/)
    const reason = scan!.left.find(({ pass }) => pass === "recurrence")
    expect(reason?.because).toBe("the carry goes through a matrix product")
    expect(reason?.at).toMatch(/^test\/support\/explained\.ts:\d+:\d+$/)
    expect(reason?.at).not.toBe(scan!.place)
  })

  it("tells the loops of a derivative apart", () => {
    const scans = scansOf("rnn-gradient")
    expect(scans.map(({ loop }) => loop)).toEqual(["scan", "backward"])
    expect(new Set(scans.map(({ place }) => place)).size).toBe(1)
    const loops = scansOf("checkpointed-gradient").map(
      ({ loop, path: at }) => `${at.split(".").length} ${loop}`
    )
    expect(loops).toEqual(["1 blocks", "2 block", "1 backward", "2 backward"])
  })

  it("says what permission would gain, and nothing of it where it is there", () => {
    const [strict] = scansOf("cumulative-sum")
    expect(strict!.permission).toHaveLength(1)
    expect(strict!.done.map(({ pass }) => pass)).not.toContain("recurrence")
    const [permitted] = explanationOf(
      { ...explained["cumulative-sum"], controls: { reassociate: true } },
      root
    ).scans
    expect(permitted!.permission).toEqual([])
    expect(permitted!.done.map(({ what }) => what)).toEqual(expect.arrayContaining([...strict!.permission]))
    expect(scansOf("logistic-map")[0]!.permission).toEqual([])
  })

  it("says once what holds of several scans of one place", () => {
    expect(scansOf("two-of-one-place")).toMatchObject([{ times: 2, steps: 100_000 }])
  })

  it("depends on the target", () => {
    expect(scansOf("logistic-map")[0]!.advice.join()).toContain("nothing more is to be gained")
    expect(scansOf("logistic-map-on-cuda")[0]!.advice.join()).toContain("do many at once with vmap")
  })

  it("names the cases that are slow", () => {
    const many = scansOf("many-leaves")[0]!.advice.join("\n")
    expect(many).toContain("unroll: 64")
    expect(many).toContain("20 leaves of the carry are single numbers")
    expect(scansOf("unbounded-length")[0]!.advice.join()).toContain("no bound: give max")
    const stored = explanationOf(explained["stored-range"], root).advice
    expect(stored).toMatchObject([{ at: expect.stringMatching(/explained\.ts:\d+/) }])
    expect(stored[0]!.text).toContain("its 4 MiB are stored")
  })

  it("says which passes were left out", () => {
    const none = { ...explained.rnn, controls: { optimize: false } }
    const explanation = explanationOf(none, root)
    expect(explanation.passes).toEqual(["prune"])
    expect(explanation.scans[0]).toMatchObject({ done: [], left: [] })
    expect(showExplanation(explanation)).toContain("passes none but prune")
  })

  it("speaks of a pass that fails, and tells nothing that it has said", () => {
    vi.spyOn(recurrence, "run").mockImplementation((program, { note }) => {
      note({ pass: "recurrence", place: program.equations.at(-1)!.place, did: "half of its work" })
      throw new Error("it is lost")
    })
    const explanation = explanationOf(explained.rnn, root)
    vi.restoreAllMocks()
    expect(explanation.advice.map(({ text }) => text)).toEqual([
      "the pass recurrence failed on this program, which runs without it: please report it"
    ])
    expect(JSON.stringify(explanation.scans)).not.toContain("half of its work")
  })

  it("is had of a program without places, and of one without scans", () => {
    const { program } = traceNow(
      [f32(), i32()],
      ((x: never, n: never) =>
        scan(x, arange(n, { max: 10 }), (c: Tensor<"f32", readonly []>, i) => [tanh(add(c, 1)), i])) as never,
      "test"
    )
    const explanation = explain(program)
    expect(explanation.scans).toMatchObject([{ place: null, path: "scan", steps: 10, traced: true }])
    expect(JSON.stringify(explanation)).not.toContain("#")
    expect(showExplanation(explanation)).toContain("scan  scan, at most 10 steps")
    const empty = explain(traceNow([f32()], ((x: Tensor<"f32">) => tanh(x)) as never, "test").program, "tpu")
    expect(empty).toMatchObject({ target: "tpu", scans: [], advice: [] })
  })

  it("is the same each time, and of a program that it does not change", () => {
    const one = explained["checkpointed-gradient"]
    expect(explanationText(one, root)).toBe(explanationText(one, root))
  })
})
