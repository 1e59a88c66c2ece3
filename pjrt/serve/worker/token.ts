import { createHash, timingSafeEqual } from "node:crypto"

const digest = (text: string): Buffer => createHash("sha256").update(text).digest()

/**
 * Whether a request's `authorization` names the token. Both are hashed first, so that neither their lengths nor where
 * they differ shows in the time that it takes.
 */
export const authorized = (header: string | undefined, token: string | undefined): boolean => {
  if (token === undefined) return true
  const given = header?.startsWith("Bearer ") ? header.slice("Bearer ".length) : ""
  return timingSafeEqual(digest(given), digest(token))
}
