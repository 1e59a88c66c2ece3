import path from "node:path"
import type * as Effect from "effect/Effect"
import type { PluginFacts } from "../../native/api.ts"
import type { PluginCorrupt, PluginMissing } from "../../native/errors.ts"
import { entryPath } from "../../native/plugins/cache.ts"
import { type CatalogEntry, entriesHere } from "../../native/plugins/catalog.ts"
import { exposeEnvironment, namedFiles, variablesOf } from "../../native/plugins/environment.ts"
import * as find from "../../native/plugins/find.ts"
import * as source from "../../native/plugins/source.ts"
import { type PlatformName, platformNamed, platforms, traitsOf } from "./table.ts"

export type { Found } from "../../native/plugins/find.ts"

/** Every build that can be fetched, for any machine. */
export const catalog: ReadonlyArray<CatalogEntry> = platforms.flatMap(({ plugins }) => plugins.catalog)

/** The entries that run on this machine. */
export const catalogHere = (): ReadonlyArray<CatalogEntry> => entriesHere(catalog)

/** All entries of a platform for this machine, the one that its device flag picks first. */
export const entriesOf = (platform: PlatformName): ReadonlyArray<CatalogEntry> =>
  source.entriesOf(platformNamed(platform).plugins)

/** The entry a platform's device flag picks on this machine. */
export const defaultEntry = (platform: PlatformName): CatalogEntry | undefined =>
  source.defaultEntry(platformNamed(platform).plugins)

/** Finds a platform's plugin without fetching: undefined where there is none yet. */
export const findInstalled = (platform: PlatformName, options?: find.FindOptions) =>
  find.findInstalled(platformNamed(platform).plugins, options)

/** Finds a platform's plugin in the documented order, and last fetches it where that is done unasked. */
export const findPlugin = (
  platform: PlatformName,
  options?: find.FindOptions
): Effect.Effect<find.Found, PluginMissing | PluginCorrupt> =>
  find.findPlugin(platformNamed(platform).plugins, options)

/** What to do where no plugin is found and none is fetched without being asked for. */
export const howToGet = (platform: PlatformName, purpose: find.FindOptions["purpose"]): string =>
  find.howToGet(platformNamed(platform).plugins, purpose)

/** Variables of XLA, which all its plugins read. */
const common = {
  variables: ["TF_CPP_MIN_LOG_LEVEL", "XLA_FLAGS"],
  read: /^(?!TF_CPP_)(XLA|TF|PJRT|TENSORFLOW)_/
} as const

/**
 * What must stand in the environment before a plugin is loaded: XLA's loggers, libtpu and XLA's flags read theirs once.
 * What the user has set stays.
 */
export const preparePluginEnvironment = (plugin: string, env: NodeJS.ProcessEnv = process.env): void => {
  // What would be logged comes back as errors anyway.
  env.TF_CPP_MIN_LOG_LEVEL ??= "3"
  for (const { environment } of platforms) environment.prepare(plugin, env)
  const variables = platforms.flatMap(({ environment }) => environment.variables)
  exposeEnvironment([...new Set([...common.variables, ...variables])], env)
}

/** The variables of the environment that can change what a plugin's compiler makes, each as `NAME=value`. */
export const compilerVariables = (env: NodeJS.ProcessEnv = process.env): ReadonlyArray<string> =>
  variablesOf([common.read, ...platforms.map(({ environment }) => environment.read)], env)

/** What compiled code depends on beside its program and its options: the compiler's environment, files and tools. */
export const surroundings = (
  platform: string,
  environment: ReadonlyArray<string>,
  options: ReadonlyArray<string>
): ReadonlyArray<string> => {
  const { surroundings, tools } = traitsOf(platform)
  return [...environment, ...namedFiles([...environment, ...options], tools), ...surroundings()]
}

/** The platform whose plugins a library's file name is customary for. */
export const platformOfLibrary = (file: string) =>
  platforms.find(({ plugins }) => plugins.libraryName.test(path.basename(file)))

/** A plugin's file as people know it: by package and version where it is one that was fetched. */
const pluginName = (file: string): string => {
  const entry = catalogHere().find((each) => entryPath(each) === path.resolve(file))
  return entry === undefined ? path.resolve(file) : `${entry.package} ${entry.version} (PJRT ${entry.api})`
}

/** What is known of a plugin before it is loaded, with the environment as it is now. */
export const pluginFacts = (file: string): PluginFacts => ({
  name: pluginName(file),
  environment: compilerVariables(),
  skipsExitHandlers: platformOfLibrary(file)?.skipsExitHandlers ?? false
})
