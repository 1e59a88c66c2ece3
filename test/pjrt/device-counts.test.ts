import { describe, expect, it } from "vitest"
import { CompileError } from "../../pjrt/backend/errors.ts"
import { readJaxExport } from "../../pjrt/formats/jax-export.ts"
import { countsOf } from "../../pjrt/module/device-counts.ts"
import { programs } from "../support/bytecode.ts"
import { manual, partitions, products, replicas, unattributed, uncounted } from "../support/devices.ts"

const module = (attributes: string, body = "") => `${attributes} module ${body}`
const counts = (code: string | Uint8Array) => {
  const found = countsOf({ code })
  return found instanceof CompileError ? found.message : [found.replicas, found.partitions]
}

describe("for how many devices a program is", () => {
  it.each(Object.entries(replicas))("two replicas, as %s", (_, code) => {
    expect(counts(code)).toEqual([2, 1])
  })

  it.each(Object.entries({ ...partitions }))("two partitions, as %s", (_, code) => {
    expect(counts(code)).toEqual([1, 2])
  })

  it.each(Object.entries(unattributed))("by its sharding alone, as %s", (_, code) => {
    expect(counts(code)).toEqual([1, 2])
  })

  it.each(Object.entries(uncounted))("not said, as %s: is a refusal, for it has collectives", (_, code) => {
    expect(counts(code)).toContain("does not say for how many devices it is")
  })

  it.each(Object.entries(programs))("one, in bytecode of %s", (_, code) => {
    expect(counts(new Uint8Array(code))).toEqual([1, 1])
  })

  it("four, by a mesh of JAX's", () => {
    for (const { file, text } of [products, manual]) {
      expect(counts(text)).toEqual([1, 4])
      expect(counts(readJaxExport(file).module)).toEqual([1, 4])
    }
  })

  it.each([
    ["module {}", [1, 1]],
    ["module attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {}", [1, 1]],
    ["module attributes {mhlo.num_partitions = 3 : i32, mhlo.num_replicas = 2 : i32} {}", [2, 3]],
    ["module attributes {mhlo.num_replicas=2:i32} {}", [2, 1]],
    [
      "module attributes {mhlo.num_replicas = 3 : i32} {replica_groups = dense<[[0, 1], [2, -1]]> : tensor<2x2xi64>}",
      [3, 1]
    ],
    ["module attributes {mhlo.num_replicas = 0x2 : i32} {}", [2, 1]],
    ['module attributes {"mhlo.num_replicas" = 2 : i32} {}', [2, 1]],
    ["#n = 2 : i32\nmodule attributes {mhlo.num_replicas = #n} {}", [2, 1]],
    ['"builtin.module"() ({}) {mhlo.num_replicas = 2 : i32} : () -> ()', [2, 1]],
    ["// mhlo.num_replicas = 2\nmodule {}", [1, 1]],
    ["module attributes { // c \r mhlo.num_replicas = 2 : i32\n} {}", [2, 1]],
    ['module attributes {"mhlo\\2Enum_re\\70licas" = 2 : i32} {}', [2, 1]],
    ['module attributes {note = "mhlo.num_replicas = 2 : i32"} {}', [1, 1]],
    ['module attributes {note = "a // b", mhlo.num_replicas = 2 : i32} {}', [2, 1]],
    ['module { sdy.mesh @mesh = <["x"=2, "y"=4]> }', [1, 8]],
    ['module { "sdy.mesh"() <{mesh = #sdy.mesh<["x"=2]>, sym_name = "m"}> : () -> () }', [1, 2]],
    ['module { sdy.mesh @mesh = <["x"=1]> }', [1, 1]],
    ["module { sdy.mesh @mesh = <[], device_ids=[0]> }", [1, 1]],
    [
      'module attributes {mhlo.frontend_attributes = {xla.sdy.meshes = "{mesh = #sdy.mesh<[\\22x\\22=2]>}"}} {}',
      [1, 2]
    ],
    ['%x {mhlo.sharding = "{devices=[2,1]<=[2]}"}', [1, 2]],
    ['%x {mhlo.sharding = "{devices=[1,2,2]0,1,2,3 last_tile_dim_replicate}"}', [1, 4]],
    ['%x {mhlo.sharding = "{replicated}"}', [1, 1]],
    ["%x {mhlo.sharding = \"{mesh['x'=2,'y'=3], [{'x'}, {}]}\"}", [1, 6]],
    ['"stablehlo.all_reduce"(%x) {replica_groups = dense<0> : tensor<1x1xi64>}', [1, 1]],
    ['"stablehlo.all_reduce"(%x) {replica_groups = dense<> : tensor<0x0xi64>}', [1, 1]]
  ])("%s", (text, wanted) => {
    expect(counts(text)).toEqual(wanted)
  })

  it.each([
    ["module attributes {mhlo.num_replicas = 0 : i32} {}", "mhlo.num_replicas is 0"],
    ["module attributes {mhlo.num_replicas = #nowhere} {}", "mhlo.num_replicas is #nowhere"],
    ["module attributes {mhlo.num_replicas = -1 : i32} {}", "mhlo.num_replicas is -1"],
    ["#n = -2 : i32\nmodule attributes {mhlo.num_partitions = #n} {}", "mhlo.num_partitions is -2"],
    [
      "module attributes {mhlo.num_partitions = 9223372036854775807 : i64} {}",
      "mhlo.num_partitions is 9223372036854775807"
    ],
    [
      "module attributes {mhlo.num_partitions = 2147483647 : i32, mhlo.num_replicas = 2147483647 : i32} {}",
      "is for 2147483647 x 2147483647 devices (replicas x partitions), more than XLA counts"
    ],
    ["replica_groups = dense<[[-7]]> : tensor<1x1xi64>", "a collective of the program names device -7"],
    ["replica_groups = dense<[[0, -2]]> : tensor<1x2xi64>", "names device -2"],
    ["source_target_pairs = dense<[[0, -1]]> : tensor<1x2xi64>", "names device -1"],
    ["replica_groups = dense<9223372036854775807> : tensor<1x1xi64>", "names device 9223372036854775807"],
    [
      'module attributes {mhlo.num_partitions = 2 : i32} { sdy.mesh @mesh = <["x"=4]> }',
      "shardings are for 4 devices, but it is for 1 x 2"
    ],
    [
      "{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}",
      "collectives are for 2 devices, but it is for 1 x 1"
    ],
    [
      '{replica_groups = dense<"0x00000000000000000100000000000000"> : tensor<1x2xi64>}',
      "collectives are for 2 devices, but it is for 1 x 1"
    ],
    [
      "{source_target_pairs = dense<[[0, 2], [2, 0]]> : tensor<2x2xi64>}",
      "collectives are for 3 devices, but it is for 1 x 1"
    ]
  ])("%s contradicts itself", (text, why) => {
    expect(counts(text)).toContain(why)
  })

  it("is read in a time that grows with the text alone", () => {
    const many = 200_000
    const odd = [
      `${'\\"'.repeat(many)}`,
      `"${'\\"'.repeat(many)}`,
      `sdy ${'mesh <["x"=2 '.repeat(many)}`,
      `sdy <[${'"x"=2    '.repeat(many)}`,
      `${"replica_groups = dense<".repeat(many)}`,
      `sdy devices=[${"1,".repeat(many)}`,
      `mhlo.num_replicas = #a\n${" \n".repeat(many)}`,
      `sdy dense<"0x${"0".repeat(64 * many)}">`
    ]
    for (const text of odd) countsOf({ code: text })
    expect(counts("mhlo.num_replicas = 2 ".repeat(many))).toContain("is given 200000 times")
  })

  it.each(Object.entries({ ...replicas, ...programs }).filter(([, code]) => typeof code !== "string"))(
    "is never read beyond the end of what is cut or changed: %s",
    (_, code) => {
      const whole = new Uint8Array(code as Uint8Array)
      for (let length = 0; length < whole.length; length += 7) countsOf({ code: whole.slice(0, length) })
      for (let at = 0; at < whole.length; at++) {
        const changed = whole.slice()
        changed[at] = 255 - changed[at]!
        const found = countsOf({ code: changed })
        if (found instanceof CompileError) continue
        expect(Math.min(found.replicas, found.partitions)).toBeGreaterThan(0)
      }
    }
  )

  it("a mesh that is given must be as large", () => {
    const partitioning = { mesh: { axes: { x: 2 } }, in: [], out: [] }
    const of = (count: number) =>
      countsOf({ code: module(`{mhlo.num_partitions = ${count} : i32}`), partitioning })
    expect(of(2)).toEqual({ replicas: 1, partitions: 2 })
    expect(of(4)).toBeInstanceOf(CompileError)
    expect(countsOf({ code: module(""), partitioning })).toEqual({ replicas: 1, partitions: 2 })
  })
})
