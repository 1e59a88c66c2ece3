import { closed } from "../../native/files.ts"

/**
 * `ok`. `absent`: there is no such hardware or plugin, and nobody asked for it. `warning`: it may hurt. `problem`: it keeps
 * a device from working.
 */
export type Verdict = "ok" | "absent" | "warning" | "problem"

/** One thing that was looked at. */
export interface Finding {
  readonly check: string
  /** The platform it concerns; undefined where it concerns all. */
  readonly platform?: string
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
  platform?: string
): Finding => ({
  check,
  ...(platform === undefined ? {} : { platform }),
  verdict,
  message,
  ...(next === undefined ? {} : { next })
})

/** Whether the device files of some hardware are there and can be opened, and what is said where they are not. */
export const nodes = (
  platform: string,
  check: string,
  files: ReadonlyArray<string>,
  words: { readonly absent: string; readonly shut: string }
): Finding => {
  if (files.length === 0) return finding(check, "absent", words.absent, undefined, platform)
  const shut = closed(files)
  return shut.length === 0
    ? finding(check, "ok", files.join(", "), undefined, platform)
    : finding(check, "problem", `${shut.join(", ")} cannot be opened by this user`, words.shut, platform)
}

/** What to do where a trial takes too long, and nothing better is known. */
export const runLonger = "run again with --time-limit SECONDS and --verbose"

/** Something that is tried in a process of its own, for a plugin may crash or hang. */
export type Probe =
  | { readonly step: "load"; readonly plugin: string }
  | { readonly step: "run"; readonly device: string; readonly plugin: string }
