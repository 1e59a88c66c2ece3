import { readFileSync, statSync } from "node:fs"
import path from "node:path"
import { isMainThread } from "node:worker_threads"
import { setEnvironment } from "../ffi.ts"

/** Whether the user wants to see what plugins log, by `--verbose` or by the variable that XLA's loggers read. */
export const wantsPluginLog = (env: NodeJS.ProcessEnv = process.env): boolean =>
  /^[0-2]$/.test(env.TF_CPP_MIN_LOG_LEVEL ?? "")

/** XLA's flags as it reads them (xla/parse_flags_from_env.cc): XLA_FLAGS, or the file that it names if no dash begins it. */
export const xlaFlags = (env: NodeJS.ProcessEnv = process.env): string => {
  const given = env.XLA_FLAGS ?? ""
  if (given.trim() === "" || given.trimStart().startsWith("-")) return given
  try {
    return readFileSync(given, "utf8")
  } catch {
    return ""
  }
}

/**
 * What must stand in the environment before a plugin is loaded: plugins read theirs once. In a thread of its own, whose
 * `process.env` is a copy, the variables are set for the process.
 */
export const exposeEnvironment = (variables: ReadonlyArray<string>, env: NodeJS.ProcessEnv): void => {
  if (isMainThread || env !== process.env) return
  for (const name of variables) {
    const value = env[name]
    if (value !== undefined) setEnvironment(name, value)
  }
}

/** The variables of the environment that some patterns match, each as `NAME=value`. */
export const variablesOf = (patterns: ReadonlyArray<RegExp>, env: NodeJS.ProcessEnv): ReadonlyArray<string> =>
  Object.entries({ ...env, XLA_FLAGS: xlaFlags(env) })
    .filter(
      ([name, value]) => value !== undefined && value !== "" && patterns.some((each) => each.test(name))
    )
    .map(([name, value]) => `${name}=${value}`)
    .sort()

/** What a file looks like, or of a folder the tools that may lie in it: any write to them changes that. */
export const looksOf = (file: string, tools: ReadonlyArray<string>): ReadonlyArray<string> => {
  const stat = statSync(file, { throwIfNoEntry: false })
  if (stat === undefined) return []
  if (stat.isFile()) return [`${file} ${stat.size} ${stat.mtimeMs} ${stat.ino}`]
  return tools.flatMap((tool) => looksOf(path.join(file, tool), []))
}

/** What a program looks like that is the first of its name in PATH. */
export const looksOfProgram = (
  name: string,
  { PATH = "" }: NodeJS.ProcessEnv = process.env
): ReadonlyArray<string> =>
  PATH.split(path.delimiter)
    .flatMap((folder) => looksOf(path.join(folder, name), []))
    .slice(0, 1)

/** What the files look like that flags name, and the tools in the folders: `--xla_gpu_cuda_data_dir=/usr/local/cuda`. */
export const namedFiles = (
  flags: ReadonlyArray<string>,
  tools: ReadonlyArray<string> = []
): ReadonlyArray<string> =>
  flags
    .flatMap((text) => text.split(/[\s=,"']+/))
    .filter((word) => word.startsWith("/"))
    .flatMap((file) => looksOf(file, tools))
