import { describe, expect, it } from "vitest"
import { unescaped } from "../../pjrt/formats/mlir-tokens.ts"

describe("a text of MLIR", () => {
  it("is the same text, whether its letters or their bytes are written", () => {
    for (const written of ['"é"', '"\\C3\\A9"', '"\\c3\\a9"']) expect(unescaped(written)).toBe("é")
    expect(unescaped('"\\66\\n\\\\43"')).toBe("f\n\\43")
    expect(unescaped('"é\\22"')).toBe('é"')
  })

  it("differs from others of other bytes, which need not be UTF-8", () => {
    const texts = ['"\\E9"', '"\\EF\\BF\\BD"', '"\\FF"', '"\\FE"', '"é"', '"\\C3"'].map(unescaped)
    expect(new Set(texts).size).toBe(texts.length)
  })
})
