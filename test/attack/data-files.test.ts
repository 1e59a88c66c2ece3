import { execFileSync } from "node:child_process"
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import path from "node:path"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import { expect, it } from "vitest"
import { Device } from "../../pjrt/index.ts"
import {
  checkpoints,
  loadTree,
  ndarray,
  readCsv,
  readJsonLines,
  readMetadata,
  readNpy,
  readNpz,
  readSafetensors,
  saveTree,
  writeNpy,
  writeNpz,
  writeSafetensors
} from "../../pjrt/io/index.ts"
import { bool, c128, f32, i32 } from "../../pjrt/loopcarry.ts"
import { countAttacks } from "../support/attack.ts"
import { testFolder } from "../support/files.ts"

const { at, folder } = testFolder()
const specs = { w: f32(2, 3), n: i32(), c: c128(1), l: [bool(3), null] } as const
const tags = new Set(["FileError", "FormatError", "MismatchError", "ArgumentError"])

/** The tag of the error that reading a file ends in, or undefined; what is no error of ours is thrown. */
const outcome = async (read: Effect.Effect<unknown, unknown, never>): Promise<string | undefined> => {
  const result = await Effect.runPromise(Effect.result(read))
  if (result._tag === "Success") return undefined
  const { _tag: tag, message, hint } = result.failure as { _tag: string; message: string; hint: string }
  if (!tags.has(tag)) throw new Error(`${tag}: ${message}`)
  // A message is read by people, whatever the file holds.
  expect(message.length).toBeLessThan(2000)
  expect(hint).not.toBe("")
  return tag
}

const load = (file: string): Effect.Effect<unknown, unknown> =>
  Effect.scoped(Effect.provide(loadTree(file, specs), Device.layer("reference")))

/** A good file of each kind, and its readers. */
const kinds: ReadonlyArray<{
  readonly name: string
  readonly write: (file: string) => Effect.Effect<unknown, unknown>
  readonly reads: ReadonlyArray<(file: string) => Effect.Effect<unknown, unknown, never>>
}> = [
  {
    name: "a saved tree",
    write: (file) =>
      saveTree(file, {
        w: ndarray(f32(2, 3), new Float32Array(6)),
        n: 7,
        c: ndarray(c128(1), Float64Array.of(1, 2)),
        l: [ndarray(bool(3), [true, false, true]), null]
      }),
    reads: [readSafetensors, load, readMetadata]
  },
  {
    name: "safetensors",
    write: (file) => writeSafetensors(file, { a: ndarray(f32(2), [1, 2]), b: ndarray(i32(), 3) }, { k: "v" }),
    reads: [readSafetensors, load, (file) => readSafetensors(file, { a: f32(2) })]
  },
  { name: "npy", write: (file) => writeNpy(file, ndarray(f32(2, 3), new Float32Array(6))), reads: [readNpy] },
  { name: "npz", write: (file) => writeNpz(file, { a: ndarray(f32(2), [1, 2]) }), reads: [readNpz] },
  {
    name: "csv",
    write: (file) => Effect.sync(() => writeFileSync(file, 't,n,s\n1.5,2,"a\nb"\n-1e3,4,\n')),
    reads: [(file) => readCsv(file, { columns: { t: "f32", n: "i64", s: "string" }, missing: { t: 0 } })]
  },
  {
    name: "JSON lines",
    write: (file) => Effect.sync(() => writeFileSync(file, '{"t":1.5,"n":"2"}\n{"t":"NaN","n":3}\n')),
    reads: [(file) => readJsonLines(file, { columns: { t: "f32", n: "u64" }, missing: "drop" })]
  }
]

/** A change of some bytes. */
const edit = fc.record({
  at: fc.nat(),
  cut: fc.constantFrom(0, 1, 2, 8),
  put: fc.oneof(
    fc.uint8Array({ maxLength: 4 }),
    fc
      .constantFrom(
        "9".repeat(20),
        "-1",
        "1e9",
        "9007199254740993",
        "[",
        "]",
        "{",
        "}",
        '"',
        "null",
        "NaN",
        "\\ud800",
        ",",
        "\n"
      )
      .map((text) => new Uint8Array(Buffer.from(text))),
    fc
      .constantFrom(0x7fffffffffffffffn, 0xffffffffffffffffn, 2n ** 53n, 100_000_001n)
      .map((value) => new Uint8Array(BigUint64Array.of(value).buffer))
  )
})

it.for(kinds)(
  "files like $name are read or refused, whatever is done to them",
  async ({ write, reads }, context) => {
    const file = at("mutant")
    await Effect.runPromise(write(file))
    const good = readFileSync(file)
    const seen = new Set<string | undefined>()
    let made = 0
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), fc.boolean(), async (edits, cut) => {
        let bytes = good
        for (const { at: place, cut: gone, put } of edits) {
          const start = place % (bytes.length + 1)
          bytes = Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(start + gone)])
        }
        if (cut) bytes = bytes.subarray(0, edits[0]!.at % (bytes.length + 1))
        writeFileSync(file, bytes)
        const before = process.memoryUsage().arrayBuffers
        for (const read of reads) {
          seen.add(await outcome(read(file)))
          made++
        }
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 << 20)
      }),
      { numRuns: 250, seed: 21 }
    )
    expect(seen.has("FormatError")).toBe(true)
    countAttacks(context, made)
  }
)

it("lengths that no file has take no memory", async (context) => {
  const framed = (length: bigint, rest: string) =>
    Buffer.concat([Buffer.from(BigUint64Array.of(length).buffer), Buffer.from(rest)])
  const entry = (shape: string, offsets: string) =>
    `{"x":{"dtype":"F32","shape":${shape},"data_offsets":${offsets}}}`
  const texts = [
    entry("[1000000000000]", "[0,4000000000000]"),
    entry("[-1]", "[0,-4]"),
    entry("[9007199254740993]", "[0,8]"),
    entry(`[${"65536,".repeat(200)}1]`, "[0,4]"),
    entry(`[${"0,".repeat(2000)}1]`, "[0,0]"),
    entry("[2]", "[9007199254740984,9007199254740992]"),
    `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
    `{"__metadata__":{"loopcarry.tree":${JSON.stringify(`{"version":1,"tree":${"[".repeat(50_000)}${"]".repeat(50_000)}}`)}}}`,
    `{"__metadata__":{"loopcarry.tree":"{\\"version\\":1,\\"tree\\":{\\"record\\":[[\\"__proto__\\",\\"f32\\"]]}}"}}`
  ]
  const files = [
    framed(2n ** 64n - 1n, "{}"),
    framed(2n ** 53n, "{}"),
    framed(100_000_000n, "{}"),
    ...texts.map((text) => framed(BigInt(Buffer.byteLength(text)), text))
  ]
  for (const bytes of files) {
    writeFileSync(at("hostile"), bytes)
    const before = process.memoryUsage().arrayBuffers
    for (const read of [readMetadata, load]) expect(await outcome(read(at("hostile")))).toBe("FormatError")
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 << 20)
  }
  countAttacks(context, 2 * files.length)
})

it("what is no regular file is refused by every reader, and never waited for", async (context) => {
  mkdirSync(at("folder"))
  symlinkSync("loop", at("loop"))
  symlinkSync("nowhere", at("dangling"))
  execFileSync("mkfifo", [at("pipe")])
  const odd = [
    at("folder"),
    at("loop"),
    at("dangling"),
    at("pipe"),
    "/dev/zero",
    at("none"),
    `${folder}\0`,
    ""
  ]
  const reads = kinds.flatMap((kind) => kind.reads)
  for (const file of odd)
    for (const read of reads) expect(await outcome(read(file)), file).toMatch(/^(File|Argument)Error$/)
  countAttacks(context, odd.length * reads.length)
})

it("a folder of checkpoints with hostile files in it is read or refused", async (context) => {
  const place = at("run")
  const all = checkpoints(place, { keep: 100 })
  await Effect.runPromise(all.save(1, { x: 1 }))
  const good = readFileSync(path.join(place, "step-000000001.safetensors"))
  const latest = (damaged: "refuse" | "skip") =>
    Effect.scoped(
      Effect.provide(all.latest({ x: f32() }, { damaged }), Device.layer("reference"))
    ) as Effect.Effect<{ readonly step: number } | undefined, unknown>
  for (let length = 0; length < good.length; length += 17) {
    writeFileSync(path.join(place, "step-000000002.safetensors"), good.subarray(0, length))
    expect(await outcome(latest("refuse"))).toBe("FormatError")
    expect((await Effect.runPromise(latest("skip")))!.step).toBe(1)
  }
  // What is a folder by a checkpoint's name is no damaged file.
  mkdirSync(path.join(place, "step-000000003.safetensors"))
  expect(await outcome(latest("skip"))).toBe("FileError")
  countAttacks(context, 2 * Math.ceil(good.length / 17) + 1)
})
