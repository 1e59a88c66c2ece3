import { readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { generate, generatedPath, readTable } from "../../scripts/generate-abi.ts"

const newer = readTable()
const older = readTable(path.join(path.dirname(generatedPath), "abi/pjrt-0.81.json"))

describe("the ABI tables", () => {
  it("native/abi.gen.ts is what the script makes of the table", () => {
    expect(readFileSync(generatedPath, "utf8")).toBe(generate(newer))
  })

  it("slots of 0.81, measured by a C compiler from its header, stand where the newer table has them", () => {
    expect(Object.keys(older.slots).length).toBe(118)
    for (const [name, slot] of Object.entries(older.slots))
      expect([name, newer.slots[name]]).toEqual([name, slot])
  })

  it("every structure used is in 0.81, and its fields stand at the same offsets", () => {
    expect(Object.keys(older.structs).sort()).toEqual(Object.keys(newer.structs).sort())
    for (const [name, { fields, size }] of Object.entries(older.structs)) {
      for (const [field, offset] of Object.entries(fields)) {
        expect([name, field, newer.structs[name]!.fields[field]]).toEqual([name, field, offset])
      }
      expect(newer.structs[name]!.size).toBeGreaterThanOrEqual(size)
    }
  })

  it("no field reaches past the size that is put in struct_size", () => {
    for (const { size, fields } of Object.values(newer.structs)) {
      for (const offset of Object.values(fields)) expect(offset).toBeLessThan(size)
    }
  })
})
