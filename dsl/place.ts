/** The path of a file URL, or of a path, with slashes. */
const pathOf = (place: string): string =>
  (place.startsWith("file://")
    ? decodeURIComponent(place.slice("file://".length))
    : place.replaceAll("\\", "/")
  ).replace(/^\/(?=[A-Za-z]:)/, "")

/**
 * The folder of this library, for its sources and for what is built from them: a source map may name either. A CommonJS
 * bundle does not know it, and cannot be told apart from its user's code.
 */
const library = import.meta.url
  ? pathOf(new URL("..", import.meta.url).href).replace(/dist\/$/, "")
  : undefined
const rooms = ["dsl/", "pjrt/", "native/"].flatMap((room) =>
  library === undefined ? [] : [`${library}${room}`, `${library}dist/${room}`]
)

interface Frame {
  /** The file, line and column. */
  readonly path: string
  /** The file within the library: `dsl/ops/sort.ts`; undefined for code of others. */
  readonly own: string | undefined
}

/** What one line of a stack says; undefined for what stands in no file. */
const frameOf = (line: string): Frame | undefined => {
  const place = /(?:\(|at (?:async )?)((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/]).*:\d+:\d+)\)?$/.exec(line)?.[1]
  if (place === undefined) return undefined
  const path = pathOf(place)
  const room = rooms.find((each) => path.startsWith(each))
  return { path, own: room && path.slice(library!.length).replace(/^dist\//, "") }
}

const framesOf = (stack: string): ReadonlyArray<Frame> =>
  stack
    .split("\n")
    .slice(1)
    .flatMap((line) => frameOf(line) ?? [])

const isInstalled = ({ path }: Frame): boolean => path.includes("/node_modules/")

/** The first caller outside the library in a stack, as `file:line:column`. */
export const userIn = (stack: string): string | undefined =>
  framesOf(stack).find((frame) => frame.own === undefined && !isInstalled(frame))?.path

/** The lines of a stack that are the user's, as JavaScript writes them. */
export const userLines = (stack: string): ReadonlyArray<string> =>
  stack
    .split("\n")
    .slice(1)
    .filter((line) => {
      const frame = frameOf(line)
      return frame !== undefined && frame.own === undefined && !isInstalled(frame)
    })

/** The first caller outside the library, as `file:line:column`. */
export const userSource = (): string | undefined => {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 40
  const stack = new Error().stack ?? ""
  Error.stackTraceLimit = limit
  return userIn(stack)
}

/** Something with a `stack`, which costs most of its time only when it is read. */
export interface Stack {
  readonly stack?: string
}

/** The callers of what runs now, the nearest ones. */
export const callersNow = (): Stack => {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 16
  const holder: Stack = {}
  Error.captureStackTrace(holder)
  Error.stackTraceLimit = limit
  return holder
}

/**
 * Where a user called the library, which then went through no other of its files than `through` matches. Undefined for
 * what the library did for itself, and where library and user cannot be told apart.
 */
export const directCaller = ({ stack }: Stack, through: RegExp): string | undefined => {
  const frames = framesOf(stack ?? "")
  const first = frames.findIndex(({ own }) => own === undefined || !through.test(own))
  const caller = frames[first]
  return first < 1 || caller?.own !== undefined || caller === undefined || isInstalled(caller)
    ? undefined
    : caller.path
}

let recording = false
let current: string | undefined

/**
 * Runs and records the user's source positions. Each costs as much time as tracing some twenty operations, so it is
 * done only where asked for.
 */
export const recordingPlaces = <T>(run: () => T): T => {
  const before = recording
  recording = true
  try {
    return run()
  } finally {
    recording = before
    current = undefined
  }
}

/** Runs a pass on what stands at a place; what is made meanwhile has the places of what it is made from, or this one. */
export const standingAt = <T>(place: string | undefined, run: () => T): T => {
  if (place === undefined) return run()
  const before = { recording, current }
  recording = true
  current = place
  try {
    return run()
  } finally {
    recording = before.recording
    current = before.current
  }
}

/** Where the user wrote what is made now: of a transform, where the operation stands that it is about. */
export const placeNow = (): string | undefined => (recording ? (current ?? userSource()) : undefined)

interface Placed {
  readonly place?: string | undefined
}

function* atTheirPlaces<T extends Placed>(items: ReadonlyArray<T>): Generator<T, void> {
  const before = current
  try {
    for (const item of items) {
      current = item.place ?? before
      yield item
    }
  } finally {
    current = before
  }
}

/** Equations one after another; what is made meanwhile has the place of the one at hand. */
export const placed = <T extends Placed>(items: ReadonlyArray<T>): Iterable<T> =>
  recording ? atTheirPlaces(items) : items
