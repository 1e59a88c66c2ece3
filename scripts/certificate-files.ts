import { linkSync, lstatSync, mkdtempSync, renameSync, rmSync } from "node:fs"
import path from "node:path"
import { makeFolder, writeWhole } from "../native/files.ts"
import { secretFolderFault } from "../native/secrets.ts"
import type { CertificateFiles } from "../pjrt/serve/worker/certificate.ts"
import { usage } from "./program-file.ts"

/** The files, each with its mode: only this user may read them, but for the certificate, which is no secret. */
const files = {
  "key.pem": { mode: 0o600, content: ({ key }: CertificateFiles) => key },
  token: { mode: 0o600, content: ({ token }: CertificateFiles) => `${token}\n` },
  "cert.pem": { mode: 0o644, content: ({ cert }: CertificateFiles) => cert }
} as const

const stands = (file: string): boolean => lstatSync(file, { throwIfNoEntry: false }) !== undefined

/** Makes the folder. Throws a UsageError where it is no place for secrets, or the files are there and not to be replaced. */
export const prepareCertificateFolder = (folder: string, force: boolean): void => {
  makeFolder(folder, 0o700)
  const fault = secretFolderFault(folder)
  if (fault !== undefined) throw usage(fault.message, fault.hint)
  const there = Object.keys(files).filter((name) => stands(path.join(folder, name)))
  if (there.length === 0 || force) return
  throw usage(
    `${folder} already holds ${there.join(", ")}, which workers and clients may be using`,
    "give another folder, or --force to replace them"
  )
}

/** Writes all files, or leaves the folder as it was and throws. What stands there is replaced by `force` alone. */
export const writeCertificateFiles = (folder: string, made: CertificateFiles, force: boolean): void => {
  const beside = mkdtempSync(path.join(folder, ".certificate-"))
  const at = (name: string) => path.join(folder, name)
  const next = (name: string) => path.join(beside, name)
  const undo: Array<() => void> = []
  try {
    for (const [name, { mode, content }] of Object.entries(files)) writeWhole(next(name), content(made), mode)
    for (const name of Object.keys(files)) {
      const old = next(`${name}.old`)
      if (force && stands(at(name))) {
        renameSync(at(name), old)
        undo.push(() => renameSync(old, at(name)))
      }
      linkSync(next(name), at(name))
      undo.push(() => rmSync(at(name)))
    }
  } catch (error) {
    for (const step of undo.reverse()) step()
    throw error
  } finally {
    rmSync(beside, { recursive: true, force: true })
  }
}
