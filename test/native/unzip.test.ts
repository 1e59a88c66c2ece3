import { mkdtempSync, readFileSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { unzipInto, unzipMember } from "../../native/plugins/unzip.ts"
import { saved, zip } from "../support/zip.ts"

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
