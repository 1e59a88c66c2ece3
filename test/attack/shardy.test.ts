import { describe, expect, it } from "vitest"
import { countsOf } from "../../pjrt/module/device-counts.ts"
import { screenForeign } from "../../pjrt/module/screen/read.ts"
import { countAttacks } from "../support/attack.ts"
import { refusal } from "../support/refusal.ts"

const quoted = JSON.stringify
const type = "(tensor<8xf32>) -> tensor<8xf32>"
const told = (key: string, value: string) => `mhlo.frontend_attributes = {xla.sdy.${key} = ${value}}`
const meshes = (text: string) => told("meshes", quoted(text))
const mesh = meshes('{mesh = #sdy.mesh<["a"=1]>}')
const module = (body: string, attributes = mesh, parameter = "") =>
  `module attributes {${attributes}} { func.func public @main(%x: tensor<8xf32> ${parameter}) -> tensor<8xf32> { ${body} return %y : tensor<8xf32> } }`
const noted = (attributes: string) =>
  `%y = stablehlo.custom_call @xla.sdy.FuncResultSharding(%x) {has_side_effect = true, ${attributes}} : ${type}`
const result = (text: string) => noted(told("sharding", quoted(text)))
const per = (text: string) => result(`#sdy.sharding_per_value<[${text}]>`)
const good = per('<@mesh, [{"a"}]>')
const passing = "%y = stablehlo.negate %x : tensor<8xf32>"
const taken = (text: string) => module(passing, mesh, `{${told("sharding", quoted(text))}}`)

/** Most of these ended the process that compiled them. */
const wrong: Readonly<Record<string, string>> = {
  "no sharding": module(noted('mhlo.frontend_attributes = {a = "b"}')),
  "one in another attribute": module(
    noted(
      `mhlo.frontend_attributes = {a = "b"}, jax.a = {xla.sdy.sharding = ${quoted('#sdy.sharding_per_value<[<@mesh, [{"a"}]>]>')}}`
    )
  ),
  garbage: module(result("garbage")),
  "an empty text": module(result("")),
  "that of one value": module(result('#sdy.sharding<@mesh, [{"a"}]>')),
  "none in the list": module(per("")),
  "two in the list": module(per('<@mesh, [{"a"}]>, <@mesh, [{"a"}]>')),
  "another mesh": module(per('<@other, [{"a"}]>')),
  "another axis": module(per('<@mesh, [{"z"}]>')),
  "a part of an axis that there is not": module(per('<@mesh, [{"a":(3)2}]>')),
  "a priority that is too large": module(per('<@mesh, [{"a"}p9999999999999999999999]>')),
  "a number": module(noted(told("sharding", "1 : i32"))),
  "an escape that there is none of": module(result('#sdy.sharding_per_value<[<@mesh, [{\\q"a"}]>]>')),
  "something behind it": module(result('#sdy.sharding_per_value<[<@mesh, [{"a"}]>]> more')),
  "no meshes": module(good, 'jax.a = "b"'),
  "meshes in another attribute": module(good, `jax.a = {${mesh}}`),
  "meshes of garbage": module(good, meshes("garbage")),
  "meshes of no text": module(good, told("meshes", "1 : i32")),
  "empty meshes": module(passing, meshes("")),
  "a mesh of -1": module(good, meshes('{mesh = #sdy.mesh<["a"=-1]>}')),
  "a mesh of 0": module(good, meshes('{mesh = #sdy.mesh<["a"=0]>}')),
  "a mesh of 2^64": module(good, meshes('{mesh = #sdy.mesh<["a"=4611686018427387904, "b"=4]>}')),
  "an axis twice": module(good, meshes('{mesh = #sdy.mesh<["a"=1, "a"=1]>}')),
  "other devices": module(good, meshes('{mesh = #sdy.mesh<["a"=1], device_ids=[7]>}')),
  "a parameter's garbage": taken("garbage"),
  "a parameter's list": taken('#sdy.sharding_per_value<[<@mesh, [{"a"}]>]>'),
  "a parameter's mesh": taken('#sdy.sharding<@no, [{"a"}]>'),
  "a parameter's axis": taken('#sdy.sharding<@mesh, [{"z"}]>')
}

const right: Readonly<Record<string, string>> = {
  "a result": module(good),
  "a result that may be divided": module(per("<@mesh, [{?}]>")),
  "escaped quotes": module(result('#sdy.sharding_per_value<[<@mesh, [{\\"a\\"}p1]>]>')),
  "a mesh in it": module(per('<mesh<["a"=1]>, [{}], replicated={"a"}>')),
  "a parameter": taken('#sdy.sharding<@mesh, [{"a"}]>')
}

/** Functions that call one another, so many deep. */
const calls = (depth: number) =>
  `module { func.func public @main(%x: tensor<f32>) -> tensor<f32> { %y = call @f1(%x) : (tensor<f32>) -> tensor<f32> return %y : tensor<f32> }
${Array.from({ length: depth }, (_, i) => `func.func private @f${i + 1}(%x: tensor<f32>) -> tensor<f32> { ${i + 1 === depth ? "%y = stablehlo.negate %x : tensor<f32>" : `%y = call @f${i + 2}(%x) : (tensor<f32>) -> tensor<f32>`} return %y : tensor<f32> }`).join("\n")} }`
const rng = (number: string, zero: string) =>
  `module { func.func public @main() -> tensor<4x${number}> { %a = stablehlo.constant dense<${zero}> : tensor<${number}> %s = stablehlo.constant dense<4> : tensor<1xi64>
  %y = stablehlo.rng %a, %a, %s, distribution = UNIFORM : (tensor<${number}>, tensor<${number}>, tensor<1xi64>) -> tensor<4x${number}> return %y : tensor<4x${number}> } }`
const bounded = (bound: string) =>
  `module { func.func public @main(%x: tensor<?xf32, #stablehlo.bounds<${bound}>>) -> tensor<?xf32, #stablehlo.bounds<${bound}>> { return %x : tensor<?xf32, #stablehlo.bounds<${bound}>> } }`

describe("texts of Shardy's", () => {
  it("are refused where they are no such attributes, or say what is not there", (context) => {
    for (const [what, code] of Object.entries(wrong)) {
      expect(screenForeign(code)?.message, what).toContain("xla.sdy.")
      expect(refusal(code), what).toContain("xla.sdy.")
    }
    countAttacks(context, 2 * Object.keys(wrong).length)
  })

  it.each(Object.keys(right))("are taken: %s", (name) => {
    expect(screenForeign(right[name]!)).toBeUndefined()
    expect(refusal(right[name]!)).toBeUndefined()
  })
})

describe("what overruns or ends the compiler", () => {
  it("is refused, and what is nearly like it is not", (context) => {
    for (const [code, why] of [
      [calls(501), "call one another 501 deep"],
      [calls(5000), "call one another 5000 deep"],
      [rng("i4", "0"), "numbers of type i4"],
      [rng("i1", "false"), "numbers of type i1"],
      [rng("f8E5M2", "0.0"), "numbers of type f8E5M2"],
      [bounded("-4"), "at most -4"],
      [bounded("9223372036854775807"), "of more bytes than"]
    ] as const) {
      expect(screenForeign(code)?.message).toContain(why)
      expect(refusal(code)).toContain(why)
    }
    for (const code of [calls(500), rng("f32", "0.0"), rng("i32", "0"), bounded("4")])
      expect(screenForeign(code)).toBeUndefined()
    countAttacks(context, 7)
  })

  it("says how many partitions by a whole number alone", () => {
    for (const value of ['"x"', "[1]", "1.5", "0"])
      expect(countsOf({ code: `module attributes {mhlo.num_partitions = ${value}} {}` })).toMatchObject({
        _tag: "CompileError",
        message: expect.stringContaining("mhlo.num_partitions is")
      })
  })
})
