import { koffi } from "./koffi.ts"

type Trim = (pad: number) => number

let trim: Trim | undefined

/** Gives the system back what glibc's allocator keeps of freed memory, of all its arenas; nothing where there is no glibc. */
export const trimMemory = (): void => {
  try {
    trim ??= koffi().load(null).func("malloc_trim", "int", ["size_t"]) as unknown as Trim
  } catch {
    // Another C library.
    trim = () => 0
  }
  trim(0)
}
