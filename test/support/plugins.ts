import * as Effect from "effect/Effect"
import { entryPath } from "../../native/plugins/cache.ts"
import { fetchPlugin } from "../../native/plugins/fetch.ts"
import { entriesOf } from "../../pjrt/platforms/plugins.ts"

/** Every CPU plugin of the catalog that runs here, newest first: PJRT 0.115, 0.106 and 0.81 on x86-64. */
export const plugins = entriesOf("cpu").map((entry) => ({ api: entry.api, path: entryPath(entry) }))

/** Before any test: all of them are in the cache. */
export default async (): Promise<void> => {
  for (const entry of entriesOf("cpu")) {
    await Effect.runPromise(fetchPlugin(entry, (step) => process.stderr.write(`loopcarry: ${step}\n`)))
  }
}
