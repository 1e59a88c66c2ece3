import path from "node:path"
import { API, type Checker, SignatureKind, type Symbol, SymbolFlags } from "typescript/unstable/sync"
import { root } from "./command.ts"

/** What users can import from: each entry point with the file that it is. */
export const entries = {
  loopcarry: "pjrt/loopcarry.ts",
  "loopcarry/linalg": "dsl/linalg/index.ts",
  "loopcarry/special": "dsl/special/index.ts",
  "loopcarry/stats": "dsl/stats/index.ts",
  "loopcarry/nn": "dsl/nn/index.ts",
  "loopcarry/optim": "dsl/optim/index.ts",
  "loopcarry/pjrt": "pjrt/index.ts",
  "loopcarry/promise": "pjrt/promise/index.ts",
  "loopcarry/effect": "pjrt/effect/index.ts",
  "loopcarry/remote": "pjrt/remote.ts",
  "loopcarry/io": "pjrt/io/index.ts",
  "loopcarry/train": "pjrt/train/index.ts"
} as const

export type Entry = keyof typeof entries

/** One thing that an entry point exports, and what its doc comment says. */
export interface Exported {
  readonly entry: Entry
  /** With its namespace: `random.key`. */
  readonly name: string
  readonly kind: "function" | "value" | "type" | "namespace"
  readonly text: string
  readonly examples: ReadonlyArray<string>
}

const kindOf = (checker: Checker, symbol: Symbol): Exported["kind"] => {
  if (symbol.flags & SymbolFlags.Module) return "namespace"
  if (!(symbol.flags & SymbolFlags.Value)) return "type"
  const type = checker.getTypeOfSymbol(symbol)
  const calls = type === undefined ? [] : checker.getSignaturesOfType(type, SignatureKind.Call)
  return calls.length > 0 ? "function" : "value"
}

const exportsOf = (checker: Checker, entry: Entry, module: Symbol, before: string): ReadonlyArray<Exported> =>
  checker.getExportsOfModule(module).flatMap((exported): ReadonlyArray<Exported> => {
    const symbol = exported.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
    const kind = kindOf(checker, symbol)
    const name = `${before}${exported.name}`
    if (kind === "namespace") return exportsOf(checker, entry, symbol, `${name}.`)
    const examples = checker
      .getJsDocTagsOfSymbol(symbol)
      .flatMap((tag) => (tag.name === "example" ? [String(tag.text)] : []))
    return [{ entry, name, kind, text: checker.getDocumentationCommentOfSymbol(symbol), examples }]
  })

/** All that the entry points export, as the compiler sees it. */
export const readExports = (): ReadonlyArray<Exported> => {
  const api = new API({ cwd: root })
  try {
    const [project] = api.updateSnapshot({ openProjects: [path.join(root, "tsconfig.json")] }).getProjects()
    const { checker, program } = project!
    return Object.entries(entries).flatMap(([entry, file]) => {
      const module = checker.getSymbolAtLocation(program.getSourceFile(path.join(root, file))!)
      return exportsOf(checker, entry as Entry, module!, "")
    })
  } finally {
    api.close()
  }
}
