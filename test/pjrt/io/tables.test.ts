import { writeFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { batches, FormatError, readCsv, readJsonLines } from "../../../pjrt/io/index.ts"
import { testFolder } from "../../support/files.ts"
import { failure } from "../../support/run.ts"

const { at } = testFolder()
const run = Effect.runPromise

const csv = (text: string | Uint8Array, options: object) => {
  writeFileSync(at("t.csv"), text)
  return readCsv(at("t.csv"), options as { readonly columns: { readonly t: "f32" } })
}

const lines = (text: string | Uint8Array, options: object) => {
  writeFileSync(at("t.jsonl"), text)
  return readJsonLines(at("t.jsonl"), options as { readonly columns: { readonly t: "f32" } })
}

describe("CSV", () => {
  it("gives typed columns of all kinds, in any order, others passed over", async () => {
    writeFileSync(
      at("all.csv"),
      '\ufeffname,f,d,n,big,ok,other\n"a, ""b""\nc",1.5,-.25e-3,-7,9223372036854775807,true,x\r\n\né, NaN ,-inf,+8,-1,0,\n'
    )
    const all = await run(
      readCsv(at("all.csv"), {
        columns: { big: "i64", f: "f32", d: "f64", n: "i8", ok: "bool", name: "string" }
      })
    )
    const big: BigInt64Array = all.big
    const names: ReadonlyArray<string> = all.name
    expect({ ...all, big, names }).toEqual({
      big: BigInt64Array.of(2n ** 63n - 1n, -1n),
      f: Float32Array.of(1.5, Number.NaN),
      d: Float64Array.of(-0.25e-3, Number.NEGATIVE_INFINITY),
      n: Int8Array.of(-7, 8),
      ok: Uint8Array.of(1, 0),
      name: ['a, "b"\nc', "é"],
      names: ['a, "b"\nc', "é"]
    })
    const train = batches({ n: all.n, f: all.f }, { size: 2, epochs: 1, shuffle: false })
    expect(train.at(0).data.n.data).toEqual(all.n)
  })

  it("may have no names, and other characters between values", async () => {
    const options = { columns: { a: "i32", t: "f32" }, header: false, delimiter: ";" }
    expect(await run(csv("1;2.5\n3;4\n", options))).toEqual({
      a: Int32Array.of(1, 3),
      t: Float32Array.of(2.5, 4)
    })
    expect(await run(csv("", options))).toEqual({ a: new Int32Array(0), t: new Float32Array(0) })
    expect((await run(failure(csv("1;2;3\n", options)))).message).toContain(
      "line 1: it has 3 values, but there are 2 columns"
    )
  })

  it("that lacks values refuses them, drops their rows, or takes what is said", async () => {
    const text = "t,n\n1,1\n,2\nNA,\n4,4\n"
    const columns = { t: "f32", n: "u8" }
    const refused = await run(failure(csv(text, { columns })))
    expect(refused).toBeInstanceOf(FormatError)
    expect(refused).toMatchObject({ line: 3, column: "t", hint: expect.stringContaining('missing: "drop"') })
    const absent = ["NA"]
    expect(await run(csv(text, { columns, absent, missing: "drop" }))).toEqual({
      t: Float32Array.of(1, 4),
      n: Uint8Array.of(1, 4)
    })
    expect(await run(csv(text, { columns, absent, missing: { t: Number.NaN, n: 9 } }))).toEqual({
      t: Float32Array.of(1, Number.NaN, Number.NaN, 4),
      n: Uint8Array.of(1, 2, 9, 4)
    })
    const other = await run(failure(csv(text, { columns, absent, missing: { t: 0 } })))
    expect(other).toMatchObject({ line: 4, column: "n" })
  })

  it.each<readonly [string, string, string]>([
    ["a word", "t\n1\nabc\n", 'line 3, column "t": "abc" is no f32'],
    ["a number of hexadecimal digits", "t\n0x10\n", '"0x10" is no f32'],
    ["two numbers", "t\n1 2\n", '"1 2" is no f32'],
    ["what is out of range", "t\n1e39\n", '"1e39" is out of range for f32'],
    ["a shorter row", "t,n\n1,2\n3\n", "line 3: Invalid Record Length"],
    ["a longer row", "t\n1\n3,4\n", "line 3: Invalid Record Length"],
    ["a quote that is not closed", 't\n1\n"2\n', "Quote Not Closed"],
    ["a missing column", "x,y\n1,2\n", 'line 1, column "t": there is no such column'],
    ["a column twice", "t,t\n1,2\n", 'line 1, column "t": there are two such columns'],
    ["no line at all", "", "it has no line of names"]
  ])("with %s is refused with its place", async (_, text, words) => {
    const error = await run(failure(csv(text, { columns: { t: "f32" } })))
    expect(error).toBeInstanceOf(FormatError)
    expect(error.message).toContain(words)
  })

  it.each<readonly [string, string, string, string]>([
    ["i8", "128", "i8", "is out of range for i8, which has -128 to 127"],
    ["u8", "-1", "u8", "is out of range for u8"],
    ["u64", "18446744073709551616", "u64", "is out of range for u64"],
    ["i32", "1.0", "i32", "is no i32"],
    ["bool", "yes", "bool", "is no bool: true, false, 1 or 0"]
  ])("refuses what is no %s", async (_, text, kind, words) => {
    const error = await run(failure(csv(`t\n${text}\n`, { columns: { t: kind } })))
    expect(error.message).toContain(words)
  })

  it("refuses bytes that are no text, and options that are wrong", async () => {
    expect(
      (await run(failure(csv(Uint8Array.of(116, 10, 255, 10), { columns: { t: "string" } })))).message
    ).toContain("it is no UTF-8 text")
    for (const [options, words] of [
      [{ columns: {} }, "columns is {}, not a record of kinds"],
      [{ columns: { t: "f16" } }, 'columns.t is "f16", which no column holds'],
      [{}, "columns is undefined"],
      [undefined, "columns is undefined"],
      [{ columns: { t: "f32" }, missing: "skip" }, 'missing is "skip"'],
      [{ columns: { t: "f32" }, missing: { u: 1 } }, "missing.u is for no column"],
      [{ columns: { t: "u8" }, missing: { t: 256 } }, "missing.t is 256, which u8 does not have"],
      [{ columns: { t: "u8" }, missing: { t: "1" } }, 'missing.t is "1"'],
      [{ columns: { t: "f32" }, delimiter: "" }, "delimiter"],
      [{ columns: { t: "f32" }, absent: "NA" }, 'absent is "NA"'],
      [{ columns: { t: "f32" }, kind: 1 }, 'there is no option "kind"']
    ] as const) {
      const error = await run(failure(csv("t\n1\n", options as never)))
      expect(error._tag, words).toBe("ArgumentError")
      expect(error.message).toContain(words)
    }
    expect(await run(failure(readCsv(at("none.csv"), { columns: { t: "f32" } })))).toMatchObject({
      code: "ENOENT"
    })
  })
})

describe("JSON lines", () => {
  it("give typed columns", async () => {
    writeFileSync(
      at("all.jsonl"),
      '{"t":1.5,"n":-0,"big":"9223372036854775807","ok":true,"name":"é"}\r\n\n{"name":"","t":"-Infinity","n":2,"big":3,"ok":false,"more":[1]}'
    )
    const all = await run(
      readJsonLines(at("all.jsonl"), {
        columns: { t: "f64", n: "f32", big: "u64", ok: "bool", name: "string" }
      })
    )
    expect(all).toEqual({
      t: Float64Array.of(1.5, Number.NEGATIVE_INFINITY),
      n: Float32Array.of(-0, 2),
      big: BigUint64Array.of(2n ** 63n - 1n, 3n),
      ok: Uint8Array.of(1, 0),
      name: ["é", ""]
    })
  })

  it.each<readonly [string, string, string, string]>([
    ["a text", '{"t":"1"}', "f32", 'line 1, column "t": "1" is a text, not a number'],
    ["a fraction", '{"t":1.5}', "i32", '"1.5" is no i32'],
    ["a bool", '{"t":true}', "f32", "true is no number"],
    ["a number", '{"t":1}', "bool", "1 is no bool"],
    ["another number", '{"t":1}', "string", "1 is no text"],
    ["a list", '{"t":[1]}', "f32", "[1] is no number"],
    ["an integer beyond 2^53", '{"t":9007199254740993}', "i64", "is beyond 2^53"],
    ["a large number", '{"t":1e400}', "f64", "is"],
    ["null", '\n{"t":null}', "f32", 'line 2, column "t": a value is missing'],
    ["nothing", "{}", "f32", "a value is missing"],
    ["what all records have", "{}", "f32", "a value is missing"],
    ["NaN", '{"t":NaN}', "f32", "line 1: it is no JSON"],
    ["a list for a record", "[1]", "f32", "line 1: it is [1], not a record"]
  ])("with %s are refused with the place", async (name, text, kind, words) => {
    const column = name === "what all records have" ? "toString" : "t"
    if (name === "a large number") {
      // JSON reads what is beyond all numbers as infinity.
      expect(await run(lines(text, { columns: { t: kind } }))).toEqual({
        t: Float64Array.of(Number.POSITIVE_INFINITY)
      })
      return
    }
    const error = await run(failure(lines(text, { columns: { [column]: kind } })))
    expect(error).toBeInstanceOf(FormatError)
    expect(error.message).toContain(words)
  })

  it("refuse a line without end", async () => {
    const error = await run(
      failure(lines(`{"t":"${"x".repeat((1 << 24) + (1 << 19))}"}`, { columns: { t: "string" } }))
    )
    expect(error.message).toContain("a line has more than 16777216 characters")
  })
})
