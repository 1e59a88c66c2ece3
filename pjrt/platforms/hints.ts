import { findPlatform, platforms } from "./table.ts"

/** What to do about a plugin's complaint, where it is one that is known of its platform. */
export const hintFor = (platform: string, message: string): string | undefined =>
  findPlatform(platform)?.hints.find(([said]) => said.test(message))?.[1]

/** What to do about a complaint of a plugin whose platform is not known yet. */
export const hintForAny = (message: string): string | undefined => {
  for (const { name } of platforms) {
    const hint = hintFor(name, message)
    if (hint !== undefined) return hint
  }
  return undefined
}
