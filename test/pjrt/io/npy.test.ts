import { appendFileSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { type DType, dtypes } from "../../../dsl/dtype.ts"
import {
  type AnyNdArray,
  NdArray,
  ndarray,
  readNpy,
  readNpz,
  writeNpy,
  writeNpz
} from "../../../pjrt/io/index.ts"
import { bf16, f32, f64, i32, i64 } from "../../../pjrt/loopcarry.ts"
import { testFolder } from "../../support/files.ts"
import { failure } from "../../support/run.ts"
import { zip } from "../../support/zip.ts"

const { at, names } = testFolder()
const run = Effect.runPromise

const everyDType = Object.keys(dtypes) as ReadonlyArray<DType>
const counted = (dtype: DType): NdArray =>
  new NdArray(
    dtype,
    [2, 3],
    Uint8Array.from({ length: 6 * dtypes[dtype].bytes }, (_, i) => (dtype === "bool" ? i & 1 : i))
  )

const fixtures: ReadonlyArray<{
  readonly name: string
  readonly file: string
  readonly dtype?: string
  readonly data?: string
}> = JSON.parse(readFileSync(new URL("../../fixtures/npy.json", import.meta.url), "utf8")).cases

describe("arrays", () => {
  it("are made of data that fit, and share a typed array's memory", () => {
    const data = Float32Array.of(1, 2)
    const x = ndarray(f32(2), data)
    data[0] = 5
    expect(x.data).toEqual(Float32Array.of(5, 2))
    expect(`${x}`).toBe("f32[2]")
    expect(ndarray(bf16(2), [1, 0.1]).data).toEqual(Float32Array.of(1, 0.10009765625))
    expect(() => ndarray(f32(2), [1])).toThrow("data has 1 item, but axis 0 of f32[2] has 2")
    expect(() => ndarray(3 as never, [1])).toThrow("spec is 3, not a spec")
  })

  it.each(everyDType)("of %s come back from npy and npz bit for bit", async (dtype) => {
    const array = counted(dtype)
    await run(writeNpy(at("a.npy"), array))
    await run(writeNpz(at("a.npz"), { x: array, "y/z": array }))
    expect(await run(readNpy(at("a.npy")))).toEqual(array)
    expect(await run(readNpz(at("a.npz")))).toEqual({ x: array, "y/z": array })
  })

  it("have the dtype of their spec, or one that tells the type of their data", async () => {
    await run(writeNpy(at("typed.npy"), ndarray(i64(2), [1, 2])))
    const exact = await run(readNpy(at("typed.npy"), i64(2)))
    const data: BigInt64Array = exact.data
    const shape: readonly [2] = exact.shape
    expect([data, shape]).toEqual([BigInt64Array.of(1n, 2n), [2]])
    const any: AnyNdArray = await run(readNpy(at("typed.npy")))
    if (any.dtype !== "i64") throw new Error("it is i64")
    const narrowed: BigInt64Array = any.data
    expect(narrowed[1]).toBe(2n)
  })

  it("other than their specs are refused", async () => {
    await run(writeNpz(at("specs.npz"), { x: ndarray(f32(2), [1, 2]), n: ndarray(i32(), 3) }))
    const { n } = await run(readNpz(at("specs.npz"), { n: i32() }))
    expect(n.data).toEqual(Int32Array.of(3))
    const message = async (specs: never) => (await run(failure(readNpz(at("specs.npz"), specs)))).message
    expect(await message({ x: f64(2) } as never)).toContain("x is f32[2], but f64[2] was asked for")
    expect(await message({ z: f64(2) } as never)).toContain('it has no array "z"')
    await run(writeNpy(at("specs.npy"), ndarray(f32(2), [1, 2])))
    const error = await run(failure(readNpy(at("specs.npy"), f32(3))))
    expect(error).toMatchObject({ _tag: "MismatchError", file: at("specs.npy") })
    expect((await run(failure(readNpy(at("specs.npy"), 3 as never))))._tag).toBe("ArgumentError")
  })
})

describe("files", () => {
  it("of NumPy are read as the fixtures say", async () => {
    expect(fixtures.length).toBeGreaterThan(100)
    for (const { name, file, dtype, data } of fixtures) {
      writeFileSync(at("numpy.npy"), Buffer.from(file, "base64"))
      const read = await run(Effect.result(readNpy(at("numpy.npy"))))
      expect(read._tag, name).toBe(dtype === undefined ? "Failure" : "Success")
      if (read._tag === "Failure") expect(read.failure._tag).toBe("FormatError")
      else expect(Buffer.from(read.success.bytes).toString("base64")).toBe(data)
    }
  })

  it("may be compressed archives", async () => {
    await run(writeNpy(at("one.npy"), counted("f32")))
    writeFileSync(at("packed.npz"), zip({ "x.npy": readFileSync(at("one.npy")) }))
    expect(await run(readNpz(at("packed.npz")))).toEqual({ x: counted("f32") })
  })

  it("that are damaged, cut short or of another kind are refused", async () => {
    await run(writeNpz(at("good.npz"), { x: counted("f64") }))
    const good = readFileSync(at("good.npz"))
    const refused = async (bytes: Uint8Array) => {
      writeFileSync(at("bad.npz"), bytes)
      return run(failure(readNpz(at("bad.npz"))))
    }
    const flipped = Buffer.from(good)
    flipped[200]! ^= 1
    expect((await refused(flipped)).message).toContain("CRC-32")
    for (const length of [0, 1, 50, good.length - 1])
      expect((await refused(good.subarray(0, length)))._tag).toBe("FormatError")
    expect((await refused(zip({ "x.txt": Buffer.from("x") }))).message).toContain("member x.txt is no array")
    expect((await refused(zip({ "x.npy": Buffer.from("x") }))).message).toContain(
      "member x.npy: not an .npy file"
    )
    expect((await refused(zip({ "x.npy": Buffer.alloc(0) }))).message).toContain("not an .npy file")
  })

  it("are written whole, through links", async () => {
    symlinkSync("target.npy", at("link.npy"))
    await run(writeNpy(at("link.npy"), counted("u8")))
    expect(await run(readNpy(at("target.npy")))).toEqual(counted("u8"))
    appendFileSync(at("target.npy"), "more")
    expect(await run(readNpy(at("target.npy")))).toEqual(counted("u8"))
    expect((await run(failure(writeNpy(at("x"), [1] as never)))).message).toContain(
      "array is [1], not an array of this process"
    )
    expect(names().filter((name) => name.startsWith("."))).toEqual([])
  })
})
