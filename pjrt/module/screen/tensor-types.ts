import type { Token } from "../../formats/mlir-tokens.ts"
import { bitsOf, type ScreenedType } from "./module.ts"

const tensor = /^((?:(?:\d+|\?)x)*)([a-zA-Z]\w*(?:<\w+)?)/
const vhloTensor = /^!vhlo\.tensor_v1<((?:(?:\d+|\?)x)*)!vhlo\.([a-zA-Z]\w*?)_v1/

/** The types of arrays in text that may be large, each once, put together of the tokens in `tensor<...>`. */
export class TensorTypes {
  readonly #found = new Map<string, ScreenedType>()
  /** What the type has said so far that is being read, and whether it is an argument's. */
  #begun: { text: string; readonly taken: boolean; readonly numbers: Array<string> | undefined } | undefined

  get found(): ReadonlyArray<ScreenedType> {
    return [...this.#found.values()]
  }

  /** After `tensor`, before its bracket; `numbers` is told what its numbers are. */
  begin(taken: boolean, numbers?: Array<string>): void {
    this.#begun = { text: "", taken, numbers }
  }

  take({ kind, text }: Token): void {
    const type = this.#begun
    if (type === undefined) return
    const more = kind === "number" || kind === "name" || text === "?"
    if (more || (text === "<" && type.text.endsWith("complex"))) type.text += text
    else if (text !== "<" || type.text !== "") {
      this.#begun = undefined
      const element = tensor.exec(type.text)?.[2]
      if (element !== undefined) type.numbers?.push(element)
      this.#add(type.text, tensor, type.taken)
    }
  }

  /** A symbol, which may be portable StableHLO's type. */
  portable(symbol: string, taken: boolean): void {
    if (symbol.startsWith("!vhlo.tensor_v1<")) this.#add(symbol.replaceAll(/\s/g, ""), vhloTensor, taken)
  }

  #add(text: string, prefix: RegExp, taken: boolean): void {
    const read = prefix.exec(text)
    if (read === null) return
    const [, sizes, start] = read
    const element = start!.includes("<") ? `${start}>` : start!
    // With so few digits, it is no large array.
    if (sizes!.replaceAll(/\D/g, "").length <= 10 && !sizes!.includes("?")) return
    const shown = `tensor<${sizes}${element}>`
    const known = this.#found.get(shown)
    if (known !== undefined && (known.taken || !taken)) return
    const shape = sizes!
      .split("x")
      .filter((size) => size !== "")
      .map((size) => (size === "?" ? -1n : BigInt(size)))
    this.#found.set(shown, { shown, shape, bits: bitsOf(element), taken })
  }
}
