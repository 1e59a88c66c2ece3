/** The path of a file URL, or of a path, with slashes. */
const pathOf = (place: string): string =>
  (place.startsWith("file://")
    ? decodeURIComponent(place.slice("file://".length))
    : place.replaceAll("\\", "/")
  ).replace(/^\/(?=[A-Za-z]:)/, "")

/**
 * What the build puts here, as JSON: for each file that it made, its sources and the lines at which they begin. From
 * source there is nothing to say.
 */
const made: string = "LOOPCARRY_LINES"

type Lines = ReadonlyArray<readonly [number, string]>

let parsed: ReadonlyMap<string, Lines> | undefined
const linesOf = (file: string): Lines | undefined => {
  parsed ??= new Map(made.startsWith("{") ? Object.entries(JSON.parse(made) as Record<string, Lines>) : [])
  return parsed.get(file)
}

/** The folder of this library, with a slash at its end. A user's bundle does not know it. */
const library = ((): string | undefined => {
  const here = import.meta.url ? pathOf(import.meta.url) : ""
  if (here.endsWith("/dsl/place.ts")) return here.slice(0, -"dsl/place.ts".length)
  const at = here.lastIndexOf("/dist/")
  return at >= 0 && linesOf(here.slice(at + "/dist/".length)) !== undefined
    ? here.slice(0, at + 1)
    : undefined
})()

/** The file of the library that a place is in, `dsl/ops/sort.ts`: as built, by its line; a source map names it itself. */
const ownFile = (path: string, folder: string | undefined): string | undefined => {
  if (folder === undefined || !path.startsWith(folder)) return undefined
  const [, file = "", line] = /^(.*):(\d+):\d+$/.exec(path.slice(folder.length)) ?? []
  if (/^(dsl|pjrt|native)\//.test(file)) return file
  const lines = file.startsWith("dist/") ? linesOf(file.slice("dist/".length)) : undefined
  return lines && (lines.findLast(([from]) => from <= Number(line))?.[1] ?? file)
}

interface Frame {
  /** The file, line and column. */
  readonly path: string
  /** The file within the library: `dsl/ops/sort.ts`; undefined for code of others. */
  readonly own: string | undefined
}

/** The place that one line of a stack names; undefined for what stands in no file. */
const placeIn = (line: string): string | undefined => {
  const place = /(?:\(|at (?:async )?)((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/]).*:\d+:\d+)\)?$/.exec(line)?.[1]
  return place === undefined ? undefined : pathOf(place)
}

/**
 * The frames of a stack that this file took, so that the first is here. That tells where the library is for a bundle
 * with a source map. Without one, library and user cannot be told apart there.
 */
const framesOf = (stack: string): ReadonlyArray<Frame> => {
  const paths = stack
    .split("\n")
    .slice(1)
    .flatMap((line) => placeIn(line) ?? [])
  const folder = library ?? /^(.*\/)dsl\/place\.ts:\d+:\d+$/.exec(paths[0] ?? "")?.[1]
  return paths.map((path) => ({ path, own: ownFile(path, folder) }))
}

const isInstalled = ({ path }: Frame): boolean => path.includes("/node_modules/")

const isUsers = (frame: Frame): boolean => frame.own === undefined && !isInstalled(frame)

/** The lines of a stack that are the user's, as JavaScript writes them. */
export const userLines = (stack: string): ReadonlyArray<string> => {
  const frames = framesOf(stack)
  return stack
    .split("\n")
    .slice(1)
    .filter((line) => placeIn(line) !== undefined)
    .filter((_, i) => isUsers(frames[i]!))
}

/** The first caller outside the library in a stack, as `file:line:column`. Undefined where that cannot be told. */
export const userIn = (stack: string): string | undefined => {
  const frames = framesOf(stack)
  return frames[0] === undefined || isUsers(frames[0]) ? undefined : frames.find(isUsers)?.path
}

const stackNow = (): string => {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 40
  const stack = new Error().stack ?? ""
  Error.stackTraceLimit = limit
  return stack
}

/** The first caller outside the library, as `file:line:column`. */
export const userSource = (): string | undefined => userIn(stackNow())

/** The file of the first caller outside the library; a bundle of both is one. */
export const userFile = (): string | undefined =>
  framesOf(stackNow())
    .find(isUsers)
    ?.path.replace(/:\d+:\d+$/, "")

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
  return first < 1 || caller === undefined || !isUsers(caller) ? undefined : caller.path
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
