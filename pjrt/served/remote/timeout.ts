/** In how many pieces a time passes. */
const pieces = 10

/**
 * Does something after so many milliseconds, unless the returned function is called before. The time passes in pieces,
 * with a turn of the event loop after each. So where this process is held up, it reads the messages that have come
 * before the time is over.
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
