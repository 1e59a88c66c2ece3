/**
 * Generates `pjrt/served/remote/wire/wire.gen.ts` from the schema beside it: types, and the slot of each field.
 *
 *     npm run -s generate -- wire
 */
import { readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../pjrt/served/remote/wire")
export const schemaPath = path.join(folder, "wire.fbs")
export const wirePath = path.join(folder, "wire.gen.ts")

interface Field {
  readonly name: string
  readonly type: string
  readonly list: boolean
  readonly required: boolean
  readonly initial: string | undefined
}

interface Schema {
  readonly enums: ReadonlyMap<string, ReadonlyArray<string>>
  readonly unions: ReadonlyMap<string, ReadonlyArray<string>>
  readonly tables: ReadonlyMap<string, ReadonlyArray<Field>>
}

const scalars = ["bool", "ubyte", "ushort", "uint", "int", "ulong", "double"]

const names = (text: string): ReadonlyArray<string> =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "")

const fieldOf = (text: string): Field => {
  const found = /^(\w+)\s*:\s*(\[?)(\w+)\]?(?:\s*=\s*([-\w.]+))?(\s*\(required\))?$/.exec(text)
  if (found === null) throw new Error(`this field is not understood: ${text}`)
  const [, name, list, type, initial, required] = found
  return { name: name!, type: type!, list: list === "[", required: required !== undefined, initial }
}

/** Reads the part of the schema language that ours uses: no structs, no includes, enums counted from 0. */
export const readSchema = (text: string): Schema => {
  const plain = text.replaceAll(/\/\/.*$/gm, "")
  const blocks = (kind: string) => [
    ...plain.matchAll(new RegExp(`\\b${kind}\\s+(\\w+)\\s*(?::\\s*\\w+\\s*)?\\{([^}]*)\\}`, "g"))
  ]
  return {
    enums: new Map(blocks("enum").map(([, name, body]) => [name!, names(body!)])),
    unions: new Map(blocks("union").map(([, name, body]) => [name!, names(body!)])),
    tables: new Map(
      blocks("table").map(([, name, body]) => [
        name!,
        body!
          .split(";")
          .map((field) => field.trim())
          .filter((field) => field !== "")
          .map(fieldOf)
      ])
    )
  }
}

const camel = (name: string): string => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

const typeOf = ({ enums, tables, unions }: Schema, { type, list, required }: Field): string => {
  if (list && type === "ubyte") return required ? "Uint8Array" : "Uint8Array | undefined"
  const one =
    type === "bool"
      ? "boolean"
      : scalars.includes(type)
        ? "number"
        : type === "string" || enums.has(type) || tables.has(type) || unions.has(type)
          ? type
          : undefined
  if (one === undefined) throw new Error(`there is no type ${type}`)
  if (list) return `ReadonlyArray<${one}>`
  const optional = !required && (type === "string" || tables.has(type) || unions.has(type))
  return optional ? `${one} | undefined` : one
}

const interfaceOf = (schema: Schema, name: string, fields: ReadonlyArray<Field>): string =>
  fields.length === 0
    ? `export type ${name} = Readonly<Record<never, never>>`
    : `export interface ${name} {\n${fields
        .map((field) => `  readonly ${camel(field.name)}: ${typeOf(schema, field)}\n`)
        .join("")}}`

/** Its slots: a union has two, for its kind and its value. */
const layoutOf = ({ enums, tables, unions }: Schema, fields: ReadonlyArray<Field>): string => {
  let slot = 0
  const lines = fields.map((field) => {
    const { name, type, list, required, initial } = field
    const kind = enums.has(type) ? "enum" : tables.has(type) ? "table" : unions.has(type) ? "union" : type
    const at = slot
    slot += kind === "union" ? 2 : 1
    const named = kind === "enum" || kind === "table" || kind === "union" ? [`of: "${type}"`] : []
    const given = initial === undefined ? [] : [`initial: ${initial}`]
    const parts = [`name: "${camel(name)}"`, `slot: ${at}`, `kind: "${kind}"`, ...named]
    return `{ ${[...parts, ...(list ? ["list: true"] : []), ...(required ? ["required: true"] : []), ...given].join(", ")} }`
  })
  return lines.length === 0 ? "[]" : `[\n${lines.map((line) => `    ${line}`).join(",\n")}\n  ]`
}

const quoted = (all: ReadonlyArray<string>): string => all.map((name) => `"${name}"`).join(", ")

/** The text of `wire.gen.ts` for the schema. */
export const generateWire = (text: string = readFileSync(schemaPath, "utf8")): string => {
  const schema = readSchema(text)
  const { enums, unions, tables } = schema
  const section = (all: ReadonlyMap<string, ReadonlyArray<string>>) =>
    [...all].map(([name, members]) => `  ${name}: [${quoted(members)}]`).join(",\n")
  return `${[
    "// Made from wire.fbs by: npm run -s generate -- wire",
    ...[...enums].map(([name, all]) => `export type ${name} = ${all.map((one) => `"${one}"`).join(" | ")}`),
    ...[...tables].map(([name, fields]) => interfaceOf(schema, name, fields)),
    ...[...unions].map(
      ([name, all]) =>
        `export type ${name} =\n${all.map((one) => `  | ({ readonly type: "${one}" } & ${one})`).join("\n")}`
    ),
    `export interface Tables {\n${[...tables.keys()].map((name) => `  readonly ${name}: ${name}\n`).join("")}}`,
    `export const enums = {\n${section(enums)}\n} as const`,
    `export const unions = {\n${section(unions)}\n} as const`,
    `export const tables = {\n${[...tables]
      .map(([name, fields]) => `  ${name}: ${layoutOf(schema, fields)}`)
      .join(",\n")}\n} as const`
  ].join("\n\n")}\n`
}

export const main = (): void => writeFileSync(wirePath, generateWire())
