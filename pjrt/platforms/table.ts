import { cpu } from "./cpu/platform.ts"
import { cuda } from "./cuda/platform.ts"
import { metal } from "./metal/platform.ts"
import { neuron } from "./neuron/platform.ts"
import { oneapi } from "./oneapi/platform.ts"
import { type Platform, plainTraits, type Traits } from "./platform.ts"
import { rocm } from "./rocm/platform.ts"
import { tpu } from "./tpu/platform.ts"

/** Every kind of device that a plugin drives, in the order in which they are shown. To add one, add its record here. */
const records = [cpu, cuda, tpu, rocm, metal, oneapi, neuron] as const

/** The name of a kind of device. */
export type PlatformName = (typeof records)[number]["name"]

export const platforms: ReadonlyArray<Platform<PlatformName>> = records

export const platformNames: ReadonlyArray<PlatformName> = platforms.map(({ name }) => name)

const byName = new Map<string, Platform<PlatformName>>(platforms.map((each) => [each.name, each]))

/** The record of a name, where there is one: a plugin of the user's may drive what the table does not have. */
export const findPlatform = (name: string): Platform<PlatformName> | undefined => byName.get(name)

export const platformNamed = (name: PlatformName): Platform<PlatformName> => byName.get(name)!

/** The name in the table of what a plugin says that it drives; in lower case what it says, where there is none. */
export const nameReported = (said: string): string => {
  const name = said.toLowerCase()
  return platforms.find(({ reported }) => reported.includes(name))?.name ?? name
}

export const traitsOf = (name: string): Traits => findPlatform(name)?.traits ?? plainTraits
