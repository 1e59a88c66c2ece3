/** What this process has done on its devices so far. One addition each, so that counting costs nothing. */
export const counted = {
  /** Calls of jitted functions. */
  runs: 0,
  /** Programs that were compiled or loaded, and of these how many came from the cache on disk. */
  programs: 0,
  cached: 0,
  /** Bytes put on devices by this process, and read from them. */
  bytesUp: 0,
  bytesDown: 0
}
