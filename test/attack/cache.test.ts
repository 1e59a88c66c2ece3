import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import * as Effect from "effect/Effect"
import { afterAll, afterEach, beforeEach, expect, it, vi } from "vitest"
import { cached, entryFolder, entryPath, isCached, pluginsRoot, seal } from "../../native/plugins/cache.ts"
import { fetchPlugin } from "../../native/plugins/fetch.ts"
import { pluginDigest } from "../../native/plugins/identity.ts"
import { lock } from "../../native/plugins/lock.ts"
import { defaultEntry } from "../../pjrt/platforms/plugins.ts"
import { clear, entries, programsFolder, readProgram, writeProgram } from "../../pjrt/plugin/disk-cache.ts"
import { countAttacks } from "../support/attack.ts"
import { loopcarry } from "../support/command.ts"
import { failure } from "../support/run.ts"

const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-cache-"))
let cache: string
let count = 0
beforeEach(() => {
  cache = path.join(folder, `${count++}`)
  vi.stubEnv("LOOPCARRY_CACHE", cache)
  vi.stubEnv("PIP_NO_INDEX", "1")
  vi.stubEnv("PIP_FIND_LINKS", folder)
})
afterEach(() => vi.unstubAllEnvs())
afterAll(() => execFileSync("rm", ["-rf", folder]))

/** What may stand where a file of the cache should. */
const intruders: Readonly<Record<string, (file: string) => void>> = {
  pipe: (file) => void execFileSync("mkfifo", [file]),
  folder: (file) => mkdirSync(file),
  "folder with something in it": (file) => mkdirSync(path.join(file, "below"), { recursive: true }),
  loop: (file) => symlinkSync(path.basename(file), file),
  dangling: (file) => symlinkSync("/nowhere/at/all", file),
  device: (file) => symlinkSync("/dev/zero", file),
  "pipe behind a link": (file) => {
    execFileSync("mkfifo", [`${file}.pipe`])
    symlinkSync(`${file}.pipe`, file)
  },
  "huge file": (file) => {
    writeFileSync(file, "")
    truncateSync(file, 2 ** 40)
  },
  "empty file": (file) => writeFileSync(file, ""),
  noise: (file) => writeFileSync(file, Buffer.alloc(1000, 7)),
  unreadable: (file) => {
    writeFileSync(file, "x")
    chmodSync(file, 0)
  }
}

const place = (name: string, file: string) => {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  rmSync(file, { recursive: true, force: true })
  intruders[name]!(file)
}

const header = {
  target: "cpu:0 of 1",
  platform: "cpu",
  version: "1",
  plugin: "p",
  cpu: "c",
  xla: {},
  counts: { replicas: 1, partitions: 1 }
} as unknown as Parameters<typeof readProgram>[1]

it.each(Object.keys(intruders))("a %s is no compiled program", (name) => {
  const key = "a".repeat(64)
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {})
  place(name, path.join(programsFolder(), `${key}.lcx`))
  expect(readProgram(key, header)).toBeUndefined()
  writeProgram(key, header, Uint8Array.of(1, 2, 3))
  const kept = readProgram(key, header)
  // A folder stays; all else is replaced.
  if (name.startsWith("folder")) expect(kept).toBeUndefined()
  else expect(Array.from(kept!)).toEqual([1, 2, 3])
  expect(entries().length).toBe(name.startsWith("folder") ? 0 : 1)
  clear()
  expect(entries()).toEqual([])
  warned.mockRestore()
})

it.runIf(process.platform !== "win32")("what others could write is no compiled program", (context) => {
  const key = "b".repeat(64)
  const file = path.join(programsFolder(), `${key}.lcx`)
  const spoil: ReadonlyArray<() => void> = [
    () => chmodSync(file, 0o666),
    () => chmodSync(file, 0o620),
    ...(process.getuid?.() === 0 ? [() => chownSync(file, 65534, 65534)] : [])
  ]
  for (const make of spoil) {
    writeProgram(key, header, Uint8Array.of(1, 2, 3))
    expect(readProgram(key, header)).toHaveLength(3)
    make()
    expect(readProgram(key, header)).toBeUndefined()
    expect(entries()).toEqual([])
  }
  countAttacks(context, spoil.length)
})

it.each(["-1", "-Infinity", "-0.5"])("%s is no number of bytes to keep", (said) => {
  vi.stubEnv("LOOPCARRY_CACHE_BYTES", said)
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {})
  writeProgram("c".repeat(64), header, Uint8Array.of(1, 2, 3))
  expect(readProgram("c".repeat(64), header)).toHaveLength(3)
  warned.mockRestore()
})

it.each(Object.keys(intruders))("a %s is no plugin", async (name) => {
  const entry = defaultEntry("cpu")!
  place(name, entryPath(entry))
  // Sparse, but for its size nothing that a digest should be made of here.
  if (name === "huge file") truncateSync(entryPath(entry), 2 ** 20)
  if (name === "dangling") {
    expect(isCached(entry)).toBe(false)
    expect(await Effect.runPromise(cached(entry))).toBeUndefined()
    return
  }
  expect(isCached(entry)).toBe(true)
  const as = name === "unreadable" && process.getuid?.() === 0 ? "sha256" : entry.package
  expect(await Effect.runPromise(failure(cached(entry)))).toMatchObject({
    _tag: "PluginCorrupt",
    message: expect.stringContaining(as),
    hint: expect.stringContaining("loopcarry plugins fetch cpu")
  })
})

it.each(Object.keys(intruders))("a %s is no record of a digest", async (name) => {
  const library = path.join(cache, "library.so")
  mkdirSync(cache, { recursive: true })
  writeFileSync(library, "a library")
  const sha256 = createHash("sha256").update("a library").digest("hex")
  const note = path.join(
    pluginsRoot(),
    "digests",
    `${createHash("sha256").update(library).digest("hex")}.json`
  )
  place(name, note)
  expect(await Effect.runPromise(pluginDigest(library))).toBe(sha256)
  const entry = { ...defaultEntry("cpu")!, sha256 }
  mkdirSync(entryFolder(entry), { recursive: true })
  writeFileSync(entryPath(entry), "a library")
  place(name, path.join(entryFolder(entry), "verified.json"))
  expect(await Effect.runPromise(cached(entry))).toBe(entryPath(entry))
  seal(entry)
  expect(await Effect.runPromise(cached(entry))).toBe(entryPath(entry))
})

it.each(Object.keys(intruders))("a %s is no lock that is waited for for ever", async (name) => {
  const file = path.join(cache, "plugin.lock")
  place(name, file)
  const held = Effect.scoped(lock(file, () => {}))
  if (lstatSync(file).isFile()) {
    // Left by a process that is gone.
    utimesSync(file, new Date(0), new Date(0))
    await Effect.runPromise(held)
    return
  }
  const refused = await Effect.runPromise(failure(held))
  expect(refused).toMatchObject({ code: "EEXIST", message: expect.stringContaining("remove it") })
})

it.each([
  "/proc/none",
  "/proc/self/none/deeper",
  "/dev/null",
  "/dev/null/below",
  "/sys/none",
  `/tmp/${"n".repeat(300)}`,
  `/tmp/${"n/".repeat(3000)}`
])("a cache in %.40s is a word, and no end", async (root) => {
  vi.stubEnv("LOOPCARRY_CACHE", root)
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {})
  expect(readProgram("a".repeat(64), header)).toBeUndefined()
  writeProgram("a".repeat(64), header, Uint8Array.of(1))
  expect(entries()).toEqual([])
  warned.mockRestore()
  const refused = await Effect.runPromise(failure(fetchPlugin(defaultEntry("cpu")!, () => {})))
  expect(refused).toMatchObject({ _tag: "PluginMissing", hint: expect.stringContaining("LOOPCARRY_CACHE") })
})

it("the command says what is wrong with the cache", async (context) => {
  const env = { LOOPCARRY_CACHE: "/proc/none", LOOPCARRY_PYTHON: "/nowhere/python3" }
  for (const args of [
    ["plugins", "fetch", "cpu"],
    ["devices", "--device", "cpu"]
  ])
    expect(await loopcarry(args, env)).toMatchObject({
      status: 3,
      stdout: "",
      stderr: expect.stringMatching(/cannot be fetched: ENOENT.*\n {2}next: \/proc\/none\/plugins must be/)
    })
  for (const args of [
    ["cache", "list"],
    ["cache", "clear"]
  ])
    expect(await loopcarry(args, env)).toMatchObject({ status: 0, stderr: "" })
  const other = path.join(folder, "other")
  mkdirSync(path.join(other, "programs/below"), { recursive: true })
  execFileSync("mkfifo", [path.join(other, "programs/pipe.lcx")])
  expect(await loopcarry(["cache", "clear"], { LOOPCARRY_CACHE: other })).toMatchObject({
    status: 0,
    stderr: ""
  })
  countAttacks(context, 5)
})

it("is told of where a file stands in the place of its folder", async (context) => {
  const file = path.join(folder, "no-folder")
  writeFileSync(file, "")
  for (const place of [file, path.join(file, "below"), "/dev/null"]) {
    vi.stubEnv("LOOPCARRY_CACHE", place)
    expect(isCached(defaultEntry("cpu")!)).toBe(false)
    expect(await Effect.runPromise(cached(defaultEntry("cpu")!))).toBeUndefined()
    const ended = await loopcarry(["serve", "--listen", "127.0.0.1:0"], { LOOPCARRY_CACHE: place })
    expect(ended).toMatchObject({ status: 3, stdout: "" })
    expect(ended.stderr).toContain(`${place}/plugins must be writable and have room`)
  }
  countAttacks(context, 3)
})
