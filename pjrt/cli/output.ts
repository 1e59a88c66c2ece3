/** What the command itself puts out, whoever else writes to stdout. */
let document: NodeJS.WriteStream["write"] | undefined

/**
 * From now on stdout is for the document alone: what a script prints (console.log, Effect.log, process.stdout.write)
 * goes to stderr.
 */
export const reserveStdout = (): void => {
  if (document !== undefined) return
  document = process.stdout.write.bind(process.stdout)
  process.stdout.write = process.stderr.write.bind(process.stderr)
}

/** Writes to stdout what was asked for. */
export const writeOut = (text: string): void => {
  if (document === undefined) process.stdout.write(text)
  else document(text)
}

/** Resolves when what was written to stdout and stderr so far has left this process. */
export const flushed = async (): Promise<void> => {
  const out = document ?? process.stdout.write.bind(process.stdout)
  await new Promise<void>((resolve) => void out("", () => resolve()))
  await new Promise<void>((resolve) => void process.stderr.write("", () => resolve()))
}
