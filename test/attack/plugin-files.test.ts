import { execFileSync } from "node:child_process"
import {
  closeSync,
  copyFileSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync
} from "node:fs"
import { endianness, tmpdir } from "node:os"
import path from "node:path"
import * as Effect from "effect/Effect"
import { afterAll, describe, expect, it } from "vitest"
import { libraryFault } from "../../native/plugins/library.ts"
import { loadPlugin } from "../../pjrt/device/device.ts"
import { countAttacks } from "../support/attack.ts"
import { loopcarry } from "../support/command.ts"
import { plugins } from "../support/plugins.ts"
import { failure } from "../support/run.ts"

const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-plugins-"))
afterAll(() => rmSync(folder, { recursive: true }))

const place = (name: string, content?: string | Uint8Array): string => {
  const file = path.join(folder, name)
  if (content !== undefined) writeFileSync(file, content)
  return file
}

const newest = plugins[0]!.path
const head = (() => {
  const bytes = new Uint8Array(1 << 16)
  const handle = openSync(newest, "r")
  readSync(handle, bytes, 0, bytes.length, 0)
  closeSync(handle)
  return bytes
})()

/** The plugin's headers in a file of its size, which are all that is looked at, changed at some bytes. */
const changed = (name: string, change: (view: DataView) => void): string => {
  const bytes = head.slice()
  change(new DataView(bytes.buffer))
  const handle = openSync(place(name), "w")
  writeSync(handle, bytes)
  ftruncateSync(handle, statSync(newest).size)
  closeSync(handle)
  return place(name)
}

const refusal = (file: string) => Effect.runPromise(failure(loadPlugin(file)))

describe.skipIf(process.platform !== "linux" || endianness() !== "LE")("a plugin's file", () => {
  it.for(plugins)(
    "that is cut short is refused before it is loaded: PJRT $api",
    async ({ path: whole }, context) => {
      const { size } = statSync(whole)
      const file = place("cut.so")
      copyFileSync(whole, file)
      expect(libraryFault(file)).toBeUndefined()
      const cuts = [
        ...Array.from({ length: 90 }, (_, i) => Math.floor((size * (90 - i)) / 91)),
        4096,
        120,
        64,
        63,
        20,
        5,
        4,
        3,
        1,
        0
      ]
      for (const at of [size - 1, ...cuts]) {
        truncateSync(file, at)
        expect(await refusal(file), `cut at ${at}`).toMatchObject({
          _tag: "PluginCorrupt",
          message: expect.stringContaining("is not whole"),
          hint: expect.stringContaining("install the plugin anew")
        })
      }
      countAttacks(context, cuts.length + 1)
    }
  )

  it("that is none is refused, whatever it is", async (context) => {
    execFileSync("cc", ["-shared", "-o", place("plain.so"), "-x", "c", "-"], { input: "int answer = 42;" })
    execFileSync("cc", ["-no-pie", "-o", place("program"), "-x", "c", "-"], {
      input: "int main() { return 0; }"
    })
    execFileSync("mkfifo", [place("pipe.so")])
    mkdirSync(place("folder.so"))
    symlinkSync(place("loop.so"), place("loop.so"))
    const long = (value: bigint) => (at: number) => (view: DataView) => view.setBigUint64(at, value, true)
    const short = (value: number) => (at: number) => (view: DataView) => view.setUint16(at, value, true)
    const fat = new DataView(new ArrayBuffer(4096))
    ;[0xcafebabe, 1, 7, 3, 4096, 4096, 12].forEach((word, i) => {
      fat.setUint32(4 * i, word)
    })
    const attacks: ReadonlyArray<
      readonly [file: string, tag: string, reason: string | undefined, said: RegExp]
    > = [
      [place("nowhere.so"), "PluginRejected", "unreadable", /no such file/],
      [place("loop.so"), "PluginRejected", "unreadable", /ELOOP/],
      [place("plain.so/inside.so"), "PluginRejected", "unreadable", /ENOTDIR/],
      [place("folder.so"), "PluginRejected", "unreadable", /no regular file/],
      [place("pipe.so"), "PluginRejected", "unreadable", /no regular file/],
      ["/dev/null", "PluginRejected", "unreadable", /no regular file/],
      [place("empty.so", ""), "PluginCorrupt", undefined, /it is empty/],
      [place("text.so", "GROUP ( libc.so )\n"), "PluginRejected", "not-a-library", /no shared library/],
      [
        place(
          "garbage.so",
          Uint8Array.from({ length: 9999 }, (_, i) => (i * 131) % 251)
        ),
        "PluginRejected",
        "not-a-library",
        /no shared library/
      ],
      [place("zeros.so", new Uint8Array(9999)), "PluginRejected", "not-a-library", /no shared library/],
      [place("elf.so", "\x7fELF"), "PluginCorrupt", undefined, /within its header/],
      [
        place("elf-zeros.so", Buffer.concat([Buffer.from("\x7fELF\x02\x01"), Buffer.alloc(9999)])),
        "PluginRejected",
        "not-a-library",
        /machine 0/
      ],
      [
        place("windows.so", Buffer.concat([Buffer.from("MZ"), Buffer.alloc(999)])),
        "PluginRejected",
        "not-a-library",
        /Windows/
      ],
      [
        place("mac.so", Buffer.concat([Buffer.from([0xcf, 0xfa, 0xed, 0xfe]), Buffer.alloc(999)])),
        "PluginRejected",
        "not-a-library",
        /macOS/
      ],
      [place("fat.so", new Uint8Array(fat.buffer)), "PluginRejected", "not-a-library", /macOS/],
      [place("plain.so"), "PluginRejected", "not-a-plugin", /no GetPjrtApi/],
      [place("program"), "PluginRejected", "not-a-library", /no shared library/],
      [changed("32.so", (view) => view.setUint8(4, 1)), "PluginRejected", "not-a-library", /32-bit/],
      [changed("big.so", (view) => view.setUint8(5, 2)), "PluginRejected", "not-a-library", /byte order/],
      [changed("s390.so", short(22)(18)), "PluginRejected", "not-a-library", /machine 22/],
      [changed("object.so", short(1)(16)), "PluginRejected", "not-a-library", /no shared library/],
      [changed("core.so", short(4)(16)), "PluginRejected", "not-a-library", /no shared library/],
      [changed("no-segments.so", short(0)(56)), "PluginRejected", "not-a-library", /program headers/],
      [changed("small-segments.so", short(8)(54)), "PluginRejected", "not-a-library", /program headers/],
      [changed("far-segments.so", long(2n ** 63n)(32)), "PluginCorrupt", undefined, /program headers/],
      [changed("far-sections.so", long(2n ** 64n - 1n)(40)), "PluginCorrupt", undefined, /section headers/],
      [changed("many-sections.so", short(65535)(60)), "PluginCorrupt", undefined, /section headers/]
    ]
    for (const [file, tag, reason, said] of attacks) {
      const fault = await refusal(file)
      expect(fault, file).toMatchObject({
        _tag: tag,
        message: expect.stringMatching(said),
        hint: expect.stringMatching(/\w/)
      })
      expect((fault as { reason?: string }).reason, file).toBe(reason)
    }
    countAttacks(context, attacks.length)
  })

  it("is refused by the command with its status, in process or not", async (context) => {
    const module = place(
      "one.mlir",
      `module { func.func public @main() -> tensor<f32> {
        %one = stablehlo.constant dense<1.0> : tensor<f32>
        return %one : tensor<f32>
      } }`
    )
    const file = place("half.so")
    copyFileSync(newest, file)
    truncateSync(file, statSync(newest).size >> 1)
    for (const args of [[], ["--in-process"]]) {
      const ended = await loopcarry(["exec", module, "--plugin", file, ...args])
      expect(ended).toMatchObject({
        status: 3,
        signal: null,
        stdout: "",
        stderr: expect.stringContaining("is not whole")
      })
    }
    countAttacks(context, 2)
  })
})
