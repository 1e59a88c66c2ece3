import type { Told, XlaOptions, XlaPlugin } from "../backend/xla.ts"
import { traitsOf } from "./table.ts"

/** Whether XLA_FLAGS says something of an option. */
const says = ({ environment }: XlaPlugin, name: string): boolean =>
  environment.some((each) => each.startsWith("XLA_FLAGS=") && new RegExp(`--${name}\\b`).test(each))

/** What a platform's compiler is told: its defaults, but for those of which XLA_FLAGS says something, and the user's. */
export const toldXla = (platform: string, plugin: XlaPlugin, given: XlaOptions = {}): Told => ({
  ours: (code) =>
    Object.fromEntries(
      Object.entries(traitsOf(platform).xla(plugin, code)).filter(([name]) => !says(plugin, name))
    ),
  given
})
