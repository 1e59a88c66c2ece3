import { afterAll, describe, expect, it } from "vitest"
import { defaultLimits } from "../../pjrt/serve/worker/limits.ts"
import { screen } from "../../pjrt/serve/worker/screen.ts"
import { countAttacks } from "../support/attack.ts"
import { CompilerProcess } from "../support/compiler-process.ts"
import { reaching, refusal } from "../support/refusal.ts"
import { textMutants } from "../support/text-mutants.ts"

const compiler = new CompilerProcess()
afterAll(() => compiler.close())

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
  "two targets": main(`%y = stablehlo.custom_call @Sharding(%x) {call_target_name = "evil"} : ${type}`),
  "an alias of the target, and another target": main(
    `${generic} <{call_target_name = #t}> {call_target_name = "Sharding"} : ${type}`,
    '#t = "evil"'
  ),
  "another target behind it": main(
    `${generic} <{call_target_name = "evil"}> {call_target_name = "Sharding"} : ${type}`
  ),
  "an alias of its properties": main(`${generic} <#p> : ${type}`, '#p = {call_target_name = "evil"}'),
  "aliases of aliases": main(
    `${generic} <#q> : ${type}`,
    '#t = "evil"\n#s = #t\n#p = {"call_target_name" = #s}\n#q = #p'
  ),
  "the target of an attribute in it": main(
    `${generic} <{backend_config = {call_target_name = "Sharding"}, call_target_name = "evil"}> : ${type}`
  ),
  "a number of a result that is also an alias": main(
    `%r:2 = stablehlo.optimization_barrier %x, %x : tensor<8xf32>, tensor<8xf32>
     %y = "stablehlo.custom_call"(%r#1) <{call_target_name = "evil"}> : ${type}`,
    '#1 = {call_target_name = "Sharding"}'
  )
}

/** Texts that are no MLIR, or that MLIR reads in other dialects: refused all the same. */
const refusedTexts: Readonly<Record<string, string>> = {
  "portable StableHLO": main(
    `%y = "vhlo.custom_call_v1"(%x) <{call_target_name = #vhlo.string_v1<"evil">}> : ${type}`
  ),
  "portable StableHLO, which hides its attributes in others": `module { "vhlo.func_v1"() <{
    arg_attrs = #vhlo.array_v1<[#vhlo.dict_v1<{#vhlo.string_v1<"mhlo.x"> = #vhlo.string_v1<"y">}>]>, res_attrs = #vhlo.array_v1<[]>,
    function_type = #vhlo.type_v1<!vhlo.func_v1<(!vhlo.tensor_v1<8x!vhlo.f32_v1>) -> !vhlo.tensor_v1<8x!vhlo.f32_v1>>>,
    sym_name = #vhlo.string_v1<"main">, sym_visibility = #vhlo.string_v1<"public">}> ({ ^bb0(%x: !vhlo.tensor_v1<8x!vhlo.f32_v1>):
      "vhlo.return_v1"(%x) : (!vhlo.tensor_v1<8x!vhlo.f32_v1>) -> () }) : () -> () }`,
  "an alias of what the host runs": main(
    `%y = stablehlo.add %x, %x {mhlo.frontend_attributes = #f} : tensor<8xf32>`,
    '#f = {_xla_compute_type = "host"}'
  ),
  "a call of a value": `${main(`%f = constant @g : ${type} %y = call_indirect %f(%x) : ${type}`).replace(/\}\s*$/, "")}
    func.func private @g(%x: tensor<8xf32>) -> tensor<8xf32> { return %x : tensor<8xf32> } }`,
  "aliases that double thirty times": `#a0 = [1, 1]\n${Array.from({ length: 30 }, (_, i) => `#a${i + 1} = [#a${i}, #a${i}]`).join("\n")}\n${main(sum, "", "attributes {jax.a = #a30}")}`,
  "an alias of itself": `#a = 1\n#a = [#a]\n${main(sum, "", "attributes {jax.a = #a}")}`,
  "a note of a sharding, annotated only in an attribute": main(
    `%y = stablehlo.custom_call @xla.sdy.FuncResultSharding(%x) {jax.a = {mhlo.frontend_attributes = {a = "b"}}} : ${type}`
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

describe("mutants of text", () => {
  it("10,000 of them: what passes and compiles is what the screen saw", async (context) => {
    let [count, taken, compiled] = [0, 0, 0]
    for (const text of textMutants(10_000)) {
      count++
      const code = Buffer.from(text)
      const found = screen(code, false, defaultLimits)
      if (found instanceof Error) continue
      taken++
      // Compiling takes long: some of them, here; scripts/check-screen.py holds all against MLIR.
      if (taken % 50 !== 0) continue
      const verdict = await compiler.compile(code.toString())
      if (verdict === "ended" || "refused" in verdict) continue
      compiled++
      expect(verdict.opcodes.filter((opcode) => reaching.test(opcode))).toEqual([])
      if (verdict.opcodes.includes("while")) expect(found.loops).toBe(true)
    }
    expect(taken).toBeGreaterThan(1000)
    expect(compiled).toBeGreaterThan(15)
    countAttacks(context, count)
  })
})
