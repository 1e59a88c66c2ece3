/** The largest part of JAX's time that something may take, where that is not `usual`. */
export const aims: Readonly<Record<string, number>> = {
  "cumulative sum 1e6, reassociate": 0.25,
  "recursive update 1e6, reassociate": 0.5,
  "sequential transform 1e6": 0.5,
  "integer cumulative sum 1e6": 0.35,
  "linear recurrence 1e6, reassociate": 0.65,
  "state-space layer [4096,64], reassociate": 0.5,
  "state-space gradient [4096,64], reassociate": 0.5,
  "RNN forward 1000 x 64": 0.75,
  "RNN gradient 1000 x 64": 0.45,
  "RNN gradient 200 x 32 x 64": 0.6,
  "GRU gradient 1000 x 64": 0.6,
  "GRU gradient 200 x 32 x 64": 0.6,
  "LSTM gradient 1000 x 64": 0.6,
  "LSTM gradient 200 x 32 x 64": 0.6,
  "trace + lower 1000 additions": 0.2,
  "trace + lower 5000 additions": 0.2,
  "trace + lower 20000 additions": 0.2
}

const usual = 1.05

export const aimOf = (name: string): number => aims[name] ?? usual

/** Whether a ratio, as it is shown, is above the aim. */
export const misses = (name: string, ratio: number): boolean => Number(ratio.toFixed(2)) > aimOf(name)

/** The aims for the geometric means over all rows. */
export const meanAims = { run: 0.5, lower: 0.2, compile: 1.3 } as const

/** Why a row does not reach its aim, as far as that has been found. */
export const reasons: Readonly<Record<string, string>> = {}
