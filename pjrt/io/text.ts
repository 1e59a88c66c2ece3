import type { FormatError } from "./errors.ts"
import { formatError, type OpenFile } from "./file.ts"

const partBytes = 1 << 18

const notText = (file: string): FormatError =>
  formatError(file, "it is no UTF-8 text", "convert it: iconv --to-code UTF-8")

/** The text of a file that is open, as it comes. Throws a FormatError where it is no UTF-8. */
export async function* textOf({ handle, name }: OpenFile): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true })
  const decode = (bytes?: Uint8Array): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined })
    } catch {
      throw notText(name)
    }
  }
  const part = new Uint8Array(partBytes)
  for (let at = 0; ; ) {
    const { bytesRead } = await handle.read(part, 0, part.length, at)
    if (bytesRead === 0) break
    at += bytesRead
    yield decode(part.subarray(0, bytesRead))
  }
  yield decode()
}
