import type { DeviceRequest } from "./names.ts"

/**
 * `ok`; `absent`, where there is no such hardware or plugin and nobody asked for it; `warning`, what may hurt; `problem`,
 * what keeps a device from working.
 */
export type Verdict = "ok" | "absent" | "warning" | "problem"

/** One thing that was looked at. */
export interface Finding {
  readonly check: string
  /** The platform it concerns; undefined where it concerns all. */
  readonly platform?: DeviceRequest["platform"]
  readonly verdict: Verdict
  readonly message: string
  /** What to do about it. */
  readonly next?: string
}

export const finding = (
  check: string,
  verdict: Verdict,
  message: string,
  next?: string,
  platform?: DeviceRequest["platform"]
): Finding => ({
  check,
  ...(platform === undefined ? {} : { platform }),
  verdict,
  message,
  ...(next === undefined ? {} : { next })
})

/** Something that is tried in a process of its own, for a plugin may crash or hang. */
export type Probe =
  | { readonly step: "load"; readonly plugin: string }
  | { readonly step: "run"; readonly device: string; readonly plugin: string }
