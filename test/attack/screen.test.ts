import { afterAll, describe, expect, it } from "vitest"
import { defaultLimits } from "../../pjrt/serve/worker/limits.ts"
import { screen } from "../../pjrt/serve/worker/screen.ts"
import { countAttacks } from "../support/attack.ts"
import { join, split, textsOf, varint, withEntries, withTexts } from "../support/bytecode.ts"
import { CompilerProcess } from "../support/compiler-process.ts"
import { asTexts, mutants, notedProgram, screenPrograms, seeds } from "../support/mutants.ts"
import { reaching, refusal } from "../support/refusal.ts"

const compiler = new CompilerProcess()
afterAll(() => compiler.close())

const calls = Object.entries(screenPrograms).filter(([name]) => name.startsWith("calls"))
const texts = (file: Buffer) => textsOf(split(file).parts.find(({ id }) => id === 0)!.content)
const renamed = (file: Buffer, from: RegExp, to: string) =>
  withTexts(file, (text) => (from.test(text.toString("latin1")) ? Buffer.from(`${to}\0`) : text))

describe("bytecode in which an operation's name is hidden", () => {
  it("by another byte than zero at the end of a text: the compiler reads it, and the worker refuses it", async (context) => {
    let [made, compiled] = [0, 0]
    for (const [, file] of calls)
      for (let i = 0; i < texts(file).length; i++)
        for (const byte of [0x5f, 0x01, 0xff]) {
          const hiding = withTexts(file, (text, at) =>
            at === i ? Buffer.concat([text.subarray(0, -1), Buffer.from([byte])]) : text
          )
          expect(refusal(hiding)).toContain("does not end with a zero byte")
          made++
          if (byte !== 0x5f || file !== screenPrograms["calls, StableHLO 1.17.0"]) continue
          const verdict = await compiler.compile(hiding)
          if (verdict !== "ended" && "opcodes" in verdict) compiled++
        }
    expect(compiled).toBeGreaterThan(5)
    countAttacks(context, made)
  })

  it("as the name of a dialect, as a name in two parts, with a zero byte within", (context) => {
    const names = [
      "stablehlo.custom_call",
      "vhlo.custom_call_v1",
      "custom_call_v1\0x",
      "x\0custom_call_v1",
      "custom_call_v2",
      ""
    ]
    let made = 0
    for (const [, file] of calls)
      for (const name of names)
        for (const from of [/^negate(_v1)?\0$/, /^(?:vhlo|stablehlo)\0$/]) {
          expect(refusal(renamed(file, from, name)), name).toBeDefined()
          made++
        }
    countAttacks(context, made)
  })

  it.each([
    "TopK",
    "loopcarry_print",
    "unknown",
    "xla_ffi_python_cpu_callback",
    "SliceToDynamic",
    "__onednn$matmul",
    "ProductOfElementaryHouseholderReflectors",
    "Sharding\0",
    "sharding",
    ""
  ])("with a custom call of %j", (target) => {
    for (const [name, file] of calls) {
      expect(refusal(file), name).toBeUndefined()
      expect(refusal(renamed(file, /^Sharding\0$/, target)), name).toContain("custom_call")
    }
  })

  it.each(["infeed", "outfeed", "send", "recv", "async_start", "custom_call"])(
    "with %s in another's place",
    (name) => {
      for (const [, file] of calls) {
        const versioned = texts(file).some((text) => text.toString("latin1") === "negate_v1\0")
        const changed = renamed(file, /^negate(_v1)?\0$/, versioned ? `${name}_v1` : name)
        expect(refusal(changed)).toContain(
          `stablehlo.${name}`.replace("stablehlo", versioned ? "vhlo" : "stablehlo")
        )
      }
    }
  )

  it.each(["mhlo", "xla_cpu", "arith", "tensor", "shape", "ml_program", "quant", "llvm", "gpu"])(
    "with the dialect %s",
    (dialect) => {
      for (const [, file] of calls)
        expect(refusal(renamed(file, /^(?:vhlo|stablehlo)\0$/, dialect))).toBeDefined()
    }
  )

  it("that holds attributes as text, in whichever dialect: the compiler reads them, and the worker does not", async (context) => {
    let [made, compiled] = [0, 0]
    expect(refusal(notedProgram)).toBeUndefined()
    // The one attribute of a dialect that has no operations here, under names of dialects that are allowed.
    const index = texts(notedProgram).findIndex((text) => text.toString("latin1") === "chlo\0")
    for (const dialect of ["chlo", "quant", "sdy", "vhlo", "builtin"])
      for (const text of asTexts) {
        const named = withTexts(notedProgram, (each, i) => (i === index ? Buffer.from(`${dialect}\0`) : each))
        const code = withEntries(named, (entry) =>
          entry.dialect === 3 ? { ...entry, content: Buffer.from(`${text}\0`), ownForm: false } : entry
        )
        const verdict = await compiler.compile(code)
        if (verdict !== "ended" && "opcodes" in verdict) compiled++
        expect(refusal(code), `${text} of ${dialect}`).toContain("as text")
        made++
      }
    expect(compiled).toBeGreaterThan(10)
    countAttacks(context, made)
  })

  it("with sections twice, unknown, aligned, left out, or with bytes behind", (context) => {
    let made = 0
    for (const file of seeds) {
      const { head, parts } = split(file)
      for (const [at, part] of parts.entries()) {
        const padded = { ...part, content: Buffer.concat([part.content, Buffer.from([1])]) }
        const changed = [
          [...parts, part],
          [...parts, { ...part, id: 9 }],
          parts.map((each, i) => (i === at ? { ...each, id: each.id | 0x80 } : each)),
          parts.map((each, i) => (i === at ? padded : each))
        ]
        for (const each of changed) {
          expect(refusal(join(head, each))).toContain("cannot be read")
          made++
        }
      }
      expect(refusal(Buffer.concat([file, Buffer.from([0])]))).toContain("cannot be read")
      expect(
        refusal(Buffer.concat([head.subarray(0, 4), varint(7), head.subarray(5), file.subarray(head.length)]))
      ).toContain("its version is 7")
      made += 2
    }
    countAttacks(context, made)
  })
})

describe("mutants of bytecode", () => {
  it("10,000 of them: what passes and compiles is what the screen saw", async (context) => {
    let [count, taken] = [0, 0]
    for (const code of mutants(10_000)) {
      count++
      const found = screen(code, true, defaultLimits)
      if (found instanceof Error) continue
      taken++
      // Compiling takes long: some of them, here; scripts/check-screen.py holds all against MLIR.
      if (taken % 40 !== 0) continue
      const verdict = await compiler.compile(code)
      if (verdict === "ended" || "refused" in verdict) continue
      expect(verdict.opcodes.filter((opcode) => reaching.test(opcode))).toEqual([])
      if (verdict.opcodes.includes("while")) expect(found.loops).toBe(true)
    }
    expect(taken).toBeGreaterThan(1000)
    countAttacks(context, count)
  })
})
