/** Fetches one catalog entry, given as JSON, in a process of its own; says its steps on stderr. */
import * as Effect from "effect/Effect"
import { fetchPlugin } from "../../native/plugins/fetch.ts"

const [entry] = process.argv.slice(2)
await Effect.runPromise(fetchPlugin(JSON.parse(entry!), (step) => process.stderr.write(`${step}\n`)))
