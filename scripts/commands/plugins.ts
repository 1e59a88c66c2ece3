import { rmSync } from "node:fs"
import * as Effect from "effect/Effect"
import { PluginMissing } from "../../native/errors.ts"
import { entryFolder, entryPath, isCached } from "../../native/plugins/cache.ts"
import { type CatalogEntry, downloadBytes, thisMachine } from "../../native/plugins/catalog.ts"
import { fetchPlugin, wheelRequirement } from "../../native/plugins/fetch.ts"
import { offline } from "../../native/plugins/find.ts"
import { UsageError } from "../../pjrt/cli/errors.ts"
import { flag } from "../../pjrt/cli/flags.ts"
import { progressLine } from "../../pjrt/cli/progress.ts"
import { table } from "../../pjrt/cli/table.ts"
import { catalog, catalogHere, findInstalled, howToGet } from "../../pjrt/platforms/plugins.ts"
import { platformNames } from "../../pjrt/platforms/table.ts"
import { makeCommand } from "../command.ts"

const flags = { offline: flag.boolean("never fetch") }

const commandUsage = `loopcarry plugins list            the plugins that can be fetched, and those that are found
loopcarry plugins fetch [NAME]    bring one into the cache: cpu where none is named
loopcarry plugins path [NAME]     where one is
loopcarry plugins remove NAME     delete one from the cache

Names are ${[...new Set(catalog.map(({ name }) => name))].join(", ")}.`

const usage = (message: string, hint: string) => new UsageError({ message, hint })

const entryNamed = (name: string): Effect.Effect<CatalogEntry, UsageError> => {
  const entry =
    catalogHere().find((each) => each.name === name) ?? catalogHere().find((each) => each.platform === name)
  const names = catalogHere().map((each) => each.name)
  return entry === undefined
    ? Effect.fail(
        usage(
          `no plugin ${name} is known for ${thisMachine()}`,
          names.length === 0 ? howToGet("cpu", "run") : `known are: ${names.join(", ")}`
        )
      )
    : Effect.succeed(entry)
}

const write = (json: boolean, document: unknown, text: string): void => {
  process.stdout.write(json ? `${JSON.stringify(document)}\n` : text)
}

const list = (json: boolean) =>
  Effect.gen(function* () {
    const entries = catalogHere().map((entry) => ({
      name: entry.name,
      platform: entry.platform,
      api: entry.api,
      package: wheelRequirement(entry),
      bytes: entry.bytes,
      download: downloadBytes(entry),
      licence: entry.licence,
      about: entry.about ?? null,
      path: isCached(entry) ? entryPath(entry) : null
    }))
    const found = yield* Effect.forEach(platformNames, (platform) =>
      findInstalled(platform).pipe(
        Effect.map((one) => (one === undefined || one.source === "cache" ? [] : [{ platform, ...one }])),
        Effect.catch(() => Effect.succeed([]))
      )
    )
    const rows = [
      ...entries.map((entry) => [
        entry.name,
        entry.platform,
        `PJRT ${entry.api}`,
        entry.package,
        `${Math.round(entry.download / 1e6)} MB`,
        entry.path ?? "not fetched"
      ]),
      ...found.flat().map(({ platform, path, source }) => ["-", platform, "", `found by ${source}`, "", path])
    ]
    const none = `no plugin is found; ${howToGet("cpu", "run")}\n`
    write(json, { plugins: entries, found: found.flat() }, rows.length === 0 ? none : table(rows))
  })

const fetchOne = (name: string, json: boolean, isOffline: boolean) =>
  Effect.gen(function* () {
    const entry = yield* entryNamed(name)
    if (isOffline && !isCached(entry)) return yield* offline(entry)
    const progress = progressLine()
    const path = yield* fetchPlugin(entry, progress.step).pipe(Effect.ensuring(Effect.sync(progress.end)))
    write(json, { name, path }, `${path}\n`)
  })

const pathOf = (name: string, json: boolean) =>
  Effect.gen(function* () {
    const platform = platformNames.find((each) => each === name)
    const entry = platform === undefined ? yield* entryNamed(name) : undefined
    const path =
      platform === undefined
        ? isCached(entry!)
          ? entryPath(entry!)
          : undefined
        : (yield* findInstalled(platform))?.path
    if (path === undefined) {
      return yield* new PluginMissing({
        message: `no plugin for ${name} is installed`,
        hint: platform === undefined ? `loopcarry plugins fetch ${name}` : howToGet(platform, "run")
      })
    }
    write(json, { name, path }, `${path}\n`)
  })

const remove = (name: string, json: boolean) =>
  Effect.gen(function* () {
    const entry = yield* entryNamed(name)
    const was = isCached(entry)
    rmSync(entryFolder(entry), { recursive: true, force: true })
    write(
      json,
      { name, removed: was },
      was ? `removed ${entryPath(entry)}\n` : `${name} was not in the cache\n`
    )
  })

export const command = makeCommand({
  usage: commandUsage,
  flags,
  words: 2,
  run: (values, [action, name]) =>
    Effect.gen(function* () {
      switch (action) {
        case "list":
          return yield* list(values.json)
        case "fetch":
          return yield* fetchOne(name ?? "cpu", values.json, values.offline)
        case "path":
          return yield* pathOf(name ?? "cpu", values.json)
        case "remove":
          if (name === undefined)
            return yield* usage("say which plugin to remove", "see loopcarry plugins list")
          return yield* remove(name, values.json)
        default:
          return yield* usage(
            action === undefined ? "say what to do with plugins" : `there is no plugins ${action}`,
            "list, fetch, path or remove; see loopcarry plugins --help"
          )
      }
    })
})
