import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { freshBytes, HostMemory } from "../../native/memory.ts"

/** Bytes of addresses that this process has. */
const mapped = (): number => Number(readFileSync("/proc/self/statm", "utf8").split(" ")[0]) * 4096

const MiB = 1 << 20

describe("memory that is freed when it is no longer used", () => {
  it("begins where XLA can use it in place, and holds what is written", () => {
    for (const length of [1, 4096, 4 * MiB, 5 * MiB + 3]) {
      const memory = HostMemory.allocate(length)!
      expect(memory.address % 64).toBe(0)
      expect(memory.bytes.length).toBe(length)
      memory.bytes.fill(7)
      expect(memory.bytes.at(-1)).toBe(7)
      memory.free()
    }
  })

  it.runIf(process.platform === "linux")("serves large arrays of one size again", () => {
    const first = HostMemory.allocate(6 * MiB)!
    const second = HostMemory.allocate(6 * MiB)!
    expect(second.address).not.toBe(first.address)
    first.free()
    const third = HostMemory.allocate(6 * MiB - 5)!
    expect(third.address).toBe(first.address)
    expect(third.bytes.length).toBe(6 * MiB - 5)
    third.bytes.fill(9)
    const other = HostMemory.allocate(8 * MiB)!
    expect(other.address).not.toBe(second.address)
    for (const memory of [second, third, other]) memory.free()
  })

  it.runIf(process.platform === "linux")("gives all but 1 GiB of it back", () => {
    // Never written, none of it is the machine's.
    const all = Array.from({ length: 40 }, (_, i) => HostMemory.allocate((64 + 2 * (i % 3)) * MiB)!)
    const most = mapped()
    for (const memory of all) memory.free()
    const total = all.reduce((sum, { length }) => sum + length, 0)
    expect(most - mapped()).toBeGreaterThan(total - 1024 * MiB - 64 * MiB)
  })

  it("says so where there is not so much", () => {
    expect(HostMemory.allocate(2 ** 52)).toBeUndefined()
  })

  it("gives arrays of its own to JavaScript", () => {
    for (const length of [0, 1, 5 * MiB]) expect(freshBytes(length).length).toBe(length)
  })
})
