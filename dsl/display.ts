/**
 * How values show themselves: to console.log and REPLs of Node and Bun, to Deno, and to Jupyter notebooks of Deno's
 * kernel. Each has a key of its own, and none of them needs an import.
 */
const nodeInspect = Symbol.for("nodejs.util.inspect.custom")
const denoInspect = Symbol.for("Deno.customInspect")
const jupyterDisplay = Symbol.for("Jupyter.display")

export interface Display<T> {
  /** As text; `brief` where it stands too deep in something else to be shown whole. */
  readonly text: (self: T, brief: boolean) => string
  /** For notebooks; the text where left out. */
  readonly html?: (self: T) => string
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }

/** Text as HTML that shows it. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (each) => entities[each]!)

/** Showing something never fails: a prototype, say, is no object of its class. */
const tried = (show: () => string): string => {
  try {
    return show()
  } catch {
    return "[object]"
  }
}

/** Gives an object, or all objects of a prototype, a display. Its keys are not listed. */
export const displayedAs = <T extends object>(target: T, { text, html }: Display<T>): void => {
  const define = (key: symbol, value: unknown): void => {
    Object.defineProperty(target, key, { value, configurable: true, writable: true, enumerable: false })
  }
  define(nodeInspect, function (this: T, depth: unknown) {
    return tried(() => text(this, typeof depth === "number" && depth < 0))
  })
  define(denoInspect, function (this: T) {
    return tried(() => text(this, false))
  })
  define(jupyterDisplay, function (this: T) {
    const plain = tried(() => text(this, false))
    return {
      "text/plain": plain,
      "text/html": tried(() => html?.(this) ?? `<pre>${escapeHtml(plain)}</pre>`)
    }
  })
}

interface Hinted extends Error {
  readonly hint?: string
}

/** Makes the errors of classes show where they come from and what to do next. Those of Effect show neither. */
export const displayedErrors = (...classes: ReadonlyArray<{ readonly prototype: Error }>): void => {
  for (const { prototype } of classes)
    displayedAs<Hinted>(prototype, {
      text: ({ name, message, stack, hint }, brief) => {
        if (brief) return `[${name}: ${message}]`
        return `${stack ?? `${name}: ${message}`}${hint === undefined ? "" : `\n  next: ${hint}`}`
      }
    })
}

type ProgramText = (program: object, brief: boolean) => string

/** The printer, which comes later: what it needs traces functions. */
let programText: ProgramText = () => "program"

export const showProgramsBy = (text: ProgramText): void => {
  programText = text
}

/** Makes a program show itself in the printer's notation. */
export const displayedProgram = <Program extends object>(program: Program): Program => {
  displayedAs<object>(program, { text: (self, brief) => programText(self, brief) })
  return program
}
