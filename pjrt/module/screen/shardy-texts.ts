import { shardyKind } from "./module.ts"
import type { ShardyText } from "./shardy.ts"

/** An operation, and what its own frontend attributes tell Shardy. */
interface Owner {
  shardy?: Map<string, string | undefined>
}

/** Shardy's texts in text, gathered while it is read; depths are those of brackets. */
export class ShardyTexts {
  readonly found: Array<ShardyText> = []
  /** Whose frontend attributes are open, and how deep what is in them lies. */
  #frontend: { readonly owner: Owner; readonly depth: number } | undefined

  /** An operation's frontend attributes begin. */
  begin(owner: Owner, depth: number): void {
    this.#frontend = { owner, depth }
  }

  /** Brackets are now open so deep. */
  at(depth: number): void {
    if (this.#frontend !== undefined && depth < this.#frontend.depth) this.#frontend = undefined
  }

  add(key: string, said: string | undefined, operation: string | undefined, depth: number): void {
    this.found.push({ key, said, kind: shardyKind(operation ?? "builtin.module") })
    if (this.#frontend?.depth !== depth) return
    const { owner } = this.#frontend
    owner.shardy ??= new Map()
    owner.shardy.set(key, owner.shardy.has(key) ? undefined : said)
  }
}

/** The bounds that an attribute of text gives; undefined where it gives none. */
export const boundsIn = (symbol: string): ReadonlyArray<bigint> | undefined =>
  /\bbounds\s*(?:=\s*\[|<)([^\]>]*)/.exec(symbol)?.[1]?.match(/-?\d+/g)?.map(BigInt)
