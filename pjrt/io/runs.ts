import { readSync, writeSync } from "node:fs"
import type { FileHandle } from "node:fs/promises"
import { crc32 } from "node:zlib"

/** Hands over the runs of bytes that lie together both in a whole array and in a part of it. */
export type Runs = (visit: (inWhole: number, inPart: number, length: number) => void) => void

/** A run of more is moved on another thread. */
const longRun = 1 << 17

/** So many bytes are moved on this thread before others have their turn. */
const turnBytes = 4 << 20

const cutShort = (): Error => Object.assign(new Error("it has become shorter"), { code: "EIO" })

/** Moves each run between a part and a file, the small ones on this thread. */
const moveRuns = async (
  runs: Runs,
  now: (inWhole: number, inPart: number, length: number) => number,
  later: (inWhole: number, inPart: number, length: number) => Promise<number>
): Promise<void> => {
  // Listed first: a visitor cannot wait.
  const all: Array<number> = []
  runs((inWhole, inPart, length) => {
    all.push(inWhole, inPart, length)
  })
  let moved = 0
  for (let i = 0; i < all.length; i += 3) {
    const [inWhole, inPart, length] = [all[i]!, all[i + 1]!, all[i + 2]!]
    for (let done = 0; done < length; ) {
      const left = length - done
      const took =
        left > longRun
          ? await later(inWhole + done, inPart + done, left)
          : now(inWhole + done, inPart + done, left)
      if (took === 0) throw cutShort()
      done += took
    }
    moved += length
    if (moved < turnBytes) continue
    moved = 0
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Writes a part of an array that begins at a place of a file. */
export const writeRuns = (file: FileHandle, part: Uint8Array, at: number, runs: Runs): Promise<void> =>
  moveRuns(
    runs,
    (inWhole, inPart, length) => writeSync(file.fd, part, inPart, length, at + inWhole),
    async (inWhole, inPart, length) => (await file.write(part, inPart, length, at + inWhole)).bytesWritten
  )

/** Reads a part of an array that begins at a place of a file. */
export const readRuns = (file: FileHandle, part: Uint8Array, at: number, runs: Runs): Promise<void> =>
  moveRuns(
    runs,
    (inWhole, inPart, length) => readSync(file.fd, part, inPart, length, at + inWhole),
    async (inWhole, inPart, length) => (await file.read(part, inPart, length, at + inWhole)).bytesRead
  )

/** The CRC-32 of some bytes of a file. */
export const checksumOf = async (file: FileHandle, at: number, bytes: number): Promise<number> => {
  const scratch = new Uint8Array(Math.min(bytes, turnBytes))
  let sum = 0
  for (let done = 0; done < bytes; ) {
    const { bytesRead } = await file.read(scratch, 0, Math.min(scratch.length, bytes - done), at + done)
    if (bytesRead === 0) throw cutShort()
    sum = crc32(scratch.subarray(0, bytesRead), sum)
    done += bytesRead
  }
  return sum
}
