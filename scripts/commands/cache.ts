import * as Effect from "effect/Effect"
import { count } from "../../dsl/count.ts"
import { showBytes } from "../../pjrt/backend/size.ts"
import { table } from "../../pjrt/cli/table.ts"
import { showPasses } from "../../pjrt/formats/compiled.ts"
import { clear, entries, headerOfEntry, programsFolder } from "../../pjrt/plugin/disk-cache.ts"
import { makeCommand } from "../command.ts"
import { usage } from "../program-file.ts"

const commandUsage = `loopcarry cache list     the compiled programs that are kept on disk
loopcarry cache clear    forget them

Plugins are kept elsewhere; see loopcarry plugins.`

const list = (json: boolean): string => {
  const all = entries().map((entry) => ({ ...entry, passes: headerOfEntry(entry)?.passes ?? null }))
  const total = all.reduce((sum, { bytes }) => sum + bytes, 0)
  if (json) return `${JSON.stringify({ folder: programsFolder(), bytes: total, programs: all })}\n`
  const rows = all.map(({ file, bytes, used, passes }) => [
    new Date(used).toISOString(),
    showBytes(bytes),
    showPasses({ passes }),
    file
  ])
  const head = ["last used", "size", "passes", "file"]
  return `${rows.length === 0 ? "" : table([head, ...rows])}${count(all.length, "program")}, ${showBytes(total)}, in ${programsFolder()}\n`
}

const clearAll = (json: boolean): string => {
  const removed = entries().length
  const bytes = clear()
  return json
    ? `${JSON.stringify({ removed, bytes })}\n`
    : `removed ${count(removed, "program")}, ${showBytes(bytes)}\n`
}

export const command = makeCommand({
  usage: commandUsage,
  flags: {},
  words: 1,
  run: (values, [action]) =>
    Effect.suspend(() => {
      if (action === "list") return Effect.sync(() => void process.stdout.write(list(values.json)))
      if (action === "clear") return Effect.sync(() => void process.stdout.write(clearAll(values.json)))
      return Effect.fail(
        usage(
          action === undefined ? "say what to do with the cache" : `there is no cache ${action}`,
          "list or clear; see loopcarry cache --help"
        )
      )
    })
})
