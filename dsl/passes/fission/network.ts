import { type Edge, minCut } from "../../min-cut.ts"

/** A flow network whose nodes are objects. */
export class Network {
  readonly #numbers = new Map<object | string, number>([
    ["source", 0],
    ["sink", 1]
  ])
  readonly #edges: Array<Edge> = []

  #number(node: object | string): number {
    const known = this.#numbers.get(node)
    if (known !== undefined) return known
    const number = this.#numbers.size
    this.#numbers.set(node, number)
    return number
  }

  /** Where `from` is on the source's side and `to` on the sink's, it costs so much. */
  costs(from: object | "source", to: object | "sink", cost: number): void {
    this.#edges.push({ from: this.#number(from), to: this.#number(to), capacity: cost })
  }

  /** What it gains to have a node on one side; where that is less than 0, what it costs. */
  gains(node: object, gain: number, side: "source" | "sink"): void {
    if (gain > 0 === (side === "source")) this.costs("source", node, Math.abs(gain))
    else this.costs(node, "sink", Math.abs(gain))
  }

  /** Where `from` is on the source's side, `to` is too. */
  needs(from: object, to: object | "sink"): void {
    this.costs(from, to, Number.POSITIVE_INFINITY)
  }

  /** The nodes on the source's side of the cheapest cut, as a question. */
  cut(): (node: object) => boolean {
    const side = minCut(this.#numbers.size, this.#edges, 0, 1)
    return (node) => {
      const number = this.#numbers.get(node)
      return number !== undefined && side[number]!
    }
  }
}
