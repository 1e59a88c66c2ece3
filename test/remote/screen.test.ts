import { describe, expect, it } from "vitest"
import { BytecodeFault } from "../../pjrt/formats/bytecode.ts"
import { readBytecode } from "../../pjrt/formats/bytecode-file.ts"
import { operationsOf } from "../../pjrt/formats/bytecode-operations.ts"
import { defaultLimits, type Limits } from "../../pjrt/serve/worker/limits.ts"
import { screen } from "../../pjrt/serve/worker/screen.ts"
import { nestedBytecode, programs, shortFloats, wanted } from "../support/bytecode.ts"

/** What the worker says of a program: why it refuses it, or undefined. */
const said = (code: Uint8Array, bytecode: boolean, limits: Limits): string | undefined => {
  const found = screen(code, bytecode, limits)
  return found instanceof Error ? found.message : undefined
}

const measured = (code: Uint8Array) => {
  const { operations, nesting } = operationsOf(readBytecode(code), 256)
  return { operations: operations.length, nesting }
}

describe("text is looked at before it is compiled", () => {
  const fault = (code: string) => said(new TextEncoder().encode(code), false, defaultLimits)

  it.each([
    `%0 = stablehlo.custom_call @x() : () -> tensor<f32>`,
    `%0 = "stablehlo.custom_call"() : () -> tensor<f32>`,
    `%0 = "stablehlo.custom\\5Fcall"() : () -> tensor<f32>`,
    `%0 = "\\73tablehlo.custom_call"() : () -> tensor<f32>`,
    `%0 = "vhlo.custom_call_v1"()`,
    `%0 = mhlo.custom_call @x()`,
    `"stablehlo.infeed"(%t)`,
    `%0 = stablehlo.outfeed %x`,
    `%0 = "stablehlo.send"(%x)`,
    `%0 = stablehlo.recv %x`
  ])("%s is refused", (code) => {
    expect(fault(`module { ${code} }`)).toContain("which this worker does not run")
  })

  it("which is none of MLIR's where a name is apart", () => {
    expect(fault("module { %0 = stablehlo . custom_call @x() }")).toContain("is none of MLIR's")
  })

  it("how deep they are nested, within texts too; comments do not count", () => {
    expect(fault(`${"(".repeat(300)}${")".repeat(300)}`)).toContain("nested 257 deep")
    expect(fault(`"${"(".repeat(300)}"`)).toContain("nested 300 deep")
    expect(fault(`"${"(".repeat(200)}" "${"(".repeat(200)}" // ${"{".repeat(300)}\n`)).toBeUndefined()
    expect(fault(`${"(a) -> b ".repeat(300)}`)).toBeUndefined()
  })
})

describe("loops", () => {
  const encode = (text: string) => new TextEncoder().encode(text)

  it.each([
    "stablehlo.while(%i = %0)",
    '"stablehlo.while"(%0)',
    '"stablehlo.\\77hile"(%0)',
    '"vhlo.while_v1"(%0)'
  ])("are found in %s", (code) => expect(screen(encode(code), false, defaultLimits)).toEqual({ loops: true }))

  it("are found in bytecode, and in no program without", () => {
    for (const program of Object.values(programs))
      expect(screen(program, true, defaultLimits)).toEqual({ loops: true })
    expect(screen(encode("stablehlo.add %0, %0"), false, defaultLimits)).toEqual({ loops: false })
  })
})

describe("bytecode is looked at before it is compiled", () => {
  const fault = (code: Uint8Array, limits: Partial<Limits> = {}) =>
    said(code, true, { ...defaultLimits, ...limits })
  const some = programs["version 6"]!

  it.each(Object.keys(programs))(
    "of %s: its operations and how deep they lie are those that MLIR counts",
    (name) => {
      expect(measured(programs[name]!)).toEqual(wanted)
    }
  )

  it("for floats of 4 or 6 bits, as text, bytecode and portable bytecode", () => {
    const of = (type: string) =>
      `module { func.func public @main(%a: tensor<4x${type}>) -> tensor<4x${type}> { return %a : tensor<4x${type}> } }`
    for (const type of ["f4E2M1FN", "f6E2M3FN", "f6E3M2FN"])
      expect(said(new TextEncoder().encode(of(type)), false, defaultLimits), type).toContain(
        "floats of 4 or 6 bits"
      )
    for (const [i, bytes] of shortFloats.entries())
      expect(fault(bytes), `bytecode ${i}`).toContain("floats of 4 or 6 bits")
  })

  it("for operations that it may not have", () => {
    const calling = Buffer.from(some)
    calling.write("infeed_", calling.indexOf("reshape\0"), "latin1")
    expect(fault(calling)).toContain("stablehlo.infeed_, which this worker does not run")
    expect(fault(some)).toBeUndefined()
  })

  it("for how many operations it has, and how deep they lie", () => {
    expect(fault(some, { operations: wanted.operations })).toBeUndefined()
    expect(fault(some, { operations: wanted.operations - 1 })).toContain(`${wanted.operations} operations`)
    expect(fault(some, { nesting: wanted.nesting })).toBeUndefined()
    expect(fault(some, { nesting: wanted.nesting - 1 })).toContain(`nested ${wanted.nesting} deep`)
    expect(fault(nestedBytecode(1_000_000))).toContain("nested 257 deep")
  })

  it.each([
    ["is none", Buffer.from("module {}"), "does not begin as bytecode does"],
    ["is of a later version", Buffer.from(some).fill(15, 4, 5), "its version is 7"],
    ["has no end", some.subarray(0, 5), "ends too early"],
    ["has nothing in it", some.subarray(0, some.indexOf(0) + 1), "has no operations"],
    [
      "has more sections than one",
      Buffer.concat([some, Buffer.from([4, 3, 3])]),
      "two sections of operations"
    ]
  ])("and not compiled where it %s", (_, code, says) => {
    expect(fault(code)).toContain(says)
  })

  it("wherever it is cut or changed", () => {
    for (let length = 0; length < some.length - 1; length++)
      try {
        measured(some.subarray(0, length))
      } catch (error) {
        expect(error).toBeInstanceOf(BytecodeFault)
      }
    let seed = 1
    const random = (below: number) => {
      seed = (seed * 48271) % 2147483647
      return seed % below
    }
    let refused = 0
    for (let i = 0; i < 10_000; i++) {
      const changed = Buffer.from(some)
      for (let k = 0; k <= random(4); k++) changed[random(changed.length)] = random(256)
      try {
        const { operations } = measured(changed)
        // Each operation takes three bytes or more.
        expect(operations).toBeLessThan(changed.length / 3)
      } catch (error) {
        expect(error).toBeInstanceOf(BytecodeFault)
        refused++
      }
    }
    expect(refused).toBeGreaterThan(100)
  })
})
