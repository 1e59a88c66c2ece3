import { defaultLimits } from "../../pjrt/serve/worker/limits.ts"
import { screen } from "../../pjrt/serve/worker/screen.ts"

/** Why a worker refuses a program; undefined where it takes it. */
export const refusal = (code: Buffer | string): string | undefined => {
  const found = screen(Buffer.from(code), typeof code !== "string", defaultLimits)
  return found instanceof Error ? found.message : undefined
}

/**
 * What a worker must never have compiled, of what a compiler has made of a program. XLA itself calls `TopK`, where a
 * program takes the first of a sort.
 */
export const reaching = /^(?:custom-call(?! TopK$)|infeed|outfeed|send|recv)/
