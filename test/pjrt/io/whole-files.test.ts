import { execFileSync } from "node:child_process"
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { Device } from "../../../pjrt/index.ts"
import { FileError, loadTree, readSafetensors, saveTree, writeSafetensors } from "../../../pjrt/io/index.ts"
import { f32, put } from "../../../pjrt/loopcarry.ts"
import { testFolder } from "../../support/files.ts"
import { failure } from "../../support/run.ts"

const { at, names } = testFolder()

describe("the file", () => {
  const save = (file: string, tree: never = { x: Float32Array.of(1) } as never) =>
    Effect.runPromise(Effect.result(saveTree(file, tree)))

  it("is replaced through links, in one step, with its mode", async () => {
    mkdirSync(at("real"))
    writeFileSync(at("real", "file"), "old")
    chmodSync(at("real", "file"), 0o640)
    symlinkSync("real/file", at("link"))
    const before = statSync(at("real", "file")).ino
    expect((await save(at("link")))._tag).toBe("Success")
    const after = statSync(at("real", "file"))
    expect(after.ino).not.toBe(before)
    expect(after.mode & 0o777).toBe(0o640)
    expect(readFileSync(at("link")).equals(readFileSync(at("real", "file")))).toBe(true)
  })

  it.each<readonly [string, () => string, string]>([
    ["a folder", () => at("real"), "EISDIR"],
    ["a device", () => "/dev/null", "EINVAL"],
    ["a path below a file", () => at("tree", "below"), "ENOTDIR"],
    ["a long name", () => at("n".repeat(300)), "ENAMETOOLONG"],
    ["a name with NUL", () => at("a\0b"), "ERR_INVALID_ARG_VALUE"]
  ])("cannot be %s", async (_, file, code) => {
    writeFileSync(at("tree"), "")
    mkdirSync(at("real"), { recursive: true })
    for (const made of [
      saveTree(file(), { x: 1 }),
      writeSafetensors(file(), {}),
      Effect.provide(loadTree(file(), { x: f32() }), Device.layer("reference"))
    ]) {
      const result = await Effect.runPromise(
        Effect.scoped(Effect.result(made as never)) as Effect.Effect<never>
      )
      expect(result).toMatchObject({ _tag: "Failure", failure: { _tag: "FileError", code } })
    }
    expect(names().filter((name) => name.startsWith("."))).toEqual([])
  })

  it("that is not there is said to be missing", async () => {
    const error = await Effect.runPromise(failure(readSafetensors(at("none"))))
    expect(error).toBeInstanceOf(FileError)
    expect(error).toMatchObject({
      code: "ENOENT",
      hint: "check the path, and where this process was started"
    })
    const odd = await Effect.runPromise(failure(readSafetensors(3 as never)))
    expect(odd).toMatchObject({ _tag: "ArgumentError", path: "path" })
  })

  it("stays as it was where the disk is full, and nothing is left beside it", async () => {
    await save(at("kept"))
    const before = readFileSync(at("kept"))
    const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..")
    const script = `
      import * as Effect from "effect/Effect"
      import { saveTree } from ${JSON.stringify(path.join(root, "pjrt/io/index.ts"))}
      const result = await Effect.runPromise(Effect.result(saveTree(process.argv[2], { x: new Float32Array(1 << 20) })))
      console.log(result._tag, result.failure?._tag, result.failure?.code)`
    writeFileSync(path.join(root, "test", ".full-disk.ts"), script)
    try {
      // A limit on the size of a file is refused by the same call, midway, as a full disk is.
      const said = execFileSync(
        "bash",
        [
          "-c",
          'trap "" XFSZ; ulimit -f 1024; exec "$0" --import tsx "$1" "$2"',
          process.execPath,
          path.join(root, "test", ".full-disk.ts"),
          at("kept")
        ],
        { encoding: "utf8", cwd: root }
      )
      expect(said).toBe("Failure FileError EFBIG\n")
    } finally {
      execFileSync("rm", [path.join(root, "test", ".full-disk.ts")])
    }
    expect(readFileSync(at("kept")).equals(before)).toBe(true)
    expect(names().filter((name) => name.startsWith("."))).toEqual([])
  })

  it("stays as it was where saving is interrupted", async () => {
    await save(at("kept"))
    const before = readFileSync(at("kept"))
    const device = Device.layer("reference")
    const work = Effect.gen(function* () {
      const x = yield* put(f32(), 1)
      // An array that never comes.
      const never = new Proxy(x.buffer, {
        get: (of, key) => (key === "bytes" ? Effect.never : Reflect.get(of, key))
      })
      Object.defineProperty(x, "buffer", { value: never })
      return yield* Effect.timeoutOption(saveTree(at("kept"), { a: new Float32Array(100), x }), 50)
    })
    const ended = await Effect.runPromise(Effect.scoped(Effect.provide(work, device)))
    expect(ended._tag).toBe("None")
    expect(readFileSync(at("kept")).equals(before)).toBe(true)
    expect(names().filter((name) => name.startsWith("."))).toEqual([])
  })
})
