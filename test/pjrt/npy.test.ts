import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { NpyError, readNpy } from "../../pjrt/formats/npy.ts"
import { writeNpz } from "../../pjrt/formats/npz.ts"
import { thrown } from "../support/run.ts"

interface Case {
  readonly name: string
  /** The file, in base64. */
  readonly file: string
  /** What numpy.load gives: an array, in base64 and row-major. */
  readonly dtype?: string
  readonly shape?: ReadonlyArray<number>
  readonly data?: string
  /** Or NumPy's own name of a dtype that there is not here, or of its error. */
  readonly unsupported?: string
  readonly refused?: string
}

const fixture: { readonly numpy: string; readonly cases: ReadonlyArray<Case> } = JSON.parse(
  readFileSync(new URL("../fixtures/npy.json", import.meta.url), "utf8")
)

/** Some of the cases by their names. */
const named = (name: string): Case => {
  const found = fixture.cases.find((each) => each.name === name)
  if (found === undefined) throw new Error(`there is no case ${name}`)
  return found
}

const read = ({ file }: Case) => {
  const { dtype, shape, bytes } = readNpy(Buffer.from(file, "base64"))
  return { dtype, shape: [...shape], data: Buffer.from(bytes).toString("base64") }
}

describe(`npy files, as NumPy ${fixture.numpy} reads them`, () => {
  const taken = fixture.cases.filter(({ dtype }) => dtype !== undefined)
  const refused = fixture.cases.filter(({ dtype }) => dtype === undefined)

  it.each(taken)("$name is read", (one) => {
    expect(read(one)).toEqual({ dtype: one.dtype, shape: one.shape, data: one.data })
  })

  it.each(refused)("$name is refused", ({ file }) => {
    expect(thrown(() => readNpy(Buffer.from(file, "base64")))).toBeInstanceOf(NpyError)
  })

  it("has what it must have of both kinds", () => {
    for (const name of ["python 2 longs", "double quotes", "dtype 'float32'", "dtype '>f4'", "version 3.0"])
      expect(named(name).dtype).toBe("f32")
    for (const name of ["version 9.0", "shape (6)", "extra key", "longs in version 3", "dtype 'O'"])
      expect(named(name).dtype).toBeUndefined()
  })

  it.each([
    ["version 9.0", "is of version 9.0 of the format; 1.0, 2.0 and 3.0 are known"],
    ["shape (6)", "shape is no tuple of sizes"],
    ["extra key", "its keys are not descr, fortran_order and shape"],
    ["fortran 1", "fortran_order is neither True nor False"],
    ["unclosed", "not understood from its character"],
    ["record", "holds records"],
    ["dtype 'U2'", "elements of type U2"],
    ["short by one", "f32[2,3] needs 24 bytes of data, but 23 follow"],
    ["header of 10001", "10000 are the most"]
  ])("%s: says why", (name, why) => {
    expect(thrown(() => read(named(name))).message).toContain(why)
  })
})

describe("an .npz file of more members than 16 bits count", () => {
  it("has their number in an end of 64 bits", () => {
    const member = { dtype: "u8", shape: [], bytes: Uint8Array.of(1) } as const
    const arrays = Object.fromEntries(Array.from({ length: 65_536 }, (_, i) => [`a${i}`, member]))
    const end = Buffer.from(writeNpz(arrays)).subarray(-98)
    expect(end.readUInt32LE(0)).toBe(0x06064b50)
    expect(end.readBigUInt64LE(32)).toBe(65_536n)
  })
})
