import { type Costs, costsOf } from "../../dsl/passes/costs.ts"

const gain = { element: 100, step: 100 }

/** Costs by which every pass pays, so that small scans take each way. */
export const eager: Costs = {
  ...costsOf("cpu"),
  gains: {
    layout: { element: 0, step: 0 },
    cheap: { element: 10, step: 10 },
    division: gain,
    function: gain,
    product: gain,
    whole: gain,
    loop: gain
  },
  oneFunction: 0,
  slice: 100,
  launch: 0,
  wake: 0,
  worth: 0,
  turn: { float: 1000, integer: 1000, chained: 0, element: 0, wide: 0 },
  factor: 0,
  overlap: 0,
  unroll: { whole: 20, steps: 4, operations: 100, elements: 100 }
}

/** Costs by which another loop costs nothing, so that scans are divided into several. */
export const divisive: Costs = {
  ...eager,
  byte: 0,
  turn: { float: 0, integer: 0, chained: 0, element: 0, wide: 0 },
  toLanes: { inRow: 0, alone: 0 },
  fromLanes: { inRow: 0, alone: 0 }
}
