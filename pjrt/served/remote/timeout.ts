/** In how many pieces a time passes. */
const pieces = 10

/**
 * Does something after so many milliseconds, unless what it returns is called before. They pass in pieces, with a turn
 * of the event loop after each: where this process is held up, what has come meanwhile is read before they are over.
 */
export const timeout = (milliseconds: number, act: () => void): (() => void) => {
  let left = pieces
  const timer = setInterval(() => {
    if (--left > 0) return
    clearInterval(timer)
    act()
  }, milliseconds / pieces)
  return () => clearInterval(timer)
}
