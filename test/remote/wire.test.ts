import { readFileSync } from "node:fs"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { decode, WireError } from "../../pjrt/served/remote/wire/decode.ts"
import { encode } from "../../pjrt/served/remote/wire/encode.ts"
import { type Field, tables } from "../../pjrt/served/remote/wire/layout.ts"
import { enums, type Request, type Response, unions } from "../../pjrt/served/remote/wire/wire.gen.ts"
import { generateWire, readSchema, schemaPath, wirePath } from "../../scripts/generate-wire.ts"

const fixture = (name: string) => readFileSync(new URL(`../fixtures/wire/${name}`, import.meta.url))

/** Any value of a field, by the schema alone. */
const fieldArbitrary = (field: Field): fc.Arbitrary<unknown> => {
  const { list, ...one } = field
  if (list && field.kind === "ubyte") return fc.uint8Array({ maxLength: 20 })
  if (list) return fc.array(fieldArbitrary({ ...one, required: true }), { maxLength: 4 })
  switch (field.kind) {
    case "bool":
      return fc.boolean()
    case "ubyte":
      return fc.nat(255)
    case "ushort":
      return fc.nat(65535)
    case "uint":
      return fc.nat(2 ** 32 - 1)
    case "int":
      return fc.integer()
    case "ulong":
      return fc.maxSafeNat()
    case "double":
      // What is zero is left out, whatever its sign.
      return fc.double({ noNaN: true }).map((value) => value + 0)
    case "enum":
      return fc.constantFrom(...enums[field.of as keyof typeof enums])
    case "string":
      return field.required
        ? fc.string({ unit: "binary" })
        : fc.option(fc.string({ unit: "binary" }), { nil: undefined })
    case "table":
      return field.required
        ? tableArbitrary(field.of!)
        : fc.option(tableArbitrary(field.of!), { nil: undefined })
    default:
      return fc.oneof(
        ...unions[field.of as keyof typeof unions].map((type) =>
          tableArbitrary(type).map((value) => ({ type, ...value }))
        )
      )
  }
}

const tableArbitrary = (name: string): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(tables[name]!.map((field) => [field.name, fieldArbitrary(field)])))

const request = tableArbitrary("Request") as unknown as fc.Arbitrary<Request>
const response = tableArbitrary("Response") as unknown as fc.Arbitrary<Response>

describe("the wire", () => {
  it("is generated from its schema", () => {
    expect(readFileSync(wirePath, "utf8")).toBe(generateWire())
  })

  it("is that of FlatBuffers' own compiler, and of one with a later schema as far as it is known", () => {
    const wanted = {
      call: 7,
      settled: 3,
      released: [1, 2],
      got: [],
      ask: {
        type: "Compile",
        executable: 9,
        digest: Uint8Array.of(1, 2, 3),
        code: undefined,
        bytecode: false,
        donated: [0],
        partitioning: { mesh: [{ name: "x", size: 4 }], in: [{ axes: [{ names: ["x"] }] }], out: [] },
        variable: false,
        passes: undefined
      }
    }
    expect(decode("Request", fixture("request.bin"))).toEqual(wanted)
    expect(decode("Request", fixture("later.bin"))).toEqual(wanted)
    expect(() => decode("Request", fixture("unknown.bin"))).toThrow("ask is of a kind that is not known here")
  })

  it("grows at its ends only: what protocol 1 has is where it was", () => {
    const first = readSchema(fixture("protocol-1.fbs").toString())
    const now = readSchema(readFileSync(schemaPath, "utf8"))
    for (const kind of ["enums", "unions", "tables"] as const) {
      for (const [name, members] of first[kind])
        expect(now[kind].get(name)?.slice(0, members.length)).toEqual(members)
    }
  })

  it("gives back what was written, of every message", () => {
    fc.assert(
      fc.property(request, (value) => {
        expect(decode("Request", encode("Request", value))).toEqual(value)
      })
    )
    fc.assert(
      fc.property(response, (value) => {
        expect(decode("Response", encode("Response", value))).toEqual(value)
      })
    )
  })

  it("refuses any 10,000 mutations, or reads a message of them; nothing else happens", () => {
    let refused = 0
    const mutated = fc.tuple(
      request,
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      fc.nat()
    )
    fc.assert(
      fc.property(mutated, ([value, changes, cut]) => {
        const bytes = encode("Request", value).slice()
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte
        const sent = cut % 4 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes
        try {
          const made = JSON.stringify(decode("Request", sent))
          // No amplification: each number of a message is text of at most so many characters.
          expect(made.length).toBeLessThan(40 * sent.length + 1000)
        } catch (error) {
          expect(error).toBeInstanceOf(WireError)
          refused++
        }
      }),
      { numRuns: 10_000 }
    )
    expect(refused).toBeGreaterThan(1000)
  })
})
