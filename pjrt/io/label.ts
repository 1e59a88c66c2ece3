import { isRecord } from "../../dsl/required.ts"
import { SafetensorsError } from "../formats/safetensors.ts"
import { MismatchError } from "./errors.ts"

/** What a checkpoint says of what was trained. */
export interface Label {
  readonly name?: string
  readonly version?: string
  readonly optimizer?: string
}

export const checkpointKey = "loopcarry.checkpoint"

const kinds = ["name", "version", "optimizer"] as const

export const labelText = (step: number, { name, version, optimizer }: Label): string =>
  JSON.stringify({ step, name, version, optimizer })

const readLabel = (text: string | undefined): Readonly<Record<string, unknown>> => {
  if (text === undefined) throw new SafetensorsError("no checkpoint: it does not say its step")
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    read = undefined
  }
  const sound =
    isRecord(read) &&
    Number.isSafeInteger(read.step) &&
    kinds.every((kind) => read[kind] === undefined || typeof read[kind] === "string")
  if (!sound) throw new SafetensorsError("what it says of itself as a checkpoint is damaged")
  return read as Readonly<Record<string, unknown>>
}

const told = (value: unknown): string => (value === undefined ? "none" : JSON.stringify(value))

/** Refuses a checkpoint that is of another step than its name says, or of something else than was asked for. */
export const requireLabel = (
  { step, file }: { readonly step: number; readonly file: string },
  metadata: Readonly<Record<string, string>>,
  wanted: Label
): void => {
  const found = readLabel(metadata[checkpointKey])
  if (found.step !== step)
    throw new SafetensorsError(`it is the checkpoint of step ${found.step}, and its name says ${step}`)
  for (const kind of kinds) {
    if (found[kind] === wanted[kind]) continue
    const what = kind === "optimizer" ? "optimiser" : kind
    throw new MismatchError({
      file,
      path: kind,
      message: `${file}: it was saved with the ${what} ${told(found[kind])}, but ${told(wanted[kind])} is asked for`,
      hint: "go on with what it was saved with, or begin anew in another folder"
    })
  }
}
