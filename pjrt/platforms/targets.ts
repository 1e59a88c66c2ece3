import { shown } from "../../dsl/required.ts"
import { CompileError } from "../backend/errors.ts"
import type { TargetCompiler } from "./platform.ts"
import { findPlatform, type PlatformName, platforms } from "./table.ts"

/** Hardware to compile for, which need not be here. */
export interface Target {
  readonly platform: PlatformName
  readonly compiler: TargetCompiler
  readonly environment: Readonly<Record<string, string>>
}

const all = platforms.flatMap(({ targets }) => (targets === undefined ? [] : [targets]))

/** Names that are worth showing. */
export const knownTargets: ReadonlyArray<string> = all.flatMap(({ known }) => known)

/** How targets are named, in words. */
export const targetSyntax: string = all
  .map(({ syntax }) => syntax)
  .join(", ")
  .replace(/, ([^,]*)$/, " and $1")

/** Reads a target's name; undefined where there is no such target. */
export const parseTarget = (name: string): Target | undefined => {
  if (typeof name !== "string") return undefined
  const [kind, ...words] = name.split(":")
  const platform = findPlatform(kind!)
  const compiler = platform?.targets?.parse(words)
  return platform?.targets === undefined || compiler === undefined
    ? undefined
    : { platform: platform.name, compiler, environment: platform.targets.environment }
}

export const unknownTarget = (name: string): CompileError =>
  new CompileError({
    code: "INVALID_ARGUMENT",
    message: `there is no target ${typeof name === "string" ? name : shown(name)}`,
    hint: `targets are ${targetSyntax}, among them: ${knownTargets.join(", ")}`
  })
