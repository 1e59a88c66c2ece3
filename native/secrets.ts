import { accessSync, constants, realpathSync, type Stats, statSync } from "node:fs"
import path from "node:path"

/** A secret that others may read or change: refused, or where this user cannot mend it, to be warned about. */
export interface SecretFault {
  readonly verdict: "refused" | "warning"
  readonly message: string
  readonly hint: string
}

const modeOf = ({ mode }: Stats): string => (mode & 0o777).toString(8).padStart(4, "0")

/** Whether this user could give the file another mode: it is theirs, or they are root, and it is not mounted to be read only. */
const canMend = (file: string, { uid, mode }: Stats, user: number): boolean => {
  if (uid !== user && user !== 0) return false
  try {
    accessSync(file, constants.W_OK)
    return true
  } catch (error) {
    // A mode that forbids its owner to write is theirs to change.
    return (error as NodeJS.ErrnoException).code === "EACCES" && (mode & 0o200) === 0
  }
}

/** root may hand its file to a group, as containers do with secrets. */
const mayRead = (uid: number, user: number): number => (uid === 0 && user !== 0 ? 0o040 : 0)

const fileFault = (file: string, stat: Stats, user: number): SecretFault | undefined => {
  const { uid, mode } = stat
  const changed = (mode & 0o022) !== 0
  if ((mode & 0o066 & ~mayRead(uid, user)) !== 0) {
    return {
      verdict: changed || canMend(file, stat, user) ? "refused" : "warning",
      message: `${file} can be ${changed ? "changed" : "read"} by other users (mode ${modeOf(stat)})`,
      hint: `keep it for one user: chmod 600 ${file}`
    }
  }
  if (uid === user || uid === 0) return undefined
  return {
    verdict: user === 0 ? "warning" : "refused",
    message: `${file} belongs to another user (${uid}), who can read and change it`,
    hint: "copy it to a file of your own, of mode 0600"
  }
}

/** Why a folder is unfit for secrets. Whoever may write to it may put other files there, unless it is sticky. */
export const secretFolderFault = (folder: string): SecretFault | undefined => {
  if (process.getuid === undefined) return undefined
  const stat = statSync(folder)
  if ((stat.mode & 0o022) === 0 || (stat.mode & 0o1000) !== 0) return undefined
  return {
    verdict: "refused",
    message: `${folder} is no place for secrets: other users can change it (mode ${modeOf(stat)})`,
    hint: `chmod go-w ${folder}, or keep them in another folder`
  }
}

/**
 * Why a token or a private key in a file is no secret, or undefined. Links are followed; the folders of the link and of
 * the file count. Windows has no modes: there nothing is looked at. Throws where the file cannot be looked at.
 */
export const secretFault = (file: string): SecretFault | undefined => {
  const user = process.getuid?.()
  if (user === undefined) return undefined
  const stat = statSync(file)
  // A shell passes <(...) as a pipe.
  if (!stat.isFile()) return undefined
  const folders = new Set(
    [realpathSync(file), path.resolve(file)].map((each) => realpathSync(path.dirname(each)))
  )
  const faults = [fileFault(file, stat, user), ...Array.from(folders, secretFolderFault)].filter(
    (fault) => fault !== undefined
  )
  return faults.find(({ verdict }) => verdict === "refused") ?? faults[0]
}
