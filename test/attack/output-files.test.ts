import { execFileSync, spawn, spawnSync } from "node:child_process"
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { writeThrough } from "../../native/write-through.ts"
import { countAttacks } from "../support/attack.ts"
import { moduleFile } from "../support/bundled.ts"
import { loopcarry, root, startProcess } from "../support/command.ts"
import { thrown } from "../support/run.ts"

let folder: string
let module: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "loopcarry-output-"))
  module = path.join(folder, "one.mlir")
  writeFileSync(
    module,
    "func.func public @main() -> tensor<f32> {\n  %0 = stablehlo.constant dense<1.0> : tensor<f32>\n  return %0 : tensor<f32>\n}\n"
  )
})
afterAll(() => execFileSync("rm", ["-rf", folder]))

/** It runs as another user too. */
const writeThroughFile = moduleFile("native/write-through.ts")
chmodSync(path.dirname(writeThroughFile), 0o755)

const at = (...parts: ReadonlyArray<string>) => path.join(folder, ...parts)
const code = (run: () => unknown) => (thrown(run) as NodeJS.ErrnoException).code
/** No half of a file is left beside those that were asked for. */
const clean = (place: string) => expect(readdirSync(place).filter((name) => name.startsWith("."))).toEqual([])

it("writes through links, and keeps the mode of what it replaces", (context) => {
  mkdirSync(at("links/real"), { recursive: true })
  const real = at("links/real/file")
  writeFileSync(real, "old")
  chmodSync(real, 0o640)
  symlinkSync("real/file", at("links/one"))
  symlinkSync("one", at("links/two"))
  symlinkSync("real", at("links/folder"))
  symlinkSync("folder/../real/later", at("links/dangling"))
  const before = statSync(real).ino
  writeThrough(at("links/two"), "new")
  expect(readFileSync(real, "utf8")).toBe("new")
  expect(statSync(real).mode & 0o777).toBe(0o640)
  expect(statSync(real).ino).not.toBe(before)
  for (const link of ["one", "two"]) expect(lstatSync(at("links", link)).isSymbolicLink()).toBe(true)
  writeThrough(at("links/folder/file"), "third")
  expect(readFileSync(real, "utf8")).toBe("third")
  writeThrough(at("links/dangling"), "made")
  expect(lstatSync(at("links/dangling")).isSymbolicLink()).toBe(true)
  expect(readFileSync(at("links/real/later"), "utf8")).toBe("made")
  if (process.getuid?.() === 0) {
    execFileSync("chown", ["1234:1235", real])
    writeThrough(real, "owned")
    expect(statSync(real)).toMatchObject({ uid: 1234, gid: 1235 })
    countAttacks(context, 1)
  }
  clean(at("links/real"))
  countAttacks(context, 3)
})

it("refuses loops, folders and what is not to be written, and leaves all as it was", (context) => {
  mkdirSync(at("bad/folder"), { recursive: true })
  symlinkSync("b", at("bad/a"))
  symlinkSync("a", at("bad/b"))
  symlinkSync("folder", at("bad/to-folder"))
  writeFileSync(at("bad/file"), "kept")
  const refusals: ReadonlyArray<readonly [string, string]> = [
    [at("bad/a"), "ELOOP"],
    [at("bad/folder"), "EISDIR"],
    [at("bad/to-folder"), "EISDIR"],
    [at("bad/file/below"), "ENOTDIR"],
    [at("bad", "n".repeat(300)), "ENAMETOOLONG"],
    ["/proc/loopcarry-none/file", "ENOENT"],
    [`/proc/${process.pid}/none`, "ENOENT"]
  ]
  for (const [file, why] of refusals)
    expect(
      code(() => writeThrough(file, "x")),
      file
    ).toBe(why)
  expect(readFileSync(at("bad/file"), "utf8")).toBe("kept")
  expect(lstatSync(at("bad/a")).isSymbolicLink()).toBe(true)
  clean(at("bad"))
  countAttacks(context, refusals.length)
})

it("takes names as long as the file system does", (context) => {
  const name = "n".repeat(255)
  mkdirSync(at("long"))
  writeThrough(at("long", name), "all of it")
  expect(readFileSync(at("long", name), "utf8")).toBe("all of it")
  const wide = "ü".repeat(127)
  writeThrough(at("long", wide), "too")
  expect(readFileSync(at("long", wide), "utf8")).toBe("too")
  clean(at("long"))
  countAttacks(context, 2)
})

it("writes devices where they stand", (context) => {
  const isDevice = (file: string) => expect(statSync(file).isCharacterDevice()).toBe(true)
  writeThrough("/dev/null", "gone")
  expect(code(() => writeThrough("/dev/full", "no room"))).toBe("ENOSPC")
  symlinkSync("/dev/null", at("to-null"))
  writeThrough(at("to-null"), "gone")
  for (const file of ["/dev/null", "/dev/full", at("to-null")]) isDevice(file)
  expect(lstatSync(at("to-null")).isSymbolicLink()).toBe(true)
  countAttacks(context, 3)
})

it("writes pipes, and says so where nobody reads one", async (context) => {
  const pipe = at("pipe")
  execFileSync("mkfifo", [pipe])
  const bytes = Buffer.alloc(300_000, 7)
  const reader = spawn("sh", ["-c", `cat "$0" | wc -c`, pipe], { stdio: ["ignore", "pipe", "inherit"] })
  let counted = ""
  reader.stdout.on("data", (chunk) => (counted += chunk))
  const ended = new Promise((resolve) => reader.on("close", resolve))
  writeThrough(pipe, bytes)
  await ended
  expect(Number(counted)).toBe(bytes.length)
  expect(code(() => writeThrough(pipe, "x"))).toBe("ENXIO")
  expect(statSync(pipe).isFIFO()).toBe(true)
  countAttacks(context, 2)
})

it("writes open files of its own as the shell has opened them", async (context) => {
  const script = `import { writeThrough } from ${JSON.stringify(writeThroughFile)}
process.stdout.write("first ")
for (const file of ["/dev/stdout", "/proc/self/fd/1", "/dev/fd/1"]) writeThrough(file, "more ")
process.stdout.write("last")`
  const file = at("script.mjs")
  writeFileSync(file, script)
  const run = (redirect: string) =>
    startProcess("sh", ["-c", `"$0" "$1" ${redirect}`, process.execPath, file], {}).ended
  const all = "first more more more last"
  expect(await run("| cat")).toMatchObject({ stdout: all })
  expect(await run("")).toMatchObject({ status: 0, stdout: all })
  await run(`> "${at("redirected")}"`)
  expect(readFileSync(at("redirected"), "utf8")).toBe(all)
  countAttacks(context, 9)
})

it("writes over a file whose folder takes no other, whole or not at all", async (context) => {
  mkdirSync(at("shut"))
  const file = at("shut/file")
  writeFileSync(file, "old and longer")
  chmodSync(file, 0o666)
  chmodSync(at("shut"), 0o555)
  const script = `import { writeThrough } from ${JSON.stringify(writeThroughFile)}
if (process.getuid?.() === 0) process.setuid(65534)
const [file, bytes] = process.argv.slice(2)
try { writeThrough(file, Buffer.alloc(Number(bytes), 66)) } catch ({ code }) { console.log(code) }`
  chmodSync(folder, 0o755)
  writeFileSync(at("over.mjs"), script)
  const write = (bytes: number, blocks: number) =>
    startProcess(
      "sh",
      [
        "-c",
        `trap "" XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`,
        process.execPath,
        at("over.mjs"),
        file,
        `${bytes}`
      ],
      {}
    ).ended
  expect(await write(5, 1024)).toMatchObject({ stdout: "", stderr: "" })
  expect(readFileSync(file, "utf8")).toBe("BBBBB")
  expect(await write(100, 1024)).toMatchObject({ stdout: "" })
  expect(readFileSync(file, "utf8")).toBe("B".repeat(100))
  writeFileSync(file, "kept")
  expect(await write(100_000, 8)).toMatchObject({ stdout: "EFBIG\n" })
  expect(readFileSync(file, "utf8")).toBe("kept")
  chmodSync(file, 0o444)
  expect(await write(5, 1024)).toMatchObject({ stdout: "EACCES\n" })
  chmodSync(at("shut"), 0o755)
  expect(readFileSync(file, "utf8")).toBe("kept")
  countAttacks(context, 4)
})

it("lets two writers write at once, one after the other", async (context) => {
  const file = at("shared")
  const script = `import { writeThrough } from ${JSON.stringify(writeThroughFile)}
for (let i = 0; i < 100; i++) writeThrough(process.argv[2], process.argv[3].repeat(50_000))`
  writeFileSync(at("writer.mjs"), script)
  const writers = ["a", "b"].map(
    (letter) => startProcess(process.execPath, [at("writer.mjs"), file, letter], {}).ended
  )
  const done = Promise.all(writers)
  let finished = false
  void done.then(() => (finished = true))
  let looks = 0
  while (!finished) {
    if (existsSync(file)) {
      const text = readFileSync(file, "latin1")
      expect(text.length).toBe(50_000)
      expect([...new Set(text)].length).toBe(1)
      looks++
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  for (const { status, stderr } of await done) expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
  expect(looks).toBeGreaterThan(0)
  countAttacks(context, 2)
})

it("has the command write what stands there, not in its place", async (context) => {
  const exec = (output: string) => loopcarry(["exec", module, "--output", output])
  writeFileSync(at("results.npz"), "old")
  symlinkSync("results.npz", at("latest.npz"))
  expect(await exec(at("latest.npz"))).toMatchObject({ status: 0 })
  expect(readFileSync(at("results.npz")).subarray(0, 2).toString()).toBe("PK")
  expect(lstatSync(at("latest.npz")).isSymbolicLink()).toBe(true)
  const full = await exec("/dev/full")
  expect(full.status).toBe(2)
  expect(full.stderr).toMatch(/\/dev\/full cannot be written: ENOSPC.*\n {2}next: give --output another path/)
  expect(await exec("/dev/null")).toMatchObject({ status: 0 })
  expect(statSync("/dev/null").isCharacterDevice()).toBe(true)
  const loop = await exec("/proc/none/results.npz")
  expect(loop).toMatchObject({ status: 2, stderr: expect.stringContaining("cannot be written: ENOENT") })
  countAttacks(context, 4)
})

it("writes more bytes than Node does at once", (context) => {
  expect(() => writeThrough("/dev/null", new Uint8Array(2 ** 31 + 1))).not.toThrow()
  countAttacks(context, 1)
})

it("says what stdout does not take, and fails", (context) => {
  const command = `"${process.execPath}" "${path.join(root, "dist/scripts/loopcarry.js")}" --help`
  const script = `${command} >/dev/full; echo $?; ${command} 2>&1 | head -c 1 >/dev/null; echo \${PIPESTATUS[0]}`
  const done = spawnSync("bash", ["-c", script], { encoding: "utf8" })
  expect(done.stdout).toBe("1\n0\n")
  expect(done.stderr).toBe(
    "error: stdout cannot be written: ENOSPC: no space left on device, write\n  next: what was printed is cut short; make room, or send it to another file\n"
  )
  countAttacks(context, 2)
})
