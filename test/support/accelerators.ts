import * as Effect from "effect/Effect"
import { fetchPlugin } from "../../native/plugins/fetch.ts"
import { catalogHere } from "../../pjrt/platforms/plugins.ts"

export interface Accelerator {
  readonly target: string
  readonly plugin: string
}

/** Brings a plugin that compiles into the cache: a download of some 200 MB, once. */
const compiler = async (name: string, target: string): Promise<Accelerator | string> => {
  const entry = catalogHere().find((each) => each.name === name)
  if (entry === undefined) return `no ${name} plugin is known for ${process.platform} ${process.arch}`
  const say = (step: string) => process.stderr.write(`loopcarry: ${step}\n`)
  return await Effect.runPromise(
    fetchPlugin(entry, say).pipe(
      Effect.map((plugin): Accelerator | string => ({ target, plugin })),
      Effect.catchTag("PluginMissing", (error) => Effect.succeed(error.message))
    )
  )
}

const found = await Promise.all([compiler("tpu", "tpu:v5e:2x2"), compiler("cuda13-compiler", "cuda:sm90")])

/** The accelerators that can be compiled for here: all of them, unless their packages cannot be had. */
export const accelerators: ReadonlyArray<Accelerator> = found.flatMap((each) =>
  typeof each === "string" ? [] : [each]
)

/** Why the others cannot. */
export const missing: ReadonlyArray<string> = found.flatMap((each) =>
  typeof each === "string" ? [each] : []
)

for (const why of missing) process.stderr.write(`not compiled for: ${why}\n`)
