/** An edge of a flow network, from one node to another. Nodes are numbers. */
export interface Edge {
  readonly from: number
  readonly to: number
  /** What it costs to cut the edge; infinite where it must not be cut. */
  readonly capacity: number
}

/** An edge of the residual network. Its reverse is at `back` among the edges of `to`. */
interface Arc {
  readonly to: number
  readonly back: number
  left: number
}

/** Distances from the source along edges that have capacity left. */
const levelsOf = (arcs: ReadonlyArray<ReadonlyArray<Arc>>, source: number): ReadonlyArray<number> => {
  const levels = arcs.map(() => -1)
  levels[source] = 0
  const queue = [source]
  for (const node of queue) {
    for (const { to, left } of arcs[node]!) {
      if (left <= 0 || levels[to] !== -1) continue
      levels[to] = levels[node]! + 1
      queue.push(to)
    }
  }
  return levels
}

/** Sends flow along one path of the level graph; gives how much. Iterative, for a path may be as long as a program. */
const augment = (
  arcs: ReadonlyArray<ReadonlyArray<Arc>>,
  levels: ReadonlyArray<number>,
  next: Array<number>,
  source: number,
  sink: number
): number => {
  const path: Array<Arc> = []
  let node = source
  while (node !== sink) {
    const out = arcs[node]!
    let arc: Arc | undefined
    while (next[node]! < out.length) {
      const each = out[next[node]!]!
      if (each.left > 0 && levels[each.to] === levels[node]! + 1) {
        arc = each
        break
      }
      next[node]!++
    }
    if (arc !== undefined) {
      path.push(arc)
      node = arc.to
      continue
    }
    const last = path.pop()
    if (last === undefined) return 0
    node = arcs[last.to]![last.back]!.to
    next[node]!++
  }
  const flow = path.reduce((least, { left }) => Math.min(least, left), Number.POSITIVE_INFINITY)
  for (const arc of path) {
    arc.left -= flow
    arcs[arc.to]![arc.back]!.left += flow
  }
  return flow
}

/**
 * Divides a network's nodes between a source and a sink so that the edges from one side to the other cost least
 * (Dinic 1970). Gives, for each node, whether it is on the source's side. Of several such cuts it takes the one with
 * the fewest nodes there. Every path from source to sink must have an edge of finite capacity.
 */
export const minCut = (
  nodes: number,
  edges: ReadonlyArray<Edge>,
  source: number,
  sink: number
): ReadonlyArray<boolean> => {
  const arcs: ReadonlyArray<Array<Arc>> = Array.from({ length: nodes }, () => [])
  for (const { from, to, capacity } of edges) {
    if (from === to || capacity <= 0) continue
    arcs[from]!.push({ to, back: arcs[to]!.length, left: capacity })
    arcs[to]!.push({ to: from, back: arcs[from]!.length - 1, left: 0 })
  }
  for (;;) {
    const levels = levelsOf(arcs, source)
    if (levels[sink] === -1) return levels.map((level) => level !== -1)
    const next = arcs.map(() => 0)
    while (augment(arcs, levels, next, source, sink) > 0);
  }
}
