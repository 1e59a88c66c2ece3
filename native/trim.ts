import { koffi } from "./koffi.ts"

type Trim = (pad: number) => number

let trim: Trim | undefined

/** Returns freed memory that glibc's allocator keeps, in all its arenas, to the system. Does nothing without glibc. */
export const trimMemory = (): void => {
  try {
    trim ??= koffi().load(null).func("malloc_trim", "int", ["size_t"]) as unknown as Trim
  } catch {
    // Another C library.
    trim = () => 0
  }
  trim(0)
}
