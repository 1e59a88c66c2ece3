import { describe, expect, it } from "vitest"
import { unzipMember } from "../../native/plugins/unzip.ts"
import { zip } from "../support/zip.ts"

const edited = (archive: Buffer, edit: (archive: Buffer) => void): Buffer => {
  edit(archive)
  return archive
}

describe("unzip", () => {
  const data = Buffer.from("the library".repeat(1000))
  const good = () => zip({ other: Buffer.from("x"), "a/b.so": data })

  it("extracts the member that is asked for", async () => {
    expect(await unzipMember(good(), "a/b.so")).toEqual(data)
  })

  it("refuses what is absent, cut short or damaged", async () => {
    await expect(unzipMember(good(), "b")).rejects.toThrow("no member b")
    await expect(unzipMember(good().subarray(0, 60), "a/b.so")).rejects.toThrow("not a zip archive")
    await expect(unzipMember(Buffer.from("text"), "a/b.so")).rejects.toThrow("not a zip archive")
    const noLocal = edited(good(), (archive) => archive.writeUInt32LE(0, 0))
    await expect(unzipMember(noLocal, "other")).rejects.toThrow("damaged local header")
    const wrongSize = edited(zip({ a: data }), (archive) =>
      archive.writeUInt32LE(1, archive.length - 22 - 47 + 24)
    )
    await expect(unzipMember(wrongSize, "a")).rejects.toThrow("expected 1")
  })
})
