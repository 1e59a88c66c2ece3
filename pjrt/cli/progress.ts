const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

export interface ProgressLine {
  /** Says what is being done now; a function says it anew each time. */
  readonly step: (text: string | (() => string)) => void
  /** Ends the last step. */
  readonly end: () => void
}

export interface ProgressOptions {
  readonly stream?: NodeJS.WriteStream
}

const said = (text: string | (() => string)): string => (typeof text === "string" ? text : text())

/** Progress on stderr: one live line with the elapsed time on a terminal, plain lines elsewhere. */
export const progressLine = ({ stream = process.stderr }: ProgressOptions = {}): ProgressLine => {
  if (!stream.isTTY) {
    return { step: (text) => void stream.write(`loopcarry: ${said(text)}\n`), end: () => {} }
  }
  let current: { readonly text: string | (() => string); readonly since: number } | undefined
  let timer: NodeJS.Timeout | undefined
  let frame = 0
  const draw = () => {
    if (current === undefined) return
    const seconds = ((performance.now() - current.since) / 1000).toFixed(1)
    stream.write(`\r\x1b[2K${frames[frame++ % frames.length]} ${said(current.text)} ${seconds} s`)
  }
  const settle = () => {
    if (current === undefined) return
    const seconds = ((performance.now() - current.since) / 1000).toFixed(1)
    stream.write(`\r\x1b[2K✓ ${said(current.text)} ${seconds} s\n`)
    current = undefined
  }
  return {
    step: (text) => {
      settle()
      current = { text, since: performance.now() }
      timer ??= setInterval(draw, 100).unref()
      draw()
    },
    end: () => {
      settle()
      clearInterval(timer)
      timer = undefined
    }
  }
}
