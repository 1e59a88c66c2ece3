import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { calls, structs } from "../../native/abi.gen.ts"
import { addressOf, copyFrom, textFrom } from "../../native/ffi.ts"
import { Args, Block, readInt32s, readWords, struct, textBlock, words } from "../../native/struct.ts"

describe("memory at fixed addresses", () => {
  it("words hold every address and size up to 2^53", () => {
    const block = new Block(8)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (value) => {
        block.setWord(0, value)
        expect(block.getWord(0)).toBe(value)
        expect(readWords(block.address, 1)).toEqual([value])
      })
    )
  })

  it("C sees what was written, through the address", () => {
    const { block, length } = textBlock("naïve ✓")
    expect(textFrom(block.address, length)).toBe("naïve ✓")
    const list = words([1, 2, 2 ** 40])
    expect(readWords(list.address, 3)).toEqual([1, 2, 2 ** 40])
    const ints = new Block(8)
    ints.setInt32(0, -5)
    ints.setInt32(4, 7)
    expect(readInt32s(ints.address, 2)).toEqual([-5, 7])
  })

  it("addresses stay put under garbage collection", () => {
    const blocks = Array.from({ length: 1000 }, (_, i) => {
      const block = new Block(16)
      block.setWord(0, i)
      return block
    })
    for (let i = 0; i < 200; i++) new Uint8Array(1 << 16).fill(1)
    blocks.forEach((block, i) => {
      expect(addressOf(block.bytes)).toBe(block.address)
      expect(copyFrom(block.address, 8)[0]).toBe(i & 255)
    })
  })
})

describe("PJRT structures", () => {
  it("every Args starts with its struct_size and is otherwise zero", () => {
    for (const name of Object.keys(calls) as Array<keyof typeof calls>) {
      const args = new Args(name)
      expect(args.block.getWord(0)).toBe(calls[name].size)
      expect(args.block.bytes.subarray(8).every((byte) => byte === 0)).toBe(true)
      expect(args.block.bytes.length).toBeGreaterThanOrEqual(calls[name].size)
    }
  })

  it("fields are written at their generated offsets", () => {
    const program = struct("Program").fill("code", "code_size", textBlock("module {}"))
    expect(program.block.getWord(structs.Program.code_size)).toBe(9)
    expect(textFrom(program.block.getWord(structs.Program.code), 9)).toBe("module {}")
  })
})
