import { execFileSync } from "node:child_process"
import { statSync } from "node:fs"
import path from "node:path"
import * as Effect from "effect/Effect"
import { type PluginCorrupt, PluginMissing } from "../errors.ts"
import { list } from "../files.ts"
import { cached } from "./cache.ts"
import { type CatalogEntry, defaultEntry, entriesOf, type Platform, thisMachine } from "./catalog.ts"
import { fetchPlugin, type Progress } from "./fetch.ts"

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

/** JAX's variable: comma-separated `name:path`, the name containing the platform's. */
const fromNamedPaths = (platform: Platform, value: string | undefined): string | undefined => {
  for (const item of (value ?? "").split(",")) {
    const colon = item.indexOf(":")
    if (colon > 0 && item.slice(0, colon).toLowerCase().includes(platform)) return item.slice(colon + 1)
  }
  return undefined
}

const libraryName: Readonly<Record<Platform, RegExp>> = {
  cpu: /pjrt.*cpu.*\.(so|dylib)$/,
  cuda: /(pjrt.*cuda|xla_cuda_plugin).*\.so$/,
  tpu: /(pjrt.*tpu|^libtpu).*\.so$/
}

/** gomlx's variable: folders, separated as in PATH, that hold plugins under their customary names. */
const fromFolders = (platform: Platform, value: string | undefined): string | undefined => {
  for (const folder of (value ?? "").split(path.delimiter).filter((part) => part !== "")) {
    const name = list(folder).find((file) => libraryName[platform].test(file))
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

const fromPython = (platform: Platform, env: NodeJS.ProcessEnv): string | undefined => {
  for (const site of sitePackages(env)) {
    const candidates =
      platform === "tpu"
        ? [path.join(site, "libtpu/libtpu.so")]
        : platform === "cuda"
          ? list(path.join(site, "jax_plugins"))
              .filter((name) => name.startsWith("xla_cuda"))
              .reverse()
              .map((name) => path.join(site, "jax_plugins", name, "xla_cuda_plugin.so"))
          : list(path.join(site, "xla_plugins"))
              .filter((name) => name.includes("cpu"))
              .map((name) => path.join(site, "xla_plugins", name, `${name}.so`))
    const found = candidates.find(isFile)
    if (found !== undefined) return found
  }
  return undefined
}

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
export const howToGet = (platform: Platform, purpose: FindOptions["purpose"]): string => {
  const here = defaultEntry(platform)
  const named = "name a plugin with --plugin PATH"
  if (here === undefined)
    return `none is known for ${thisMachine()}: ${named}; without one there are ${pluginless}`
  if (platform === "cuda" && purpose === "compile") {
    return `loopcarry plugins fetch cuda13-compiler; or pip install jax-cuda13-pjrt nvidia-cuda-nvcc nvidia-nvvm; or ${named}`
  }
  if (platform === "cpu") return `loopcarry plugins fetch ${here.name}; or ${named}`
  const pip =
    platform === "cuda"
      ? "on a machine with an NVIDIA GPU: pip install jax-cuda13-plugin[with-cuda]"
      : "on a Cloud TPU VM: pip install libtpu, or set TPU_LIBRARY_PATH"
  return `loopcarry plugins fetch ${here.name}; ${pip}; or ${named}`
}

/** Finds a platform's plugin without fetching: undefined where there is none yet. */
export const findInstalled = Effect.fnUntraced(function* (platform: Platform, options: FindOptions = {}) {
  const env = options.env ?? process.env
  if (options.plugin !== undefined) return yield* named(options.plugin, "--plugin")
  if (env.LOOPCARRY_PLUGIN) return yield* named(env.LOOPCARRY_PLUGIN, "LOOPCARRY_PLUGIN")
  const jax = fromNamedPaths(platform, env.PJRT_NAMES_AND_LIBRARY_PATHS)
  if (jax !== undefined) return yield* named(jax, "PJRT_NAMES_AND_LIBRARY_PATHS")
  const folder = fromFolders(platform, env.PJRT_PLUGIN_LIBRARY_PATH)
  if (folder !== undefined) return yield* named(folder, "PJRT_PLUGIN_LIBRARY_PATH")
  const entries = entriesOf(platform)
  for (const entry of options.purpose === "compile" ? entries : entries.slice(0, 1)) {
    const kept = yield* cached(entry)
    if (kept !== undefined) return { path: kept, source: "cache" }
  }
  const python = fromPython(platform, env)
  if (python !== undefined) return { path: python, source: "Python site-packages" }
  if (platform === "tpu" && env.TPU_LIBRARY_PATH)
    return yield* named(env.TPU_LIBRARY_PATH, "TPU_LIBRARY_PATH")
  return undefined
})

/**
 * Finds a platform's plugin in the documented order. The last resort is to fetch the catalog's, for the CPU alone: the
 * others are large, under licences of their own, and fetched when the user asks for them.
 */
export const findPlugin: (
  platform: Platform,
  options?: FindOptions
) => Effect.Effect<Found, PluginMissing | PluginCorrupt> = Effect.fnUntraced(function* (
  platform,
  options = {}
) {
  const found = yield* findInstalled(platform, options)
  if (found !== undefined) return found
  const entry = defaultEntry(platform)
  if (entry === undefined || platform !== "cpu") {
    return yield* new PluginMissing({
      message: `no PJRT plugin for ${platform} was found`,
      hint: howToGet(platform, options.purpose)
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
