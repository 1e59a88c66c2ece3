import * as Effect from "effect/Effect"
import type { Command } from "../loopcarry.ts"
export const command: Command = { about: "", run: () => Effect.void }
