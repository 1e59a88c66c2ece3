import { spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import path from "node:path"
import * as Effect from "effect/Effect"
import { PluginCorrupt, PluginMissing } from "../errors.ts"
import { makeFolder } from "../files.ts"
import { unzipInto, unzipMember, ZipFault } from "../zip/reader.ts"
import { cached, digest, entryFolder, entryKey, entryPath, pluginsRoot, seal } from "./cache.ts"
import { type CatalogEntry, downloadBytes } from "./catalog.ts"
import { lock } from "./lock.ts"

/** Told, in order, what fetching is doing. */
export type Progress = (step: string) => void

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`

type WheelName = Pick<CatalogEntry, "package" | "version">

export const wheelRequirement = (wheel: WheelName): string => `${wheel.package}==${wheel.version}`

/** What a fetch will bring, for the user to see before it starts: wheels, size, licences, where from and where to. */
export const describeFetch = (entry: CatalogEntry): string => {
  const beside = entry.beside ?? []
  const licences = [...new Set([entry, ...beside].map(({ licence }) => licence))].join(", ")
  const more =
    beside.length === 0
      ? ""
      : ` and ${beside.length === 1 ? "a wheel" : `${beside.length} wheels`} that it needs`
  const size = megabytes(downloadBytes(entry))
  return `the ${entry.name} plugin, ${wheelRequirement(entry)}${more} (${size}, ${licences}), with pip from the package index or folder that it is set to use, into ${pluginsRoot()}`
}

const missing = (entry: CatalogEntry, message: string, hint: string): PluginMissing =>
  new PluginMissing({ message: `the ${entry.name} plugin cannot be fetched: ${message}`, hint })

interface Ended {
  readonly status: number | null
  readonly output: string
}

/** Runs a program, collecting both its outputs; it is killed when the effect is interrupted. */
const runProgram = (
  program: string,
  args: ReadonlyArray<string>
): Effect.Effect<Ended, NodeJS.ErrnoException> =>
  Effect.callback((resume) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] })
    let output = ""
    child.stdout.on("data", (chunk) => (output += chunk))
    child.stderr.on("data", (chunk) => (output += chunk))
    child.on("error", (error) => resume(Effect.fail(error as NodeJS.ErrnoException)))
    child.on("close", (status) => resume(Effect.succeed({ status, output })))
    return Effect.sync(() => child.kill())
  })

/** The wheels of an entry as pip takes them, each with its digest. */
const requirements = (entry: CatalogEntry): string =>
  [entry, ...(entry.beside ?? [])]
    .map((each) => `${wheelRequirement(each)} --hash=sha256:${each.wheel.sha256}\n`)
    .join("")

/** pip knows the user's index, proxy, certificates and offline wheels, and refuses a wheel of another digest. */
const download = Effect.fnUntraced(function* (entry: CatalogEntry, folder: string) {
  const list = path.join(folder, "requirements.txt")
  yield* Effect.promise(() => writeFile(list, requirements(entry)))
  const python = process.env.LOOPCARRY_PYTHON || "python3"
  const args = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
  args.push("--only-binary=:all:", "--require-hashes", "--no-cache-dir", "-d", folder, "-r", list)
  if (entry.python !== undefined) args.push("--python-version", entry.python)
  const ended = yield* runProgram(python, args).pipe(
    Effect.mapError((error) =>
      missing(
        entry,
        `${python} does not start (${error.code ?? error.message})`,
        "install Python 3 with pip, or name another with LOOPCARRY_PYTHON, or give a plugin file with --plugin PATH"
      )
    )
  )
  if (ended.status !== 0) {
    const said = ended.output.trim().split("\n").slice(-6).join("\n")
    if (/DO NOT MATCH THE HASHES/i.test(ended.output)) {
      return yield* new PluginCorrupt({
        path: wheelRequirement(entry),
        message: `the wheel offered as ${wheelRequirement(entry)} is altered or cut short, and was not kept:\n${said}`,
        hint: "check the package index or wheel folder that pip is set to use, then run the same command again"
      })
    }
    return yield* missing(
      entry,
      `pip could not download ${wheelRequirement(entry)}:\n${said}`,
      /No module named pip/.test(ended.output)
        ? "install pip for that Python (ensurepip, or your system's python3-pip package)"
        : "check the network and pip's index settings, or give a plugin file with --plugin PATH"
    )
  }
})

/** A wheel's file name begins with its package's name, written with underscores, and its version. */
const wheelOf = Effect.fnUntraced(function* (entry: CatalogEntry, wheel: WheelName, folder: string) {
  const start = `${wheel.package.replaceAll("-", "_")}-${wheel.version}-`.toLowerCase()
  const found = readdirSync(folder).find((name) => name.toLowerCase().startsWith(start))
  if (found === undefined) {
    return yield* missing(
      entry,
      `pip left no wheel of ${wheelRequirement(wheel)}`,
      "run the same command again"
    )
  }
  return path.join(folder, found)
})

const unpack = Effect.fnUntraced(function* (entry: CatalogEntry, folder: string, finished: string) {
  const corrupt = (wheel: WheelName, why: string) =>
    new PluginCorrupt({
      path: wheelRequirement(wheel),
      message: `${wheelRequirement(wheel)} does not hold the expected files: ${why}`,
      hint: `nothing was installed; try again with: loopcarry plugins fetch ${entry.name}`
    })
  const unzip = (wheel: WheelName, run: () => Promise<void>) =>
    Effect.tryPromise({
      try: run,
      catch: (error) =>
        error instanceof ZipFault ? corrupt(wheel, error.message) : (error as NodeJS.ErrnoException)
    })
  const main = yield* wheelOf(entry, entry, folder)
  const target = path.join(finished, path.relative(entryFolder(entry), entryPath(entry)))
  makeFolder(path.dirname(target))
  yield* unzip(entry, () => unzipMember(main, entry.member, target))
  const sha256 = yield* digest(target)
  if (sha256 !== entry.sha256) return yield* corrupt(entry, `sha256 ${sha256}, expected ${entry.sha256}`)
  for (const { keep, ...wheel } of entry.beside ?? []) {
    const archive = yield* wheelOf(entry, wheel, folder)
    const wanted = (name: string) => keep === undefined || keep.some((start) => name.startsWith(start))
    yield* unzip(wheel, () => unzipInto(archive, finished, wanted))
  }
})

/** Moves the finished folder to its final path in one step. An altered one that is there already is set aside first. */
const install = (finished: string, entry: CatalogEntry): void => {
  const place = entryFolder(entry)
  const aside = `${finished}.old`
  try {
    renameSync(place, aside)
  } catch {
    // Nothing was there.
  }
  renameSync(finished, place)
  seal(entry)
  rmSync(aside, { recursive: true, force: true })
}

/**
 * Brings a catalog entry into the cache and returns its path. Processes that ask at once share one download; a
 * cache that already holds the verified file is left alone, an altered one is replaced.
 */
export const fetchPlugin = Effect.fnUntraced(
  function* (entry: CatalogEntry, progress: Progress) {
    makeFolder(pluginsRoot())
    yield* lock(path.join(pluginsRoot(), `${entryKey(entry)}.lock`), () =>
      progress(`waiting for another process that fetches ${wheelRequirement(entry)}`)
    )
    const present = yield* cached(entry).pipe(
      Effect.catchTag("PluginCorrupt", () => Effect.succeed(undefined))
    )
    if (present !== undefined) return present
    // Under the lock, an unfinished folder of this entry can only be one whose process was killed.
    const unfinished = `.fetching-${entryKey(entry).slice(0, 12)}-`
    for (const name of readdirSync(pluginsRoot())) {
      if (name.startsWith(unfinished))
        rmSync(path.join(pluginsRoot(), name), { recursive: true, force: true })
    }
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(path.join(pluginsRoot(), unfinished))),
      (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
    )
    progress(`fetching ${describeFetch(entry)}`)
    yield* download(entry, folder)
    progress(`unpacking and verifying ${path.basename(entry.member)} (${megabytes(entry.bytes)})`)
    const finished = path.join(folder, "finished")
    mkdirSync(finished)
    yield* unpack(entry, folder, finished)
    install(finished, entry)
    return entryPath(entry)
  },
  (effect, entry) =>
    effect.pipe(
      Effect.scoped,
      // File-system trouble (no space, no permission) surfaces as the error it is, with its path.
      Effect.catchDefect((defect) => fileTrouble(entry, defect)),
      Effect.catch((error) => ("_tag" in error ? Effect.fail(error) : fileTrouble(entry, error)))
    )
)

const fileTrouble = (entry: CatalogEntry, error: unknown): Effect.Effect<never, PluginMissing> =>
  (error as NodeJS.ErrnoException)?.syscall === undefined
    ? Effect.die(error)
    : Effect.fail(
        missing(
          entry,
          (error as Error).message,
          `${pluginsRoot()} must be writable and have room; another folder can be named with LOOPCARRY_CACHE`
        )
      )
