// What reads bytes of anybody, for Jazzer.js and for test/attack/formats.test.ts. The first byte of an input says which.
// It reads the sources: fuzz.mjs builds it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { unzipInto, unzipMember, ZipFault } from "../../native/zip/reader.ts"
import { toJson } from "../../pjrt/array/layout.ts"
import { parseXlaOption } from "../../pjrt/backend/xla.ts"
import { BytecodeFault, isBytecode } from "../../pjrt/formats/bytecode.ts"
import { readBytecode } from "../../pjrt/formats/bytecode-file.ts"
import { operationsOf } from "../../pjrt/formats/bytecode-operations.ts"
import { CompiledFileError, readCompiled } from "../../pjrt/formats/compiled.ts"
import { JaxExportError, readJaxExport } from "../../pjrt/formats/jax-export.ts"
import { moduleFacts } from "../../pjrt/formats/module-attributes.ts"
import { NpyError, readNpy } from "../../pjrt/formats/npy.ts"
import { headerLength, readHeader, SafetensorsError } from "../../pjrt/formats/safetensors.ts"
import { readTreeText } from "../../pjrt/io/tree-text.ts"
import { mainSignature } from "../../pjrt/module/signature.ts"
import { parseDeviceName } from "../../pjrt/platforms/names.ts"
import { defaultLimits } from "../../pjrt/serve/worker/limits.ts"
import { screen } from "../../pjrt/serve/worker/screen.ts"
import { parseAddress } from "../../pjrt/served/remote/address.ts"
import { FrameFault, Frames } from "../../pjrt/served/remote/frames.ts"
import { pemFault } from "../../pjrt/served/remote/pem.ts"
import { decode, WireError } from "../../pjrt/served/remote/wire/decode.ts"

const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-fuzz-"))
process.on("exit", () => rmSync(folder, { recursive: true, force: true }))
const archive = path.join(folder, "archive")

const text = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1")

/** A member may have a name that the file system does not take. */
const ofFiles = (error) => typeof error.syscall === "string"

const unzip = async (bytes) => {
  writeFileSync(archive, bytes)
  const out = path.join(folder, "out")
  rmSync(out, { recursive: true, force: true })
  const faults = []
  for (const read of [
    () => unzipMember(archive, "a", path.join(folder, "a")),
    () => unzipInto(archive, out, (name) => name.length < 40)
  ])
    await read().catch((error) => faults.push(error))
  const odd = faults.find((error) => !(error instanceof ZipFault) && !ofFiles(error))
  if (odd !== undefined) throw odd
}

const safetensors = (bytes) => {
  const length = headerLength(bytes, bytes.length)
  readHeader(bytes.subarray(8, 8 + length), bytes.length)
}

/** Each reader, and the errors that are its own. Where none is named it throws nothing. */
export const targets = [
  { name: "ask", run: (bytes) => decode("Request", bytes), own: [WireError] },
  { name: "answer", run: (bytes) => decode("Response", bytes), own: [WireError] },
  { name: "frames", run: (bytes) => [...new Frames(1 << 20).take(bytes)], own: [FrameFault] },
  { name: "isBytecode", run: isBytecode, own: [] },
  { name: "moduleFacts", run: moduleFacts, own: [BytecodeFault] },
  {
    name: "operations of bytecode",
    run: (bytes) => operationsOf(readBytecode(bytes), 100),
    own: [BytecodeFault]
  },
  { name: "screen of bytecode", run: (bytes) => screen(bytes, true, defaultLimits), own: [] },
  { name: "screen of text", run: (bytes) => screen(bytes, false, defaultLimits), own: [] },
  { name: "npy", run: readNpy, own: [NpyError] },
  { name: "zip", run: unzip, own: [] },
  { name: "jax-export", run: readJaxExport, own: [JaxExportError] },
  { name: "compiled", run: readCompiled, own: [CompiledFileError] },
  {
    name: "PEM and DER",
    run: (bytes) => {
      const pem = Buffer.from(bytes)
      for (const part of ["ca", "cert", "key"]) pemFault({ [part]: pem }, { ca: "a", cert: "c", key: "k" })
    },
    own: []
  },
  { name: "address", run: (bytes) => parseAddress(text(bytes)), own: [] },
  { name: "device name", run: (bytes) => parseDeviceName(text(bytes)), own: [] },
  { name: "option", run: (bytes) => parseXlaOption(text(bytes)), own: [] },
  { name: "signature", run: (bytes) => mainSignature(text(bytes)), own: [] },
  {
    name: "JSON results",
    run: (bytes) => {
      let value
      try {
        value = JSON.parse(text(bytes))
      } catch {
        return
      }
      toJson(value)
    },
    own: []
  },
  { name: "safetensors", run: safetensors, own: [SafetensorsError] },
  { name: "tree", run: (bytes) => readTreeText(text(bytes), "tree"), own: [SafetensorsError] }
]

/** Gives the rest of an input to the reader that its first byte names. Throws what is a finding. */
export const fuzz = async (data) => {
  if (data.length === 0) return
  const { name, run, own } = targets[data[0] % targets.length]
  try {
    await run(Uint8Array.from(data.subarray(1)))
  } catch (error) {
    if (own.some((kind) => error instanceof kind)) return
    throw new Error(`${name}: ${error?.stack ?? error}`)
  }
}
