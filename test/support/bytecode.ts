import { readFileSync } from "node:fs"

const fixture = JSON.parse(readFileSync(new URL("../fixtures/bytecode.json", import.meta.url), "utf8"))

/** One program, in each version of MLIR bytecode and of portable StableHLO. */
export const programs: Readonly<Record<string, Buffer>> = Object.fromEntries(
  Object.entries<string>(fixture.programs).map(([name, code]) => [name, Buffer.from(code, "base64")])
)

/** What MLIR counts in it. */
export const wanted = { operations: fixture.operations as number, nesting: fixture.nesting as number }

/** A number of bytecode's, in the length that its size asks for. */
const varint = (value: number): Buffer => {
  for (let length = 1; length < 8; length++)
    if (value < 2 ** (7 * length)) {
      const bytes = Buffer.alloc(8)
      bytes.writeBigUInt64LE(((BigInt(value) << 1n) | 1n) << BigInt(length - 1))
      return bytes.subarray(0, length)
    }
  throw new Error("too large")
}

/** Bytecode of modules in one another, so many deep. The head is that of a real program, whose operations it replaces. */
export const nestedBytecode = (depth: number): Buffer => {
  const program = programs["version 6"]!
  const [before, first, after] = irSection(program)
  // The name and the location of its module, which is a region with one block of one operation.
  const [name, location] = [first[1]!, first[3]!]
  const one = Buffer.from([name, 16, location, 5, 3, 1, 5])
  const none = Buffer.from([name, 16, location, 5, 1])
  const all = Buffer.concat([varint(2), ...Array.from({ length: depth - 1 }, () => one), none])
  return Buffer.concat([before, Buffer.from([4]), varint(all.length), all, after])
}

/** What stands before the section of operations, the section's content, and what stands after it. */
const irSection = (program: Buffer): [before: Buffer, content: Buffer, after: Buffer] => {
  let at = program.indexOf(0) + 1
  while (at < program.length) {
    const from = at
    const head = program[at++]!
    const more = 31 - Math.clz32(program[at]! & -program[at]!)
    let length = 0
    for (let i = more; i >= 0; i--) length = length * 256 + program[at + i]!
    length = Math.floor(length / 2 ** (more + 1))
    at += more + 1
    if (head & 0x80) throw new Error("an aligned section")
    if (head === 4)
      return [program.subarray(0, from), program.subarray(at, at + length), program.subarray(at + length)]
    at += length
  }
  throw new Error("no operations")
}
