import { afterAll, describe, expect, it } from "vitest"
import { defaultLimits } from "../../pjrt/remote/worker/limits.ts"
import { screen } from "../../pjrt/remote/worker/screen.ts"
import { countAttacks } from "../support/attack.ts"
import { join, split, textsOf, varint, withTexts } from "../support/bytecode.ts"
import { CompilerProcess } from "../support/compiler-process.ts"
import { mutants, screenPrograms, seeds } from "../support/mutants.ts"

const compiler = new CompilerProcess()
afterAll(() => compiler.close())

/** Why a worker refuses a program; undefined where it takes it. */
const refusal = (code: Buffer | string): string | undefined => {
  const found = screen(Buffer.from(code), typeof code !== "string", defaultLimits)
  return found instanceof Error ? found.message : undefined
}

const calls = Object.entries(screenPrograms).filter(([name]) => name.startsWith("calls"))
const texts = (file: Buffer) => textsOf(split(file).parts.find(({ id }) => id === 0)!.content)
const renamed = (file: Buffer, from: RegExp, to: string) =>
  withTexts(file, (text) => (from.test(text.toString("latin1")) ? Buffer.from(`${to}\0`) : text))

/** What a worker must never have compiled, of what a compiler has made of a program. */
const reaching = /^(?:custom-call|infeed|outfeed|send|recv)/

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

const sum = `%y = stablehlo.add %x, %x : tensor<8xf32>`
const main = (body: string, before = "", attributes = "") =>
  `${before}\nmodule ${attributes} { func.func public @main(%x: tensor<8xf32>) -> tensor<8xf32> {\n${body}\nreturn %y : tensor<8xf32> } }`
const type = "(tensor<8xf32>) -> tensor<8xf32>"
const generic = `%y = "stablehlo.custom_call"(%x)`

/** Text that hides a custom call of `evil`, each of which the compiler's parser reads as one. */
const hidden: Readonly<Record<string, string>> = {
  "the plain form": main(`%y = stablehlo.custom_call @evil(%x) : ${type}`),
  "a quoted target": main(`%y = stablehlo.custom_call @"evil"(%x) : ${type}`),
  "the generic form": main(`${generic} {call_target_name = "evil"} : ${type}`),
  properties: main(`${generic} <{call_target_name = "evil"}> : ${type}`),
  "a quoted key": main(`${generic} <{"call_target_name" = "evil"}> : ${type}`),
  "an escaped key": main(`${generic} <{"call\\5Ftarget_name" = "evil"}> : ${type}`),
  "an escaped name": main(`%y = "stablehlo.custom\\5Fcall"(%x) <{call_target_name = "evil"}> : ${type}`),
  "an alias of the target": main(`${generic} <{call_target_name = #t}> : ${type}`, '#t = "evil"'),
  "a comment before the bracket": main(
    `%y = "stablehlo.custom_call" // (\n (%x) <{call_target_name = "evil"}> : ${type}`
  ),
  "a carriage return that ends a comment": main(
    `// hidden \r %y = stablehlo.custom_call @evil(%x) : ${type}`
  ),
  "a comment's sign in an attribute": main(
    `%z = stablehlo.add %x, %x {jax.a = #stablehlo.bounds<4 //>} : tensor<8xf32> %y = stablehlo.custom_call @evil(%x) {jax.b = array<i64: 1
    >} : ${type}`
  ),
  "a zero byte for a space": main(`%y =\0stablehlo.custom_call\0@evil(%x) : ${type}`),
  "behind a location": main(
    `%z = stablehlo.add %x, %x : tensor<8xf32> loc("("("x)":1:2)) %y = stablehlo.custom_call @evil(%x) : ${type}`
  ),
  "behind a text with quotes": main(
    `%z = stablehlo.add %x, %x {jax.a = "\\"//"} : tensor<8xf32> %y = stablehlo.custom_call @evil(%x) : ${type}`
  ),
  "two targets": main(`%y = stablehlo.custom_call @Sharding(%x) {call_target_name = "evil"} : ${type}`)
}

/** Texts that are no MLIR, or that MLIR reads in other dialects: refused all the same. */
const refusedTexts: Readonly<Record<string, string>> = {
  "portable StableHLO": main(
    `%y = "vhlo.custom_call_v1"(%x) <{call_target_name = #vhlo.string_v1<"evil">}> : ${type}`
  ),
  mhlo: main(`%y = mhlo.custom_call @evil(%x) : ${type}`),
  "a topk of mhlo": main(
    `%y:2 = mhlo.topk(%x, k = 900, largest = true) : tensor<8xf32> -> (tensor<900xf32>, tensor<900xi32>)`
  ),
  "TopK of more than there is": main(
    `%p:2 = stablehlo.custom_call @TopK(%x) {called_computations = []} : (tensor<8xf32>) -> (tensor<900xf32>, tensor<900xi32>)\n${sum}`
  ),
  "data from outside": main(`%y = stablehlo.constant dense_resource<blob> : tensor<8xf32>`),
  resources: `${main(sum)}\n{-# dialect_resources: { builtin: { blob: "0x0400000000" } } #-}`,
  "the host": main(
    `%y = stablehlo.add %x, %x {mhlo.frontend_attributes = {_xla_compute_type = "host"}} : tensor<8xf32>`
  ),
  prefetches: main(sum, "", "attributes {mhlo.cross_program_prefetches = []}"),
  "shardings of XLA's own": main(sum, "", 'attributes {mhlo.spmd_output_sharding = "bad"}'),
  "an attribute of mhlo": main(`%y = stablehlo.add %x, %x {jax.a = #mhlo.x<y>} : tensor<8xf32>`),
  "behind a location with an affine set": main(
    `%z = stablehlo.abs %x : tensor<8xf32> loc(fused<affine_set<(d0) : (d0 <= 0)>>["a"]) %y = stablehlo.custom_call @evil(%x) : ${type}`
  ),
  "behind an alias of such a location": `#l = loc(fused<affine_set<(d0) : (d0 <= 0)>>["a"])\n${main(`%y = stablehlo.custom_call @evil(%x) : ${type}`)}`,
  "brackets deeper than they look": main(
    sum,
    "",
    `attributes {jax.a = [${"affine_set<(d0) : (d0 >= 0)>, ".repeat(1000)}1], jax.b = ${"[".repeat(1000)}${"]".repeat(1000)}}`
  ),
  "a text that XLA parses by recursion": main(
    sum,
    "",
    `attributes {mhlo.frontend_attributes = {xla.sdy.meshes = "{a=${"[{a=".repeat(5000)}"}}`
  ),
  "such a text, its depth hidden by quotes": main(
    sum,
    "",
    `attributes {mhlo.frontend_attributes = {xla.sdy.meshes = "${`[\\22]\\22,`.repeat(5000)}"}}`
  ),
  "brackets that do not match": main(sum, "", "attributes {jax.a = [(])}"),
  "a result's sharding without attributes": main(
    `%y = stablehlo.custom_call @xla.sdy.FuncResultSharding(%x) : ${type}`
  )
}

describe("text in which a custom call is hidden", () => {
  it.each(Object.keys(hidden))("by %s", async (name) => {
    expect(refusal(hidden[name]!)).toContain("custom_call")
  })

  it("is read as one by the compiler", async (context) => {
    const unread: Array<string> = []
    for (const [name, code] of Object.entries(hidden)) {
      const verdict = await compiler.compile(code)
      if (verdict === "ended" || "opcodes" in verdict || !/custom call|custom_call/.test(verdict.refused))
        unread.push(name)
    }
    expect(unread).toEqual([])
    countAttacks(context, Object.keys(hidden).length)
  })

  it.each(Object.keys(refusedTexts))("or other things that reach out: %s", (name) => {
    expect(refusal(refusedTexts[name]!)).toBeDefined()
  })

  it("is not seen where it is only spoken of", () => {
    expect(refusal(main(`// stablehlo.custom_call @evil\n${sum}`))).toBeUndefined()
    expect(refusal(main(`${sum} loc("custom_call"("stablehlo.custom_call":1:2))`))).toBeUndefined()
    expect(
      refusal(main(`%y = stablehlo.add %x, %x {jax.a = "custom_call(x)"} : tensor<8xf32>`))
    ).toBeUndefined()
    expect(
      refusal(main(`%y = stablehlo.custom_call @Sharding(%x) {mhlo.sharding = "{replicated}"} : ${type}`))
    ).toBeUndefined()
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
