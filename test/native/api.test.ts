import { execFileSync } from "node:child_process"
import { mkdtempSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { PjrtApi, versionProblem } from "../../native/api.ts"
import { PjrtError, PluginRejected } from "../../native/errors.ts"
import { Args } from "../../native/struct.ts"
import { plugins } from "../support/plugins.ts"
import { thrown } from "../support/run.ts"

const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-test-"))

const rejected = (file: string): PluginRejected => {
  const error = thrown(() => PjrtApi.load(file))
  expect(error).toBeInstanceOf(PluginRejected)
  return error as unknown as PluginRejected
}

describe.each(plugins)("the plugin of PJRT $api", ({ api, path: file }) => {
  it("loads, once, and says its version", () => {
    const plugin = PjrtApi.load(file)
    expect(`${plugin.version.major}.${plugin.version.minor}`).toBe(api)
    expect(PjrtApi.load(file)).toBe(plugin)
  })

  it("has the functions that everything stands on", () => {
    const plugin = PjrtApi.load(file)
    for (const call of [
      "Client_Create",
      "LoadedExecutable_Execute",
      "Buffer_OpaqueDeviceMemoryDataPointer"
    ] as const) {
      expect(plugin.has(call)).toBe(true)
    }
  })

  it("gives its own words and code when a call fails", () => {
    const plugin = PjrtApi.load(file)
    const args = new Args("Event_IsReady")
    args.block.setWord(0, 4)
    const error = thrown(() => plugin.call(args)) as unknown as PjrtError
    expect(error).toBeInstanceOf(PjrtError)
    expect(error.code).toBe("INVALID_ARGUMENT")
    expect(error.call).toBe("Event_IsReady")
    expect(error.message).toMatch(/struct_size|size/)
  })

  it("does so for asynchronous calls too, each once", async () => {
    const plugin = PjrtApi.load(file)
    const errors = await Promise.all(
      Array.from({ length: 50 }, () => {
        const args = new Args("Event_IsReady")
        args.block.setWord(0, 4)
        return new Promise<PjrtError | undefined>((resolve) => plugin.callAsync(args, resolve))
      })
    )
    expect(errors.every((error) => error?.code === "INVALID_ARGUMENT")).toBe(true)
  })
})

describe("what is no plugin is refused by name", () => {
  it("no such file", () => {
    const error = rejected(path.join(folder, "absent.so"))
    expect(error.reason).toBe("unreadable")
    expect(error.message).toContain("absent.so")
  })

  it("a file that is no library", () => {
    const file = path.join(folder, "text.so")
    writeFileSync(file, "not a library")
    const error = rejected(file)
    expect(error.reason).toBe("not-a-library")
    expect(error.message).toMatch(/text\.so.*no shared library of any system/)
  })

  it("a library that is no plugin", () => {
    const library = path.join(
      path.dirname(
        createRequire(import.meta.url).resolve(`@koromix/koffi-${process.platform}-${process.arch}`)
      ),
      `${process.platform}_${process.arch}/koffi.node`
    )
    const error = rejected(library)
    expect(error.reason).toBe("not-a-plugin")
    expect(error.message).toContain("GetPjrtApi")
  })

  const fake = (name: string, major: number, minor: number): string => {
    const source = path.join(folder, `${name}.c`)
    // The head of a PJRT_Api: struct_size, extension_start, then the version structure.
    writeFileSync(
      source,
      `#include <stddef.h>\n#include <stdint.h>\nstatic struct { size_t size; void* ext; size_t vsize; void* vext; int32_t major, minor; } api = { 40, 0, 24, 0, ${major}, ${minor} };\nvoid* GetPjrtApi(void) { return &api; }\n`
    )
    execFileSync("cc", ["-shared", "-fPIC", "-o", path.join(folder, `${name}.so`), source])
    return path.join(folder, `${name}.so`)
  }

  it("a plugin older than 0.57", () => {
    const error = rejected(fake("old", 0, 56))
    expect(error.reason).toBe("version")
    expect(error.message).toContain("speaks PJRT API 0.56; 0.57 is the oldest")
  })

  it("a plugin of another major version", () => {
    expect(rejected(fake("major", 1, 0)).message).toContain("speaks PJRT API 1.0; only major version 0")
  })

  it("a plugin whose table lacks a function says which, when it is called", () => {
    const error = rejected(fake("empty", 0, 100))
    expect(error.reason).toBe("initialize")
    expect(error.message).toContain("(PJRT API 0.100) has no PJRT_Plugin_Initialize")
  })
})

describe("version negotiation", () => {
  it.each([
    [0, 57],
    [0, 81],
    [0, 106],
    [0, 115],
    [0, 116],
    [0, 117],
    [0, 500]
  ])("accepts %i.%i", (major, minor) => {
    expect(versionProblem({ major, minor })).toBeUndefined()
  })

  it.each([
    [0, 0],
    [0, 56],
    [1, 0],
    [2, 117]
  ])("refuses %i.%i", (major, minor) => {
    expect(versionProblem({ major, minor })).toContain(`${major}.${minor}`)
  })
})
