import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import * as Effect from "effect/Effect"
import { afterAll, describe, expect, it } from "vitest"
import { type DType, dtypes } from "../../../dsl/dtype.ts"
import { FormatError, NdArray, readSafetensors, writeSafetensors } from "../../../pjrt/io/index.ts"
import { bf16, f32, f64 } from "../../../pjrt/loopcarry.ts"
import { failure } from "../../support/run.ts"

interface Tensor {
  readonly kind: string
  readonly shape: ReadonlyArray<number>
  readonly data: string
}

interface Case {
  readonly name: string
  readonly file: string
  readonly metadata?: Readonly<Record<string, string>> | null
  /** What the library reads; null where it refuses the file. */
  readonly tensors: Readonly<Record<string, Tensor>> | null
}

const fixtures: { readonly files: ReadonlyArray<Case>; readonly cases: ReadonlyArray<Case> } = JSON.parse(
  readFileSync(new URL("../../fixtures/safetensors.json", import.meta.url), "utf8")
)

const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-safetensors-"))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string) => path.join(folder, name)

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, "base64"))

const dtypeOf: Readonly<Record<string, DType>> = Object.fromEntries(
  (Object.keys(dtypes) as ReadonlyArray<DType>).map((dtype) => [dtype.toUpperCase(), dtype])
)

const saved = ({ file }: Case): string => {
  writeFileSync(at("case"), bytesOf(file))
  return at("case")
}

/** What a file holds, in the library's words. */
const plain = (tensors: Readonly<Record<string, NdArray>>) =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape, bytes }]) => [
      name,
      { kind: dtype.toUpperCase(), shape, data: Buffer.from(bytes).toString("base64") }
    ])
  )

const named = (name: string) => fixtures.files.find((each) => each.name === name)!

describe("files of the library", () => {
  it.each(fixtures.files.filter(({ name }) => name !== "float8"))("$name: are read", async (file) => {
    const read = await Effect.runPromise(readSafetensors(saved(file)))
    expect(plain(read.tensors)).toEqual(file.tensors)
    expect(read.metadata).toEqual(file.metadata ?? {})
  })

  it.each(fixtures.files.filter(({ name }) => name !== "float8"))(
    "$name: are written byte for byte, from arrays in any order",
    async ({ file, tensors, metadata }) => {
      const arrays = Object.entries(tensors!).map(
        ([name, { kind, shape, data }]) => [name, new NdArray(dtypeOf[kind]!, shape, bytesOf(data))] as const
      )
      await Effect.runPromise(
        writeSafetensors(at("ours"), Object.fromEntries(arrays.reverse()), metadata ?? {})
      )
      expect(readFileSync(at("ours")).toString("base64")).toBe(file)
    }
  )

  it("hold dtypes that are none here: refused by name, and what is beside them is read", async () => {
    const file = saved(named("float8"))
    const error = await Effect.runPromise(failure(readSafetensors(file)))
    expect(error).toBeInstanceOf(FormatError)
    expect(error.message).toContain('tensor "x" is of dtype F8_E4M3, which loopcarry does not have')
    const { tensors } = await Effect.runPromise(readSafetensors(file, { y: f32(1) }))
    expect(tensors.y.data).toHaveLength(1)
  })
})

/**
 * What the library takes, and is refused here: what stands twice, dtypes that are none here, and two things that the
 * format does not have: a header that does not begin with {, and an entry that is a list.
 */
const stricter = /twice|^F4|^F6|^spaces before|^entry list/

describe("what the library says of other files", () => {
  it("is refused and taken, each often", () => {
    const taken = fixtures.cases.filter(({ tensors }) => tensors !== null).length
    expect(taken).toBeGreaterThan(20)
    expect(fixtures.cases.length - taken).toBeGreaterThan(200)
  })

  it("is said here too, with an error of its own", async () => {
    const apart: Array<string> = []
    for (const each of fixtures.cases) {
      const read = await Effect.runPromise(Effect.result(readSafetensors(saved(each))))
      if (read._tag === "Failure") {
        expect(read.failure).toBeInstanceOf(FormatError)
        if (each.tensors !== null && !stricter.test(each.name))
          apart.push(`${each.name}: only we refuse: ${read.failure.message}`)
      } else if (each.tensors === null) apart.push(`${each.name}: only the library refuses`)
      else expect(plain(read.success.tensors)).toEqual(each.tensors)
    }
    expect(apart).toEqual([])
  })
})

describe("writing", () => {
  const one = new NdArray("f32", [1], new Uint8Array(4))
  const words = (arrays: Readonly<Record<string, NdArray>>, metadata?: Readonly<Record<string, string>>) =>
    Effect.runPromise(Effect.map(failure(writeSafetensors(at("refused"), arrays, metadata)), String))

  it("refuses what the format does not take, and writes nothing", async () => {
    expect(await words({ x: new NdArray("c128", [], new Uint8Array(16)) })).toContain(
      'tensor "x" is of dtype c128, which the format does not have'
    )
    expect(await words({ __metadata__: one })).toContain("__metadata__ is no name for a tensor")
    expect(await words({ "\ud800": one })).toContain("a name is no Unicode text")
    expect(await words({ x: one }, { a: 1 as never })).toContain('"a" of the metadata is 1, not a text')
    expect(await words({ x: [1] as never })).toContain("arrays.x is [1], not an array of this process")
    expect(() => readFileSync(at("refused"))).toThrow("ENOENT")
  })

  it("reads back with other specs: refused with the place", async () => {
    await Effect.runPromise(writeSafetensors(at("one"), { x: one }))
    const refused = (specs: never) => Effect.runPromise(failure(readSafetensors(at("one"), specs)))
    for (const [specs, why] of [
      [{ x: f64(1) }, "x is f32[1], but f64[1] was asked for"],
      [{ x: f32(2) }, "x is f32[1], but f32[2] was asked for"],
      [{ y: bf16() }, 'it has no array "y"'],
      [{ x: 3 }, "specs.x is 3, not a spec"],
      [f32(1), "specs is a spec, not a record of specs"]
    ] as const)
      expect((await refused(specs as never)).message).toContain(why)
  })
})
