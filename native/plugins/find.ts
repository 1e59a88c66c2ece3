import { execFileSync } from "node:child_process"
import { statSync } from "node:fs"
import path from "node:path"
import * as Effect from "effect/Effect"
import { type PluginCorrupt, PluginMissing } from "../errors.ts"
import { list } from "../files.ts"
import { cached } from "./cache.ts"
import { type CatalogEntry, thisMachine } from "./catalog.ts"
import { fetchPlugin, type Progress } from "./fetch.ts"
import { defaultEntry, entriesOf, type PluginSource } from "./source.ts"

export interface Found {
  readonly path: string
  /** Which rule named it, as the user would recognise it. */
  readonly source: string
}

export interface FindOptions {
  /** The file the user named with `--plugin`. */
  readonly plugin?: string | undefined
  /** Never reach for the network. */
  readonly offline?: boolean | undefined
  readonly progress?: Progress | undefined
  /** Compiling needs less of some platforms than running; then a plugin that only compiles will do. */
  readonly purpose?: "run" | "compile" | undefined
  readonly env?: NodeJS.ProcessEnv
}

/** Where nobody else is told what is fetched, the user is. */
const say: Progress = (step) => void process.stderr.write(`loopcarry: ${step}\n`)

const isFile = (file: string): boolean => {
  try {
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** JAX's variable: comma-separated `name:path`, the name containing what the platform is called. */
const fromNamedPaths = ({ called }: PluginSource, value: string | undefined): string | undefined => {
  for (const item of (value ?? "").split(",")) {
    const colon = item.indexOf(":")
    const name = item.slice(0, colon).toLowerCase()
    if (colon > 0 && called.some((word) => name.includes(word))) return item.slice(colon + 1)
  }
  return undefined
}

/** gomlx's variable: folders, separated as in PATH, that hold plugins under their customary names. */
const fromFolders = ({ libraryName }: PluginSource, value: string | undefined): string | undefined => {
  for (const folder of (value ?? "").split(path.delimiter).filter((part) => part !== "")) {
    const name = list(folder).find((file) => libraryName.test(file))
    if (name !== undefined) return path.join(folder, name)
  }
  return undefined
}

/** Starting Python takes longer than all else here, and it says the same each time. */
const sitesOf = new Map<string, ReadonlyArray<string>>()

const sitePackages = (env: NodeJS.ProcessEnv): ReadonlyArray<string> => {
  const python = env.LOOPCARRY_PYTHON || "python3"
  const asked = JSON.stringify([python, env.PATH, env.PYTHONPATH, env.VIRTUAL_ENV])
  const known = sitesOf.get(asked) ?? askPython(python, env)
  sitesOf.set(asked, known)
  return known
}

const askPython = (python: string, env: NodeJS.ProcessEnv): ReadonlyArray<string> => {
  try {
    const printed = execFileSync(python, ["-c", "import sys; print('\\n'.join(sys.path))"], {
      encoding: "utf8",
      env,
      stdio: ["ignore", "pipe", "ignore"]
    })
    return printed.split("\n").filter((folder) => /(site|dist)-packages$/.test(folder))
  } catch {
    return []
  }
}

const fromPython = ({ inSitePackages }: PluginSource, env: NodeJS.ProcessEnv): string | undefined =>
  sitePackages(env)
    .flatMap((site) => inSitePackages(site))
    .find(isFile)

const named = (file: string, source: string): Effect.Effect<Found, PluginMissing> =>
  isFile(file)
    ? Effect.succeed({ path: path.resolve(file), source })
    : Effect.fail(
        new PluginMissing({
          message: `${source} names ${file}, which is no file`,
          hint: "give the path of a PJRT plugin's shared library, or leave it out to have one found"
        })
      )

/** The devices that need no plugin on this machine. */
export const pluginless =
  "--device reference, an interpreter, and workers elsewhere: --device remote://host:port"

/** What to do where no plugin is found and none is fetched without being asked for. */
export const howToGet = (source: PluginSource, purpose: FindOptions["purpose"]): string => {
  const { machines, platform, toCompile } = source
  const named = "name a plugin with --plugin PATH"
  if (!machines.includes(thisMachine()))
    return `none is known for ${thisMachine()}: ${named}; without one there are ${pluginless}; plugins for ${platform} are for ${machines.join(" and ")}`
  const { fetch, otherwise } =
    purpose === "compile" && toCompile !== undefined
      ? toCompile
      : { fetch: defaultEntry(source)?.name, otherwise: source.otherwise }
  const ways = [fetch && `loopcarry plugins fetch ${fetch}`, otherwise, `or ${named}`]
  return ways.filter((way) => way !== undefined).join("; ")
}

/** Finds a platform's plugin without fetching: undefined where there is none yet. */
export const findInstalled = Effect.fnUntraced(function* (source: PluginSource, options: FindOptions = {}) {
  const env = options.env ?? process.env
  if (options.plugin !== undefined) return yield* named(options.plugin, "--plugin")
  if (env.LOOPCARRY_PLUGIN) return yield* named(env.LOOPCARRY_PLUGIN, "LOOPCARRY_PLUGIN")
  const jax = fromNamedPaths(source, env.PJRT_NAMES_AND_LIBRARY_PATHS)
  if (jax !== undefined) return yield* named(jax, "PJRT_NAMES_AND_LIBRARY_PATHS")
  const folder = fromFolders(source, env.PJRT_PLUGIN_LIBRARY_PATH)
  if (folder !== undefined) return yield* named(folder, "PJRT_PLUGIN_LIBRARY_PATH")
  const entries = entriesOf(source)
  for (const entry of options.purpose === "compile" ? entries : entries.slice(0, 1)) {
    const kept = yield* cached(entry)
    if (kept !== undefined) return { path: kept, source: "cache" }
  }
  const python = fromPython(source, env)
  if (python !== undefined) return { path: python, source: "Python site-packages" }
  const { variable } = source
  const file = variable && env[variable]
  return variable && file ? yield* named(file, variable) : undefined
})

/**
 * Finds a platform's plugin in the documented order. The last resort is to fetch the catalog's. A plugin that is large,
 * or under a licence of its own, is fetched only when the user asks for it.
 */
export const findPlugin: (
  source: PluginSource,
  options?: FindOptions
) => Effect.Effect<Found, PluginMissing | PluginCorrupt> = Effect.fnUntraced(function* (
  source,
  options = {}
) {
  const found = yield* findInstalled(source, options)
  if (found !== undefined) return found
  const entry = defaultEntry(source)
  if (entry === undefined || source.fetched === "when asked") {
    return yield* new PluginMissing({
      message: `no PJRT plugin for ${source.platform} was found`,
      hint: howToGet(source, options.purpose)
    })
  }
  if (options.offline || (options.env ?? process.env).LOOPCARRY_OFFLINE === "1") {
    return yield* offline(entry)
  }
  return { path: yield* fetchPlugin(entry, options.progress ?? say), source: "fetched" }
})

export const offline = (entry: CatalogEntry): Effect.Effect<never, PluginMissing> =>
  Effect.fail(
    new PluginMissing({
      message: `the ${entry.name} plugin is not in the cache, and fetching is off (--offline)`,
      hint: `while online, run: loopcarry plugins fetch ${entry.name}`
    })
  )
