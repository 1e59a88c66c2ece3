import { execFileSync } from "node:child_process"
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync
} from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it } from "vitest"
import * as reader from "../../native/zip/reader.ts"
import { unzipInto, ZipFault } from "../../native/zip/reader.ts"
import { zipParts } from "../../native/zip/writer.ts"
import { saved, unzipMember, zip } from "../support/zip.ts"

const zipOf = (members: ReadonlyArray<readonly [name: string, data: Uint8Array]>): Buffer =>
  Buffer.concat(zipParts(members.map(([name, data]) => [name, [data]])))

const edited = (archive: Buffer, edit: (archive: Buffer) => void): Buffer => {
  edit(archive)
  return archive
}

describe("unzip", () => {
  const data = Buffer.from("the library".repeat(1000))
  const good = () => zip({ other: Buffer.from("x"), "a/b.so": data })

  it("extracts the member that is asked for", async () => {
    expect(await unzipMember(saved(good()), "a/b.so")).toEqual(data)
  })

  it("takes no memory for what an archive only says that it has, and no name that is no path", async () => {
    const end = good().length - 22
    const large = edited(good(), (archive) => archive.writeUInt32LE(0xfffffff0, end + 12))
    await expect(unzipMember(saved(large), "other")).rejects.toThrow("cut short")
    const bomb = edited(zip({ a: Buffer.alloc(1 << 24) }), (archive) =>
      archive.writeUInt32LE(1, archive.length - 22 - 47 + 24)
    )
    await expect(unzipMember(saved(bomb), "a")).rejects.toThrow("member has more bytes, expected 1")
    const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-unzip-"))
    const odd = zip({ "a\0b": Buffer.from("x") })
    await expect(unzipInto(saved(odd), folder, () => true)).rejects.toThrow("whose name is no path")
  })

  it("refuses what is absent, cut short or damaged", async () => {
    await expect(unzipMember(saved(good()), "b")).rejects.toThrow("no member b")
    await expect(unzipMember(saved(good().subarray(0, 60)), "a/b.so")).rejects.toThrow("not a zip archive")
    await expect(unzipMember(saved(Buffer.from("text")), "a/b.so")).rejects.toThrow("not a zip archive")
    const noLocal = edited(good(), (archive) => archive.writeUInt32LE(0, 0))
    await expect(unzipMember(saved(noLocal), "other")).rejects.toThrow("damaged local header")
    const wrongSize = edited(zip({ a: data }), (archive) =>
      archive.writeUInt32LE(1, archive.length - 22 - 47 + 24)
    )
    await expect(unzipMember(saved(wrongSize), "a")).rejects.toThrow("expected 1")
  })

  it("extracts many, those that are wanted, and never outside of the folder", async () => {
    const target = path.join(mkdtempSync(path.join(tmpdir(), "loopcarry-zip-")), "out")
    await unzipInto(
      saved(zip({ "a/b.so": data, "a/c": Buffer.from("c"), d: Buffer.from("d") })),
      target,
      (name) => name.startsWith("a/")
    )
    expect(readFileSync(path.join(target, "a/b.so"))).toEqual(data)
    expect(readFileSync(path.join(target, "a/c"), "utf8")).toBe("c")
    expect(statSync(path.join(target, "d"), { throwIfNoEntry: false })).toBeUndefined()
    const evil = saved(zip({ "../evil": Buffer.from("x") }))
    await expect(unzipInto(evil, target, () => true)).rejects.toThrow("outside of its folder")
  })
})

/** Where the only entry of the directory lies, the archive's one member being called by one letter. */
const entryOf = (archive: Buffer): number => archive.length - 22 - 47

describe("an archive that lies", () => {
  const text = Buffer.from("the library".repeat(1000))
  const one = (edit: (archive: Buffer, entry: number) => void): string => {
    const archive = zip({ a: text })
    edit(archive, entryOf(archive))
    return saved(archive)
  }

  it.each([
    [
      "of its member's CRC-32",
      one((archive, at) => archive.writeUInt32LE(7, at + 16)),
      "its CRC-32 is another"
    ],
    ["of encryption", one((archive, at) => archive.writeUInt16LE(1, at + 8)), "is encrypted"],
    ["of its method", one((archive, at) => archive.writeUInt16LE(12, at + 10)), "compression method 12"],
    [
      "of more bytes than deflate can pack",
      one((archive, at) => archive.writeUInt32LE(0x7fffffff, at + 24)),
      "which are not the expected 2147483647"
    ],
    [
      "of fewer bytes",
      one((archive, at) => archive.writeUInt32LE(text.length + 1, at + 24)),
      `member has ${text.length} bytes, expected ${text.length + 1}`
    ],
    ["of packed bytes", one((archive) => archive.fill(0xff, 31, 40)), "cannot be inflated"],
    [
      "of where its member ends",
      one((archive, at) => archive.writeUInt32LE(archive.readUInt32LE(at + 20) + 1, at + 20)),
      "overlaps what follows it"
    ],
    ["of a zip64 extra", one((archive, at) => archive.writeUInt32LE(0xffffffff, at + 42)), "overlaps"],
    [
      "of its count",
      one((archive) => archive.writeUInt16LE(2, archive.length - 12)),
      "damaged central directory"
    ],
    ["of its parts", one((archive) => archive.writeUInt16LE(1, archive.length - 18)), "one part of several"]
  ])("%s is refused, and leaves no file", async (_, archive, why) => {
    const target = path.join(mkdtempSync(path.join(tmpdir(), "loopcarry-zip-")), "target")
    const refused = expect(reader.unzipMember(archive, "a", target)).rejects
    await refused.toThrow(ZipFault)
    await expect(reader.unzipMember(archive, "a", target)).rejects.toThrow(why)
    expect(existsSync(target)).toBe(false)
  })

  it("with members that share bytes is refused, and one with two of a name", async () => {
    const bomb = zip({ a: text, b: text })
    bomb.writeUInt32LE(0, bomb.length - 22 - 47 + 42)
    await expect(unzipMember(saved(bomb), "a")).rejects.toThrow("member a overlaps what follows it")
    const twice = zip({ a: text, b: text })
    twice.write("a", twice.length - 23)
    await expect(unzipMember(saved(twice), "a")).rejects.toThrow("two members have the same name")
  })

  it("of places beyond its end, in zip64 records too, takes no memory", async () => {
    const edits: ReadonlyArray<readonly [at: number, value: bigint]> = [
      [22 + 8 + 4, 1n << 60n],
      [22 + 8 + 4, 1n << 40n],
      [22 + 20 + 16, 1n << 50n],
      [22 + 20 + 8, 1n << 62n],
      [22 + 20 + 24, 1n << 30n]
    ]
    for (const [back, value] of edits) {
      const archive = zipOf([["a", text]])
      archive.writeBigUInt64LE(value, archive.length - back)
      await expect(unzipMember(saved(archive), "a")).rejects.toThrow(ZipFault)
    }
    const file = saved(new Uint8Array())
    truncateSync(file, 80 << 20)
    const end = Buffer.alloc(22)
    end.write("PK\x05\x06", 0, "latin1")
    end.writeUInt16LE(1, 10)
    end.writeUInt32LE(70 << 20, 12)
    appendFileSync(file, end)
    await expect(unzipMember(file, "a")).rejects.toThrow("its directory has 73400320 bytes")
  })

  it.each(["../evil", "a/../../evil", "/evil", "C:evil", "c:\\evil", "a\\..\\evil"])(
    "about a place, %s, has nothing unpacked",
    async (name) => {
      const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-zip-"))
      const target = path.join(folder, "out")
      const evil = saved(zip({ good: text, [name]: text }))
      await expect(unzipInto(evil, target, () => true)).rejects.toThrow("outside of its folder")
      expect(readdirSync(folder)).toEqual([])
    }
  )
})

describe("the writer", () => {
  it("makes archives that the reader and Python read, of names beyond ASCII too", async () => {
    const archive = saved(
      zipOf([
        ["é.npy", Buffer.from("one")],
        ["empty", Buffer.alloc(0)]
      ])
    )
    expect((await unzipMember(archive, "é.npy")).toString()).toBe("one")
    expect((await unzipMember(archive, "empty")).length).toBe(0)
    const script =
      "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), ascii(z.namelist()), z.read('\\u00e9.npy'))"
    const python = process.env.LOOPCARRY_PYTHON || "python3"
    expect(execFileSync(python, ["-c", script, archive], { encoding: "utf8" }).trim()).toBe(
      "None ['\\xe9.npy', 'empty'] b'one'"
    )
  })

  it("takes more members than 16 bits count", async () => {
    const members = Array.from({ length: 65_537 }, (_, i) => [`${i}`, Buffer.from(`of ${i}`)] as const)
    expect((await unzipMember(saved(zipOf(members)), "65536")).toString()).toBe("of 65536")
  })
})
